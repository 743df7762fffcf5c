"""Bytes: changing state a customer, read off the arrays, and a year's peak of ten million customers."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.speed.markets import market
from benchmarks.speed.rows import Row, extra, plain
from sim.customers.population import State

CUSTOMERS = 8_192


def state_rows(customers: int = CUSTOMERS) -> list[Row]:
    """Return the bytes of changing state a customer, and what records hold beside: fixed traits."""
    ours = market(customers, 2).customers
    whole = bytes_of((ours.people, ours.gate)) / customers
    state = ours.gate.itemsize + sum(ours.people.dtype[name].itemsize for name in State._fields[1:])
    traits = whole - state
    return [plain("bytes_per_customer", state, "bytes"), extra("bytes_of_traits", traits, "bytes")]


def bytes_of(holder: Any) -> int:
    """Return the bytes that arrays, or tuples of them, take; memory that columns share counts once."""
    spans = {span for array in _arrays(holder) for span in _owned(array)}
    return sum(last - first for first, last in spans)


def _arrays(holder: Any) -> list[np.ndarray]:
    if isinstance(holder, np.ndarray):
        return [holder]
    return [array for part in holder for array in _arrays(part)]


def _owned(array: np.ndarray) -> list[tuple[int, int]]:
    """Return where the memory lies that an array is, or is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return [(array.ctypes.data, array.ctypes.data + array.nbytes)]


def year_rows(year: dict[str, Any]) -> list[Row]:
    """Return the rows of a year lived by :mod:`benchmarks.speed.year`."""
    peak, customers = year["peak_bytes"], year["customers"]
    told = {key: year[key] for key in ("customers", "days", "seconds", "make_seconds")}
    return [
        plain("memory_10m_gb", peak / 1e9, "GB", **told),
        extra("memory_10m_bytes_per_customer", peak / customers, "bytes, all included"),
        extra("year_10m_seconds", year["seconds"], f"seconds, {year['days']} days"),
        extra("make_10m_seconds", year["make_seconds"], "seconds"),
    ]
