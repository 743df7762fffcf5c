"""Rows of ``results/benchmark.json``: what a ratio means, what is to be reached, what is skipped."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
PER_DAY = "ns per customer-day"


@dataclass(frozen=True)
class Aim:
    """What a row is to reach.

    Attributes
    ----------
    bound
        The ratio to reach.
    at_least
        Whether more is better.
    about
        What the ratio is, in words, for the page.
    """

    bound: float
    at_least: bool
    about: str

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches the bound."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound


AIMS: Mapping[str, Aim] = {
    "mesa_reference": Aim(300, True, "times faster than the same market in plain Mesa, same decisions"),
    "mesa_frames": Aim(10, True, "times faster than mesa-frames on the choice core"),
    "numpy": Aim(2, True, "times faster than chunked NumPy on the choice core"),
    "starsim": Aim(10, True, "times the agent-days a second of the better of Starsim and Covasim"),
    "floor": Aim(2, False, "choice core over its floor"),
    "floor_full": Aim(5, False, "full market over its floor"),
    "bytes_per_customer": Aim(64, False, "bytes of changing state a customer, six channels"),
    "memory_10m_gb": Aim(1, False, "peak resident memory of ten million customers over a year, GB"),
    "growth_10k_10m": Aim(1.2, False, "growth of time a customer-day from 10k to 10M, over the floor's"),
    "threads_2": Aim(1.7, True, "two threads over one at a million customers, same books"),
    "import_seconds": Aim(0.3, False, "seconds to import omolab"),
    "help_seconds": Aim(0.3, False, "seconds of omolab --help"),
    "first_result_core": Aim(10, False, "seconds to the choice core's first result, nothing compiled yet"),
    "first_result_seconds": Aim(25, False, "seconds to the full market's first result, nothing compiled yet"),
    "next_process_seconds": Aim(2, False, "seconds to the next process's first result, full market"),
    "variance_ratio": Aim(50, True, "variance of a difference with fresh luck over that of the paired one"),
}  # fmt: skip


def row(name: str, ours: float, peer: float | None, unit: str, ratio: float | None, **more: Any) -> Row:
    """Return a measured row; ``more`` are further fields, for the page and the curious."""
    numbers = {"name": name, "ours": _rounded(ours), "peer": _rounded(peer), "unit": unit}
    return numbers | {"ratio": _rounded(ratio)} | more


def _rounded(value: float | None) -> float | None:
    """Return a figure to four digits: more is noise."""
    return None if value is None else float(f"{value:.4g}")


def faster(name: str, ours: float, peer: float, unit: str = PER_DAY, **more: Any) -> Row:
    """Return a row whose ratio says how many times faster than the peer we are."""
    return row(name, ours, peer, unit, peer / ours, **more)


def above(name: str, ours: float, floor: float, unit: str = PER_DAY, **more: Any) -> Row:
    """Return a row whose ratio says how far above a floor we are."""
    return row(name, ours, floor, unit, ours / floor, **more)


def plain(name: str, value: float, unit: str, **more: Any) -> Row:
    """Return a row whose ratio is the figure itself: bytes, seconds, gigabytes."""
    return row(name, value, None, unit, value, **more)


def extra(name: str, value: float, unit: str = PER_DAY, **more: Any) -> Row:
    """Return a row that is told beside the others and has no ratio."""
    return row(name, value, None, unit, None, **more)


def measured(names: Iterable[str], measure: Callable[[], list[Row]]) -> list[Row]:
    """Return the rows of ``measure``; where it breaks, one row a name that says why it was skipped."""
    try:
        return measure()
    except subprocess.CalledProcessError as error:
        last = str(error.stderr or "").strip().splitlines()
        why = last[-1] if last else f"exit {error.returncode}"
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
    return [{"name": name, "skipped": " ".join(why.split())[:300]} for name in names]


def missed(rows: Iterable[Row]) -> list[str]:
    """Return the names of rows that fall short of their aim, and of those skipped."""
    return [
        row["name"]
        for row in rows
        if row["name"] in AIMS and ("skipped" in row or not AIMS[row["name"]].met(row["ratio"]))
    ]
