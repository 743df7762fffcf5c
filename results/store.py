"""A folder per run, complete or absent; unfinished work is kept aside and taken up again.

While a run is at work its files lie in ``.partial/<hash of its inputs>`` beside the folder it will
become: finished pieces under ``pieces/``, the folder itself under ``run/``. The same inputs find the
same pieces. When everything is written, the manifest last, one rename gives the run its name.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from results.files import fingerprint, owned, plain, sha256, slug, to_csv, write_json
from results.problems import BadInput, Problem
from results.shelf import MANIFEST, PARTIAL, RUNS, Run, delete, open_run, runs
from results.writer import Folder, RunWriter

__all__ = [
    "Folder",
    "Run",
    "RunWriter",
    "amend",
    "create",
    "default_out",
    "delete",
    "open_run",
    "runs",
    "to_csv",
    "versions",
]

LIBRARIES = ("mesa", "numba", "numpy", "optuna", "pandas", "pyarrow", "scipy", "statsmodels")

Input = Path | str | Mapping[str, Any]


@contextlib.contextmanager
def create(
    out: Path,
    verb: str,
    name: str,
    inputs: Mapping[str, Input],
    parameters: Mapping[str, Any],
    seed: int | Mapping[str, int],
) -> Iterator[RunWriter]:
    """Make a run's folder: yield its writer, and on clean exit give the folder its name.

    Parameters
    ----------
    out
        The folder to be; must not exist or be empty.
    verb, name
        What was done (``"run"``) and to what (``"ecommerce_dept"``).
    inputs
        By role: a path (file or folder, told apart by content), a text, or a mapping.
    parameters
        Everything else that decides the outcome. Workers, threads and ``out`` do not, so leave them out.
    seed
        The seed, or several by name.

    Raises
    ------
    BadInput
        Before any work: ``out`` exists or cannot be written, an input is missing, or another
        process works on the same inputs.
    """
    about = _identity(verb, name, inputs, parameters, seed)
    out = _free(Path(out))
    root = out.parent / PARTIAL / about["hash"]
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(owned(root.with_suffix(".lock"), f"the same {verb} of {name}"))
            writer = RunWriter(root)
            started = _started(root, about)
        except OSError as error:
            raise _refuse(out, f"cannot be written: {error.strerror}", "a writable folder") from None
        begin = time.perf_counter()
        try:
            yield writer
            about |= {"started": started, "finished": _now(), "resumed_pieces": writer.resumed}
            about["timings"] = {**writer.timings, "total": time.perf_counter() - begin}
            _finish(writer, out, about)
        finally:
            if not any((root / "pieces").glob("*")) and not any(writer.path.glob("*")):
                shutil.rmtree(root, ignore_errors=True)  # nothing worth taking up again


def _identity(
    verb: str,
    name: str,
    inputs: Mapping[str, Input],
    parameters: Mapping[str, Any],
    seed: int | Mapping[str, int],
) -> dict[str, Any]:
    """Return the manifest's first part; its ``hash`` covers whatever can change a single bit of the run."""
    told: dict[str, dict[str, str]] = {}
    for role, value in inputs.items():
        if isinstance(value, Path):
            if not value.exists():
                raise BadInput(Problem(str(value), None, role, "", "an existing file", "does not exist"))
            told[role] = {"path": str(value), "sha256": sha256(value)}
        else:
            told[role] = {"sha256": fingerprint(value)}
    seeds = dict(seed) if isinstance(seed, Mapping) else {"seed": seed}
    about = {"verb": verb, "name": name, "parameters": plain(parameters), "seeds": plain(seeds)}
    about["versions"] = versions()
    hashes = {role: entry["sha256"] for role, entry in told.items()}
    return {**about, "inputs": told, "platform": platform.platform(), "hash": fingerprint([about, hashes])}


def versions() -> dict[str, str]:
    """Return versions of Python, of the libraries that touch numbers, and of our own sources (a hash)."""
    found = {"python": platform.python_version()}
    for library in ("omolab", *LIBRARIES):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[library] = importlib.metadata.version(library)
    house = Path(__file__).resolve().parents[1]
    sources = sorted(
        path
        for room in ("sim", "scenarios", "calibration")
        for path in (house / room).rglob("*")
        if path.suffix in {".py", ".yaml"}
    )
    hashes = [[path.relative_to(house).as_posix(), sha256(path)] for path in sources]
    return {**found, "sources": fingerprint(hashes)[:16]}


