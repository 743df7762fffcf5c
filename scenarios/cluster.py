"""Workers on other machines: a Dask cluster in a pool's place, for the same jobs and the same figures.

A cluster is the address of a Dask scheduler, or a profile that says how to start one (SLURM, Kubernetes, or
this machine to try it). Dask runs again what a dead worker leaves; a worker whose sources or libraries differ
from the driver's refuses its job, since its figures would. Nothing of Dask is imported unless asked for.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from results.problems import BadInput, Problem, nearest
from scenarios.executor import IN_FLIGHT, Job, Pool, Result, WorkerDied, job_name, named
from scenarios.plan.complaints import complaint
from scenarios.plan.fields import Count, Part
from scenarios.reading import read_yaml

OPTION = "--cluster"
PATIENCE = 10.0  # seconds that a scheduler may take to answer
COUNT_EVERY = 1.0  # seconds between two looks at how many workers there are
CLUSTERS = {
    "local": ("distributed", "LocalCluster"),
    "slurm": ("dask_jobqueue", "SLURMCluster"),
    "kubernetes": ("dask_kubernetes.operator", "KubeCluster"),
}


class ClusterLost(RuntimeError):
    """The scheduler went away while work was out."""


class Profile(Part):
    """How to start a cluster: a YAML file with these keys.

    ``options`` are the keywords of Dask's own class for the kind: ``LocalCluster``, ``SLURMCluster``
    (dask-jobqueue) or ``KubeCluster`` (dask-kubernetes).
    """

    kind: Literal["local", "slurm", "kubernetes"]
    workers: Count = 1
    options: Mapping[str, Any] = Field(default_factory=dict)


class ClusterPool(Pool):
    """A pool whose jobs run on a Dask cluster.

    Parameters
    ----------
    client
        A connected client.
    stack
        What to close at the end, in turn.
    """

    def __init__(self, client: Any, stack: contextlib.ExitStack) -> None:
        super().__init__()
        self._client, self._stack = client, stack
        self._counted, self._cores = -COUNT_EVERY, 1

    def close(self, wait: bool = True) -> None:
        """Leave the cluster; one that was started for this is stopped."""
        self._stack.close()

    def run(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[tuple[int, Result]]:
        """Run ``function`` on every job; yield (position, result) as they are done (see `run_jobs`)."""
        ours, client = _versions(), self._client
        waiting, flying = iter(range(len(jobs))), dict[Any, tuple[int, Any]]()
        done: Any = _of("distributed", "as_completed", OPTION)(loop=client.loop)

        def hand_out() -> None:
            for position in islice(waiting, max(0, IN_FLIGHT * self._count() - len(flying))):
                place = (position, len(jobs))
                task = client.submit(_there, ours, function, jobs[position], place, pure=False)
                flying[task.key] = (position, task)
                done.add(task)

        try:
            hand_out()
            for task in done:
                position = flying[task.key][0]
                result = _answer(task, jobs[position], position, len(jobs))
                del flying[task.key]
                hand_out()
                yield position, result
        finally:
            with contextlib.suppress(Exception):
                client.cancel([task for _, task in flying.values()])

    def _count(self) -> int:
        """Return the cluster's cores, at least one: workers may be on their way."""
        now = time.monotonic()
        if now - self._counted >= COUNT_EVERY:
            with contextlib.suppress(OSError, TimeoutError):
                self._cores = max(1, sum(self._client.nthreads().values()))
            self._counted = now
        return self._cores


def pool(threads: int, cluster: str | None = None) -> Pool:
    """Return this machine's workers, or those of a cluster.

    Parameters
    ----------
    threads
        Processes at most, without a cluster.
    cluster
        A scheduler's address (``tcp://host:8786``) or the file of a `Profile`.

    Raises
    ------
    BadInput
        If the scheduler does not answer, the profile cannot be used, or Dask is not installed.
    """
    if cluster is None:
        return Pool(threads)
    with contextlib.ExitStack() as stack:
        place: Any = cluster
        if Path(cluster).suffix.lower() in (".yaml", ".yml"):
            place = stack.enter_context(_started(Path(cluster)))
        client = stack.enter_context(_client(place, cluster))
        return ClusterPool(client, stack.pop_all())


def _client(place: Any, said: str) -> Any:
    client = _of("distributed", "Client", said)
    try:
        return client(place, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        expected = "the address of a running Dask scheduler, such as tcp://host:8786, or a profile (YAML)"
        message = f"no scheduler answers within {PATIENCE:.0f} s: {why}"
        raise BadInput(Problem(OPTION, None, "", said, expected, message)) from None


def read_profile(path: Path) -> Profile:
    """Read a cluster's profile.

    Raises
    ------
    BadInput
        With every problem, each with its line.
    """
    document = read_yaml(path)
    try:
        return Profile.model_validate(document.data)
    except ValidationError as error:
        problems = []
        for each in error.errors(include_url=False):
            _, problem = complaint(each, document.data, lambda keys: (str(path), document.line(*keys)))
            if each["type"] == "extra_forbidden":
                key, known = str(each["loc"][-1]), tuple(Profile.model_fields)
                said, listed = f"there is no key {key!r} here{nearest(key, known)}", ", ".join(known)
                problem = Problem(str(path), document.line(key), key, key, f"one of {listed}", said)
            problems.append(problem)
        raise BadInput(problems) from None


def _started(path: Path) -> contextlib.AbstractContextManager[Any]:
    """Start the cluster of a profile and ask it for its workers."""
    profile = read_profile(path)
    module, name = CLUSTERS[profile.kind]
    make = _of(module, name, str(path))
    try:
        cluster = make(**profile.options)
        cluster.scale(profile.workers)
    except Exception as error:
        why = f"{name} cannot be started: {type(error).__name__}: {error}".splitlines()[0]
        expected = f"keywords of {name}"
        raise BadInput(Problem(str(path), None, "options", "", expected, why)) from error
    return contextlib.closing(cluster)


def _of(module: str, name: str, said: str) -> Any:
    import importlib

    try:
        return getattr(importlib.import_module(module), name)
    except ImportError as error:
        message = f"needs a package that is not installed ({error.name or module})"
        expected = 'the extra `cluster`: pip install "omolab[cluster]"'
        raise BadInput(Problem(OPTION, None, "", said, expected, message)) from None


@cache
def _versions() -> dict[str, str]:
    from results.store import versions

    return versions()


def _there(
    ours: Mapping[str, str], function: Callable[[Job], Result], job: Job, place: tuple[int, int]
) -> Result:
    """Run a job on a worker that computes as the driver would."""
    theirs = _versions()
    apart = [f"{k} {theirs.get(k, 'absent')}, not {ours.get(k, 'absent')}" for k in sorted({*ours, *theirs})
             if ours.get(k) != theirs.get(k)]  # fmt: skip
    if apart:
        message = "a worker has other versions than this machine: its figures would differ"
        raise BadInput(Problem(OPTION, None, "", "; ".join(apart), "the same versions everywhere", message))
    return named(function, job, *place)


def _answer(task: Any, job: object, position: int, count: int) -> Any:
    """Return a finished task's result, or raise what went wrong in our words."""
    from distributed import KilledWorker

    if task.status in ("cancelled", "lost"):
        name = job_name(job, position, count)
        raise ClusterLost(f"the scheduler went away under {name}; finished runs are kept: start again")
    try:
        return task.result()
    except KilledWorker as error:
        said = "its workers died again and again (killed, or out of memory?)"
        raise WorkerDied(f"{job_name(job, position, count)}: {said}") from error
