"""A run's folder is complete or absent, and interrupted work is taken up again."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results import store
from results.files import fingerprint, plain, sha256, slug
from results.problems import BadInput

ROOT = Path(__file__).resolve().parents[2]


def begin(out: Path, *, seed: int = 7, inputs: dict | None = None, parameters: dict | None = None):
    return store.create(out, "run", "shop", inputs or {"plan": {"a": 1}}, parameters or {"draws": 3}, seed)


def partials(root: Path) -> list[Path]:
    folder = root / ".partial"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.exists() else []


def frame(number: float) -> pd.DataFrame:
    return pd.DataFrame({"draw": [number, number], "value": [0.5 * number, 2.0]})


def test_a_finished_run_holds_its_files_and_a_manifest_that_names_them(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("name: shop\n", encoding="utf-8")
    with begin(tmp_path / "runs" / "a", inputs={"plan": plan, "note": "text"}) as writer:
        assert not (tmp_path / "runs" / "a").exists()
        with writer.timing("simulate"):
            writer.table("kpis", frame(1))
        writer.table("fit/ensemble", frame(2))
        writer.json("backtest", {"x": math.nan, "n": np.int64(3)})
        writer.text("search/advice.yaml", "extends: shop\n")
    run = store.open_run(tmp_path / "runs" / "a")
    manifest = run.manifest
    assert manifest["status"] == "complete"
    assert (manifest["verb"], manifest["name"], manifest["seeds"]) == ("run", "shop", {"seed": 7})
    assert manifest["inputs"]["plan"] == {"path": str(plan), "sha256": sha256(plan)}
    assert {"python", "omolab", "numpy", "pandas", "sources"} <= set(manifest["versions"])
    assert {"simulate", "total"} <= set(manifest["timings"])
    assert set(manifest["files"]) == {
        "kpis.parquet",
        "fit/ensemble.parquet",
        "backtest.json",
        "search/advice.yaml",
    }
    assert manifest["files"]["kpis.parquet"]["sha256"] == sha256(run.path / "kpis.parquet")
    assert manifest["started"] <= manifest["finished"]
    assert run.tables() == ["fit/ensemble", "kpis"]
    pd.testing.assert_frame_equal(run.kpis, frame(1))
    assert run.json("backtest.json") == {"x": None, "n": 3}
    assert not (tmp_path / "runs" / ".partial").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_interrupted_work_stays_aside_and_is_taken_up_again(tmp_path: Path, error: type) -> None:
    out = tmp_path / "a"
    with pytest.raises(error), begin(out) as writer:
        writer.save_piece("plan/10", {"kpis": frame(10)})
        writer.save_piece("plan/9", {"kpis": frame(9), "daily": frame(90)})
        raise error
    assert not out.exists()
    (left,) = partials(tmp_path)
    assert not list(left.rglob("manifest.json"))
    with begin(tmp_path / "other name") as writer:
        assert writer.piece("plan/9") is not None
        assert writer.piece("plan/10") is not None
        assert writer.piece("plan/11") is None
        writer.save_piece("plan/1", {"kpis": frame(1)})
        assert writer.pieces("kpis")["draw"].tolist() == [1, 1, 9, 9, 10, 10]
        assert writer.pieces("daily")["draw"].tolist() == [90, 90]
        assert writer.pieces("nothing").empty
        writer.table("kpis", writer.pieces("kpis"))
    run = store.open_run(tmp_path / "other name")
    assert run.manifest["resumed_pieces"] == 2
    assert not list(run.path.rglob("pieces"))
    assert partials(tmp_path) == []


def test_other_inputs_do_not_take_up_the_work(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), begin(tmp_path / "a") as writer:
        writer.save_piece("x", {"kpis": frame(1)})
        raise KeyboardInterrupt
    for change in ({"seed": 8}, {"parameters": {"draws": 4}}, {"inputs": {"plan": {"a": 2}}}):
        with begin(tmp_path / f"b{len(str(change))}", **change) as writer:
            assert writer.piece("x") is None
    assert len(partials(tmp_path)) == 1


def test_a_changed_file_is_another_input_and_a_copy_the_same(tmp_path: Path) -> None:
    hashes = []
    for name, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with begin(tmp_path / f"run-{name}", inputs={"plan": tmp_path / name}) as writer:
            hashes.append(writer.root.name)
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_report_does_not_change_a_run_used_as_input(tmp_path: Path) -> None:
    with begin(tmp_path / "fit") as writer:
        writer.table("fit/ensemble", frame(1))
    before = sha256(tmp_path / "fit")
    with store.amend(tmp_path / "fit") as folder:
        folder.text("report.html", "<p>")
        folder.text("charts/odds.svg", "<svg/>")
    assert sha256(tmp_path / "fit") == before


@pytest.mark.parametrize("damage", ["truncate", "alter", "remove", "note"])
def test_a_damaged_piece_is_computed_again(tmp_path: Path, damage: str) -> None:
    with pytest.raises(KeyboardInterrupt), begin(tmp_path / "a") as writer:
        piece = writer.save_piece("x", {"kpis": frame(1)})
        raise KeyboardInterrupt
    table = piece / "kpis.parquet"
    if damage == "truncate":
        table.write_bytes(table.read_bytes()[:-9])
    elif damage == "alter":
        table.write_bytes(table.read_bytes().replace(b"PAR1", b"PAR2"))
    elif damage == "remove":
        table.unlink()
    else:
        (piece / "piece.json").write_text("{", encoding="utf-8")
    with begin(tmp_path / "a") as writer:
        assert writer.piece("x") is None
        assert writer.pieces("kpis").empty
        writer.save_piece("x", {"kpis": frame(2)})
        assert writer.pieces("kpis")["draw"].tolist() == [2, 2]


def test_pieces_do_not_depend_on_the_order_they_were_made_in(tmp_path: Path) -> None:
    tables = []
    for order in ((1, 2, 30, 4), (30, 4, 2, 1)):
        with begin(tmp_path / str(order[0])) as writer:
            for number in order:
                writer.save_piece(f"d{number}", {"kpis": frame(number)})
            writer.table("kpis", writer.pieces("kpis"))
        tables.append((tmp_path / str(order[0]) / "kpis.parquet").read_bytes())
    assert tables[0] == tables[1]


def test_a_taken_name_is_refused_before_any_work(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine", encoding="utf-8")
    for out in (full, full / "mine.txt", full / "mine.txt" / "below", tmp_path / ("x" * 300)):
        with pytest.raises(BadInput), begin(out):
            pytest.fail("work began")
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInput), begin(dangling):
        pytest.fail("work began")
    assert (full / "mine.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(BadInput, match="does not exist"), begin(tmp_path / "a", inputs={"plan": full / "no"}):
        pytest.fail("work began")


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with begin(tmp_path / "a") as writer:
        writer.table("kpis", frame(1))
    assert store.open_run(tmp_path / "a").has("kpis")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput), begin(tmp_path / "a"):
        pytest.fail("work began")


def test_a_name_taken_meanwhile_keeps_the_work(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the work is kept"), begin(tmp_path / "a") as writer:
        writer.save_piece("x", {"kpis": frame(1)})
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "theirs").write_text("", encoding="utf-8")
    with begin(tmp_path / "b") as writer:
        assert writer.piece("x") is not None


CHILD = """
import sys, time
from pathlib import Path
from results import store
store.versions = dict  # sources may be edited between the two processes
with store.create(Path(sys.argv[1]), "run", "shop", {"plan": {"a": 1}}, {"draws": 3}, 7) as writer:
    import pandas as pd
    writer.save_piece("x", {"kpis": pd.DataFrame({"draw": [5]})})
    print("at work", flush=True)
    time.sleep(60)
