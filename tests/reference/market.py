"""The market as one would write it in plain Mesa: an agent a customer, a method a decision.

It calls the same scalar rules with the same addressed luck as the compiled day and must reach the same
decisions. What is not compiled - the retailer, the rivals, the shocks - it shares with the market.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np

from sim.change import EVERY, changed
from sim.customers.bonds import (
    AT_BIRTHDAY,
    AT_COUPON,
    AT_RECOGNISED,
    answers_more,
    favour,
    looks_more,
    referred_more,
    scans_code,
    unpacked,
)
from sim.customers.browsing import (
    AT_FAVOURITE,
    AT_FOUND,
    AT_GIVING_UP,
    AT_PAGES,
    AT_SEARCH,
    EXIT,
    FOUND,
    HABIT,
    MARGIN,
    MORE_PAGES,
    USE,
    trial_cut,
    trial_worth,
)
from sim.customers.care import birthday_of
from sim.customers.choice import log_stable, nested_utility, utility
from sim.customers.coupons import coupon_cut, coupon_for, coupon_kind, coupon_until, valid_in
from sim.customers.exchange import (
    ADDED_WORTH,
    AT_BOUNCE,
    AT_COMPLETION,
    AT_DEVICE,
    AT_PAYMENT,
    AT_REGISTRATION,
    AT_RETURN,
    AT_STOCK,
    BOUNCE_FACTOR,
    COUNTED,
    DIRECT,
    EVENTS,
    FIRST_CHANNEL,
    NEEDS,
    NEST_ANGLE,
    NEST_TAIL,
    NOWHERE,
    OFF_PRICE,
    ORDERS,
    PRIVATE,
    QR,
    REFERRAL,
    RIVAL,
    RIVAL_ORDERS,
    SEARCH_FACTOR,
    SOURCE_COUNT,
    STREAMS,
    WALK_IN,
    Offer,
    Rules,
)
from sim.customers.fairness import perceived_loss
from sim.customers.funnel import basket_value, fills_cart, pages_seen, succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import RECOGNISED, REFERRED
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.loyalty import (
    POINT,
    PointTerms,
    has_account,
    points_for,
    points_paid,
    tier_expense,
    tier_of,
)
from sim.customers.needs import (
    distance_attraction,
    habit_attraction,
    is_open,
    need_visits,
    stocked_up,
    visit_probability,
)
from sim.customers.population import NEUTRAL, NEVER, Customers, State, Traits, draw_traits, first_state
from sim.customers.word_of_mouth import VOICE, neighbour, opinion_of, pack_heard, unpack_heard, voice
from sim.engine.randomness import exponential, gumbel, normal, stream_key, uniform, uniforms, unit, word
from sim.parameters import Values
from sim.retailer.capability import SITE
from sim.retailer.operations import Traded
from sim.retailer.pages import Pages
from sim.retailer.relations import Network
from sim.retailer.relations_desk import RelationsDesk
from sim.retailer.retailer import Retailer
from sim.retailer.trials import TrialDesk
from sim.setup import Drivers, Setup
from sim.world.calendar import month_ends
from sim.world.rivals import Competition
from sim.world.shocks import Shocks


@dataclass
class DayBook:
    """What happened on one day."""

    day: int
    visits: list[tuple[int, int, int]] = field(default_factory=list)  # customer, source, channel
    orders: list[tuple[int, int, int, int]] = field(default_factory=list)  # ... , source, channel, list value
    goods: list[int] = field(default_factory=list)  # the group of goods of each order
    pieces: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # (fate, group, channel)
    events: Counter[tuple[int, str]] = field(default_factory=Counter)  # (channel, event)
    credited: Counter[tuple[int, str]] = field(default_factory=Counter)  # (source, orders or sales)


def plain(item: Any) -> Any:
    """Return arrays as lists, within tuples too: plain Python has no 64-bit words."""
    if isinstance(item, np.ndarray):
        return item.tolist()
    return type(item)(*map(plain, item)) if hasattr(item, "_fields") else item


def added(values: list[float]) -> float:
    """Return the sum, added up in order: ``sum`` compensates rounding from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


