"""Full runs in the background: each a process of its own that tells how far it is and can be stopped.

A stopped run leaves its finished pieces where every interrupted run does; the same run takes them up again.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from scenarios.executor import Advance
    from scenarios.plan import Plan

EVERY = 0.2  # seconds between two reports of progress


@dataclass(frozen=True)
class Order:
    """A full run to make: of which plan, with which draws, and where to.

    Parameters
    ----------
    plan
        The plan, the scenario to try being one of its own.
    scenarios
        Which to run; ``status_quo`` always is.
    fit
        Folder of the run whose parameter draws are used; ``None``: calibrated to the plan's starting point.
    out
        Folder of the run.
    seed, threads, lang
        As of every verb.
    customers, replicates
        As of ``omolab run``.
    """

    plan: Plan
    scenarios: tuple[str, ...]
    fit: Path | None
    out: Path
    seed: int
    threads: int
    lang: str
    customers: int | None = None
    replicates: int = 4


@dataclass
class Work:
    """A full run and how far it is; a thread of this process keeps it up to date.

    Parameters
    ----------
    order, moves
        What is run, and the levers moved, as they are shown.
    status
        ``running``, ``done``, ``failed`` or ``stopped``.
    task, finished, total
        What is being done, and how many pieces of it are.
    why
        What went wrong.
    """

    order: Order
    moves: str
    status: str = "running"
    task: str = ""
    finished: int = 0
    total: int = 0
    why: str = ""
    _process: BaseProcess | None = field(default=None, repr=False)

    def stop(self) -> None:
        """Stop the run where it is."""
        if self.status == "running":
            self.status = "stopped"
        if self._process is not None and self._process.is_alive():
            self._process.terminate()  # its own workers die with it


def start(order: Order, moves: str = "") -> Work:
    """Start a full run; return at once with what follows it."""
    import multiprocessing

    from scenarios.executor import becoming_workers

    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    with becoming_workers():
        process = spawn.Process(target=_run, args=(theirs, order))
        process.start()
    theirs.close()
    work = Work(order, moves, _process=process)
    threading.Thread(target=_follow, args=(work, ours), daemon=True).start()
    return work


def _follow(work: Work, connection: Connection) -> None:
    """Keep a run's state up to date until its process ends."""
    told: dict[str, Any] = {}
    with contextlib.suppress(EOFError, OSError):
        while True:
            told = connection.recv()
            work.task, work.finished, work.total = told["task"], told["done"], told["total"]
    assert work._process is not None
    work._process.join()
    if work.status == "running":
        work.status = told.get("end") or "failed"
        work.why = told.get("why") or ("" if work.status == "done" else "its process ended")


def _run(connection: Connection, order: Order) -> None:
    """Make the run, in the process of its own."""
    from omolab import api
    from results.problems import BadInput

    _end_with_parent()
    progress = Reporting(connection)
    try:
        api.run(
            order.plan,
            order.scenarios,
            order.fit,
            order.customers,
            order.replicates,
            order.seed,
            order.threads,
            order.out,
            progress,
            order.lang,
        )
    except BadInput as bad:
        progress.end("failed", "; ".join(map(str, bad.problems)))
    except Exception as error:
        progress.end("failed", f"{type(error).__name__}: {error}")
    else:
        progress.end("done")


def _end_with_parent() -> None:
    """End when the dashboard does, however it does; the run's own workers follow this process."""
    import multiprocessing

    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Reporting:
    """A `Progress` that tells another process how far the work is."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self._said = connection, 0.0
        self._now: dict[str, Any] = {"task": "", "done": 0, "total": 0}

    @contextlib.contextmanager
    def task(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """Open a task of ``total`` pieces."""
        before, self._now = self._now, {"task": label, "done": 0, "total": total or 0}
        self._send()

        def advance(n: int = 1, note: str = "") -> None:
            self._now["done"] += n
            if time.monotonic() - self._said > EVERY:
                self._send()

        yield advance
        self._send()
        self._now = before

    def end(self, how: str, why: str = "") -> None:
        """Say how the work ended."""
        self._now |= {"end": how, "why": why}
        self._send()

    def _send(self) -> None:
        self._said = time.monotonic()
        with contextlib.suppress(OSError):  # nobody listens any more
            self.connection.send(dict(self._now))
