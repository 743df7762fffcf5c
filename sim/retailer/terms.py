"""Terms of sale beside the price: returns, speed of delivery, picking up in store, packaging.

All act by how far they differ from what was customary; each costs what it costs, whether it works or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values, family
from sim.retailer.parts import check, check_starts, ripeness
from sim.setup import Channel

Array = NDArray[np.float64]
PARAMETERS = (
    *family(
        "terms",
        "utility of buying online: returns free, tenfold days to return, returns in any store; of picking up in "
        "store for its online and store channels",
        {
            "free_returns": (0.05, 0.01, 0.12),
            "return_days": (0.05, 0.01, 0.12),
            "everywhere": (0.03, 0.005, 0.08),
        },
        "A",
        "signs: lenient returns raise purchases more than returns, Janakiraman et al. 2016 (E); sizes A",
        "log",
    ),
    *family(
        "pick_up",
        "utility of an order where online orders may be picked up in store",
        {"online": (-0.03, -0.08, 0.08), "store": (0.03, -0.08, 0.08)},
        "O",
        "signs Gallino & Moreno 2014; size A",
    ),
    *family(
        "returned",
        "relative rise of returns: where free, and with tenfold days",
        {"free": (0.10, 0.02, 0.25), "days": (0.05, 0.01, 0.15)},
        "A",
        "sign E: Janakiraman et al. 2016",
        "log",
    ),
    *family(
        "reverse",
        "share of the cost of an order: a return's handling, its carriage paid by us where free; share of online "
        "returns brought to a store where that is possible, and the saving on these",
        {
            "handling": (0.5, 0.25, 0.8),
            "carriage": (0.5, 0.25, 0.8),
            "in_store": (0.3, 0.1, 0.5),
            "saving": (0.4, 0.2, 0.6),
        },
        "A",
        "-",
        "logit",
    ),
    Parameter("carriage_share", "share of an online order's cost that is carriage", 0.5, 0.3, 0.7, "A", "-", "logit"),
    Parameter("speed_cost", "elasticity of carriage to speed", 0.4, 0.2, 0.8, "A", "-", "log"),
    Parameter("pick_up_share", "share of online orders picked up where possible", 0.15, 0.05, 0.35, "A", "-", "logit"),
    Parameter("parcel_carbon", "kg of carbon dioxide a parcel at three days of delivery", 1.0, 0.4, 2.5, "A", "-", "log"),
    Parameter("parcel_waste", "kg of packing a parcel", 0.25, 0.1, 0.6, "A", "-", "log"),
    Parameter("till_waste", "kg of packing a store's order", 0.04, 0.01, 0.1, "A", "-", "log"),
    Parameter("haste_carbon", "elasticity of a parcel's carbon to speed", 0.3, 0.1, 0.6, "A", "-", "log"),
    *family(
        "packaging",
        "green: share of packing and of carbon saved; shareable: rise of referral; shares of an order's cost they take",
        {
            "green_waste": (0.25, 0.10, 0.45),
            "green_carbon": (0.12, 0.03, 0.25),
            "green_cost": (0.03, 0.01, 0.08),
            "share_pull": (0.04, 0.005, 0.12),
            "share_cost": (0.05, 0.02, 0.10),
        },
        "A",
        "the plans' cases (packing -40 %, carbon -25 %) are claims",
        "log",
    ),
)  # fmt: skip
REFERENCE_DAYS = 3.0


@dataclass(frozen=True)
class ReturnTerms:
    """Terms of returning goods from ``start`` on, and the customary ones they are compared with.

    Parameters
    ----------
    free, days
        Whether returns cost the customer nothing; days to return goods.
    everywhere
        Whether online orders may be returned in stores.
    usual_free, usual_days, usual_everywhere
        The customary terms.
    starts
        Days of their own for ``free`` and ``everywhere``.
    """

    free: bool = False
    days: int = 7
    everywhere: bool = False
    usual_free: bool = False
    usual_days: int = 7
    usual_everywhere: bool = False
    start: int = 0
    ripen: int = 30
    starts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check("returns", self, {"days": (0, 3650), "usual_days": (0, 3650), "ripen": (0, 3650)})
        check_starts("returns", self.starts, ("free", "everywhere"))


@dataclass(frozen=True)
class Delivery:
    """Delivery as it is bought: ``speed`` promised over the customary, and picking up in store, from ``start``."""

    speed: float = 1.0
    pick_up: bool = False
    start: int = 0
    ripen: int = 30

    def __post_init__(self) -> None:
        check("delivery", self, {"speed": (0.01, 100.0), "ripen": (0, 3650)})


@dataclass(frozen=True)
class Packaging:
    """Packaging from ``start`` on: ``green`` is less and recycled, ``shareable`` is worth showing around.

    ``starts`` are days of their own for either.
    """

    green: bool = False
    shareable: bool = False
    start: int = 0
    ripen: int = 90
    starts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check("packaging", self, {"ripen": (0, 3650)})
        check_starts("packaging", self.starts, ("green", "shareable"))


class SaleTerms:
    """The terms in force, day by day; ``act`` tells whether they differ from the customary.

    Attributes
    ----------
    worth, return_rate
        Utility added to each channel, and factor on its returns [C].
    per_order, per_return
        Currency an order and a return cost beyond the customary [C].
    referral, carbon, waste
        Factors on referral, and on what a parcel weighs.
    """

    def __init__(
        self,
        returns: ReturnTerms | None,
        delivery: Delivery | None,
        packaging: Packaging | None,
        channels: Sequence[Channel],
        values: Values,
    ) -> None:
        self.returns, self.delivery, self.packaging, self.values = returns, delivery, packaging, values
        self.online = np.array([float(channel.online) for channel in channels])
        self.cost = np.array([channel.cost_per_order for channel in channels])
        self.parcels = [channel.online for channel in channels]
        self.stores = not all(self.parcels)
        self.own = {
            f"{place}.{name}": (first, part.ripen)
            for place, part in (("returns", returns), ("packaging", packaging))
            if part is not None
            for name, first in part.starts.items()
        }
        whole = [(part.start, part.ripen) for part in (returns, delivery, packaging) if part is not None]
        self.settled = max((first + ripen for first, ripen in (*whole, *self.own.values())), default=0)
        self.ripe: dict[str, float] = {}
        self.key: tuple[float, ...] | None = None
        self.renewed = self.settled - 1
        self.worth, self.return_rate = np.zeros(len(channels)), np.ones(len(channels))
        self.per_order, self.per_return = np.zeros(len(channels)), np.zeros(len(channels))
        self.referral, self.carbon, self.waste = 1.0, 1.0, 1.0
        self.act = False
        if packaging is not None:
            parcel = (values["parcel_carbon"], values["parcel_waste"])
            self.parcel, self.till, self.haste = parcel, values["till_waste"], values["haste_carbon"]

    def renew(self, day: int) -> None:
        """Bring the terms up to ``day``; most days nothing has changed, and nothing once all has ripened."""
        if self.renewed >= self.settled <= day:
            return
        self.renewed = day
        parts = (self.returns, self.delivery, self.packaging)
        key = tuple(0.0 if part is None else ripeness(day, part.start, part.ripen) for part in parts)
        if self.own:
            self.ripe = {name: ripeness(day, *when) for name, when in self.own.items()}
            key = (*key, *self.ripe.values())
        if key == self.key:
            return
        self.key = key
        self.worth, self.return_rate = np.zeros(len(self.online)), np.ones(len(self.online))
        self.per_order, self.per_return = np.zeros(len(self.online)), np.zeros(len(self.online))
        self._returns(key[0])
        self._delivery(key[1])
        self._packaging(key[2])
        changed = (self.worth, self.return_rate - 1.0, self.per_order, self.per_return)
        self.act = any(values.any() for values in changed)

    def _returns(self, ripe: float) -> None:
        part, values = self.returns, self.values
        if part is None or (ripe == 0.0 and not self.own):
            return
        free = self.ripe.get("returns.free", ripe) * (part.free - part.usual_free)
        longer = ripe * math.log10((1.0 + part.days) / (1.0 + part.usual_days))
        alike = self.ripe.get("returns.everywhere", ripe)
        everywhere = alike * (part.everywhere - part.usual_everywhere) * self.stores
        self.worth = self.worth + self.online * (
            values["terms.free_returns"] * free
            + values["terms.return_days"] * longer
            + values["terms.everywhere"] * everywhere
        )
        more = values["returned.free"] * free + values["returned.days"] * longer
        self.return_rate = 1.0 + self.online * max(more, -0.9)
        brought = values["reverse.in_store"] * values["reverse.saving"] * everywhere
        each = values["reverse.carriage"] * free - values["reverse.handling"] * brought
        self.per_return = self.online * self.cost * each

    def _delivery(self, ripe: float) -> None:
        part, values = self.delivery, self.values
        if part is None:
            return
        dearer = part.speed ** values["speed_cost"] - 1.0  # the plan's promise, from its first day
        carriage = values["carriage_share"] * self.online * self.cost
        self.per_order = self.per_order + carriage * dearer
        if part.pick_up and self.stores:
            self.worth = self.worth + ripe * np.where(
                self.online > 0.0, values["pick_up.online"], values["pick_up.store"]
            )
            self.per_order = self.per_order - ripe * values["pick_up_share"] * carriage

    def _packaging(self, ripe: float) -> None:
        part, values = self.packaging, self.values
        self.referral = self.carbon = self.waste = 1.0
        if part is None:
            return
        green = part.green * self.ripe.get("packaging.green", ripe)
        shown = part.shareable * self.ripe.get("packaging.shareable", ripe)
        self.waste -= green * values["packaging.green_waste"]
        self.carbon -= green * values["packaging.green_carbon"]
        self.referral += shown * values["packaging.share_pull"]
        each = (values["packaging.green_cost"], values["packaging.share_cost"])
        costs = ripe * (part.green * each[0] + part.shareable * each[1])
        if self.own:
            costs = green * each[0] + shown * each[1]
        self.per_order = self.per_order + costs * self.online * self.cost

    def costs(self, orders: Sequence[float], returns: Sequence[float]) -> tuple[float, float]:
        """Return what the day's returns and orders [C] cost beyond the customary, currency.

        Returns that would not have come under customary terms cost their handling too.
        """
        if not self.act:
            return 0.0, 0.0
        handling = self.values["reverse.handling"]
        returning = delivering = 0.0
        for c, (sent, back) in enumerate(zip(orders, returns, strict=True)):
            more = back * (1.0 - 1.0 / float(self.return_rate[c]))
            returning += back * float(self.per_return[c]) + more * handling * float(self.cost[c])
            delivering += sent * float(self.per_order[c])
        return returning, delivering

    def footprint(
        self, orders: Sequence[float], returns: Sequence[float], days: Sequence[float]
    ) -> tuple[float, float]:
        """Return kg of carbon and of packing of the day's orders and returns [C], delivered in ``days`` [C]."""
        carbon = waste = 0.0
        for c, (sent, back) in enumerate(zip(orders, returns, strict=True)):
            if self.parcels[c]:
                haste = (REFERENCE_DAYS / max(days[c], 0.25)) ** self.haste
                carbon += (sent + back) * haste * self.parcel[0]
                waste += sent * self.parcel[1]
            else:
                waste += sent * self.till
        return carbon * self.carbon, waste * self.waste
