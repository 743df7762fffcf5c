"""``docs/random-numbers.md``: what was tested, what came out, and where the numbers' limits lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.luck.addresses import ORDERS

Row = Mapping[str, Any]
OUT = Path(__file__).resolve().parents[2] / "docs" / "random-numbers.md"
CYCLE = 2.0**64
BATTERIES = ("SmallCrush", "Rabbit", "Alphabit", "dieharder")
FAILED = 1e-6  # a corrected p-value below this would be a failure, not chance
HEAD = """# Random numbers

Made by `make random`. A draw is a pure function of (seed, stream, day, customer, alternative): SplitMix64
(Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"; finaliser: Stafford's variant
13) used as a counter, keys hashed in turn and never added (`sim/engine/randomness.py`, decisions 10 and
41). A market compares two plans on the same luck, so a pattern along any part of the address would pass
for an effect. Here every part is tested for one.

Published vectors (the sequence of seed 1234567) are held in `tests/sim/engine/test_randomness.py`; small
versions of what follows in `tests/sim/engine/test_randomness_proved.py`.
"""
OWN = """## Own statistics

Avalanche: each bit a market uses of a part is flipped; each of the 64 output bits must then flip like a
fair coin, each cell by itself and pairs of them together. Serial correlation, two-way tables and
correlation between streams, days and seeds; the transforms against their laws by Kolmogorov-Smirnov,
Anderson-Darling and counts in the tails; the four 16-bit slices of a word as four draws: every value,
pairs of slices, and gates of 0.2, 2 and 20 % opening together as often as chance has it. *Odd* counts
p-values below .001 or above .999; *corrected* is the farthest one times the number of tests, both sides
counted.
"""
OUTSIDE = """## Outside batteries

TestU01 (L'Ecuyer & Simard 2007, ACM TOMS 33:4): SmallCrush, Rabbit on 2^27 bits, Alphabit on 2^28;
Dieharder (Brown, Eddelbuettel & Bauer), 18 of its tests. Each reads draws laid side by side along one
part of the address:
"""
CONTROL = """
The last layout is flawed on purpose: it adds the day to the key instead of hashing it, as a careless
design would, so that a customer's luck is their neighbour's of the day before. A battery that passed it
would prove nothing.
"""


def write(rows: Sequence[Row], out: Path = OUT) -> None:
    """Write the page."""
    out.write_text("\n".join(lines(rows)) + "\n")


def lines(rows: Sequence[Row]) -> Iterable[str]:
    """Yield the page's blocks."""
    yield HEAD
    yield verdict(rows)
    yield OWN
    yield table(
        ("family", "tests", "odd", "farthest", "p", "corrected"), (cells(r) for r in rows if is_own(r))
    )
    same = next((row for row in rows if "unit" in row), None)
    if same is not None:
        yield f"\nOf 20,000 words, {same['ours']} differ between plain Python, NumPy and compiled code."
    yield ""
    yield OUTSIDE
    yield "\n".join(f"- `{order.name}`: {order.says}" for order in ORDERS)
    yield CONTROL
    yield table(
        ("battery", "layout", "tests", "odd", "farthest", "p", "corrected"),
        ((row["battery"], *cells(row)) for row in rows if row["battery"] != "own" and "tests" in row),
    )
    yield from skipped(rows)
    yield ""
    yield limits()


def is_own(row: Row) -> bool:
    """Whether a row is a family of own statistics."""
    return bool(row["battery"] == "own" and "tests" in row)


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's cells, name first."""
    return (
        row["name"],
        str(row["tests"]),
        str(row["odd"]),
        row["farthest"],
        f"{row['p']:.3g}",
        f"{row['p_corrected']:.2g}",
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads), *body])


def skipped(rows: Sequence[Row]) -> Iterable[str]:
    """Yield what could not be run, by name."""
    missing = {(row["battery"], row["skipped"]) for row in rows if "skipped" in row}
    yield from (f"\n{battery} was skipped: {why}." for battery, why in sorted(missing))
    absent = [name for name in BATTERIES if not any(row["battery"] == name for row in rows)]
    yield from (f"\n{battery} was not part of this run." for battery in absent)


def verdict(rows: Sequence[Row]) -> str:
    """Return what the tests say together, the control apart."""
    honest = [row for row in rows if "tests" in row and not row.get("control")]
    controls = [row for row in rows if "tests" in row and row.get("control")]
    tests, odd = sum(row["tests"] for row in honest), sum(row["odd"] for row in honest)
    failed = [
        f"{row['battery']} on {row['name']} ({row['farthest']})"
        for row in honest
        if row["p_corrected"] < FAILED
    ]
    told = f"**{tests} tests, {odd} odd where chance has {0.002 * tests:.1f}; "
    told += f"failed: {', '.join(failed)}.**" if failed else "none failed (corrected p below 10^-6).**"
    found = [row["battery"] for row in controls if row["p_corrected"] < FAILED]
    return told + (f" The flawed control failed in {', '.join(found)}." if found else "") + "\n"


def overlap(sequences: float, length: float) -> float:
    """Return how many pairs of sequences on the one cycle of 2^64 are expected to overlap."""
    return sequences * (sequences - 1.0) / 2.0 * (2.0 * length - 1.0) / CYCLE


def limits() -> str:
    """Return the limits, worked out."""
    alone, many = overlap(10 * 1_460, 1e6), overlap(500 * 10 * 1_460, 1e5)
    deep = overlap(0.02 * 1e6 * 365 * 2, 12)
    return f"""## Limits

- **One cycle.** SplitMix64 has a single cycle of 2^64; a key (seed, stream, day) is a place on it, and
  its customers are the places after. K sequences of L draws are expected to overlap K^2 L / 2^64 times. A
  market of a million customers over four years with ten streams: {alone:.1g} overlaps expected; an
  ensemble of 500 such markets of 100,000 customers: {many:.1g}. Two sequences that overlap share the luck
  of some customers of one day and stream with other customers of another: nothing a sum over customers
  shows.
- **Alternatives** are a second level: word(word(key, customer), alternative), twelve places each. A
  million customers' shoppers at 2 % a day for a year, two streams: {deep:.1g} overlaps expected, each of
  a few draws of two customers.
- **Sub-sequences by customer.** Within one key the words of all customers differ (the counter is a
  permutation): 2^32 customers would show too few repeats (birthdays), a million do not. Across days,
  streams and alternatives words repeat as often as chance has it.
- **Names of streams** enter as 32-bit checksums; two names with one checksum would share their luck. A
  test holds those in use apart.
- **Seeds** are taken modulo 2^64. Neighbouring seeds are unrelated (layout `seed`).
- **52-bit uniforms.** `unit` gives the 2^52 midpoints between 2^-53 and 1 - 2^-53, never 0 or 1. So an
  exponential lies below 36.8, a Gumbel between -3.61 and 36.8, and a normal within 8.57 standard
  deviations; rarer luck does not occur. A 16-bit slice resolves chances of 1 in 65,536: a gate on it must
  round its rate, or decide the remainder by other bits.
- **Equality.** Words are integers, the same in plain Python, NumPy and compiled code on every platform.
  The transforms use `math.log`, `math.sqrt` and `math.cos`: the same bits on one platform and version,
  perhaps another last bit on another.
- **No secret.** The mixer is invertible: anyone can work out a seed from one word. For simulation only.
- **Size of the proof.** The batteries read up to a few gigabytes an order, minutes and not days.
  Published runs of the sequence itself pass BigCrush (Steele, Lea & Flood 2014); Debian 12 holds no
  PractRand: it was not run."""
