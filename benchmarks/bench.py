"""How fast the market is: measure everything beside its peers and floors, here and now.

``python benchmarks/bench.py`` (``make bench``) installs the peers, measures, prints a table with ratios and
writes ``results/benchmark.json`` and ``docs/performance.md``. It ends with 0 where an aim is missed, too.
``--only NAME`` measures some parts alone and writes nothing; ``--page`` only writes the page, from what was
measured last. :mod:`benchmarks.speed` has the parts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.speed import cores, memory, paired, plain_mesa, simulators, sizes, starts, threads, year  # noqa: E402
from benchmarks.speed.machine import machine  # noqa: E402
from benchmarks.speed.page import number, page  # noqa: E402
from benchmarks.speed.rows import AIMS, Row, measured  # noqa: E402

OUT = ROOT / "results" / "benchmark.json"
PAGE = ROOT / "docs" / "performance.md"


def large() -> list[Row]:
    """Measure memory and growth: a year of ten million customers serves both, if the machine holds it."""
    lived: list[dict[str, Any]] = []

    def largest() -> list[Row]:
        lived.append(year.lived())
        return memory.year_rows(lived[0])

    rows = measured(["memory_10m_gb", "growth_10k_10m"], largest)
    known = (lived[0]["customers"], lived[0]["ours"], lived[0]["floor"]) if lived else None
    return rows + sizes.size_rows(known)


# Parts by name, with the rows that stand skipped where a part breaks.
PARTS: dict[str, tuple[Sequence[str], Callable[[], list[Row]]]] = {
    "mesa": (["mesa_reference"], plain_mesa.mesa_rows),
    "frames": (["mesa_frames"], cores.frames_rows),
    "numpy": (["numpy"], cores.numpy_rows),
    "starsim": (["starsim"], simulators.starsim_rows),
    "floor": (["floor"], cores.floor_rows),
    "state": (["bytes_per_customer"], memory.state_rows),
    "large": (["memory_10m_gb", "floor_full", "growth_10k_10m"], large),
    "threads": (["threads_2"], threads.thread_rows),
    "imports": (["import_seconds"], starts.import_rows),
    "help": (["help_seconds"], starts.help_rows),
    "first": (
        ["first_result_core", "first_result_seconds", "next_process_seconds"],
        starts.first_rows,
    ),
    "paired": (["variance_ratio", "variance_ratio_stockouts"], paired.variance_rows),
}


def main() -> None:
    """Measure and print; of a whole measurement write rows and page."""
    asked = _asked()
    if asked.only:
        for _ in measure(asked.only):
            pass
        return
    if not asked.page:
        write()
    PAGE.write_text(page(json.loads(OUT.read_text(encoding="utf-8"))), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def write() -> None:
    """Measure all parts; rows are written as they come, so that a run broken off has left some."""
    begin, place = time.perf_counter(), machine()
    rows: list[Row] = []
    OUT.parent.mkdir(exist_ok=True)
    for fresh in measure(PARTS):
        rows += fresh
        place["minutes"] = round((time.perf_counter() - begin) / 60, 1)
        document: dict[str, Any] = {"rows": rows, "machine": place}
        OUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {OUT.relative_to(ROOT)} after {place['minutes']:g} minutes")


def measure(parts: Iterable[str]) -> Iterator[list[Row]]:
    """Measure part after part and print the rows."""
    print(f"{'':28}{'ours':>16}{'peer':>16}{'ratio':>10}  unit")
    for name in parts:
        names, part = PARTS[name]
        rows = measured(names, part)
        for row in rows:
            print(line(row), flush=True)
        yield rows


def line(row: Row) -> str:
    """Return a row as it is printed."""
    if "skipped" in row:
        return f"{row['name']:28}skipped: {row['skipped']}"
    ours, peer, ratio = ("" if row[key] is None else number(row[key]) for key in ("ours", "peer", "ratio"))
    aim = AIMS.get(row["name"])
    mark = "" if aim is None or aim.met(row["ratio"]) else f"  aim {aim.bound:g}"
    return f"{row['name']:28}{ours:>16}{peer:>16}{ratio:>10}  {row['unit']}{mark}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the market's speed beside its peers and floors.")
    parser.add_argument("--only", action="append", choices=[*PARTS], help="a part; repeatable")
    parser.add_argument("--page", action="store_true", help="only write the page, from the last measurement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
