"""What happened on one day, and arithmetic as plain Python does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np


def plain(item: Any) -> Any:
    """Return arrays as lists, within tuples too: plain Python has no 64-bit words."""
    if isinstance(item, np.ndarray):
        return item.tolist()
    return type(item)(*map(plain, item)) if hasattr(item, "_fields") else item


@dataclass
class DayBook:
    """What happened on one day."""

    day: int
    visits: list[tuple[int, int, int]] = field(default_factory=list)  # customer, source, channel
    orders: list[tuple[int, int, int, int]] = field(default_factory=list)  # ... , source, channel, list value
    goods: list[int] = field(default_factory=list)  # the group of goods of each order
    takings: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # (what, group, channel)
    pieces: Counter[tuple[str, int, int]] = field(default_factory=Counter)  # (fate, group, channel)
    events: Counter[tuple[int, str]] = field(default_factory=Counter)  # (channel, event)
    credited: Counter[tuple[int, str]] = field(default_factory=Counter)  # (source, orders or sales)
    second: Counter[int] = field(default_factory=Counter)  # second orders by days since the first
    expired: int = 0  # coupons whose last day this was
    departed: list[tuple[int, int, int]] = field(
        default_factory=list
    )  # months, channels, flags of who is replaced
    left_behind: Counter[str] = field(default_factory=Counter)  # coupons and points of theirs
