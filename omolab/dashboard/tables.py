"""The tables of the dashboard as HTML; every text in them is escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.language import Language, better_sides, clean

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

    from scenarios.plan import Plan

TEMPLATES = Path(__file__).parent / "templates"
HEADLINES = ("net_sales", "orders", "conversion", "online_share", "operating_profit", "active_customers")
BRIEF = 3  # indicators in the line of narrow windows
LONGEST = 60  # letters of a name


def main_indicators(plan: Plan) -> list[str]:
    """Return the indicators that a plan is judged by: those of its targets, and the headlines."""
    return list(dict.fromkeys([*(target.kpi for target in plan.targets), *HEADLINES]))


def effect(table: pd.DataFrame, kpis: Sequence[str], words: Language, moved: bool) -> str:
    """Return the table of a quick look: each indicator under the plan, and what the dials change.

    Parameters
    ----------
    table
        Of a `scenarios.what_if.Look`.
    kpis
        Which indicators, in order.
    words
        The reader's language.
    moved
        Whether any dial has moved; if not only the plan's figures are shown.
    """
    found = {row["kpi"]: row for row in table.to_dict("records") if math.isfinite(row["base_value"])}
    rows = [_effect(found[kpi], words) for kpi in kpis if kpi in found]
    reach = max((abs(end) for row in rows for end in row["ends"] if math.isfinite(end)), default=0.0)
    for row in rows:
        row["bar"] = _bar(row["ends"], reach) if moved else None
    heads = {name: words.say(f"dash.{name}") for name in ("indicator", "plan", "difference")}
    caption = words.say("dash.effect" if moved else "dash.nothing")
    return _template("effect.html.j2").render(rows=rows, heads=heads, caption=caption, moved=moved)


def idle(table: pd.DataFrame, kpis: Sequence[str], words: Language) -> str:
    """Return a sentence where the dials change nothing, or none of the indicators shown; else no text.

    Parameters
    ----------
    table
        Of a `scenarios.what_if.Look`.
    kpis
        Which indicators are shown.
    words
        The reader's language.
    """
    ends = table[["difference", "low", "high"]]
    moves = table[(ends.notna() & (ends != 0)).any(axis=1)]["kpi"]
    if not len(moves):
        return words.say("dash.idle")
    if moves.isin(kpis).any():
        return ""
    named = words.some([words.kpi_inline(kpi) for kpi in dict.fromkeys(moves)], BRIEF)
    return words.say("dash.elsewhere", kpis=named)


def brief(table: pd.DataFrame, kpis: Sequence[str], words: Language) -> str:
    """Return the first differences in one line, for narrow windows in which the table is out of sight."""
    found = {row["kpi"]: row for row in table.to_dict("records") if math.isfinite(row["base_value"])}
    rows = [_effect(found[kpi], words) for kpi in kpis if kpi in found][:BRIEF]
    still = words.say("dash.still") if not any(row["kind"] for row in rows) else ""
    return _template("brief.html.j2").render(rows=rows, still=still)


def comparison(table: pd.DataFrame, kpis: Sequence[str], words: Language, currency: str) -> str:
    """Return a comparison of stored runs as a table: scenarios by indicator, over the last year of each."""
    from omolab.printed.sheets import last_period, records

    rows = last_period(table)
    words = Language(words.lang, currency)
    told = [
        {
            "kpi": words.kpi(kpi),
            "scenario": clean(words.scenario(row["scenario"]), LONGEST),
            **_difference(row, words),
        }
        for kpi in kpis
        for row in records(rows[rows["kpi"] == kpi])
    ]
    names = ("indicator", "scenario", "difference")
    heads = {name: words.say(f"dash.{name}") for name in names}
    base = clean(words.scenario(rows["base"].iloc[0]), LONGEST) if len(rows) else ""
    month = words.month(rows["period_end"].max()) if len(rows) else ""
    caption = words.say("dash.compared", base=base, month=month)
    return _template("comparison.html.j2").render(rows=told, heads=heads, caption=caption)


def paragraph(text: str, kind: str = "") -> str:
    """Return a text as a paragraph."""
    return _template("paragraph.html.j2").render(text=text, kind=kind)


def lever(label: str, value: str, kind: str = "") -> str:
    """Return a dial's name and where it stands."""
    return _template("lever.html.j2").render(label=label, value=value, kind=kind)


def link(address: str, label: str, about: str) -> str:
    """Return a link that opens beside the page; ``about`` is what it is called where it stands alone."""
    return _template("link.html.j2").render(address=address, label=label, about=about)


def _effect(row: dict[str, Any], words: Language) -> dict[str, Any]:
    start = abs(row["base_value"])
    sizes = [row[name] / start if start else math.nan for name in ("low", "difference", "high")]
    plan = words.estimate(row["base_value"], row["unit"])
    return {"kpi": words.kpi(row["kpi"]), "plan": plan, "ends": sizes, **_difference(row, words)}


def _difference(row: dict[str, Any], words: Language) -> dict[str, Any]:
    """Return a difference with its interval, and what it is called: better, worse, not clear."""
    unit, low, high = row.get("unit") or "", row["low"], row["high"]
    known = low is not None and high is not None and math.isfinite(low) and math.isfinite(high)
    still = row["difference"] == 0 and low == high == 0
    sure = known and not low <= 0 <= high
    kind = "" if still else "unclear"
    if sure:
        side = better_sides().get(row["kpi"], "none")
        rises = low > 0
        kind = ("better" if rises == (side == "higher") else "worse") if side != "none" else "more"
        kind = "less" if kind == "more" and not rises else kind
    span = words.band(low, high, unit, signed=True) if known and not still else ""
    difference = words.estimate(row["difference"], unit, signed=True)
    return {
        "difference": difference,
        "span": span,
        "kind": kind,
        "said": words.say(f"dash.{kind}") if kind else "",
    }


def _bar(ends: Sequence[float], reach: float) -> dict[str, float] | None:
    """Return where an interval lies on a line 200 wide, nothing in its middle."""
    if not all(map(math.isfinite, ends)) or reach <= 0:
        return None
    low, middle, high = (100 + 96 * end / reach for end in ends)
    return {"low": low, "middle": middle, "wide": max(high - low, 1.0)}


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)
