"""Other tools on our market and studies: Mesa's batch_run, optuna-dashboard."""

from __future__ import annotations

import inspect
import json
import multiprocessing
from pathlib import Path
from typing import Any

import mesa
import pytest

from sim.market import Market


def test_mesas_batch_run_works_on_the_market() -> None:
    parameters = {"customers": 50, "days": 3, "discount": [0.0, 0.2], "collect": True}
    options: dict[str, Any] = {"number_processes": 1, "data_collection_period": 1, "display_progress": False}
    options |= {"max_steps": 10}
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # Mesa 3.5 on
        options |= {"rng": [None]}
    else:
        options |= {"iterations": 1}
    before = multiprocessing.get_start_method(allow_none=True)
    rows = mesa.batch_run(Market, parameters, **options)
    assert {row["discount"] for row in rows} == {0.0, 0.2}
    assert all({"orders", "visits"} <= set(row) for row in rows)
    assert multiprocessing.get_start_method(allow_none=True) == before


def test_optuna_dashboard_opens_a_searchs_journal_as_it_is(tmp_path: Path) -> None:
    dashboard = pytest.importorskip("optuna_dashboard")
    from optuna.storages.journal import JournalFileBackend, JournalStorage

    from tests.scenarios.test_search import PLAN, searched, written

    _, run = searched(tmp_path / "out", written(tmp_path, PLAN), trials=2)
    backend = JournalFileBackend(str(run.path / "search" / "journal.log"))
    answered: list[str] = []
    environment = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/studies", "wsgi.errors": None}
    app = dashboard.wsgi(JournalStorage(backend))
    body = b"".join(app(environment, lambda status, *_: answered.append(status)))
    assert answered == ["200 OK"]
    (study,) = json.loads(body)["study_summaries"]
    assert study["study_name"].startswith("corner_shop-")
