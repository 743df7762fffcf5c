"""Advice: what a search found, held against the plan in futures it has not seen, and said as a plan.

A search keeps the best of many trials on one panel, and the best looks better there than it is. So the best
few, the plan as written and the status quo live through a fresh panel - other seeds, and other draws of the
parameters where there are any - and only what beats the plan there, by more than its interval, is advised.
Which of the best few is the best is settled on a third part of the futures, so that its gain is not that of
the luckiest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from results.language import SPACE, Language
from scenarios import explained
from scenarios.advised import write_plan
from scenarios.bench import Bench
from scenarios.conclusion import broken, told_of, total_missed
from scenarios.curves import FUTURES as CURVES
from scenarios.curves import curves
from scenarios.derived import with_derived
from scenarios.executor import Progress
from scenarios.experiment import run_plans, write_tables
from scenarios.goals import Goals, said
from scenarios.paired import HERE, Paired
from scenarios.panels import Panels
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, scenario_plan, with_overrides
from scenarios.prices import prices_of
from scenarios.proposals import Line, flat, standing
from scenarios.tried import Tried, oriented, unbeaten
from scenarios.verdict import Verdict, outcomes_of, ranked

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
    over_status_quo
        As ``gain``, over what is done today; of the plan itself where nothing beats it.
    unreachable
        Bounds that no plan tried keeps, and how near they came.
    candidates, trials, front
        The trials verified; counts of trials told, failed, feasible; the trials no other one beats.
    importance
        By objective, how much each number searched matters to being among the best (shares of 1).
    moves, prices
        What a step of each lever does from where the advice stands, and what one more unit of the budget
        and of each binding bound buys (`scenarios.explained`).
    alone, presets
        What each change brings by itself; how candidates fare under other evidence.
    sampler, stopped
        Who proposed; the trials after which the search stood still, ``None`` where it ran to the end.
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
    over_status_quo: list[dict[str, Any]] = field(default_factory=list)
    unreachable: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    trials: dict[str, int] = field(default_factory=dict)
    front: list[dict[str, Any]] = field(default_factory=list)
    importance: dict[str, dict[str, float]] = field(default_factory=dict)
    moves: list[dict[str, Any]] = field(default_factory=list)
    prices: list[dict[str, Any]] = field(default_factory=list)
    alone: list[dict[str, Any]] = field(default_factory=list)
    presets: list[dict[str, Any]] = field(default_factory=list)
    sampler: str = ""
    stopped: int | None = None


def verify(
    bench: Bench,
    chosen: Sequence[Tried],
    tried: Sequence[Tried],
    panels: Panels,
    customers: int | None,
    writer: RunWriter,
    progress: Progress | None,
    about: Mapping[str, Any],
    explain: bool = True,
) -> SearchResult:
    """Re-simulate the candidates on a fresh panel; choose, and write the result, the advice and its tables.

    Parameters
    ----------
    bench
        What the search was measured on: plan, lines, goals, and how the plan as written did there.
    chosen, tried
        Candidates, best first; all trials.
    panels
        The futures: candidates are put in order on one part of the fresh ones, and told on the other.
    about
        How the search went: sampler, stopped, importance.
    explain
        Whether to run on for what the advice rests on (`scenarios.explained`).
    """
    plan, goals = bench.plan, bench.goals
    named = {f"candidate_{i + 1}": one for i, one in enumerate(chosen)}
    plans = {STATUS_QUO: scenario_plan(plan, STATUS_QUO), AS_WRITTEN: plan}
    plans |= {name: with_overrides(plan, one.values) for name, one in named.items()}
    rivals = {name: plans[name] for name in (AS_WRITTEN, *named)} if len(named) > 1 else {}
    choosing = Paired(bench, panels.chosen, writer, progress, "choose", len(panels.chosen))
    order = ranked(goals, choosing.outcomes(rivals, "choose") if rivals else {}, named)
    made = run_plans(plans, panels.told, customers, writer, bench.pool, progress, bench.simulate, "verify")
    kpis = writer.pieces("kpis", "verify ")
    found = Verdict(goals, named, outcomes_of(kpis, goals, plan, plans), order)
    names = {found.chosen: ADVICE} if found.chosen else {}
    whole = with_derived(kpis, plan, goals.targets)
    write_tables(_renamed(whole, names), goals.targets, writer, base=AS_WRITTEN)
    writer.table("daily", _renamed(writer.pieces("daily", "verify "), names))
    result = _result(bench, found, tried, about)
    if explain:
        with writer.timing("explain"):
            paired = Paired(bench, panels.told, writer, progress)
            result = replace(result, **_explained(paired, found, result, plans))
            few = Paired(bench, panels.told, writer, progress, most=CURVES)
            writer.table("search/curves", curves(few, plans[found.chosen or AS_WRITTEN], bench.lines))
    writer.json("search/result", {**vars(result), "verification": _renamed_about(made, names)})
    write_plan(plan, named[found.chosen].values if found.chosen else {}, result.message, writer)
    return result


def _explained(
    paired: Paired, found: Verdict, result: SearchResult, plans: Mapping[str, Plan]
) -> dict[str, Any]:
    """Return what the advice rests on, as parts of the result."""
    bench = paired.bench
    advised = plans[found.chosen or AS_WRITTEN]
    able, tables = explained.steps(paired, advised, bench.lines)
    columns = [*bench.goals.columns, *(one.kpi for one in bench.goals.conditions)]
    start = standing(bench.lines, bench.plan)
    values = found.named[found.chosen].values if found.chosen else {}
    tried = {name: one.values for name, one in found.named.items()}
    fared = explained.presets(paired, bench.plan, tried)
    for row in fared:
        row["candidate"] = ADVICE if row["candidate"] == found.chosen else row["candidate"]
    return {
        "moves": [
            explained.effects(move, tables[str(n)], tables[HERE], list(dict.fromkeys(columns)))
            for n, move in enumerate(able)
        ],
        "prices": prices_of(bench, result.binding, able, tables, bench.lines),
        "alone": explained.alone(paired, bench.plan, values, start) if values else [],
        "presets": fared,
    }


def _renamed(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(scenario=table["scenario"].replace(dict(names))) if names else table


def _renamed_about(about: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {**about, "scenarios": [names.get(name, name) for name in about["scenarios"]]}


def _result(bench: Bench, found: Verdict, tried: Sequence[Tried], about: Mapping[str, Any]) -> SearchResult:
    goals, start = bench.goals, bench.written
    begin = standing(bench.lines, bench.plan)
    values = {**begin, **(found.named[found.chosen].values if found.chosen else {})}
    scenario = found.chosen or AS_WRITTEN
    done = [one for one in tried if not one.reason]
    feasible = [one for one in done if one.feasible]
    told = told_of(goals, found, tried, start)
    return SearchResult(
        best=flat(values),
        start=flat(begin),
        verified=found.means[scenario],
        plan=found.means[AS_WRITTEN],
        status_quo=found.means[STATUS_QUO],
        gain=found.gain(found.chosen) if found.chosen else [],
        over_status_quo=found.gain(scenario, STATUS_QUO),
        optimism=found.optimism(found.chosen, start) if found.chosen else [],
        binding=_binding(goals, found, scenario, bench.lines, values) if found.chosen else [],
        unreachable=[] if feasible or not done else broken(goals, min(done, key=total_missed), start),
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
            for name, one in ((name, found.named[name]) for name in found.order)
        ],
        trials={"told": len(tried), "failed": len(tried) - len(done), "feasible": len(feasible)},
        front=[
            {
                "trial": one.number,
                "values": flat(one.values),
                "means": {c: one.means[c] for c in goals.columns},
            }
            for one, best in zip(feasible, unbeaten(oriented(feasible, goals)), strict=True)
            if best
        ],
        importance=dict(zip(goals.columns, about["importance"], strict=False)),
        sampler=about["sampler"],
        stopped=about["stopped"],
    )


def _binding(
    goals: Goals, found: Verdict, scenario: str, lines: Sequence[Line], values: Mapping[str, Any]
) -> list[str]:
    """Return the bounds that a scenario comes near to, and the ends of ranges it stands at."""
    means, names = found.means[scenario], []
    for condition in goals.conditions:
        level = abs(condition.bound) or abs(found.means[AS_WRITTEN].get(condition.kpi, 0.0)) or 1.0
        if abs(means[condition.kpi] - condition.bound) <= AT_BOUND * level:
            names.append(said(condition))
    for line in lines:
        value = values.get(line.path)
        if line.kind != "range" or value is None:
            continue
        room = AT_END * (line.high - line.low)
        if value >= line.high - room:
            names.append(f"{line.path} <= {line.high:g}")
        elif value <= line.low + room:
            names.append(f"{line.path} >= {line.low:g}")
    return list(dict.fromkeys(names))
