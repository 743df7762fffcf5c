"""The sales table: long or wide, with the channel called ``total`` shared out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.history.fitting import fit_calendar, note_gaps
from calibration.history.periods import Calendar
from calibration.history.schema import Sales
from calibration.history.sheet import Sheet

MEASURES = ("revenue", "orders", "units", "visits")
TOTAL = "total"
RESERVED = ("all", "repeat")
"""Words that already mean something where channels are listed."""
MOST_CHANNELS = 100
SHUT_WEEKS = 8
"""Weeks from which a weekday without rows says that a channel is shut on it."""
SELDOM = 0.1
"""Share of such weekdays that may have rows all the same: Sundays before Christmas."""
WEEK = pd.Timedelta(days=6)
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
UNIT, BESIDE, FEWEST = 30.0, 6, 3
"""Times by which all of so many periods before and after a day differ where the unit has changed; fewest."""
SLACK = 0.01
"""How far, relative to the total, named channels may miss or pass it before that is an error."""


@dataclass(frozen=True)
class SalesTable:
    """Sales by channel, the totals as given, and the calendar."""

    sales: pd.DataFrame
    total: pd.DataFrame | None
    calendar: Calendar


def read_sales(
    sheet: Sheet, mapping: Sales, scale: dict[str, float], remainder: str | None
) -> SalesTable | None:
    """Return tidy sales [date, channel, measures]; ``None``, with complaints, if they are wrong."""
    found = len(sheet.complaints.problems)
    dates = sheet.dates(mapping.columns.date)
    tidy = _wide(sheet, mapping, scale) if mapping.channels else _long(sheet, mapping, scale)
    tidy["channel"] = tidy["channel"].mask(tidy["channel"].str.casefold() == TOTAL, TOTAL)
    check_names(sheet, tidy["channel"], mapping.columns.channel or "channel")
    if dates is None or len(sheet.complaints.problems) > found:
        return None
    calendar = fit_calendar(sheet, dates, mapping.columns.date, mapping.period)
    if calendar is None:
        return None
    tidy.insert(0, "date", calendar.floor(dates.values.loc[tidy.index]))
    expected = "one row for each date and channel: add_up: true, or map the column that tells them apart"
    if mapping.rename and not mapping.add_up:  # alike by their own names they would be repeats, not parts
        own = sheet.labels(mapping.columns.channel, few=False)
        sheet.unique(tidy[["date"]].assign(channel=own), mapping.columns.date, expected)
    if mapping.add_up or mapping.rename:
        tidy = _added_up(tidy)
    sheet.unique(tidy[["date", "channel"]], mapping.columns.date, expected)
    if len(sheet.complaints.problems) > found:
        return None
    measures = [name for name in MEASURES if name in tidy]
    blank = tidy[measures].isna().all(axis=1)
    if blank.any():
        rows = tidy.index[blank].unique()
        sheet.note("blank", rows, f"blank sales: {int(blank.sum())}, taken as not known")
    tidy = tidy[~blank]
    if tidy.empty:
        sheet.complaints.add(sheet.path, None, "", "blank", "at least one sale", "holds no sales")
        return None
    known = calendar.bounds([tidy["date"].min(), tidy["date"].max()])
    calendar = Calendar(calendar.period, known[0][0].item(), known[1][1].item())
    if calendar.period == "day":
        tidy = _with_shut_days(sheet, tidy, calendar)
    note_gaps(sheet, calendar, tidy["date"])
    return _share_out(sheet, tidy, calendar, mapping.remainder or remainder)


def _with_shut_days(sheet: Sheet, tidy: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Add rows of nothing sold on weekdays on which a channel (nearly) never has any: it is shut then."""
    measures = [name for name in MEASURES if name in tidy]
    added = [tidy]
    for channel, rows in tidy.groupby("channel", sort=False):
        days = pd.date_range(rows["date"].min(), min(rows["date"].max() + WEEK, pd.Timestamp(calendar.last)))
        there = pd.Series(days.isin(rows["date"]), index=days)
        known = there.groupby(days.day_of_week).agg(["mean", "size"])
        shut = known.index[(known["mean"] <= SELDOM) & (known["size"] >= SHUT_WEEKS)]
        absent = days[days.day_of_week.isin(shut) & ~there.to_numpy()]
        if len(shut) and len(absent):
            blank = pd.DataFrame({"date": absent, "channel": channel} | dict.fromkeys(measures, 0.0))
            sold = [name for name in measures if rows[name].notna().any()]
            blank[[name for name in measures if name not in sold]] = float("nan")
            added.append(blank.set_axis(pd.Index([int(rows.index[0])] * len(absent), name="row")))
            named = ", ".join(WEEKDAYS[int(day)] for day in shut)
            sheet.note("shut", [], f"{channel} has no rows on {named}: taken as shut", count=len(absent))
    return pd.concat(added)