class Customer(mesa.Agent):
    """Somebody with needs, habits and a memory.

    Traits and state carry the names, and the values, of :class:`sim.customers.population.Traits` and
    :class:`~sim.customers.population.State`.
    """

    model: ReferenceMarket

    def __init__(self, model: ReferenceMarket, number: int, traits_and_state: dict[str, Any]) -> None:
        super().__init__(model)
        self.number = number
        self.__dict__.update(traits_and_state)

    def luck(self, stream: str) -> int:
        """Return this customer's luck of the day in a stream, a 64-bit word."""
        return int(word(self.model.keys[stream], self.number))

    def shop(self, offer: Offer) -> None:
        """Look in, perhaps, and buy, perhaps."""
        luck = self.model.visit_luck[self.number]
        if luck >= self.gate * offer.reach:  # a bound on what follows: most customers stay at home
            return
        opened = self.finds_open(offer)
        intensities = self.intensities(opened, offer)
        if luck >= visit_probability(added(intensities)):
            return
        source = self.first_clock(intensities)
        looked = self.land(source, opened, offer)
        if looked is not None:
            self.visit(source, looked, opened, offer)

    def finds_open(self, offer: Offer) -> list[int]:
        """Return the channels that are open to this customer today."""
        luck = self.luck("open")
        return [
            c
            for c, access in enumerate(offer.access)
            if access >= 1.0 or is_open(unit(word(luck, c)), access)
        ]

    def intensities(self, opened: list[int], offer: Offer) -> list[float]:
        """Return visits a day by source."""
        rules = self.model.rules
        rate = self.rate
        if self.orders > 0:
            since = float(self.model.day - self.last_order)
            rate *= stocked_up(widen(self.borrowed), since, rules.borrow_days)
        levels = [(on, widen(habit)) for on, habit in zip(offer.online, self.habit, strict=True)]
        in_stores, online = (max((h for on, h in levels if on == kind), default=0.0) for kind in (0, 1))
        walk = habit_attraction(in_stores, rules.habit_pull)
        walk *= distance_attraction(self.distance, rules.distance_decay)
        way = self.digital * habit_attraction(online, rules.habit_pull)
        drawn = self.drawn(offer)
        walk, way = walk * drawn["stores"], way * drawn["online"]
        welcome = [1.0] * len(offer.landing)  # the share of a source's landing places that are open
        if len(opened) < len(offer.access):
            welcome = [added([shares[c] for c in opened]) for shares in offer.landing]
            welcome[QR] *= welcome[WALK_IN]  # codes are scanned in stores
        attractions = [
            a * (walk if s == WALK_IN else way) * welcome[s] for s, a in enumerate(offer.attraction)
        ]
        if not self.knows_online(offer):
            attractions[DIRECT] = 0.0
        attractions[REFERRAL] *= drawn["referral"]
        found = [rate * more * self.digital * welcome[s] for s, more in enumerate(offer.stimulus)]
        found[PRIVATE] *= drawn["private"]
        found[QR] += rate * drawn["codes"] * self.digital * welcome[QR]
        total = added(attractions)
        for s in range(NEEDS):
            found[s] = need_visits(rate, offer.demand, attractions[s], total) + found[s]
        if self.lost:
            found = [visits * rules.winback for visits in found]
            found[WALK_IN] = found[DIRECT] = found[PRIVATE] = 0.0
        if not self.registered:
            found[PRIVATE] = 0.0
        return found

    def drawn(self, offer: Offer) -> dict[str, float]:
        """Return what coupons, points, care and other customers do to the sources of visits."""
        bonds, model = unpacked(offer.bonds, offer.luck) if offer.bonds else None, self.model
        if bonds is None:
            return {"stores": 1.0, "online": 1.0, "referral": 1.0, "private": 1.0, "codes": 0.0}
        months = bin(self.recent & 0xFFF).count("1")
        birthday = birthday_of(word(bonds.keys[AT_BIRTHDAY], self.number))
        past = (self.orders, self.first_order, self.last_order, months, self.basket)
        account = (months, self.registered, self.recognised, self.coupon, self.heard, bonds)
        return {
            "stores": looks_more(0, *account),
            "online": looks_more(1, *account),
            "referral": referred_more(self.heard, bonds),
            "private": answers_more(model.day, *past, birthday, self.recognised, bonds),
            "codes": scans_code(self.coupon, bonds),
        }

    @property
    def recognised(self) -> bool:
        """Whether the retailer knows this customer across channels."""
        return self.flags & RECOGNISED != 0

    def knows_online(self, offer: Offer) -> bool:
        """Whether this customer knows an online channel."""
        return any(on and self.aware >> c & 1 for c, on in enumerate(offer.online))

    def first_clock(self, intensities: list[float]) -> int:
        """Return the source whose exponential clock rings first."""
        luck = self.luck("source")
        times = [
            exponential(word(luck, s)) / intensity if intensity > 0.0 else math.inf
            for s, intensity in enumerate(intensities)
        ]
        return times.index(min(times))

    def land(self, source: int, opened: list[int], offer: Offer) -> int | None:
        """Return the channel to look at, coming from ``source``; None where nothing is open."""
        luck = self.luck("look")
        weight = self.model.rules.habit_weight
        values = {
            c: offer.look[source][c] + weight * widen(self.habit[c]) + gumbel(word(luck, c))
            for c in opened
            if offer.look[source][c] > -math.inf and (source != DIRECT or self.aware >> c & 1)
        }
        return max(values, key=values.__getitem__, default=None)

    def visit(self, source: int, looked: int, opened: list[int], offer: Offer) -> None:
        """Look at a channel, decide, and go through the check-out."""
        book, rules = self.model.book, self.model.rules
        book.visits.append((self.number, source, looked))
        if offer.online[looked] and not self.knows_online(offer):
            book.events[looked, "new_visitors"] += 1
        self.aware |= 1 << looked
        self.count(looked, 0, 1, offer)
        steps, bounce = self.luck("funnel"), offer.bounce[looked]
        if self.treated(offer):
            bounce = min(bounce * offer.arms[BOUNCE_FACTOR][looked], 1.0)
        followed = bool(offer.steps) and bool(offer.online[looked])
        if succeeds(unit(word(steps, AT_BOUNCE)), bounce):
            book.events[looked, "bounces"] += 1
            book.events[looked, "page_views"] += followed
            return
        searched = followed and succeeds(unit(word(steps, AT_SEARCH)), offer.steps[USE])
        if followed and not self.browse(steps, looked, searched, offer):
            return
        g = self.want(offer)
        luck = self.luck("buy")
        nowhere = gumbel(word(luck, NOWHERE))
        rival = offer.rival_worth + offer.rival_edge[looked] + gumbel(word(luck, RIVAL))
        considered = [c for c in opened if self.aware >> c & 1 and offer.worth[g][c] > -math.inf]
        utilities = self.utilities(luck, g, looked, considered, offer.intent[source], offer)
        best = max(utilities, key=utilities.__getitem__, default=None)
        outside = max(nowhere, rival)
        if best is not None and offer.online[best]:
            book.events[best, "carts"] += fills_cart(utilities[best], outside, rules.cart_margin)
            marks = followed and fills_cart(utilities[best], outside, offer.steps[MARGIN])
            if marks and succeeds(unit(word(steps, AT_FAVOURITE)), offer.steps[HABIT]):
                book.events[best, "favourites"] += 1
        if best is None or utilities[best] <= outside:
            book.events[looked, "rival_orders"] += rival > nowhere
        elif self.check_out(steps, g, best, offer):
            self.count(best, 1, 1, offer)
            self.count(best, 2, self.order(steps, source, g, best, offer), offer)
            book.events[looked, "search_orders"] += searched and bool(offer.online[best])

    def treated(self, offer: Offer) -> bool:
        """Whether a trial treats this customer today."""
        return bool(offer.treated) and offer.treated[self.number] == 1

    def count(self, c: int, what: int, amount: int, offer: Offer) -> None:
        """Count a visit, an order or its sales where a trial does."""
        if offer.arms and offer.arms[COUNTED][c] == 1.0:
            self.model.tally[self.number, what] += amount

    def browse(self, steps: int, looked: int, searched: bool, offer: Offer) -> bool:
        """Go through search and detail pages; false where a failed search ends the visit."""
        events = self.model.book.events
        events[looked, "page_views"] += 1 + searched
        if searched:
            events[looked, "searches"] += 1
            chance = offer.steps[FOUND + looked]
            if self.treated(offer):
                chance = min(chance * offer.arms[SEARCH_FACTOR][looked], 1.0)
            if not succeeds(unit(word(steps, AT_FOUND)), chance):
                events[looked, "failed_searches"] += 1
                if succeeds(unit(word(steps, AT_GIVING_UP)), offer.steps[EXIT]):
                    events[looked, "gave_up"] += 1
                    return False
        events[looked, "page_views"] += pages_seen(unit(word(steps, AT_PAGES)), offer.steps[MORE_PAGES])
        return True

    def want(self, offer: Offer, sold_in: int | None = None) -> int:
        """Return the goods to look for: the first clock to ring, of those sold in a channel if given."""
        luck = self.luck("goods")
        times = {
            g: exponential(word(luck, g)) / need
            for g, need in enumerate(offer.needs)
            if need > 0.0 and (sold_in is None or offer.worth[g][sold_in] > -math.inf)
        }
        return min(times, key=times.__getitem__, default=0)

    def resentment(self, g: int, offer: Offer) -> list[float]:
        """Return the utility that each channel loses to what this customer knows of the others' prices."""
        rules = self.model.rules
        known = [c for c in range(len(offer.online)) if self.aware >> c & 1]
        asked = [offer.listed[c] for c in known if offer.worth[g][c] > -math.inf]
        both = len({offer.online[c] for c in known}) == 2
        doubt = offer.confusion if both else 0.0
        return [
            perceived_loss(
                listed - min(asked, default=math.inf) + doubt, rules.tolerated_gap, rules.unfairness
            )
            for listed in offer.listed
        ]

    def utilities(
        self, luck: int, g: int, looked: int, considered: list[int], intent: float, offer: Offer
    ) -> dict[int, float]:
        """Return the utility of buying at each of our channels that this customer considers."""
        rules = self.model.rules
        nest_shock = log_stable(unit(word(luck, NEST_ANGLE)), exponential(word(luck, NEST_TAIL)), rules.nest)
        bonds = unpacked(offer.bonds, offer.luck) if offer.bonds else None
        found, lost = {}, self.resentment(g, offer)
        for c in considered:
            systematic = intent + utility(
                offer.worth[g][c] - lost[c] if offer.compared else offer.worth[g][c],
                offer.price_term[g][c],
                self.price_sensitivity,
                widen(self.habit[c]),
                widen(self.satisfaction[c]),
                offer.delay[c],
                self.patience,
                0.0 if c == looked else 1.0,
                rules.price_weight,
                rules.habit_weight,
                rules.satisfaction_weight,
                rules.delay_weight,
                rules.switching,
            )
            personal = 0.0
            if bonds is not None:
                money = (self.points, self.price_sensitivity, rules.price_weight, offer.response[c], bonds)
                held = (self.registered, self.flags, self.coupon)
                personal = favour(c, offer.online[c], self.recent, *held, *money)
            if self.treated(offer):
                tried = (offer.arms[ADDED_WORTH][c], offer.arms[OFF_PRICE][c])
                personal += trial_worth(*tried, self.price_sensitivity, rules.price_weight)
            systematic += personal
            error = gumbel(word(luck, FIRST_CHANNEL + c))
            found[c] = nested_utility(systematic, nest_shock, error, rules.nest)
        return found

    def check_out(self, steps: int, g: int, c: int, offer: Offer) -> bool:
        """Go from the decision to a paid order; false where a step fails."""

        def passes(step: int, probability: float) -> bool:
            return succeeds(unit(word(steps, step)), probability)

        events, rules = self.model.book.events, self.model.rules
        if not offer.online[c]:
            if passes(AT_STOCK, offer.stockout[g][c]):
                self.model.book.pieces["missed", g, c] += 1
                events[c, "stockouts"] += 1
                return False
            if not self.registered and passes(AT_REGISTRATION, rules.store_membership):
                self.register(c)
            return True
        mobile = passes(AT_DEVICE, rules.mobile_share)
        events[c, "checkouts"] += 1
        events[c, "mobile_checkouts"] += mobile
        if not passes(AT_COMPLETION, (offer.mobile_completion if mobile else offer.desktop_completion)[c]):
            return False
        if not self.registered:
            if not passes(AT_REGISTRATION, offer.registration[c]):
                return False
            self.register(c)
        events[c, "submitted"] += 1
        if not passes(AT_PAYMENT, offer.payment[c]):
            return False
        if passes(AT_STOCK, offer.stockout[g][c]):
            self.model.book.pieces["missed", g, c] += 1
            events[c, "stockouts"] += 1
            return False
        events[c, "mobile_orders"] += mobile
        return True

    def register(self, c: int) -> None:
        """Become a member."""
        self.registered = 1
        self.model.book.events[c, "registrations"] += 1

    def order(self, steps: int, source: int, g: int, c: int, offer: Offer) -> int:
        """Place an order: a log-normal basket, its discount, perhaps its return; return what is paid."""
        luck = self.luck("basket")
        z = normal(word(luck, 0), word(luck, 1))
        listed = basket_value(offer.basket[g][c], self.basket, z, self.model.rules.basket_within)
        discount = int(float(listed) * offer.discount[g][c] + 0.5)
        if self.treated(offer):
            discount += trial_cut(listed - discount, offer.arms[OFF_PRICE][c])
        book = self.model.book
        if offer.bonds:
            discount += self.settle(steps, source, c, listed - discount, offer)
        book.orders.append((self.number, source, c, listed))
        book.goods.append(g)
        book.pieces["ordered", g, c] += 1
        book.credited[source, "orders"] += 1
        book.credited[source, "sales"] += listed - discount
        book.events[c, "orders"] += 1
        book.events[c, "new_customers" if self.orders == 0 else "repeat_orders"] += 1
        book.events[c, "list_sales"] += listed
        book.events[c, "discounts"] += discount
        if succeeds(unit(word(steps, AT_RETURN)), offer.return_rate[g][c]):
            book.events[c, "returns"] += 1
            book.pieces["returned", g, c] += 1
            book.events[c, "returned_sales"] += listed - discount
        return listed - discount

    def settle(self, steps: int, source: int, c: int, paid: int, offer: Offer) -> int:
        """Be recognised, pay with coupon and points, take new ones; return what comes off the price."""
        bonds, events, online = unpacked(offer.bonds, offer.luck), self.model.book.events, offer.online[c]
        if unit(word(bonds.keys[AT_RECOGNISED], self.number)) < bonds.recognised:
            self.flags |= RECOGNISED
        off, kind = 0, coupon_kind(self.coupon)
        if valid_in(kind, online):
            off, self.coupon = coupon_cut(paid, bonds.coupons.depth[kind]), 0
            events[c, "coupons_redeemed"] += 1
        terms = bonds.points
        if has_account(self.registered, self.recognised, bool(terms.home >> c & 1), terms.shared):
            off += self.use_points(c, paid - off, terms)
        kind = coupon_for(online, self.recognised, bonds.coupons.depth)
        if kind and not self.coupon and succeeds(unit(word(steps, AT_COUPON)), bonds.coupons.taken):
            self.coupon = coupon_until(kind, self.model.day, bonds.coupons)
            events[c, "coupons_issued"] += 1
        if source == REFERRAL and self.orders == 0:
            self.flags |= REFERRED
            events[c, "referred_orders"] += 1
            trust = bonds.talk.trust
            self.satisfaction = [narrow(moved(widen(q), 1.0, trust)) for q in self.satisfaction]
        return off

    def use_points(self, c: int, paid: int, terms: PointTerms) -> int:
        """Pay with points and earn others; return what they take off."""
        events, months = self.model.book.events, bin(self.recent & 0xFFF).count("1")
        used = points_paid(self.points, paid, terms)
        earned = points_for(paid - used * POINT, terms.rate)
        earned += int(terms.rewards[self.orders]) if self.orders < len(terms.rewards) else 0
        before, self.points = self.points, min(self.points - used + earned, 65_535)
        events[c, "points_redeemed"] += used
        events[c, "points_earned"] += self.points - before + used
        tier = tier_of(months, terms.tiers, terms.step)
        events[c, "care_costs"] += tier_expense(paid - used * POINT, tier, terms.cost)
        return used * POINT

    def speak(self, usual: float, lift: float) -> None:
        """Form an opinion of us, if there is anything to go by."""
        self.opinion = 0
        if self.orders:
            known = self.registered and self.recognised
            said = voice(self.content(), usual, self.model.values["valence"], lift if known else 0.0)
            self.opinion = opinion_of(said)

    def content(self) -> float:
        """Return the mean satisfaction with the channels used."""
        used = [widen(q) for c, q in enumerate(self.satisfaction) if self.used >> c & 1]
        return added(used) / len(used) if used else 0.5

    def listen(self, network: Network, key: int, gain: float) -> None:
        """Hear what the neighbours say."""
        others, ties = self.model.by_number, word(key, self.number)
        found = [
            neighbour(word(ties, tie), self.number, tie, len(others), network.rewired)
            for tie in range(network.neighbours)
        ]
        mean = sum(others[other].opinion for other in found) / (VOICE * network.neighbours)
        self.heard = pack_heard(moved(unpack_heard(self.heard), mean, gain))

    def enter(self, c: int, offer: Offer) -> None:
        """Make the first order that history knows of, by an unknown source: directly, or on foot."""
        book, source = self.model.book, DIRECT if offer.online[c] else WALK_IN
        book.visits.append((self.number, source, c))
        if offer.online[c]:
            self.register(c)
            for step in ("new_visitors", "carts", "checkouts", "submitted"):
                book.events[c, step] += 1
        self.aware |= 1 << c
        self.order(self.luck("funnel"), source, self.want(offer, c), c, offer)

    def learn(self, g: int, c: int, quality: list[float], offer: Offer) -> None:
        """Remember today's order and how it was served; perhaps never come back."""
        model, rules = self.model, self.model.rules
        self.habit = [
            narrow(moved(widen(habit), 1.0 if other == c else 0.0, rules.habit_gain))
            for other, habit in enumerate(self.habit)
        ]
        scatter = 2.0 * unit(self.luck("experience")) - 1.0
        met = min(max(quality[c] + rules.experience_spread * scatter, 0.0), 1.0)
        satisfied = moved(widen(self.satisfaction[c]), met, rules.satisfaction_gain)
        self.satisfaction[c] = narrow(satisfied)
        self.borrowed = narrow(borrowed_need(offer.discount[g][c], rules.borrowed_share))
        if self.orders == 0:
            self.first_order = model.day
        self.orders += 1
        self.last_order = model.day
        self.recent |= 1
        self.used |= 1 << c
        hold = float(model.retailer.shopfront.hold[c])
        leaving = dropout_probability(self.proneness, satisfied, rules.dropout_relief, hold)
        self.lost = int(succeeds(unit(self.luck("dropout")), leaving))
        self.gate = float(np.float32(self.rate * rules.winback)) if self.lost else self.rate
        model.book.events[c, "lost"] += self.lost

    def turn_month(self) -> None:
        """Let a month pass; a lost customer may be replaced by a new prospect with the same traits."""
        model = self.model
        self.recent = self.recent << 1 & 0xFFFFFFFF
        replaced = uniform(stream_key(model.seed_, "renewal", model.day), self.number)
        if model.setup.entry is not None or not self.lost or replaced >= model.values["renewal"]:
            return
        kinds = [channel.online for channel in model.setup.channels]
        met = uniform(stream_key(model.seed_, "renewed aware", model.day), self.number)
        online = met < model.values["initial_aware"]
        self.aware = sum(1 << c for c, on in enumerate(kinds) if online or not on)
        habits = ("initial_store_habit", "initial_online_habit")
        self.habit = [narrow(model.values[habits[on]]) for on in kinds]
        self.satisfaction = [NEUTRAL] * len(kinds)
        self.gate = self.rate
        self.used = self.registered = self.lost = self.borrowed = self.orders = self.recent = 0
        self.points = self.coupon = self.opinion = self.flags = 0
        self.first_order = self.last_order = NEVER


