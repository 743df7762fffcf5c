"""A sweep's design as its author writes it: read, and every fault told with file and line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, ValidationError

from results.files import plain
from results.problems import BadInput, Problem, nearest
from scenarios.plan.complaints import complaint, odd_keys
from scenarios.plan.fields import Count, Indicator, Part, Text
from scenarios.plan.model import AS_WRITTEN, STATUS_QUO
from scenarios.reading import Document, read_yaml

REPLICATES = 4
DRAWS = 8
STEPS = 3  # of a range in a grid that says none
RANGE = ("low", "high", "steps")

Whole = Annotated[int, Strict(), Field(ge=0)]


class Kind(Part):
    """How points are laid: on a grid, or ``points`` of them spread over the ranges."""

    kind: Literal["grid", "latin_hypercube", "sobol"] = "grid"
    points: Count | None = None


class Written(Part):
    """The keys of a design."""

    plan: Text | None = None
    scenarios: tuple[Text, ...] = (STATUS_QUO, AS_WRITTEN)
    design: Kind = Field(default_factory=Kind)
    vary: Mapping[str, Any]
    replicates: Count = REPLICATES
    draws: Whole = DRAWS
    customers: Count | None = None
    months: Count | None = None
    seed: Whole | None = None
    fit: Text | None = None
    kpis: tuple[Indicator, ...] = ()


@dataclass(frozen=True)
class Line:
    """What varies: a dotted path of the plan, ``plan`` itself, or ``parameters.<name>``.

    Parameters
    ----------
    path
        Its name.
    values
        The values it takes; none for a range.
    low, high, steps
        Ends of a range, and how many values a grid takes of it.
    """

    path: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    steps: int = STEPS

    @property
    def parameter(self) -> str | None:
        """The market's parameter that varies, if it is one."""
        return self.path.removeprefix("parameters.") if self.path.startswith("parameters.") else None

    @property
    def in_plan(self) -> bool:
        """Whether it is a line of the plan."""
        return self.path != "plan" and self.parameter is None

    @property
    def ends(self) -> tuple[Any, ...]:
        """Values that must all be possible."""
        return self.values or (self.low, self.high)


@dataclass(frozen=True)
class Design:
    """A design that is sound by itself; whether its plans bear it is seen when points are laid.

    Parameters
    ----------
    written
        What its author wrote.
    lines
        What varies.
    document
        The file and its lines.
    """

    written: Written
    lines: tuple[Line, ...]
    document: Document

    @property
    def name(self) -> str:
        """The file's name."""
        return self.document.path.stem

    @property
    def plans(self) -> tuple[str, ...]:
        """Names or files of the plans swept; files are relative to the design."""
        varied = next((line.values for line in self.lines if line.path == "plan"), ())
        return tuple(map(str, varied)) or (str(self.written.plan),)

    def problem(self, field: str, value: object, expected: str, message: str) -> Problem:
        """Return a problem at the line of a field."""
        keys = field.split(".", 1)
        line = self.document.line(*keys)
        return Problem(str(self.document.path), line, field, str(value), expected, message)

    def fingerprint(self) -> dict[str, Any]:
        """Return what of the design decides the sweep, as plain data."""
        told: dict[str, Any] = plain(self.written.model_dump(mode="json"))
        return told


def read_design(path: Path | str) -> Design:
    """Read a design.

    Raises
    ------
    BadInput
        With every problem, each with file, line and field.
    """
    document = read_yaml(path)
    problems = list(odd_keys(document.data, (), lambda keys: (str(path), document.line(*keys))))
    try:
        written = Written.model_validate(document.data)
    except ValidationError as error:
        raise BadInput([*problems, *_complaints(error, document)]) from None
    if problems:
        raise BadInput(problems)
    made = Design(written, (), document)
    found = [_line(made, str(text), how) for text, how in written.vary.items()]
    problems = [problem for each in found if isinstance(each, list) for problem in each]
    lines = tuple(each for each in found if isinstance(each, Line))
    made = Design(written, lines, document)
    problems += list(_together(made))
    if problems:
        raise BadInput(sorted(problems, key=lambda problem: problem.line or 0))
    return made


def _complaints(error: ValidationError, document: Document) -> Iterator[Problem]:
    """Turn pydantic's errors into problems; an unknown key names the nearest one that is known."""
    path = str(document.path)
    for each in error.errors(include_url=False):
        keys, problem = complaint(each, document.data, lambda keys: (path, document.line(*keys)))
        if each["type"] == "extra_forbidden":
            known = tuple(Kind.model_fields if keys[0] == "design" else Written.model_fields)
            said = f"there is no key {keys[-1]!r} here{nearest(str(keys[-1]), known)}"
            expected = "one of " + ", ".join(known)
            problem = Problem(path, problem.line, problem.field, problem.value, expected, said)
        yield problem


