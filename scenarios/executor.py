"""One way to run many independent jobs: in this process while they are few, on spawned workers when it pays.

A job is a value, the function a module's own; what comes back depends on the job alone, never on which
worker ran it or when. So results are the same for any number of workers, and a job whose worker died can
simply be run again. Anything with `Pool.run`'s signature could take a pool's place.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
import time
import types
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from results.problems import BadInput

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Job = TypeVar("Job")
Result = TypeVar("Result")

SPAWN_AFTER = 8.0  # seconds of work left; a worker takes about five to import what a market needs
FIRST_COSTS = 20.0  # seconds of importing and compiling that the first job may include
RETRIES = 2  # times that a job whose worker died is run again
MARKET = ("sim.market", "sim.indicators", "scenarios.drivers", "numba", "pandas")  # what a job needs first
IN_FLIGHT = 2  # jobs handed out per worker: one at work, one waiting
# A worker is one thread: the machine is shared out by jobs.
ONE_THREAD = dict.fromkeys(
    (
        *("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
        *("MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"),
    ),
    "1",
)


class Advance(Protocol):
    """What a task of a `Progress` hands out."""

    def __call__(self, n: int = 1, note: str = "") -> None:
        """Count ``n`` more pieces as done."""


class Progress(Protocol):
    """Whoever shows how far the work is."""

    def task(self, label: str, total: int | None = None) -> contextlib.AbstractContextManager[Advance]:
        """Open a task of ``total`` pieces."""


class JobFailed(RuntimeError):
    """A job raised; the message names the job."""


class WorkerDied(RuntimeError):
    """A job's worker died under it once too often; the message names the job."""


def run_jobs(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: int | Pool = 1,
    progress: Progress | None = None,
    label: str = "jobs",
) -> Iterator[tuple[int, Result]]:
    """Run ``function`` on every job; yield (position of the job, result) as they are done, in any order.

    Parameters
    ----------
    function
        A module's own function (workers import it); its result must depend on the job alone.
    jobs
        Picklable values; ``str(job)`` names one in errors.
    workers
        Processes at most (1 stays in this one), or an open pool.
    progress, label
        Shows the jobs done as a task ``label``.

    Raises
    ------
    BadInput
        As the job raised it.
    JobFailed
        If a job raises anything else.
    WorkerDied
        If a job's worker died each of three times.
    """
    with opened(workers) as pool, shown(progress, label, len(jobs)) as advance:
        for done in pool.run(function, jobs):
            advance()
            yield done


@contextlib.contextmanager
def shown(progress: Progress | None, label: str, total: int) -> Iterator[Advance]:
    """Open a task where somebody wants to see it."""
    if progress is None:
        yield lambda n=1, note="": None
    else:
        with progress.task(label, total) as advance:
            yield advance


