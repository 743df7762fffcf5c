"""From the lines of a plan that may vary to an optimiser's numbers, and back.

A line is fixed, bounded, linked to another one, or varies only where others are as it wants them. Shares of a
whole are broken off a stick (`scenarios.sticks`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.problems import BadInput, Problem
from scenarios.plan import Plan
from scenarios.plan.money import YEARS as MOST_YEARS
from scenarios.plan.overrides import find
from scenarios.plan.searching import YEARS, Variation
from scenarios.plan.shape import annotation_at, bare
from scenarios.sticks import shares, sticks

if TYPE_CHECKING:
    from optuna import Trial

DIGITS = 6  # significant digits of other numbers


@dataclass(frozen=True)
class Line:
    """A line of the plan that varies, or that a search sets.

    Parameters
    ----------
    path
        Dotted path.
    kind
        ``simplex``, ``years``, ``range``, ``choice``, ``fixed`` or ``linked``.
    members
        Of shares, in order.
    low, high, whole
        Ends of a range, or of each share; whether only whole numbers may stand there.
    choices
        Values of a choice.
    value
        Of a fixed line; of ``years``, the money shared out, currency.
    like, times, plus
        Of a linked line: the path it follows, a factor, what is added.
    when
        Path -> the values under which it varies; else it stays as the plan has it.
    """

    path: str
    kind: str
    members: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    choices: tuple[Any, ...] = ()
    value: Any = None
    like: str = ""
    times: float = 1.0
    plus: float = 0.0
    when: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether its choices are numbers in order, so that what lies beside a good one may be good."""
        numbers = [c for c in self.choices if isinstance(c, int | float) and not isinstance(c, bool)]
        return len(numbers) == len(self.choices) > 2 and numbers == sorted(numbers)

    @property
    def free(self) -> int:
        """Numbers that an optimiser proposes for it."""
        by_kind = {"fixed": 0, "linked": 0, "simplex": len(self.members) - 1, "years": len(self.members) - 1}
        return by_kind.get(self.kind, 1)


def lines_of(plan: Plan) -> tuple[Line, ...]:
    """Return the lines that the plan's search varies or sets, each after those it goes by.

    Raises
    ------
    BadInput
        If nothing varies, shares have a single member or no room, one line lies within another, or lines
        go by one another in a circle.
    """
    vary = plan.search.vary
    problems = [
        Problem(
            plan.name, None, f"search.vary.{path}", path, "one of the two", f"lies within {outer}, {said}"
        )
        for path in vary
        for outer in vary
        if path.startswith(f"{outer}.") and (said := "which varies too")
    ]
    lines = {path: _line(plan, path, how) for path, how in vary.items()}
    problems += [problem for line in lines.values() for problem in _faults(plan, line, lines)]
    if not any(line.free for line in lines.values()):
        expected = "lines such as budget.year_1.split: simplex"
        said = "the search varies no line of the plan"
        problems.append(Problem(plan.name, None, "search.vary", "", expected, said))
    if problems:
        raise BadInput(problems)
    return _ordered(plan, lines)


def _line(plan: Plan, path: str, how: Variation) -> Line:
    when = tuple((key, tuple(v) if isinstance(v, list | tuple) else (v,)) for key, v in how.when.items())
    ends = (float(how.low or 0.0), float(how.high if how.high is not None else 1.0))
    if path == YEARS:
        money = value_at(plan, path)
        return Line(path, "years", tuple(money), *ends, value=sum(money.values()), when=when)
    value = value_at(plan, path)
    members = tuple(value or ()) if how.kind == "simplex" else ()
    return Line(
        path,
        how.kind,
        members,
        *ends,
        _is_whole(plan, path),
        how.choices,
        how.value,
        how.like or "",
        how.times,
        how.plus,
        when,
    )


def _is_whole(plan: Plan, path: str) -> bool:
    """Tell whether only whole numbers may stand at a path."""
    kind = bare(annotation_at(find(plan, path)))
    return isinstance(kind, type) and issubclass(kind, int) and not issubclass(kind, bool)


