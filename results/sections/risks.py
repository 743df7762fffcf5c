"""Risks: the register, how losses are spread over futures, and what the contingencies save."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from results import charts
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
FUTURE = ["draw", "replicate"]


def risks(material: Material) -> Section | None:
    """Return the register and the losses; what the plan says of its risks where none were simulated."""
    say, register = material.language.say, material.frame("risks")
    told = [risk for risk in material.about.get("risks") or [] if isinstance(risk, Mapping)]
    if register is None or not material.scenarios or material.lead not in set(register["scenario"]):
        if not told:
            return None
        return Section(
            "risks", say("section.risks"), [Text(say("risks.unlived"), "small"), _told(material, told)]
        )
    blocks: list[Block] = [Text(say("risks.about"))]
    runs = by_future(material)
    if runs is not None:
        blocks.append(Text(_contingency(material, register, runs)))
        if (runs["loss"] > 0).any():
            blocks.append(Figures([charts.losses(runs, material.language, material.base)]))
    titles = {str(risk.get("name")): str(risk.get("title") or "") for risk in told}
    blocks.append(_register(material, register[register["scenario"] == material.lead], titles))
    return Section("risks", say("section.risks"), blocks)


def by_future(material: Material) -> pd.DataFrame | None:
    """Return loss and what was saved in every future of every scenario; where nothing struck, nothing."""
    import pandas as pd

    kpis, struck = material.kpis, material.frame("losses")
    if kpis is None:
        return None
    futures = pd.MultiIndex.from_frame(kpis[["scenario", *FUTURE]].drop_duplicates())
    if struck is None:
        return None
    sums = struck.groupby(["scenario", *FUTURE])[["loss", "saved"]].sum()
    return material.in_order(sums.reindex(futures, fill_value=0.0).reset_index())


def _contingency(material: Material, register: pd.DataFrame, runs: pd.DataFrame) -> str:
    language = material.language
    saved = runs.loc[runs["scenario"] == material.lead, "saved"]
    whole = register[(register["scenario"] == material.lead) & (register["risk"] == ALL)]
    cost = float(whole["contingency_cost"].iloc[0]) * _years(material) if len(whole) else math.nan
    low, high = saved.quantile([0.1, 0.9])
    fields = {
        "scenario": language.the(material.lead),
        "saved": language.estimate(float(saved.mean()), "currency"),
        "band": language.band(low, high, "currency"),
        "cost": language.amount(cost, "currency"),
    }
    return language.say("risks.saved" if cost > 0 else "risks.free", **fields)


def _years(material: Material) -> float:
    assert material.kpis is not None
    span = material.kpis["period_end"].max() - material.kpis.loc[~material.kpis["year"], "period_start"].min()
    return float(span.days + 1) / 365.0


def _register(material: Material, rows: pd.DataFrame, titles: Mapping[str, str]) -> Table:
    language, say = material.language, material.language.say
    shown: list[list[Cell | str]] = []
    for row in rows.to_dict("records"):
        whole = row["risk"] == ALL
        title = say("risks.together") if whole else titles.get(row["risk"]) or language.spelt(row["risk"])
        title = clean(language.titled(title), 80)
        spread = {key: language.estimate(row[f"loss_{key}"], "currency") for key in ("p50", "p90")}
        times = say("risks.times", n=language.number(row["strikes"]))
        shown.append(
            [
                Cell(title[:1].upper() + title[1:], "", "sum")
                if whole
                else Cell(title[:1].upper() + title[1:], kind(row["kind"], material)),
                "" if whole else language.amount(row["probability"], "share"),
                Cell(say("chart.of_100", n=language.odds(row["struck"])), times),
                language.estimate(row["loss_when_struck"], "currency"),
                Cell(language.estimate(row["loss"], "currency"), say("risks.spread", **spread)),
                language.estimate(row["saved"], "currency"),
                language.amount(row["contingency_cost"], "currency"),
            ]
        )
    keys = ("name", "probability", "struck", "hit", "loss", "saved_off", "cost")
    caption = say("risks.caption", scenario=language.the(material.lead))
    return Table(caption, [say(f"risks.{key}") for key in keys], shown, range(1, 7))


def kind(name: Any, material: Material) -> str:
    """Return a kind of risk in words."""
    key = f"risks.kind.{name}"
    return material.language.say(key) if material.language.has(key) else clean(name, 30)


def _told(material: Material, told: list[Mapping[str, Any]]) -> Table:
    """Return the risks as the plan tells them."""
    language, say = material.language, material.language.say
    keys = [
        key for key in ("name", "kind", "probability", "impact", "contingency") if any(key in r for r in told)
    ]
    rows: list[list[Cell | str]] = []
    for risk in told:
        row: list[Cell | str] = []
        for key in keys:
            value = risk.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                row.append(language.amount(value, "share" if key == "probability" else ""))
            else:
                said = kind(value, material) if key == "kind" else language.titled(value)
                row.append("–" if value is None else clean(said, 200))
        rows.append(row)
    return Table(say("open.risks"), [say(f"risk.{key}") for key in keys], rows)
