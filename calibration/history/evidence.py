"""Tables of experiments and their like: scanner panels, coupon campaigns, geo experiments, controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from calibration.history.files import Raw, locate, read_raw
from calibration.history.schema import Activity, Campaigns, Controls, Geo, Panel
from calibration.history.sheet import Sheet, missing_columns

if TYPE_CHECKING:
    from calibration.history.load import Reading

WEEK = pd.Timedelta(days=7)
PRODUCT = "{product}"


@dataclass(frozen=True)
class CampaignTables:
    """What is known of coupon campaigns.

    Attributes
    ----------
    targets
        [campaign, customer]: whom a campaign was sent to.
    campaigns
        [campaign, type, start, end], by start.
    redemptions
        [campaign, customer, date], one row a coupon redeemed; ``date`` NaT where not known.
    activity
        [customer, week, orders, amount]: what was bought in the week that begins on ``week``.
    """

    targets: pd.DataFrame
    campaigns: pd.DataFrame
    redemptions: pd.DataFrame
    activity: pd.DataFrame


@dataclass(frozen=True)
class Evidence:
    """What a history holds beside its sales: experiments and what can be read like one.

    Attributes
    ----------
    control, days
        The group left alone in the experiment, ``None`` where it is not named; days that outcomes were
        counted.
    panel
        [product, store, period, units, price, deal, feature]: one row a product, store and period.
    campaigns
        Coupon campaigns.
    geo
        [date, region, sales, cost, treated]: one row a date and region.
    controls
        [date, name, ...]: numbers that move sales beside media, one row a period.
    medium
        What the geo experiment spent on, "" where it is not named.
    synthetic
        Whether the figures are made up, so that forecasts of them are no evidence.
    """

    control: str | None = None
    days: int = 14
    panel: pd.DataFrame | None = None
    campaigns: CampaignTables | None = None
    geo: pd.DataFrame | None = None
    controls: pd.DataFrame | None = None
    synthetic: bool = False
    rows: Mapping[str, int] = field(default_factory=dict)
    medium: str = ""


def read_evidence(reading: Reading) -> Evidence:
    """Return what the mapping says of experiments; complaints go where all others go."""
    tables, rows = reading.mapping.tables, dict[str, int]()
    trial = tables.experiment
    panel = _panel(reading, tables.panel, rows) if tables.panel else None
    campaigns = _campaigns(reading, tables.campaigns, rows) if tables.campaigns else None
    geo = _geo(reading, tables.geo, rows) if tables.geo else None
    return Evidence(
        trial.control if trial else None,
        trial.days if trial else 14,
        panel,
        campaigns,
        geo,
        _controls(reading, tables.controls, rows) if tables.controls else None,
        reading.mapping.synthetic,
        rows,
        (tables.geo.medium or "") if tables.geo else "",
    )


def _sheet(
    reading: Reading, where: str, written: str, columns: dict[str, str], rows: dict[str, int]
) -> Sheet | None:
    """Open one file and check its columns; ``None``, with complaints, if it cannot be used."""
    path = locate(written, reading.document.path.parent)
    if isinstance(path, str):
        line = reading.document.line(*where.split("."), "file")
        expected = "a path, or one that begins with ${OMOLAB_DATA}"
        reading.complaints.add(reading.document.path, line, f"{where}.file", written, expected, path)
        return None
    raw: Raw | None = read_raw(path, reading.complaints, None)
    if raw is None:
        return None
    reading.hashes[written] = raw.sha256
    sheet = Sheet(where.removeprefix("tables."), path, raw.frame, reading.complaints, reading.issues)
    named = {f"columns.{name}": column for name, column in columns.items()}
    if missing_columns(sheet, named, where):
        return None
    rows[sheet.table] = len(raw.frame)
    return sheet


def _panel(reading: Reading, mapping: Panel, rows: dict[str, int]) -> pd.DataFrame | None:
    columns = mapping.columns.given()
    wide = PRODUCT in mapping.columns.price
    asked = {name: column for name, column in columns.items() if not (wide and name == "price")}
    sheet = _sheet(reading, "tables.panel", mapping.file, asked, rows)
    if sheet is None:
        return None
    told = mapping.columns
    tidy = pd.DataFrame({"product": sheet.identities(told.product), "store": sheet.identities(told.store)})
    tidy["store"] = tidy["store"].fillna("all")
    tidy["period"] = sheet.identities(told.period)
    if told.units is not None:
        tidy["units"] = sheet.numbers(told.units)
    else:
        tidy["units"] = np.exp(sheet.numbers(str(told.log_units), low=None))
    tidy["price"] = _own_prices(sheet, tidy["product"], told.price) if wide else sheet.numbers(told.price)
    for name in ("deal", "feature"):
        column = getattr(told, name)
        tidy[name] = (sheet.numbers(column) if column else pd.Series(0.0, index=tidy.index)).fillna(0.0)
    unsold = tidy["units"].isna() | (tidy["units"] <= 0) | tidy["price"].isna() | (tidy["price"] <= 0)
    if unsold.any():
        sheet.note("blank", tidy.index[unsold], f"rows without units or price: {int(unsold.sum())}, left out")
    sheet.unique(tidy[["product", "store", "period"]], "product", "one row a product, store and period")
    return tidy[~unsold].reset_index(drop=True)


def _own_prices(sheet: Sheet, product: pd.Series, template: str) -> pd.Series:
    """Return each row's own price from a table with a column of prices for each product."""
    found = pd.Series(np.nan, index=product.index)
    for name in sorted(product.dropna().unique()):
        column = template.replace(PRODUCT, name)
        if missing_columns(sheet, {f"columns.price of {name}": column}, "tables.panel"):
            continue
        found = found.mask(product == name, sheet.numbers(column))
    return found


