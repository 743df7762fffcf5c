"""From the lines of a plan that may vary to an optimiser's numbers, and back.

Shares of a whole are broken off a stick: each number between 0 and 1 says which part of what is left the
next member takes, through the quantile of a Beta(1, members still to come) distribution. Uniform numbers
thus give every split the same chance (a Dirichlet of ones), and every split can be reached.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.problems import BadInput, Problem
from scenarios.plan import Plan
from scenarios.plan.overrides import find

if TYPE_CHECKING:
    from optuna import Trial

UNITS = 10_000  # shares are whole hundredths of a per cent, as a person would write them
DIGITS = 6  # significant digits of other numbers


@dataclass(frozen=True)
class Line:
    """A line of the plan that varies.

    Parameters
    ----------
    path
        Dotted path.
    kind
        ``simplex``, ``range`` or ``choice``.
    members
        Of a simplex, in order.
    low, high, whole
        Ends of a range; whether only whole numbers may stand there.
    choices
        Values of a choice.
    """

    path: str
    kind: str
    members: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    choices: tuple[Any, ...] = ()


def lines_of(plan: Plan) -> tuple[Line, ...]:
    """Return the lines that the plan's search varies.

    Raises
    ------
    BadInput
        If nothing varies, shares have a single member, or one line lies within another.
    """
    vary = plan.search.vary
    if not vary:
        expected = "lines such as budget.year_1.split: simplex"
        said = "the search varies no line of the plan"
        raise BadInput(Problem(plan.name, None, "search.vary", "", expected, said))
    lines, problems = [], []
    for path, how in vary.items():
        value = value_at(plan, path)
        members = tuple(value) if how.kind == "simplex" else ()
        whole = isinstance(value, int) and not isinstance(value, bool)
        if how.kind == "simplex" and len(members) < 2:
            said = "has a single member: there is nothing to share out"
            problems.append(Problem(plan.name, None, f"search.vary.{path}", "", "two or more", said))
        outer = [other for other in vary if path.startswith(f"{other}.")]
        if outer:
            said = f"lies within {outer[0]}, which varies too"
            problems.append(Problem(plan.name, None, f"search.vary.{path}", path, "one of the two", said))
        ends = (float(how.low or 0.0), float(how.high if how.high is not None else 1.0))
        lines.append(Line(path, how.kind, members, *ends, whole, how.choices))
    if problems:
        raise BadInput(problems)
    return tuple(lines)


def value_at(plan: Plan, path: str) -> Any:
    """Return what stands at a dotted path as plain data, a year's budget with what it takes from others."""
    keys = find(plan, path)
    current: Any = plan
    for place, key in enumerate(keys):
        year = str(key).removeprefix("year_")
        if keys[0] == "budget" and place == 1 and year.isdecimal():
            current = plan.budget.year(int(year))
        elif isinstance(current, Mapping | list | tuple):
            current = current[key]  # type: ignore[index]
        else:
            current = getattr(current, str(key))
    return current.model_dump() if hasattr(current, "model_dump") else current


def suggest(trial: Trial, lines: Sequence[Line]) -> dict[str, Any]:
    """Let the optimiser propose a value for every line."""
    return {line.path: _suggested(trial, line) for line in lines}


def _suggested(trial: Trial, line: Line) -> Any:
    if line.kind == "simplex":
        sticks = [trial.suggest_float(f"{line.path}.{name}", 0.0, 1.0) for name in line.members[:-1]]
        return dict(zip(line.members, shares(sticks), strict=True))
    if line.kind == "choice":
        return line.choices[trial.suggest_categorical(line.path, range(len(line.choices)))]
    if line.whole:
        return trial.suggest_int(line.path, math.ceil(line.low), math.floor(line.high))
    return float(f"{trial.suggest_float(line.path, line.low, line.high):.{DIGITS}g}")


def parameters(lines: Sequence[Line], plan: Plan) -> dict[str, Any]:
    """Return the numbers at which the optimiser would propose what ``plan`` says, as near as it can.

    Numbers beyond a range are moved to its end; what is not among the choices is left open.
    """
    numbers: dict[str, Any] = {}
    for line in lines:
        value = value_at(plan, line.path)
        if line.kind == "simplex":
            broken = sticks([float((value or {}).get(name, 0.0)) for name in line.members])
            numbers |= {f"{line.path}.{n}": u for n, u in zip(line.members[:-1], broken, strict=True)}
        elif line.kind == "choice":
            told = [plain(choice) for choice in line.choices]
            if plain(value) in told:
                numbers[line.path] = told.index(plain(value))
        elif value is not None:
            within = min(max(value, line.low), line.high)
            numbers[line.path] = int(within) if line.whole else float(within)
    return numbers


def shares(sticks: Sequence[float]) -> list[float]:
    """Return the n + 1 shares that n numbers between 0 and 1 break a whole into; they sum to 1.

    Source: stick-breaking form of the Dirichlet distribution (Sethuraman 1994), all parameters 1.
    """
    left, parts = 1.0, []
    for i, u in enumerate(sticks):
        part = 1.0 - (1.0 - u) ** (1.0 / (len(sticks) - i))
        parts.append(left * part)
        left *= 1.0 - part
    return rounded([*parts, left])


def sticks(parts: Sequence[float]) -> list[float]:
    """Return the numbers that `shares` would break into ``parts``."""
    left, numbers = sum(parts), []
    for i, part in enumerate(parts[:-1]):
        taken = min(part / left, 1.0) if left > 1e-12 else 0.0
        numbers.append(1.0 - (1.0 - taken) ** (len(parts) - 1 - i))
        left -= part
    return numbers


def rounded(parts: Sequence[float]) -> list[float]:
    """Return shares in whole hundredths of a per cent that still sum to 1 (largest remainders first)."""
    exact = [part * UNITS for part in parts]
    units = [math.floor(part + 1e-9) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: units[i] - exact[i])
    for i in order[: UNITS - sum(units)]:
        units[i] += 1
    return [unit / UNITS for unit in units]


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