class Pool:
    """Workers that stay alive over several calls of `run`; they are spawned when work is worth it.

    Parameters
    ----------
    workers
        Processes at most; 1 stays in this one.
    spawn_after
        Seconds of work left from which workers are spawned; until then jobs run here, timed.

    Examples
    --------
    >>> with Pool(workers=1) as pool:
    ...     sorted(pool.run(abs, [-1, 2]))
    [(0, 1), (1, 2)]
    """

    def __init__(self, workers: int = 1, spawn_after: float = SPAWN_AFTER) -> None:
        if workers < 1:
            raise ValueError(f"workers: expected 1 or more, got {workers}")
        self.workers, self.spawn_after = workers, spawn_after
        self._executor: ProcessPoolExecutor | None = None
        self._seconds: float | None = None  # a job's, by the latest that ran here
        self._spent = 0.0  # seconds of all jobs that ran here

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(wait=kind is None)

    def close(self, wait: bool = True) -> None:
        """Let the workers go; without ``wait`` they are stopped in the middle of what they do."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        workers = list((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=wait, cancel_futures=True)
        if not wait:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.join(5)

    def warm(self) -> None:
        """Start the workers now; they import what a market needs while this process reads its inputs."""
        if self.workers == 1:
            return
        with becoming_workers():
            executor = self._open()
            for _ in range(self.workers):
                executor.submit(_import, MARKET)

    def run(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[tuple[int, Result]]:
        """Run ``function`` on every job; yield (position, result) as they are done (see `run_jobs`)."""
        waiting, before = deque(range(len(jobs))), self._spent
        while waiting and not self._worth_it(len(waiting), before):
            position = waiting.popleft()
            begin = time.perf_counter()
            result = named(function, jobs[position], position, len(jobs))
            seconds = time.perf_counter() - begin
            self._seconds = max(seconds - FIRST_COSTS, 0.0) if self._seconds is None else seconds
            self._spent += self._seconds
            yield position, result
        if waiting:
            yield from self._spread(function, jobs, waiting)

    def _worth_it(self, left: int, before: float) -> bool:
        """Tell whether to spread ``left`` jobs over workers, ``before`` being spent on earlier calls.

        Whoever has called with that much work is likely to call again.
        """
        if self._executor is not None or self.workers == 1:
            return self._executor is not None
        if self.spawn_after <= 0:
            return True
        return left > 1 and max((self._seconds or 0.0) * left, before) > self.spawn_after

    def _spread(
        self, function: Callable[[Job], Result], jobs: Sequence[Job], waiting: deque[int]
    ) -> Iterator[tuple[int, Result]]:
        """Run the waiting jobs on workers; what a dead worker leaves unfinished is run again."""
        from concurrent.futures import FIRST_COMPLETED, wait
        from concurrent.futures.process import BrokenProcessPool

        flying: dict[Future[Result], int] = {}
        lost: Counter[int] = Counter()
        try:
            while waiting or flying:
                try:
                    self._hand_out(function, jobs, waiting, flying, lost)
                    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
                    for future in sorted(finished, key=flying.__getitem__):
                        result = future.result()
                        yield flying.pop(future), result
                except BrokenProcessPool:
                    self.close(wait=False)
                    wait(flying, timeout=10)
                    _take_back(jobs, waiting, flying, lost)
        finally:
            for future in flying:
                future.cancel()

    def _hand_out(
        self,
        function: Callable[[Job], Result],
        jobs: Sequence[Job],
        waiting: deque[int],
        flying: dict[Future[Result], int],
        lost: Counter[int],
    ) -> None:
        """Keep every worker busy; a job that was lost once flies alone, so that a second loss is its own."""
        while waiting and len(flying) < IN_FLIGHT * self.workers:
            if flying and (lost[waiting[0]] or any(lost[position] for position in flying.values())):
                return
            position = waiting[0]
            with becoming_workers():
                executor = self._open()
                future = executor.submit(named, function, jobs[position], position, len(jobs))
            flying[future] = waiting.popleft()

    def _open(self) -> ProcessPoolExecutor:
        if self._executor is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            spawn = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=_start_worker)
        return self._executor


def _take_back(
    jobs: Sequence[Any], waiting: deque[int], flying: dict[Future[Any], int], lost: Counter[int]
) -> None:
    """Queue again, first of all, what a broken pool left unfinished."""
    unfinished = [f for f in flying if not f.done() or f.cancelled() or f.exception() is not None]
    for position in sorted((flying.pop(future) for future in unfinished), reverse=True):
        lost[position] += 1
        if lost[position] > RETRIES:
            said = f"its worker died {lost[position]} times (killed, or out of memory?)"
            raise WorkerDied(f"{job_name(jobs[position], position, len(jobs))}: {said}")
        waiting.appendleft(position)


@contextlib.contextmanager
def opened(workers: int | Pool) -> Iterator[Pool]:
    """Give a pool of so many workers, closed afterwards, or a pool that is open already and stays so."""
    if isinstance(workers, Pool):
        yield workers
    else:
        with Pool(workers) as pool:
            yield pool


def job_name(job: object, position: int, count: int) -> str:
    """Return how errors name a job."""
    said = str(job)
    said = said if len(said) <= 120 else f"{said[:117]}..."
    return f"job {position + 1} of {count} ({said})"


def named(function: Callable[[Job], Result], job: Job, position: int, count: int) -> Result:
    """Run a job; whatever it raises names it. Its name is made up then: it may be long in the making."""
    try:
        return function(job)
    except BadInput:
        raise
    except Exception as error:
        name = job_name(job, position, count)
        raise JobFailed(f"{name}: {type(error).__name__}: {error}") from error


@contextlib.contextmanager
def becoming_workers() -> Iterator[None]:
    """Make processes started inside one-threaded, deaf to Ctrl-C and ignorant of the user's script.

    Environment and signal mask are inherited and hold from the first instruction; a Ctrl-C in the meantime
    reaches this process at the end. A spawned process would run the main script again, which a script
    without ``if __name__ == "__main__"`` or a notebook does not bear: jobs need none of it.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    mask = _block_interrupts()
    os.environ.update(ONE_THREAD)
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _block_interrupts() -> Any:
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        return None
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its first start would unblock again
    return signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _import(modules: Sequence[str]) -> None:
    for name in modules:
        importlib.import_module(name)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and die with it however it dies."""
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
