"""Studies shared by several searches in PostgreSQL, and refused where only one can work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from results.problems import BadInput
from scenarios.sharing import held

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> str | None:
    """Return a tool of PostgreSQL, on the path or where Debian puts it."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a private server, which listens on a socket alone."""
    pytest.importorskip("psycopg")
    initdb, control = tool("initdb"), tool("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed (initdb, pg_ctl)")
    as_user: list[str] = []
    folder = Path("/tmp") / f"omolab-pg-{os.getpid()}"  # a socket's path must be short
    folder.mkdir(mode=0o755)
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # the server refuses to run as root
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no runuser")
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")

    def call(*line: str) -> None:
        subprocess.run([*as_user, *line], check=True, cwd="/", stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    try:
        call(initdb, "-D", data, "-U", "tester", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        call(control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql://tester@/postgres?host={folder}"
    finally:
        subprocess.run([*as_user, control, "-D", data, "-m", "immediate", "stop"], cwd="/", check=False)
        shutil.rmtree(folder, ignore_errors=True)


DRIVER = """
    import sys, time
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    import test_search as made
    from results import store
    store.versions = dict

    def slow(*args):
        time.sleep({pause})
        print("run", flush=True)
        return made.market(*args)

    if __name__ == "__main__":
        folder = Path(sys.argv[1])
        folder.mkdir()
        plan = made.written(folder, made.PLAN)
        result, run = made.searched(folder / "out", plan, storage=sys.argv[2], trials=8, simulate=slow)
        print("told", result.trials["told"], flush=True)
"""


def driver(tmp_path: Path, name: str, storage: str, pause: float) -> subprocess.Popen[str]:
    script = tmp_path / f"{name}.py"
    text = DRIVER.format(tests=str(ROOT / "tests" / "scenarios"), pause=pause)
    script.write_text(textwrap.dedent(text), encoding="utf-8")
    line = [sys.executable, str(script), str(tmp_path / name), storage]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_several_searches_share_a_study_and_outlive_one_that_is_killed(tmp_path: Path, server: str) -> None:
    import optuna

    killed = driver(tmp_path, "killed", server, 0.2)
    assert killed.stdout is not None
    for _ in range(8):  # the references are measured, the first trial is at work
        assert killed.stdout.readline() == "run\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    both = [driver(tmp_path, name, server, 0.02) for name in ("one", "two")]
    try:
        said = [process.communicate(timeout=600)[0] for process in both]
    finally:
        for process in both:
            process.kill()
    assert [process.returncode for process in both] == [0, 0]
    counts = [int(each.splitlines()[-1].split()[1]) for each in said]
    url = server.replace("postgresql:", "postgresql+psycopg:")
    (name,) = optuna.study.get_all_study_names(url)
    study = optuna.load_study(study_name=name, storage=url)
    states = [trial.state.name for trial in study.trials]
    assert "RUNNING" not in states
    assert states.count("COMPLETE") == counts[0] == counts[1] == 8
    assert states.count("FAIL") == 1  # the killed search's
    drivers = {trial.user_attrs["driver"] for trial in study.trials if trial.state.name == "COMPLETE"}
    assert len(drivers) == 2
    asked = [tuple(trial.params.items()) for trial in study.trials if trial.state.name == "COMPLETE"]
    assert len(set(asked)) == 7  # this plan as written is what is done today


def test_a_database_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with (
        pytest.raises(BadInput, match="cannot be used") as bad,
        held(f"postgresql://me:secret@/nowhere?host={tmp_path}", "study"),
    ):
        pass
    assert "secret" not in str(bad.value)
    assert bad.value.problems[0].file == "--storage"


def test_a_file_takes_one_search_at_a_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'search.db'}"
    with held(url, "study"):
        with pytest.raises(BadInput, match="the same search is at work already"), held(url, "study"):
            pass
        with held(url, "another"):
            pass
    with held(url, "study") as hold:
        assert not hold.shared


def test_other_storages_are_refused() -> None:
    with pytest.raises(BadInput, match="SQLite or PostgreSQL"), held("mysql://root@here/x", "study"):
        pass
