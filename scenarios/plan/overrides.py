"""Scenarios and single overrides: the same plan with some of its lines changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from results.problems import BadInput, Problem, nearest
from scenarios.plan.fields import TOLERANCE, Part, Shares
from scenarios.plan.model import AS_WRITTEN, STATUS_QUO, Plan
from scenarios.plan.money import YEARS, Media
from scenarios.plan.shape import annotation_at, bare, keys_of
from scenarios.plan.trees import Path, dotted, existing, merged, placed, without
from scenarios.plan.vocabulary import ALIASES, INDICATOR_KEYS

FIXED = ("name", "extends", "scenarios", "search")  # what a scenario may not change
_YEAR = re.compile(r"^year_([1-9])$")


def scenario_plan(plan: Plan, scenario: str) -> Plan:
    """Return ``plan`` under a scenario.

    ``plan`` is the plan as written. ``status_quo`` does nothing new: no initiative, no contingency, no rule
    of control, no channel that is yet to open, today's policies, and ``budget.today`` spent every year;
    overrides given under ``scenarios.status_quo`` say what today's policies are, and need nothing to enable
    them.

    Raises
    ------
    BadInput
        If the plan has no such scenario.
    """
    from scenarios.plan.checking import checked

    if scenario not in plan.scenario_names():
        known = plan.scenario_names()
        said = f"the plan {plan.name!r} has no scenario {scenario!r}{nearest(scenario, known)}"
        raise BadInput(Problem(plan.name, None, "scenario", scenario, "one of " + ", ".join(known), said))
    if scenario == AS_WRITTEN:
        return plan
    return checked(scenario_data(written(plan), scenario, plan), plan.name)


def written(plan: Plan) -> dict[str, Any]:
    """Return what the plan says, as plain data, without what it leaves to defaults."""
    return plan.model_dump(exclude_unset=True)


def scenario_data(data: Mapping[str, Any], scenario: str, plan: Plan) -> dict[str, Any]:
    """Return a plan's data under a scenario; ``plan`` is the same data validated."""
    base = _status_quo(data, plan) if scenario == STATUS_QUO else dict(data)
    return merged(base, data.get("scenarios", {}).get(scenario, {}))


