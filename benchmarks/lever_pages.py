"""The page of results on levers: held against the literature, then by main indicator."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.levers import MAIN  # noqa: E402
from results.language import Language  # noqa: E402

Row = Mapping[str, Any]
ABOUT = """## Levers

Every line of a plan that can be moved, moved by itself, in the same futures with and without it
(`omolab levers`). *Market* is what the simulated market answers, with its 95 % interval; it *agrees* where
that overlaps the literature's range - a wide interval agrees easily. What is not measured stands below.
"""
BY_LEVER = """Effects over the plan's last year in per cent of what the lever is moved from; only what the
interval is sure of has a figure, `·` is not sure. Policies, money and channels are moved from the status quo;
initiatives, risks and rivals are left out of the plan (or put in), so a minus there is what they bring.
"""
BARELY = " (by its interval only)"
VERDICTS = ("agrees", "too weak", "too strong", "wrong sign")


def levers(rows: Sequence[Row]) -> list[str]:
    """Return the sections on levers, none where nothing is measured."""
    plans = list(dict.fromkeys(str(row["plan"]) for row in rows))
    return (
        [ABOUT, *(_plan(plan, [row for row in rows if row["plan"] == plan]) for plan in plans)]
        if rows
        else []
    )


def _plan(plan: str, rows: Sequence[Row]) -> str:
    found = [row for row in rows if "verdict" in row]
    missing = [row for row in rows if "skipped" in row]
    lines = [f"### {plan}", ""]
    if found:
        heads = ["Finding", "Grade", ">Literature", ">Market", "Verdict"]
        lines += [*_table(heads, [_finding(row) for row in found]), "", _tally(found), ""]
    if missing:
        said = [f"{row.get('about', row['name'])} ({row['skipped']})" for row in missing]
        lines += [f"Not measured: {'; '.join(said)}.", ""]
    moved = [row for row in rows if "lever" in row and "kpi" in row and "verdict" not in row]
    return "\n".join([*lines, *_effects(moved)])


def _finding(row: Row) -> list[str]:
    words, measure = Language("en"), row["measure"]
    said = {key: words.measured(row[key], measure) for key in ("central", "range_low", "range_high")}
    market = {key: words.measured(row[key], measure) for key in ("value", "low", "high")}
    literature = f"{said['central']} ({said['range_low']} to {said['range_high']})"
    interval = f" ({market['low']} to {market['high']})" if row["low"] is not None else ""
    verdict = row["verdict"] if row["verdict"] == "agrees" else f"**{row['verdict']}**"
    verdict += "" if row["inside"] or row["verdict"] != "agrees" else BARELY
    return [row["about"], row["grade"], literature, market["value"] + interval, verdict]


def _tally(found: Sequence[Row]) -> str:
    counts = {verdict: sum(row["verdict"] == verdict for row in found) for verdict in VERDICTS}
    said = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    near = sum(row["verdict"] == "agrees" and not row["inside"] for row in found)
    but = f"; {near} of those that agree only by their interval" if near else ""
    return f"Of {len(found)} findings: {Language('en').listed(said)}{but}."


def _effects(rows: Sequence[Row]) -> list[str]:
    """Return the table of levers that surely move a main indicator, and the names of those that move none."""
    if not rows:
        return []
    words = Language("en")
    kpis = [kpi for kpi in MAIN if any(row["kpi"] == kpi for row in rows)]
    cells = {(row["lever"], row["kpi"]): row for row in rows}
    names = list(dict.fromkeys(str(row["lever"]) for row in rows))
    sure = [name for name in names if any(cells.get((name, kpi), {}).get("sure") for kpi in kpis)]
    still = [name for name in names if name not in sure]
    table = []
    for name in sure:
        one = next(row for row in rows if row["lever"] == name)
        figures = [_effect(words, cells.get((name, kpi))) for kpi in kpis]
        table.append([f"`{name}`", f"{one['base']} → {one['tried']}", *figures])
    heads = ["Lever", "Moved", *(f">{words.kpi(kpi)}" for kpi in kpis)]
    lines = [BY_LEVER, *_table(heads, table), ""]
    if still:
        lines += [f"Nothing sure: {words.listed([f'`{name}`' for name in still])}.", ""]
    return lines


def _effect(words: Language, row: Row | None) -> str:
    if row is None or row["relative"] is None:
        return ""
    return words.change(row["relative"], full=False) if row["sure"] else "·"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---:" if head.startswith(">") else "---" for head in heads]
    lines = [[head.removeprefix(">") for head in heads], rule, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