def _line(design: Design, path: str, how: Any) -> Line | list[Problem]:
    """Return what varies on a line, or what is wrong with it."""
    field = f"vary.{path}"
    if isinstance(how, list):
        told = [_canonical(value) for value in how]
        again = sorted({str(how[k]) for k, value in enumerate(told) if value in told[:k]})
        if again:
            said = "a value is given twice: its points would be the same"
            return [design.problem(field, ", ".join(again), "each value once", said)]
        if not how:
            return [design.problem(field, "[]", "at least one value", "there is nothing to take")]
        return Line(path, tuple(how))
    if not isinstance(how, Mapping):
        said = "is neither a list of values nor a range"
        return [design.problem(field, how, "[a, b, c] or {low: a, high: b}", said)]
    return _range(design, path, how)


def _range(design: Design, path: str, how: Mapping[str, Any]) -> Line | list[Problem]:
    field, problems = f"vary.{path}", []
    for key in how:
        if key not in RANGE:
            said = f"a range has no {key!r}{nearest(str(key), RANGE)}"
            problems.append(design.problem(field, key, "low, high and, in a grid, steps", said))
    ends = [how.get("low"), how.get("high")]
    numbers = [float(end) for end in ends if end is not None and _is_number(end)]
    if len(numbers) < 2:
        problems.append(design.problem(field, f"low {ends[0]}, high {ends[1]}", "two numbers", "has no ends"))
    elif not numbers[0] < numbers[1]:
        said = "low is not below high"
        problems.append(design.problem(field, f"low {ends[0]}, high {ends[1]}", "low < high", said))
    steps = how.get("steps", STEPS)
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 2:
        problems.append(
            design.problem(field, f"steps {steps}", "a whole number of at least 2", "is no count")
        )
    elif "steps" in how and design.written.design.kind != "grid":
        said = f"steps are for grids; a {design.written.design.kind} takes its points anywhere in the range"
        problems.append(design.problem(field, f"steps {steps}", "no steps", said))
    if problems or path == "plan":
        return problems or [design.problem(field, str(dict(how)), "a list of plans", "plans are no range")]
    return Line(path, (), numbers[0], numbers[1], steps)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _canonical(value: Any) -> Any:
    """Return a value so that equal ones compare equal and 1 is not true."""
    return ("flag", value) if isinstance(value, bool) else plain(value)


def _together(design: Design) -> Iterator[Problem]:
    """Yield what does not go together."""
    written, kind = design.written, design.written.design
    paths = list(written.vary)
    if not paths:
        yield design.problem("vary", "", "lines such as policies.promotion.depth: [0, 0.1]", "nothing varies")
    if (written.plan is None) == ("plan" not in paths):
        said = "is given twice, here and under vary" if written.plan else "there is no plan to sweep"
        yield design.problem("plan", written.plan or "", "plan, or a list of plans under vary", said)
    for path in paths:
        outer = [other for other in paths if path.startswith(f"{other}.")]
        if outer:
            said = f"lies within {outer[0]}, which varies too"
            yield design.problem(f"vary.{path}", path, "one of the two", said)
    yield from _twice(design, "scenarios", written.scenarios)
    yield from _twice(design, "kpis", written.kpis)
    yield from _unmeasured(design)
    if kind.kind != "grid" and kind.points is None:
        said = f"a {kind.kind} needs to know how many points"
        yield design.problem("design.points", "", "points: N", said)
    if (
        kind.kind == "sobol"
        and kind.points is not None
        and (kind.points & (kind.points - 1) or kind.points < 2)
    ):
        power = 1 << kind.points.bit_length()
        said = "a Sobol design takes a power of two, else its balance is lost"
        expected = f"points: {max(power // 2, 2)} or {max(power, 4)}"
        yield design.problem("design.points", kind.points, expected, said)


def _twice(design: Design, field: str, names: Iterable[str]) -> Iterator[Problem]:
    seen = list(names)
    for name in sorted({name for name in seen if seen.count(name) > 1}):
        yield design.problem(field, name, "each once", "is given twice")


def _unmeasured(design: Design) -> Iterator[Problem]:
    """Yield indicators that a single run does not have."""
    from sim.indicators import INDICATORS

    for key in design.written.kpis:
        indicator = INDICATORS.get(key)
        if indicator is None or not indicator.formula:
            said = f"a single run does not tell {key!r}"
            usable = [name for name, known in INDICATORS.items() if known.formula]
            yield design.problem(
                "kpis", key, "an indicator that the market computes", said + nearest(key, usable)
            )
