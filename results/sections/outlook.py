"""What a run's level, trend and season rest on: its history's outlook, and the market joined to it."""

from __future__ import annotations

import numpy as np

from results import charts
from results.language import Language
from results.pages import Block, Figures, Material, Section, Text
from results.store import Run

CLOSE = (0.8, 1.25)  # the plan's own market within this of the history's outlook needs no warning


def how_joined(run: Run, language: Language) -> tuple[str, str] | None:
    """Say how a run was joined to its history's outlook, and whether to mind that; ``None`` for a fit."""
    if not run.has("kpis"):
        return None
    if not run.has("fit/joined"):
        return language.say("outlook.apart"), "mind"
    joined = run.read("fit/joined")
    if not joined["level"].all():
        return language.say("outlook.shape"), "mind"
    first = joined[joined["month"].isin(sorted(joined["month"].unique())[:12])]
    ratio = float(np.median(first["outlook"] / first["market"]))
    close = CLOSE[0] <= ratio <= CLOSE[1]
    said = language.say("outlook.joined" if close else "outlook.far", ratio=language.number(ratio))
    return said, "say" if close else "mind"


def outlook(material: Material) -> Section | None:
    """Return the outlook of the history a fit rests on, and how far the plan's market had to be moved."""
    table, about = material.frame("fit/outlook"), material.run.json("fit/outlook_of")
    if table is None or not isinstance(about, dict):
        return None
    say = material.language.say
    blocks: list[Block] = [Text(say("outlook.intro"))]
    if (said := how_joined(material.run, material.language)) is not None:
        blocks.append(Text(*said))
    unit = "" if about.get("measure") == "orders" else str(about.get("currency") or "currency")
    blocks.append(Figures([charts.outlook(table, material.language, unit)]))
    return Section("outlook", say("section.outlook"), blocks)
