"""The auction for clicks: paying per click, per order or per impression, against rivals' money.

A medium that declares how it bids takes part in a contest for impressions (Tullock 1980): our share is our
effort over ours and the rivals', and effort is money times quality. At the reference spend, with creatives
as fresh as today and rivals as loud as today, this is the Hill curve of :mod:`sim.retailer.media`, whose
half-saturation is then the rivals' effort - so own spend raises the price of a click once, not twice.

* ``cpc`` pays per click.
* ``ocpm`` pays per impression and lets the platform pick who is likely to order: dearer clicks, keener visitors,
  the keener the more the retailer's own data say.
* ``cpa`` pays per attributed order a price named for a quarter, from what a click costs and what clicks order. The
  platform earns only when we convert, so it shows us less where visitors order less than when the price was named,
  and what is not owed is not spent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values
from sim.retailer.media import MediaDesk
from sim.setup import SOURCES, Medium

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
BIDDING = ("cpc", "cpa", "ocpm")
OPTIMISED = ("cpa", "ocpm")
OWN_SOURCES = ("paid_search", "feed_ads", "live")  # whose orders cannot be taken for organic ones

PARAMETERS = (
    Parameter("optimised_premium", "price of a click picked for conversion over a plain one", 0.10, 0.0, 0.3, "A", "-"),
    Parameter("optimised_intent", "utility of visitors picked for conversion, without own data", 0.10, 0.0, 0.3, "A", "-"),
    Parameter("targeting_intent", "utility added at a full data capability", 0.20, 0.0, 0.5, "A", "below a case: ROI +35 %"),
)  # fmt: skip
QUARTER = 91  # days for which a price an order is named
ENOUGH = 30  # attributed orders (agents) from which a price an order can be named
MEMORY = 28.0  # days over which the platform, and the purse, look back
LEAST, MOST = 0.2, 3.0  # bounds on what a click is worth to the platform against when the price was named


@dataclass(frozen=True)
class Auction:
    """How media bid, and how creatives are kept fresh, from the horizon's first day on.

    Parameters
    ----------
    bidding
        ``cpc``, ``cpa`` or ``ocpm`` by medium's name; media left out keep buying clicks as before. ``cpa`` and
        ``ocpm`` need a source of their own: paid search, feed ads, live.
    creatives_per_week
        Creatives tested a week over all bidding media; ``None``: kept as fresh as today, at no cost.
    creatives_start
        Day of the horizon on which testing begins; until then creatives are as fresh as today.
    """

    bidding: Mapping[str, str] = field(default_factory=dict)
    creatives_per_week: float | None = None
    creatives_start: int = 0

    def __post_init__(self) -> None:
        for name, kind in self.bidding.items():
            if kind not in BIDDING:
                raise ValueError(f"auction.bidding.{name}: {kind!r}; expected one of {BIDDING}")
        tests = self.creatives_per_week
        if tests is not None and not (np.isfinite(tests) and 0.0 <= tests <= 1_000.0):
            raise ValueError(f"auction.creatives_per_week: {tests}; expected a number from 0 to 1000")

    def check(self, media: Sequence[Medium]) -> None:
        """Raise ValueError where a bid names no click medium, or one whose orders cannot be told apart."""
        known = {medium.name: medium for medium in media}
        for name, kind in self.bidding.items():
            if name not in known or known[name].action != "click":
                clicks = sorted(n for n, medium in known.items() if medium.action == "click")
                raise ValueError(f"auction.bidding.{name}: no such click medium; expected one of {clicks}")
            source = known[name].source
            if kind in OPTIMISED and source not in OWN_SOURCES:
                said = f"orders from {source} cannot be attributed to it; expected cpc"
                raise ValueError(f"auction.bidding.{name}: {kind!r}, but {said}")
            alike = [n for n, medium in known.items() if medium.source == source]
            if kind in OPTIMISED and len(alike) > 1:
                raise ValueError(f"auction.bidding.{name}: {kind!r}, but {alike} share the source {source}")


class Deal:
    """Paying per order on one medium.

    ``purse`` is budget not yet spent (at most four weeks' worth; the rest is ``returned``), ``owed`` what orders
    have cost beyond it. Budget given = paid + purse + returned, every day.
    """

    def __init__(self, medium: int, source: int, premium: float) -> None:
        self.medium, self.source, self.premium = medium, source, premium
        self.price: float | None = None
        self.days, self.spent, self.orders, self.visits = 0, 0.0, 0.0, 0.0  # since a price was last named
        self.recent_orders, self.recent_visits = 0.0, 0.0
        self.named_rate, self.click, self.level, self.named_level = 0.0, 0.0, 1.0, 1.0
        self.purse, self.owed, self.returned = 0.0, 0.0, 0.0

    @property
    def worth(self) -> float:
        """What a click is worth to the platform, against the day the price was named."""
        if self.price is None or self.recent_visits <= 0.0:
            return 1.0
        return min(max(self.recent_orders / self.recent_visits / self.named_rate, LEAST), MOST)

    def deliver(self, clicks: float, budget: float) -> float:
        """Return the clicks that the platform gives: no more than the budget is expected to pay for."""
        if self.price is None:
            return clicks
        affordable = max(budget + (self.purse - self.owed) / MEMORY, 0.0)
        return min(clicks, affordable / (self.price * self.named_rate * self.worth))

    def settle(self, budget: float, orders: float, visits: float, weight: float, open_: bool) -> float:
        """Take in a day's budget and real orders and visits of the source; return what is paid."""
        self.days, self.spent = self.days + 1, self.spent + budget
        self.orders, self.visits = self.orders + orders, self.visits + visits
        known = self.orders >= ENOUGH * weight and self.visits > 0.0 and self.spent > 0.0
        if self.price is None:
            if open_ and known:
                self.click = (1.0 + self.premium) * self.spent / self.visits
                self.named_level = self.level
                self.recent_orders = MEMORY * self.orders / self.days
                self.recent_visits = MEMORY * self.visits / self.days
                self.name_price()
            return budget
        keep = 1.0 - 1.0 / MEMORY
        self.recent_orders = keep * self.recent_orders + orders
        self.recent_visits = keep * self.recent_visits + visits
        if self.days >= QUARTER and known:
            self.name_price()
        self.purse, self.owed = self.purse + budget, self.owed + self.price * orders
        paid = min(self.purse, self.owed)
        self.purse, self.owed = self.purse - paid, self.owed - paid
        over = max(self.purse - MEMORY * budget, 0.0)
        self.purse, self.returned = self.purse - over, self.returned + over
        return paid

    def name_price(self) -> None:
        """Offer, for an order, what the clicks cost that it has taken of late, and the premium."""
        self.named_rate = self.orders / self.visits
        self.price = self.click * self.level / self.named_level / self.named_rate
        self.days, self.spent, self.orders, self.visits = 0, 0.0, 0.0, 0.0


class AuctionDesk:
    """Bids for the media that declare how, and settles with the platforms in the evening."""

    def __init__(self, auction: Auction, media: Sequence[Medium], values: Values) -> None:
        kinds = [auction.bidding.get(medium.name, "") for medium in media]
        sources = [SOURCES.index(medium.source) if medium.source else 0 for medium in media]
        premium = values["optimised_premium"]
        self.bids = np.array([kind != "" for kind in kinds], bool)
        self.dearer = np.array([1.0 + premium * (kind in OPTIMISED) for kind in kinds])
        self.picked = sorted({s for s, kind in zip(sources, kinds, strict=True) if kind in OPTIMISED})
        self.intent, self.targeting = values["optimised_intent"], values["targeting_intent"]
        self.quality, self.pressure = np.ones(len(kinds)), np.ones(len(kinds))
        self.deals = [Deal(m, sources[m], premium) for m, kind in enumerate(kinds) if kind == "cpa"]
        reference = np.array([max(medium.reference, 1e-9) for medium in media])
        self.usual = max(float(reference[self.bids].sum()), 1e-9)

    def reach(
        self, desk: MediaDesk, spend: Array, click_price: float, pressure: float, freshness: float
    ) -> tuple[Array, float]:
        """Return clicks by medium [M] and broadcast's factor on needs, as :meth:`MediaDesk.reach` does.

        ``pressure`` is the rivals' effort and ``freshness`` our creatives' click-through, both against today's.
        """
        self.quality[self.bids], self.pressure[self.bids] = freshness, pressure
        for deal in self.deals:
            deal.level = click_price
            self.quality[deal.medium] = freshness * deal.worth
        clicks, lift = desk.reach(spend, click_price, (self.quality, self.pressure))
        clicks /= self.dearer
        for deal in self.deals:
            clicks[deal.medium] = deal.deliver(float(clicks[deal.medium]), float(spend[deal.medium]))
        return clicks, lift

    def impressions(self, desk: MediaDesk) -> float:
        """Return the day's impressions of the media that bid, against those at the reference spend."""
        return float(np.add.reduce((desk.effect * desk.reference)[self.bids])) / self.usual

    def aim(self, intent: Array, data_level: float) -> None:
        """Add to ``intent`` [S] what visitors bring whom a platform has picked for conversion."""
        keen = self.intent + self.targeting * data_level
        for source in self.picked:
            intent[source] += keen

    def settle(self, spend: Array, orders: Counts, visits: Counts, weight: float, open_: bool) -> Array:
        """Return what is paid by medium [M] for a day's budget ``spend``; orders and visits are by source [S]."""
        if not self.deals:
            return spend
        paid = spend.copy()
        for deal in self.deals:
            s, budget = deal.source, float(spend[deal.medium])
            paid[deal.medium] = deal.settle(
                budget, float(orders[s]) * weight, float(visits[s]) * weight, weight, open_
            )
        return paid
