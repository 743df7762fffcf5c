"""How the business trades: prices, promotions, service, customer relations, stock, control."""

from __future__ import annotations

import calendar
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from scenarios.plan.fields import Amount, Count, Flag, Name, Number, Part, Share, Text, refusal
from scenarios.plan.governance import Governance, Organisation, Scorecard
from scenarios.plan.vocabulary import HolidayName

Depth = Annotated[Number, Field(ge=0, le=0.9)]
Effort = Annotated[Number, Field(ge=0, le=10)]


class PromotionEvent(Part):
    """A dated promotion that returns every year."""

    name: Name = Field(description="E.g. double_eleven")
    month: Annotated[int, Field(strict=True, ge=1, le=12)] | None = Field(
        default=None, description="Month it starts in, or: `holiday`"
    )
    day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        default=1, description="Day of the month it starts on"
    )
    holiday: HolidayName | None = Field(default=None, description="Holiday it goes by, which may move")
    offset: Annotated[int, Field(strict=True, ge=-90, le=90)] = Field(
        default=0, description="Days from the holiday to its start: -14 is two weeks before"
    )
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = Field(default=1, description="Length in days")
    depth: Depth = Field(description="Discount off the price: 0.3 is 30 %")
    channels: tuple[Name, ...] = Field(default=(), description="Channels it runs in; all unless given")
    demand: Annotated[Number, Field(gt=0, le=5)] = Field(
        default=1.0,
        description="Needs on its days against other days, factor; the year's needs stay the same in all",
    )

    @model_validator(mode="after")
    def _real_day(self) -> PromotionEvent:
        if (self.month is None) == (self.holiday is None):
            found = "neither" if self.month is None else f"month {self.month} and holiday {self.holiday}"
            raise refusal("an event is dated by its month or by a holiday", "month or holiday", found)
        if self.month is None:
            if self.day != 1:
                raise refusal("a holiday has its own day", "offset instead of day", str(self.day))
        elif self.offset:
            raise refusal("offset counts from a holiday", "day instead of offset", str(self.offset))
        elif self.day > calendar.monthrange(2024, self.month)[1]:
            raise refusal("there is no such day", "a day of its month", f"{self.month}-{self.day}")
        return self


class Presale(Part):
    """Orders taken ahead of an event against a deposit."""

    depth: Depth = Field(description="Discount for ordering ahead")
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = Field(
        default=7, description="Days ahead of the event"
    )
    events: tuple[Name, ...] = Field(
        default=(), description="Events of the calendar that have one; all unless given"
    )


class Coupons(Part):
    """Two-way coupons between channels."""

    online_to_store: Depth = Field(default=0.0, description="Depth of online coupons redeemed in store")
    store_to_online: Depth = Field(default=0.0, description="Depth of coupons behind the store's QR code")
    within_channel: Depth = Field(
        default=0.0, description="Depth of coupons for the next order in the same medium"
    )
    days: Annotated[int, Field(strict=True, ge=1, le=365)] = Field(
        default=30, description="Days a coupon is valid"
    )


class Promotion(Part):
    """Discounts: a steady depth, and dated events on top where they are deeper."""

    depth: Depth = Field(default=0.0, description="Usual discount on promoted days: 0.1 is 10 % off")
    days_per_month: Annotated[int, Field(strict=True, ge=0, le=31)] = Field(
        default=31, description="Promoted days a month, its first ones; 31 is always"
    )
    calendar: tuple[PromotionEvent, ...] = Field(default=(), description="Dated events, every year")
    presale: Presale | None = Field(default=None, description="Presale ahead of events")
    coupons: Coupons | None = Field(default=None, description="Coupons across channels")


class Position(Part):
    """The brand's price position."""

    says: Text = Field(description="The position in the plan's words")
    consistency: Share = Field(
        default=1.0,
        description="1: every channel keeps it; 0: stores and online contradict each other, which customers "
        "who know both see like a price gap",
    )


def _said(value: Any) -> Any:
    """Read a bare text as a position that every channel keeps."""
    return {"says": value} if isinstance(value, str) else value


PricePosition = Annotated[Position, BeforeValidator(_said, json_schema_input_type=str | Position)]


class Pricing(Part):
    """Price level and how prices differ between channels."""

    policy: Literal["uniform", "differentiated", "online_only", "dynamic"] = Field(
        default="uniform",
        description="uniform: one price everywhere; differentiated: online_gap; online_only: some products "
        "online only; dynamic: follows stock and rivals",
    )
    level: Annotated[Number, Field(gt=0, le=10)] = Field(
        default=1.0, description="Price against today's, factor"
    )
    online_gap: Annotated[Number, Field(gt=-0.9, lt=2)] = Field(
        default=0.0,
        description="Online price against the store's, relative: -0.05 is 5 % cheaper online; under "
        "online_only of the products sold online only",
    )
    position: PricePosition | None = Field(
        default=None, description="Price position of the brand, and whether every channel keeps it"
    )
    bound: Annotated[Number, Field(ge=0, le=0.5)] = Field(
        default=0.1, description="How far dynamic prices move from their level at most, relative"
    )
    follow: Share = Field(
        default=0.5, description="Share of the rivals' price moves that dynamic prices follow"
    )

    @model_validator(mode="after")
    def _one_price(self) -> Pricing:
        if self.policy == "uniform" and self.online_gap != 0:
            raise refusal(
                "one price everywhere leaves no gap",
                "online_gap 0, or policy: differentiated",
                f"uniform with online_gap {self.online_gap:g}",
            )
        return self


class Booking(Part):
    """Booking of in-store experiences, answered like any queue."""

    response: Share = Field(description="Share of bookings answered in time")
    capacity: Amount = Field(default=0.0, description="Places a day and store channel; 0 is no limit")
    start_month: Count = Field(default=1, description="Month it starts in; 1 is the plan's first")


