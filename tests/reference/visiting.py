"""From needs and what draws people to a visit: whether, by which source, and where to look."""

from __future__ import annotations

import math

from sim.customers.bonds import AT_BIRTHDAY, answers_more, looks_more, referred_more, scans_code, unpacked
from sim.customers.care import birthday_of
from sim.customers.exchange import DIRECT, NEEDS, PRIVATE, QR, REFERRAL, WALK_IN, Offer
from sim.customers.habit import widen
from sim.customers.needs import (
    distance_attraction,
    habit_attraction,
    is_open,
    need_visits,
    stocked_up,
    visit_probability,
)
from sim.engine.randomness import exponential, gumbel, unit, word
from tests.reference.day import added
from tests.reference.person import Person


class Visitor(Person):
    """Who may look in today, by which source, and at which channel."""

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
