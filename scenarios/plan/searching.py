"""What a search may vary in a plan, what it strives for, and what it must keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from scenarios.plan.fields import Flag, Number, Part, Share, Text, refusal
from scenarios.plan.measures import Condition, ConditionText, MeasureText, read_condition

MOST_OBJECTIVES = 4
YEARS = "budget.years"  # no line of the plan: its money shared out over its years
DEFAULT = ("odds_growth", "odds_efficiency")
Ways = Literal["auto", "tpe", "gp", "nsga2", "random"]


class Variation(Part):
    """What a search may set one line of the plan to."""

    kind: Literal["simplex", "range", "choice", "fixed", "linked"] = Field(description="How values are drawn")
    low: Number | None = Field(default=None, description="Least value of a range, or of each share")
    high: Number | None = Field(default=None, description="Greatest value of a range, or of each share")
    choices: tuple[Any, ...] = Field(default=(), description="Values of a choice")
    value: Any = Field(default=None, description="Of a fixed line: what it is, whatever the plan says")
    like: Text | None = Field(default=None, description="Of a linked line: the line it follows")
    times: Number = Field(default=1.0, description="Of a linked line: factor on what it follows")
    plus: Number = Field(default=0.0, description="Of a linked line: what is added")
    when: Mapping[str, Any] = Field(
        default={},
        description="Varied only where other lines are so: path -> a value, or a list of values; else the "
        "line stays as the plan has it",
    )


def _variation(value: Any) -> Any:
    """Read ``simplex``; ends as a range; a list or ``{choices}`` as choices; ``{fixed}``; ``{like}``."""
    expected = "simplex, [low, high], a list of choices, {fixed: value} or {like: another line}"
    if isinstance(value, Variation):
        return value
    if value == "simplex":
        return {"kind": "simplex"}
    if isinstance(value, list):
        return _range(*value) if len(value) == 2 and all(map(_is_number, value)) else _choice(value, expected)
    if not isinstance(value, dict):
        raise refusal("is not a variation", expected, value)
    when = {"when": value["when"]} if value.get("when") else {}
    rest = {key: part for key, part in value.items() if key != "when"}
    if "kind" in rest:
        if rest["kind"] == "simplex":
            _room(rest)
        return {**rest, **when}
    if set(rest) == {"low", "high"}:
        return _range(rest["low"], rest["high"]) | when
    if set(rest) == {"choices"}:
        return _choice(rest["choices"], expected) | when
    if set(rest) == {"fixed"}:
        return {"kind": "fixed", "value": rest["fixed"], **when}
    if "like" in rest and set(rest) <= {"like", "times", "plus"}:
        return {"kind": "linked", **rest, **when}
    raise refusal("is not a variation", expected, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(low: Any, high: Any) -> dict[str, Any]:
    if not (_is_number(low) and _is_number(high) and low < high):
        raise refusal("is not a range", "two numbers, the lower first", f"{low}, {high}")
    return {"kind": "range", "low": low, "high": high}


def _choice(choices: Any, expected: str) -> dict[str, Any]:
    if not isinstance(choices, list) or len(choices) < 2:
        raise refusal("is not a variation", expected, choices)
    return {"kind": "choice", "choices": choices}


def _room(ends: Mapping[str, Any]) -> None:
    low, high = (0.0 if ends.get("low") is None else ends["low"]), ends.get("high")
    high = 1.0 if high is None else high
    if not (_is_number(low) and _is_number(high) and 0 <= low < high <= 1):
        raise refusal("leaves no room for shares", "0 <= low < high <= 1", f"{low}, {high}")


_Written = Literal["simplex"] | list[Any] | dict[str, Any] | Variation
Varied = Annotated[Variation, BeforeValidator(_variation, json_schema_input_type=_Written)]


class Search(Part):
    """What a search varies, what it strives for and what it must keep."""

    vary: Mapping[str, Varied] = Field(
        default={},
        description="Dotted path of a line of the plan -> simplex, [low, high], a list of choices, "
        "{fixed: value}, {like: path, times, plus}; with `when` only where other lines are so. "
        "budget.years shares the plan's money out over its years",
    )
    maximise: tuple[MeasureText, ...] | None = Field(
        default=None,
        description="Indicators, odds or cvar(indicator) to make as large as possible; odds_growth and "
        "odds_efficiency where neither this nor minimise is given",
    )
    minimise: tuple[MeasureText, ...] = Field(
        default=(), description="Indicators to make as small as possible; budget is the money planned"
    )
    subject_to: tuple[ConditionText, ...] = Field(
        default=(),
        description='Bounds to keep, e.g. "acos <= 0.30", "odds_all >= 0.6", "gross_margin.stores >= 0.2", '
        '"cvar(operating_profit) >= 0", "budget <= 6000000"',
    )
    prefer: tuple[ConditionText, ...] = Field(
        default=(), description="Bounds better kept: up to `slack` of one may be missed, at a price"
    )
    slack: Share = Field(default=0.1, description="How far a preferred bound may be missed, share of it")
    worst: Annotated[Share, Field(gt=0)] = Field(
        default=0.25, description="Share of futures, the worst ones, that cvar(...) averages over"
    )
    sampler: Ways = Field(
        default="auto", description="How plans are proposed; auto goes by trials, lines and objectives"
    )
    patience: Annotated[int, Field(strict=True, ge=0)] | None = Field(
        default=None,
        description="Trials without progress after which the search stops; 0 never; 60 or six a number",
    )
    halving: Flag = Field(
        default=True, description="Whether a trial meets a quarter of the customers before all of them"
    )

    @model_validator(mode="after")
    def _sound(self) -> Search:
        if len(self.wanted()) > MOST_OBJECTIVES:
            listed = ", ".join(key for key, _ in self.wanted())
            raise refusal("these are too many objectives", f"{MOST_OBJECTIVES} at most", listed)
        both = sorted(set(self.maximise or ()) & set(self.minimise))
        if both:
            raise refusal(f"{both[0]} is maximised and minimised", "one of the two", both[0])
        check_apart(self.conditions())
        return self

    def wanted(self) -> tuple[tuple[str, Literal["maximize", "minimize"]], ...]:
        """Return the objectives, each with its direction."""
        most = self.maximise if self.maximise is not None else () if self.minimise else DEFAULT
        return (*((key, "maximize") for key in most), *((key, "minimize") for key in self.minimise))

    def conditions(self) -> tuple[Condition, ...]:
        """Return ``subject_to`` read."""
        return tuple(map(read_condition, self.subject_to))

    def preferences(self) -> tuple[Condition, ...]:
        """Return ``prefer`` read."""
        return tuple(map(read_condition, self.prefer))


def check_apart(conditions: tuple[Condition, ...]) -> None:
    """Refuse bounds that no value can keep together."""
    for one in conditions:
        for other in conditions:
            opposite = one.kpi == other.kpi and (one.operator, other.operator) == (">=", "<=")
            if opposite and one.bound > other.bound:
                texts = f"{one.kpi} >= {one.bound:g} and {other.kpi} <= {other.bound:g}"
                said = f"these bounds contradict each other: {texts}"
                raise refusal(said, "bounds that leave room", texts)
