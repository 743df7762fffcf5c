"""Channels: what each offers today, put together into the arrays that customers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.customers.choice import REFERENCE_DELIVERY
from sim.customers.shopping import Offer
from sim.parameters import Parameter, Values, by_kind, family
from sim.setup import NEED_SOURCES, SOURCES, Channel

if TYPE_CHECKING:
    from sim.retailer.capability import Capabilities
    from sim.setup import Array

PARAMETERS = (
    *by_kind("appeal", "utility of buying here, against nowhere", (-1.0, -3.0, 1.0), (-3.3, -5.5, -1.0), "A", "-"),
    *family(
        "look",
        "log weight as a place to look, among channels of one way to look",
        {"store": (0.0, -1, 1), "own": (0.0, -1, 1), "marketplace": (0.5, -1, 2), "social": (-0.5, -2, 1)},
        "A",
        "-",
    ),
    *by_kind("basket", "mean list value of an order, currency", (100, 10, 1000), (100, 10, 1000), "A", "-", "log"),
    *by_kind("stockout", "share of orders not in stock", (0.02, 0.005, 0.08), (0.02, 0.005, 0.08), "A", "-"),
    Parameter("live_pull", "log weight of social channels for live-stream visitors", 2.0, 0.0, 4.0, "A", "-"),
)  # fmt: skip
LIVE = SOURCES.index("live")


class Shopfront:
    """Builds the day's :class:`~sim.customers.shopping.Offer` from channels, drivers and capabilities."""

    def __init__(self, channels: tuple[Channel, ...], values: Values) -> None:
        def each(name: str) -> Array:
            return np.array([values.of_channel(name, channel) for channel in channels])

        self.online = np.array([int(channel.online) for channel in channels])
        self.appeal, self.bounce, self.stockout = each("appeal"), each("bounce"), each("stockout")
        self.registration, self.payment = each("registration"), each("payment")
        self.mobile, self.desktop = each("mobile_completion"), each("desktop_completion")
        self.return_rate, self.basket = each("return_rate"), each("basket") * 100.0
        self.promotion_weight = values["promotion_weight"]
        self.intent = np.array([values[f"intent.{source}"] for source in SOURCES])
        self.look = self._reachable(channels, each("look"), values["live_pull"])

    def _reachable(self, channels: tuple[Channel, ...], weight: Array, live_pull: float) -> Array:
        """Return log weights [S, C]: walk-ins land in stores, all other sources online."""
        look = np.where(self.online == 1, weight, -np.inf)[None, :].repeat(len(SOURCES), axis=0)
        look[0] = np.where(self.online == 0, weight, -np.inf)
        social = np.array([channel.kind == "social" for channel in channels])
        look[LIVE, social] += live_pull
        return np.asarray(look)

    def offer(
        self,
        pull: Array,
        demand: float,
        rival_worth: float,
        today: dict[str, Array],
        delivery_days: Array,
        capabilities: Capabilities,
    ) -> Offer:
        """Return today's offer; ``today`` holds the drivers' rows ``price discount access stockout``."""
        access, discount = today["access"], today["discount"]
        with np.errstate(divide="ignore"):
            open_share = np.log(access)
        friction = 1.0 - capabilities.effect("site_friction")
        better = np.where(self.online == 1, capabilities.effect("site_worth"), 0.0)
        intent = self.intent.copy()
        intent[NEED_SOURCES:] += capabilities.effect("data_intent")
        look = self.look + open_share[None, :]
        pull = np.where(np.isfinite(look).any(axis=1), pull, 0.0)
        return Offer(
            pull=pull,
            look=look,
            intent=intent,
            worth=self.appeal + open_share + better + self.promotion_weight * discount,
            price_term=np.log(today["price"] * (1.0 - discount)),
            delay=np.where(self.online == 1, delivery_days - REFERENCE_DELIVERY, 0.0),
            discount=discount,
            basket=self.basket * today["price"],
            bounce=self.bounce * (1.0 - capabilities.effect("site_bounce")),
            registration=1.0 - (1.0 - self.registration) * friction,
            payment=1.0 - (1.0 - self.payment) * friction,
            mobile_completion=1.0 - (1.0 - self.mobile) * friction,
            desktop_completion=1.0 - (1.0 - self.desktop) * friction,
            stockout=np.minimum(self.stockout * today["stockout"], 1.0),
            return_rate=self.return_rate,
            online=self.online,
            rival_worth=rival_worth,
            demand=demand,
            reach=demand + float(pull[NEED_SOURCES:].sum()),
        )
