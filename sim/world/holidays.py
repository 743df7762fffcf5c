"""Holidays and festivals that shops live by, the moving ones included.

The Chinese calendar is not computed but looked up: the first day of its first month (Lunar New Year) and the
fifteenth of its eighth (Mid-Autumn) from 2000 to 2050, month and day. The table was made with the package
``lunardate`` 0.3.0, whose own table follows the dates that the Hong Kong Observatory publishes.
"""

from __future__ import annotations

import datetime

_NEW_YEAR = """
    0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 0210 0131 0219 0208
    0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203 0123 0211 0131
    0219 0208 0128 0215 0204 0124 0212 0201 0122 0210 0130 0217 0206 0126 0214 0202 0123
"""
_MID_AUTUMN = """
    0912 1001 0921 0911 0928 0918 1006 0925 0914 1003 0922 0912 0930 0919 0908 0927 0915
    1004 0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912 1001 0919 0908
    0927 0916 1004 0924 0913 1002 0920 0910 0928 0917 1005 0925 0915 1004 0922 0911 0930
"""
FIRST_YEAR, LAST_YEAR = 2000, 2050
MOVING = {"lunar_new_year": _NEW_YEAR.split(), "mid_autumn": _MID_AUTUMN.split()}
# Month and day of the others.
FIXED = {
    "womens_day": (3, 8),
    "labour_day": (5, 1),
    "mid_year": (6, 18),
    "national_day": (10, 1),
    "double_eleven": (11, 11),
    "double_twelve": (12, 12),
    "christmas": (12, 25),
}
HOLIDAYS = (*MOVING, *FIXED)


def holiday(name: str, year: int) -> datetime.date:
    """Return the date of a holiday in a year.

    Raises
    ------
    ValueError
        If there is no such holiday, or its date in that year is not in the table.
    """
    if name in FIXED:
        return datetime.date(year, *FIXED[name])
    if name not in MOVING:
        raise ValueError(f"holiday {name!r}: expected one of {HOLIDAYS}")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"holiday {name!r} of {year}: known from {FIRST_YEAR} to {LAST_YEAR}")
    text = MOVING[name][year - FIRST_YEAR]
    return datetime.date(year, int(text[:2]), int(text[2:]))
