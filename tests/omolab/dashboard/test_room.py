"""What a dashboard offers, refuses and keeps to itself."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from omolab import desk
from omolab.cli import app
from omolab.dashboard import background
from omolab.dashboard.room import Room
from omolab.dashboard.server import listen
from results import store
from results.files import plain
from results.problems import BadInput
from scenarios.horizon import with_horizon
from scenarios.plan import bundled, load_plan, with_overrides
from scenarios.plan.overrides import written

SMALL = {"title": "Ours", "market.customers": 60}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder: two runs that keep their plan, and one that has nothing to move."""
    root = tmp_path_factory.mktemp("results")
    plan = with_overrides(with_horizon(load_plan("ecommerce_dept"), 12), SMALL)
    for name in ("older", "newer"):
        with store.create(root / name, "run", "ours", {"name": name}, {}, 1) as writer:
            writer.table("fit/ensemble", pd.DataFrame({"draw": [0], "switching": [3.0]}))
            desk.about_plan(writer, plan, {"say": "question.run"})
        time.sleep(1.1)  # runs are told apart by the second they began in
    with store.create(root / "bare", "sweep", "ours", {}, {}, 1) as writer:
        writer.table("kpis", pd.DataFrame({"kpi": ["orders"]}))
    return root


@pytest.mark.parametrize("name", bundled())
def test_a_run_keeps_its_plan_whole(name: str) -> None:
    plan = load_plan(name)
    kept = SimpleNamespace(json=lambda name: plain(written(plan)))
    assert desk.plan_of(kept) == plan  # type: ignore[arg-type]


def test_a_plan_that_no_longer_loads_is_none() -> None:
    kept = SimpleNamespace(json=lambda name: {"name": "x", "months": "many"})
    assert desk.plan_of(kept) is None  # type: ignore[arg-type]


def test_the_newest_run_comes_first_and_bundled_plans_last(results: Path) -> None:
    keys = [source.key for source in Room(results).sources]
    assert keys == ["run newer", "run older", *(f"plan {name}" for name in bundled())]


def test_what_is_asked_for_comes_first(results: Path) -> None:
    assert Room(results, Path("older")).sources[0].key == "run older"
    room = Room(results, plan="online_mall")
    assert (room.sources[0].plan.name, room.sources[0].run) == ("online_mall", None)


def test_without_any_run_there_are_the_bundled_plans(tmp_path: Path) -> None:
    room = Room(tmp_path / "nothing")
    assert [source.run for source in room.sources] == [None] * len(bundled())
    assert room.stored() == [] and not (tmp_path / "nothing").exists()


def test_a_run_without_plan_or_parameters_is_refused(results: Path) -> None:
    with pytest.raises(BadInput, match="levers"):
        Room(results, Path("bare"))


def test_quick_looks_use_the_runs_own_draws(results: Path) -> None:
    room = Room(results, Path("newer"))
    quick = room.quick("run newer")
    assert [future.values for future in quick.futures[:1]] == [{"switching": 3.0}]
    assert quick.customers == 60
    assert room.quick("run newer") is quick
    room.close()


def test_a_full_run_lands_in_the_results_folder_with_the_moved_plan(results: Path) -> None:
    room = Room(results, Path("newer"))
    before = {path.name for path in results.iterdir()}
    work = room.send("run newer", {"promotion.depth": 0.2}, "moves")
    deadline = time.monotonic() + 400
    while work.status == "running" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert (work.status, work.why) == ("done", "")
    (new,) = {path.name for path in results.iterdir()} - before - {".partial"}
    run = store.open_run(results / new)
    assert set(run.kpis["scenario"]) == {"status_quo", "plan", "what_if"}
    assert (run.path / "report.html").is_file()
    assert room.stored()[0].name == new


def test_levers_that_cannot_stand_together_start_nothing(results: Path) -> None:
    room = Room(results, Path("newer"))
    with pytest.raises(BadInput):
        room.send("run newer", {"split.marketing": 0.9, "split.technology": 0.9}, "")
    assert room.works == []


def test_a_run_is_stopped_and_one_that_fails_says_why(results: Path, tmp_path: Path) -> None:
    source = Room(results, Path("newer")).sources[0]
    fit = results / "newer"
    order = background.Order(source.plan, ("plan",), fit, tmp_path / "out", 1, 1, "en")
    work = background.start(order)
    work.stop()
    assert work.status == "stopped"
    (tmp_path / "taken").write_text("in the way")
    bad = background.start(background.Order(source.plan, ("plan",), fit, tmp_path / "taken", 1, 1, "en"))
    deadline = time.monotonic() + 100
    while bad.status == "running" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert bad.status == "failed" and "taken" in bad.why
    assert not (tmp_path / "out").exists()


def test_a_taken_port_and_a_foreign_address_are_bad_input() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        for host, port in (("127.0.0.1", other.getsockname()[1]), ("203.0.113.7", 0), ("127.0.0.1", 99_999)):
            with pytest.raises(BadInput, match="--port"):
                listen(host, port)


def test_an_unknown_run_ends_with_two(results: Path) -> None:
    pytest.importorskip("solara", reason="solara is not installed (extra dashboard)")
    said = CliRunner().invoke(app, ["dashboard", "nowhere", "--out", str(results), "--port", "0"])
    assert said.exit_code == 2
    assert "nowhere" in said.stderr


def test_without_the_extra_the_command_that_installs_it_is_told() -> None:
    code = (
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'solara' else find(name, *rest)\n"
        "from omolab.cli import app; app(['dashboard'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "omolab[dashboard]" in done.stderr
