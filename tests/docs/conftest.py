"""A place to try the documentation's examples in: few agents, few draws, half a year, on the real road."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import calibration.fit as fitting
import results.report
import scenarios.plan
import scenarios.search
from calibration import candidates
from calibration import forecast as forecasting
from calibration.anchors import guess
from calibration.backtest import by_series
from calibration.fit import fit
from omolab import api, demonstration, desk
from results.problems import BadInput
from scenarios.horizon import with_horizon
from scenarios.plan import Plan, bundled, load_plan, with_overrides
from tests.docs.pages import ROOT

CUSTOMERS, MONTHS = 120, 3
PLAN = "ecommerce_dept"


def shortened(given: Any) -> Plan:
    """Return a plan as the examples live it: half a year, few customers, targets due at its end."""
    whole = load_plan(given)
    plan = with_overrides(with_horizon(whole, MONTHS), {"market.customers": CUSTOMERS})
    targets = [
        {"kpi": one.kpi, "value": 0.1, "by": plan.end, "group": one.group} for one in whole.targets[:3]
    ]
    plan = with_overrides(plan, {"targets": targets})
    scenarios = dict(plan.scenarios)
    for name, changes in whole.scenarios.items():
        try:
            plan = with_overrides(plan, {"scenarios": {**scenarios, name: changes}})
        except BadInput:
            continue  # it speaks of what lies beyond
        scenarios[name] = changes
    return plan


def wander(gap: pd.Series, horizon: int, *_: Any) -> np.ndarray:
    """Return paths about a gap's last value, in place of the statistical models, which take long."""
    return float(gap.dropna().iloc[-1]) + 0.1 * np.random.default_rng(0).normal(size=(400, horizon))


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """Make every verb take seconds."""
    search, write_report = scenarios.search.search, results.report.write_report

    def report(path: Path, lang: str = "en", pictures: bool = False) -> Path:
        """Write a real page where a page of the documentation asks for one in Chinese: charts take long."""
        page = Path(path) / "report.html"
        if lang == "zh":
            return write_report(path, lang)
        page.write_text("a report", encoding="utf-8")
        return page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios.plan, "load_plan", shortened)
        patch.setattr(results.report, "write_report", report)
        patch.setattr(desk, "DRAWS", 2)
        patch.setattr("omolab.verbs.futures.REPLICATES", 1)
        for name, size in (("AGENTS", 150), ("CUSTOMERS", CUSTOMERS), ("REPLICATES", 1), ("TRIALS", 2)):
            patch.setattr(demonstration, name, size)
        patch.setattr(
            fitting, "fit", lambda case, pool, seed=1, *_, **__: fit(case, pool, seed, 3, (0.2,), rounds=0)
        )
        patch.setattr(fitting, "guess", functools.partial(guess, rounds=1))
        patch.setattr(forecasting, "fit", lambda case, pool, seed, *_: fit(case, pool, seed, 3, (0.2,)))
        patch.setattr("calibration.moments.cloud_size", lambda parameters: 6)
        patch.setattr("calibration.living.LIVED", 2)
        patch.setattr("calibration.living.SHARES_LIVED", 2)
        patch.setattr("calibration.starting_point.AGENTS", 150)
        patch.setattr("calibration.reconstruction.AGENTS", 150)
        patch.setattr(scenarios.search, "search", functools.partial(search, panel=1, fresh=1, explain=False))
        naive = {"seasonal_naive": functools.partial(by_series, "seasonal_naive")}
        patch.setattr("calibration.backtest.baseline_forecasters", lambda history: naive)
        patch.setattr("calibration.living.project", wander)
        for models in ("project", "carried_on"):
            patch.setattr(candidates, models, wander)
        patch.setattr(candidates, "LEANT_ON", ("seasonal_naive",))
        patch.setenv("MPLBACKEND", "agg")
        yield


@pytest.fixture(scope="module")
def prepared(small: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like a copy of the repository, with the runs that pages begin with."""
    from results.store import create

    root = tmp_path_factory.mktemp("copy")
    for inner in ("calibration/reference_retailer", "examples/sweeps"):
        shutil.copytree(ROOT / inner, root / inner)
    runs = root / "results" / "runs"
    with create(runs / "fit", "calibrate", "fit", {}, {}, 1) as writer:
        writer.table("fit/ensemble", pd.DataFrame({"draw": [0, 1], "switching": [2.5, 3.5]}))
    api.run(PLAN, ["plan"], fit=runs / "fit", replicates=1, threads=1, out=runs / "mine")
    for name in ("other", *bundled()):  # the tutorial's runs of the five plans, which take minutes each
        shutil.copytree(runs / "mine", runs / name)
    return root


@pytest.fixture
def place(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, with the test standing there."""
    shutil.copytree(prepared, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"
