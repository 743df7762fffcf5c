"""A plan's data checked as a whole: every problem found, each with its file, line and field."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from results.problems import BadInput, Problem
from scenarios.plan.complaints import Where, complaint
from scenarios.plan.model import AS_WRITTEN, STATUS_QUO, Plan, faults
from scenarios.plan.overrides import FIXED, find, is_whole, scenario_data, with_overrides
from scenarios.plan.searching import YEARS
from scenarios.plan.shape import annotation_at
from scenarios.plan.trees import Path, dotted, existing, without

_ATTEMPTS = 8  # how often a faulty plan is cut back before the checks across its parts are given up
_STAND_INS: Mapping[str, Any] = {
    "name": "unnamed",
    "start": datetime.date(2001, 1, 1),
    "months": 120,
    "market": {"population": 1},
    "channels": {"unnamed": {"kind": "own"}},
    "budget": {"year_1": {"total": 0.0, "split": {"technology": 1.0}}},
}
Found = list[tuple[Path, Problem]]


class Sound(NamedTuple):
    """What of a plan is sound: the plan without its faulty lines, its data, and what was left out."""

    plan: Plan
    data: Mapping[str, Any]
    cut: list[Path]

    @property
    def gone(self) -> set[str | int]:
        """Top-level keys that cannot be relied on."""
        return {path[0] for path in self.cut}


def checked(data: Mapping[str, Any], name: str) -> Plan:
    """Return data as a plan, its parts held against each other.

    Raises
    ------
    BadInput
        With every problem; lines are unknown.
    """
    plan, found = _inspect(data, lambda path: (name, None))
    if plan is None or found:
        raise BadInput([problem for _, problem in found])
    return plan


def inspect(data: Mapping[str, Any], where: Where) -> tuple[Plan | None, list[Problem]]:
    """Return the plan, or ``None``, and every problem of it, of its scenarios and of its search, by line."""
    plan, found = _inspect(data, where)
    problems = [problem for _, problem in found]
    sound = _cut_back(data) if plan is None else Sound(plan, data, [])
    if sound is not None:
        known = {(path, problem.message) for path, problem in found}
        for name in (STATUS_QUO, *sound.plan.scenarios):
            problems.extend(_scenario(sound, name, where, known))
        problems.extend(_search(sound, where))
    problems.sort(key=lambda problem: (problem.file, problem.line or 0))
    return (None, problems) if problems else (plan, [])


def _inspect(
    data: Mapping[str, Any], where: Where, gone: Collection[str | int] = ()
) -> tuple[Plan | None, Found]:
    """Return the plan if its parts are sound, and what is wrong with them and between them."""
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        found = [complaint(each, data, where) for each in error.errors(include_url=False)]
        sound = _cut_back(data)
        if sound is not None:
            found += _reported(sound.plan, where, sound.cut, {*gone, *sound.gone})
        return None, found
    return plan, _reported(plan, where, [], gone)


def _reported(plan: Plan, where: Where, cut: list[Path], gone: Collection[str | int]) -> Found:
    problems: Found = []
    for fault in faults(plan):
        if not set(fault.rests_on).isdisjoint(gone):
            continue
        path = _before_cuts(fault.path, cut)
        file, line = where(path)
        problems.append((path, Problem(file, line, dotted(path), fault.value, fault.expected, fault.message)))
    return problems


def _cut_back(data: Mapping[str, Any]) -> Sound | None:
    """Leave faulty lines out until the rest is a plan, so that its parts can be held against each other.

    Where a whole part is missing a stand-in takes its place, and counts as left out.
    """
    cut: list[Path] = []
    for _ in range(_ATTEMPTS):
        try:
            return Sound(Plan.model_validate(data), data, cut)
        except ValidationError as error:
            errors = error.errors(include_url=False)
        missing = {str(e["loc"][0]) for e in errors if e["type"] == "missing" and len(e["loc"]) == 1}
        data = {**data, **{key: _STAND_INS[key] for key in missing}}
        cut.extend((key,) for key in missing)
        wrong = {_to_leave_out(error, data) for error in errors} - {(), *((key,) for key in missing)}
        for path in sorted(wrong, key=_last_first, reverse=True):
            if existing(data, path) == path:
                data = without(data, path)
                cut.append(path)
    return None


def _to_leave_out(error: Mapping[str, Any], data: Mapping[str, Any]) -> Path:
    path = tuple(key for key in error["loc"] if key != "[key]")
    return path[:-1] if error["type"] == "missing" else existing(data, path)


def _last_first(path: Path) -> list[tuple[int, str]]:
    return [(key, "") if isinstance(key, int) else (-1, key) for key in path]


def _before_cuts(path: Path, cut: list[Path]) -> Path:
    """Return where a path of the cut-back plan stood before items were taken out of its lists."""
    for gone in reversed(cut):
        at = len(gone) - 1
        if isinstance(gone[at], int) and len(path) > at and path[:at] == gone[:at]:
            key = path[at]
            if isinstance(key, int) and key >= int(gone[at]):
                path = (*path[:at], key + 1, *path[at + 1 :])
    return path


def _scenario(sound: Sound, name: str, where: Where, known: set[tuple[Path, str]]) -> Iterator[Problem]:
    """Yield what is wrong with the plan under a scenario that is not wrong without it."""
    own = sound.plan.scenarios.get(name, {})
    at: Path = ("scenarios", name)
    if name == AS_WRITTEN:
        file, line = where(at)
        said = "'plan' is the plan as written and takes no overrides"
        yield Problem(file, line, dotted(at), name, "another name", said)
        return
    for key in FIXED:
        if key in own:
            file, line = where((*at, key))
            said = f"a scenario cannot change {key!r}"
            yield Problem(file, line, dotted((*at, key)), key, "other keys of the plan", said)
    allowed = {key: value for key, value in own.items() if key not in FIXED}

    def inside(path: Path) -> tuple[str, int | None]:
        return where((*at, *existing(allowed, path)))

    data = scenario_data({**sound.data, "scenarios": {name: allowed}}, name, sound.plan)
    _, found = _inspect({**data, "scenarios": {}, "search": {}}, inside, sound.gone)
    for path, problem in found:
        ours = existing(allowed, path)
        if not ours and (_before_cuts(path, sound.cut), problem.message) in known:
            continue
        said = problem.message if ours == path else f"{dotted(path)}: {problem.message}"
        yield replace(problem, field=dotted((*at, *ours)), message=said)


def _search(sound: Sound, where: Where) -> Iterator[Problem]:
    """Yield varied lines that the plan does not have, or that cannot take the values given."""
    already = {(dotted(fault.path), fault.message) for fault in faults(sound.plan)}
    for text, variation in sound.plan.search.vary.items():
        if text.split(".")[0] in sound.gone:
            continue
        file, line = where(("search", "vary", text))
        field = f"search.vary.{text}"
        if text == YEARS:
            if variation.kind != "simplex":
                said = "is shared out over the years"
                yield Problem(file, line, field, variation.kind, "simplex", said)
            continue
        try:
            path = find(sound.plan, text)
            if variation.kind == "simplex" and not is_whole(annotation_at(path)):
                said = "is not a set of shares that sum to 1"
                yield Problem(file, line, field, "simplex", "shares such as budget.media", said)
            ends = {
                "range": (variation.low, variation.high),
                "choice": variation.choices,
                "fixed": (variation.value,),
            }
            if variation.like is not None:
                find(sound.plan, variation.like)
            around = {key: v[0] if isinstance(v, list | tuple) else v for key, v in variation.when.items()}
            for value in ends.get(variation.kind, ()):
                with_overrides(sound.plan, {**around, text: value})
        except BadInput as bad:
            for problem in bad.problems:
                if (problem.field, problem.message) not in already:
                    yield replace(problem, file=file, line=line, field=field)
