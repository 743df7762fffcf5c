"""What a sweep found: which line moves what, Sobol indices, and the points with the best odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.charts import sweeps as charts
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text
from results.targets import BASE

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES, MOST_KPIS, MOST_POINTS = 14, 12, 10
ODDS = ("odds_all", "odds_growth", "odds_efficiency")


def swept(material: Material) -> Section | None:
    """Return a sweep's findings; nothing where the run is none."""
    effects, about = material.frame("sweep/effects"), material.run.json("sweep")
    if not isinstance(about, dict):
        return None
    say = material.language.say
    fields = {name: about.get(name, "–") for name in ("points", "runs", "distinct", "taken_over")}
    blocks: list[Block] = [Text(say("sweep.about", **fields))]
    made = []
    if effects is not None and effects["share"].notna().any():
        some = _lead(effects.dropna(subset="share"))
        strength = some.groupby("line", sort=False)["share"].max().sort_values(ascending=False)
        kpis = [kpi for kpi in some["kpi"].unique() if not str(kpi).startswith("odds_")][:MOST_KPIS]
        if kpis:
            made.append(charts.shares(some, material.language, list(strength.index[:MOST_LINES]), kpis))
    indices = material.frame("sweep/indices")
    if indices is not None and indices["total"].notna().any():
        some = _lead(indices.dropna(subset="total"))
        plain = some[~some["kpi"].str.startswith("odds_")]
        some = plain if len(plain) else some
        kpi = str(some["kpi"].iloc[0])
        made.append(charts.sobol(some[some["kpi"] == kpi], material.language, kpi))
    if made:
        blocks.append(Figures(made))
    blocks += _best(material)
    return Section("sweep", say("section.sweep"), blocks)


def _lead(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep one scenario: the plan where it is there, else the first that is not what is done today."""
    names = [str(name) for name in rows["scenario"].unique()]
    lead = next((name for name in ("plan", *names) if name in names and name != BASE), names[0])
    return rows[rows["scenario"] == lead]


def _best(material: Material) -> list[Block]:
    """Return the points where the odds of the targets together are best."""
    surface, points = material.frame("sweep/surface"), material.frame("sweep/points")
    if surface is None or points is None:
        return []
    language, say = material.language, material.language.say
    odds = surface[surface["kpi"].isin(ODDS)].dropna(subset="mean")
    if odds.empty:
        return []
    wide = odds.pivot(index=["point", "scenario"], columns="kpi", values="mean")
    wide = wide.sort_values(list(wide.columns), ascending=False, kind="stable").head(MOST_POINTS)
    settings = points.set_index("point")
    rows: list[list[Cell | str]] = []
    for (point, scenario), row in wide.iterrows():
        told = ", ".join(f"{name} = {value}" for name, value in settings.loc[point].items())
        place = Cell(f"{point} · {language.scenario(scenario)}", clean(told, 240))
        rows.append([place, *(language.odds(value) for value in row)])
    head = [say("sweep.point"), *(say(f"objective.{name}") for name in wide.columns)]
    return [Table(say("sweep.best"), head, rows, range(1, len(head)))]
