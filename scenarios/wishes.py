"""What a search is asked for, held against what the market can measure, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic_core import PydanticCustomError

from results.problems import BadInput, Problem, nearest
from scenarios.goals import Objective, said
from scenarios.plan import Plan
from scenarios.plan.measures import BUDGET, STORES, Condition, Measure, read_measure
from scenarios.plan.searching import MOST_OBJECTIVES
from scenarios.plan.vocabulary import ODDS
from scenarios.proposals import Line, planned_money, value_at

# Ends of what an indicator's unit can be; only these are sure whatever the market does.
ENDS: Mapping[str, tuple[float, float]] = {"count": (0.0, float("inf")), "hours": (0.0, float("inf"))}
NEVER_BELOW = (
    "acos",
    "paid_roi",
    "roas",
    "cac",
    "cpc",
    "traffic_cost",
    "discount_rate",
    "return_rate",
    BUDGET,
)
WITHIN_ONE = (
    "conversion",
    "organic_share",
    "bounce_rate",
    "online_share",
    "retention",
    "churn",
    "paid_share",
)


def objectives_of(plan: Plan, asked: Sequence[str] = ()) -> tuple[Objective, ...]:
    """Return the objectives ``asked`` for (each in its better direction), or else the plan's.

    Odds of a group in which the plan has no modelled target are left out of the plan's own.

    Raises
    ------
    BadInput
        If an indicator is unknown, or not modelled, or has no better direction, or nothing is left, or
        more than four are asked for.
    """
    problems: list[Problem] = []
    found: list[Objective] = []
    for key, direction, field in _wanted(plan, asked, problems):
        measure = read_measure(key)
        if measure.key in ODDS:
            if modelled_targets(plan, measure.key):
                found.append(Objective(key, "minimize" if direction == "minimize" else "maximize"))
            elif asked or measure.worst:
                said = "the plan has no target of this group that the market can measure"
                problems.append(Problem(plan.name, None, field, key, "other odds or an indicator", said))
            continue
        if problem := unusable(plan, field, key, direction is None):
            problems.append(problem)
            continue
        lower = direction == "minimize" or (direction is None and _better(measure) == "lower")
        found.append(Objective(key, "minimize" if lower else "maximize"))
    if not found and not problems:
        said = "there is nothing to maximise: the plan has no target that the market can measure"
        problems.append(Problem(plan.name, None, "search.maximise", "", "an indicator", said))
    if len(set(found)) > MOST_OBJECTIVES:
        said, expected = "these are too many objectives", f"{MOST_OBJECTIVES} at most"
        problems.append(Problem(plan.name, None, "--objective", ", ".join(asked), expected, said))
    if problems:
        raise BadInput(problems)
    return tuple(dict.fromkeys(found))


def _wanted(
    plan: Plan, asked: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[str, Literal["maximize", "minimize"] | None, str]]:
    for text in asked:
        try:
            yield read_measure(text).text, None, "--objective"
        except PydanticCustomError as error:
            context = error.context or {}
            problems.append(
                Problem(plan.name, None, "--objective", text, context["expected"], error.message())
            )
    if not asked:
        for key, direction in plan.search.wanted():
            yield key, direction, f"search.{direction.replace('ze', 'se')}"


def conditions_of(plan: Plan) -> tuple[Condition, ...]:
    """Return the bounds to keep.

    Raises
    ------
    BadInput
        If the market cannot measure what they are on, or no plan could keep one.
    """
    return _measurable(plan, plan.search.conditions(), "search.subject_to", kept=True)


def preferences_of(plan: Plan) -> tuple[Condition, ...]:
    """Return the bounds better kept; raises as `conditions_of` does."""
    return _measurable(plan, plan.search.preferences(), "search.prefer", kept=False)


def _measurable(
    plan: Plan, conditions: tuple[Condition, ...], field: str, kept: bool
) -> tuple[Condition, ...]:
    problems = []
    for condition in conditions:
        problem = unusable(plan, field, condition.kpi, False)
        if problem is None and kept:
            problem = _beyond(plan, field, condition)
        problems += [problem] if problem else []
    if problems:
        raise BadInput(problems)
    return conditions


def check_budget(plan: Plan, lines: Sequence[Line]) -> None:
    """Refuse a bound on the budget that the lines searched cannot keep.

    Raises
    ------
    BadInput
        Which bound, and what the lines leave.
    """
    least, most = budget_ends(plan, lines)
    problems = []
    for bound in plan.search.conditions():
        if bound.kpi != BUDGET:
            continue
        if (bound.operator == "<=" and bound.bound < least) or (
            bound.operator == ">=" and bound.bound > most
        ):
            left = f"{least:,.0f}" if most - least < 0.5 else f"{least:,.0f} to {most:,.0f}"
            text = "cannot be reached: the lines searched leave a budget of " + left
            problems.append(Problem(plan.name, None, "search.subject_to", said(bound), left, text))
    if problems:
        raise BadInput(problems)


def budget_ends(plan: Plan, lines: Sequence[Line]) -> tuple[float, float]:
    """Return the least and most money that the lines let a plan spend, as far as ranges tell."""
    from scenarios.plan import with_overrides

    ends = []
    for side in ("low", "high"):
        values = {}
        for line in lines:
            if line.path.startswith("budget.year_") and line.path.endswith(".total"):
                numbers = [*line.choices, *([line.value] if line.kind == "fixed" else [])]
                if line.kind == "range":
                    numbers = [line.low, line.high]
                if numbers:
                    values[line.path] = min(numbers) if side == "low" else max(numbers)
                elif line.kind == "linked":
                    other = values.get(line.like, value_at(plan, line.like))
                    values[line.path] = line.times * other + line.plus
        ends.append(planned_money(with_overrides(plan, values)))
    return min(ends), max(ends)


def unusable(plan: Plan, field: str, text: str, needs_direction: bool) -> Problem | None:
    """Return why the market cannot measure something, or ``None`` where it can."""
    from sim.indicators import INDICATORS

    measure = read_measure(text)
    if measure.key == BUDGET:
        return None
    if measure.key in ODDS:
        if modelled_targets(plan, measure.key):
            return None
        said = "the plan has no target of this group that the market can measure"
        return Problem(plan.name, None, field, text, "other odds or an indicator", said)
    usable = [k for k, i in INDICATORS.items() if i.formula and not (needs_direction and i.better == "none")]
    if measure.key in usable:
        return _channel_problem(plan, field, measure) or _worst_problem(plan, field, measure)
    if INDICATORS[measure.key].derived:
        said = f"{measure.key!r} follows from several runs and cannot be searched on; take what it rests on"
    elif not INDICATORS[measure.key].modelled:
        said = f"the market cannot compute {measure.key!r} yet"
    else:
        said = f"neither more nor less of {measure.key!r} is better"
    return Problem(plan.name, None, field, text, "an indicator that is modelled", said)


def _channel_problem(plan: Plan, field: str, measure: Measure) -> Problem | None:
    from sim.indicators import INDICATORS

    if not measure.channel:
        return None
    if not INDICATORS[measure.key].by_channel:
        known = ", ".join(key for key, indicator in INDICATORS.items() if indicator.by_channel)
        said = f"{measure.key!r} is not measured channel by channel"
        return Problem(plan.name, None, field, measure.text, f"one of {known}", said)
    channels = [*plan.open_channels()]
    if measure.channel == STORES:
        if any(channel.kind == "store" for channel in plan.open_channels().values()):
            return None
        said = "the plan has no store"
        return Problem(plan.name, None, field, measure.text, f"one of {', '.join(channels)}", said)
    if measure.channel in channels:
        return None
    said = f"no channel is called {measure.channel!r}{nearest(measure.channel, channels)}"
    return Problem(plan.name, None, field, measure.text, f"one of {', '.join([*channels, STORES])}", said)


def _worst_problem(plan: Plan, field: str, measure: Measure) -> Problem | None:
    if not measure.worst or _better(measure) != "none":
        return None
    said = f"neither more nor less of {measure.key!r} is better: it has no worst futures"
    return Problem(plan.name, None, field, measure.text, "an indicator with a better direction", said)


def _beyond(plan: Plan, field: str, condition: Condition) -> Problem | None:
    """Return why no plan whatever could keep a bound: odds and shares end at 0 and 1."""
    from sim.indicators import INDICATORS

    measure = read_measure(condition.kpi)
    low, high = float("-inf"), float("inf")
    if measure.key in ODDS or measure.key in WITHIN_ONE:
        low, high = 0.0, 1.0
    elif measure.key in NEVER_BELOW:
        low = 0.0
    elif measure.key in INDICATORS:
        low, high = ENDS.get(INDICATORS[measure.key].unit, (low, high))
    over = condition.bound > high if condition.operator == ">=" else condition.bound < low
    if not over:
        return None
    text = "cannot be reached by any plan"
    expected = f"a bound from {low:g} to {high:g}" if high < float("inf") else f"a bound of {low:g} or more"
    return Problem(plan.name, None, field, said(condition), expected, text)


def modelled_targets(plan: Plan, odds: str) -> list[str]:
    """Return the indicators of a group's targets that the market computes."""
    from sim.indicators import INDICATORS

    group = odds.removeprefix("odds_")
    return [t.kpi for t in plan.targets if INDICATORS[t.kpi].formula and group in ("all", t.group)]


def _better(measure: Measure) -> str:
    from sim.indicators import INDICATORS

    return "lower" if measure.key == BUDGET else INDICATORS[measure.key].better
