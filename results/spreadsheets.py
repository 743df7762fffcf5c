"""A run's tables as files that spreadsheets open, and never execute."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from results.files import replacing, slug, tamed, to_csv

if TYPE_CHECKING:
    import pandas as pd

    from results.shelf import Run

ROWS = 1_048_575  # that a sheet holds beside its heading
SHEET_NAME = 31  # letters
# What the file format cannot hold in a cell.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_tables(run: Run, folder: Path, kind: str = "csv") -> Path:
    """Write all tables of a run into a folder.

    Parameters
    ----------
    run
        The finished run.
    folder
        Where to: CSV files in ``tables/``, a workbook as ``tables.xlsx``.
    kind
        ``csv`` or ``xlsx``. A table with more rows than a sheet holds is written as CSV instead.

    Returns
    -------
    Path
        The folder of CSV files, or the workbook.

    Raises
    ------
    ValueError
        If ``kind`` is another.
    """
    if kind not in ("csv", "xlsx"):
        raise ValueError(f"kind: expected 'csv' or 'xlsx', got {kind!r}")
    frames = {name: run.read(name) for name in run.tables()}
    small = {name: frame for name, frame in frames.items() if kind == "xlsx" and len(frame) <= ROWS}
    if len(small) < len(frames):
        (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        if name not in small:
            to_csv(frame, folder / "tables" / f"{slug(name, 100)}.csv")
    if kind == "csv":
        return folder / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    _workbook(small, folder / "tables.xlsx")
    return folder / "tables.xlsx"


def _workbook(frames: dict[str, pd.DataFrame], path: Path) -> None:
    import pandas as pd

    names: dict[str, str] = {}
    for name in frames or {"": None}:
        stem = slug(name, SHEET_NAME) if name else "empty"
        while stem.lower() in {other.lower() for other in names.values()}:
            stem = f"{stem[: SHEET_NAME - 3]}_{len(names):02d}"
        names[name] = stem
    with (
        replacing(path) as unfinished,
        unfinished.open("wb") as file,
        pd.ExcelWriter(file, engine="openpyxl") as book,
    ):
        for name, sheet in names.items():
            frame = tamed(frames.get(name, pd.DataFrame()))
            text = frame.select_dtypes(exclude=["number", "bool", "datetime"]).columns
            frame = frame.assign(**{column: frame[column].map(_possible) for column in text})
            frame.to_excel(book, sheet_name=sheet, index=False, freeze_panes=(1, 0))


def _possible(cell: object) -> object:
    return _IMPOSSIBLE.sub("", cell) if isinstance(cell, str) else cell
