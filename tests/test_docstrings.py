"""Examples in docstrings are run: what they show is what comes."""

from __future__ import annotations

import doctest
import importlib
from datetime import date
from pathlib import Path

import matplotlib
import pandas as pd
import pytest

import omolab
from results.store import Run
from scenarios.horizon import with_horizon
from scenarios.plan import load_plan, with_overrides

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("sim", "results", "scenarios", "calibration", "omolab")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if "runs" not in path.parts and ">>> " in path.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small run, which examples call ``run``."""
    from results.store import create

    root = tmp_path_factory.mktemp("runs")
    with create(root / "fit", "calibrate", "small", {}, {}, 1) as writer:
        writer.table("fit/ensemble", pd.DataFrame({"draw": [0, 1], "switching": [2.5, 3.5]}))
    target = {"kpi": "conversion", "value": 0.02, "by": date(2027, 12, 31), "group": "growth"}
    changed = {"market.customers": 100, "targets": [target]}
    plan = with_overrides(with_horizon(load_plan("ecommerce_dept"), 12), changed)
    return omolab.run(plan, fit=root / "fit", replicates=1, threads=1, out=root / "small")


@pytest.mark.parametrize("name", MODULES)
def test_examples_do_what_they_show(name: str, run: Run) -> None:
    matplotlib.use("agg")
    module = importlib.import_module(name)
    found = doctest.testmod(module, extraglobs={"run": run})
    assert found.attempted > 0
    assert found.failed == 0


def test_a_run_says_what_it_holds_and_what_it_lacks(run: Run) -> None:
    assert repr(run).startswith("<run 'small' of ecommerce_dept: ")
    table = run.summary()
    assert set(table["scenario"]) >= {"status_quo", "plan"}
    assert table["odds"].dropna().between(0, 1).all()
    assert run.plot("differences").axes
    with pytest.raises(omolab.BadInput, match="did you mean"):
        run.plot("diferences")
