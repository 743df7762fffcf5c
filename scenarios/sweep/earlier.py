"""Runs that earlier sweeps have made already, finished or not, found by their hashes and taken over."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from results.files import sha256
from results.problems import BadInput
from results.shelf import PARTIAL, runs

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter


def take_over(missing: set[str], writer: RunWriter, piece_key: Callable[[str], str]) -> int:
    """Keep as pieces what sweeps beside this one hold of the ``missing`` runs; return how many.

    Sweeps beside are the finished runs in the folder that this one will stand in, and the unfinished
    work there. What cannot be read counts as absent.
    """
    home = writer.root.parent.parent
    left = set(missing)
    for found in (_finished(home, left), _unfinished(home, writer.root, left, piece_key)):
        for key, kpis in found:
            if key in left:
                writer.save_piece(piece_key(key), {"kpis": kpis})
                left.remove(key)
    return len(missing) - len(left)


def _finished(home: Path, wanted: set[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield runs of finished sweeps, newest first."""
    import pandas as pd

    for run in reversed(runs(home) if wanted else []):
        if not run.has("sweep/runs"):
            continue
        with contextlib.suppress(BadInput, OSError, ValueError, KeyError):
            table = run.read("sweep/runs")
            shared = table[table["hash"].isin(wanted)].drop_duplicates("hash")
            for (scenario, block), rows in shared.groupby(["scenario", "block"]):
                part = (
                    run.path / "sweep" / "kpis" / f"scenario={scenario}" / f"block={block}" / "part.parquet"
                )
                kpis = pd.read_parquet(part).merge(rows[["hash", "point", "draw", "replicate"]])
                kpis = kpis.drop(columns=["point", "draw", "replicate"])
                for key, each in kpis.groupby("hash", sort=False):
                    yield str(key), each.reset_index(drop=True)


def _unfinished(
    home: Path, own: Path, wanted: set[str], piece_key: Callable[[str], str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield runs of sweeps that were interrupted, or are at work."""
    import pandas as pd

    if not wanted or not (home / PARTIAL).is_dir():
        return
    keys = {piece_key(key): key for key in wanted}
    for about in sorted((home / PARTIAL).glob("*/pieces/run-*/piece.json")):
        if own in about.parents:
            continue
        with contextlib.suppress(BadInput, OSError, ValueError, KeyError):
            told = json.loads(about.read_text(encoding="utf-8"))
            table = about.with_name("kpis.parquet")
            if told["key"] in keys and sha256(table) == told["tables"]["kpis"]:
                yield keys[told["key"]], pd.read_parquet(table)
