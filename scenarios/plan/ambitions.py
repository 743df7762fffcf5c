"""What the plan wants and when: targets, and phases with their gates."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from scenarios.plan.fields import Count, Date, Flag, Indicator, Name, Number, Part, Text, refusal
from scenarios.plan.measures import read_condition


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
