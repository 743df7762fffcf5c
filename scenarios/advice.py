"""Advice: what a search found, held against the plan in futures it has not seen, and said as a plan.

A search keeps the best of many trials on one panel, and the best looks better there than it is. So the best
few, the plan as written and the status quo live through a fresh panel - other seeds, and other draws of the
parameters where there are any - and only what beats the plan there, by more than its interval, is advised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.language import SPACE, Language
from scenarios.derived import with_derived
from scenarios.executor import Pool, Progress
from scenarios.experiment import Future, Simulate, run_plans, write_tables
from scenarios.goals import Goals, said
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.overrides import written
from scenarios.proposals import Line, flat, value_at
from scenarios.verdict import Tried, Verdict, outcomes_of

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter

ADVICE = "advice"
AT_BOUND = 0.05  # a bound whose slack is less than this share of it is called binding
AT_END = 0.02  # of a range


@dataclass(frozen=True)
class SearchResult:
    """What a search came to.

    Parameters
    ----------
    best
        Values advised, by dotted path with a key for each share; the plan's own where nothing beats it.
    start
        The plan's values, likewise.
    verified, plan, status_quo
        Means over the fresh panel of the advice, the plan as written and the status quo: objectives,
        odds, bounds' and targets' indicators.
    gain
        Advice minus plan on the fresh panel: kpi, difference, low, high (95 %), unit, before, after.
    optimism
        By objective, the gain over the plan on the search's panel, on the fresh one, and what was lost.
    binding
        Bounds that the advice comes within 5 % of, and ends of ranges it stands at.
    improved
        Whether anything beat the plan.
    message
        One plain sentence, in English.
    told
        The same as a fact, which `results.language.Language.tell` says in the reader's language.
    """

    best: dict[str, Any]
    start: dict[str, Any]
    verified: dict[str, float]
    plan: dict[str, float]
    status_quo: dict[str, float]
    gain: list[dict[str, Any]]
    optimism: list[dict[str, Any]]
    binding: list[str]
    improved: bool
    message: str
    told: dict[str, Any]
    objectives: list[str]
    candidates: list[dict[str, Any]] = field(default_factory=list)
    trials: dict[str, int] = field(default_factory=dict)


def verify(
    plan: Plan,
    lines: Sequence[Line],
    goals: Goals,
    chosen: Sequence[Tried],
    tried: Sequence[Tried],
    start: Mapping[str, float],
    panel: Sequence[Future],
    customers: int | None,
    writer: RunWriter,
    pool: Pool,
    progress: Progress | None,
    simulate: Simulate,
) -> SearchResult:
    """Re-simulate the candidates on a fresh panel; choose, and write the result, the advice and its tables.

    Parameters
    ----------
    chosen, tried
        Candidates, best first; all trials.
    start
        How the plan as written did on the search's panel.
    panel
        The fresh futures.
    """
    named = {f"candidate_{i + 1}": one for i, one in enumerate(chosen)}
    plans = {STATUS_QUO: scenario_plan(plan, STATUS_QUO), AS_WRITTEN: plan}
    plans |= {name: with_overrides(plan, one.values) for name, one in named.items()}
    about = run_plans(plans, panel, customers, writer, pool, progress, simulate, "verify")
    kpis = writer.pieces("kpis", "verify ")
    found = Verdict(goals, named, outcomes_of(kpis, goals, plan))
    names = {found.chosen: ADVICE} if found.chosen else {}
    whole = with_derived(kpis, plan, goals.targets)
    write_tables(_renamed(whole, names), goals.targets, writer, base=AS_WRITTEN)
    writer.table("daily", _renamed(writer.pieces("daily", "verify "), names))
    result = _result(plan, lines, goals, found, start, tried)
    writer.json("search/result", {**vars(result), "verification": _renamed_about(about, names)})
    _write_plan(plan, named[found.chosen].values if found.chosen else {}, result.message, writer)
    return result


def _renamed(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(scenario=table["scenario"].replace(dict(names))) if names else table


def _renamed_about(about: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {**about, "scenarios": [names.get(name, name) for name in about["scenarios"]]}


def _result(
    plan: Plan,
    lines: Sequence[Line],
    goals: Goals,
    found: Verdict,
    start: Mapping[str, float],
    tried: Sequence[Tried],
) -> SearchResult:
    begin = {line.path: plain(value_at(plan, line.path)) for line in lines}
    values = {**begin, **(found.named[found.chosen].values if found.chosen else {})}
    scenario = found.chosen or AS_WRITTEN
    done = [one for one in tried if not one.reason]
    told = _told(goals, found, tried, start)
    return SearchResult(
        best=flat(values),
        start=flat(begin),
        verified=found.means[scenario],
        plan=found.means[AS_WRITTEN],
        status_quo=found.means[STATUS_QUO],
        gain=found.gain(found.chosen) if found.chosen else [],
        optimism=found.optimism(found.chosen, start) if found.chosen else [],
        binding=_binding(goals, found.means[scenario], lines, values) if found.chosen else [],
        improved=found.chosen is not None,
        message=Language().tell(told).replace(SPACE, " "),
        told=told,
        objectives=list(goals.columns),
        candidates=[
            {
                "name": ADVICE if name == found.chosen else name,
                "trial": one.number,
                "values": flat(one.values),
                "keeps_bounds": found.keeps(name),
                "verified": found.means[name],
                "gain": found.gain(name),
                "optimism": found.optimism(name, start),
            }
            for name, one in found.named.items()
        ],
        trials={
            "told": len(tried),
            "failed": len(tried) - len(done),
            "feasible": sum(one.feasible for one in tried),
        },
    )


def _binding(
    goals: Goals, means: Mapping[str, float], lines: Sequence[Line], values: Mapping[str, Any]
) -> list[str]:
    names = [
        said(condition)
        for condition in goals.conditions
        if abs(means[condition.kpi] - condition.bound) <= AT_BOUND * (abs(condition.bound) or 1.0)
    ]
    for line in lines:
        value = values[line.path]
        if line.kind != "range" or value is None:
            continue
        room = AT_END * (line.high - line.low)
        if value >= line.high - room:
            names.append(f"{line.path} <= {line.high:g}")
        elif value <= line.low + room:
            names.append(f"{line.path} >= {line.low:g}")
    return list(dict.fromkeys(names))


def _told(goals: Goals, found: Verdict, tried: Sequence[Tried], start: Mapping[str, float]) -> dict[str, Any]:
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
        return {"say": "found.none_keeps", "broken": _broken(goals, min(done, key=_total_missed), start)}
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
    keeping = [name for name in found.named if found.keeps(name)]
    if not keeping:
        return {"say": "found.all_break", "broken": _missed(found, "candidate_1")}
    return {"say": "found.stands", **_gained(goals.columns[0], found.oriented(keeping[0])[0])}


def _missed(found: Verdict, name: str) -> list[str]:
    return [bound for bound, missed in found.missed[name].items() if missed > 0]


def _gained(column: str, oriented: tuple[float, float, float]) -> dict[str, Any]:
    gain, low, high = map(_signed, oriented)
    label = {"say": f"goal.{column}"} if column.startswith("nearness_") else {"kpi": column}
    return {"of": label, "gain": gain, "low": low, "high": high}


def _total_missed(one: Tried) -> float:
    return sum(max(missed, 0.0) for missed in one.missed.values())


def _broken(goals: Goals, one: Tried, written: Mapping[str, float]) -> list[dict[str, Any]]:
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
    return f"{value:+.3g}" if abs(value) < 1000 else f"{value:+,.0f}"


def _write_plan(plan: Plan, values: Mapping[str, Any], message: str, writer: RunWriter) -> None:
    """Write ``search/advice.yaml``, a plan that extends the searched one and runs as it is.

    A bundled plan is extended by its name; any other is copied beside the advice as it was searched, so
    that the advice still says the same when the folder moves or the plan's file changes.
    """
    source = plan.name
    if plan.name not in bundled() or load_plan(plan.name) != plan:
        source = "searched_plan.yaml"
        whole = {key: value for key, value in plain(written(plan)).items() if key != "extends"}
        about = "The plan that was searched, with all it inherits."
        writer.text(f"search/{source}", _yaml(whole, about))
    changed = patch(plain(written(plan)), plain(written(with_overrides(plan, values)))) if values else {}
    name = f"{plan.name.removesuffix('_advice')[:53]}_advice"
    writer.text("search/advice.yaml", _yaml({"name": name, "extends": source, **changed}, message))


def patch(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to lay on ``old`` to get ``new``: what changed, ``None`` for what is gone (RFC 7396)."""
    changed: dict[str, Any] = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old or not (isinstance(value, Mapping) and isinstance(old[key], Mapping)):
            if key not in old or value != old[key]:
                changed[key] = value
        elif inner := patch(old[key], value):
            changed[key] = inner
    return changed


def _yaml(data: Mapping[str, Any], comment: str) -> str:
    import textwrap

    import yaml

    lines = "\n".join(f"# {line}" for line in textwrap.wrap(comment, 100))
    return f"{lines}\n{yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=100)}"
