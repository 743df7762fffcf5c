"""What the plan wants and when: targets, phases, and what a search may vary to reach them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from results.problems import nearest
from scenarios.plan.fields import Count, Date, Flag, Indicator, Name, Number, Part, Text, refusal
from scenarios.plan.vocabulary import ALIASES, INDICATOR_KEYS, ODDS

_CONDITION = re.compile(r"^\s*([a-z_0-9]+)\s*(<=|>=)\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)\s*$", re.IGNORECASE)


class Target(Part):
    """A SMART target: an indicator, a value or a relative change, and a date."""

    kpi: Indicator = Field(description="The indicator's key")
    value: Number | None = Field(default=None, description="Value to reach, in the indicator's unit")
    change: Number | None = Field(
        default=None, description="Relative change to reach: 0.2 is +20 %, -0.3 is -30 %"
    )
    by: Date = Field(description="Date by which it is reached, within the horizon")
    group: Literal["growth", "efficiency"] = Field(description="Whose odds it counts towards")
    assumed: Flag = Field(default=False, description="The plan gives no figure or date: this one is ours")
    note: Text | None = Field(default=None, description="What the plan says")

    @model_validator(mode="after")
    def _one_measure(self) -> Target:
        if (self.value is None) == (self.change is None):
            found = "neither" if self.value is None else f"value {self.value:g} and change {self.change:g}"
            raise refusal("a target has a value or a change, one of the two", "value or change", found)
        return self


class Condition(NamedTuple):
    """A bound on an indicator or on odds, such as ``acos <= 0.30``."""

    kpi: str
    operator: Literal["<=", ">="]
    bound: float

    def met(self, value: float) -> bool:
        """Tell whether ``value`` keeps the bound."""
        return value <= self.bound if self.operator == "<=" else value >= self.bound


def read_condition(text: str) -> Condition:
    """Read ``"<indicator> <= <number>"`` (or ``>=``).

    Raises
    ------
    PydanticCustomError
        If it is not of that form or names no indicator.
    """
    found = _CONDITION.match(text)
    try:
        bound = float(found[3]) if found else None
    except ValueError:
        bound = None
    if found is None or bound is None:
        raise refusal("is not a condition", "an indicator, <= or >=, and a number: acos <= 0.30", text)
    kpi = ALIASES.get(found[1], found[1])
    _known_measure(kpi)
    return Condition(kpi, "<=" if found[2] == "<=" else ">=", bound)


def _known_measure(key: str) -> str:
    key = ALIASES.get(key, key)
    known = (*INDICATOR_KEYS, *ODDS)
    if key not in known:
        raise refusal(
            f"no indicator is called {key!r}{nearest(key, known)}", "an indicator's key or odds", key
        )
    return key


def _checked(text: str) -> str:
    read_condition(text)
    return text


ConditionText = Annotated[Text, AfterValidator(_checked)]
Measure = Annotated[Text, AfterValidator(_known_measure)]


class Gate(Part):
    """What must be read off the books before the next phase begins."""

    kpi: Indicator = Field(description="The indicator's key")
    at_least: Number | None = Field(default=None, description="Least value, in the indicator's unit")
    at_most: Number | None = Field(default=None, description="Greatest value")

    @model_validator(mode="after")
    def _one_bound(self) -> Gate:
        if (self.at_least is None) == (self.at_most is None):
            found = "neither" if self.at_least is None else f"{self.at_least:g} and {self.at_most:g}"
            raise refusal("a gate has one bound", "at_least or at_most", found)
        return self

    @property
    def bound(self) -> float:
        """The bound, whichever it is."""
        return self.at_least if self.at_least is not None else self.at_most or 0.0


def _gate(value: Any) -> Any:
    """Read a condition such as ``conversion >= 0.02`` as a gate."""
    if not isinstance(value, str):
        return value
    told = read_condition(value)
    return {"kpi": told.kpi, "at_least" if told.operator == ">=" else "at_most": told.bound}


GateText = Annotated[Gate, BeforeValidator(_gate, json_schema_input_type=str | Gate)]


class Phase(Part):
    """A stretch of the plan's schedule."""

    name: Name = Field(description="Name that initiatives refer to")
    start_month: Count = Field(description="Month it starts in; 1 is the plan's first")
    months: Count = Field(description="Length in months")
    focus: Text | None = Field(default=None, description="What is done")
    milestones: tuple[Text, ...] = Field(default=(), description="What must stand at its end")
    gate: tuple[GateText, ...] = Field(
        default=(),
        description="What must be reached before the next phase begins; with governance.stage_gates",
    )
    wait_months: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        default=3, description="Months the next phase waits for the gate at most; then it begins all the same"
    )


class Variation(Part):
    """What a search may set one line of the plan to."""

    kind: Literal["simplex", "range", "choice"] = Field(description="How values are drawn")
    low: Number | None = Field(default=None, description="Least value of a range")
    high: Number | None = Field(default=None, description="Greatest value of a range")
    choices: tuple[Any, ...] = Field(default=(), description="Values of a choice")


def _variation(value: Any) -> Any:
    """Read ``simplex``; two numbers or ``{low, high}`` as a range; a list or ``{choices}`` as choices."""
    expected = "simplex, [low, high], or a list of choices"
    if isinstance(value, Variation) or (isinstance(value, dict) and "kind" in value):
        return value
    if value == "simplex":
        return {"kind": "simplex"}
    if isinstance(value, dict) and set(value) == {"low", "high"}:
        return _range(value["low"], value["high"])
    if isinstance(value, dict) and set(value) == {"choices"}:
        value = value["choices"]
    elif isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        return _range(*value)
    if not isinstance(value, list) or len(value) < 2:
        raise refusal("is not a variation", expected, value)
    return {"kind": "choice", "choices": value}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(low: Any, high: Any) -> dict[str, Any]:
    if not (_is_number(low) and _is_number(high) and low < high):
        raise refusal("is not a range", "two numbers, the lower first", f"{low}, {high}")
    return {"kind": "range", "low": low, "high": high}


_Written = Literal["simplex"] | list[Any] | dict[Literal["low", "high"], float] | Variation
Varied = Annotated[Variation, BeforeValidator(_variation, json_schema_input_type=_Written)]


class Search(Part):
    """What a search varies, what it maximises and what it must keep."""

    vary: Mapping[str, Varied] = Field(
        default={},
        description="Dotted path of a line of the plan -> simplex, [low, high] or a list of choices",
    )
    maximise: tuple[Measure, ...] = Field(
        default=("odds_growth", "odds_efficiency"),
        description="Indicators or odds to make as large as possible",
    )
    minimise: tuple[Measure, ...] = Field(default=(), description="Indicators to make as small as possible")
    subject_to: tuple[ConditionText, ...] = Field(
        default=(), description='Bounds to keep, e.g. "acos <= 0.30"'
    )

    def conditions(self) -> tuple[Condition, ...]:
        """Return ``subject_to`` read."""
        return tuple(map(read_condition, self.subject_to))
