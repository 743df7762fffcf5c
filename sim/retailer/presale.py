"""Presale: visits put off until an event's first day, when the orders placed ahead are booked.

In the days before an event a share of those who would look in online by search, content, recommendation or
advertising reserve instead; just as many visits come back on the first day, no more. What a presale gains is the
event's own doing (its depth), a peak known ahead, and orders that a rival cannot take in between; what it costs is
the discount and the sales put off. Visits by habit (direct, walking in, private domain) are not put off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values
from sim.setup import NEED_SOURCES, SOURCES

Array = NDArray[np.float64]
PARAMETERS = (
    Parameter("presale_uptake", "share of visits put off per unit of depth", 2.0, 0.5, 4.0, "A", "a case: volume of two normal days", "log"),
    Parameter("presale_most", "largest share of visits put off", 0.6, 0.3, 0.8, "A", "-", "logit"),
)  # fmt: skip
PUT_OFF = np.array(
    [SOURCES.index(s) for s in ("organic_search", "content", "referral", "paid_search", "feed_ads", "live")]
)


@dataclass(frozen=True)
class Presale:
    """Orders taken for an event on day ``first``, during ``days`` before it, at ``depth`` off the price."""

    name: str
    first: int
    days: int
    depth: float

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"presale {self.name!r}: days {self.days}; expected 1 or more")
        if not (math.isfinite(self.depth) and 0.0 <= self.depth < 1.0):
            raise ValueError(f"presale {self.name!r}: depth {self.depth}; expected 0 or more, below 1")


class PresaleDesk:
    """Visits put off and not yet back: ``waiting`` [S], real visits; an event beyond the horizon has no presale."""

    def __init__(self, presales: Sequence[Presale], values: Values, horizon: int) -> None:
        held = [presale for presale in presales if 0 < presale.first < horizon]
        self.firsts = {presale.first for presale in held}
        self.shares: dict[int, float] = {}
        for presale in held:
            share = min(values["presale_uptake"] * presale.depth, values["presale_most"])
            for day in range(max(presale.first - presale.days, 0), presale.first):
                if day not in self.firsts:
                    self.shares[day] = max(share, self.shares.get(day, 0.0))
        self.waiting, self.back, self.come_back = np.zeros(len(SOURCES)), np.zeros(len(SOURCES)), 0.0
        self.kept = np.ones(len(SOURCES))

    def draw(self, day: int, pull: Array, stimulus: Array, audience: float) -> None:
        """Take today's share out of ``pull`` [5] and ``stimulus`` [S], or bring the waiting back."""
        self.come_back = 0.0
        if day in self.firsts:
            self.back, self.waiting = self.waiting, np.zeros(len(SOURCES))
            self.come_back = float(self.back.sum())
            stimulus += self.back / max(audience, 1e-9)
        elif day in self.shares:
            self.kept[PUT_OFF] = 1.0 - self.shares[day]
            pull *= self.kept[:NEED_SOURCES]
            stimulus *= self.kept

    def note(self, day: int, visits: NDArray[np.int64], weight: float, needs: float) -> float:
        """Take in the day's visits by source [S] (agents); return the share of them that came back.

        ``needs`` are the real needs of the day. Of those who do not look in by a source that competes for needs
        some look in by another, so only the others wait: with total attraction T before and T' after, and
        attraction P put off, visits fall by share x P / ((1 + T)(1 + T')), and 1 / (1 + T') look nowhere.
        """
        share = self.shares.get(day)
        if share is not None and day not in self.firsts:
            seen = visits * weight
            missed = seen[PUT_OFF] * (share / (1.0 - share))
            nowhere = max(1.0 - float(seen[:NEED_SOURCES].sum()) / max(needs, 1e-9), 0.0)
            competing = PUT_OFF < NEED_SOURCES
            missed[competing] *= nowhere / (1.0 + float(missed[competing].sum()) / max(needs, 1e-9))
            self.waiting[PUT_OFF] += missed
        online = float(visits[1:].sum()) * weight
        return min(self.come_back / online, 1.0) if self.come_back > 0.0 and online > 0.0 else 0.0