def _added_up(tidy: pd.DataFrame) -> pd.DataFrame:
    """Add the rows of each date and channel up; what is blank in all of them stays blank."""
    keys = ["date", "channel"]
    measures = [name for name in MEASURES if name in tidy]
    first = tidy[keys].assign(row=tidy.index).groupby(keys, sort=False)["row"].first()
    added = tidy.groupby(keys, sort=False)[measures].sum(min_count=1).reset_index()
    return added.set_axis(pd.Index(first.to_numpy(), name="row"))


def check_names(sheet: Sheet, names: pd.Series, column: str) -> None:
    """Complain about channel names that cannot head a series."""
    distinct = names.dropna().unique()
    if len(distinct) > MOST_CHANNELS:
        message = "has too many names: it is some other column, or the channels want grouping"
        sheet.complaints.add(
            sheet.path, None, column, len(distinct), f"at most {MOST_CHANNELS} channels", message
        )
        return
    for name in distinct:
        if name in RESERVED or "." in name or len(name) > 60 or not name.isprintable():
            expected = f"a short name without a dot, other than {' and '.join(RESERVED)}"
            row = int(names.index[names == name][0])
            sheet.complaints.add(sheet.path, row, column, name, expected, "cannot name a channel")


def not_yet_open(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table [period x channel] with 0 before each channel's first known value."""
    return table.where(table.notna().cummax(), 0.0)


def pivot(sales: pd.DataFrame, measure: str, calendar: Calendar) -> pd.DataFrame:
    """Return one measure [period x channel] over the whole calendar, NaN where it is not known."""
    table = sales.pivot(index="date", columns="channel", values=measure).dropna(axis="columns", how="all")
    return table.reindex(calendar.periods())


def _long(sheet: Sheet, mapping: Sales, scale: dict[str, float]) -> pd.DataFrame:
    channel = mapping.constants.get("channel", TOTAL)
    tidy = pd.DataFrame({"channel": sheet.labels(mapping.columns.channel, channel, rename=mapping.rename)})
    for measure in MEASURES:
        column = getattr(mapping.columns, measure)
        if column:
            tidy[measure] = sheet.numbers(column) * scale.get(measure, 1.0)
    return tidy


def _wide(sheet: Sheet, mapping: Sales, scale: dict[str, float]) -> pd.DataFrame:
    parts = []
    for channel, measures in mapping.channels.items():
        columns = measures.given()
        part = pd.DataFrame({"channel": channel}, index=sheet.frame.index)
        for measure in MEASURES:
            if measure in columns:
                part[measure] = sheet.numbers(columns[measure]) * scale.get(measure, 1.0)
        parts.append(part)
    return pd.concat(parts)


def _share_out(
    sheet: Sheet, tidy: pd.DataFrame, calendar: Calendar, remainder: str | None
) -> SalesTable | None:
    """Replace the channel ``total`` by what the named channels leave of it."""
    named, total = tidy[tidy["channel"] != TOTAL], tidy[tidy["channel"] == TOTAL]
    channels = list(dict.fromkeys(named["channel"]))
    rest = remainder or "store"
    _note_ends(sheet, tidy, calendar)
    _note_units(sheet, tidy)
    if total.empty:
        if remainder and remainder not in channels:
            message = "is declared, but no channel is called total"
            sheet.complaints.add(sheet.path, None, "remainder", remainder, "a channel called total", message)
            return None
        return SalesTable(_ordered(named, channels), None, calendar)
    left = _left(sheet, named, total, calendar)
    if left is None:
        return None
    whole = _ordered(total.drop(columns="channel").assign(channel=TOTAL), [TOTAL])
    if rest not in channels:
        sales = _ordered(pd.concat([named, left.assign(channel=rest)]), [*channels, rest])
        return SalesTable(sales, whole, calendar)
    scale = total["revenue"].abs().sum() if "revenue" in total else 0.0
    if "revenue" in left and left["revenue"].abs().sum() > SLACK * scale:
        message = f"the named channels leave a part of total over, and {rest!r} is one of them"
        expected = "remainder: NAME for the rest"
        sheet.complaints.add(sheet.path, None, "channel", rest, expected, message)
        return None
    return SalesTable(_ordered(named, channels), whole, calendar)


def _left(sheet: Sheet, named: pd.DataFrame, total: pd.DataFrame, calendar: Calendar) -> pd.DataFrame | None:
    """Return total less the named channels [date, measures]; complain where these exceed it."""
    index = total["date"]
    left = pd.DataFrame({"date": index})
    wrong = False
    for measure in (name for name in MEASURES if name in total and total[name].notna().any()):
        known = (
            pivot(named, measure, calendar) if measure in named else pd.DataFrame(index=calendar.periods())
        )
        if set(known) != set(named["channel"]):
            continue  # a total says nothing about the rest if not every named channel has the measure
        of_named = not_yet_open(known).sum(axis=1, skipna=False).loc[index].set_axis(total.index)
        left[measure] = total[measure] - of_named
        slack = SLACK * total[measure].abs()
        below = left[measure] < -slack
        if below.any():
            wrong = True
            bad = total.loc[below, measure]
            message = f"the named channels' {measure} exceeds the total"
            sheet.complaints.rows(sheet.path, measure, bad, "a total of all channels", message)
        left[measure] = left[measure].clip(lower=0.0)
    return None if wrong else left.dropna(subset=[c for c in left if c != "date"], how="all")


def _note_ends(sheet: Sheet, tidy: pd.DataFrame, calendar: Calendar) -> None:
    """Report channels that begin after the calendar or end before it."""
    for channel, dates in tidy.groupby("channel", sort=False)["date"]:
        first, last = dates.min(), dates.max()
        if first.date() > calendar.first:
            message = f"{channel} has no sales before {first.date()}: taken as not yet open"
            sheet.note("late start", [int(dates.idxmin())], message, count=int(calendar.number(first)))
        missing = len(calendar) - 1 - int(calendar.number(last))
        if missing:
            message = f"{channel} is not known in the last {missing} of {len(calendar)} {calendar.period}s"
            sheet.note("early end", [int(dates.idxmax())], message, count=missing)


def _ordered(sales: pd.DataFrame, channels: list[str]) -> pd.DataFrame:
    place = sales["channel"].map({name: position for position, name in enumerate(channels)})
    tidy = sales.assign(_place=place).sort_values(["date", "_place"], kind="stable").drop(columns="_place")
    return tidy.reset_index(drop=True)


def _note_units(sheet: Sheet, tidy: pd.DataFrame) -> None:
    """Report channels whose revenue goes on in another unit: a new currency, or thousands of it."""
    if "revenue" not in tidy:
        return
    for channel, rows in tidy[tidy["revenue"] > 0].groupby("channel", sort=False):
        rows = rows.sort_values("date")
        values = rows["revenue"].to_numpy(dtype=float)
        for place in range(FEWEST, len(values) - FEWEST + 1):
            before, after = values[max(place - BESIDE, 0) : place], values[place : place + BESIDE]
            if UNIT * after.max() < before.min() or UNIT * before.max() < after.min():
                day, times = rows["date"].iloc[place].date(), float(np.median(after) / np.median(before))
                message = f"{channel} goes on at {times:.2g} times its revenue from {day} on: another unit?"
                sheet.note("unit", [int(rows.index[place])], message, count=len(values) - place)
