"""What a search came to, as facts that can be told in any language (phrases ``found.*``)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.goals import Goals, said
from scenarios.plan import AS_WRITTEN
from scenarios.plan.measures import BUDGET
from scenarios.tried import Tried
from scenarios.verdict import Verdict


def told_of(
    goals: Goals, found: Verdict, tried: Sequence[Tried], start: Mapping[str, float]
) -> dict[str, Any]:
    """Return what the search came to, as a fact to be told in any language (phrases ``found.*``)."""
    done = [one for one in tried if not one.reason]
    if not done:
        return {"say": "found.none_ran"}
    said = _conclusion(goals, found, done, start)
    failed = len(tried) - len(done)
    return {"say": "found.failed", "said": said, "failed": failed, "all": len(tried)} if failed else said


def _conclusion(
    goals: Goals, found: Verdict, done: Sequence[Tried], start: Mapping[str, float]
) -> dict[str, Any]:
    if not any(one.feasible for one in done):
        return {"say": "found.none_keeps", "broken": broken(goals, min(done, key=total_missed), start)}
    if not found.named:
        return {"say": "found.too_few"}
    if found.chosen is None:
        return _stands_as_written(goals, found)
    gains = [
        {"say": "found.gain", **_gained(goal.column, oriented)}
        for goal, oriented in zip(goals.objectives, found.oriented(found.chosen), strict=True)
    ]
    if found.keeps(AS_WRITTEN):
        return {"say": "found.beats", "gains": gains}
    return {"say": "found.keeps", "broken": _missed(found, AS_WRITTEN), "gains": gains}


def _stands_as_written(goals: Goals, found: Verdict) -> dict[str, Any]:
    keeping = [name for name in found.order if found.keeps(name)]
    if not keeping:
        return {"say": "found.all_break", "broken": _missed(found, found.order[0])}
    return {"say": "found.stands", **_gained(goals.columns[0], found.oriented(keeping[0])[0])}


def _missed(found: Verdict, name: str) -> list[str]:
    return [bound for bound, missed in found.missed[name].items() if missed > 0]


def _gained(column: str, oriented: tuple[float, float, float]) -> dict[str, Any]:
    """Return a measure's gain with its interval: of odds in points, which end at 100."""
    inner = column.removeprefix("cvar(").removesuffix(")")
    if not inner.startswith(("odds_", "nearness_")):
        gain, low, high = map(_signed, oriented)
        return {"of": _label(column), "gain": gain, "low": low, "high": high}
    points = [_signed(100.0 * min(max(one, -1.0), 1.0)) for one in oriented]
    gain_in_points = {"say": "found.points", "n": points[0]}
    return {"of": _label(column), "gain": gain_in_points, "low": points[1], "high": points[2]}


def _label(column: str) -> dict[str, Any]:
    """Return a measure as a fact."""
    if column.startswith("cvar("):
        return {"say": "goal.cvar", "of": _label(column.removeprefix("cvar(").removesuffix(")"))}
    if column == BUDGET or column.startswith("nearness_"):
        return {"say": f"goal.{column}"}
    key, _, channel = column.partition(".")
    return {"say": "goal.channel", "of": {"kpi": key}, "channel": channel} if channel else {"kpi": key}


def total_missed(one: Tried) -> float:
    """Return by how much a trial misses its bounds in all."""
    return sum(max(missed, 0.0) for missed in one.missed.values())


def broken(goals: Goals, one: Tried, written: Mapping[str, float]) -> list[dict[str, Any]]:
    """Name the bounds that a plan breaks; ``written`` is how the plan as written did on the same panel."""
    return [
        {
            "say": "found.missed",
            "bound": said(c),
            "nearest": f"{one.means.get(c.kpi, math.nan):.3g}",
            "written": f"{written.get(c.kpi, math.nan):.3g}",
        }
        for c in goals.conditions
        if one.missed[said(c)] > 0
    ]


def _signed(value: float) -> str:
    text = f"{value:+.3g}" if abs(value) < 1000 else f"{value:+,.0f}"
    return text.replace("-", "−", 1) if value < 0 else text
