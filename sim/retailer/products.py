"""Product groups: what is needed how often, where it is sold, at which price and margin, and the role it plays.

Every visit is for one group. Four roles are small rules; a group without a role has none:

* ``traffic`` goods draw visits by their price: needs for them look in more the lower the lowest net price;
* ``image`` goods raise the worth of every channel that shows them;
* ``event`` goods are partly waited for: a share of their needs is kept until a day of promotion, none is lost;
* ``profit`` goods earn: their role is their margin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values, family
from sim.setup import KINDS, Channel

Array = NDArray[np.float64]
Role = Literal["traffic", "profit", "image", "event", ""]

ROLES: tuple[Role, ...] = ("traffic", "profit", "image", "event", "")
MAX_PRODUCTS = 16
PARAMETERS = (
    Parameter("traffic_draw", "elasticity of visits for traffic goods to their lowest net price, negated", 0.5, 0.1, 1.5, "A", "-", "log"),
    Parameter("image_worth", "utility that a group of image goods adds to a channel that shows it", 0.05, 0.0, 0.15, "A", "-"),
    Parameter("event_wait", "share of the needs for event goods that waits for a promotion", 0.7, 0.3, 0.9, "A", "-", "logit"),
    Parameter("event_days", "days after which who waited for a promotion looks in without one", 30, 10, 90, "A", "-", "log"),
    *family("fit", "utility of a product group wherever it is sold", {"other": (0.0, -0.5, 0.5)}, "A", "what is sold with it today is in `appeal`"),
)  # fmt: skip
RUSH_DAYS = 4.0  # mean days in which those who waited look in once a promotion is on


@dataclass(frozen=True)
class Product:
    """A group of products.

    Parameters
    ----------
    name, line
        Unique name; the line it belongs to (basic, fashion, collector), for the reader.
    need_share
        Share of all needs, 0-1; the shares of all groups sum to 1.
    role
        One of :data:`ROLES`.
    price
        List price against the group's own reference price, at which price is neutral.
    basket
        Value of an order at reference price, relative to the channel's basket.
    margin, cost
        Gross margin on the list price at reference, 0-1; where ``None`` the channel's, with its cost of goods
        times ``cost``.
    price_sensitivity
        Factor on the customers' price sensitivity.
    fit
        Log utility added in a channel, by its name or kind.
    channels
        Names of the channels that sell it; empty for all.
    promoted
        Whether promotions include it.
    return_factor
        Factor on the channel's share of orders sent back.
    dealers
        Whether dealers sell it too.
    """

    name: str
    need_share: float
    role: Role = ""
    line: str = ""
    price: float = 1.0
    basket: float = 1.0
    margin: float | None = None
    cost: float = 1.0
    price_sensitivity: float = 1.0
    fit: Mapping[str, float] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    promoted: bool = True
    return_factor: float = 1.0
    dealers: bool = True

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"product {self.name!r}: role {self.role!r}; expected one of {ROLES}")
        if not 0.0 <= self.need_share <= 1.0:
            raise ValueError(f"product {self.name!r}: need_share {self.need_share}; expected 0-1")
        for name in ("price", "basket"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise ValueError(f"product {self.name!r}: {name} {value}; expected a number > 0")
        for name in ("cost", "price_sensitivity", "return_factor"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise ValueError(f"product {self.name!r}: {name} {value}; expected a number >= 0")
        if self.margin is not None and not 0.0 <= self.margin <= 1.0:
            raise ValueError(f"product {self.name!r}: margin {self.margin}; expected 0-1")
        if not all(math.isfinite(value) for value in self.fit.values()):
            raise ValueError(f"product {self.name!r}: fit {dict(self.fit)}; expected finite numbers")

    def sold_in(self, channel: Channel) -> bool:
        """Whether ``channel`` sells it."""
        return not self.channels or channel.name in self.channels

    def goods_share(self, channel: Channel) -> float:
        """Return its cost of goods in ``channel`` as a share of its reference price."""
        return 1.0 - self.margin if self.margin is not None else self.cost * (1.0 - channel.gross_margin)


def check_products(products: Sequence[Product], channels: Sequence[Channel]) -> None:
    """Raise ValueError where product groups contradict each other or the channels."""
    names, known = [product.name for product in products], [channel.name for channel in channels]
    if len(products) > MAX_PRODUCTS:
        raise ValueError(f"products: expected at most {MAX_PRODUCTS}, got {len(products)}")
    if len(set(names)) < len(names):
        raise ValueError(f"products: names are not unique in {names}")
    total = sum(product.need_share for product in products)
    if products and abs(total - 1.0) > 1e-6:
        raise ValueError(f"products: need_share sums to {total:g}; expected 1")
    for product in products:
        for channel in product.channels:
            if channel not in known:
                raise ValueError(f"product {product.name!r}: no channel {channel!r}; known: {known}")
        for place in product.fit:
            if place not in (*known, *KINDS):
                raise ValueError(
                    f"product {product.name!r}: fit {place!r}; expected a channel or one of {KINDS}"
                )


class Assortment:
    """The product groups as the customers meet them, day by day; without any, one group that is everything.

    Attributes
    ----------
    declared
        Whether there are groups; if not, everything passes through unchanged.
    needs
        Weight of each group among today's needs [G]; ``flow`` is their sum, 1 when nothing draws or waits.
    image
        Utility that image goods add to each channel [C].
    """

    def __init__(self, products: Sequence[Product], channels: Sequence[Channel], values: Values) -> None:
        self.products, self.declared = tuple(products), bool(products)
        self.needs, self.flow = np.ones(1), 1.0
        self.traffic = [g for g, product in enumerate(products) if product.role == "traffic"]
        self.event = [g for g, product in enumerate(products) if product.role == "event"]
        self.image = np.zeros(len(channels))
        self.sold = np.ones((max(len(products), 1), len(channels)), bool)
        self.at_dealers = np.array([product.dealers for product in products] or [True])
        if not self.declared:
            return

        def column(name: str) -> Array:
            return np.array([[float(getattr(product, name))] for product in products])

        self.price, self.sensitivity, self.promoted = map(column, ("price", "price_sensitivity", "promoted"))
        self.value, self.returns = column("basket") * self.price, column("return_factor")
        self.sold = np.array([[p.sold_in(channel) for channel in channels] for p in products])
        self.image = values["image_worth"] * self.sold[[p.role == "image" for p in products]].sum(axis=0)
        fit = [[p.fit.get(c.name, p.fit.get(c.kind, 0.0)) for c in channels] for p in products]
        self.place = np.where(self.sold, np.array(fit) + self.image, -np.inf)
        self.adopt(values)
        self.usual = [product.need_share for product in products]
        self.needs = np.array(self.usual)
        self.draw = values["traffic_draw"]
        self.wait, self.calm = values["event_wait"], 1.0 / max(values["event_days"], 1.0)
        self.waiting = self.wait / self.calm  # needs put off, in days of an event group's needs

    def adopt(self, values: Values) -> None:
        """Work with ``values`` from now on: how well a group fits is what initiatives may change."""
        if self.declared:
            self.fit = self.place + [[values.of_member("fit", product.name)] for product in self.products]

    def discounts(self, depth: Array) -> Array:
        """Return today's depth [G, C] from that by channel [C]: some groups are left out of promotions."""
        return self.promoted * depth if self.declared else depth[None, :]

    def worth(self, common: Array) -> Array:
        """Return worth [G, C], -inf where not sold, from what a channel offers everyone [G, C]."""
        return common + self.fit if self.declared else common

    def price_terms(self, price: Array, discount: Array) -> Array:
        """Return the log of net over reference price [G, C], as strongly as each group's buyers feel it."""
        if not self.declared:
            return np.asarray(np.log(price * (1.0 - discount)))
        return np.asarray(self.sensitivity * np.log(price * self.price * (1.0 - discount)))

    def baskets(self, usual: Array) -> Array:
        """Return list values of an order [G, C] from the channels' [C]."""
        return usual * self.value if self.declared else usual[None, :]

    def stockouts(self, share: Array) -> Array:
        """Return shares out of stock [G, C] from shares by channel [C], or by group and channel as they are."""
        if share.ndim == 2:
            return share
        return share + np.zeros(self.sold.shape) if self.declared else share[None, :]

    def return_rates(self, usual: Array) -> Array:
        """Return shares of orders sent back [G, C] from the channels' [C]."""
        return np.minimum(usual * self.returns, 1.0) if self.declared else usual[None, :]

    def call(self, price: Array, discount: Array, promotion: bool) -> None:
        """Set today's ``needs`` and ``flow``: cheap traffic goods draw, event goods wait for ``promotion``."""
        if not (self.traffic or self.event):
            return
        needs = list(self.usual)
        for g in self.traffic:
            needs[g] *= self._drawn(g, price, discount[g])
        if self.event:
            self.waiting += self.wait
            come = self.waiting * (1.0 / RUSH_DAYS if promotion else self.calm / (1.0 + self.calm))
            self.waiting -= come
            for g in self.event:
                needs[g] *= 1.0 - self.wait + come
        self.flow = math.fsum(needs)
        self.needs = np.array(needs)

    def _drawn(self, g: int, price: Array, discount: Array) -> float:
        """Return the factor on visits for traffic goods ``g`` at their lowest net price."""
        net = (price * (1.0 - discount))[self.sold[g]]
        if len(net) == 0:
            return 1.0
        return math.exp(-self.draw * math.log(float(net.min() * self.price[g, 0])))
