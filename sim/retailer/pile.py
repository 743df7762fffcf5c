"""One product group's goods in one place: what arrives, what is sold, what lies idle, what is ordered.

A pile holds many items. Part of what is bought turns out to be the wrong items and lies ``idle``, sold
slowly or written off; the rest is ``useful``. Of the items asked for, those are missing whose own stock has
run out: with net stock of items spread normally around the mean, a share ``Phi(-cover / spread)``.
Items are reviewed in turn, so a part of them orders up to its level every day (Silver, Pyke & Thomas 2017,
ch. 7: periodic review, order-up-to level).
"""

from __future__ import annotations

import math
from typing import NamedTuple

# From its first demand on, and to the eve of the horizon, a pile is kept at its customary size.
OPENING_DAYS, EVE = 60, -30
LEAST = 0.25  # of the useful stock that service needs; an aim never squeezes it further
MOST_MISBOUGHT = 0.5  # share of purchases


class Terms(NamedTuple):
    """How a pile is kept today, in days of its demand where not said otherwise.

    ``review`` and ``lead`` days; ``late`` share of consignments and their mean delay ``late_days``;
    ``noise`` daily variation of the items' demand, relative, for a whole group in one place; ``drift``
    variance in days² that does not shrink by pooling; ``safety`` spreads of useful stock held; ``misbuy``
    factor on misjudged purchases; ``clearing`` factor on the sale of idle goods; ``aim`` days of stock
    aimed at, 0 for none; ``served`` share of demand that finds stock; ``resell`` share of returned goods sold again; ``wear`` share of idle goods
    written off a day.
    """

    review: float
    lead: float
    late: float
    late_days: float
    noise: float
    drift: float
    safety: float
    misbuy: float
    clearing: float
    aim: float
    served: float
    resell: float
    wear: float


class Customary(NamedTuple):
    """How idle goods come about: ``idle`` days customary, sold within ``days``; ``steadier`` factor on noise."""

    idle: float
    days: float
    steadier: float


def spread_days(terms: Terms, part: float, steadier: float) -> float:
    """Return the spread of items' net stock in days of demand, for a pile with ``part`` of its group's demand.

    Demand at several places is independent, so by the square-root law (Maister 1976) a smaller pile is
    relatively more uncertain.
    """
    noise = terms.noise * steadier
    return math.sqrt(noise * noise * (terms.lead + terms.review) / max(part, 0.01) + terms.drift)


def share_short(cover: float, spread: float) -> float:
    """Return the share of asked items whose stock has run out, from mean net stock and its spread, units."""
    if spread <= 0.0:
        return 0.0 if cover >= 0.0 else 1.0
    return 0.5 * math.erfc(cover / (spread * math.sqrt(2.0)))


