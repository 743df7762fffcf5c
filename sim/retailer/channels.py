"""Channels: what each offers today, put together into the arrays that customers see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.customers.choice import REFERENCE_DELIVERY
from sim.customers.exchange import WALK_IN, Offer
from sim.parameters import Parameter, Values, by_kind, family
from sim.setup import NEED_SOURCES, SOURCES, Channel

if TYPE_CHECKING:
    from sim.retailer.capability import Capabilities
    from sim.retailer.products import Assortment
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
    *family(
        "price_response",
        "factor on what price and promotion do to the decision; 1: the bare weights",
        {"store": (1.85, 1.0, 4.0), "own": (1.2, 0.5, 2.0), "marketplace": (1.2, 0.5, 2.5), "social": (1.2, 0.5, 2.0)},
        "E",
        "mapped by simulation to -2.6: Bijmolt et al. 2005; online x 0.8: Chu et al. 2010; marketplaces x 1.2: assumption",
        "log",
    ),
    *by_kind("basket", "mean list value of an order, currency", (100, 10, 1000), (100, 10, 1000), "A", "-", "log"),
    *by_kind("stockout", "share of orders not in stock", (0.02, 0.005, 0.08), (0.02, 0.005, 0.08), "A", "-"),
    Parameter("live_pull", "log weight of social channels for live-stream visitors", 2.0, 0.0, 4.0, "A", "-"),
)  # fmt: skip
LIVE = SOURCES.index("live")
STEPS = ("registration", "payment", "mobile_completion", "desktop_completion")


class PriceTags(NamedTuple):
    """What follows from list prices and promotion depths alone, by group of goods and channel [G, C]."""

    discount: Array
    lure: Array  # utility of being on promotion
    price_term: Array
    basket: Array


class Outfit(NamedTuple):
    """What follows from capabilities alone: utilities by channel [C] and source [S], and chances [C]."""

    appeal: Array
    intent: Array
    bounce: Array
    passed: Array  # [4, C], of each of STEPS


class Shopfront:
    """Builds the day's :class:`~sim.customers.exchange.Offer` from channels, drivers and capabilities."""

    def __init__(self, channels: tuple[Channel, ...], values: Values, goods: Assortment) -> None:
        def each(name: str) -> Array:
            return np.array([values.of_channel(name, channel) for channel in channels])

        self.goods = goods
        self.online = np.array([int(channel.online) for channel in channels])
        self.appeal, self.bounce, self.stockout = each("appeal"), each("bounce"), each("stockout")
        self.hold = each("hold")
        self.losses = 1.0 - np.array([each(name) for name in STEPS])
        self.return_rate = goods.return_rates(each("return_rate"))
        self.basket = each("basket") * 100.0
        self.response = each("price_response")
        self.promotion_weight = values["promotion_weight"] * self.response
        self.intent = np.array([values[f"intent.{source}"] for source in SOURCES])
        self.look = self._reachable(channels, each("look"), values["live_pull"])
        weights = np.exp(self.look)
        reachable = weights.sum(axis=1, keepdims=True)
        self.landing = np.divide(weights, reachable, out=np.zeros_like(weights), where=reachable > 0)
        self.reachable = (reachable[:, 0] > 0).astype(float)
        self.listed, self.confusion, self.compared = np.zeros(len(channels)), 0.0, 0
        self.remote = self.online.astype(float)  # the same as `online`, which mixed arithmetic would convert
        self._tagged: tuple[bytes, bytes] | None = None
        self._fitted: dict[str, float] | None = None

    def _reachable(self, channels: tuple[Channel, ...], weight: Array, live_pull: float) -> Array:
        """Return log weights [S, C]: walk-ins land in stores, all other sources online."""
        look = np.where(self.online == 1, weight, -np.inf)[None, :].repeat(len(SOURCES), axis=0)
        look[WALK_IN] = np.where(self.online == 0, weight, -np.inf)
        social = np.array([channel.kind == "social" for channel in channels])
        look[LIVE, social] += live_pull
        return np.asarray(look)

    def show_prices(self, price: Array, confusion: float) -> None:
        """Let customers compare list prices [C] between channels; where nothing differs they need not."""
        self.compared = int(confusion > 0.0 or len(set(price.tolist())) > 1)
        self.confusion = confusion
        if self.compared:
            self.listed = np.log(price)

    def tags(self, price: Array, depth: Array) -> PriceTags:
        """Return what follows from list prices and promotion depths [C]; yesterday's where they stand still."""
        key = (price.tobytes(), depth.tobytes())
        if key != self._tagged:
            discount = self.goods.discounts(depth)
            self._tagged, self._tags = (
                key,
                PriceTags(
                    discount=discount,
                    lure=self.promotion_weight * discount,
                    price_term=self.response * self.goods.price_terms(price, discount),
                    basket=self.goods.baskets(self.basket * price),
                ),
            )
        return self._tags

    def outfit(self, effects: dict[str, float]) -> Outfit:
        """Return what follows from the capabilities' ``effects``; yesterday's where none has ripened."""
        if effects is not self._fitted:
            intent = self.intent.copy()
            intent[NEED_SOURCES:] += effects["data_intent"]
            self._fitted, self._outfit = (
                effects,
                Outfit(
                    appeal=self.appeal + effects["site_worth"] * self.remote,
                    intent=intent,
                    bounce=self.bounce * (1.0 - effects["site_bounce"]),
                    passed=1.0 - self.losses * (1.0 - effects["site_friction"]),
                ),
            )
        return self._outfit

    def offer(
        self,
        pull: tuple[Array, Array],
        demand: float,
        rival_worth: float,
        tags: PriceTags,
        today: dict[str, Array],
        capabilities: Capabilities,
        rival_edge: Array,
    ) -> Offer:
        """Return today's offer.

        ``pull`` are the attractions of need sources and the stimuli of all sources when all is open; ``tags`` are today's;
        ``today`` holds rows by channel: ``access stockout delivery_days``.
        """
        outfit, stimulus = self.outfit(capabilities.effects), pull[1] * self.reachable
        registration, payment, mobile_completion, desktop_completion = outfit.passed
        return Offer(
            attraction=pull[0] * self.reachable[:NEED_SOURCES],
            stimulus=stimulus,
            look=self.look,
            landing=self.landing,
            intent=outfit.intent.copy(),
            access=today["access"],
            worth=self.goods.worth(outfit.appeal + tags.lure),
            price_term=tags.price_term,
            delay=(today["delivery_days"] - REFERENCE_DELIVERY) * self.remote,
            discount=tags.discount,
            basket=tags.basket,
            bounce=outfit.bounce,
            registration=registration,
            payment=payment,
            mobile_completion=mobile_completion,
            desktop_completion=desktop_completion,
            stockout=np.minimum(self.goods.stockouts(self.stockout * today["stockout"]), 1.0),
            return_rate=self.return_rate,
            online=self.online,
            rival_worth=rival_worth,
            demand=demand,
            reach=demand + float(np.add.reduce(stimulus)),
            rival_edge=rival_edge,
            needs=self.goods.needs,
            listed=self.listed,
            confusion=self.confusion,
            compared=self.compared,
            response=self.response,
        )
