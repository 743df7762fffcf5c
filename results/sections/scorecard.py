"""The scorecard: how much of the way to its goals each dimension of the business has gone."""

from __future__ import annotations

from results import charts
from results.charts.scorecard import dimension, weighted
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Points, Section, Table


def scorecards(material: Material) -> Section | None:
    """Return every card of the run, its dimensions by scenario."""
    table, language = material.frame("scorecards"), material.language
    if table is None or not material.scenarios:
        return None
    table = material.in_order(table)
    pictures: list[charts.Chart] = []
    tables: list[Block] = []
    for _, card in table.groupby("card", sort=False):
        pictures.append(charts.scorecard(card, language, material.base))
        rows: list[list[Cell | str]] = []
        made_of: list[str] = []
        mine = card[card["scenario"] == material.lead]
        for line in mine.to_dict("records"):
            known = line["attainment_p50"] == line["attainment_p50"]
            low, high = f"{line['attainment_p10']:.0f}", f"{line['attainment_p90']:.0f}"
            score = (
                Cell(f"{line['attainment_p50']:.0f}", language.say("band", low=low, high=high))
                if known
                else "–"
            )
            names = language.listed([language.kpi_inline(key) for key in str(line["indicators"]).split()])
            weight = language.amount(line["weight"], "share") if weighted(card) else "–"
            name = dimension(line["dimension"], language)
            rows.append([name, weight, score])
            made_of.append(language.say("scorecard.of", dimension=name, indicators=clean(names, 400)))
        head = [language.say(f"scorecard.{key}") for key in ("dimension", "weight", "score")]
        tables.append(
            Table(language.say("scorecard.caption", scenario=language.the(material.lead)), head, rows, (1, 2))
        )
        tables += [Points(made_of)] if made_of else []
    return Section("scorecard", language.say("section.scorecard"), [Figures(pictures), *tables])
