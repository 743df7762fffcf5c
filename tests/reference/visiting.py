"""From needs and what draws people to a visit: whether, by which source, and where to look."""

from __future__ import annotations

import math

from sim.customers.bonds import AT_BIRTHDAY, answers_more, looks_more, referred_more, scans_code, unpacked
from sim.customers.care import birthday_of
from sim.customers.exchange import DIRECT, NEEDS, PRIVATE, QR, REFERRAL, WALK_IN, Offer
from sim.customers.habit import widen
from sim.customers.needs import (
    habit_attraction,
    is_open,
    looks_in,
    need_share,
    stocked_up,
    visits_a_day,
    walk_attraction,
)
from sim.engine.chunks import added
from sim.engine.randomness import exponential, unit, word
from tests.reference.person import Person


class Visitor(Person):
    """Who may look in today, by which source, and at which channel."""

    def shop(self, offer: Offer) -> None:
        """Look in, perhaps, and buy, perhaps."""
        luck = self.model.visit_luck[self.number]
        if luck >= self.gate * offer.reach:  # a bound on what follows: most customers stay at home
            return
        opened = self.finds_open(offer)
        rates, visits = self.rates(opened, offer)
        if not looks_in(luck, visits):
            return
        source = self.first_clock(rates)
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

    def rates(self, opened: list[int], offer: Offer) -> tuple[list[float], float]:
        """Return visits a day by source, before what the lost keep of them, and by all sources."""
        rules, model = self.model.rules, self.model
        rate = self.rate
        if self.borrowed:
            since = float(model.day - self.last_order)
            rate *= stocked_up(widen(self.borrowed), since, rules.borrow_days)
        levels = [(on, widen(habit)) for on, habit in zip(offer.online, self.habit, strict=True)]
        in_stores, online = (max((h for on, h in levels if on == kind), default=0.0) for kind in (0, 1))
        drawn = self.drawn(offer)
        walk = walk_attraction(in_stores, self.distance, rules.habit_pull, rules.distance_decay)
        walk *= drawn["stores"]
        look = self.digital * habit_attraction(online, rules.habit_pull) * drawn["online"]
        direct = look if self.knows_online(offer) else 0.0
        welcome = [1.0] * len(offer.landing)  # the share of a source's landing places that are open
        if len(opened) < len(offer.access):
            welcome = [added([shares[c] for c in opened]) for shares in offer.landing]
            welcome[QR] *= welcome[WALK_IN]  # codes are scanned in stores
        pull = [a * open_ for a, open_ in zip(offer.attraction, welcome, strict=False)]
        push = [more * open_ for more, open_ in zip(offer.stimulus, welcome, strict=True)]
        stimulated, lost = rate * self.digital, bool(self.lost)
        private = stimulated * push[PRIVATE] * drawn["private"] if self.registered and not lost else 0.0
        codes = stimulated * drawn["codes"] * welcome[QR]
        asked = added([more for s, more in enumerate(push) if s > DIRECT and s != PRIVATE])
        asked += 0.0 if lost else added(push[: DIRECT + 1])
        own = pull[WALK_IN] * walk + pull[DIRECT] * direct
        found = (added(pull[DIRECT + 1 : REFERRAL]) + pull[REFERRAL] * drawn["referral"]) * look
        pushed = stimulated * asked + codes + private
        visits = visits_a_day(rate, offer.demand, own, found, pushed, lost, rules.winback)
        share = need_share(rate, offer.demand, own + found)
        ways = [walk, direct, look, look, look]
        rates = [stimulated * more for more in push]
        for s in range(NEEDS):
            drawing = pull[s] * drawn["referral"] if s == REFERRAL else pull[s]
            rates[s] = share * drawing * ways[s] + rates[s]
        rates[PRIVATE], rates[QR] = private, rates[QR] + codes
        if lost:
            rates[WALK_IN] = rates[DIRECT] = 0.0
        return rates, visits

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

    def first_clock(self, rates: list[float]) -> int:
        """Return the source whose exponential clock rings first."""
        luck = self.luck("source")
        times = [
            exponential(word(luck, s)) / rate if rate > 0.0 else math.inf for s, rate in enumerate(rates)
        ]
        return times.index(min(times))

    def land(self, source: int, opened: list[int], offer: Offer) -> int | None:
        """Return the channel to look at, coming from ``source``; None where nothing is open."""
        luck = self.luck("look")
        weight = self.model.rules.habit_weight
        times = {
            c: exponential(word(luck, c)) / math.exp(offer.look[source][c] + weight * widen(self.habit[c]))
            for c in opened
            if offer.look[source][c] > -math.inf and (source != DIRECT or self.aware >> c & 1)
        }
        return min(times, key=times.__getitem__, default=None)
