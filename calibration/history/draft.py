"""A first ``history.yaml``, written from the files themselves; what is guessed is marked ``# ?``."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from calibration.history import words
from calibration.history.complaints import Complaints
from calibration.history.encodings import likely_encoding
from calibration.history.files import CSV, read_raw
from calibration.history.guess import Guess, guess
from calibration.history.load import TABLES, load_history
from calibration.history.profile import profile
from results.problems import BadInput

if TYPE_CHECKING:
    import pandas as pd

_GROUPS = {"sales": "channels", "media": "sources", "drivers": "drivers"}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAKEN = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"}


def draft(files: Sequence[str | Path], folder: str | Path | None = None) -> str:
    """Return the text of a ``history.yaml`` for some files.

    Parameters
    ----------
    files
        CSV, Parquet or Excel files.
    folder
        Where the text will be saved: paths are written relative to it. The working folder by default.

    Returns
    -------
    str
        Valid YAML. Guesses worth a look carry ``# ?``; what the loader would refuse stands in comments at
        the end.

    Raises
    ------
    BadInput
        If a file cannot be read, or nothing in any file can be placed.
    """
    complaints = Complaints()
    chosen: dict[str, Guess] = {}
    spare: list[str] = []
    names: list[str] = []
    for file in map(Path, files):
        encoding = _encoding(file)
        raw = read_raw(file, complaints, encoding=encoding)
        if raw is None:
            continue
        names += [str(name) for name in raw.frame.columns]
        found = guess(profile(file, raw.frame))
        if any(table.groups or table.columns for table in found):
            names += _signs(raw.frame)
        for table in found:
            table.encoding = encoding
        if not found:
            spare.append(
                f"nothing in {file.name} could be placed: {', '.join(map(str, raw.frame.columns[:12]))}"
            )
        for table in found:
            if table.table in chosen:
                spare.append(f"{file.name} also looks like a table of {table.table}")
            else:
                chosen[table.table] = table
    if not chosen and not complaints.problems:
        expected = "columns such as date and sales, or customer, date and amount"
        where = ", ".join(str(file) for file in files)
        complaints.add(where, None, "", "; ".join(spare) or "no file", expected, "no table could be made out")
    complaints.raise_if_any()
    home = Path(folder or ".").resolve()
    tables = [chosen[name] for name in TABLES if name in chosen]
    text = _text(tables, _name(tables[0].file), words.currency(names), home)
    remarks = [*spare, *_refused(tables, words.currency(names))]
    return text + "".join(f"# ! {_comment(remark)}\n" for remark in remarks)


def _encoding(file: Path) -> str | None:
    """Return how a text file is likely saved, nothing where it is UTF-8 or no text."""
    if file.suffix.lower() not in CSV or not file.is_file():
        return None
    try:
        content = file.read_bytes()
        content.decode("utf-8")
    except OSError:
        return None
    except UnicodeDecodeError:
        return None if content[:2] in (b"\xff\xfe", b"\xfe\xff") else likely_encoding(content)
    return None


def _signs(frame: pd.DataFrame) -> list[str]:
    """Return the currencies whose signs stand in the first cells of a table."""
    cells = frame.head(20).select_dtypes(exclude="number").astype("str").to_numpy().ravel()
    text = " ".join(str(cell) for cell in cells if any(sign.isdigit() for sign in str(cell)))
    return [code for sign, code in words.SYMBOLS.items() if sign in text]


def _text(tables: list[Guess], name: str, currency: str | None, home: Path) -> str:
    lines = [
        "# Drafted from the files named below. Look at every line marked with '?'.",
        f"name: {_quoted(name)}",
        f"currency: {currency}" if currency else "currency: USD  # ? no column names a currency",
        "tables:",
    ]
    for table in tables:
        lines += _table(table, home)
    scale = {measure: factor for table in tables for measure, factor in table.scale.items()}
    if scale:
        factors = ", ".join(f"{measure}: {factor:.0f}" for measure, factor in scale.items())
        lines.append(f"scale: {{{factors}}}  # ? by the column's name")
    return "\n".join(lines) + "\n"


def _table(table: Guess, home: Path) -> list[str]:
    lines = [f"  {table.table}:", f"    file: {_quoted(_relative(table.file, home))}"]
    if table.encoding:
        lines.append(f"    encoding: {table.encoding}  # ? by the bytes: are all names legible?")
    if table.dates:
        lines.append(f"    dates: {table.dates}{_mark(table, 'dates')}")
    if table.period:
        lines.append(f"    period: {table.period}")
    elif table.table in _GROUPS:
        lines.append("    # period: month  # ? the dates do not show it")
    if table.add_up:
        lines.append(f"    add_up: true{_mark(table, 'add_up')}")
    lines.append("    columns:")
    lines += [f"      {key}: {_quoted(column)}{_mark(table, key)}" for key, column in table.columns.items()]
    if table.constants:
        said = ", ".join(f"{key}: {_quoted(value)}" for key, value in table.constants.items())
        lines.append(f"    constants: {{{said}}}{_mark(table, 'constants')}")
    if table.groups:
        group = _GROUPS[table.table]
        lines.append(f"    {group}:{_mark(table, group)}")
        for name, measures in table.groups.items():
            if "" in measures:
                value = _quoted(measures[""])
            else:
                value = "{" + ", ".join(f"{key}: {_quoted(column)}" for key, column in measures.items()) + "}"
            lines.append(f"      {_quoted(name)}: {value}{_mark(table, f'{group}.{name}')}")
    return lines


def _mark(table: Guess, key: str) -> str:
    return f"  # ? {_comment(table.unsure[key])}" if key in table.unsure else ""


def _quoted(text: str) -> str:
    """Return text as a YAML scalar that reads back as the same text."""
    import yaml

    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    line: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=2**20)
    return line.strip()


def _comment(text: str) -> str:
    """Return text that cannot leave its comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:400]


def _relative(file: Path, home: Path) -> str:
    full = file.resolve()
    return os.path.relpath(full, home) if full.is_relative_to(home) else str(full)


def _name(file: Path) -> str:
    plain = re.sub(r"[^\w .-]+", "_", file.stem).lstrip("_ .-")[:80]
    return plain or "history"


def _refused(tables: list[Guess], currency: str | None) -> list[str]:
    """Return what the loader would say against the draft, tried on a copy with full paths."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "history.yaml"
        trial.write_text(_text(tables, "trial", currency, Path(folder)), encoding="utf-8")
        try:
            load_history(trial)
        except BadInput as error:
            kinds = Counter((problem.file, problem.field, problem.message) for problem in error.problems)
            first = {
                (problem.file, problem.field, problem.message): problem
                for problem in reversed(error.problems)
            }
            return [
                str(first[kind]).replace(str(trial), "this file") + (", and more" if count > 1 else "")
                for kind, count in list(kinds.items())[:20]
            ]
    return []
