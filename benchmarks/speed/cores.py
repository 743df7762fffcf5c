"""The choice core over its floor, and against chunked NumPy and mesa-frames running the same model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.core import HABIT, MODEL, SHARE, CoreMarket
from benchmarks.speed.environments import python_of
from benchmarks.speed.floors import Floor
from benchmarks.speed.peers import Peer
from benchmarks.speed.rows import Row, above, extra, faster
from benchmarks.speed.timing import ROUNDS, cpu, in_turns

SIZES = {"100k": (100_000, 10), "1m": (1_000_000, 2)}  # customers, days a block
TRIED = 3  # rounds in which a peer's candidates are compared
Style = Mapping[str, Any]
NUMPY: Sequence[Style] = [
    {"bits": bits, "chunk": chunk} for bits in (16, 32) for chunk in (16_384, 65_536, 262_144)
]
FRAMES: Sequence[Style] = [{"style": "documented"}, {"style": "positions"}]


def floor_rows(sizes: Mapping[str, tuple[int, int]] = SIZES) -> list[Row]:
    """Measure the core over its floor at each size; the aim is on the largest."""
    rows = []
    for label, (customers, steps) in sizes.items():
        ours = CoreMarket(customers, steps * (ROUNDS + 1) + 1)
        floor = Floor(customers, SHARE, ours.habit)
        ours.step(), floor.step()
        found = in_turns(
            {"ours": cpu(ours.step, steps, customers), "floor": cpu(floor.step, steps, customers)}
        )
        rows.append(above(f"floor_{label}", found["ours"], found["floor"], customers=customers))
    return [*rows, rows[-1] | {"name": "floor"}]


def numpy_rows(sizes: Mapping[str, tuple[int, int]] = SIZES, rounds: int = ROUNDS) -> list[Row]:
    """Measure the core against chunked NumPy."""
    return _against("numpy", "numpy_core", python_of("numpy"), NUMPY, sizes, rounds)


def frames_rows(sizes: Mapping[str, tuple[int, int]] = SIZES, rounds: int = ROUNDS) -> list[Row]:
    """Measure the core against mesa-frames; its guide's style is told beside the faster one."""
    return _against("mesa_frames", "frames_core", python_of("mesa-frames"), FRAMES, sizes, rounds)


def _against(
    name: str,
    script: str,
    python: Path,
    styles: Sequence[Style],
    sizes: Mapping[str, tuple[int, int]],
    rounds: int,
) -> list[Row]:
    """Return a row a size, and the peer's row at the size where it is fastest."""
    rows: list[Row] = []
    for label, (customers, steps) in sizes.items():
        tried = [_tried(script, python, style, customers, steps) for style in styles]
        best = min(range(len(styles)), key=tried.__getitem__)
        found, versions = _compared(script, python, styles[best], customers, steps, rounds)
        how = ", ".join(f"{key} {value}" for key, value in styles[best].items())
        about = {"customers": customers, "how": how, "versions": versions}
        rows.append(faster(f"{name}_{label}", found["ours"], found["peer"], **about))
        if name == "mesa_frames":
            rows.append(extra(f"mesa_frames_documented_{label}", tried[0], customers=customers))
    best_size = min((row for row in rows if row["peer"] is not None), key=lambda row: float(row["peer"]))
    return [*rows, best_size | {"name": name}]


def _options(style: Style, customers: int, steps: int) -> dict[str, Any]:
    model = {
        name: value.tolist() if hasattr(value, "tolist") else value for name, value in MODEL._asdict().items()
    }
    return {"customers": customers, "steps": steps, "seed": 1, "model": model | {"habit": HABIT}, **style}


def _tried(script: str, python: Path, style: Style, customers: int, steps: int) -> float:
    with Peer(python, script, _options(style, customers, steps)) as peer:
        return min(peer.block() for _ in range(TRIED))


def _compared(
    script: str, python: Path, style: Style, customers: int, steps: int, rounds: int
) -> tuple[dict[str, float], dict[str, str]]:
    """Time both in turns over the same days, and see that they sell through the same channels."""
    ours = CoreMarket(customers, steps * rounds + 1)
    ours.step()
    with Peer(python, script, _options(style, customers, steps)) as peer:
        found = in_turns({"peer": peer.block, "ours": cpu(ours.step, steps, customers)}, rounds)
        check_same_shares(ours.orders.tolist(), peer.told["orders"])
        return found, peer.told["versions"]


def check_same_shares(ours: Sequence[int], theirs: Sequence[int]) -> None:
    """See that two runs agree within sampling error: five standard errors, on all orders and on each share.

    Raises
    ------
    RuntimeError
        If they do not: then they do not run the same model, and no ratio means anything.
    """
    total, other = sum(ours), sum(theirs)
    if abs(total - other) > 5.0 * math.sqrt(total + other):
        raise RuntimeError(f"not the same model: {total} orders of ours, {other} of the peer's")
    for c, (mine, yours) in enumerate(zip(ours, theirs, strict=True)):
        share = (mine + yours) / (total + other)
        allowed = 5.0 * math.sqrt(share * (1.0 - share) * (1.0 / total + 1.0 / other))
        if abs(mine / total - yours / other) > allowed:
            raise RuntimeError(f"not the same model: channel {c} has {mine} of {total}, {yours} of {other}")
