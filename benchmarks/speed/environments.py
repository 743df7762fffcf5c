"""Peers' environments: one a peer, made from the pins in ``benchmarks/peers.txt`` when first asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PINS = HERE / "peers.txt"
FOLDER = HERE / ".peers"
LIMIT = 600  # seconds for one installation


class NotInstalled(Exception):
    """A peer that could not be installed; says why."""


def pins(path: Path = PINS) -> dict[str, list[str]]:
    """Return each peer's requirements as written."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    split = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {name.strip(): wanted.split() for name, _, wanted in split}


def python_of(peer: str, folder: Path = FOLDER, path: Path = PINS) -> Path:
    """Return the interpreter of a peer's environment, installed if it is not there or its pins have changed.

    Raises
    ------
    NotInstalled
        If the packages cannot be installed here, with the installer's last line.
    """
    wanted = pins(path)[peer]
    home = folder / peer
    python, stamp = home / "bin" / "python", home / "installed.txt"
    told = "\n".join([sys.version.split()[0], *wanted])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == told:
        return python
    shutil.rmtree(home, ignore_errors=True)
    _run(peer, [*_uv(), "venv", "--quiet", "--python", sys.executable, str(home)])
    _run(peer, [*_uv(), "pip", "install", "--quiet", "--python", str(python), *wanted])
    stamp.write_text(told, encoding="utf-8")
    return python


def _uv() -> list[str]:
    """Return how uv is called: as whoever runs us called it, else from the path, else as a module."""
    found = os.environ.get("UV") or shutil.which("uv")
    return found.split() if found else [sys.executable, "-m", "uv"]


def _run(peer: str, command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in error.stderr.splitlines() if line.strip()]
        raise NotInstalled(f"{peer} cannot be installed: {said[-1] if said else error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"{peer} cannot be installed: {error}") from error
