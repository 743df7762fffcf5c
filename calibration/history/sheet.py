"""One table being read: its columns turned into numbers, dates, labels and flags, with complaints by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.history.amounts import read_numbers, written_with_commas
from calibration.history.complaints import SHOWN, Complaints
from calibration.history.dates import Dates, read_dates
from calibration.history.spelling import DateOrder
from results.problems import nearest

YES, NO = ("1", "1.0", "true", "yes", "y", "t"), ("0", "0.0", "false", "no", "n", "f")
ABSENT = ("", "nan", "none", "null", "na", "n/a", "<na>", "nat")
LARGEST = 1e18
"""Amounts beyond this are slips of the keyboard, and their squares would no longer add up exactly."""


@dataclass(frozen=True)
class Issue:
    """A finding about a history that does not stop it from being read.

    Parameters
    ----------
    table
        Name of the table.
    kind
        One word or two: ``gap``, ``blank``, ``outside``, ``partial period``, ``repeated rows``, ...
    count
        How many rows or periods.
    rows
        The first of the row numbers, the header being row 1; empty where no row is at fault.
    message
        One sentence for a person.
    """

    table: str
    kind: str
    count: int
    rows: tuple[int, ...]
    message: str


@dataclass
class Sheet:
    """Raw cells of one table and where to complain about them."""

    table: str
    path: Path
    frame: pd.DataFrame
    complaints: Complaints
    issues: list[Issue]
    order: DateOrder | None = None

    @cached_property
    def comma(self) -> bool:
        """Whether a column of the table is surely written with decimal commas."""
        return written_with_commas(self.frame)

    def numbers(self, column: str, low: float | None = 0.0, high: float | None = None) -> pd.Series:
        """Return a column as float64, blanks as NaN; complain of text, infinity and values out of range."""
        raw = self.frame[column]
        if pd.api.types.is_numeric_dtype(raw.dtype) and not pd.api.types.is_bool_dtype(raw.dtype):
            values, blank = raw.astype("float64"), raw.isna()
        else:
            text = raw.astype("str").fillna("").str.strip()
            blank = (text == "") | raw.isna()
            values = read_numbers(text, self.comma)
        unread = (values.isna() & ~blank) | (values.abs() > LARGEST)
        if unread.any():
            expected = "a number such as 1234.50, or nothing where it is not known"
            self.complaints.rows(self.path, column, raw[unread], expected, "is not a number that can be used")
        wrong = pd.Series(False, index=raw.index)
        if low is not None:
            wrong |= values < low
        if high is not None:
            wrong |= values > high
        if (wrong & ~unread).any():
            expected = f"{low:g} or more" if high is None else f"{low:g} to {high:g}"
            message = "is negative" if low == 0 and high is None else "is out of range"
            self.complaints.rows(self.path, column, raw[wrong & ~unread], expected, message)
        return values.mask(unread)

    def dates(self, column: str) -> Dates | None:
        """Return a column of dates, or complain."""
        return read_dates(self.frame[column], str(self.path), column, self.complaints, self.order)

    def labels(
        self,
        column: str | None,
        constant: str | None = None,
        few: bool = True,
        rename: Mapping[str, str] | None = None,
    ) -> pd.Series:
        """Return a column of names as text, or the constant in every row; ``<NA>`` if neither is mapped.

        ``rename`` holds other names for some of them.
        """
        if column is None:
            return pd.Series(constant if constant else pd.NA, index=self.frame.index, dtype="str")
        text = self.frame[column].astype("str").fillna("").str.strip()
        blank = (text == "") | self.frame[column].isna()
        if blank.any():
            self.complaints.rows(self.path, column, text[blank], "a name", "is blank")
        text = self._renamed(column, text, rename) if rename else text
        if few:  # products may well differ in case alone; channels, sources and groups do not
            self._spellings(column, text)
        return text.mask(blank)

    def identities(self, column: str | None) -> pd.Series:
        """Return a column of customer or order numbers as text, ``<NA>`` where it is blank."""
        if column is None:
            return pd.Series(pd.NA, index=self.frame.index, dtype="str")
        text = self.frame[column].astype("str").fillna("").str.strip()
        text = text.str.replace(
            r"^(\d+)\.0$", r"\1", regex=True
        )  # whole numbers that once stood beside blanks
        return text.mask(text.str.lower().isin(ABSENT) | self.frame[column].isna())

    def flags(self, column: str) -> pd.Series:
        """Return a yes-or-no column as 1.0, 0.0 and NaN."""
        text = self.frame[column].astype("str").fillna("").str.strip().str.lower()
        values = pd.Series(np.nan, index=text.index).mask(text.isin(YES), 1.0).mask(text.isin(NO), 0.0)
        bad = values.isna() & ~text.isin(ABSENT)
        if bad.any():
            self.complaints.rows(
                self.path, column, self.frame[column][bad], "yes or no, 1 or 0", "is neither"
            )
        return values

    def unique(self, keys: pd.DataFrame, field: str, hint: str) -> None:
        """Complain about rows whose key stands in an earlier row."""
        again = keys.duplicated()
        if not again.any():
            return
        group = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup()
        earliest = int(group.index[group == group[again].iloc[0]][0])
        shown = pd.Series("", index=keys.index[again], dtype="str")
        shown.iloc[:SHOWN] = keys[again].head(SHOWN).astype("str").fillna("").agg(" ".join, axis="columns")
        message = f"repeats the {' and '.join(keys.columns)} of an earlier row (the first is row {earliest})"
        self.complaints.rows(self.path, field, shown, hint, message)

    def note(self, kind: str, rows: Sequence[int] | pd.Index, message: str, count: int | None = None) -> None:
        """Report a finding that does not stop the reading."""
        listed = tuple(int(row) for row in rows[:20])
        self.issues.append(Issue(self.table, kind, len(rows) if count is None else count, listed, message))

    def _renamed(self, column: str, text: pd.Series, rename: Mapping[str, str]) -> pd.Series:
        """Return names with some replaced; complain of those that are not there."""
        known = [str(name) for name in text.unique()]
        for name in rename:
            if name not in known:
                message = f"is renamed, but column {column!r} has no such name" + nearest(name, known)
                expected = ", ".join(known[:12])
                self.complaints.add(self.path, None, f"tables.{self.table}.rename", name, expected, message)
        return text.replace(dict(rename))

    def _spellings(self, column: str, text: pd.Series) -> None:
        """Complain about names that differ only in case or in blanks: one channel would become two."""
        names = pd.Series(text.unique(), dtype="str")
        plain = names.str.casefold().str.replace(r"[\s_-]+", " ", regex=True)
        for position in names.index[plain.duplicated()]:
            other = names[plain == plain[position]].iloc[0]
            row = int(text.index[text == names[position]][0])
            message = f"differs from {other!r} only in case or blanks"
            self.complaints.add(self.path, row, column, names[position], "one spelling of each name", message)


def missing_columns(sheet: Sheet, columns: dict[str, str], where: str) -> bool:
    """Complain about columns the file has not, or has twice, or that two fields share; tell if any is wrong.

    Parameters
    ----------
    columns
        Column name by dotted field of the mapping.
    where
        Start of that field, such as ``tables.sales``.
    """
    have = [str(name) for name in sheet.frame.columns]
    found = len(sheet.complaints.problems)
    seen: dict[str, str] = {}
    for field, column in columns.items():
        if column not in have:
            shown = ", ".join(have[:30]) + (", ..." if len(have) > 30 else "")
            message = f"has no column {column!r}, named by {where}.{field}{nearest(column, have)}"
            sheet.complaints.add(sheet.path, 1, column, column, f"one of {shown}", message)
        elif have.count(column) > 1:
            sheet.complaints.add(
                sheet.path, 1, column, column, "each column once", "stands twice in the header"
            )
        elif column in seen:
            message = f"is named by both {where}.{seen[column]} and {where}.{field}"
            sheet.complaints.add(sheet.path, 1, column, column, "a column for each field", message)
        seen.setdefault(column, field)
    return len(sheet.complaints.problems) > found
