"""Table files as they lie on disk: CSV, Parquet and Excel to rows of raw cells with their numbers."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from calibration.history.complaints import Complaints
from calibration.history.encodings import decoded
from calibration.history.headers import LOOKED_AT, header_row, lines_before
from results.problems import nearest

ROOT = Path(__file__).resolve().parents[2]
CSV, PARQUET, EXCEL = {".csv", ".tsv", ".txt"}, {".parquet", ".pq"}, {".xlsx", ".xlsm"}
DELIMITERS = ",;\t|"
KINDS = "a .csv, .tsv, .txt, .parquet or .xlsx file"


@dataclass(frozen=True)
class Raw:
    """One file's cells: text (CSV) or typed columns, indexed by row number with the header as row 1."""

    frame: pd.DataFrame
    sha256: str


def data_folder(root: Path = ROOT) -> Path | None:
    """Return what ``${OMOLAB_DATA}`` stands for: the variable, else ``data`` or ``../shared/data``."""
    told = os.environ.get("OMOLAB_DATA")
    if told:
        return Path(told)
    return next((path for path in (root / "data", root.parent / "shared" / "data") if path.is_dir()), None)


def locate(written: str, home: Path) -> Path | str:
    """Return the path a history means, from the folder it lies in, or a sentence saying why there is none."""
    for name in re.findall(r"\$\{([^}]*)\}", written):
        if name != "OMOLAB_DATA":
            return f"knows no ${{{name}}}{nearest(name, ['OMOLAB_DATA'])}"
        folder = data_folder()
        if folder is None:
            return "needs the folder of real histories: set the environment variable OMOLAB_DATA to it"
        if not folder.is_dir():
            return f"OMOLAB_DATA is set to {folder}, which is not a folder"
        written = written.replace("${OMOLAB_DATA}", str(folder))
    return home / Path(written).expanduser()


def read_raw(
    path: Path, complaints: Complaints, sheet: str | None = None, encoding: str | None = None
) -> Raw | None:
    """Read one file; ``None``, with complaints, if it is missing, unreadable, empty or no table.

    ``encoding`` is how the text of a CSV file is saved; without it, UTF-8 or marked UTF-16.
    """
    kind = path.suffix.lower()
    if kind not in CSV | PARQUET | EXCEL:
        complaints.add(
            path, None, "file", kind or path.name, KINDS, "is not a kind of table that can be read"
        )
        return None
    if not path.is_file():
        near = nearest(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        complaints.add(path, None, "file", path.name, "a file that exists", f"is not there{near}")
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        complaints.add(path, None, "file", error.strerror, "a readable file", "cannot be read")
        return None
    if kind in CSV:
        found = _from_csv(path, content, complaints, encoding)
    else:
        found = _from_binary(path, content, kind, sheet, complaints)
    if found is None:
        return None
    frame, above = found
    frame.index = pd.RangeIndex(above + 2, above + len(frame) + 2, name="row")
    frame = frame[~_blank(frame)]
    if frame.empty:
        complaints.add(path, None, "", "no rows", "a header and at least one row", "is an empty table")
        return None
    return Raw(frame, hashlib.sha256(content).hexdigest())


def _blank(frame: pd.DataFrame) -> pd.Series:
    """Return which rows have nothing in any cell: the empty lines at the end of a file, mostly."""
    blank = pd.Series(True, index=frame.index)
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        empty = column.isna()
        if not pd.api.types.is_numeric_dtype(column.dtype):
            empty |= column.astype("str").str.strip() == ""
        blank &= empty
        if not blank.any():
            break
    return blank


def _from_csv(
    path: Path, content: bytes, complaints: Complaints, encoding: str | None
) -> tuple[pd.DataFrame, int] | None:
    """Return the cells below the header, and how many lines stand above that."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text = decoded(path, content, complaints, encoding)
    if text is None:
        return None
    above = lines_before(text, DELIMITERS)
    text = text.split("\n", above)[above]
    delimiter = _delimiter(text)
    header = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if not any(name.strip() for name in header):
        complaints.add(path, 1, "", "nothing", "names of columns", "has no header in its first row")
        return None
    ragged: list[tuple[int, str]] = []

    def skip(row: object) -> str:
        found = f"{row.actual_columns} cells"  # type: ignore[attr-defined]
        ragged.append((int(row.number or 0) + above, found))  # type: ignore[attr-defined]
        return "skip"

    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=[str(i) for i in range(len(header))], skip_rows_after_names=1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(i): pa.string() for i in range(len(header))}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        complaints.add(
            path, None, "", str(error).splitlines()[0], "a table of delimited text", "is not a table"
        )
        return None
    if ragged:
        rows = pd.Series([found for _, found in ragged], index=[row for row, _ in ragged])
        complaints.rows(
            path, "", rows, f"{len(header)} cells, as in the header", "has another number of cells"
        )
        return None
    frame = table.to_pandas()
    frame.columns = [name.strip() for name in header]
    return frame, above


def _delimiter(text: str) -> str:
    """Return the delimiter the header uses most outside quotes: a comma, a semicolon, a tab or a bar."""
    line = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(DELIMITERS, key=line.count)


def _from_binary(
    path: Path, content: bytes, kind: str, sheet: str | None, complaints: Complaints
) -> tuple[pd.DataFrame, int] | None:
    """Return the cells below the header, and how many rows stand above that."""
    above = 0
    try:
        if kind in PARQUET:
            frame = pd.read_parquet(io.BytesIO(content))
        else:
            options = {"sheet_name": sheet or 0, "dtype": object}
            top = pd.read_excel(io.BytesIO(content), header=None, nrows=LOOKED_AT, **options)
            above = header_row(top.to_numpy().tolist())
            frame = pd.read_excel(io.BytesIO(content), header=above, **options)
    except ImportError:
        complaints.add(
            path, None, "file", path.name, "the extra: pip install 'omolab[excel]'", "needs openpyxl"
        )
        return None
    except Exception as error:  # every engine has errors of its own for a damaged file
        first = (str(error) or type(error).__name__).splitlines()[0]
        complaints.add(path, None, "file", first, f"a sound {kind} file", "cannot be read as a table")
        return None
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame, above