def _faults(plan: Plan, line: Line, lines: Mapping[str, Line]) -> Iterator[Problem]:
    field = f"search.vary.{line.path}"
    if line.kind in ("simplex", "years"):
        if len(line.members) < 2:
            said = "has a single member: there is nothing to share out"
            yield Problem(plan.name, None, field, "", "two or more", said)
        elif not len(line.members) * line.low <= 1 <= len(line.members) * line.high:
            said = f"{len(line.members)} shares of {line.low:g} to {line.high:g} cannot sum to 1"
            yield Problem(plan.name, None, field, f"{line.low:g}, {line.high:g}", "wider ends", said)
    if line.kind == "linked" and (line.like not in lines or lines[line.like].kind == "years"):
        known = ", ".join(path for path in lines if path not in (line.path, YEARS))
        said = f"follows {line.like!r}, which the search does not vary"
        yield Problem(plan.name, None, field, line.like, f"one of {known}", said)
    for path, _ in line.when:
        if path not in lines:
            try:
                value_at(plan, path)
            except BadInput as bad:
                yield from (replace(problem, field=f"{field}.when") for problem in bad.problems)


def _ordered(plan: Plan, lines: Mapping[str, Line]) -> tuple[Line, ...]:
    """Return lines after those they go by."""
    done: dict[str, Line] = {}
    left = dict(lines)
    while left:
        ready = [
            path
            for path, line in left.items()
            if not {line.like, *(key for key, _ in line.when)}.intersection(left)
        ]
        if not ready:
            said = "go by one another in a circle: " + ", ".join(left)
            raise BadInput(Problem(plan.name, None, "search.vary", ", ".join(left), "no circle", said))
        done |= {path: left.pop(path) for path in ready}
    return tuple(done.values())


def value_at(plan: Plan, path: str) -> Any:
    """Return what stands at a dotted path as plain data, a year's budget with what it takes from others;
    ``None`` where the plan says nothing. ``budget.years`` is what the plan spends in each of its years.
    """
    if path == YEARS:
        return {f"year_{n}": plan.budget.year(n).total * long for n, long in year_lengths(plan).items()}
    keys = find(plan, path)
    current: Any = plan
    for place, key in enumerate(keys):
        year = str(key).removeprefix("year_")
        if current is None:
            return None
        if keys[0] == "budget" and place == 1 and year.isdecimal():
            current = plan.budget.year(int(year))
        elif isinstance(current, Mapping):
            current = current.get(key)
        elif isinstance(current, list | tuple):
            current = current[int(key)]
        else:
            current = getattr(current, str(key))
    return current.model_dump() if hasattr(current, "model_dump") else current


