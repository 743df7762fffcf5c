"""Which evaluations a history allows, and what each leaves: figures, tables and sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Note = dict[str, Any]  # a fact, ``{"say": key, field: ...}``
Told = Callable[[int, int, str], None]
MEDIA_WEEKS = 104  # two years, so that a season can be told from media


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found.

    Attributes
    ----------
    kind
        ``experiment``, ``prices``, ``campaigns``, ``media`` or ``geo``.
    figures
        Numbers of the document by name.
    summary
        One row a model and outcome, the same columns in each.
    tables
        Full tables by name.
    notes
        Facts for :meth:`results.language.Language.tell`: what was assumed, what was not recovered.
    details
        What a reader wants to see of the tables: forecasts beside truths.
    """

    kind: str
    figures: dict[str, Any]
    summary: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    notes: tuple[Note, ...] = field(default=())
    details: pd.DataFrame | None = None

    def document(self) -> dict[str, Any]:
        """Return the evaluation as one JSON object."""
        import json

        def rows(table: pd.DataFrame | None) -> list[dict[str, Any]]:
            if table is None:
                return []
            found: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=6))
            return found

        names = {name: f"{self.kind}_{name}.parquet" for name in self.tables}
        return {
            "kind": self.kind,
            "figures": self.figures,
            "summary": rows(self.summary),
            "details": rows(self.details),
            "tables": names,
            "notes": list(self.notes),
        }


def off(key: str, **fields: str | int | Note) -> Note:
    """Return a fact on what was assumed or not recovered."""
    return {"say": f"evaluation.off.{key}", **fields}


def evaluations(history: History) -> tuple[str, ...]:
    """Return the kinds of evaluation that a history allows."""
    evidence = history.evidence
    found = {
        "experiment": history.experiment is not None,
        "prices": evidence.panel is not None,
        "campaigns": evidence.campaigns is not None,
        "media": _media(history),
        "geo": evidence.geo is not None,
    }
    return tuple(kind for kind, there in found.items() if there)


def _media(history: History) -> bool:
    if history.media is None or history.span is None or history.sales is None:
        return False
    days = (history.span.last - history.span.first).days + 1
    return history.span.period in ("day", "week") and days >= 7 * MEDIA_WEEKS


def evaluate(history: History, kind: str, seed: int = 1, told: Told | None = None) -> Evaluation:
    """Make one evaluation of :func:`evaluations`.

    Parameters
    ----------
    seed
        Luck of splits, simulations and draws.
    told
        Called with steps done, steps in all and what is done.

    Raises
    ------
    BadInput
        If the table holds too little to say anything.
    """
    say = told or (lambda done, total, label: None)
    return _made_by(kind)(history, seed, say)


def _made_by(kind: str) -> Callable[[History, int, Told], Evaluation]:
    """Return what makes an evaluation; each reads its libraries when it is asked for."""
    if kind == "experiment":
        from calibration.experiments.messages import mailing

        return mailing
    if kind == "prices":
        from calibration.experiments.prices import prices

        return prices
    if kind == "campaigns":
        from calibration.experiments.coupons import campaigns

        return campaigns
    if kind == "media":
        from calibration.experiments.media import media

        return media
    if kind == "geo":
        from calibration.experiments.geo import geo

        return geo
    raise ValueError(f"{kind!r}; expected one of experiment, prices, campaigns, media, geo")