def _status_quo(data: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    today = plan.budget.spending_today()
    new = ("initial", "control", "lines", "bidding")
    budget = {key: value for key, value in data["budget"].items() if not _YEAR.match(key) and key not in new}
    if budget.get("finance"):
        budget["finance"] = {**budget["finance"], "strays": False}
    if plan.budget.today is not None and plan.budget.today.bidding:
        budget["bidding"] = dict(plan.budget.today.bidding)
    later = [name for name, channel in plan.channels.items() if channel.opens and channel.opens > plan.start]
    quiet: dict[str, Any] = {
        **data,
        "budget": {**budget, "year_1": today.model_dump()},
        "initiatives": {
            name: {key: value for key, value in action.items() if key != "enables"} | {"active": False}
            for name, action in data.get("initiatives", {}).items()
        },
        "risks": {
            name: {key: value for key, value in risk.items() if key != "contingency"}
            for name, risk in data.get("risks", {}).items()
        },
        "channels": {
            n: {**channel, "open": False} if n in later else channel
            for n, channel in data["channels"].items()
        },
    }
    quiet.pop("policies", None)
    return quiet


def with_overrides(plan: Plan, values: Mapping[str, Any]) -> Plan:
    """Return ``plan`` with the lines at some dotted paths changed.

    Mappings and lists given whole replace what stands there. A single share of a whole, such as
    ``budget.media.tv``, keeps its value, and the shares not given are scaled to fill up to 1.
    A month given for an initiative takes it out of its phase, and a phase out of its month.
    Items of lists are named by position, ``name`` or ``kpi``: ``targets.conversion.value``.

    Raises
    ------
    BadInput
        If a path is not in the plan, or a value cannot stand there.
    """
    from scenarios.plan.checking import checked

    data: Any = written(plan)
    problems: list[Problem] = []
    given: dict[Path, dict[str, Any]] = {}
    for text, value in values.items():
        try:
            path = find(plan, text)
        except BadInput as bad:
            problems.extend(bad.problems)
            continue
        data = placed(_begun(_year_written(data, plan, path), path), path, _plain(value))
        if is_whole(annotation_at(path[:-1])):
            given.setdefault(path[:-1], {})[str(path[-1])] = _plain(value)
    if problems:
        raise BadInput(problems)
    for whole, shares in given.items():
        data = placed(data, whole, _filled(_shares_at(plan, whole), shares, whole))
    return checked(data, plan.name)


def find(plan: Plan, text: str) -> Path:
    """Return the path that a dotted text names in ``plan``.

    Raises
    ------
    BadInput
        If nothing stands there; the nearest known key is named.
    """
    parts = str(text).split(".")
    found: Path = ()
    current: Any = plan
    while parts:
        key, used, known = _next(current, parts, found)
        if key is None:
            name, place = parts[0], dotted(found) or "the plan"
            said = f"there is no {name!r} in {place}{nearest(name, known)}"
            raise BadInput(Problem(plan.name, None, text, name, "one of " + ", ".join(known), said))
        found, parts = (*found, key), parts[used:]
        current = _inside(current, key)
    return found


def _next(current: Any, parts: list[str], path: Path) -> tuple[str | int | None, int, tuple[str, ...]]:
    """Return the key that the next parts name, how many parts it uses, and the keys that were possible."""
    annotation = annotation_at(path)
    known: tuple[str, ...] = keys_of(annotation)
    if isinstance(current, tuple):
        names = [getattr(item, "name", None) or getattr(item, "kpi", None) or "" for item in current]
        name = ALIASES.get(parts[0], parts[0])
        if name in names:
            return names.index(name), 1, ()
        if name.isdecimal() and int(name) < len(current):
            return int(name), 1, ()
        return None, 0, tuple(names)
    if not known:
        known = tuple(current) if isinstance(current, Mapping) else ()
        if path and path[-1] == "starting_point":
            parts, known = [ALIASES.get(parts[0], parts[0]), *parts[1:]], INDICATOR_KEYS
    for used in range(len(parts), 0, -1):  # keys such as access.store hold a dot themselves
        if ".".join(parts[:used]) in known:
            return ".".join(parts[:used]), used, known
    return None, 0, known


def _inside(current: Any, key: str | int) -> Any:
    if isinstance(current, Part):
        return getattr(current, str(key))
    try:
        return current[key]
    except (KeyError, TypeError):
        return None


def is_whole(annotation: Any) -> bool:
    """Tell whether what stands at an annotation is shares that sum to 1."""
    kind = bare(annotation)
    return (isinstance(kind, type) and issubclass(kind, Shares)) or (
        get_origin(kind) is Mapping and get_args(kind) == get_args(bare(Media))
    )


def _year_written(data: Any, plan: Plan, path: Path) -> Any:
    """Write out a year's budget that the plan leaves to the year before, so that a line of it can change."""
    year = _YEAR.match(str(path[1])) if path[0] == "budget" and len(path) > 2 else None
    if year is None:
        return data
    full = plan.budget.year(min(int(year[1]), YEARS)).model_dump()
    stood = data["budget"].get(path[1]) or {"total": full["total"]}
    return placed(data, ("budget", str(path[1])), stood)


def _begun(data: Any, path: Path) -> Any:
    """Take an initiative out of its phase where its month is given, or out of its month for a phase."""
    others = {"start_month": "phase", "phase": "start_month"}
    if len(path) == 3 and path[0] == "initiatives" and path[2] in others:
        other: Path = (*path[:2], others[str(path[2])])
        if existing(data, other) == other:
            return without(data, other)
    return data


def _shares_at(plan: Plan, path: Path) -> dict[str, float]:
    year = _YEAR.match(str(path[1])) if path[0] == "budget" else None
    current: Any = plan.budget.year(int(year[1])) if year else plan
    for key in path[2:] if year else path:
        current = _inside(current, key)
    return dict(current or {})


def _filled(shares: dict[str, float], given: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return ``given`` with the other shares scaled to fill up to 1."""
    rest = {name: share for name, share in shares.items() if name not in given}
    try:
        left, now = 1 - sum(given.values()), sum(rest.values())
    except TypeError:  # not numbers: validation says which
        return {**shares, **given}
    if left < -TOLERANCE or not rest:
        return given
    scaled = {n: max(left, 0) * (share / now if now > 0 else 1 / len(rest)) for n, share in rest.items()}
    return {**scaled, **given}


def _plain(value: Any) -> Any:
    """Return numbers of numpy as Python's own."""
    return value.item() if hasattr(value, "item") and not isinstance(value, Mapping) else value