def year_lengths(plan: Plan) -> dict[int, float]:
    """Return how much of each budgeted year lies within the plan; the last one budgeted is repeated."""
    count = min(-(-plan.months // 12), MOST_YEARS)
    return {n: (plan.months - 12 * (n - 1)) / 12 if n == count else 1.0 for n in range(1, count + 1)}


def planned_money(plan: Plan) -> float:
    """Return what a plan's budget spends over all its months, currency."""
    return float(sum(value_at(plan, YEARS).values()))


def _totals(plan: Plan, money: Mapping[str, float]) -> dict[str, float]:
    """Return the lines of the budget at which each year spends so much within the plan."""
    lengths = year_lengths(plan)
    return {
        f"budget.{name}.total": round(spent / lengths[int(name.removeprefix("year_"))], 2)
        for name, spent in money.items()
    }


def suggest(trial: Trial, lines: Sequence[Line], plan: Plan) -> dict[str, Any]:
    """Let the optimiser propose a value for every line that varies; follow and fix the others.

    Returns
    -------
    dict
        Values by dotted path, as `scenarios.plan.with_overrides` takes them.
    """
    values: dict[str, Any] = {}
    for line in lines:
        if not varies(line, values, plan):
            continue
        if line.kind == "years":
            parts = _broken(trial, line)
            values |= _totals(plan, {name: line.value * part for name, part in parts.items()})
        elif line.kind == "linked":
            values[line.path] = _following(line, values.get(line.like, value_at(plan, line.like)))
        else:
            values[line.path] = _suggested(trial, line)
    return values


def varies(line: Line, values: Mapping[str, Any], plan: Plan) -> bool:
    """Tell whether the lines that ``line`` goes by are as it wants them."""
    for path, wanted in line.when:
        value = values[path] if path in values else value_at(plan, path)
        if plain(value) not in [plain(one) for one in wanted]:
            return False
    return True


def _following(line: Line, value: Any) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    followed = line.times * value + line.plus
    return round(followed) if line.whole else float(f"{followed:.{DIGITS}g}")


def _suggested(trial: Trial, line: Line) -> Any:
    if line.kind == "simplex":
        return _broken(trial, line)
    if line.kind == "fixed":
        return line.value
    if line.kind == "choice" and line.ordered:
        return line.choices[trial.suggest_int(line.path, 0, len(line.choices) - 1)]
    if line.kind == "choice":
        return line.choices[trial.suggest_categorical(line.path, range(len(line.choices)))]
    if line.whole:
        return trial.suggest_int(line.path, math.ceil(line.low), math.floor(line.high))
    return float(f"{trial.suggest_float(line.path, line.low, line.high):.{DIGITS}g}")


def _broken(trial: Trial, line: Line) -> dict[str, float]:
    sticks = [trial.suggest_float(f"{line.path}.{name}", 0.0, 1.0) for name in line.members[:-1]]
    return dict(zip(line.members, shares(sticks, line.low, line.high), strict=True))


def parameters(lines: Sequence[Line], plan: Plan) -> dict[str, Any]:
    """Return the numbers at which the optimiser would propose what ``plan`` says, as near as it can.

    Numbers beyond a range are moved to its end; what is not among the choices is left open.
    """
    numbers: dict[str, Any] = {}
    for line in lines:
        value = value_at(plan, line.path)
        if line.kind in ("simplex", "years"):
            given = [float((value or {}).get(name, 0.0)) for name in line.members]
            whole = sum(given) or 1.0
            broken = sticks([part / whole for part in given], line.low, line.high)
            numbers |= {f"{line.path}.{n}": u for n, u in zip(line.members[:-1], broken, strict=True)}
        elif line.kind == "choice":
            told = [plain(choice) for choice in line.choices]
            if plain(value) in told:
                numbers[line.path] = told.index(plain(value))
        elif line.kind == "range" and value is not None:
            within = min(max(value, line.low), line.high)
            numbers[line.path] = int(within) if line.whole else float(within)
    return numbers


def coordinates(lines: Sequence[Line], numbers: Mapping[str, Any]) -> list[float]:
    """Return where an optimiser's numbers lie, 0 to 1 a coordinate, plans alike being close together.

    Shares count as they are, not as the numbers that break them off: of a stick that is nearly used up the
    last numbers say nothing. Choices without an order are equally far apart.
    """
    found: list[float] = []
    for line in lines:
        if line.kind in ("simplex", "years"):
            given = [float(numbers.get(f"{line.path}.{name}", 0.5)) for name in line.members[:-1]]
            found += shares(given, line.low, line.high)
        elif line.kind == "choice" and not line.ordered:
            found += [float(numbers.get(line.path) == k) for k in range(len(line.choices))]
        elif line.kind in ("choice", "range"):
            low, high = (0.0, len(line.choices) - 1.0) if line.kind == "choice" else (line.low, line.high)
            found.append((float(numbers.get(line.path, (low + high) / 2)) - low) / ((high - low) or 1.0))
    return found


def standing(lines: Sequence[Line], plan: Plan) -> dict[str, Any]:
    """Return what a plan says at every line, by path, as `suggest` returns values."""
    values: dict[str, Any] = {}
    for line in lines:
        if line.kind == "years":
            values |= _totals(plan, value_at(plan, YEARS))
        else:
            values[line.path] = plain(value_at(plan, line.path))
    return values


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by path with a key for each share; what is no number or text is written as JSON."""
    columns: dict[str, Any] = {}
    for path, value in values.items():
        if isinstance(value, Mapping) and all(isinstance(v, int | float) for v in value.values()):
            columns |= {f"{path}.{name}": float(share) for name, share in value.items()}
        elif value is None or isinstance(value, bool | int | float | str):
            columns[path] = value
        else:
            columns[path] = json.dumps(plain(value), ensure_ascii=False)
    return columns
