"""Numbers in text as people and spreadsheets write them."""

from __future__ import annotations

import pandas as pd

GROUPED = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
SURE = r"[-+]?\d{1,3}(?:,\d{3})+\.\d+|[-+]?\d{1,3}(?:,\d{3}){2,}"


def read_numbers(text: pd.Series) -> pd.Series:
    """Return stripped text as float64, NaN where it is no number.

    Thousands may be parted by commas, as in ``1,234.50``, in a column where at least one value leaves no
    doubt: ``1,234`` alone may as well be a decimal comma, and is no number here.
    """
    values = pd.to_numeric(text.astype("object"), errors="coerce").astype("float64")
    rest = text[values.isna()].astype("str")
    if rest.empty or not rest.str.fullmatch(SURE).any():
        return values
    grouped = rest[rest.str.fullmatch(GROUPED)]
    return values.fillna(grouped.str.replace(",", "", regex=False).astype("float64"))