def _campaigns(reading: Reading, mapping: Campaigns, rows: dict[str, int]) -> CampaignTables | None:
    where = "tables.campaigns"
    opened: dict[str, Sheet | None] = {
        "": _sheet(reading, where, mapping.file, mapping.columns.given(), rows)
    }
    for name in ("list", "redemptions", "activity"):
        part: Any = getattr(mapping, name)
        opened[name] = _sheet(reading, f"{where}.{name}", part.file, part.columns.given(), rows)
    if any(sheet is None for sheet in opened.values()):
        return None
    sheets: dict[str, Sheet] = {name: sheet for name, sheet in opened.items() if sheet is not None}
    targets = _identified(sheets[""], mapping.columns.given(), ("campaign", "customer"))
    told = mapping.list.columns
    listed = _identified(sheets["list"], told.given(), ("campaign",))
    listed["type"] = sheets["list"].labels(told.type, "all")
    for name in ("start", "end"):
        listed[name] = _dates(sheets["list"], getattr(told, name))
    redeemed = _identified(
        sheets["redemptions"], mapping.redemptions.columns.given(), ("campaign", "customer")
    )
    day = mapping.redemptions.columns.date
    redeemed["date"] = _dates(sheets["redemptions"], day) if day else pd.NaT
    bought = _activity(sheets["activity"], mapping.activity)
    strange = set(targets["campaign"]) - set(listed["campaign"])
    if strange:
        message = f"names campaigns that {where}.list does not: {', '.join(sorted(strange)[:5])}"
        sheets[""].note("unknown campaign", (), message, len(strange))
    return CampaignTables(
        targets.drop_duplicates().reset_index(drop=True),
        listed.sort_values("start").reset_index(drop=True),
        redeemed.reset_index(drop=True),
        bought.reset_index(drop=True),
    )


def _activity(sheet: Sheet, mapping: Activity) -> pd.DataFrame:
    told = mapping.columns
    bought = _identified(sheet, told.given(), ("customer",))
    number = sheet.numbers(told.week, low=1)
    bought["week"] = pd.Timestamp(mapping.first) + (number - 1.0) * WEEK
    bought["orders"] = sheet.numbers(told.orders)
    bought["amount"] = sheet.numbers(told.amount, low=None) if told.amount else np.nan
    return bought


def _geo(reading: Reading, mapping: Geo, rows: dict[str, int]) -> pd.DataFrame | None:
    where, told = "tables.geo", mapping.assignment
    sheet = _sheet(reading, where, mapping.file, mapping.columns.given(), rows)
    who = _sheet(reading, f"{where}.assignment", told.file, told.columns.given(), rows)
    if sheet is None or who is None:
        return None
    groups = pd.Series(
        who.identities(told.columns.group).to_numpy(), index=who.identities(told.columns.region).to_numpy()
    )
    if told.treated not in set(groups):
        known = ", ".join(sorted(set(groups.dropna()))[:5])
        reading.complaints.add(
            who.path, None, told.columns.group, told.treated, f"one of {known}", "is no group of the file"
        )
        return None
    tidy = pd.DataFrame({"date": _dates(sheet, mapping.columns.date)})
    tidy["region"] = sheet.identities(mapping.columns.region)
    tidy["sales"] = sheet.numbers(mapping.columns.sales, low=None)
    tidy["cost"] = sheet.numbers(mapping.columns.cost).fillna(0.0)
    tidy["treated"] = tidy["region"].map(groups == told.treated)
    return tidy.dropna(subset=["date", "region", "sales", "treated"]).reset_index(drop=True)


def _controls(reading: Reading, mapping: Controls, rows: dict[str, int]) -> pd.DataFrame | None:
    columns = mapping.columns.given() | {
        f"controls.{name}": column for name, column in mapping.controls.items()
    }
    sheet = _sheet(reading, "tables.controls", mapping.file, columns, rows)
    if sheet is None:
        return None
    tidy = pd.DataFrame({"date": _dates(sheet, mapping.columns.date)})
    for name, column in mapping.controls.items():
        tidy[name] = sheet.numbers(column, low=None)
    return tidy.dropna(subset=["date"]).reset_index(drop=True)


def _identified(sheet: Sheet, columns: dict[str, str], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: sheet.identities(columns[name]) for name in names})


def _dates(sheet: Sheet, column: str) -> pd.Series:
    read = sheet.dates(column)
    return pd.Series(pd.NaT, index=sheet.frame.index) if read is None else read.values