def _free(out: Path) -> Path:
    """Return ``out`` absolute; refuse a name that is taken, or that lies where nothing can be written."""
    try:
        out = out.resolve() if out.name in {"", ".."} else out.parent.resolve() / out.name
        try:
            out.lstat()
        except FileNotFoundError:
            pass
        else:
            if out.is_symlink() or not out.is_dir():
                raise _refuse(out, "is in the way: it is not a folder", "a new folder")
            if any(out.iterdir()):
                raise _refuse(out, "exists already and is not empty", "a new folder (or delete the run)")
        out.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(out.parent, os.W_OK | os.X_OK):
            raise PermissionError(13, "permission denied")
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # ValueError: NUL in a name; RuntimeError: link loops
        said = getattr(error, "strerror", None) or error
        raise _refuse(out, f"cannot be written: {said}", "a writable folder") from None
    return out


def _refuse(path: Path, message: str, expected: str) -> BadInput:
    return BadInput(Problem("--out", None, "", str(path), expected, f"{path.name or path} {message}"))


def _started(root: Path, about: Mapping[str, Any]) -> str:
    """Return when this work was first begun, written down for whoever finds the folder."""
    note = root / "started.json"
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["started"])
    except (OSError, ValueError, KeyError):
        write_json(note, {**about, "started": _now(), "status": "unfinished"})
        return str(json.loads(note.read_text(encoding="utf-8"))["started"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _finish(writer: RunWriter, out: Path, about: dict[str, Any]) -> None:
    if gone := sorted(path.name for path in writer.written if not path.is_file()):
        raise RuntimeError(f"files of the run were removed while it was at work: {', '.join(gone)}")
    _seal(writer.path, about)
    try:
        with contextlib.suppress(FileNotFoundError):
            out.rmdir()  # an empty folder may stand there; a full one stops us here
        writer.path.rename(out)
    except OSError as error:
        message = f"was taken while the run was at work ({error.strerror}); the work is kept: choose another"
        raise _refuse(out, message, "a new folder") from None
    shutil.rmtree(writer.root, ignore_errors=True)


def _seal(path: Path, about: Mapping[str, Any]) -> None:
    """Write the manifest: every other file is on disk by now."""
    files = {
        inner.relative_to(path).as_posix(): {"sha256": sha256(inner), "bytes": inner.stat().st_size}
        for inner in sorted(path.rglob("*"))
        if inner.is_file() and inner.name != MANIFEST and not inner.name.endswith(".tmp")
    }
    write_json(path / MANIFEST, {**about, "files": files, "status": "complete"})


def default_out(verb: str, name: str, root: Path | None = None) -> Path:
    """Return an unused ``<root>/<YYYYmmdd-HHMMSS>-<verb>-<name>``; root is ``results/runs`` if not given."""
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug(verb)}-{slug(name)}"
    out = (root or RUNS) / stem
    number = 1
    while os.path.lexists(out):
        number += 1
        out = out.with_name(f"{stem}-{number}")
    return out


@contextlib.contextmanager
def amend(run_path: Path | str) -> Iterator[Folder]:
    """Write into a finished run: yield a folder aside whose files move in one by one on clean exit.

    The manifest follows last. A subfolder written here replaces the run's own subfolder of that name,
    so that no old chart survives among new ones. On an exception the run stays as it was.

    Raises
    ------
    BadInput
        If it is not a run, is being amended by another process, or cannot be written.
    """
    run = open_run(run_path)
    home = run.path.resolve()
    stage = home.parent / PARTIAL / f"amend-{home.name}"
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(owned(stage.with_name(f"{stage.name}.lock"), f"a report of {run.name}"))
            if not os.access(home, os.W_OK | os.X_OK):
                raise PermissionError(13, "permission denied")
            shutil.rmtree(stage, ignore_errors=True)
            stage.mkdir()
        except OSError as error:
            raise _refuse(home, f"cannot be written: {error.strerror}", "a writable run") from None
        stack.callback(shutil.rmtree, stage, ignore_errors=True)
        yield Folder(stage)
        _move_in(stage, home)
        manifest = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
        _seal(home, {**manifest, "amended": _now()})


def _move_in(stage: Path, home: Path) -> None:
    new = [path.relative_to(stage) for path in sorted(stage.rglob("*")) if path.is_file()]
    for path in new:
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).replace(home / path)
    for folder in {path.parts[0] for path in new if len(path.parts) > 1}:
        for old in (home / folder).rglob("*"):
            if old.is_file() and old.relative_to(home) not in new:
                old.unlink()