"""


def test_two_processes_do_not_work_on_the_same_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "versions", dict)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "a")], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "at work"
        with pytest.raises(BadInput, match=f"at work already in process {child.pid}"), begin(tmp_path / "b"):
            pytest.fail("work began")
        with begin(tmp_path / "c", seed=8) as writer:
            assert writer.piece("x") is None
    finally:
        child.kill()
        child.wait()
    with begin(tmp_path / "b") as writer:  # the dead process's lock is taken over, and its piece
        assert writer.piece("x") is not None


def test_a_refused_start_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput), begin(tmp_path / "a"):
        raise BadInput(())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../up", "/etc/x", "a/../../b", "", "..\\up"])
def test_names_do_not_lead_out_of_the_run(tmp_path: Path, name: str) -> None:
    with begin(tmp_path / "a") as writer:
        writer.table("kpis", frame(1))
        with pytest.raises(ValueError, match="inside the run"):
            writer.folder(name)


def test_amend_moves_in_whole_or_not_at_all(tmp_path: Path) -> None:
    with begin(tmp_path / "a") as writer:
        writer.table("kpis", frame(1))
        writer.text("charts/old.svg", "old")
    with pytest.raises(RuntimeError), store.amend(tmp_path / "a") as folder:
        folder.text("report.html", "half")
        raise RuntimeError
    assert not (tmp_path / "a" / "report.html").exists()
    with store.amend(tmp_path / "a") as folder:
        folder.text("report.html", "whole")
        folder.text("charts/new.svg", "new")
    run = store.open_run(tmp_path / "a")
    assert sorted(run.manifest["files"]) == ["charts/new.svg", "kpis.parquet", "report.html"]
    assert sorted(path.name for path in run.path.rglob("*") if path.is_file()) == [
        "kpis.parquet",
        "manifest.json",
        "new.svg",
        "report.html",
    ]
    assert not (tmp_path / ".partial").exists()


def test_runs_are_listed_opened_by_name_and_deleted(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    assert store.runs(root) == []
    for name in ("a", "b"):
        with begin(root / name) as writer:
            writer.table("kpis", frame(1))
    (root / "notes").mkdir()
    (root / "notes" / "manifest.json").write_text('{"status": "unfinished"}', encoding="utf-8")
    assert [run.name for run in store.runs(root)] == ["a", "b"]
    assert store.open_run("b", root).path == root / "b"
    store.delete("a", root)
    assert [run.name for run in store.runs(root)] == ["b"]
    (tmp_path / "link").symlink_to(root / "b")
    (root / "inside").symlink_to(root / "b")
    with begin(tmp_path / "elsewhere") as writer:
        writer.table("kpis", frame(1))
    for path in (root / "notes", tmp_path / "elsewhere", tmp_path / "link", root / "inside", root, "../x"):
        with pytest.raises(BadInput):
            store.delete(path, root)
    assert (root / "b" / "kpis.parquet").exists()
    assert (root / "notes").exists()


def test_a_folder_that_is_no_run_is_refused_by_name(tmp_path: Path) -> None:
    with begin(tmp_path / "20270101-run-shop") as writer:
        writer.table("kpis", frame(1))
    with pytest.raises(BadInput, match="did you mean '20270101-run-shop'"):
        store.open_run("20270101-run-shpo", tmp_path)
    with pytest.raises(BadInput, match="no table 'kpi'; did you mean 'kpis'"):
        store.open_run(tmp_path / "20270101-run-shop").read("kpi")


def test_default_names_are_safe_and_unused(tmp_path: Path) -> None:
    out = store.default_out("run", "../../etc/passwd <script>", tmp_path)
    assert out.parent == tmp_path
    assert out.name.endswith("-run-etc-passwd-script")
    assert store.default_out("run", "电商部", tmp_path).name.endswith("-run-电商部")
    assert slug("\u202e..") == "unnamed"
    out.mkdir()
    assert store.default_out("run", "../../etc/passwd <script>", tmp_path) != out


def test_csv_cells_are_shown_and_never_run(tmp_path: Path) -> None:
    hostile = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", None]
    table = pd.DataFrame({"=name": hostile, "number": [-1.5] * 8, "kind": pd.Categorical(["-a"] * 8)})
    store.to_csv(table, tmp_path / "t.csv")
    back = pd.read_csv(tmp_path / "t.csv", keep_default_na=False)
    assert list(back.columns) == ["'=name", "number", "kind"]
    assert [cell[:1] for cell in back["'=name"]] == ["'"] * 6 + ["p", ""]
    assert back["number"].tolist() == [-1.5] * 8
    assert set(back["kind"]) == {"'-a"}


def test_fingerprints_are_of_values_not_of_writing() -> None:
    assert fingerprint({"a": 1, "b": (1, 2)}) == fingerprint({"b": [1, 2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})
    assert plain({"when": pd.Timestamp("2027-01-01"), "x": np.array([1.0, math.inf])}) == {
        "when": "2027-01-01T00:00:00",
        "x": [1.0, None],
    }
    assert json.dumps(plain(np.float64(0.5)), allow_nan=False) == "0.5"


def test_a_run_whose_files_were_removed_is_never_called_complete(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with pytest.raises(RuntimeError, match="removed"), store.create(out, "run", "x", {}, {}, 1) as writer:
        writer.json("kept", {})
        writer.json("lost", {}).unlink()
    assert not out.exists()
