"""A first ``history.yaml``, written from the files themselves; what is guessed is marked ``# ?``."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from calibration.history import words
from calibration.history.complaints import Complaints
from calibration.history.encodings import likely_encoding
from calibration.history.files import CSV, read_raw
from calibration.history.guess import Guess, guess
from calibration.history.load import TABLES, load_history
from calibration.history.profile import profile
from results.language import Language
from results.phrases.drafts import DRAFTS
from results.problems import BadInput

if TYPE_CHECKING:
    import pandas as pd


class _Currency(NamedTuple):
    """A currency and why it is doubted, if it is."""

    code: str
    doubt: str = ""

    @classmethod
    def of(cls, names: list[str]) -> _Currency:
        """Return the currency that columns or signs tell, or that the language suggests."""
        told = words.currency(names)
        if told:
            return cls(told)
        likely = words.likely_currency(names)
        return (
            cls(likely, "by the language of the columns")
            if likely
            else cls("USD", "no column names a currency")
        )


DRAFTED = "Drafted from the files named below. Look at every line marked with '?'."
BY_NAME = "by the column's name"
LEGIBLE = "by the bytes: are all names legible?"
SPARE = 12
"""Columns named at most where they are not used."""
_GROUPS = {"sales": "channels", "media": "sources", "drivers": "drivers"}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAKEN = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"}


def draft(files: Sequence[str | Path], folder: str | Path | None = None, lang: str = "en") -> str:
    """Return the text of a ``history.yaml`` for some files.

    Parameters
    ----------
    files
        CSV, Parquet or Excel files.
    folder
        Where the text will be saved: paths are written relative to it. The working folder by default.
    lang
        Language of the comments.

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
        if found:
            found[0].spare = _unused(found, raw.frame)
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
    currency = _Currency.of(names)
    words_of = Language(lang)
    text = _text(tables, _name(tables[0].file), currency, home, words_of)
    remarks = [*(_told(words_of, remark) for remark in spare), *_refused(tables, currency, words_of)]
    return text + "".join(f"# ! {_comment(remark)}\n" for remark in remarks)


def _unused(found: list[Guess], frame: pd.DataFrame) -> list[str]:
    """Return the columns of a file that no table guessed from it uses."""
    used = {column for table in found for column in table.columns.values()}
    used |= {column for table in found for group in table.groups.values() for column in group.values()}
    return [str(name) for name in dict.fromkeys(frame.columns) if str(name) not in used]


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
    """Return the currencies whose signs stand in the first cells of a table, or that a column names."""
    cells = frame.head(20).select_dtypes(exclude="number").astype("str").to_numpy().ravel()
    text = " ".join(str(cell) for cell in cells if any(sign.isdigit() for sign in str(cell)))
    signs = [code for sign, code in words.SYMBOLS.items() if sign in text]
    told = [name for name in frame.columns if words.words(str(name)) & words.CURRENCY]
    for name in told:
        kept = frame[name]
        distinct = [] if kept.ndim > 1 else [str(code).strip() for code in kept.dropna().unique()]
        signs += [code for code in distinct if code][:1]
    return signs


def _text(tables: list[Guess], name: str, currency: _Currency, home: Path, say: Language) -> str:
    lines = [
        f"# {_told(say, DRAFTED)}",
        f"name: {_quoted(name)}",
        f"currency: {currency.code}" + (f"  # ? {_told(say, currency.doubt)}" if currency.doubt else ""),
        "tables:",
    ]
    for table in tables:
        lines += _table(table, home, say)
    scale = {measure: factor for table in tables for measure, factor in table.scale.items()}
    if scale:
        factors = ", ".join(f"{measure}: {factor:.0f}" for measure, factor in scale.items())
        lines.append(f"scale: {{{factors}}}  # ? {_told(say, BY_NAME)}")
    return "\n".join(lines) + "\n"


def _table(table: Guess, home: Path, say: Language) -> list[str]:
    def mark(key: str) -> str:
        return f"  # ? {_comment(_told(say, table.unsure[key]))}" if key in table.unsure else ""

    lines = [f"  {table.table}:", f"    file: {_quoted(_relative(table.file, home))}"]
    if table.encoding:
        lines.append(f"    encoding: {table.encoding}  # ? {_told(say, LEGIBLE)}")
    if table.dates:
        lines.append(f"    dates: {table.dates}{mark('dates')}")
    if table.period:
        lines.append(f"    period: {table.period}")
    elif table.table in _GROUPS:
        lines.append(f"    # period: month  # ? {_told(say, 'the dates do not show it')}")
    if table.add_up:
        lines.append(f"    add_up: true{mark('add_up')}")
    lines.append("    columns:")
    lines += [f"      {key}: {_quoted(column)}{mark(key)}" for key, column in table.columns.items()]
    if table.rename:
        lines.append(f"    rename:{mark('rename')}")
        lines += [f"      {_quoted(old)}: {_quoted(new)}" for old, new in table.rename.items()]
    if table.constants:
        said = ", ".join(f"{key}: {_quoted(value)}" for key, value in table.constants.items())
        lines.append(f"    constants: {{{said}}}{mark('constants')}")
    if table.groups:
        group = _GROUPS[table.table]
        lines.append(f"    {group}:{mark(group)}")
        for name, measures in table.groups.items():
            if "" in measures:
                value = _quoted(measures[""])
            else:
                value = "{" + ", ".join(f"{key}: {_quoted(column)}" for key, column in measures.items()) + "}"
            lines.append(f"      {_quoted(name)}: {value}{mark(f'{group}.{name}')}")
    if table.spare:
        unused = ", ".join(table.spare[:SPARE]) + (", ..." if len(table.spare) > SPARE else "")
        lines.append(f"    # {_comment(_told(say, f'not used: {unused}'))}")
    return lines


def _told(say: Language, text: str) -> str:
    """Return a remark in the reader's language."""
    return say.translated(text, tuple(DRAFTS))


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


def _refused(tables: list[Guess], currency: _Currency, say: Language) -> list[str]:
    """Return what the loader would say against the draft, tried on a copy with full paths."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "history.yaml"
        trial.write_text(_text(tables, "trial", currency, Path(folder), say), encoding="utf-8")
        try:
            load_history(trial)
        except BadInput as error:
            kinds = Counter((problem.file, problem.field, problem.message) for problem in error.problems)
            first = {
                (problem.file, problem.field, problem.message): problem
                for problem in reversed(error.problems)
            }
            return [
                first[kind].told(say).replace(str(trial), trial.name) + (" ..." if count > 1 else "")
                for kind, count in list(kinds.items())[:20]
            ]
    return []
