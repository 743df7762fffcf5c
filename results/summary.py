"""A run's answer for whoever works in Python: the table that says it, and the chart that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.problems import BadInput, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from results.shelf import Run

# The table that answers what a run asked, by preference, and its telling columns.
ANSWERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("levers", ("lever", "kpi", "channel", "difference", "low", "high", "relative", "sure", "unit")),
    ("sweep/effects", ()),
    (
        "targets",
        ("scenario", "kpi", "baseline", "target", "date", "value_p10", "value_p50", "value_p90", "odds"),
    ),
    ("fit/identified", ("parameter", "prior_low", "prior_high", "p05", "p50", "p95", "contraction", "grade")),
    ("compare", ("scenario", "kpi", "period_end", "difference", "low", "high", "unit")),
)


def summary(run: Run) -> pd.DataFrame:
    """Return the table that answers what a run asked (see `results.shelf.Run.summary`)."""
    import pandas as pd

    scores = run.json("backtest")
    if isinstance(scores, dict) and "summary" in scores:
        return pd.DataFrame(scores["summary"])
    for name, columns in ANSWERS:
        if run.has(name) and len(table := run.read(name)):
            kept = [column for column in columns if column in table]
            return table[kept] if kept else table
    return pd.DataFrame()


def plot(run: Run, name: str | None = None, lang: str = "en") -> Figure:
    """Return a chart of a run's report (see `results.shelf.Run.plot`).

    Raises
    ------
    BadInput
        If the run has no such chart.
    """
    from results.pages import Material
    from results.report import figures

    known = []
    for chart in figures(Material(run, lang)):
        if name in (None, chart.name):
            return chart.figure
        known.append(chart.name)
    said = f"this run has no {'chart' if name is None else f'chart {name!r}{nearest(name, known)}'}"
    raise BadInput(
        Problem(str(run.path), None, "", name or "", ", ".join(known) or "a run with charts", said)
    )
