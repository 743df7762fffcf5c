"""What a verb prints of a run: its parts as short tables for a person, or the same as one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab.printed import answers, foreseen, moves, sheets, swept, trust
from results.files import plain
from results.language import Language, clean

if TYPE_CHECKING:
    from results.store import Run

_PRINT: dict[str, Callable[[Run], None]] = {
    "forecast": foreseen.show,
    "calibration": trust.calibration,
    "backtest": trust.backtest,
    "evaluation": trust.evaluation,
    "search": moves.search,
    "targets": answers.targets,
    "compare": answers.compare,
    "levers": moves.levers,
    "evidence": moves.evidence,
    "track": answers.track,
    "track_odds": answers.track_odds,
    "effects": swept.effects,
    "indices": swept.indices,
    "points": swept.points,
}
_TABLES = {  # parts that are called otherwise than their table
    "calibration": trust.FIT,
    "forecast": "kpis",
    "curves": "search/curves",
    "effects": "sweep/effects",
    "indices": "sweep/indices",
    "points": "sweep/points",
}
_DOCUMENTS = {  # parts that are no tables
    "backtest": "backtest.json",
    "evaluation": "evaluation.json",
    "search": moves.SEARCH,
}


def show(run: Run, parts: Sequence[str], lang: str = "en") -> None:
    """Print the named parts that ``run`` has, then where the run and its report are.

    Parameters
    ----------
    run
        A finished run.
    parts
        Of ``forecast calibration backtest evaluation search targets compare levers evidence track track_odds
        effects indices points``, in the order wanted.
    lang
        The reader's language.
    """
    with sheets.read_in(lang):
        for part in parts:
            if _has(run, part):
                _PRINT[part](run)
        words = sheets.language(run)
        for what, path in _places(run).items():
            if path is not None:
                print(f"{words.say(f'place.{what}'):6s}  {path}")


def timings(run: Run, lang: str = "en") -> None:
    """Print on standard error how long each part of a run took."""
    words = Language(lang)
    for part, seconds in run.manifest.get("timings", {}).items():
        print(words.say("console.took", part=clean(part, 40), seconds=f"{seconds:.1f}"), file=sys.stderr)


def document(run: Run, parts: Sequence[str]) -> dict[str, Any]:
    """Return what `show` prints, as one JSON document; figures that do not exist are ``null``."""
    about = {key: run.manifest.get(key) for key in ("verb", "name", "seeds")}
    return _places(run) | about | {part: _data(run, part) for part in parts if _has(run, part)}


def print_json(value: Any) -> None:
    """Print one strict JSON document on standard output."""
    json.dump(plain(value), sys.stdout, indent=2, allow_nan=False)  # ASCII: safe on any terminal
    print()


def _places(run: Run) -> dict[str, Path | None]:
    """Return where the run is, and its page and advised plan where it has them."""
    inner = {"report": run.path / "report.html", "advice": run.path / "search" / "advice.yaml"}
    return {"run": run.path} | {what: path if path.is_file() else None for what, path in inner.items()}


def _has(run: Run, part: str) -> bool:
    if part in _DOCUMENTS:
        return (run.path / _DOCUMENTS[part]).is_file()
    return run.has(_TABLES.get(part, part))


def _data(run: Run, part: str) -> Any:
    if part in _DOCUMENTS:
        return run.json(_DOCUMENTS[part])
    if part == "forecast":
        return sheets.records(foreseen.table(run))
    return sheets.records(run.read(_TABLES.get(part, part)))
