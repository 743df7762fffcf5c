"""What the parts of a firm's operations share: how they are checked, how they come in, when demand is met."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.customers.choice import REFERENCE_DELIVERY

Array = NDArray[np.float64]
NORMAL = NormalDist()
SURE = 0.98  # share answered that staff can be hired for


def check(place: str, part: Any, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Raise ValueError where a field of a part is no finite number in its range; ``None`` is not given."""
    for name, (low, high) in ranges.items():
        value = getattr(part, name)
        if value is not None and not low <= value <= high:  # a NaN is in no range
            raise ValueError(f"{place}.{name}: {value}; expected a number from {low:g} to {high:g}")


def check_starts(place: str, starts: Mapping[str, int], known: tuple[str, ...]) -> None:
    """Raise ValueError where days of a start are given for what a part does not do, or are no whole days."""
    for name, day in starts.items():
        if name not in known:
            raise ValueError(f"{place}.starts: no {name!r}; expected some of {known}")
        if day != int(day):
            raise ValueError(f"{place}.starts.{name}: {day}; expected a whole day")


def ripeness(day: int, start: int, ripen: int) -> float:
    """Return how much of a change is there on ``day``: a smoothstep from ``start`` over ``ripen`` days."""
    if day < start:
        return 0.0
    if ripen <= 0 or day >= start + ripen:
        return 1.0
    x = (day - start) / ripen
    return x * x * (3.0 - 2.0 * x)


def quality_met(service: Array, delivery: Array, online: Array, dislike: float) -> Array:
    """Return the quality 0-1 that buyers meet by channel [C]: the response to them, less for late delivery.

    ``delivery`` in days, of which each beyond the usual takes ``dislike`` where a channel is ``online`` (1 or 0).
    """
    met = []
    for response, days, delivered in zip(service.tolist(), delivery.tolist(), online.tolist(), strict=True):
        late = (days - REFERENCE_DELIVERY) * delivered
        met.append(min(max(response - dislike * late, 0.0), 1.0))
    return np.array(met)


def answered(capacity: float, load: float, scatter: float) -> float:
    """Return the share of calls that come in hours when capacity suffices.

    Load scatters log-normally from hour to hour, with log standard deviation ``scatter``; what comes in an
    hour of more load than capacity is not answered in time.
    """
    if load <= 0.0:
        return 1.0
    if capacity <= 0.0:
        return 0.0
    return 0.5 * math.erfc(-math.log(capacity / load) / (scatter * math.sqrt(2.0)))


def staffed(share: float, scatter: float) -> float:
    """Return the capacity over load at which ``share`` is answered in time: the inverse of :func:`answered`."""
    return math.exp(scatter * NORMAL.inv_cdf(min(max(share, 1.0 - SURE), SURE)))
