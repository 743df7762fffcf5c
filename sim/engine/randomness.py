"""Random numbers that are addressed, not consumed.

A draw is a pure function of (seed, stream, day, customer, alternative), so a run does not depend on
threads, order or on which customers shop, and two scenarios with one seed see the same customers with
the same luck. The generator is SplitMix64 used as a counter: position ``i`` of the sequence seeded with
``key`` is ``mix64(key + (i + 1) * GAMMA)`` (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
generators"; finaliser: Stafford's variant 13). The scalar functions are compiled into the day's loop and
run as they are in plain Python, where the masks wrap Python integers, and on numpy's uint64 arrays.
"""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Word: TypeAlias = (
    Any  # uint64 (or an array of it) in compiled code and numpy, a Python integer below 2**64 elsewhere
)

GAMMA = 0x9E3779B97F4A7C15
MASK = 0xFFFFFFFFFFFFFFFF
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
TINY = 2.0**-52


def mix64(z: Word) -> Word:
    """Return the SplitMix64 finaliser of ``z`` (64-bit unsigned)."""
    z = ((z ^ (z >> 30)) * FIRST) & MASK
    z = ((z ^ (z >> 27)) * SECOND) & MASK
    return z ^ (z >> 31)


def word(key: Word, index: Word) -> Word:
    """Return the 64-bit word at position ``index`` of the sequence ``key``."""
    return mix64((key + index * GAMMA + GAMMA) & MASK)


def unit(bits: Word) -> float:
    """Map a 64-bit word to the open interval (0, 1) with 52 bits: with 53 the last would round to 1."""
    return (float(bits >> 12) + 0.5) * TINY


def uniform(key: Word, index: Word) -> float:
    """Return the uniform draw of ``index`` (a customer) in the sequence ``key`` (a stream on a day)."""
    return unit(word(key, index))


def sliced(key: Word, index: Word) -> Word:
    """Return sixteen bits of luck for ``index``: four neighbours share a word, which saves three hashes."""
    return (word(key, index >> 2) >> ((index & 3) << 4)) & 0xFFFF


def refined(first: float, bits: Word) -> float:
    """Return the uniform in (0, 1) whose first sixteen bits are ``first``; the others come from ``bits``."""
    return (first + unit(bits)) * 2.0**-16


def ring(bits: Word, rate: float, before: float) -> float:
    """Return when an exponential clock of ``rate`` rings, or infinity where that is not ``before``.

    ``-log(u) >= 1 - u`` tells most late clocks without a logarithm.
    """
    u = unit(bits)
    if 1.0 - u >= before * rate:
        return math.inf
    time = -math.log(u) / rate
    return time if time < before else math.inf


def exponential(bits: Word) -> float:
    """Map a 64-bit word to a standard exponential."""
    return -math.log(unit(bits))


def gumbel(bits: Word) -> float:
    """Map a 64-bit word to a standard Gumbel, the error term of a logit choice."""
    return -math.log(-math.log(unit(bits)))


def normal(first: Word, second: Word) -> float:
    """Map two 64-bit words to a standard normal (Box & Muller 1958)."""
    return math.sqrt(-2.0 * math.log(unit(first))) * math.cos(2.0 * math.pi * unit(second))


def stream_key(seed: int, stream: str, day: int = 0) -> int:
    """Hash (seed, stream name, day) to a sequence key; parts are hashed in turn, never added up.

    Parameters
    ----------
    seed
        Any integer; taken modulo 2**64.
    stream
        What the draws are for, e.g. ``"visit"``.
    day
        Day of the simulation; burn-in days are negative.
    """
    return int(mix64((_stream_base(seed, stream) + day * GAMMA) & MASK))


def day_keys(seed: int, streams: Sequence[str], first: int, days: int) -> NDArray[np.uint64]:
    """Return ``stream_key(seed, stream, day)`` for ``days`` days from ``first`` on, [days, streams]."""
    bases = np.array([_stream_base(seed, stream) for stream in streams], np.uint64)
    offsets = np.arange(first, first + days).astype(np.uint64) * np.uint64(GAMMA)
    return np.asarray(mix64(bases[None, :] + offsets[:, None]))


def uniforms(key: int, count: int, first: int = 0) -> NDArray[np.float64]:
    """Return ``[uniform(key, i) for i in range(first, first + count)]`` as an array."""
    return uniforms_at(key, np.arange(first, first + count, dtype=np.uint64))


def uniforms_at(key: int, indices: NDArray[Any]) -> NDArray[np.float64]:
    """Return ``[uniform(key, i) for i in indices]`` as an array."""
    words = word(np.full(1, key, np.uint64), indices.astype(np.uint64, copy=False))
    return np.asarray(((words >> 12).astype(np.float64) + 0.5) * TINY)


@functools.lru_cache(maxsize=1024)
def _stream_base(seed: int, stream: str) -> int:
    return int(mix64(mix64((seed + GAMMA) & MASK) ^ zlib.crc32(stream.encode())))
