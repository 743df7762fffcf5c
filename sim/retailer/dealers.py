"""Dealers: they sell our goods beside our own channels, and leave when our online prices undercut theirs.

They watch the net prices of a quarter, so a week of promotion is forgiven and a lasting gap is not. Goods sold
online only do not compete with theirs. Dealers who left return slowly once the gap is closed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values
from sim.retailer.products import Assortment
from sim.setup import Channel

Array = NDArray[np.float64]

PARAMETERS = (
    Parameter("dealer_leaving", "dealers lost a year per unit of price gap beyond the tolerated", 6.0, 1.0, 15.0, "A", "-", "log"),
    Parameter("dealer_return", "share of the dealers gone that returns a year once the gap is closed", 0.10, 0.0, 0.5, "A", "-"),
    Parameter("dealer_capture", "share of the needs of dealers gone that comes to our channels", 0.3, 0.1, 0.6, "A", "-", "logit"),
)  # fmt: skip
MEMORY, YEAR = 91.0, 365.0


@dataclass(frozen=True)
class Dealers:
    """Dealers beside the own channels.

    Parameters
    ----------
    share
        Share of all sales, theirs included, that goes through them at the start, 0 to below 1.
    tolerated_gap
        By how much online may undercut them before they leave, relative.
    channel
        The channel that stands for their shops, where customers are simulated there: dealers who leave close
        their share of it. Without one their sales lie outside our channels and are booked as wholesale.
    margin
        What we keep of wholesale, as a share.
    sales
        Wholesale in currency a day at normal demand; unless given it follows from ``share`` and our own net
        sales of the burn-in.
    """

    share: float
    tolerated_gap: float = 0.05
    channel: str | None = None
    margin: float = 0.2
    sales: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.share < 1.0:
            raise ValueError(f"dealers.share: {self.share}; expected 0 to below 1")
        for name in ("tolerated_gap", "margin"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"dealers.{name}: {getattr(self, name)}; expected 0-1")
        if self.sales is not None and not (math.isfinite(self.sales) and self.sales >= 0.0):
            raise ValueError(f"dealers.sales: {self.sales}; expected a number >= 0")

    def check(self, channels: Sequence[Channel], burn_in: int) -> None:
        """Raise ValueError where they contradict the channels, or their sales cannot be known."""
        names = [channel.name for channel in channels]
        if self.channel is not None and self.channel not in names:
            raise ValueError(f"dealers.channel: no channel {self.channel!r}; known: {names}")
        if self.channel is not None and channels[names.index(self.channel)].online:
            raise ValueError(f"dealers.channel: {self.channel!r} is online; expected a store channel")
        if self.channel is None and self.sales is None and burn_in == 0:
            raise ValueError("dealers.sales: unknown; expected a figure, or a burn-in to read it from")


class DealerNet:
    """The dealers day by day: ``standing`` share still with us, ``gap`` by which online undercuts them."""

    def __init__(
        self, dealers: Dealers, channels: Sequence[Channel], goods: Assortment, values: Values
    ) -> None:
        self.dealers = dealers
        self.standing, self.gap = 1.0, 0.0
        self.leaving, self.back = values["dealer_leaving"], values["dealer_return"]
        self.weight = 0.0 if dealers.channel else dealers.share / (1.0 - dealers.share)
        self.capture = values["dealer_capture"] * self.weight
        self.place = [channel.name for channel in channels].index(dealers.channel) if dealers.channel else -1
        self.online = np.array([channel.online for channel in channels])
        theirs = goods.at_dealers & (goods.sold[:, self.place] if self.place >= 0 else True)
        self.shared = goods.sold & self.online & theirs[:, None]
        stores = np.flatnonzero(~self.online)
        self.rival = self.place if self.place >= 0 else (int(stores[0]) if len(stores) else -1)
        self.base, self.seen = dealers.sales or 0.0, 0

    def watch(self, price: Array, discount: Array, access: Array, needs: Array) -> None:
        """Look at today's prices [C], depths [G, C] and open channels [C]; some leave, or return."""
        self.gap += (self._undercut(price, discount, access, needs) - self.gap) / MEMORY
        excess = self.gap - self.dealers.tolerated_gap
        if excess > 0.0:
            self.standing *= math.exp(-self.leaving * excess / YEAR)
        elif self.standing < 1.0:
            self.standing += (1.0 - self.standing) * self.back / YEAR

    def _undercut(self, price: Array, discount: Array, access: Array, needs: Array) -> float:
        """Return by how much the cheapest online channel undercuts dealers, over the goods that both sell."""
        net = price * (1.0 - discount)
        online = np.where(self.shared & (access > 0.0), net, np.inf).min(axis=1)
        theirs = net[:, self.rival] if self.rival >= 0 else np.ones(len(net))
        both = np.isfinite(online)
        if not both.any():
            return 0.0
        under, weight = 1.0 - online[both] / theirs[both], needs[both]
        return float((weight * under).sum() / max(float(weight.sum()), 1e-12))

    @property
    def extra_needs(self) -> float:
        """Factor on needs: part of what dealers gone used to serve comes to our channels."""
        return 1.0 + self.capture * (1.0 - self.standing)

    def settle(self, net_sales: float, demand: float, burning_in: bool) -> float:
        """Return the day's wholesale in currency; the burn-in tells how much a normal day's is."""
        if self.place >= 0:
            return 0.0
        if self.dealers.sales is None and burning_in:
            self.seen += 1
            self.base += (net_sales * self.weight / max(demand, 1e-9) - self.base) / self.seen
        return self.base * demand * self.standing
