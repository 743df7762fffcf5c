"""The other tables: media, drivers, prices, traffic, service and experiments."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from calibration.history.fitting import fit_calendar
from calibration.history.periods import Calendar
from calibration.history.schema import Drivers, Experiment, Media, Prices, Service, Traffic
from calibration.history.sheet import Sheet

_ONE = "one row for each date and name: add the rows up"


@dataclass(frozen=True)
class Timed:
    """A tidy table, the calendar of its dates, where they keep one, and each entry's row in the file."""

    frame: pd.DataFrame
    calendar: Calendar | None
    rows: pd.Index


def read_media(sheet: Sheet, mapping: Media, scale: dict[str, float]) -> Timed | None:
    """Return [date, source, spend, impressions]; blank cells are taken as nothing spent or shown."""
    found = len(sheet.complaints.problems)
    if mapping.sources:
        parts = [
            _measures(sheet, columns.given(), scale).assign(source=source)
            for source, columns in mapping.sources.items()
        ]
        tidy = pd.concat(parts)
    else:
        tidy = _measures(sheet, mapping.columns.given(), scale)
        tidy["source"] = sheet.labels(mapping.columns.source, mapping.constants.get("source"))
    blank = tidy.drop(columns="source").isna().all(axis=1)
    if blank.any():
        sheet.note(
            "blank", tidy.index[blank].unique(), f"blank cells: {int(blank.sum())}, taken as nothing spent"
        )
    tidy = tidy.fillna({"spend": 0.0, "impressions": 0.0} if mapping.sources else {"spend": 0.0})
    tidy = tidy[["source", *(name for name in ("spend", "impressions") if name in tidy)]]
    return _timed(sheet, mapping, tidy, ["source"], found)


def read_drivers(sheet: Sheet, mapping: Drivers, scale: dict[str, float]) -> Timed | None:
    """Return [date, driver, value], 1 being normal; blank cells are left out, which means normal."""
    found = len(sheet.complaints.problems)
    if mapping.drivers:
        parts = [
            pd.DataFrame({"driver": driver, "value": sheet.numbers(column)})
            for driver, column in mapping.drivers.items()
        ]
        tidy = pd.concat(parts)
    else:
        tidy = pd.DataFrame({"driver": sheet.labels(mapping.columns.driver, mapping.constants.get("driver"))})
        tidy["value"] = sheet.numbers(str(mapping.columns.value))
    tidy["value"] *= scale.get("value", 1.0)
    blank = tidy["value"].isna()
    if blank.any():
        sheet.note(
            "blank", tidy.index[blank].unique(), f"blank cells: {int(blank.sum())}, taken as normal (1)"
        )
    return _timed(sheet, mapping, tidy[~blank], ["driver"], found)


def read_prices(sheet: Sheet, mapping: Prices, scale: dict[str, float]) -> Timed | None:
    """Return [date, channel, product, price, promoted], ``promoted`` being 1.0, 0.0 or NaN."""
    found = len(sheet.complaints.problems)
    columns = mapping.columns
    tidy = _labelled(sheet, mapping, ("channel", "product"))
    tidy["price"] = sheet.numbers(columns.price) * scale.get("price", 1.0)
    if columns.promoted:
        tidy["promoted"] = sheet.flags(columns.promoted)
    tidy = _without_blanks(sheet, tidy, "price")
    return _timed(sheet, mapping, tidy, ["channel", "product"] if columns.product else [], found)


def read_traffic(sheet: Sheet, mapping: Traffic, scale: dict[str, float]) -> Timed | None:
    """Return [date, channel, source, visits]."""
    found = len(sheet.complaints.problems)
    tidy = _labelled(sheet, mapping, ("channel", "source"))
    tidy["visits"] = sheet.numbers(mapping.columns.visits) * scale.get("visits", 1.0)
    return _timed(sheet, mapping, _without_blanks(sheet, tidy, "visits"), ["channel", "source"], found)


