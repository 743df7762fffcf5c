"""What draws people beside prices and money: auctions, content, reviews, the brand, presale - where declared.

The retailer asks four times a day: what clicks the money buys, what the pulls are, what visitors and channels are
worth beyond the usual, and - in the evening - what the day has left behind and cost. Nothing declared, nothing done.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DIRECT, NEEDS, ORDERS, Offer
from sim.parameters import Values
from sim.retailer.auction import AuctionDesk
from sim.retailer.brand import BrandState, Usual, gap
from sim.retailer.content import ContentDesk
from sim.retailer.creative import Creatives
from sim.retailer.media import MediaDesk
from sim.retailer.presale import PresaleDesk
from sim.retailer.reviews import ReviewBook
from sim.setup import SOURCES, Drivers, Setup

Array = NDArray[np.float64]
SEARCH, CONTENT = SOURCES.index("organic_search"), SOURCES.index("content")
# What the ledger keeps of a day; NaN where it is not declared.
MEASURES = (
    "awareness",
    "trust",
    "consistency",
    "brand_value",
    "sentiment",
    "creative_freshness",
    "content_quality",
    "themes_alive",
    "presale_orders",
    "rival_pressure",
    "page_gain",
    "page_claimed",
    "page_tests",
)
WEEK = 7


class Traffic:
    """The declared mechanisms of a market; ``None`` for those that are not."""

    def __init__(self, setup: Setup, values: Values, usual: Drivers, seed: int) -> None:
        self.weight, self.usual_spend = setup.weight, usual.spend[0]
        auction, horizon = setup.auction, setup.days
        self.auction = AuctionDesk(auction, setup.media, values) if auction else None
        self.creatives = None
        if auction:
            self.creatives = Creatives(auction.creatives_per_week, values, seed, auction.creatives_start)
        self.content = ContentDesk(setup.content, values, seed) if setup.content else None
        negative = setup.reviews.negative if setup.reviews else None
        self.reviews = ReviewBook(values, negative) if setup.reviews or setup.brand else None
        self.act_on_reviews = setup.reviews is not None
        self.brand = BrandState(setup.brand, values) if setup.brand else None
        self.presale = PresaleDesk(setup.presales, values, horizon) if setup.presales else None
        self.online = np.array([float(channel.online) for channel in setup.channels])
        self._presence(setup, values)
        self.met, self.bought = [0.0] * len(setup.channels), 0
        self.impressions, self.needs, self.digital = 1.0, 0.0, max(values["digital"], 1e-9)

    @classmethod
    def of(cls, setup: Setup, values: Values, usual: Drivers, seed: int) -> Traffic | None:
        """Return the declared mechanisms of ``setup``, or ``None``."""
        declared = (setup.auction, setup.content, setup.reviews, setup.brand, setup.presales or None)
        return cls(setup, values, usual, seed) if any(item is not None for item in declared) else None

    def _presence(self, setup: Setup, values: Values) -> None:
        """Weigh money on media by the presence it buys; today's is 1 (the reference where nothing is spent)."""
        click = values["click_presence"]
        self.loud = np.array([click if medium.action == "click" else 1.0 for medium in setup.media])
        today = float(self.loud @ self.usual_spend)
        self.loud_today = today or float(self.loud @ [medium.reference for medium in setup.media])
        self.content_today, self.content_pull = 0.0, 0.0

    def clicks(
        self, desk: MediaDesk, spend: Array, click_price: float, day: int, pressure: float
    ) -> tuple[Array, float]:
        """Return clicks by medium [M] and broadcast's factor on needs; bids count from day 0 on."""
        if self.auction is None or self.creatives is None or day < 0:
            return desk.reach(spend, click_price)
        clicks, lift = self.auction.reach(desk, spend, click_price, pressure, self.creatives.freshness)
        self.impressions = self.auction.impressions(desk)
        return clicks, lift

    def draw(self, day: int, pull: Array, stimulus: Array, audience: float) -> None:
        """Change the pulls of need sources [5] and the stimuli of all [S] in place."""
        if self.content is not None:
            content, search = self.content.factors
            pull[CONTENT] *= content
            pull[SEARCH] *= search
        if self.reviews is not None and self.act_on_reviews:
            pull[SEARCH] *= self.reviews.search
        if self.brand is not None:
            self.content_pull = float(pull[CONTENT])
            self.content_today = self.content_today or self.content_pull
            pull[DIRECT] *= self.brand.direct
        if self.presale is not None:
            self.presale.draw(day, pull[:NEEDS], stimulus, audience)
            self.needs = audience / self.digital

    def dress(self, day: int, offer: Offer, data_level: float) -> None:
        """Add to the offer's ``intent`` and ``worth`` in place."""
        self.needs *= offer.demand
        if self.auction is not None and day >= 0:
            self.auction.aim(offer.intent, data_level)
        if self.reviews is not None and self.act_on_reviews:
            offer.worth[...] += self.reviews.worth * self.online
        if self.brand is not None:
            offer.worth[...] += self.brand.worth

    def evening(
        self,
        day: int,
        visits: NDArray[np.int64],
        events: NDArray[np.int64],
        orders_by_source: NDArray[np.int64],
        quality: Array,
        terms: tuple[Array, Array, Array],
        desk: MediaDesk,
        budget: Array,
    ) -> tuple[Array, float, dict[str, float]]:
        """Learn from the day; return what media were paid [M], what else was spent, and what to keep in the books.

        ``visits`` [S, C], ``events`` [C, E] and ``orders_by_source`` [S] in agents; ``quality`` [C] that buyers
        met; ``terms`` are the day's price, discount and service [C]; ``budget`` [M] the day's money for media.
        """
        paid, cost, told = budget, 0.0, dict[str, float]()
        orders = events[:, ORDERS]
        watched = self.presale is not None or (self.auction is not None and self.auction.deals)
        by_source = visits.sum(axis=1) if watched else orders
        if self.auction is not None and self.creatives is not None:
            paid = self.auction.settle(budget, orders_by_source, by_source, self.weight, day >= -1)
            cost += self.creatives.run(day, self.impressions)
            told["creative_freshness"] = self.creatives.freshness
        if self.content is not None:
            cost += self.content.publish(day)
            told["content_quality"], told["themes_alive"] = self.content.quality, self.content.alive
        if self.reviews is not None:
            online = orders * self.online
            self.reviews.write(day, sum(online.tolist()), float(online @ quality))
            told["sentiment"] = 2.0 * self.reviews.valence - 1.0
        if self.brand is not None:
            self._live(self.brand, day, orders, quality, terms, desk)
            brand = self.brand
            told["awareness"], told["trust"] = brand.awareness, brand.trust
            told["consistency"], told["brand_value"] = brand.consistency, brand.value
        if self.presale is not None:
            back = self.presale.note(day, by_source, self.weight, self.needs)
            told["presale_orders"] = back * float((orders * self.online).sum()) * self.weight
        return paid, cost, told

    def _live(
        self,
        brand: BrandState,
        day: int,
        orders: NDArray[np.int64],
        quality: Array,
        terms: tuple[Array, Array, Array],
        desk: MediaDesk,
    ) -> None:
        """Add up a week of orders and the quality they met; then let the brand move."""
        for c, (count, each) in enumerate(zip(orders.tolist(), quality.tolist(), strict=True)):
            self.met[c] += each * count
            self.bought += count
        if day % WEEK:
            return
        price, discount, service = terms
        net = price * (1.0 - discount)
        bought = float(self.bought)
        seen = Usual(
            weight=bought,
            quality=float(np.add.reduce(self.met)) / bought if bought > 0.0 else 0.0,
            price_gap=gap(net.tolist()) / float(net.mean()),
            service_gap=gap(service.tolist()),
            discount=float(discount.mean()),
        )
        ads = float(self.loud @ desk.adstock) / self.loud_today if self.loud_today > 0.0 else 1.0
        content = self.content_pull / self.content_today if self.content_today > 0.0 else 1.0
        brand.live(day, (ads, content), seen)
        self.met, self.bought = [0.0] * len(self.met), 0
