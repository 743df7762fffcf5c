"""Jobs: any number of workers gives the same, what fails is named, what dies is run again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from results.problems import BadInput, Problem
from scenarios import executor
from scenarios.executor import JobFailed, Pool, WorkerDied, run_jobs

ROOT = Path(__file__).resolve().parents[2]


def square(number: int) -> int:
    return number * number


def divide(number: int) -> float:
    return 1 / number


def refuse(number: int) -> int:
    raise BadInput(Problem("plan", None, "x", str(number), "another", "is no good"))


def where(job: tuple[str, int]) -> tuple[int, str | None]:
    """Die at the first and second visit of job 2; tell who ran it and with how many threads."""
    folder, number = job
    mark = Path(folder) / f"{number}-{time.monotonic_ns()}"
    mark.touch()
    if number == 2 and len(list(Path(folder).glob("2-*"))) < 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid(), os.environ.get("OMP_NUM_THREADS")


def die(number: int) -> int:
    if number == 1:
        os._exit(3)
    return number


def test_few_jobs_stay_in_this_process() -> None:
    done = dict(run_jobs(square, [3, 1, 2], workers=4))
    assert done == {0: 9, 1: 1, 2: 4}
    with Pool(4) as pool:
        list(pool.run(square, range(50)))
        assert pool._executor is None


@pytest.mark.parametrize(
    ("seconds", "left", "before", "worth"),
    [(1.0, 9, 0.0, True), (1.0, 7, 0.0, False), (1.0, 7, 9.0, True), (99.0, 1, 99.0, False)],
)
def test_workers_are_spawned_when_it_pays(seconds: float, left: int, before: float, worth: bool) -> None:
    pool = Pool(2)
    pool._seconds = seconds
    assert pool._worth_it(left, before) is worth
    assert not Pool(1)._worth_it(100, 1000.0)


def test_what_a_job_raises_names_it() -> None:
    with pytest.raises(JobFailed, match=r"job 2 of 2 \(0\): ZeroDivisionError"):
        list(run_jobs(divide, [1, 0]))
    with pytest.raises(BadInput, match="is no good"):
        list(run_jobs(refuse, [1]))


def test_progress_counts_jobs() -> None:
    class Shown:
        def __init__(self) -> None:
            self.seen: list[object] = []

        def task(self, label: str, total: int | None = None) -> Shown:
            self.seen.append((label, total))
            return self

        def __enter__(self) -> Shown:
            return self

        def __exit__(self, *_: object) -> None:
            self.seen.append("end")

        def __call__(self, n: int = 1, note: str = "") -> None:
            self.seen.append(n)

    shown = Shown()
    list(run_jobs(square, [1, 2], progress=shown, label="squares"))
    assert shown.seen == [("squares", 2), 1, 1, "end"]


def test_a_dead_worker_is_replaced_and_its_jobs_are_run_again(tmp_path: Path) -> None:
    jobs = [(str(tmp_path), number) for number in range(4)]
    with Pool(2, spawn_after=0) as pool:
        done = dict(pool.run(where, jobs))
    assert sorted(done) == [0, 1, 2, 3]
    assert {threads for _, threads in done.values()} == {"1"}
    assert os.getpid() not in {process for process, _ in done.values()}
    assert len(list(tmp_path.glob("2-*"))) == 3


def test_a_job_that_kills_its_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "RETRIES", 0)
    with Pool(1, spawn_after=0) as pool, pytest.raises(WorkerDied, match=r"job 1 of 1 \(1\).*died 1 time"):
        pool._executor = pool._open()
        list(pool.run(die, [1]))


SCRIPT = """
import time
from scenarios.executor import run_jobs, Pool
with Pool(2, spawn_after=0) as pool:   # a script without a main guard
    for done in pool.run(time.sleep, [0.0, 600.0]):
        print("first", flush=True)
"""


@pytest.mark.skipif(os.name == "nt" or not shutil.which("ps"), reason="POSIX signals and ps")
def test_ctrl_c_ends_at_once_and_leaves_nobody_behind() -> None:
    script = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert script.stdout is not None
    assert script.stdout.readline() == "first\n"
    os.killpg(script.pid, signal.SIGINT)  # as a terminal does: to every process
    _, said = script.communicate(timeout=60)
    assert script.returncode != 0
    assert said.count("Traceback") == 1
    assert said.rstrip().endswith("KeyboardInterrupt")
    for _ in range(100):
        if not alive(script.pid):
            return
        time.sleep(0.1)
    raise AssertionError(f"still there: {alive(script.pid)}")


def alive(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid,stat,args"], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()[1:]]
    return [row[2] for row in rows if int(row[0]) == group and not row[1].startswith("Z")]
