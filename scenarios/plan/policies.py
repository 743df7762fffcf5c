"""How the business trades: prices, promotions, service, customer relations, stock, control."""

from __future__ import annotations

import calendar
from typing import Annotated, Literal

from pydantic import Field, model_validator

from scenarios.plan.fields import Amount, Flag, Name, Number, Part, Share, Text, refusal
from scenarios.plan.governance import Governance, Organisation, Scorecard

Depth = Annotated[Number, Field(ge=0, le=0.9)]
Effort = Annotated[Number, Field(ge=0, le=10)]


class PromotionEvent(Part):
    """A dated promotion that returns every year."""

    name: Name = Field(description="E.g. double_eleven")
    month: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(description="Month it starts in")
    day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        default=1, description="Day of the month it starts on"
    )
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = Field(default=1, description="Length in days")
    depth: Depth = Field(description="Discount off the price: 0.3 is 30 %")
    channels: tuple[Name, ...] = Field(default=(), description="Channels it runs in; all unless given")

    @model_validator(mode="after")
    def _real_day(self) -> PromotionEvent:
        if self.day > calendar.monthrange(2024, self.month)[1]:
            raise refusal("there is no such day", "a day of its month", f"{self.month}-{self.day}")
        return self


class Presale(Part):
    """Orders taken ahead of an event against a deposit."""

    depth: Depth = Field(description="Discount for ordering ahead")
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = Field(
        default=7, description="Days ahead of the event"
    )


class Coupons(Part):
    """Two-way coupons between channels."""

    online_to_store: Depth = Field(default=0.0, description="Depth of online coupons redeemed in store")
    store_to_online: Depth = Field(default=0.0, description="Depth of coupons behind the store's QR code")


class Promotion(Part):
    """Discounts: a steady depth, and dated events on top where they are deeper."""

    depth: Depth = Field(default=0.0, description="Usual discount on promoted days: 0.1 is 10 % off")
    days_per_month: Annotated[int, Field(strict=True, ge=0, le=31)] = Field(
        default=31, description="Promoted days a month, its first ones; 31 is always"
    )
    calendar: tuple[PromotionEvent, ...] = Field(default=(), description="Dated events, every year")
    presale: Presale | None = Field(default=None, description="Presale ahead of events")
    coupons: Coupons | None = Field(default=None, description="Coupons across channels")


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
        default=0.0, description="Online price against the store's, relative: -0.05 is 5 % cheaper online"
    )
    position: Text | None = Field(default=None, description="Price position the brand keeps in every channel")

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
    capacity: Amount = Field(default=0.0, description="Places a day and store")


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


class Crm(Part):
    """Relations with known customers: the private domain."""

    effort: Effort = Field(default=1.0, description="Messages and care against today's, factor")
    rfm: Flag = Field(default=False, description="Groups by recency, frequency and monetary value")
    personas: Annotated[int, Field(strict=True, ge=0)] = Field(
        default=0, description="Personas served differently"
    )


class Content(Part):
    """Organic work: search optimisation, content, social."""

    effort: Effort = Field(default=1.0, description="Organic effort against today's, factor")
    themes_per_month: Amount = Field(
        default=0.0, description="Content themes a month; their effect is in `effort`"
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


class Dealers(Part):
    """Dealers beside the own channels."""

    share: Share = Field(description="Share of sales through dealers today")
    tolerated_gap: Share = Field(default=0.05, description="Price gap above which dealers leave")
    note: Text | None = Field(default=None, description="What is done about the conflict")


class Testing(Part):
    """Experiments on pages, creatives and campaigns."""

    page_tests_per_month: Amount = Field(default=0.0, description="A/B tests of pages a month")
    creatives_per_week: Amount = Field(default=0.0, description="Creatives tested a week")


class Packaging(Part):
    """Packaging and what it costs the planet."""

    green: Flag = Field(default=False, description="Less and recycled packaging, leaner transport")
    shareable: Flag = Field(default=False, description="Unboxing that encourages sharing")


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
