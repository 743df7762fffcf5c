"""What `omolab sweep` prints: which line moves which indicator most, shares of variance, odds by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omolab.printed import sheets
from omolab.printed.sheets import amount, estimate, headed, language, records, scenario_name
from results.language import SPACE, Language, clean

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
    rows, words = run.read("sweep/effects"), language(run)
    heads = ("scenario", "indicator", "swept.line", ">swept.at", ">swept.lowest", ">swept.at")
    made = headed(words, words.say("swept.title"), *heads, ">swept.highest", ">swept.share")
    for row in records(shown(rows)):
        ends = [estimate(words, row[end], row["unit"]) for end in ("lowest", "highest")]
        made.add_row(
            *(scenario_name(words, row["scenario"]), words.kpi(row["kpi"]), clean(row["line"], 44)),
            *(clean(row["low_at"], 20), ends[0], clean(row["high_at"], 20), ends[1]),
            amount(words, row["share"], "share"),
        )
    sheets.console().print(made)
    print(words.say("swept.note"))
    print()


def indices(run: Run) -> None:
    """Print Sobol indices with their intervals."""
    rows = run.read("sweep/indices").dropna(subset=["first"])
    rows = rows[rows["scenario"] != BASE] if (rows["scenario"] != BASE).any() else rows
    kpis = rows.groupby(["scenario", "kpi"], sort=False)["total"].max().sort_values(ascending=False).index[:4]
    words = language(run)
    heads = ("scenario", "indicator", "swept.line", ">sobol.first_order", ">interval_95")
    made = headed(words, words.say("sobol.title"), *heads, ">sobol.total_effect", ">interval_95")
    for scenario, kpi in kpis:
        some = rows[(rows["scenario"] == scenario) & (rows["kpi"] == kpi)]
        head = [scenario_name(words, scenario), words.kpi(str(kpi))]
        for row in records(some.sort_values("total", ascending=False)):
            made.add_row(
                *head, clean(row["line"], 44), *_index(words, row, "first"), *_index(words, row, "total")
            )
            head = ["", ""]
    sheets.console().print(made)


def points(run: Run) -> None:
    """Print the odds of the targets together at the points where they are best."""
    surface, design, words = run.read("sweep/surface"), run.read("sweep/points"), language(run)
    odds = surface[surface["kpi"].str.startswith("odds_")]
    wide = odds.pivot(index=["point", "scenario"], columns="kpi", values="mean").dropna(how="all", axis=1)
    if wide.empty:
        return
    best = wide.sort_values(list(wide.columns), ascending=False, kind="stable").head(MOST)
    heads = (">points.point", "points.setting", "scenario", *(f">{_group(name)}" for name in wide.columns))
    made = headed(words, words.say("points.title"), *heads)
    settings = design.set_index("point")
    for (point, scenario), row in best.iterrows():
        values = ", ".join(f"{_short(name)} {_said(value)}" for name, value in settings.loc[point].items())
        cells = [sheets.odds(words, {"odds": float(value)}) for value in row]
        made.add_row(str(point), clean(values, 72), scenario_name(words, scenario), *cells)
    sheets.console().print(made)


def _index(words: Language, row: dict[str, Any], name: str) -> tuple[str, str]:
    low, high = (f"{row[f'{name}_{end}']:.2f}" for end in ("low", "high"))
    return f"{row[name]:.2f}", words.say("console.span", low=low, high=high)


def _group(key: object) -> str:
    return "points." + str(key).removeprefix("odds_")


def _short(path: object) -> str:
    return ".".join(str(path).split(".")[-2:])


def _said(value: object) -> str:
    return f"{value:.4g}".replace(SPACE, " ") if isinstance(value, float) else str(value)
