"""What the business is when the plan starts: its figures, its market, channels and products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from scenarios.plan.fields import (
    Amount,
    Count,
    Date,
    Factor,
    Flag,
    Indicator,
    Number,
    Part,
    Share,
    Source,
    Text,
    check_sum,
    refusal,
)


def _short(value: Any) -> Any:
    """Read a bare figure as one the plan states."""
    return value if isinstance(value, dict | Part) else {"value": value}


class StartingFigure(Part):
    """An indicator's value today, and where the figure comes from."""

    value: Number = Field(description="Value today in the indicator's unit; shares and rates are 0-1")
    source: Source = Field(
        default="plan",
        description="plan: stated; assumption: ours; case: one company's claim; history: measured",
    )
    bound: Literal["exact", "under", "over"] = Field(
        default="exact", description="'under 30 %' is 0.30 with bound: under"
    )
    industry: Number | None = Field(default=None, description="The industry's figure or benchmark, same unit")
    note: Text | None = Field(default=None, description="What the plan says about it")


Figure = Annotated[StartingFigure, BeforeValidator(_short, json_schema_input_type=float | StartingFigure)]


class Fact(Part):
    """A figure the plan states that is no indicator."""

    value: Number = Field(description="The figure, in `unit`")
    unit: Text = Field(description="Unit, e.g. share, CNY, days, factor")
    source: Source = Field(default="plan", description="Where the figure comes from")
    note: Text | None = Field(default=None, description="What it says")


class Range(Part):
    """An uncertain figure: low and high are about the 5th and 95th percentile."""

    low: Number = Field(description="About the 5th percentile")
    central: Number = Field(description="The middle")
    high: Number = Field(description="About the 95th percentile")
    source: Source = Field(default="assumption", description="Where the range comes from")
    note: Text | None = Field(default=None, description="What it rests on")

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not self.low <= self.central <= self.high:
            found = f"{self.low:g}, {self.central:g}, {self.high:g}"
            raise refusal("low, central and high are out of order", "low <= central <= high", found)
        return self


class Growth(Range):
    """Relative growth a year: 0.15 is +15 %."""

    @model_validator(mode="after")
    def _above_ruin(self) -> Growth:
        if self.low <= -1:
            raise refusal("a market cannot shrink by more than itself", "a growth above -1", self.low)
        return self


NO_GROWTH = Growth(low=0.0, central=0.0, high=0.0)


class Season(Part):
    """A yearly wave of needs around their mean."""

    amplitude: Annotated[Number, Field(ge=0, lt=1)] = Field(
        default=0.0,
        description="Peak above the yearly mean, relative: 0.2 is +20 % at the peak, -20 % in the trough",
    )
    peak_month: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(
        default=11, description="Month of the peak"
    )


class Market(Part):
    """Who can be reached, and what nobody in the business controls."""

    population: Count = Field(description="Real customers and prospects within reach, persons")
    customers: Annotated[Count, Field(le=5_000_000)] = Field(
        default=4_000, description="Simulated customers; each stands for population / customers persons"
    )
    growth: Growth = Field(default=NO_GROWTH, description="Growth of the market's needs a year, relative")
    click_price_growth: Growth = Field(
        default=NO_GROWTH, description="Growth of the price of a click a year, relative"
    )
    season: Season = Field(default=Season(), description="Season of demand")
    evidence: Literal["literature", "experimental", "claims"] = Field(
        default="literature",
        description="Where priors come from: meta-analyses, field experiments (advertising several times "
        "weaker), or the plan's own claims taken at their word",
    )
    rivals: tuple[Text, ...] = Field(default=(), description="What rivals do, as the plan sees it")
    facts: Mapping[str, Fact] = Field(
        default={}, description="Stated figures that are no indicators, by name"
    )


class Currency(Part):
    """A foreign currency that a channel sells in."""

    code: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")] = Field(description="ISO 4217 code")
    volatility: Annotated[Number, Field(ge=0, le=2)] = Field(
        default=0.08, description="Standard deviation of its rate's change a year, relative"
    )
    hedged: Share = Field(default=0.0, description="Share of the change that is hedged away")


class Channel(Part):
    """A place where customers look and buy."""

    kind: Literal["store", "own", "marketplace", "social"] = Field(
        description="store: on foot; own: site, app, mini-program; marketplace: a platform's mall; "
        "social: messaging, short video and live"
    )
    commission: Share = Field(default=0.0, description="Share of net sales paid to the platform")
    cost_per_order: Amount = Field(
        default=0.0, description="Picking, packing, delivery, payment; currency an order"
    )
    gross_margin: Share = Field(default=0.4, description="Share of list price kept after the cost of goods")
    share: Share | None = Field(
        default=None, description="Share of sales today; given for all open channels or none"
    )
    open: Flag = Field(default=True, description="Whether the plan uses the channel at all")
    opens: Date | None = Field(
        default=None, description="First day of trade; from before the start unless given"
    )
    starting_point: Mapping[Indicator, Figure] = Field(
        default={}, description="The channel's own figures today"
    )
    note: Text | None = Field(default=None, description="What the channel is for")
    reach: Share = Field(
        default=1.0, description="Share of customers it can serve: near the stores, or where it delivers to"
    )
    currency: Currency | None = Field(
        default=None,
        description="Currency it sells in, where that is not the plan's; goods are bought at home",
    )


class Product(Part):
    """A group of products and the role it plays."""

    role: Literal["traffic", "profit", "image", "event"] = Field(
        description="traffic: draws visits; profit: earns; image: shows the brand; event: made for promotions"
    )
    share: Share = Field(description="Share of sales today")
    price: Factor = Field(default=1.0, description="Price level against the range's mean, factor")
    online_only: Flag = Field(
        default=False, description="Sold online only, so that stores and dealers do not compete"
    )
    note: Text | None = Field(default=None, description="What belongs to it")


def check_product_shares(products: Mapping[str, Product]) -> Mapping[str, Product]:
    """Refuse product groups whose shares do not sum to 1."""
    check_sum({name: product.share for name, product in products.items()})
    return products
