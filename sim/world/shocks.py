"""Shocks: dated events, or hazards that strike by addressed luck, multiplying what they hit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.setup import Channel, Shock

TARGETS = ("demand", "access", "delivery_days", "service", "click_price", "stockout", "lateness")


class Shocks:
    """The shocks of a run, by day.

    Raises
    ------
    ValueError
        If a shock's target or channel is unknown or its factor negative.
    """

    def __init__(self, shocks: Sequence[Shock], channels: tuple[Channel, ...]) -> None:
        self.shocks = tuple(shocks)
        self.names = [channel.name for channel in channels]
        for shock in self.shocks:
            if shock.target not in TARGETS:
                raise ValueError(f"shock {shock.name!r}: target {shock.target!r}; expected one of {TARGETS}")
            if shock.channel is not None and shock.channel not in self.names:
                raise ValueError(f"shock {shock.name!r}: no channel {shock.channel!r}")
            if not (np.isfinite(shock.factor) and shock.factor >= 0):
                raise ValueError(f"shock {shock.name!r}: factor {shock.factor}; expected a number >= 0")

    def strike(self, day: int) -> list[Shock]:
        """Return the shocks active on ``day``."""
        return [shock for shock in self.shocks if shock.start <= day < shock.start + shock.days]

    def factor(self, active: list[Shock], target: str) -> NDArray[np.float64]:
        """Return the factor on ``target`` by channel [C], 1 where nothing strikes."""
        factors = np.ones(len(self.names))
        for shock in active:
            if shock.target == target:
                where = slice(None) if shock.channel is None else self.names.index(shock.channel)
                factors[where] *= shock.factor
        return factors

    def loss(self, day: int) -> float:
        """Return the once-only costs of shocks that start on ``day``, in currency."""
        return float(sum(shock.loss for shock in self.shocks if shock.start == day))
