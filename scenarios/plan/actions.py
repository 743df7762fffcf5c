"""What is done and what may go wrong: initiatives and risks.

Both act on behaviour and operations - a capability, a driver, a parameter of a rule - and never on an
indicator: indicators are what the market answers with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from results.problems import nearest
from scenarios.plan.fields import (
    Amount,
    Count,
    Factor,
    Flag,
    Grade,
    Indicator,
    Name,
    Number,
    Part,
    Share,
    Text,
    refusal,
)
from scenarios.plan.vocabulary import (
    EVENT,
    FEATURES,
    LEVERS,
    SHOCKS,
    CapabilityName,
    is_indicator,
    rule_parameters,
)


def _lever(name: str) -> str:
    """Refuse effects on indicators, and on names the market does not know."""
    head, expected = name.split(".")[0], "a driver or a parameter of behaviour; or invest in a capability"
    if is_indicator(name):
        raise refusal(
            f"{name!r} is an indicator: it follows from behaviour and cannot be set", expected, name
        )
    if head not in LEVERS and name not in rule_parameters():
        said = f"nothing that may change is called {name!r}{nearest(head, (*LEVERS, *rule_parameters()))}"
        raise refusal(said, expected, name)
    return name


def _target(name: str) -> str:
    """Refuse impacts on anything a shock cannot strike."""
    head = name.split(".")[0]
    if head in SHOCKS:
        return name
    said = f"a risk cannot strike {name!r}{nearest(head, SHOCKS)}"
    if is_indicator(name):
        said = f"{name!r} is an indicator: a risk strikes what it follows from"
    raise refusal(said, "one of " + ", ".join(SHOCKS), name)


def _feature(name: str) -> str:
    """Refuse what no line of the policies stands for."""
    if name in FEATURES or (name.startswith(EVENT) and name != EVENT):
        return name
    said = f"no line of the policies is called {name!r}{nearest(name, FEATURES)}"
    raise refusal(said, "one of " + ", ".join((*FEATURES, f"{EVENT}<name of an event>")), name)


Feature = Annotated[
    str,
    Field(strict=True),
    AfterValidator(_feature),
    WithJsonSchema({"anyOf": [{"enum": list(FEATURES)}, {"pattern": f"^{EVENT}.", "type": "string"}]}),
]
Lever = Annotated[str, Field(strict=True), AfterValidator(_lever)]
ShockTarget = Annotated[str, Field(strict=True), AfterValidator(_target)]


class Initiative(Part):
    """Something new that is done: money into capabilities, or a changed behaviour, after a delay."""

    lever: Literal[
        "coordination", "channels", "experience", "lifecycle", "marketing", "traffic", "product", "service",
        "supply", "technology", "organisation", "brand", "growth", "innovation",
    ] = Field(description="Which part of the plan it belongs to")  # fmt: skip
    title: Text | None = Field(default=None, description="What is done, in the plan's words")
    invests: Mapping[CapabilityName, Amount] = Field(
        default={}, description="Money into capabilities in all, currency, spread over `ripen_months`"
    )
    effects: Mapping[Lever, Factor] = Field(
        default={},
        description="Factor by which a driver or parameter is multiplied once ripe, 1.1 is +10 %; "
        "`name.<channel>` limits it. With evidence `claim` it is the optimistic end, 1 the other",
    )
    start_month: Count | None = Field(default=None, description="Month it starts in, 1 is the plan's first")
    phase: Name | None = Field(default=None, description="Or: the phase it starts with")
    ripen_months: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        default=6, description="Months until the whole effect is there, along an S-curve"
    )
    cost: Amount = Field(
        default=0.0, description="Once-only cost beside `invests`, currency, spread over `ripen_months`"
    )
    monthly_cost: Amount = Field(default=0.0, description="Running cost a month while it is active, currency")
    funded: Literal["budget", "extra"] = Field(
        default="budget", description="budget: paid out of the budget's split; extra: on top of it"
    )
    evidence: Grade = Field(
        default="A",
        description="E experiment, O observation, T trade press, A assumption, claim: one company's figure",
    )
    source: Text | None = Field(default=None, description="Who says so")
    claims: Mapping[Indicator, Number] = Field(
        default={},
        description="Relative change of indicators the source claims; shown beside the result, never applied",
    )
    group: Name | None = Field(
        default=None,
        description="Alternatives on the same thing: only the strongest active one of a group acts",
    )
    active: Flag = Field(default=True, description="Whether it is done")
    enables: tuple[Feature, ...] = Field(
        default=(),
        description="Lines of the policies that begin with it, and stay as today where no initiative that "
        "enables them acts; `event:<name>` is an event of the calendar. Lines that none enables begin with "
        "the plan, or in the month of their part",
    )
    opens: tuple[Name, ...] = Field(
        default=(), description="Channels (with `open: false`) that open with it, along its S-curve"
    )
    eases: Mapping[Name, Share] = Field(
        default={},
        description="Risks that strike less often once it is ripe: share of their probability taken away. "
        "With evidence `claim` that is the optimistic end, 0 the other",
    )
    stages: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(
        default=1, description="Stages it is built in; more than one runs into less trouble"
    )
    prepared_by: tuple[Name, ...] = Field(
        default=(), description="Initiatives that, once finished, let it be built faster"
    )

    @model_validator(mode="after")
    def _one_start(self) -> Initiative:
        if self.start_month is not None and self.phase is not None:
            found = f"start_month {self.start_month} and phase {self.phase}"
            raise refusal(
                "an initiative starts in a month or with a phase, not both", "start_month or phase", found
            )
        return self


class Contingency(Part):
    """The answer prepared for a risk."""

    what: Text = Field(description="What is done")
    cost: Amount = Field(default=0.0, description="Cost a year of being prepared, currency")
    reduces: Share = Field(default=0.0, description="Share of the impact it takes away")
    takes_days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        default=0, description="Days from noticing to the answer's working"
    )
    shortens: Share = Field(default=0.0, description="Share of the recovery time it takes away")


class Warned(Part):
    """What announces a risk, and how well."""

    sign: Text = Field(description="What announces it")
    quality: Share | None = Field(
        default=None,
        description="Probability that it is seen in time; else a strike is noticed at half the interval of "
        "policies.governance.risk_review. Not given: the answer works from the first day",
    )
    lead_days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        default=14, description="Days ahead of the strike at which it is seen"
    )


def _sign(value: Any) -> Any:
    """Read a bare text as the sign."""
    return {"sign": value} if isinstance(value, str) else value


Warning = Annotated[Warned, BeforeValidator(_sign, json_schema_input_type=str | Warned)]


class Risk(Part):
    """Something that may go wrong."""

    kind: Literal[
        "market", "technical", "operational", "legal", "financial", "competitive", "management", "execution"
    ] = Field(description="One of the eight kinds")
    title: Text | None = Field(default=None, description="What happens, in the plan's words")
    probability: Share = Field(description="Probability that it strikes in a year")
    impact: Mapping[ShockTarget, Factor] = Field(
        default={},
        description="Factor on what it strikes while it lasts, 0 shuts; `access.<channel>` limits it",
    )
    days: Annotated[int, Field(strict=True, ge=1, le=1100)] = Field(default=30, description="Days it lasts")
    month: Count | None = Field(
        default=None, description="Month it strikes in, where it is dated; any day otherwise"
    )
    loss: Amount = Field(default=0.0, description="Once-only loss, currency")
    contingency: Contingency | None = Field(default=None, description="The answer prepared")
    early_warning: Warning | None = Field(default=None, description="What announces it, and how well")
    recovery_days: Annotated[int, Field(strict=True, ge=0, le=1100)] = Field(
        default=0, description="Days after it over which the impact fades"
    )
    source: Text | None = Field(
        default=None, description="Who says so; figures are assumptions unless it does"
    )
    active: Flag = Field(default=True, description="Whether it is counted")
