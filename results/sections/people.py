"""Customers: who moved between channels, and how many are in which stage of life and RFM group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results import charts
from results.charts.dots import quantiles
from results.charts.people import NONE, channel
from results.language import Language, clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

FUTURE = ["draw", "replicate"]
YEARS, MOVES = 3, 6  # years drawn, and the largest moves
LEFT_OUT = "prospect"  # whoever never bought is no customer


def people(material: Material) -> Section | None:
    """Return migration between channels, stages of life and RFM groups, as far as the run tells."""
    say, blocks, pictures = material.language.say, list[Block](), list[charts.Chart]()
    moves = material.frame("migration")
    if moves is not None and material.scenarios and material.lead in set(moves["scenario"]):
        told = shares(moves, material.lead)
        pictures.append(charts.migration(told, material.language, material.lead))
        years = by_year(moves, material.lead)
        if years["year"].nunique() > 1:
            pictures.append(charts.moves_by_year(years, material.language, material.lead))
        blocks.append(_moves_table(material, moves))
    for kind in ("stage", "rfm"):
        if (last := _groups(material, kind)) is not None:
            name = "stages" if kind == "stage" else "rfm"
            labels = {part: _group(material.language, kind, part) for part in last["name"]}
            pictures.append(charts.groups(last, material.language, name, labels.__getitem__, material.base))
    if not pictures:
        return None
    return Section(
        "people", say("section.people"), [Figures(pictures), *blocks, Text(say("people.about"), "small")]
    )


def _group(language: Language, kind: str, part: str) -> str:
    key = f"group.{kind}.{part}"
    return language.say(key) if language.has(key) else clean(language.spelt(part), 26)


def shares(moves: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return a scenario's moves in the last year counted: customers, their share, its p10 and p90."""
    mine = moves[(moves["scenario"] == scenario) & (moves["date"] == moves["date"].max())]
    keys = ["origin", "goal"]
    whole = mine.groupby([*FUTURE, "origin"])["customers"].transform("sum")
    mine = mine.assign(share=mine["customers"] / whole.where(whole > 0))
    groups = mine.groupby(keys, sort=False)
    table = groups["customers"].mean().to_frame()
    totals = table.groupby("origin", sort=False)["customers"].transform("sum")
    table["share"] = table["customers"] / totals.where(totals > 0)
    for name, level in (("p10", 0.1), ("p90", 0.9)):
        table[name] = groups["share"].quantile(level)
    return table.reset_index()


def by_year(moves: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return the largest moves from channel to channel in each of the last years counted.

    Columns origin, goal, year and p10, mean, p90 of the customers who moved, over futures: few move from one
    channel to another, and a median of none would hide those who do.
    """
    import pandas as pd

    mine = moves[(moves["scenario"] == scenario) & (moves["origin"] != moves["goal"])]
    mine = mine[(mine["origin"] != NONE) & (mine["goal"] != NONE)]
    # A count stands for the year that ends there; one on New Year's Day for the year before.
    mine = mine.assign(year=(pd.to_datetime(mine["date"]) - pd.Timedelta(days=1)).dt.year)
    mine = mine[mine["year"].isin(sorted(mine["year"].unique())[-YEARS:])]
    sizes = mine.groupby(["origin", "goal"], sort=False)["customers"].mean().nlargest(MOVES)
    kept = mine.set_index(["origin", "goal"]).loc[sizes.index].reset_index()
    keys = ["origin", "goal", "year"]
    told = quantiles(kept, keys, "customers").drop(columns="p50")
    return told.merge(kept.groupby(keys, sort=False)["customers"].mean().rename("mean").reset_index())


def _moves_table(material: Material, moves: pd.DataFrame) -> Table:
    """Return each channel's customers: how many it had, won from others, lost to others, and has."""
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    names = [name for name in dict.fromkeys(moves["origin"]) if name != NONE]
    for scenario in [name for name in material.scenarios if name in set(moves["scenario"])][:4]:
        table = shares(moves, scenario)
        known = [*dict.fromkeys(table["origin"])]
        cells = table.set_index(["origin", "goal"])["customers"]
        for name in [name for name in names if name in known]:
            others = [other for other in names if other != name and other in known]
            figures = [
                cells.xs(name, level="origin").sum(),
                sum(cells[other, name] for other in others),
                -sum(cells[name, other] for other in others),
                cells.get((NONE, name), 0.0),
                -cells.get((name, NONE), 0.0),
                cells.xs(name, level="goal").sum(),
            ]
            said = [
                language.estimate(round(value), "customers", signed=0 < place < 5)
                for place, value in enumerate(figures)
            ]
            rows.append([Cell(channel(name, language), language.scenario(scenario)), *said])
    head = [say(f"people.{key}") for key in ("channel", "before", "won", "lost", "new", "gone", "now")]
    return Table(say("people.caption"), head, rows, range(1, 7))


def _groups(material: Material, kind: str) -> pd.DataFrame | None:
    """Return customers by group at the last month's end: p10, p50, p90 over futures."""
    table = material.frame("lifecycle")
    if table is None:
        return None
    rows = table[
        (table["kind"] == kind) & (table["date"] == table["date"].max()) & (table["name"] != LEFT_OUT)
    ]
    rows = rows[rows["scenario"].isin(charts.some(material.scenarios, material.base))]
    if rows.empty:
        return None
    found = rows.groupby(["scenario", "name"], sort=False)["customers"].quantile([0.1, 0.5, 0.9]).unstack()
    return found.set_axis(["p10", "p50", "p90"], axis=1).reset_index()
