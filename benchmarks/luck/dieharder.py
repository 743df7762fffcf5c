"""Dieharder (Brown, Eddelbuettel & Bauer) on draws in one of the orders, written to its standard input.

Tests it calls unsound itself (5 to 7, 14) are left out, and those that eat hundreds of megabytes and more a
p-value (2, 17, 203, 205 to 208). Each test starts further on in the order, so no two read the same draws.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from benchmarks.luck.addresses import BLOCK, Order, draws
from benchmarks.luck.debian import Missing, libraries, unpacked

# Numbers of tests, and the size of their tuples where they have one.
TESTS: tuple[tuple[str, ...], ...] = (
    *((str(number),) for number in (0, 1, 3, 4, 8, 9, 10, 11, 12, 15, 16, 100, 101, 102, 209)),
    ("200", "-n", "4"),
    ("201", "-n", "3"),
    ("202", "-n", "4"),
)
SAMPLES = 20  # p-values of each test, drawn together by a Kolmogorov-Smirnov test
APART = 1 << 27  # 32-bit draws from the start of one test to that of the next


def program() -> tuple[str, dict[str, str]]:
    """Return the program and the environment it runs in.

    Raises
    ------
    Missing
        Where it cannot be had.
    """
    installed = shutil.which("dieharder")
    if installed:
        return installed, dict(os.environ)
    folder = unpacked("dieharder")
    found = folder / "root" / "usr" / "bin" / "dieharder"
    if not found.exists():
        raise Missing("Debian's package holds no program")
    return str(found), {**os.environ, "LD_LIBRARY_PATH": str(libraries(folder))}


def run(
    order: Order, tests: Sequence[tuple[str, ...]] = TESTS, samples: int = SAMPLES
) -> list[tuple[str, float]]:
    """Return the p-values of the tests on an order, by test."""
    found = []
    for place, test in enumerate(tests):
        found += _one(order, test, samples, place * APART)
    return found


def _one(order: Order, test: tuple[str, ...], samples: int, first: int) -> list[tuple[str, float]]:
    called, environment = program()
    shown = ("-D", "test_name", "-D", "ntuple", "-D", "pvalues", "-c", ",")
    with subprocess.Popen(
        [called, "-g", "200", *shown, "-d", *test, "-p", str(samples)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            while process.poll() is None:
                process.stdin.write(draws(order, first, BLOCK).tobytes())
                first += BLOCK
        except BrokenPipeError:
            pass  # it has read what it wants
        told = process.stdout.read().decode()
    rows = [[part.strip() for part in line.split(",")] for line in told.splitlines() if line.count(",") == 2]
    if not rows:
        raise Missing(f"dieharder -d {test[0]} told nothing")
    return [(f"{name} {size}", float(level)) for name, size, level in rows]
