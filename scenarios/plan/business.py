"""What the business is when the plan starts: its figures, its market, channels and products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from results.problems import nearest
from scenarios.plan.fields import (
    Amount,
    Count,
    Date,
    Factor,
    Flag,
    Indicator,
    Name,
    Number,
    Part,
    Share,
    Source,
    Text,
    check_sum,
    refusal,
)
from scenarios.plan.vocabulary import HolidayName


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
    """A figure the plan states that is no indicator: evidence, unless it sets a parameter of the market."""

    value: Number = Field(description="The figure, in `unit`")
    unit: Text = Field(description="Unit, e.g. share, CNY, days, factor")
    source: Source = Field(default="plan", description="Where the figure comes from")
    note: Text | None = Field(default=None, description="What it says")
    sets: Text | None = Field(
        default=None,
        description="Parameter of the market's rules that takes this value where no history was fitted; "
        "without it the fact is there to compare with",
    )
    rest: Flag = Field(default=False, description="The parameter takes what is left to 1: 1 - value")

    @model_validator(mode="after")
    def _a_parameter(self) -> Fact:
        if self.sets is not None:
            check_parameter(self.sets, 1.0 - self.value if self.rest else self.value)
        return self


def check_parameter(name: str, value: float) -> None:
    """Refuse a name that is no parameter of the market, and a value that it cannot take."""
    from sim.parameters import Values, collected

    known = collected()
    if name not in known:
        said = f"the market has no parameter {name!r}{nearest(name, known)}"
        raise refusal(said, "a parameter of docs/model.md", name)
    try:
        Values({name: value})
    except ValueError as error:
        raise refusal(str(error), "a value the parameter can take", value) from error


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
    weekdays: tuple[Annotated[Number, Field(ge=0, le=5)], ...] = Field(
        default=(),
        description="Needs on Monday to Sunday, relative: seven numbers; all days alike unless given",
    )

    @model_validator(mode="after")
    def _a_week(self) -> Season:
        if self.weekdays and (len(self.weekdays) != 7 or not any(self.weekdays)):
            found = f"{len(self.weekdays)} numbers"
            raise refusal("a week has seven days, some with needs", "seven numbers, Monday first", found)
        return self


class Holiday(Part):
    """A holiday that moves needs in time: a wave of buying before it, a lull in it; the year's sum stays."""

    name: HolidayName = Field(description="Which holiday; Lunar New Year moves")
    before: Annotated[Number, Field(gt=0, le=5)] = Field(
        default=1.15, description="Needs on its eve against other days, factor; they rise towards it"
    )
    before_days: Annotated[int, Field(strict=True, ge=0, le=90)] = Field(
        default=21, description="Days over which needs rise"
    )
    during: Annotated[Number, Field(gt=0, le=5)] = Field(
        default=0.7, description="Needs from the holiday's day on, factor"
    )
    during_days: Annotated[int, Field(strict=True, ge=0, le=60)] = Field(
        default=7, description="Days of lull from the holiday's day on"
    )


class Rival(Part):
    """A rival known by name, and what it does."""

    name: Name = Field(description="E.g. live_sellers")
    kind: Literal["store", "online", "live"] = Field(
        default="online", description="Whose customers it meets: in stores, online, or on social channels"
    )
    behaviour: tuple[Literal["follow", "war", "copy"], ...] = Field(
        default=("follow",),
        description="follow: goes part of the way with our prices; war: answers undercutting or lost share "
        "by a price war; copy: catches up with what we offer anew",
    )
    strength: Annotated[Number, Field(ge=0, le=10)] = Field(
        default=0.2, description="Odds of buying from it against those of all of today's rivals together"
    )
    entry_month: Count | None = Field(
        default=None, description="Month it opens in; it is there already unless given"
    )
    entry_chance: Annotated[Number, Field(gt=0, le=1)] | None = Field(
        default=None, description="Or: chance a year that it opens, on a day chosen by luck"
    )
    note: Text | None = Field(default=None, description="What the plan says about it")

    @model_validator(mode="after")
    def _one_entry(self) -> Rival:
        if self.entry_month is not None and self.entry_chance is not None:
            found = f"month {self.entry_month} and chance {self.entry_chance:g}"
            raise refusal("a rival opens in a month or by chance", "entry_month or entry_chance", found)
        return self


class BrandToday(Part):
    """The brand as it stands; advertising, content, service, prices and neglect move it from there."""

    awareness: Annotated[Number, Field(gt=0, lt=1)] = Field(
        description="Share of people within reach who know the brand"
    )
    trust: Annotated[Number, Field(gt=0, lt=1)] = Field(
        default=0.6, description="Trust of those who know it, against the most it could have"
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
    word_of_mouth: Literal["mean_field", "network"] = Field(
        default="mean_field",
        description="mean_field: all hear of all who have bought; network: each hears a few others, who warn "
        "where they are dissatisfied",
    )
    rivals: tuple[Rival, ...] = Field(default=(), description="Rivals known by name, and what they do")
    facts: Mapping[str, Fact] = Field(
        default={},
        description="Stated figures that are no indicators, by name: those with `sets` give a parameter of "
        "the market its value, the others are documentation to hold results against",
    )
    holidays: tuple[Holiday, ...] = Field(default=(), description="Holidays that move needs in time")
    brand: BrandToday | None = Field(
        default=None, description="The brand as it stands; it stays as it is unless given"
    )
    reviews: Flag = Field(
        default=False, description="Whether public reviews act on search and on buying online"
    )
    negative_reviews: Annotated[Share, Field(le=0.95)] | None = Field(
        default=None,
        description="Share of today's reviews that are negative; as much as service falls short unless given",
    )
    funnel: Flag = Field(
        default=False,
        description="Whether online visits are followed over search, detail pages and favourites; also where "
        "a figure, a target or an initiative speaks of them",
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


Level = Annotated[Number, Field(gt=0, le=100)]


class Product(Part):
    """A group of products and the role it plays."""

    role: Literal["traffic", "profit", "image", "event"] = Field(
        description="traffic: draws visits; profit: earns; image: shows the brand; event: made for promotions"
    )
    share: Share = Field(description="Share of sales today")
    price: Level = Field(default=1.0, description="Price level against the range's mean, factor")
    online_only: Flag = Field(
        default=False,
        description="Kept out of stores and from dealers under `policies.pricing.policy: online_only`",
    )
    note: Text | None = Field(default=None, description="What belongs to it")
    line: Text | None = Field(default=None, description="Line it belongs to, e.g. basic, fashion, collector")
    level: Level = Field(default=1.0, description="List price against today's, factor")
    gross_margin: Share | None = Field(
        default=None,
        description="Share of list price kept after the cost of goods; unless given the channel's, lower for "
        "traffic, image and event products and higher for profit products (an assumption)",
    )
    price_sensitivity: Factor = Field(default=1.0, description="Its buyers' price sensitivity, factor")
    fit: Mapping[Name, Number] = Field(
        default={}, description="Utility added (log odds) in a channel or kind of channel, by name"
    )
    channels: tuple[Name, ...] = Field(default=(), description="Channels that sell it; all unless given")
    promoted: Flag | None = Field(
        default=None, description="Whether discounts include it; unless given all but image products"
    )
    return_factor: Factor = Field(default=1.0, description="Its returns against the channel's, factor")


def check_product_shares(products: Mapping[str, Product]) -> Mapping[str, Product]:
    """Refuse product groups whose shares do not sum to 1."""
    check_sum({name: product.share for name, product in products.items()})
    return products