def read_service(sheet: Sheet, mapping: Service, scale: dict[str, float]) -> Timed | None:
    """Return [date, channel, delivery_days, stockout_rate], the rate from 0 to 1."""
    found = len(sheet.complaints.problems)
    tidy = _labelled(sheet, mapping, ("channel",))
    if mapping.columns.delivery_days:
        tidy["delivery_days"] = sheet.numbers(mapping.columns.delivery_days, high=365.0)
    if mapping.columns.stockout_rate:
        tidy["stockout_rate"] = sheet.numbers(mapping.columns.stockout_rate, high=1.0)
    return _timed(sheet, mapping, tidy, ["channel"], found)


def read_experiment(sheet: Sheet, mapping: Experiment, scale: dict[str, float]) -> pd.DataFrame | None:
    """Return [customer, group, channel, segment, trait.<name>, visit, conversion, spend] by customer."""
    found = len(sheet.complaints.problems)
    columns = mapping.columns
    tidy = pd.DataFrame({"customer": sheet.identities(columns.customer)})
    tidy["group"] = sheet.labels(columns.group)
    tidy["channel"] = sheet.labels(columns.channel, mapping.constants.get("channel"))
    tidy["segment"] = sheet.labels(columns.segment)
    for trait, column in mapping.traits.items():
        tidy[f"trait.{trait}"] = sheet.frame[column]
    for flag in ("visit", "conversion"):
        if getattr(columns, flag):
            tidy[flag] = sheet.flags(getattr(columns, flag))
    if columns.spend:
        tidy["spend"] = sheet.numbers(columns.spend) * scale.get("spend", 1.0)
    groups = tidy["group"].nunique()
    if not 2 <= groups <= 100:
        message = f"has {groups} groups"
        sheet.complaints.add(
            sheet.path, None, columns.group, groups, "2 to 100 groups, one untreated", message
        )
    if mapping.control is not None and mapping.control not in set(tidy["group"]):
        known = ", ".join(sorted(set(tidy["group"].dropna()))[:5])
        message = "is no group of the experiment"
        sheet.complaints.add(sheet.path, None, columns.group, mapping.control, f"one of {known}", message)
    if columns.customer:
        sheet.unique(
            tidy.loc[tidy["customer"].notna(), ["customer"]], columns.customer, "one row for each customer"
        )
    return tidy.reset_index(drop=True) if len(sheet.complaints.problems) == found else None


def _measures(sheet: Sheet, columns: dict[str, str], scale: dict[str, float]) -> pd.DataFrame:
    names = [name for name in ("spend", "impressions") if name in columns]
    return pd.DataFrame({name: sheet.numbers(columns[name]) * scale.get(name, 1.0) for name in names})


def _labelled(sheet: Sheet, mapping: Prices | Traffic | Service, labels: tuple[str, ...]) -> pd.DataFrame:
    columns = mapping.columns.given()
    return pd.DataFrame(
        {
            name: sheet.labels(columns.get(name), mapping.constants.get(name), few=name != "product")
            for name in labels
        },
        index=sheet.frame.index,
    )


def _without_blanks(sheet: Sheet, tidy: pd.DataFrame, measure: str) -> pd.DataFrame:
    blank = tidy[measure].isna()
    if blank.any():
        sheet.note("blank", tidy.index[blank], f"rows without {measure}: {int(blank.sum())}, left out")
    return tidy[~blank]


def _timed(
    sheet: Sheet,
    mapping: Media | Drivers | Prices | Traffic | Service,
    tidy: pd.DataFrame,
    names: list[str],
    found: int,
) -> Timed | None:
    """Put dates before a table, on the calendar they keep, and sort it; complain about repeated keys."""
    column = mapping.columns.date
    dates = sheet.dates(column)
    if dates is None or len(sheet.complaints.problems) > found:
        return None
    calendar = None
    days: pd.Index | pd.Series = dates.values.loc[tidy.index]
    if mapping.period or isinstance(mapping, Media | Drivers):
        calendar = fit_calendar(sheet, dates, column, mapping.period, sparse=True)
        if calendar is None:
            return None
        days = calendar.floor(days)
    tidy.insert(0, "date", days)
    if names:
        sheet.unique(tidy[["date", *names]], column, _ONE)
    if len(sheet.complaints.problems) > found:
        return None
    tidy = tidy.sort_values(["date", *names], kind="stable")
    return Timed(tidy.reset_index(drop=True), calendar, tidy.index)
