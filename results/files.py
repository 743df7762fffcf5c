"""Files that are either whole or absent: atomic writing, fingerprints, one owner at a time, safe CSV.

Everything a run leaves behind goes through these few functions, so that a full disk, a Ctrl-C or a
power cut never leaves a half-written table under a name that somebody reads.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import hashlib
import json
import math
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

DERIVED = ("manifest.json", "report.html", "charts")  # what `report` may rewrite without changing the run
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextlib.contextmanager
def replacing(path: Path, sync: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and put it in its place on clean exit, in one step.

    With ``sync`` the bytes reach the disk before the name does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    try:
        yield unfinished
        if sync:
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends, whole or not at all."""
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write strict JSON (see `plain`), whole or not at all."""
    write_text(path, json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_table(path: Path, table: pd.DataFrame, sync: bool = True) -> None:
    """Write a Parquet table, whole or not at all; a named index becomes columns."""
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    with replacing(path, sync) as unfinished:
        table.to_parquet(unfinished, index=False, compression="zstd")


def tamed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that a spreadsheet shows but never executes.

    Text cells and column names that begin with ``= + - @``, a tab or a carriage return get a leading
    apostrophe (OWASP, *CSV injection*). Numbers are left alone, negative ones too.
    """

    def tame(cell: Any) -> Any:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell

    safe = table.rename(columns=tame)
    for position in range(safe.shape[1]):
        column = safe.iloc[:, position]
        if column.dtype.kind == "O":  # text, categories and mixed cells
            safe.isetitem(position, column.astype(object).map(tame))
    return safe


def to_csv(table: pd.DataFrame, path: Path, sync: bool = True) -> None:
    """Write a CSV that a spreadsheet shows but never executes (see `tamed`)."""
    with replacing(path, sync) as unfinished:
        tamed(table).to_csv(unfinished, index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)


def plain(value: Any) -> Any:
    """Return ``value`` as strict JSON knows it: NaN and infinities become ``None``, dates ISO text."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(dataclasses.asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, date):
        return value.isoformat()
    for turn in ("tolist", "to_dict", "model_dump"):  # numpy, pandas, pydantic
        if hasattr(value, turn):
            return plain(getattr(value, turn)())
    return str(value)


def sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file, or of a folder's files except what a report adds to a run."""
    if path.is_dir():
        parts = sorted(
            inner.relative_to(path).as_posix()
            for inner in path.rglob("*")
            if inner.is_file() and inner.relative_to(path).parts[0] not in DERIVED
        )
        return fingerprint([[part, sha256(path / part)] for part in parts])
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(value: Any) -> str:
    """Return the hex SHA-256 of a value's canonical JSON."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def slug(name: str, limit: int = 40) -> str:
    """Return a folder-safe form of a name: letters of any script, digits, ``_`` and ``-`` only."""
    folded = unicodedata.normalize("NFKC", str(name))
    safe = re.sub(r"[^\w-]+", "-", folded).strip("-_")[:limit].strip("-_")
    return safe or "unnamed"


def inside(folder: Path, name: str) -> Path:
    """Return ``folder/name``, refusing names that lead out of the folder.

    Raises
    ------
    ValueError
        If ``name`` is empty, absolute, or climbs with ``..``.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if not parts.parts or parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        raise ValueError(f"name {name!r} must be a relative path inside the run")
    return folder.joinpath(*parts.parts)


@contextlib.contextmanager
def owned(lock: Path, what: str) -> Iterator[None]:
    """Hold ``lock`` for this process alone; the system lets go of it when the process dies, however it dies.

    The file holds the owner's process number for people to read. A lock left by a dead process is
    taken over without a word.

    Raises
    ------
    BadInput
        If another live process holds it.
    """
    file = _grip(lock, what)
    try:
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
        file.close()
        with contextlib.suppress(OSError):
            lock.parent.rmdir()  # only when empty


def _grip(lock: Path, what: str) -> IO[str]:
    while True:
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8")
        except FileNotFoundError:  # the folder was tidied away in between
            continue
        try:
            _lock_now(file.fileno())
        except OSError:
            owner = ""
            with contextlib.suppress(OSError, ValueError):
                owner = file.read(20).strip()
            file.close()
            message = f"{what} is at work already" + (f" in process {owner}" if owner.isdigit() else "")
            raise BadInput(Problem(str(lock), None, "", owner, "one process at a time", message)) from None
        # The owner before us may have removed the file between our opening and locking it.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
                return file
        file.close()


def _lock_now(descriptor: int) -> None:
    if os.name == "nt":  # pragma: no cover
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
