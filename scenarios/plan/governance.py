"""How the business is judged and steered: scorecards, reviews, and who carries the plan out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from scenarios.plan.control import Cadence
from scenarios.plan.fields import Amount, Count, Flag, Indicator, Name, Number, Part, Share, Shares, Text


class Balanced(Shares):
    """Weights of the balanced scorecard; they sum to 1."""

    finance: Share = Field(default=0.0, description="Finance")
    customers: Share = Field(default=0.0, description="Customers")
    process: Share = Field(default=0.0, description="Process")
    learning: Share = Field(default=0.0, description="Learning")


class Five(Shares):
    """Weights of the five-dimension scorecard; they sum to 1."""

    finance: Share = Field(default=0.0, description="Sales, margin, return")
    users: Share = Field(default=0.0, description="Count, activity, retention")
    operations: Share = Field(default=0.0, description="Order handling, inventory turns")
    marketing: Share = Field(default=0.0, description="Conversion, return")
    team: Share = Field(default=0.0, description="Team")


class Scorecard(Part):
    """What the business is judged by."""

    balanced: Balanced | None = Field(default=None, description="Balanced scorecard")
    five: Five | None = Field(default=None, description="Five dimensions")
    core: tuple[Indicator, ...] = Field(default=(), description="Core indicators")
    supporting: tuple[Indicator, ...] = Field(default=(), description="Supporting indicators")


class ChannelReview(Part):
    """Channels that do not earn their keep are supported less, and shut in the end."""

    every: Cadence = Field(default="quarterly", description="How often")
    least: Number = Field(default=0.0, description="Contribution over net sales that a channel must reach")
    step: Share = Field(default=0.1, description="Share of its opening a channel loses, or regains, a review")
    close_after: Count = Field(default=12, description="Reviews in a row below the line until it is shut")
    channels: tuple[Name, ...] = Field(
        default=(), description="Channels reviewed; all online ones unless given, the largest spared"
    )


def _cadence(value: Any) -> Any:
    """Read a bare cadence as how often."""
    return {"every": value} if isinstance(value, str) else value


Reviewed = Annotated[ChannelReview, BeforeValidator(_cadence, json_schema_input_type=Cadence | ChannelReview)]


class Governance(Part):
    """Reviews and rules that close the loop from results back to the plan."""

    process_review: Cadence | None = Field(
        default=None, description="How often spending and media money are reviewed; each month unless given"
    )
    outcome_review: Cadence | None = Field(
        default=None,
        description="How often gates are read and the reserve decided on; each month unless given",
    )
    channel_review: Reviewed | None = Field(
        default=None, description="How often channels are reviewed, and by which line"
    )
    risk_review: Cadence | None = Field(
        default=None,
        description="How often risks are reviewed: unannounced strikes are noticed at half of it",
    )
    stage_gates: Flag = Field(
        default=False, description="A phase starts only when the one before passed its gate"
    )
    notes: Mapping[Name, Text | tuple[Text, ...]] = Field(
        default={},
        description="What else the plan lays down, by name; kept for the reader, it acts on nothing",
    )


class Organisation(Part):
    """Who carries the plan out; the share trained today is starting_point.skill_share."""

    staff: Count | None = Field(default=None, description="Persons to be trained")
    training_cost: Amount | None = Field(
        default=None,
        description="Training of a person, currency; with `staff` it prices the skill capability",
    )
    execution_risk: Flag = Field(
        default=False, description="Initiatives may run into trouble: late, or come to nothing"
    )
    trouble: Share | None = Field(
        default=None, description="Share of initiatives that run into trouble where nobody is trained"
    )
