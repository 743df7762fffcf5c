"""Own statistics on the addressed draws: each returns p-values under "these are independent uniform draws".

Sums of squared standard scores are held against chi-square: one number sees a little everywhere as well as
much in one place. Cells of an avalanche are scored by their exact binomial variance.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import STREAMS
from sim.engine.compilation import compiled
from sim.engine.randomness import (
    GAMMA,
    day_keys,
    exponential,
    gumbel,
    mix64,
    normal,
    stream_key,
    uniforms,
    unit,
    word,
)

Words = NDArray[np.uint64]
Array = NDArray[np.float64]
BITS = 64
GATES = (0.002, 0.02, 0.2)  # shares of customers a gate lets through
# Which bits of each part of an address a market uses: a day fits 16 bits, an alternative 6.
USED = {"seed": 64, "stream": 32, "day": 16, "customer": 32, "alternative": 6}


def keyed(seed: Words, stream: Words, day: Words) -> Words:
    """Return stream keys of arrays of addresses; ``stream`` is the checksum of its name."""
    gamma = np.uint64(GAMMA)
    return np.asarray(mix64(mix64(mix64(seed + gamma) ^ stream) + day * gamma))


def addressed(parts: Mapping[str, Words]) -> Words:
    """Return the word of each address, alternative and all."""
    key = keyed(parts["seed"], parts["stream"], parts["day"])
    return np.asarray(word(word(key, parts["customer"]), parts["alternative"]))


def avalanche(part: str, samples: int, luck: np.random.Generator) -> dict[str, float]:
    """Flip each bit of one part of an address: how often each output bit flips.

    Returns p-values: ``flips`` (all cells of input x output bits, fair coins each), ``worst`` (the farthest
    cell) and ``together`` (pairs of output bits flip independently).
    """
    start = {
        "seed": luck.integers(0, 2**63, samples, dtype=np.uint64),
        "stream": luck.integers(0, 2**32, samples, dtype=np.uint64),
        "day": luck.integers(0, 1_500, samples, dtype=np.uint64),
        "customer": luck.integers(0, 10_000_000, samples, dtype=np.uint64),
        "alternative": luck.integers(0, 12, samples, dtype=np.uint64),
    }
    before, scores, pairs = addressed(start), [], []
    for bit in range(USED[part]):
        flipped = before ^ addressed(start | {part: start[part] ^ np.uint64(1 << bit)})
        signs = 2.0 * bits_of(flipped) - 1.0  # [samples, 64], +1 where the bit flipped
        scores.append(signs.sum(axis=0) / np.sqrt(samples))
        joint = signs.T @ signs / np.sqrt(samples)
        pairs.append(joint[np.triu_indices(BITS, 1)])
    return {"flips": squares(scores), "worst": farthest(scores), "together": squares(pairs)}


def bits_of(words: Words) -> NDArray[np.uint8]:
    """Return the bits [n, 64] of words, lowest first."""
    return np.unpackbits(words.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")


def squares(scores: Any) -> float:
    """Return the p-value of the sum of squared standard scores."""
    from scipy import stats

    flat = np.concatenate([np.ravel(score) for score in scores])
    return float(stats.chi2.sf((flat**2).sum(), flat.size))


def farthest(scores: Any) -> float:
    """Return the p-value of the farthest of many standard scores, given their number (Sidak 1967)."""
    from scipy import stats

    flat = np.concatenate([np.ravel(score) for score in scores])
    return float(-np.expm1(flat.size * np.log1p(-2.0 * stats.norm.sf(np.abs(flat).max()))))


def lattice(days: int, customers: int, alternatives: int, seed: int = 11) -> Words:
    """Return words [day, customer, alternative] of the stream ``buy``."""
    keys = day_keys(seed, ["buy"], 0, days)[:, 0]
    whom = word(keys[:, None], np.arange(customers, dtype=np.uint64)[None, :])
    return np.asarray(word(whom[:, :, None], np.arange(alternatives, dtype=np.uint64)[None, None, :]))


def serial(words: Words, lags: int) -> dict[str, float]:
    """Correlate draws with those a few steps on, along each axis of a lattice of words."""
    found = {}
    values = (as_units(words) - 0.5) * np.sqrt(12.0)
    for axis, name in enumerate(("day", "customer", "alternative")):
        scores = []
        for lag in range(1, min(lags, words.shape[axis] - 1) + 1):
            ahead = np.take(values, range(lag, words.shape[axis]), axis)
            behind = np.take(values, range(words.shape[axis] - lag), axis)
            scores.append((ahead * behind).sum() / np.sqrt(ahead.size))
        found[f"by {name}"] = squares([scores])
    return found


def two_way(words: Words, cells: int = 64) -> dict[str, float]:
    """Tabulate neighbours along each axis, and test rows and columns of the two-way tables for effects."""
    from scipy import stats

    values, found = as_units(words), {}
    for axis, name in enumerate(("days", "customers", "alternatives")):
        ahead = np.take(values, range(1, words.shape[axis], 2), axis).ravel()
        behind = np.take(values, range(0, 2 * (words.shape[axis] // 2), 2), axis).ravel()
        table = np.histogram2d(ahead, behind, cells, [(0, 1), (0, 1)])[0]
        found[f"neighbouring {name}"] = float(stats.chisquare(table.ravel()).pvalue)
    centred = (values - 0.5) * np.sqrt(12.0)
    for name, axes in {"day x customer": (2,), "customer x alternative": (0,)}.items():
        table = centred.sum(axis=axes) / np.sqrt(np.prod([words.shape[a] for a in axes]))
        rows, columns = (
            table.sum(axis=1) / np.sqrt(table.shape[1]),
            table.sum(axis=0) / np.sqrt(table.shape[0]),
        )
        found[f"{name}: cells"] = squares([table])
        found[f"{name}: rows"], found[f"{name}: columns"] = squares([rows]), squares([columns])
    return found


def crossed(draws: int) -> dict[str, float]:
    """Correlate all pairs of sequences: streams, neighbouring days, neighbouring and far seeds."""
    addresses = [(seed, name, day) for seed in (0, 1, 2, 2**63) for name in STREAMS for day in (-1, 0, 1)]
    values = np.array([uniforms(stream_key(*address), draws) for address in addresses])
    scores = ((values - 0.5) @ (values - 0.5).T * 12.0 / np.sqrt(draws))[np.triu_indices(len(values), 1)]
    return {"all pairs": squares([scores]), "worst pair": farthest([scores])}


def laws(draws: int) -> dict[str, float]:
    """Hold the transforms against their laws: Kolmogorov-Smirnov, Anderson-Darling, counts in the tails."""
    from scipy import stats

    words = np.asarray(
        word(np.full(1, stream_key(21, "look"), np.uint64), np.arange(2 * draws, dtype=np.uint64))
    )
    single = np.empty(draws)
    found = {}
    shapes: tuple[tuple[str, Callable[..., Any], Any], ...] = (
        ("unit", _units, stats.uniform),
        ("exponential", _exponentials, stats.expon),
        ("gumbel", _gumbels, stats.gumbel_r),
        ("normal", _normals, stats.norm),
    )
    for name, loop, law in shapes:
        compiled(loop)(words, single)
        found[f"{name}: KS"] = float(stats.kstest(single, law.cdf).pvalue)
        found[f"{name}: AD"] = anderson_darling(law.cdf(single), law.sf(single))
        for side, tail in {"low": law.cdf(single), "high": law.sf(single)}.items():
            beyond = int((tail < 1e-3).sum())
            found[f"{name}: {side} tail"] = float(stats.binomtest(beyond, draws, 1e-3).pvalue)
    return found


def _units(words: Words, out: Array) -> None:
    for j in range(len(out)):
        out[j] = unit(words[j])


def _exponentials(words: Words, out: Array) -> None:
    for j in range(len(out)):
        out[j] = exponential(words[j])


def _gumbels(words: Words, out: Array) -> None:
    for j in range(len(out)):
        out[j] = gumbel(words[j])


def _normals(words: Words, out: Array) -> None:
    for j in range(len(out)):
        out[j] = normal(words[2 * j], words[2 * j + 1])


def anderson_darling(below: Array, above: Array) -> float:
    """Return the p-value of draws whose probabilities below and above them are given.

    The limiting law of the statistic is that of Marsaglia & Marsaglia 2004, "Evaluating the Anderson-Darling
    distribution", Journal of Statistical Software 9(2).
    """
    n = len(below)
    low, high = np.sort(below), np.sort(above)
    odd = 2.0 * np.arange(n) + 1.0
    z = float(-n - (odd * (np.log(low) + np.log(high))).mean())
    if z < 2.0:
        inner = np.polyval((-0.00168691, 0.0116720, -0.0347962, 0.0649821, -0.247105), z)
        return float(1.0 - np.exp(-1.2337141 / z) / np.sqrt(z) * (2.00012 - inner * z))
    inner = np.polyval((-0.0003146, 0.008056, -0.082433, 0.43424, -2.30695, 1.0776), z)
    return float(-np.expm1(-np.exp(inner)))


def slices(customers: int, blocks: int) -> dict[str, float]:
    """Take the four 16-bit slices of a word for four draws: each uniform, pairs and gates independent."""
    from scipy import stats

    keys = day_keys(31, ["visit"], 0, blocks)[:, 0]
    words = np.asarray(word(keys[:, None], np.arange(customers, dtype=np.uint64)[None, :])).ravel()
    parts = [(words >> np.uint64(16 * k)) & np.uint64(0xFFFF) for k in range(4)]
    found = {}
    for k, part in enumerate(parts):
        counts = np.bincount(part.astype(np.int64), minlength=1 << 16)
        found[f"slice {k}: all values"] = float(stats.chisquare(counts).pvalue)
    for k in range(4):
        for j in range(k):
            table = np.bincount(
                ((parts[k] >> np.uint64(8)) << np.uint64(8) | parts[j] >> np.uint64(8)).astype(np.int64),
                minlength=1 << 16,
            )
            found[f"slices {j} and {k}: high bytes"] = float(stats.chisquare(table).pvalue)
            low = np.bincount(
                (((parts[k] & np.uint64(255)) << np.uint64(8)) | parts[j] & np.uint64(255)).astype(np.int64),
                minlength=1 << 16,
            )
            found[f"slices {j} and {k}: low bytes"] = float(stats.chisquare(low).pvalue)
    for gate in GATES:
        bound = round(gate * 2**16)
        outcome = sum((part < bound).astype(np.int64) << k for k, part in enumerate(parts))
        p = bound / 2**16
        chance = np.array(
            [p ** bin(o).count("1") * (1 - p) ** (4 - bin(o).count("1")) for o in range(16)]
        ) * len(words)
        counts = np.bincount(outcome, minlength=16).astype(float)
        few = chance < 5.0  # outcomes too rare for chi-square stand together
        counts, chance = (
            np.append(counts[~few], counts[few].sum()),
            np.append(chance[~few], chance[few].sum()),
        )
        kept = chance > 0
        found[f"gate {gate:g}: joint outcomes"] = float(stats.chisquare(counts[kept], chance[kept]).pvalue)
    return found


def unequal(count: int = 20_000) -> int:
    """Return how many words differ between plain Python, NumPy and compiled code."""
    key, out = stream_key(41, "visit", -3), np.empty(count, np.uint64)
    compiled(_words)(np.uint64(key), out)
    arrays = np.asarray(word(np.full(1, key, np.uint64), np.arange(count, dtype=np.uint64)))
    plain = [word(key, i) for i in range(count)]
    return sum(len({int(a), int(b), int(c)}) > 1 for a, b, c in zip(out, arrays, plain, strict=True))


def _words(key: Any, out: Words) -> None:
    for j in range(len(out)):
        out[j] = word(key, np.uint64(j))


def as_units(words: Words) -> Array:
    """Return words as 52-bit uniforms."""
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def checksum(stream: str) -> int:
    """Return what stands for a stream's name in its key."""
    return zlib.crc32(stream.encode())


def everything(scale: float = 1.0) -> dict[str, dict[str, float]]:
    """Return all p-values by family of tests; ``scale`` 1 takes about a minute."""
    luck, many = np.random.default_rng(2026), lambda n: max(int(n * scale), 64)
    grid = lattice(many(400), many(2_000), 10)
    return {
        **{f"avalanche of the {part}": avalanche(part, many(16_384), luck) for part in USED},
        "serial correlation, 32 lags": serial(grid, 32),
        "two-way tables": two_way(grid),
        "cross-stream correlation": crossed(many(100_000)),
        "laws of the transforms": laws(many(1_000_000)),
        "16-bit slices": slices(many(100_000), many(100) if scale >= 1.0 else 20),
    }
