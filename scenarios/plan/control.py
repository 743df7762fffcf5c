"""How money is booked, watched and moved while the plan runs: finance, control, lines, expected income."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from scenarios.plan.fields import Amount, Count, Flag, Indicator, Name, Number, Part, Share, Text

Cadence = Literal["monthly", "quarterly", "half_yearly", "yearly"]
MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Step = Annotated[Number, Field(ge=0, lt=1)]


class Line(Part):
    """A line of the budget booked on its own, inside the total."""

    amount: Amount = Field(description="Currency a year; part of the total, not on top of it")
    of: Literal["marketing", "technology", "team", "reserve"] = Field(
        default="reserve",
        description="Whose money it is; lines of the reserve are paid on the first day of each year, the "
        "others are their share of what the purpose spends",
    )
    deposit: Flag = Field(default=False, description="Only lodged: paid once, no cost, and still ours")
    note: Text | None = Field(default=None, description="What it pays")


class Income(Part):
    """Income the plan expects, shown beside what came."""

    amount: Amount = Field(description="Currency in all, over the months up to `by_month`")
    kpi: Indicator = Field(default="net_sales", description="Sum of which indicator, month by month")
    channels: tuple[Name, ...] = Field(default=(), description="Channels it comes from; all unless given")
    by_month: Count | None = Field(default=None, description="Last month counted; the plan's last if absent")
    note: Text | None = Field(default=None, description="Who says so")


class Reallocate(Part):
    """Media money moves to what was seen to sell."""

    step: Step = Field(default=0.2, description="Largest relative change of a medium's share at one review")
    floor: Step = Field(default=0.05, description="Least share that a medium keeps of the money that moves")
    every: Cadence | None = Field(
        default=None, description="How often; policies.governance.process_review, or each month"
    )
    note: Text | None = Field(default=None, description="The rule in the plan's words")


class ReserveRelease(Part):
    """When the reserve is spent, and on what; otherwise it is kept."""

    below: Annotated[Number, Field(ge=0, le=2)] = Field(
        default=0.95, description="Released while sales are below this share of what was expected; 0 never"
    )
    growth: Annotated[Number, Field(gt=-1, le=5)] = Field(
        default=0.0, description="Growth of sales a year that is expected, on top of the season"
    )
    part: Share = Field(default=0.5, description="Share of what is left that one review releases")
    to: Literal["marketing", "service"] = Field(default="marketing", description="What it is spent on")
    phase: Name | None = Field(default=None, description="Phase that releases it whatever sales are")
    every: Cadence | None = Field(
        default=None, description="How often; policies.governance.outcome_review, or each month"
    )
    note: Text | None = Field(default=None, description="The rule in the plan's words")


class Control(Part):
    """How the budget is watched and moved."""

    monthly_variance: Flag = Field(
        default=False, description="Budget against actuals every month; what was overspent is taken back"
    )
    correct: Share = Field(default=0.5, description="Share of the deviation that control takes back")
    reallocate: Reallocate | None = Field(default=None, description="Rule that moves media money")
    reserve_release: ReserveRelease | None = Field(default=None, description="When the reserve is spent")


class Finance(Part):
    """How money is booked and when it flows."""

    vat: Share = Field(default=0.0, description="Value-added tax on sales and purchases; money is without it")
    discount_rate: Annotated[Number, Field(ge=0, le=1)] = Field(
        default=0.08, description="Yearly rate at which later money is discounted"
    )
    capitalised: Share = Field(default=0.0, description="Share of technology money that is capital")
    life_months: Count = Field(default=36, description="Months over which capital wears off")
    payout_days: Mapping[Name, Days] = Field(
        default={}, description="Days until a channel's sales are paid out, by channel; at once unless given"
    )
    supplier_days: Days = Field(default=0, description="Days until goods are paid")
    strays: Flag = Field(
        default=False, description="Spending strays from plan by luck; monthly control takes it back"
    )
