"""Where a table's header stands: reports often begin with a title, a date of print and an empty line."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from calibration.history.amounts import read_numbers

LOOKED_AT = 30
"""Rows in which a header is looked for."""
MOST = 0.6
"""Part of the widest row's cells that a header fills at least."""


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Return the number of the row [rows][cells] that holds a table's header, the first being 0.

    It is the first unless that fills far fewer cells than other rows do, and a later one of words fills them.
    """
    cells = [[text for cell in row if (text := _text(cell))] for row in rows[:LOOKED_AT]]
    widest = max((len(row) for row in cells), default=0)
    wide = [k for k, row in enumerate(cells) if len(row) >= max(MOST * widest, 2)]
    if not wide or wide[0] == 0 or not _are_words(cells[wide[0]]):
        return 0
    return wide[0]


def lines_before(text: str, delimiters: str) -> int:
    """Return how many lines of delimited text stand before its header."""
    lines = text.split("\n", LOOKED_AT)[:LOOKED_AT]
    if not lines:
        return 0
    widest = max(lines, key=lambda line: max(map(line.count, delimiters)))
    delimiter = max(delimiters, key=widest.count)
    try:
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
    except csv.Error:
        return 0
    return header_row(rows)


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    return "" if text.lower() in ("nan", "nat") else text


def _are_words(cells: Sequence[str]) -> bool:
    import pandas as pd

    return bool(read_numbers(pd.Series(list(cells), dtype="str")).isna().all())
