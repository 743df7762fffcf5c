"""Plan against actuals: what was expected and what came, the money spent, and the odds as they stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.charts.track import path, updated
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

    from results.charts import Chart

CHARTS = 4


def tracked(material: Material) -> Section | None:
    """Return the section of a run of ``omolab track``."""
    rows, language = material.frame("track"), material.language
    if rows is None:
        return None
    told = material.run.json("track.json")
    worth = f"{told['futures_worth']:.0f}"
    blocks: list[Block] = [
        Text(language.say("track.about", periods=told["periods"], futures=told["futures"], worth=worth))
    ]
    if told["strange"]:
        said = language.say("track.strange", errors=f"{told['errors_off']:.1f}")
        blocks.append(Text(said, "mind"))
    if told["strangers"]:
        names = language.listed([clean(name, 40) for name in told["strangers"]])
        blocks.append(Text(language.say("track.strangers", names=names), "small"))
    pictures = _paths(material, rows)
    odds = _odds(material, told["scenario"])
    if odds is not None:
        pictures.insert(0, updated(odds, language))
    blocks += [Figures(pictures), _table(material, rows)]
    money = material.frame("track_budget")
    if money is not None:
        blocks.append(_budget(material, money))
    return Section("track", language.say("section.track"), blocks)


def _paths(material: Material, rows: pd.DataFrame) -> list[Chart]:
    """Return a chart of each series with three periods or more: totals first, a few at most."""
    series = sorted(rows.groupby(["channel", "kpi"]), key=lambda one: (one[0][0] != "all", one[0]))
    return [path(some, material.language) for _, some in series if len(some) >= 3][:CHARTS]


def _odds(material: Material, scenario: str) -> pd.DataFrame | None:
    """Return each measured target's odds before and after; the last date of an indicator."""
    before, after = material.targets, material.frame("track_targets")
    if before is None or after is None:
        return None
    at = ["kpi", "date"]
    first, now = (table[table["scenario"] == scenario][[*at, "odds"]] for table in (before, after))
    both = first.merge(now, on=at, suffixes=("_before", "_after")).dropna()
    both = both.sort_values("date").drop_duplicates("kpi", keep="last")
    return both.rename(columns={"odds_before": "before", "odds_after": "after"}) if len(both) else None


def _table(material: Material, rows: pd.DataFrame) -> Table:
    language = material.language
    lines: list[list[Cell | str]] = []
    for (kpi, channel), some in rows.groupby(["kpi", "channel"], sort=True):
        last = some.sort_values("period_end").iloc[-1]
        sums = some[["actual", "expected_p50"]].sum()
        off = float(sums["actual"] / sums["expected_p50"] - 1.0) if sums["expected_p50"] > 0 else None
        band = language.band(last["expected_p10"], last["expected_p90"], last["unit"])
        lines.append(
            [
                language.kpi(str(kpi)),
                language.say("track.all") if channel == "all" else clean(language.spelt(channel), 24),
                Cell(language.estimate(last["expected_p50"], last["unit"]), band),
                language.estimate(last["actual"], last["unit"]),
                language.change(off),
            ]
        )
    head = [language.say(f"track.{key}") for key in ("indicator", "channel", "expected", "actual", "off")]
    return Table(language.say("track.caption"), head, lines, (2, 3, 4))


def _budget(material: Material, money: pd.DataFrame) -> Table:
    language = material.language
    lines: list[list[Cell | str]] = []
    for source, some in money.groupby("source", sort=False):
        planned, spent = float(some["planned"].sum()), float(some["actual"].sum())
        off = language.change(spent / planned - 1.0 if planned > 0 else None)
        amounts = [language.amount(planned, "currency"), language.estimate(spent, "currency")]
        lines.append([clean(language.spelt(source), 30), *amounts, off])
    head = [language.say(f"track.{key}") for key in ("source", "planned", "spent", "off")]
    return Table(language.say("track.budget"), head, lines, (1, 2, 3))
