"""From the visit to the check-out: pages, what is wanted, where to buy or not, and the steps to paying."""

from __future__ import annotations

import math

from sim.customers.bonds import favour, unpacked
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
    trial_worth,
)
from sim.customers.choice import log_stable, nested_utility, utility
from sim.customers.exchange import (
    ADDED_WORTH,
    AT_BOUNCE,
    AT_COMPLETION,
    AT_DEVICE,
    AT_PAYMENT,
    AT_REGISTRATION,
    AT_STOCK,
    BOUNCE_FACTOR,
    COUNTED,
    FIRST_CHANNEL,
    NEST_ANGLE,
    NEST_TAIL,
    NOWHERE,
    OFF_PRICE,
    RIVAL,
    SEARCH_FACTOR,
    Offer,
)
from sim.customers.fairness import perceived_loss
from sim.customers.funnel import fills_cart, pages_seen, succeeds
from sim.customers.habit import widen
from sim.engine.randomness import exponential, unit, word
from tests.reference.visiting import Visitor


class Shopper(Visitor):
    """Who looks at a channel, decides, and goes through the check-out."""

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
        nowhere = exponential(word(luck, NOWHERE))
        rival = exponential(word(luck, RIVAL)) / math.exp(offer.rival_worth + offer.rival_edge[looked])
        considered = [c for c in opened if self.aware >> c & 1 and offer.worth[g][c] > -math.inf]
        best, value = self.best_channel(luck, g, looked, considered, offer.intent[source], offer)
        outside = -math.log(min(nowhere, rival))
        if best is not None and offer.online[best]:
            book.events[best, "carts"] += fills_cart(value, outside, rules.cart_margin)
            marks = followed and fills_cart(value, outside, offer.steps[MARGIN])
            if marks and succeeds(unit(word(steps, AT_FAVOURITE)), offer.steps[HABIT]):
                book.events[best, "favourites"] += 1
        if best is None or value <= outside:
            book.events[looked, "rival_orders"] += rival < nowhere
        elif self.check_out(steps, g, best, offer):
            self.count(best, 1, 1, offer)
            self.count(best, 2, self.order(steps, source, g, best, offer), offer)
            book.events[looked, "search_orders"] += searched and bool(offer.online[best])

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

    def best_channel(
        self, luck: int, g: int, looked: int, considered: list[int], intent: float, offer: Offer
    ) -> tuple[int | None, float]:
        """Return the channel of highest utility among those considered, and that utility."""
        rules = self.model.rules
        worths = self.utilities(g, looked, considered, intent, offer)
        times = {
            c: exponential(word(luck, FIRST_CHANNEL + c)) / math.exp(worth / rules.nest)
            for c, worth in worths.items()
        }
        best = min(times, key=times.__getitem__, default=None)
        if best is None:
            return None, -math.inf
        nest_shock = log_stable(unit(word(luck, NEST_ANGLE)), exponential(word(luck, NEST_TAIL)), rules.nest)
        return best, nested_utility(times[best], nest_shock, rules.nest)

    def utilities(
        self, g: int, looked: int, considered: list[int], intent: float, offer: Offer
    ) -> dict[int, float]:
        """Return the systematic utility of buying at each of our channels that this customer considers."""
        rules = self.model.rules
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
            found[c] = systematic + personal
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
