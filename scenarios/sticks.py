"""Shares of a whole broken off a stick, and the numbers that would break them so.

Each number between 0 and 1 says which part of what is left the next member takes, through the quantile of a
Beta(1, members still to come) distribution. Uniform numbers thus give every split the same chance (a
Dirichlet of ones), and every split can be reached.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

UNITS = 10_000  # shares are whole hundredths of a per cent, as a person would write them


def shares(sticks: Sequence[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Return the n + 1 shares that n numbers between 0 and 1 break a whole into; they sum to 1.

    Each share is within ``low`` and ``high``, as far as the others leave it room.

    Source: stick-breaking form of the Dirichlet distribution (Sethuraman 1994), all parameters 1.
    """
    left, parts, count = 1.0, [], len(sticks)
    for i, u in enumerate(sticks):
        least, most = _ends(left, count - i, low, high)
        parts.append(least + (most - least) * (1.0 - (1.0 - u) ** (1.0 / (count - i))))
        left -= parts[-1]
    return rounded([*parts, max(left, 0.0)])


def sticks(parts: Sequence[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Return the numbers that `shares` would break into ``parts``, or as near as it can."""
    left, numbers, count = sum(parts), [], len(parts) - 1
    for i, part in enumerate(parts[:-1]):
        least, most = _ends(left, count - i, low, high)
        taken = min(max((part - least) / (most - least), 0.0), 1.0) if most - least > 1e-12 else 0.0
        numbers.append(1.0 - (1.0 - taken) ** (count - i))
        left -= part
    return numbers


def _ends(left: float, others: int, low: float, high: float) -> tuple[float, float]:
    """Return the least and most that a share may take of what is left for it and ``others``."""
    return max(low, left - high * others), max(min(high, left - low * others), 0.0)


def rounded(parts: Sequence[float]) -> list[float]:
    """Return shares in whole hundredths of a per cent that still sum to 1 (largest remainders first)."""
    exact = [part * UNITS for part in parts]
    units = [math.floor(part + 1e-9) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: units[i] - exact[i])
    for i in order[: UNITS - sum(units)]:
        units[i] += 1
    return [unit / UNITS for unit in units]
