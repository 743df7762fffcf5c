"""Numbers in text as people and spreadsheets of several countries write them."""

from __future__ import annotations

import unicodedata

import pandas as pd

GROUPED = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
SURE = r"[-+]?\d{1,3}(?:,\d{3})+\.\d+|[-+]?\d{1,3}(?:,\d{3}){2,}"
COMMA = r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
"""A number with a decimal comma, thousands parted by dots or not at all."""
SURE_COMMA = (
    r"[-+]?\d+,(?:\d{1,2}|\d{4,})|[-+]?0,\d+|[-+]?\d{1,3}(?:\.\d{3})+,\d+|[-+]?\d{1,3}(?:\.\d{3}){2,}"
)
LOOKED_AT = 2_000
MANY = {"k": 1e3, "千": 1e3, "万": 1e4, "萬": 1e4, "만": 1e4, "亿": 1e8, "億": 1e8, "억": 1e8}
"""Factors people write behind a number."""
_SIGNS = r"US\$|[\\$€£¥￥₩₹₽]|円|元|원|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW|CHF|HKD|TWD|AUD|CAD|INR)\b"
_MONEY = rf"(?:{_SIGNS})"


def read_numbers(text: pd.Series, comma: bool = False) -> pd.Series:
    """Return stripped text as float64, NaN where it is no number.

    A currency's sign, blanks and apostrophes between thousands, brackets for a minus and a 万 at the end are
    read as what they mean. Thousands may be parted by commas, as in ``1,234.50``, or decimals begin with one,
    as in ``1.234,50``, in a column where at least one value leaves no doubt: ``1,234`` alone may be either,
    and is no number here.

    Parameters
    ----------
    text
        One column.
    comma
        Whether other columns of the file are written with decimal commas: ``1.234`` is then a thousand.
    """
    values = pd.to_numeric(text.astype("object"), errors="coerce").astype("float64")
    rest = text[values.isna()].astype("str")
    rest = rest[rest != ""]
    if rest.empty and not comma:
        return values
    plain, factors = _plain(rest)
    priced = rest.str.contains(_MONEY)
    if comma or is_decimal_comma(plain) or _dotted_thousands(plain, priced):
        every = text.astype("str").where(values.notna(), "").mask(text.index.isin(plain.index), plain)
        dotted = every[every.str.fullmatch(COMMA)]
        # A dot before other than three digits is a decimal point: such a column is written both ways.
        if not (values.notna() & ~every.str.fullmatch(COMMA)).any():
            swapped = dotted.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
            found = swapped.astype("float64") * factors.reindex(swapped.index, fill_value=1.0)
            return found.reindex(text.index)
    if rest.empty:
        return values
    # Of money there are no thousandths: beside its sign a comma before three digits parts thousands.
    sure = bool(plain.str.fullmatch(SURE).any() or (_grouped(plain) & priced).any())
    grouped = plain.str.replace(",", "", regex=False).where(_grouped(plain), plain) if sure else plain
    return values.fillna(pd.to_numeric(grouped, errors="coerce").astype("float64") * factors)


def _dotted_thousands(plain: pd.Series, priced: pd.Series) -> bool:
    """Tell whether amounts beside signs of money are parted by dots, as in ``12.345 €``, and all alike."""
    dotted = plain[priced & plain.str.contains(".", regex=False)]
    return bool(len(dotted) and dotted.str.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+").all())


def is_decimal_comma(text: pd.Series) -> bool:
    """Tell whether text numbers are surely written with decimal commas, and none with a decimal point."""
    plain = text[text.str.contains(r"[,.]")]
    return bool(plain.str.fullmatch(SURE_COMMA).any() and not plain.str.fullmatch(SURE).any())


def written_with_commas(frame: pd.DataFrame) -> bool:
    """Tell whether a column of a table of text is surely written with decimal commas."""
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        text = column.astype("str").fillna("").str.strip()
        text = text[text.str.contains(",", regex=False)].drop_duplicates()[:LOOKED_AT]
        if len(text) and is_decimal_comma(_plain(text)[0]):
            return True
    return False


def _grouped(text: pd.Series) -> pd.Series:
    return text.str.fullmatch(GROUPED).astype(bool)


def _plain(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return numbers without what people write around them, and the factor that stood behind each."""
    if text.empty:
        return text, pd.Series(dtype="float64")
    distinct = pd.Series(text.unique(), dtype="str")
    plain = distinct.map(lambda word: unicodedata.normalize("NFKC", word).replace("\u2212", "-"))
    plain = plain.str.replace(_SIGNS, "", regex=True).str.strip()
    plain = plain.str.replace(r"^\((.*)\)$", r"-\1", regex=True)
    plain = plain.str.replace(r"^([-+])\s+", r"\1", regex=True)
    behind = plain.str.extract(rf"\d\s*([{''.join(MANY)}K])$", expand=False).str.lower()
    plain = plain.str.replace(rf"(\d)\s*[{''.join(MANY)}K]$", r"\1", regex=True)
    apart = plain.str.fullmatch(r"[-+]?\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?").astype(bool)
    plain = plain.mask(apart, plain.str.replace(r"[\s'’]", "", regex=True))
    factor = behind.map(MANY).fillna(1.0).astype("float64")
    return text.map(plain.set_axis(distinct)), text.map(factor.set_axis(distinct))
