"""What a run's level, trend and season rest on: its history's outlook, and the market joined to it."""

from __future__ import annotations

import numpy as np

from results import charts
from results.pages import Block, Figures, Material, Section, Text

CLOSE = (0.8, 1.25)  # the plan's own market within this of the history's outlook needs no warning


def outlook(material: Material) -> Section | None:
    """Return the outlook of the history a fit rests on, and how far the plan's market had to be moved."""
    table, about = material.frame("fit/outlook"), material.run.json("fit/outlook_of")
    if table is None or not isinstance(about, dict):
        return None
    say = material.language.say
    blocks: list[Block] = [Text(say("outlook.intro"))]
    joined = material.frame("fit/joined")
    if joined is not None:
        first = joined[joined["month"].isin(sorted(joined["month"].unique())[:12])]
        ratio = float(np.median(first["outlook"] / first["market"]))
        key = "outlook.joined" if CLOSE[0] <= ratio <= CLOSE[1] else "outlook.far"
        moved = say(key, ratio=material.language.number(ratio))
        blocks.append(Text(moved, "say" if key == "outlook.joined" else "mind"))
    unit = "" if about.get("measure") == "orders" else str(about.get("currency") or "currency")
    blocks.append(Figures([charts.outlook(table, material.language, unit)]))
    return Section("outlook", say("section.outlook"), blocks)