class Service(Part):
    """What customers get beside the goods; what is not given stays as today."""

    delivery_days: Annotated[Number, Field(gt=0, le=90)] | None = Field(
        default=None, description="Days from order to door, online; starting_point.delivery_days unless given"
    )
    response: Share | None = Field(
        default=None,
        description="Share of questions answered well and in time; starting_point.response_rate unless given",
    )
    free_returns: Flag = Field(default=False, description="Returns cost the customer nothing")
    return_days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        default=7, description="Days to return goods"
    )
    around_the_clock: Flag = Field(default=False, description="Answered 24/7, by bots at night")
    same_everywhere: Flag = Field(
        default=False, description="The same returns and after-sales in every channel"
    )
    booking: Booking | None = Field(default=None, description="Online booking of in-store experiences")
    peak_headroom: Annotated[Number, Field(gt=0, le=1000)] | None = Field(
        default=None, description="Load the own site bears, over a normal day's; without limit unless given"
    )
    load_tests: Flag = Field(default=False, description="The site is tested under a promotion's load")
    pick_up: Flag = Field(default=False, description="Online orders may be picked up in store")
    start_month: Count = Field(
        default=1, description="Month the new terms, pick-up and hours of this part start in"
    )


Trigger = Literal["first_order", "birthday", "lapsing"]


class Crm(Part):
    """Relations with known customers: the private domain."""

    effort: Effort = Field(default=1.0, description="Messages and care against today's, factor")
    rfm: Flag = Field(default=False, description="Groups by recency, frequency and monetary value")
    personas: Annotated[int, Field(strict=True, ge=0)] = Field(
        default=0, description="Personas served differently"
    )
    triggers: tuple[Trigger, ...] = Field(
        default=(),
        description="Occasions for a message: after a first order, at birthdays, when one stays away",
    )
    community: Flag = Field(default=False, description="Members are brought together to talk")


class Content(Part):
    """Organic work: search optimisation, content, social."""

    effort: Effort = Field(default=1.0, description="Organic effort against today's, factor")
    themes_per_month: Amount = Field(
        default=0.0, description="Content themes a month beyond what today's effort makes; each has its cost"
    )


class Loyalty(Part):
    """Membership, points and rewards."""

    points_rate: Share = Field(default=0.0, description="Points' value as a share of sales")
    shared_points: Flag = Field(default=False, description="One account over all channels")
    tiers: tuple[Text, ...] = Field(default=(), description="Membership tiers, lowest first")
    new_customer_rewards: tuple[Amount, ...] = Field(
        default=(), description="Tiered rewards in points, currency value"
    )
    referral_reward: Amount = Field(default=0.0, description="Paid to who refers a new customer, currency")


class Inventory(Part):
    """Stock and who looks after it."""

    days: Amount | None = Field(default=None, description="Days of stock aimed at")
    abc: Flag = Field(default=False, description="Reviewed by ABC class")
    vendor_managed: Flag = Field(default=False, description="Suppliers keep the stock")
    shared: Flag = Field(
        default=False, description="One stock for stores and online, with transfers and a live view"
    )
    supplier_scoring: Flag = Field(default=False, description="Suppliers scored on time and cost")
    flexible_capacity: Flag = Field(default=False, description="Production follows orders")
    start_month: Count = Field(default=1, description="Month all this starts in; 1 is the plan's first")


class Dealers(Part):
    """Dealers beside the own channels."""

    share: Annotated[Share, Field(lt=1)] = Field(description="Share of sales through dealers today")
    tolerated_gap: Share = Field(default=0.05, description="Price gap above which dealers leave")
    note: Text | None = Field(default=None, description="What is done about the conflict")
    channel: Name | None = Field(
        default=None,
        description="The channel that stands for their shops; unless given their sales are wholesale beside "
        "the channels",
    )
    margin: Share = Field(default=0.2, description="Share of wholesale that is kept; not used with a channel")


class Testing(Part):
    """Experiments on pages, creatives and campaigns."""

    page_tests_per_month: Amount = Field(default=0.0, description="A/B tests of pages a month")
    creatives_per_week: Annotated[Amount, Field(le=100)] | None = Field(
        default=None,
        description="Creatives tested a week; at 0 they wear out, not given they stay as fresh as today",
    )


class Packaging(Part):
    """Packaging and what it costs the planet."""

    green: Flag = Field(default=False, description="Less and recycled packaging, leaner transport")
    shareable: Flag = Field(default=False, description="Unboxing that encourages sharing")
    start_month: Count = Field(default=1, description="Month it starts in; 1 is the plan's first")


class Policies(Part):
    """How the business trades while the plan runs; what is not given stays as today."""

    promotion: Promotion = Field(default=Promotion(), description="Discounts")
    pricing: Pricing = Field(default=Pricing(), description="Prices")
    service: Service = Field(default=Service(), description="Service")
    crm: Crm = Field(default=Crm(), description="Private domain")
    content: Content = Field(default=Content(), description="Organic work")
    loyalty: Loyalty = Field(default=Loyalty(), description="Membership and rewards")
    inventory: Inventory = Field(default=Inventory(), description="Stock")
    dealers: Dealers | None = Field(default=None, description="Dealers")
    testing: Testing = Field(default=Testing(), description="Experiments")
    scorecard: Scorecard = Field(default=Scorecard(), description="Scorecards")
    governance: Governance = Field(default=Governance(), description="Reviews and rules")
    packaging: Packaging = Field(default=Packaging(), description="Packaging")
    organisation: Organisation = Field(default=Organisation(), description="Who carries the plan out")
