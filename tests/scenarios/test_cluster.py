"""Clusters: the same jobs on Dask's workers, whoever dies; what cannot work is refused by name."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from results.problems import BadInput, Problem
from scenarios import cluster
from scenarios.cluster import ClusterLost, ClusterPool, pool, read_profile
from scenarios.executor import JobFailed, Pool, WorkerDied, opened, run_jobs

pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]


def square(number: int) -> int:
    return number * number


def divide(number: int) -> float:
    return 1 / number


def refuse(number: int) -> int:
    raise BadInput(Problem("plan", None, "x", str(number), "another", "is no good"))


def fragile(job: tuple[str, int]) -> int:
    """Die at the first visit of job 3."""
    folder, number = job
    (Path(folder) / f"{number}-{time.monotonic_ns()}").touch()
    if number == 3 and len(list(Path(folder).glob("3-*"))) < 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    os._exit(3)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Two worker processes behind a scheduler of their own, by a profile."""
    profile = tmp_path_factory.mktemp("cluster") / "here.yaml"
    options = "{n_workers: 2, threads_per_worker: 1, processes: true, dashboard_address: null}"
    profile.write_text(f"kind: local\nworkers: 2\noptions: {options}\n", encoding="utf-8")
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), pool(1, str(profile)) as far:
        yield far


def test_a_cluster_takes_a_pools_place(workers: Pool) -> None:
    assert isinstance(workers, ClusterPool)
    with opened(workers) as same:
        assert same is workers
    assert dict(run_jobs(square, list(range(20)), workers)) == {n: n * n for n in range(20)}


def test_what_a_job_raises_comes_back_by_name(workers: Pool) -> None:
    with pytest.raises(JobFailed, match=r"job 2 of 2 \(0\): ZeroDivisionError"):
        list(workers.run(divide, [1, 0]))
    with pytest.raises(BadInput, match="is no good"):
        list(workers.run(refuse, [1]))


def test_a_killed_worker_loses_nothing(workers: Pool, tmp_path: Path) -> None:
    jobs = [(str(tmp_path), number) for number in range(8)]
    done = list(workers.run(fragile, jobs))
    assert sorted(done) == [(n, n) for n in range(8)]
    assert len(list(tmp_path.glob("3-*"))) == 2


def test_workers_of_other_versions_refuse(workers: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_versions", lambda: {"omolab": "0.0.0"})
    with pytest.raises(BadInput, match="other versions"):
        list(workers.run(square, [1]))


SCHEDULER = """
import asyncio, sys
from distributed import Nanny, Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address=None) as scheduler:
        async with Nanny(scheduler.address, nthreads=1, dashboard_address=None) as worker:
            print(scheduler.address, flush=True)
            await asyncio.sleep(600)
if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_scheduler_that_dies_is_told_and_ends_the_batch(tmp_path: Path) -> None:
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            with pool(1, address) as far, pytest.raises(ClusterLost, match="start again"):
                for position, _ in far.run(time.sleep, [0.01, 60.0, 60.0]):
                    assert position == 0
                    process.kill()
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_search_on_a_scheduler_comes_to_the_same_as_here(tmp_path: Path) -> None:
    from tests.scenarios.test_search import PLAN, searched, written

    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    plan = written(tmp_path, PLAN)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            assert process.stdout is not None
            with pool(1, process.stdout.readline().strip()) as far:
                there, _ = searched(tmp_path / "there", plan, workers=far, trials=6)
        finally:
            process.kill()
    here, _ = searched(tmp_path / "here", plan, trials=6)
    assert there == here


def test_a_dead_scheduler_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(BadInput, match="no scheduler answers"):
        pool(1, f"tcp://127.0.0.1:{port}")
    with pytest.raises(BadInput, match="no scheduler answers"):
        pool(1, "nonsense://x")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("kind: slrum\n", 1, "did you mean 'slurm'"),
        ("kind: local\nworker: 3\n", 2, "did you mean 'workers'"),
        ("kind: local\nworkers: 0\n", 2, "too small"),
        ("workers: 2\n", None, "'kind' is missing"),
        ("kind: local\noptions: {n_workers: two}\n", None, "LocalCluster cannot be started"),
    ],
)
def test_a_faulty_profile_is_refused_by_line(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words) as bad:
        pool(1, str(path))
    assert bad.value.problems[0].line == line


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.CLUSTERS, "slurm", ("no_such_package", "SLURMCluster"))
    path = tmp_path / "slurm.yaml"
    path.write_text("kind: slurm\nworkers: 4\noptions: {queue: day}\n", encoding="utf-8")
    assert read_profile(path).options == {"queue": "day"}
    with pytest.raises(BadInput, match=r"not installed \(no_such_package\).*omolab\[cluster\]"):
        pool(1, str(path))


def test_a_job_that_kills_its_workers_is_named(workers: Pool) -> None:
    with pytest.raises(WorkerDied, match=r"job 1 of 1 \(1\)"):
        list(workers.run(die, [1]))


def test_nothing_of_dask_is_loaded_unasked() -> None:
    code = (
        "import sys; from scenarios.cluster import pool; pool(1).close(); print('distributed' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "False\n"
