"""Writing a run: whole files under checked names, and finished pieces that a later run takes up again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.files import fingerprint, inside, sha256, slug, write_json, write_table, write_text

if TYPE_CHECKING:
    import pandas as pd


class Folder:
    """Where files of a run are written, each whole or not at all.

    Parameters
    ----------
    path
        The folder; names are relative to it and may contain ``/`` (``"fit/ensemble"``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: set[Path] = set()

    def table(self, name: str, table: pd.DataFrame) -> Path:
        """Write ``<name>.parquet``."""
        path = inside(self.path, f"{name}.parquet")
        write_table(path, table)
        self.written.add(path)
        return path

    def json(self, name: str, value: Any) -> Path:
        """Write ``<name>.json``, strict: what is not a finite number becomes ``null``."""
        path = inside(self.path, f"{name.removesuffix('.json')}.json")
        write_json(path, value)
        self.written.add(path)
        return path

    def text(self, name: str, text: str) -> Path:
        """Write a text file under its full name (``"search/advice.yaml"``)."""
        path = inside(self.path, name)
        write_text(path, text)
        self.written.add(path)
        return path

    def folder(self, name: str) -> Path:
        """Return a subfolder, made if absent, for files that others write (journals, charts)."""
        path = inside(self.path, name)
        path.mkdir(parents=True, exist_ok=True)
        return path


class RunWriter(Folder):
    """A run at work: its folder-to-be, its finished pieces and its clock.

    Parameters
    ----------
    root
        The unfinished folder, ``.partial/<hash of the inputs>``.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root / "run")
        self.root = root
        self.resumed = 0
        self.timings: dict[str, float] = {}
        self._sound: dict[Path, dict[str, Any]] = {}
        for folder in (self.path, root / "pieces"):
            folder.mkdir(parents=True, exist_ok=True)
        for rest in root.rglob(".*.tmp"):
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()

    @contextlib.contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Add the seconds spent inside to the manifest's ``timings``."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - begin

    def piece(self, key: str) -> Path | None:
        """Return the folder of a finished piece, or ``None`` where it has to be computed (again).

        A piece whose files are missing, truncated or changed since is removed and counts as absent.
        """
        path = self._piece_path(key)
        known = path in self._sound
        if self._check(path) is None:
            shutil.rmtree(path, ignore_errors=True)
            return None
        self.resumed += not known
        return path

    def save_piece(self, key: str, tables: Mapping[str, pd.DataFrame]) -> Path:
        """Keep one piece: a Parquet table per name, there together or not at all.

        Parameters
        ----------
        key
            Identifies the piece among the run's; any text.
        tables
            Tables by name. What they hold must depend on the inputs and the key alone.
        """
        path = self._piece_path(key)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        hashes = {}
        for name, table in tables.items():
            file = unfinished / f"{slug(name)}.parquet"
            write_table(file, table, sync=False)  # the hash tells after a power cut
            hashes[name] = sha256(file)
        write_json(unfinished / "piece.json", {"key": key, "tables": hashes})
        shutil.rmtree(path, ignore_errors=True)
        unfinished.rename(path)
        self._sound[path] = {"key": key, "tables": hashes}
        return path

    def pieces(self, table: str, prefix: str = "") -> pd.DataFrame:
        """Concatenate one table of all finished pieces in the order of their keys (``9`` before ``10``).

        Parameters
        ----------
        table
            Its name.
        prefix
            Only pieces whose key begins so.

        Returns
        -------
        DataFrame
            Empty when no piece holds the table.
        """
        import pandas as pd

        found = [(path, about) for path in (self.root / "pieces").iterdir() if (about := self._check(path))]
        found.sort(key=lambda item: _natural(item[1]["key"]))
        frames = [
            pd.read_parquet(path / f"{slug(table)}.parquet")
            for path, about in found
            if table in about["tables"] and about["key"].startswith(prefix)
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def _piece_path(self, key: str) -> Path:
        return self.root / "pieces" / f"{slug(key)}-{fingerprint(key)[:12]}"

    def _check(self, path: Path) -> dict[str, Any] | None:
        if path not in self._sound:
            try:
                about = json.loads((path / "piece.json").read_text(encoding="utf-8"))
                whole = all(
                    sha256(path / f"{slug(name)}.parquet") == hash for name, hash in about["tables"].items()
                )
            except (OSError, ValueError, KeyError, AttributeError):
                return None
            if not whole or self._piece_path(about["key"]) != path:
                return None
            self._sound[path] = about
        return self._sound[path]


def _natural(key: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", key)]
