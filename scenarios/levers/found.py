"""Finding the levers of a plan, and those that somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from results.problems import BadInput, Problem, nearest
from scenarios.levers import money, parts, policies
from scenarios.levers.lever import Lever
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, scenario_plan
from scenarios.proposals import value_at


class Found(NamedTuple):
    """The levers of a plan, the plan that each is, and why others were left out, by name."""

    levers: tuple[Lever, ...]
    plans: Mapping[str, Plan]
    left_out: Mapping[str, str]


def levers_of(plan: Plan, asked: Sequence[str] = ()) -> Found:
    """Return the levers of a plan with the plans they make of it.

    Parameters
    ----------
    plan
        The plan.
    asked
        Names or kinds of levers, and own ones as ``path=value`` (moved from ``status_quo``); none means every
        lever the plan has.

    Returns
    -------
    Found
        ``plans`` holds, beside each lever's, ``status_quo`` and ``plan``. Left out are levers on lines the
        market does not act on, and those that this plan does not allow.

    Raises
    ------
    BadInput
        If a lever asked for is not there, or its value cannot stand where it is put.
    """
    today = scenario_plan(plan, STATUS_QUO)
    plans: dict[str, Plan] = {STATUS_QUO: today, AS_WRITTEN: plan}
    own = [_own(text, today) for text in asked if "=" in text]
    idle = {name: set(base.not_modelled()) for name, base in plans.items()}
    kept, left_out = [], dict[str, str]()
    for lever in _chosen([*_all(plan, today)], asked, plan):
        try:
            moved = lever.moved(plans[lever.against])
        except BadInput as bad:
            left_out[lever.name] = str(bad.problems[0])
            continue
        new = [line for line in moved.not_modelled() if line not in idle[lever.against]]
        why = next((line for line in new if line.startswith(lever.path)), None)
        if why is not None:
            left_out[lever.name] = why
            continue
        kept.append(lever)
        plans[lever.name] = moved
    plans |= {lever.name: lever.moved(today) for lever in own}
    return Found((*kept, *own), plans, left_out)


def _all(plan: Plan, today: Plan) -> list[Lever]:
    return [
        *policies.policy_levers(plan, today),
        *parts.cut_levers(today),
        *parts.dealer_levers(today),
        *money.media_levers(plan, today),
        *money.capability_levers(plan, today),
        *parts.channel_levers(today),
        *parts.rival_levers(plan),
        *parts.initiative_levers(plan),
        *parts.risk_levers(plan),
    ]


def _chosen(levers: list[Lever], asked: Sequence[str], plan: Plan) -> list[Lever]:
    names = {lever.name for lever in levers} | {lever.kind for lever in levers}
    expected = "a lever, a kind of levers, or path=value"
    said, expected = f"{plan.name} has no such lever", "a lever, a kind of levers, or path=value"
    problems = [
        Problem("--lever", None, "", text, expected, said + nearest(text, sorted(names)))
        for text in asked
        if "=" not in text and text not in names
    ]
    if problems:
        raise BadInput(problems)
    return [lever for lever in levers if not asked or lever.name in asked or lever.kind in asked]


def _own(text: str, today: Plan) -> Lever:
    """Return a lever that somebody wrote as ``path=value``."""
    import yaml

    path, _, written = (part.strip() for part in text.partition("="))
    try:
        value: Any = yaml.safe_load(written)
    except yaml.YAMLError:
        said = "cannot be read"
        raise BadInput(Problem("--lever", None, path, written, "a value as in a plan", said)) from None
    base = value_at(today, path)
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (value, base))
    factor = value / base if numbers and base and value / base > 0 else float("nan")
    return Lever(f"{path}={written}", "own", STATUS_QUO, path, base, value, {path: value}, factor)
