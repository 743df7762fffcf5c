"""Peers at work: a script in its own environment that lives a block of days whenever it is asked to."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.speed.environments import HERE

SCRIPTS = HERE / "peers"
# One thread each, so that agents a second are those of one core.
ALONE = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"), "1"
)
QUIET = {"MPLBACKEND": "Agg", "STARSIM_INSTALL_FONTS": "0"}


class Broken(Exception):
    """A peer's script that ended; says with what words."""


class Peer:
    """A running peer.

    Parameters
    ----------
    python
        Interpreter of the peer's environment.
    script
        Name of a file in ``benchmarks/peers/``, without suffix.
    options
        What the script takes, as JSON: customers, steps a block, seed, and its own.

    Attributes
    ----------
    told
        What the peer said last: versions, counts so far, nanoseconds a customer-day of the latest block.
    """

    def __init__(self, python: Path, script: str, options: dict[str, Any]) -> None:
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by close()
        command = [str(python), str(SCRIPTS / f"{script}.py"), json.dumps(options)]
        environment = os.environ | ALONE | QUIET
        environment.pop("PYTHONPATH", None)  # nothing of ours but its script
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment,
        )
        self.told = self._listen()

    def block(self) -> float:
        """Let it live a block of days; return nanoseconds a customer-day."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.told = self._listen()
        return float(self.told["ns"])

    def _listen(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # packages greet on standard output
                found: dict[str, Any] = json.loads(line)
                return found
        self._errors.seek(0)
        said = [line.strip() for line in self._errors if line.strip()]
        raise Broken(said[-1] if said else f"exit {self._process.wait()}")

    def close(self) -> None:
        """Let it end."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()
        self._errors.close()

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
