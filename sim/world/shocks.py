"""Shocks: what strikes on dated days, multiplying what it hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.setup import Channel, Shock


class Shocks:
    """The shocks of a run, by day.

    Raises
    ------
    ValueError
        If a shock strikes a channel that does not exist.
    """

    def __init__(self, shocks: Sequence[Shock], channels: tuple[Channel, ...]) -> None:
        self.shocks = tuple(shocks)
        self.names = [channel.name for channel in channels]
        self.losses: dict[int, float] = {}
        for shock in self.shocks:
            self.losses[shock.start] = self.losses.get(shock.start, 0.0) + shock.loss
        self.calm = dict.fromkeys(Shock.TARGETS, np.ones(len(channels)))
        for shock in self.shocks:
            if shock.channel is not None and shock.channel not in self.names:
                raise ValueError(f"shock {shock.name!r}: no channel {shock.channel!r}; known: {self.names}")

    def strike(self, day: int) -> Mapping[str, NDArray[np.float64]]:
        """Return the factors of ``day`` by target, [C] each, 1 where nothing strikes."""
        active = [
            shock for shock in self.shocks if shock.start <= day < shock.start + shock.days + shock.recovery
        ]
        if not active or day < 0:
            return self.calm
        factors = {target: ones.copy() for target, ones in self.calm.items()}
        for shock in active:
            where = slice(None) if shock.channel is None else self.names.index(shock.channel)
            factors[shock.target][where] *= shock.strength(day)
        return factors

    def loss(self, day: int) -> float:
        """Return the once-only costs of shocks that start on ``day``, in currency."""
        return self.losses.get(day, 0.0)
