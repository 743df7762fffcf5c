"""Dates as companies write them: days, times, months, quarters and years; the ambiguous is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from calibration.history.spelling import SLASHED, DateOrder, as_iso

if TYPE_CHECKING:
    from calibration.history.complaints import Complaints

EXPECTED = "an ISO date such as 2021-04-03, or 2021-04, or 2021Q2"
ORDER = "may be day before month or month before day"
EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")
_TIME = r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?"
SHAPES = {
    "day": rf"(\d{{4}}-\d{{2}}-\d{{2}})(?:{_TIME})?",
    "compact": r"(\d{8})",
    "month": r"(\d{4}-\d{2})",
    "quarter": r"(\d{4}-?[Qq][1-4])",
    "year": r"(\d{4})",
}
"""How each grain is written; the group is the part that says the date. Times keep their own clock."""


@dataclass(frozen=True)
class Dates:
    """A column of dates: each one's first day, indexed by row, and how fine the writing is."""

    values: pd.Series
    grain: str


def read_dates(
    raw: pd.Series, file: str, field: str, complaints: Complaints, order: DateOrder | None = None
) -> Dates | None:
    """Read one column of dates, in one way of writing; ``None``, with complaints, if that cannot be done.

    Parameters
    ----------
    raw
        Text or timestamps, indexed by row number.
    order
        How dates that begin with two numbers are to be read; without it they are refused.
    """
    if isinstance(raw.dtype, pd.DatetimeTZDtype):
        raw = raw.dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(raw.dtype):
        text = raw.dt.strftime("%Y-%m-%d").fillna("")
    else:
        text = raw.astype("str").fillna("").str.strip()
    distinct = pd.Series(text.unique(), dtype="str")
    iso = as_iso(distinct, order)
    shape = _shapes(iso)
    found = len(complaints.problems)
    _complain(raw, text.isin(distinct[shape == ""]), file, field, complaints)
    common = text.map(shape.set_axis(distinct))
    grain = str(common[common != ""].mode().iloc[0]) if (common != "").any() else "day"
    mixed = (common != "") & (common != grain)
    if mixed.any():
        message = f"is written in another way than most of the column ({grain})"
        complaints.rows(file, field, raw[mixed], "one way of writing dates in a column", message)
    days = _first_days(iso, shape, grain)
    wrong = days.isna() & (shape == grain)
    if wrong.any():
        bad = text.isin(distinct[wrong])
        complaints.rows(file, field, raw[bad], EXPECTED, "is no day of the calendar")
    odd = days.notna() & ~days.between(EARLIEST, LATEST)
    if odd.any():
        bad = text.isin(distinct[odd])
        complaints.rows(file, field, raw[bad], "a year from 1900 to 2099", "lies too far from today")
    if len(complaints.problems) > found:
        return None
    return Dates(text.map(days.set_axis(distinct)), "day" if grain == "compact" else grain)


def _shapes(distinct: pd.Series) -> pd.Series:
    shape = pd.Series("", index=distinct.index, dtype="str")
    for grain, pattern in SHAPES.items():
        shape = shape.mask(distinct.str.fullmatch(pattern).astype(bool), grain)
    return shape


def _complain(raw: pd.Series, bad: pd.Series, file: str, field: str, complaints: Complaints) -> None:
    if not bad.any():
        return
    text = raw[bad].astype("str").fillna("").str.strip()
    blank = text == ""
    slashed = text.str.fullmatch(SLASHED).astype(bool)
    short = text.str.fullmatch(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}(\D.*)?").astype(bool)
    kinds = (
        (blank, EXPECTED, "is blank"),
        (slashed, "dates: day_first, or dates: month_first, beside the table's file in history.yaml", ORDER),
        (short, EXPECTED, "leaves open which number is the year: write it in full, and first"),
        (~blank & ~slashed & ~short, EXPECTED, "is not a date that can be read"),
    )
    for kind, expected, message in kinds:
        if kind.any():
            complaints.rows(file, field, raw[bad][kind], expected, message)


def _first_days(distinct: pd.Series, shape: pd.Series, grain: str) -> pd.Series:
    said = distinct.where(shape == grain).str.extract(SHAPES[grain], expand=False)
    if grain == "quarter":
        quarter = said.str[-1].astype("float")
        said = said.str[:4] + "-" + (quarter * 3 - 2).astype("Int64").astype("str").str.zfill(2)
        grain = "month"
    how = {"day": "%Y-%m-%d", "compact": "%Y%m%d", "month": "%Y-%m", "year": "%Y"}[grain]
    return pd.to_datetime(said, format=how, errors="coerce").astype("datetime64[us]")
