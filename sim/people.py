"""Counts of people at a month's end: stages of life, groups by value, opinions, and what the retailer knows.

Everything is counted in agents. What the retailer *knows* differs from what is true: whoever it does not
recognise stands in its books once for every channel used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.customers.care import FRESH, GONE, GROUPS, QUIET, groups_of
from sim.customers.identity import RECOGNISED, REFERRED

if TYPE_CHECKING:
    from sim.customers.population import KeptTraits, State, Traits

STAGES = ("prospect", "new", "active", "lapsing", "lost")
# The answer from which an active customer recommends us, and up to which it warns; answers scatter around a
# customer's satisfaction as experiences do, half this wide. Both are ours: satisfaction is no scale of 0-10.
PROMOTES, DETRACTS, SCATTER = 0.8, 0.4, 0.2
YEAR = np.uint32(0xFFF)


def counted(
    day: int, state: State, traits: Traits | KeptTraits, content: NDArray[np.float64]
) -> dict[str, float]:
    """Return counts of customers by RFM group (``rfm_*``), stage (``stage_*``) and opinion.

    ``content`` [n] is the active customers' satisfaction 0-1. A stage goes by the days since the last order:
    new is one order in 90 days, active up to 180, lapsing up to 365, lost beyond. ``opinions`` are the active
    customers; ``promoters`` and ``detractors`` the parts of them to be expected if they were asked.
    """
    since, orders = day - state.last_order, state.orders
    months = np.bitwise_count(state.recent & YEAR)
    groups = np.bincount(groups_of(orders, months, since, traits.basket), minlength=len(GROUPS))
    found = {f"rfm_{name}": float(count) for name, count in zip(GROUPS, groups, strict=True)}
    found |= {f"stage_{name}": count for name, count in zip(STAGES, _stages(orders, since), strict=True)}
    found["opinions"] = float(len(content))
    for name, part in (("promoters", promoting(content)), ("detractors", detracting(content))):
        found[name] = float(part.sum())
    return found


def _stages(orders: NDArray[np.int16], since: NDArray[np.int32]) -> list[float]:
    bought = orders > 0
    new = (orders == 1) & (since <= FRESH)
    within = [int((bought & (since <= days)).sum()) for days in (QUIET, GONE)]
    counts = (
        (~bought).sum(),
        new.sum(),
        within[0] - new.sum(),
        within[1] - within[0],
        bought.sum() - within[1],
    )
    return [float(count) for count in counts]


def contentment(state: State) -> NDArray[np.float64]:
    """Return active customers' mean satisfaction with the channels they have bought at, 16-bit units [n]."""
    active = (state.recent & YEAR) != 0
    channels = np.arange(state.satisfaction.shape[1], dtype=np.uint8)
    used = (state.used[active, None] >> channels) & 1
    bought = used.any(axis=1)
    total = (state.satisfaction[active] * used.astype(float)).sum(axis=1)[bought]
    return np.asarray(total / used.sum(axis=1)[bought])


def known(recent: NDArray[np.uint32], used: NDArray[np.uint8], flags: NDArray[np.uint8]) -> dict[str, float]:
    """Return what the retailer's joined data say of the active customers.

    ``known_active`` and ``known_multichannel`` are its counts, ``recognised`` the active customers it takes
    for one person, ``referred`` those who first came on a friend's word.
    """
    now = (recent & YEAR) != 0
    channels, joined = np.bitwise_count(used[now]), flags[now] & RECOGNISED != 0
    return {
        "known_active": float(np.where(joined, 1, channels).sum()),
        "known_multichannel": float((joined & (channels >= 2)).sum()),
        "recognised": float(joined.sum()),
        "referred": float((flags[now] & REFERRED != 0).sum()),
    }


def promoting(content: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a customer of this satisfaction recommends us [n]."""
    return np.clip((content + SCATTER - PROMOTES) / (2.0 * SCATTER), 0.0, 1.0)


def detracting(content: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a customer of this satisfaction warns others [n]."""
    return np.clip((DETRACTS - content + SCATTER) / (2.0 * SCATTER), 0.0, 1.0)


class Moves:
    """Who moved between channels: the main channel of each active customer, a year ago and now."""

    def __init__(self, customers: int, channels: int) -> None:
        self.channels = channels
        self.main = np.full(customers, channels, np.int8)  # `channels` stands for none

    def count(self, state: State) -> NDArray[np.int64]:
        """Return customers by main channel at the latest count (rows) and now [C + 1, C + 1]; last: none."""
        width = self.channels + 1
        now = np.where((state.recent & YEAR) != 0, state.habit.argmax(axis=1), self.channels)
        moved = np.bincount(self.main.astype(np.int64) * width + now, minlength=width * width)
        self.main = now.astype(np.int8)
        return moved.reshape(width, width)
