"""Floors: the least that any market could do with a customer's day, measured on the same arrays.

The loop hashes one number a customer and day and, for the share who shop, reads one byte of every field of
state that a shopper's day touches. It computes nothing, writes nothing, and turns the others away without
looking at any of their state: no market that decides by individual luck can be cheaper. The fields are read
off the arrays as they are - columns, matrices, records -, so the floor follows whatever layout a market has.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from benchmarks.speed.markets import visits_a_day
from sim.engine.compilation import compiled
from sim.engine.randomness import stream_key, word

Place = tuple[int, int]  # address of the first customer's byte, bytes to the next customer's


def places(holder: Any, customers: int) -> list[Place]:
    """Return where the fields of arrays, records and tuples of them lie.

    A column [N] has one byte to read; a matrix [N, C] one a column, since a shopper's day goes through all;
    an array of records one a field. What has no row for each of the ``customers`` is not their state.
    """
    if not isinstance(holder, np.ndarray):
        return [place for field in holder for place in places(field, customers)]
    if holder.ndim == 0 or len(holder) != customers:
        return []
    if holder.dtype.names:
        return [place for name in holder.dtype.names for place in places(holder[name], customers)]
    inner = [holder.strides[1] * c for c in range(holder.shape[1])] if holder.ndim > 1 else [0]
    return [(holder.ctypes.data + offset, holder.strides[0]) for offset in inner]


class Floor:
    """The floor under the arrays of ``holder``, with a ``share`` of customers shopping each day."""

    def __init__(self, customers: int, share: float, holder: Any) -> None:
        found = np.array(places(holder, customers), np.int64)
        self._holder = holder  # keeps the memory that the addresses point to
        self._bases, self._strides = found[:, 0].copy(), found[:, 1].copy()
        self.customers, self.share, self.day, self.read = customers, share, 0, 0
        self._loop = _loop()

    def step(self) -> None:
        """Live one day."""
        key = np.uint64(stream_key(1, "visit", self.day))
        bound = np.uint64(min(int(self.share * 2.0**64), 2**64 - 1))
        self.read += self._loop(self.customers, key, bound, self._bases, self._strides)
        self.day += 1


def floor_of_market(market: Any) -> Floor:
    """Return the floor under a full market: its state and traits, its own visits a day."""
    holder = (market.customers.people, market.customers.gate)
    return Floor(market.setup.customers, visits_a_day(market), holder)


@functools.cache
def _loop() -> Any:
    """Return the compiled loop, made on first use: numba takes a second to import."""
    import numba
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    hashed = compiled(word)

    @intrinsic
    def byte_at(typing: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.load(builder.inttoptr(arguments[0], ir.IntType(8).as_pointer()))

        return types.uint8(types.int64), generate

    def live(customers: int, key: Any, bound: Any, bases: Any, strides: Any) -> int:
        total = 0
        for i in range(customers):
            if hashed(key, np.uint64(i)) < bound:
                for k in range(len(bases)):
                    total += byte_at(bases[k] + i * strides[k])
        return total

    return numba.njit(nogil=True)(live)
