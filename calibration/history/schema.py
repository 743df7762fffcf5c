"""What ``history.yaml`` may say: which file and which column holds what."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from calibration.history.encodings import Encoding
from calibration.history.periods import Period
from calibration.history.spelling import DateOrder

Column = Annotated[str, Field(min_length=1)]
Text = Annotated[str, Field(min_length=1, max_length=80)]
Scaled = Literal["revenue", "orders", "units", "visits", "amount", "spend", "impressions", "price", "value"]


def _refusal(message: str, expected: str) -> PydanticCustomError:
    return PydanticCustomError("mapping", "{message}", {"message": message, "expected": expected})


def _renames_a_column(rename: dict[str, str], column: str | None) -> None:
    if rename and column is None:
        raise _refusal("rename: gives new names, but no column names channels", "channel under columns:")


class Part(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=True)

    def given(self) -> dict[str, str]:
        """Return the fields that name a column."""
        return {name: value for name, value in self if isinstance(value, str)}


class Measures(Part):
    """Columns of one channel in a wide sales table."""

    revenue: Column | None = None
    orders: Column | None = None
    units: Column | None = None
    visits: Column | None = None


class SalesColumns(Measures):
    """Columns of a sales table."""

    date: Column
    channel: Column | None = None


class TransactionColumns(Part):
    """Columns of a customer log: one row is an order, or a line of the order named in ``order``.

    In the place of an ``amount`` stands a ``price``, times a ``quantity`` if there is one.
    """

    date: Column
    amount: Column | None = None
    price: Column | None = None
    quantity: Column | None = None
    customer: Column | None = None
    channel: Column | None = None
    order: Column | None = None


class SourceMeasures(Part):
    """Columns of one source in a wide media table."""

    spend: Column | None = None
    impressions: Column | None = None


class MediaColumns(SourceMeasures):
    """Columns of a media table."""

    date: Column
    source: Column | None = None


class PriceColumns(Part):
    """Columns of a price table."""

    date: Column
    price: Column
    channel: Column | None = None
    product: Column | None = None
    promoted: Column | None = None


class TrafficColumns(Part):
    """Columns of a traffic table."""

    date: Column
    visits: Column
    channel: Column | None = None
    source: Column | None = None


class ServiceColumns(Part):
    """Columns of a service table."""

    date: Column
    channel: Column | None = None
    delivery_days: Column | None = None
    stockout_rate: Column | None = None


class ExperimentColumns(Part):
    """Columns of a randomised experiment: one row is a customer."""

    group: Column
    customer: Column | None = None
    channel: Column | None = None
    segment: Column | None = None
    visit: Column | None = None
    conversion: Column | None = None
    spend: Column | None = None


class DriverColumns(Part):
    """Columns of a table of outside forces, 1 being normal and 0 shut."""

    date: Column
    driver: Column | None = None
    value: Column | None = None


class Table(Part):
    """A file and what every table may say of it."""

    labels: ClassVar[tuple[str, ...]] = ("channel",)
    file: Annotated[str, Field(min_length=1)]
    sheet: str | None = None
    dates: DateOrder | None = None
    encoding: Encoding | None = None
    constants: dict[str, Text] = {}

    @model_validator(mode="after")
    def _constants_are_labels(self) -> Table:
        columns: Part = self.columns  # type: ignore[attr-defined]
        for name in self.constants:
            if name not in self.labels:
                raise _refusal(f"constants cannot give {name!r}", ", ".join(self.labels))
            if name in columns.given():
                raise _refusal(f"{name!r} stands under both columns and constants", "one of the two")
        return self


class Dated(Table):
    """A table with one row per period."""

    period: Period | None = None


class Sales(Dated):
    """Revenue, orders, units and visits by period and channel; long, or wide with ``channels``.

    With ``add_up`` rows of one date and channel (stores, departments, products) are added up. ``rename``
    gives names of the channel column other ones: {Webshop: online}; what is called alike then is added up.
    """

    columns: SalesColumns
    channels: dict[Text, Measures] = {}
    remainder: Text | None = None
    add_up: bool = False
    rename: dict[Text, Text] = {}

    @model_validator(mode="after")
    def _long_or_wide(self) -> Sales:
        said = set(self.columns.given()) - {"date"}
        if self.channels and said | set(self.constants):
            raise _refusal(
                "a table with channels: has more than the date under columns:", "columns: {date: ...}"
            )
        if not self.channels and not said - {"channel"}:
            raise _refusal(
                "names nothing sold", "revenue, orders, units or visits under columns:, or channels:"
            )
        for name, measures in self.channels.items():
            if not measures.given():
                raise _refusal(f"channel {name!r} names no column", "{revenue: ...}")
        _renames_a_column(self.rename, self.columns.channel)
        return self


class Transactions(Table):
    """A customer log; ``rename`` gives names of the channel column other ones: {Webshop: online}."""

    columns: TransactionColumns
    rename: dict[Text, Text] = {}

    @model_validator(mode="after")
    def _paid(self) -> Transactions:
        told = self.columns
        if (told.amount is None) == (told.price is None) or (told.quantity and told.price is None):
            raise _refusal("names no amount, or both ways", "amount, or price and quantity under columns:")
        _renames_a_column(self.rename, told.channel)
        return self


class Media(Dated):
    """Spend and impressions by period and source; long, or wide with ``sources``."""

    labels: ClassVar[tuple[str, ...]] = ("source",)
    columns: MediaColumns
    sources: dict[Text, SourceMeasures] = {}

    @model_validator(mode="after")
    def _long_or_wide(self) -> Media:
        said = self.columns.given()
        if self.sources and (set(said) - {"date"} or self.constants):
            raise _refusal(
                "a table with sources: has more than the date under columns:", "columns: {date: ...}"
            )
        for name, measures in self.sources.items():
            if not measures.given():
                raise _refusal(f"source {name!r} names no column", "{spend: ...} or {impressions: ...}")
        if not self.sources and (
            "source" not in said | self.constants or not {"spend", "impressions"} & set(said)
        ):
            raise _refusal("names no source with spend or impressions", "them under columns:, or sources:")

        return self


class Prices(Dated):
    """Prices by date, channel and product."""

    labels: ClassVar[tuple[str, ...]] = ("channel", "product")
    columns: PriceColumns


class Traffic(Dated):
    """Visits by date, channel and source."""

    labels: ClassVar[tuple[str, ...]] = ("channel", "source")
    columns: TrafficColumns


class Service(Dated):
    """Delivery days and the share out of stock by date and channel."""

    columns: ServiceColumns


class Experiment(Table):
    """What customers did in the ``days`` after a randomised treatment.

    ``control`` is the group left alone; ``traits`` name further columns in which customers differ, known
    before the treatment: words stay as they are, numbers are cut at their terciles.
    """

    columns: ExperimentColumns
    control: Text | None = None
    days: Annotated[int, Field(ge=1, le=366)] = 14
    traits: dict[Text, Column] = {}


class PanelColumns(Part):
    """Columns of a scanner panel; ``price`` may hold ``{product}`` where prices have a column each."""

    product: Column
    period: Column
    store: Column | None = None
    units: Column | None = None
    log_units: Column | None = None
    price: Column
    deal: Column | None = None
    feature: Column | None = None


class Panel(Table):
    """Units and prices of substitutes by store, product and period."""

    columns: PanelColumns

    @model_validator(mode="after")
    def _sold(self) -> Panel:
        if (self.columns.units is None) == (self.columns.log_units is None):
            raise _refusal("names no units, or both ways", "units or log_units under columns:")
        return self


class TargetColumns(Part):
    """Columns of the list of customers a campaign was sent to."""

    campaign: Column
    customer: Column


class CampaignColumns(Part):
    """Columns of the list of campaigns."""

    campaign: Column
    start: Column
    end: Column
    type: Column | None = None


class RedemptionColumns(Part):
    """Columns of the list of coupons redeemed."""

    campaign: Column
    customer: Column
    date: Column | None = None


class ActivityColumns(Part):
    """Columns of what customers bought by week, counted from ``first``."""

    customer: Column
    week: Column
    orders: Column
    amount: Column | None = None


class CampaignList(Part):
    """When each campaign ran, and of which type it was."""

    file: Annotated[str, Field(min_length=1)]
    columns: CampaignColumns


class Redemptions(Part):
    """Which coupons were redeemed."""

    file: Annotated[str, Field(min_length=1)]
    columns: RedemptionColumns


class Activity(Part):
    """What customers bought, week by week; week 1 begins on ``first``."""

    file: Annotated[str, Field(min_length=1)]
    first: datetime.date
    columns: ActivityColumns


class Campaigns(Table):
    """Coupon campaigns: whom they were sent to, when they ran, what was redeemed and bought."""

    columns: TargetColumns
    list: CampaignList
    redemptions: Redemptions
    activity: Activity


class ControlColumns(Part):
    """The date column of a table of controls."""

    date: Column


class Controls(Table):
    """What else moves sales: numbers by period, of any sign, which media are not to be credited with."""

    columns: ControlColumns
    controls: Annotated[dict[Text, Column], Field(min_length=1)]


class GeoColumns(Part):
    """Columns of a geo experiment: one row per date and region."""

    date: Column
    region: Column
    sales: Column
    cost: Column


class AssignmentColumns(Part):
    """Columns of who was treated in a geo experiment."""

    region: Column
    group: Column


class Assignment(Part):
    """Which regions were treated."""

    file: Annotated[str, Field(min_length=1)]
    columns: AssignmentColumns
    treated: Text


class Geo(Table):
    """Sales and advertising cost by region and day, before, in and after an experiment on regions."""

    columns: GeoColumns
    assignment: Assignment
    medium: Text | None = None  # what the cost was spent on, as a plan calls it


class Drivers(Dated):
    """Outside forces by period; long, or wide with ``drivers``."""

    labels: ClassVar[tuple[str, ...]] = ("driver",)
    columns: DriverColumns
    drivers: dict[Text, Column] = {}

    @model_validator(mode="after")
    def _long_or_wide(self) -> Drivers:
        said = set(self.columns.given()) | set(self.constants)
        if bool(self.drivers) == ({"driver", "value"} <= said) or (self.drivers and said - {"date"}):
            raise _refusal("names no driver, or both ways", "drivers:, or driver and value under columns:")
        return self


class Tables(Part):
    """The tables of a history; any may be absent."""

    sales: Sales | None = None
    transactions: Transactions | None = None
    media: Media | None = None
    prices: Prices | None = None
    traffic: Traffic | None = None
    service: Service | None = None
    experiment: Experiment | None = None
    panel: Panel | None = None
    campaigns: Campaigns | None = None
    geo: Geo | None = None
    controls: Controls | None = None
    drivers: Drivers | None = None

    @model_validator(mode="after")
    def _at_least_one(self) -> Tables:
        if not any(table for _, table in self):
            raise _refusal("there is no table", f"at least one of {', '.join(type(self).model_fields)}")
        return self


class HistoryFile(Part):
    """The whole of a ``history.yaml``."""

    name: Annotated[str, Field(pattern=r"^\w[\w .-]*$", max_length=80)] = "history"
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    synthetic: bool = False
    tables: Tables
    scale: dict[Scaled, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    remainder: Text | None = None

    @field_validator("tables", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        return {} if value is None else value
