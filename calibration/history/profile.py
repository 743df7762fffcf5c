"""A file's columns looked at: which hold dates, numbers and text, and what words their names are made of."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from calibration.history import words as w
from calibration.history.amounts import read_numbers
from calibration.history.complaints import Complaints
from calibration.history.dates import Dates, read_dates
from calibration.history.spelling import Reading, likely_order

Words = AbstractSet[str]
NOTHING: Words = frozenset()
SAMPLE = 2_000
"""Rows looked at to tell numbers from text."""
FEW = 50
"""At most this many different names make a channel or a source."""


@dataclass
class Profile:
    """A file's columns: which hold dates, numbers and text, and the words in their names."""

    file: Path
    frame: pd.DataFrame
    numbers: list[str]
    words: dict[str, set[str]]
    date: str | None
    dates: Dates | None
    order: Reading | None = None

    def find(self, known: Words, numeric: bool | None = None, without: Words = NOTHING) -> str | None:
        """Return the first column with one of the words, if any."""
        return next(iter(self.all(known, numeric, without)), None)

    def all(self, known: Words, numeric: bool | None = None, without: Words = NOTHING) -> list[str]:
        """Return the columns with one of the words and none of the others."""
        return [
            column
            for column, found in self.words.items()
            if found & known
            and not found & without
            and column != self.date
            and (numeric is None or (column in self.numbers) == numeric)
        ]

    def names(self, known: set[str]) -> str | None:
        """Return the first column of few names with one of the words."""
        return next((column for column in self.all(known) if self.frame[column].nunique() <= FEW), None)


def profile(file: Path, frame: pd.DataFrame) -> Profile:
    """Look at a file's columns."""
    sample = frame.iloc[:: max(1, len(frame) // SAMPLE)]
    numbers = [name for name in dict.fromkeys(frame.columns) if _is_number(sample[name])]
    found = {str(name): w.words(str(name)) for name in frame.columns}
    date, dates, order = _date_column(file, frame, sample, found, numbers)
    return Profile(file, frame, [str(name) for name in numbers if name != date], found, date, dates, order)


def _is_number(column: pd.Series | pd.DataFrame) -> bool:
    if isinstance(column, pd.DataFrame):  # a name that stands twice
        return False
    if pd.api.types.is_numeric_dtype(column.dtype):
        return True
    text = column.astype("str").fillna("").str.strip()
    text = text[text != ""]
    return bool(len(text)) and bool(read_numbers(text).notna().mean() > 0.9)


def _date_column(
    file: Path, frame: pd.DataFrame, sample: pd.DataFrame, found: dict[str, set[str]], numbers: list[str]
) -> tuple[str | None, Dates | None, Reading | None]:
    """Return the column of dates, read, and in which order; one named so before one that only looks so."""
    named = [name for name in found if found[name] & w.DATE]
    candidates = named + [name for name in found if name not in named and name not in numbers]
    for strict in (True, False):
        for name in candidates:
            if isinstance(sample[name], pd.DataFrame):
                continue
            if strict and _read(file, sample[name])[0] is None:
                continue
            dates, order = _read(file, frame[name])
            if dates is not None or (not strict and name in named and _mostly_dates(sample[name])):
                return name, dates, order
    return None, None, None


def _read(file: Path, column: pd.Series) -> tuple[Dates | None, Reading | None]:
    """Return a column's dates, if it can be read, in the order that it seems to be written in."""
    order = likely_order(column.astype("str").fillna("").str.strip())
    dates = read_dates(column, str(file), str(column.name), Complaints(), order and order.order)
    return dates, order


def _mostly_dates(column: pd.Series) -> bool:
    """Tell whether a column holds dates, though some cannot be read: mapped, the loader says which."""
    text = column.astype("str").fillna("").str.strip()
    return bool(text.str.match(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?").mean() > 0.5)
