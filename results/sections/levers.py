"""What each lever moves by itself, and whether that agrees with the literature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results import charts
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

MAIN = (
    *("net_sales", "orders", "operating_profit", "gross_margin", "online_share", "conversion"),
    *("organic_share", "cac", "repurchase_365", "active_customers", "satisfaction"),
)
MOST = 40  # levers drawn
TONES = {"agrees": "good", "wrong sign": "bad"}


def levers(material: Material) -> Section | None:
    """Return the levers by the main indicators, and the evidence; nothing where none was moved."""
    table = material.frame("levers")
    if table is None:
        return None
    say = material.language.say
    whole = table[table["channel"] == "all"]
    kpis = [kpi for kpi in MAIN if (whole["kpi"] == kpi).any()]
    names = strongest(whole[whole["kpi"].isin(kpis)])
    left = whole["lever"].nunique() - len(names)
    blocks: list[Block] = [Text(say("levers.about"))]
    if names:
        blocks.append(Figures([charts.levers(whole, material.language, names, kpis)]))
    if left:
        blocks.append(Text(say("levers.rest", n=left), "small"))
    found = material.frame("evidence")
    if found is not None:
        blocks.append(_evidence(material, found))
    return Section("levers", say("section.levers"), blocks)


def strongest(rows: pd.DataFrame) -> list[str]:
    """Return the levers that surely move anything, those that move most first."""
    sure = rows[rows["sure"] & rows["relative"].notna()]
    sizes = (
        sure.assign(size=sure["relative"].abs().clip(upper=1.0)).groupby("lever", sort=False)["size"].sum()
    )
    return [str(name) for name in sizes.sort_values(ascending=False, kind="stable").index[:MOST]]


def _evidence(material: Material, found: pd.DataFrame) -> Table:
    say, measured = material.language.say, material.language.measured
    translated = material.language.translated
    rows: list[list[Cell | str]] = []
    for row in found.to_dict("records"):
        spans = [measured(row[key], row["measure"]) for key in ("range_low", "range_high", "low", "high")]
        known = row["value"] == row["value"]
        market = Cell(measured(row["value"], row["measure"]), f"{spans[2]} … {spans[3]}")
        barely = row["verdict"] == "agrees" and not row["inside"]
        tone = "" if barely else TONES.get(row["verdict"], "")
        small = say("levers.barely") if barely else ""
        verdict = Cell(say(f"levers.{row['verdict'].replace(' ', '_')}"), small, tone)
        rows.append(
            [
                Cell(clean(translated(row["about"])), clean(f"{row['grade']}: {row['source']}", 120)),
                Cell(measured(row["central"], row["measure"]), f"{spans[0]} … {spans[1]}"),
                market if known else "–",
                verdict if known else Cell(verdict.text, clean(translated(row["why"]), 120)),
            ]
        )
    head = [say(f"levers.{key}") for key in ("finding", "literature", "market", "verdict")]
    return Table(say("levers.evidence"), head, rows, (1, 2))