class ReferenceMarket(mesa.Model):
    """The market's schedule over Mesa agents; ``books`` is the list of days."""

    def __init__(self, setup: Setup, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.setup, self.seed_, self.day = setup, seed, -setup.burn_in
        self.values = Values(setup.parameters)
        self.rules = Rules(*(self.values[name] for name in Rules._fields))
        self._populate()
        self.rivals = Competition(self.values, setup.rivals, [channel.kind for channel in setup.channels])
        self.shocks = Shocks(setup.shocks, setup.channels)
        self.talk, self.audience = self.buyers(), self.needs_online()
        self.relations = RelationsDesk(setup, self.values, seed) if setup.relations else None
        self.network = setup.relations.network if setup.relations else None
        self.pages = Pages.of(setup, self.values, seed)
        self.trial = TrialDesk(setup.trial, setup, seed) if setup.trial else None
        self.tally = np.zeros((setup.customers, 3), np.int64)
        self.usual = self.met = self.usual_satisfaction()
        if self.network is not None:
            self.spread(-1, 1.0)
        self.ends = month_ends(setup.start, -setup.burn_in, setup.burn_in + setup.days)
        self.books: list[DayBook] = []

    def _populate(self) -> None:
        traits = draw_traits(self.setup.customers, self.values, self.seed_)
        table = Customers(traits, first_state(self.setup, self.values, traits, self.seed_))
        names = table.names()
        columns = [table.get(name).tolist() for name in names]
        for number, row in enumerate(zip(*columns, strict=True)):
            Customer(self, number, dict(zip(names, row, strict=True)))
        self.population = self.agents_by_type[Customer]
        self.by_number = list(self.population)
        self.retailer = Retailer(self.setup, self.values, self.seed_)

    def step(self) -> None:
        """Live one day."""
        setup, retailer = self.setup, self.retailer
        drivers, row = (setup.drivers, self.day) if self.day >= 0 else (retailer.usual, 0)
        if setup.effects and self.day >= 0 and self.day % EVERY == 0:
            self._change()
        self.keys = {name: stream_key(self.seed_, name, self.day) for name in STREAMS}
        self.visit_luck = uniforms(self.keys["visit"], setup.customers).tolist()  # all at once: faster
        self.book = DayBook(self.day)
        moving = setup.pricing is not None and setup.pricing.dynamic and self.day >= 0
        price = retailer.price if moving else drivers.price[row]
        self.rivals.meet(self.day, float((price * (1.0 - drivers.discount[row])).mean()))
        retailer.quote(drivers, row, self.rivals.price)
        talk = self.talk if self.network is None else 1.0
        struck, heard = self.shocks.strike(self.day), (talk, self.audience)
        rivalry = (self.rivals.edge, self.rivals.pressure)
        offer = retailer.offer(self.day, drivers, row, struck, self.rivals.worth, heard, rivalry)
        if self.relations is not None:
            offer = self.relations.join(offer, self.day, retailer.capabilities.effects)
        if self.pages is not None:
            offer = self.pages.join(offer, float(retailer.capabilities.level[SITE]))
        if self.trial is not None:
            offer = self.trial.join(offer, self.day)
        seen = plain(offer)
        self.population.do("shop", seen)
        if setup.entry is not None:
            for number in np.flatnonzero(setup.entry == self.day):
                self.by_number[number].enter(0, seen)
        orders = np.array([self.book.events[c, "orders"] for c in range(len(setup.channels))])
        traded = None if retailer.operations is None else self.traded()
        quality = retailer.serve(orders * setup.weight, drivers.service[row], struck, traded).tolist()
        for (number, _, c, _), g in zip(self.book.orders, self.book.goods, strict=True):
            self.by_number[number].learn(g, c, quality, seen)
        self._look_back(drivers, row, offer)
        self._end_day()

    def _look_back(self, drivers: Drivers, row: int, offer: Offer) -> None:
        """Let rivals, and what draws people, take in the day."""
        channels, book = range(len(self.setup.channels)), self.book
        events = np.array([[book.events[c, name] for name in EVENTS] for c in channels])
        worth = float(offer.worth[offer.worth > -np.inf].mean()) if self.day % 7 == 0 else None
        self.rivals.observe(float(events[:, ORDERS].sum()), float(events[:, RIVAL_ORDERS].sum()), worth)
        visits = np.zeros((SOURCE_COUNT, len(channels)), np.int64)
        for _, source, c in book.visits:
            visits[source, c] += 1
        bought = np.array([book.credited[s, "orders"] for s in range(SOURCE_COUNT)])
        self.retailer.look_back(self.day, drivers, row, visits, events, bought)
        if self.pages is not None:
            self.pages.close(self.day, visits, events[:, ORDERS])
        if self.trial is not None:
            self.trial.close(self.day, self.tally)

    def traded(self) -> Traded:
        """Return the day's trade in real units."""
        channels, weight, book = range(len(self.setup.channels)), self.setup.weight, self.book
        groups = range(max(len(self.setup.products), 1))
        counts = [
            np.array([[book.pieces[fate, g, c] for c in channels] for g in groups]) * weight
            for fate in ("ordered", "missed", "returned")
        ]
        visits = np.array([sum(place == c for _, _, place in book.visits) for c in channels]) * weight
        return Traded(*counts, visits)

    def _change(self) -> None:
        """Take over what initiatives have changed by now."""
        values = changed(self.setup, self.setup.effects, self.day)
        self.rules = Rules(*(values[name] for name in Rules._fields))
        self.retailer.adopt(values)
        self.rivals.appeal = values["rival_appeal"]
        if self.relations is not None:
            self.relations.adopt(values)
        if self.pages is not None:
            self.pages.adopt(values)

    def spread(self, day: int, gain: float) -> None:
        """Let buyers speak and everybody listen; before the horizon, learn what is usual (from last week)."""
        desk, network = self.relations, self.network
        assert desk is not None and network is not None
        if day < 0:
            self.usual = self.met
        self.met = self.usual_satisfaction()
        lift = desk.lift(day) if day >= 0 else 0.0
        for customer in self.by_number:
            customer.speak(self.usual, lift)
        for customer in self.by_number:
            customer.listen(network, int(desk.ties), gain)

    def usual_satisfaction(self) -> float:
        """Return the mean satisfaction of those who have bought."""
        content = [narrow(customer.content()) for customer in self.by_number if customer.orders]
        return sum(content) / len(content) / 65535.0 if content else 0.5

    def _observe(self) -> None:
        """Show the desk who there is."""
        if self.relations is None:
            return
        state = State(*(np.array([getattr(c, name) for c in self.by_number]) for name in State._fields))
        traits = Traits(*(np.array([getattr(c, name) for c in self.by_number]) for name in Traits._fields))
        self.relations.observe(self.day, state, traits)

    def _expire(self) -> None:
        """Let coupons run out whose last day this was."""
        for customer in self.by_number:
            if customer.coupon and customer.coupon >> 3 == self.day + self.setup.burn_in + 1:
                customer.coupon = 0

    def _end_day(self) -> None:
        if self.day % 7 == 0:
            self.talk += min(7 / self.values["talk_days"], 1.0) * (self.buyers() - self.talk)
            self.audience = self.needs_online()
            if self.network is not None:
                self.spread(self.day, min(7 / self.values["talk_days"], 1.0))
            self._observe()
        if self.relations is not None:
            self._expire()
        if self.ends[self.day + self.setup.burn_in]:
            self.population.do("turn_month")
        self.books.append(self.book)
        self.day += 1
        self.running = self.day < self.setup.days

    def buyers(self) -> float:
        """Return the share of agents who have bought."""
        return sum(customer.orders > 0 for customer in self.by_number) / len(self.by_number)

    def needs_online(self) -> float:
        """Return the real population's needs a day by digital readiness; of the lost few are left."""
        needs = np.array([(c.gate if c.lost else c.rate) * c.digital for c in self.by_number])
        return self.setup.weight * float(needs.sum())

    def run(self) -> list[DayBook]:
        """Live all days; return their books."""
        while self.day < self.setup.days:
            self.step()
        return self.books
