"""The orders in which draws are laid out for a battery: which part of the address moves fastest.

A battery reads one long sequence, and sees best what lies side by side in it. A market reads draws side by
side along every part of an address (seed, stream, day, customer, alternative), so each part gets an order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import STREAMS
from sim.engine.compilation import compiled
from sim.engine.randomness import GAMMA, MASK, mix64, stream_key, word

# Compiled code mixes unsigned and signed numbers to floats, so the sizes are unsigned from the start.
CUSTOMERS, DAYS, ALTERNATIVES = np.uint64(100_000), np.uint64(1_460), np.uint64(10)
FOUR, TWO, ONE, SIXTEEN = np.uint64(4), np.uint64(2), np.uint64(1), np.uint64(16)
HALF = np.uint64(0xFFFFFFFF)
BY_CUSTOMER, BY_DAY, BY_ALTERNATIVE, BY_PERSON, BY_BASE, ADDED, BY_SLICE, LOW_SLICE = range(8)
BLOCK = 1 << 18
SEEDS = 64


@dataclass(frozen=True)
class Order:
    """One layout of draws: a name, its number in :func:`half`, and what lies side by side."""

    name: str
    number: int
    says: str
    bases: tuple[int, ...]
    control: bool = False  # a flawed layout that a battery must find


def _base(seed: int, stream: str) -> int:
    """Return the word from which a stream's days are counted."""
    from sim.engine.randomness import _stream_base

    return _stream_base(seed, stream)


ORDERS = (
    Order("customer", BY_CUSTOMER, "customers of a day, day after day", (_base(1, "visit"),)),
    Order(
        "day", BY_DAY, "the days of a customer; four 16-bit slices a word, low first", (_base(2, "visit"),)
    ),
    Order("alternative", BY_ALTERNATIVE, "ten alternatives of a customer and day", (_base(3, "buy"),)),
    Order("person", BY_PERSON, "customers of one alternative, then of the next", (_base(4, "buy"),)),
    Order("stream", BY_BASE, "ten streams of a customer and day", tuple(_base(5, s) for s in STREAMS)),
    Order(
        "seed",
        BY_BASE,
        "64 seeds in a row of a customer and day",
        tuple(_base(s, "visit") for s in range(SEEDS)),
    ),
    Order("slice", BY_SLICE, "one 16-bit slice of each customer, then the next slice", (_base(6, "visit"),)),
    Order("low_slice", LOW_SLICE, "the lowest 16 bits of each customer", (_base(7, "visit"),)),
    Order(
        "control", ADDED, "flawed on purpose: days added to the key, not hashed", (_base(8, "visit"),), True
    ),
)
NAMED = {order.name: order for order in ORDERS}


def day_key(base: Any, day: Any) -> Any:
    """Return the key of a stream's day: what :func:`sim.engine.randomness.stream_key` gives for day >= 0."""
    return mix64((base + day * GAMMA) & MASK)


def placed(number: int, n: Any, bases: Any) -> Any:
    """Return word ``n`` of an order."""
    if number == BY_DAY:
        return word(day_key(bases[0], n % DAYS), n // DAYS)
    if number == BY_ALTERNATIVE:
        who = n // ALTERNATIVES
        return word(word(day_key(bases[0], who // CUSTOMERS), who % CUSTOMERS), n % ALTERNATIVES)
    if number == BY_PERSON:
        turn = n // CUSTOMERS
        return word(word(day_key(bases[0], turn // ALTERNATIVES), n % CUSTOMERS), turn % ALTERNATIVES)
    if number == BY_BASE:
        many = np.uint64(len(bases))
        who = n // many
        return word(day_key(bases[n % many], who // CUSTOMERS), who % CUSTOMERS)
    if number == ADDED:
        return word(bases[0] + (n % DAYS) * GAMMA, n // DAYS)
    return word(day_key(bases[0], n // CUSTOMERS), n % CUSTOMERS)


def sliced(number: int, n: Any, bases: Any) -> Any:
    """Return 16-bit draw ``n``: slice k of a word serves day k of four, for all customers of the day."""
    day, who = n // CUSTOMERS, n % CUSTOMERS
    if number == LOW_SLICE:
        return word(day_key(bases[0], day), who) & np.uint64(0xFFFF)
    return (word(day_key(bases[0], day // FOUR), who) >> (SIXTEEN * (day % FOUR))) & np.uint64(0xFFFF)


def half(number: int, n: Any, bases: Any) -> Any:
    """Return 32 bits: number ``n`` of an order, the low half of a word before the high one."""
    if number >= BY_SLICE:
        return sliced(number, n * TWO, bases) | (sliced(number, n * TWO + ONE, bases) << SIXTEEN)
    return (placed(number, n >> ONE, bases) >> (np.uint64(32) * (n & ONE))) & HALF


def fill(number: int, first: Any, bases: Any, out: Any) -> None:
    """Write the 32-bit draws from number ``first`` on into ``out``."""
    for j in range(len(out)):
        out[j] = half(number, first + np.uint64(j), bases)


def draws(order: Order, first: int, count: int) -> NDArray[np.uint32]:
    """Return ``count`` 32-bit draws of an order from number ``first`` on."""
    out = np.empty(count, np.uint32)
    compiled(fill)(order.number, np.uint64(first), np.array(order.bases, np.uint64), out)
    return out


def blocks(order: Order) -> Iterator[bytes]:
    """Yield the order's bytes, without end."""
    first = 0
    while True:
        yield draws(order, first, BLOCK).tobytes()
        first += BLOCK


def plain(order: Order, n: int) -> int:
    """Return word ``n`` of an order by the public functions, in plain Python integers."""
    seed = {"customer": 1, "day": 2, "alternative": 3, "person": 4, "stream": 5, "low_slice": 7}.get(
        order.name, 0
    )
    customers, days, alternatives = int(CUSTOMERS), int(DAYS), int(ALTERNATIVES)
    if order.name == "day":
        return int(word(stream_key(seed, "visit", n % days), n // days))
    if order.name == "alternative":
        day, who = divmod(n // alternatives, customers)
        return int(word(word(stream_key(seed, "buy", day), who), n % alternatives))
    if order.name == "person":
        day, turn = divmod(n // customers, alternatives)
        return int(word(word(stream_key(seed, "buy", day), n % customers), turn))
    if order.name in ("stream", "seed"):
        rest, which = divmod(n, len(order.bases))
        day, who = divmod(rest, customers)
        key = (
            stream_key(seed, STREAMS[which], day)
            if order.name == "stream"
            else stream_key(which, "visit", day)
        )
        return int(word(key, who))
    day, who = divmod(n, customers)
    return int(word(stream_key(seed, "visit", day), who))