class Pile:
    """Goods of one group in one place, in real units.

    Attributes
    ----------
    useful, idle
        On hand; both never negative.
    owed
        Sold and not yet shipped.
    coming
        On its way from suppliers, ``due`` by day of arrival.
    received, returned, shipped, left
        Totals since the first day: ``received + returned = shipped + left + useful + idle``.
    asked
        Units sold in all: ``asked = shipped + owed``.
    opening, age
        Whether it is still kept at its customary size; days since its first demand.
    demand, back
        Smoothed units a day: asked for, in stock or not; returned and sold again.
    """

    __slots__ = (
        *("useful", "idle", "owed", "coming", "due", "punctual", "demand", "back", "age", "opening"),
        *("received", "returned", "shipped", "left", "asked", "misbought", "spread", "flow", "bought"),
        *("written", "cleared"),
    )

    def __init__(self) -> None:
        self.useful = self.idle = self.owed = self.coming = self.demand = self.back = 0.0
        self.received = self.returned = self.shipped = self.left = self.asked = 0.0
        self.misbought = self.spread = self.flow = self.bought = self.written = self.cleared = 0.0
        self.due: dict[int, float] = {}
        self.punctual: dict[int, float] = {}
        self.age, self.opening = 0, True

    @property
    def on_hand(self) -> float:
        """Units in the place."""
        return self.useful + self.idle

    def receive(self, day: int) -> tuple[float, float]:
        """Take in what is due, ship what is owed; return the units that arrived, and those of them on time."""
        arrived, punctual = self.due.pop(day, 0.0), self.punctual.pop(day, 0.0)
        if arrived > 0.0:
            self.coming = max(self.coming - arrived, 0.0) if self.due else 0.0
            self.received += arrived
            wrong = arrived * self.misbought
            self.idle += wrong
            self.useful += arrived - wrong
        if self.owed > 0.0:
            self._ship(min(self.owed, self.useful))
        return arrived, punctual

    def _ship(self, units: float) -> None:
        self.useful -= units
        self.owed -= units
        self.shipped += units

    def short(self, usual: float) -> float:
        """Return the share of today's orders that will not find stock; ``usual`` while the pile is opening."""
        if self.opening:
            return usual
        return share_short(self.useful - self.owed - 0.5 * self.flow, self.spread)

    def sell(self, units: float, returned: float, terms: Terms, customary: Customary) -> None:
        """Sell ``units``, partly from idle goods; take ``returned`` goods back; write idle goods off."""
        self.asked += units
        self.owed += units
        usual = self.idle / (customary.days * self.demand) if self.demand > 0.0 else 0.0
        slow = min(usual * units, self.owed, self.idle)
        more = slow * (terms.clearing - 1.0)
        self.cleared = max(min(more, self.owed - slow, self.idle - slow), 0.0)
        sold = slow + self.cleared
        self.idle = max(self.idle - sold, 0.0)
        self.owed -= sold
        self.shipped += sold
        self._ship(min(self.owed, self.useful))
        again = returned * terms.resell
        self.useful += again
        self.returned += returned
        gone = self.idle * terms.wear
        self.idle -= gone
        self.written = returned - again + gone
        self.left += self.written

    def keep(
        self, day: int, ahead: float, part: float, misjudged: float, terms: Terms, customary: Customary
    ) -> float:
        """Set the spread and return what to order today.

        Demand is carried forward by ``ahead``; ``part`` of the group's demand is this pile's; ``misjudged``
        is the factor on wrong purchases that today's uncertainty brings.
        """
        expected = self.demand * ahead
        days = spread_days(terms, part, customary.steadier)
        self.spread = expected * days
        clearing = terms.clearing / customary.days
        worn = customary.idle * (1.0 / customary.days + terms.wear)
        kept = self.back / self.demand if self.demand > 0.0 else 0.0
        bought = max(terms.served - kept + customary.idle * terms.wear, 0.1)
        self.misbought = min(worn / bought * terms.misbuy * misjudged, MOST_MISBOUGHT)
        self.flow = max(expected * terms.served - self.idle * clearing - self.back, 0.0)
        useful = terms.safety * self.spread
        if terms.aim > 0.0:
            useful = max(terms.aim * expected - self.idle, LEAST * useful)
        lead = max(round(terms.lead), 1)
        useful -= 0.5 * self.flow
        if self.opening:
            self._open(day, useful, lead, expected, terms.served, customary)
            return self.flow / (1.0 - self.misbought)
        on_the_way = lead - 1.0 + terms.late * terms.late_days
        level = useful + self.flow * (on_the_way + 0.5 * terms.review)
        position = self.useful - self.owed + self.coming * (1.0 - self.misbought)
        return max(min(1.0, 2.0 / terms.review) * (level - position), 0.0) / (1.0 - self.misbought)

    def _open(
        self, day: int, useful: float, lead: int, expected: float, served: float, customary: Customary
    ) -> None:
        """Put the pile at its customary size, with as much on its way as keeps it there."""
        before = self.on_hand
        self._fill_owed()
        self.idle = customary.idle * expected
        self.flow = max(expected * served - self.idle / customary.days - self.back, 0.0)
        self.useful = max(useful, 0.0)
        self.received += self.on_hand - before
        daily = self.flow / (1.0 - self.misbought)
        self.due = {day + k: daily for k in range(1, lead)}
        self.punctual = dict(self.due)
        self.coming = daily * (lead - 1)

    def _fill_owed(self) -> None:
        """Ship all that is owed out of goods brought in for it."""
        self.received += self.owed
        self.shipped += self.owed
        self.owed = 0.0

    def order(self, day: int, units: float, lead: float, delay: float) -> None:
        """Send for ``units``, due after the lead time and a delay."""
        self.bought = units
        if units <= 0.0:
            return
        on_time = day + max(round(lead), 1)
        when = on_time + round(delay)
        self.due[when] = self.due.get(when, 0.0) + units
        if when == on_time:
            self.punctual[when] = self.punctual.get(when, 0.0) + units
        self.coming += units

    def absorb(self, other: Pile) -> None:
        """Take over all goods, debts and consignments of another pile."""
        for name in (
            "useful",
            "idle",
            "owed",
            "coming",
            "demand",
            "back",
            "received",
            "returned",
            "shipped",
            "left",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.asked += other.asked
        self.age, self.opening = max(self.age, other.age), self.opening and other.opening
        for mine, theirs in ((self.due, other.due), (self.punctual, other.punctual)):
            for day, units in theirs.items():
                mine[day] = mine.get(day, 0.0) + units
