"""What `omolab sweep` prints: which line moves which indicator most, shares of variance, odds by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omolab.console import _amount, _console, _language, _odds, _table, records
from results.language import SPACE, clean

if TYPE_CHECKING:
    import pandas as pd

    from results.store import Run

MOST = 12  # rows; the rest is in the tables
LEAST = 0.01  # share of variance worth a line
BASE = "status_quo"


def shown(rows: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """Return the effects that move most: each indicator's strongest lines, by share of variance."""
    known = rows[rows["share"] >= LEAST]
    told = known[known["scenario"] != BASE] if (known["scenario"] != BASE).any() else known
    order = told.sort_values(["share", "swing"], ascending=False, kind="stable")
    lead = order.groupby(["scenario", "kpi"], sort=False).head(2)
    return lead.head(most)


def effects(run: Run) -> None:
    """Print which line of the design moves which indicator most."""
    rows, words = run.read("sweep/effects"), _language(run)
    made = _table(
        "What moves most", "Scenario", "Indicator", "Line", ">At", ">Lowest", ">At", ">Highest", ">Share"
    )
    for row in records(shown(rows)):
        ends = [_amount(words, row[end], row["unit"]) for end in ("lowest", "highest")]
        made.add_row(
            *(clean(row["scenario"]), words.kpi(row["kpi"]), clean(row["line"], 44)),
            *(clean(row["low_at"], 20), ends[0], clean(row["high_at"], 20), ends[1]),
            _amount(words, row["share"], "share"),
        )
    _console().print(made)
    print("Share: of the differences between points, what the line explains by itself; sweep/effects has all")
    print()


def indices(run: Run) -> None:
    """Print Sobol indices with their intervals."""
    rows = run.read("sweep/indices").dropna(subset=["first"])
    rows = rows[rows["scenario"] != BASE] if (rows["scenario"] != BASE).any() else rows
    kpis = rows.groupby(["scenario", "kpi"], sort=False)["total"].max().sort_values(ascending=False).index[:4]
    words = _language(run)
    heads = ("Scenario", "Indicator", "Line", ">First order", ">95 % interval", ">Total", ">95 % interval")
    made = _table("Sobol indices", *heads)
    for scenario, kpi in kpis:
        some = rows[(rows["scenario"] == scenario) & (rows["kpi"] == kpi)]
        head = [clean(scenario), words.kpi(str(kpi))]
        for row in records(some.sort_values("total", ascending=False)):
            made.add_row(*head, clean(row["line"], 44), *_index(row, "first"), *_index(row, "total"))
            head = ["", ""]
    _console().print(made)


def points(run: Run) -> None:
    """Print the odds of the targets together at the points where they are best."""
    surface, design, words = run.read("sweep/surface"), run.read("sweep/points"), _language(run)
    odds = surface[surface["kpi"].str.startswith("odds_")]
    wide = odds.pivot(index=["point", "scenario"], columns="kpi", values="mean").dropna(how="all", axis=1)
    if wide.empty:
        return
    best = wide.sort_values(list(wide.columns), ascending=False, kind="stable").head(MOST)
    made = _table(
        "Points with the best odds", ">Point", "Setting", "Scenario", *(f">{_group(n)}" for n in wide.columns)
    )
    settings = design.set_index("point")
    for (point, scenario), row in best.iterrows():
        values = ", ".join(f"{_short(name)} {_said(value)}" for name, value in settings.loc[point].items())
        cells = [_odds(words, {"odds": float(value)}) for value in row]
        made.add_row(str(point), clean(values, 72), clean(scenario), *cells)
    _console().print(made)


def _index(row: dict[str, Any], name: str) -> tuple[str, str]:
    return f"{row[name]:.2f}", f"{row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f}"


def _group(key: object) -> str:
    return str(key).removeprefix("odds_").capitalize()


def _short(path: object) -> str:
    return ".".join(str(path).split(".")[-2:])


def _said(value: object) -> str:
    return f"{value:.4g}".replace(SPACE, " ") if isinstance(value, float) else str(value)
