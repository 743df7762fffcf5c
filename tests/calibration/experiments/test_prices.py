"""Elasticities of a made-up panel whose law is known, and a shelf that shall answer like them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.experiments import evaluate, evaluations, shelf
from calibration.experiments.elasticities import PUBLISHED, elasticities, pooled, ranked
from calibration.experiments.shelf import Aim, calibrate, closed, solve
from calibration.history import load_history
from results.problems import BadInput

OWN, CROSS, DEAL = np.array([-2.0, -3.0, -2.5]), 0.3, 0.25


def panel(stores: int = 12, weeks: int = 50) -> pd.DataFrame:
    """Sales by a log-log law with effects of stores and of weeks, which move prices too."""
    luck = np.random.default_rng(3)
    season, rows = 0.4 * luck.standard_normal(weeks), []
    for store in range(stores):
        size = luck.standard_normal()
        logs = 0.1 * luck.standard_normal((weeks, 3)) + 0.1 * season[:, None]
        deal = (luck.random((weeks, 3)) < 0.2).astype(float)
        for k in range(3):
            price = np.full(3, CROSS)
            price[k] = OWN[k]
            units = 3.0 - k + size + season + logs @ price + DEAL * deal[:, k]
            units = np.exp(units + 0.1 * luck.standard_normal(weeks))
            for week in range(weeks):
                rows.append((store, f"b{k}", week, units[week], deal[week, k], *np.exp(logs[week])))
    names = ["store", "brand", "week", "units", "deal", "price_b0", "price_b1", "price_b2"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel")
    panel().to_csv(folder / "panel.csv", index=False)
    columns = 'product: brand, store: store, period: week, units: units, price: "price_{product}", deal: deal'
    text = f"name: panel\ncurrency: EUR\ntables:\n  panel: {{file: panel.csv, columns: {{{columns}}}}}\n"
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return folder / "history.yaml"


def test_a_panel_s_law_is_recovered(history: Path) -> None:
    table = load_history(history).evidence.panel
    assert table is not None
    assert ranked(table) == ("b0", "b1", "b2")
    found = elasticities(table, ("b0", "b1", "b2"))
    assert np.abs((found.own - OWN) / np.diag(found.price_se)).max() < 3.5
    assert np.nanmax(np.abs((found.cross - CROSS) / found.price_se)) < 3.5
    assert np.abs((found.deal - DEAL) / found.deal_se).max() < 3.5
    assert found.bump == pytest.approx(OWN * np.log(0.8) + DEAL, abs=0.06)


def test_pooling_finds_the_spread_between() -> None:
    luck = np.random.default_rng(1)
    truth = 1.0 + 0.5 * luck.standard_normal(400)
    mean, _, spread = pooled(truth + 0.2 * luck.standard_normal(400), np.full(400, 0.2))
    assert (mean, spread) == (pytest.approx(1.0, abs=0.1), pytest.approx(0.5, abs=0.08))
    assert pooled(1.0 + 0.2 * luck.standard_normal(400), np.full(400, 0.2))[2] < 0.12


def test_the_closed_form_gives_back_what_was_aimed_at() -> None:
    for wanted, kept in ((0.6, True), (0.15, False), (1.26, False)):
        aim = Aim(OWN, wanted, 0.6, np.array([0.5, 0.3, 0.2]))
        slope, bought, nest = solve(aim, 0.6)
        assert (nest == 0.6) == kept  # else no share that buys gives it, and the nest has to
        own, cross = closed(slope, aim.share, bought, nest)
        assert own == pytest.approx(OWN)
        assert cross == pytest.approx(wanted, abs=0.02)


def test_a_shelf_answers_as_aimed() -> None:
    aim = Aim(OWN, 0.5, 0.65, np.array([0.4, 0.35, 0.25]))
    _, answer = calibrate(aim, 1, agents=6_000)
    assert answer.own == pytest.approx(OWN, rel=0.2)
    assert answer.cross == pytest.approx(0.5, abs=0.15)
    assert answer.bump.mean() == pytest.approx(0.65, rel=0.25)
    assert answer.share == pytest.approx(aim.share, abs=0.05)
    assert (answer.price - np.diag(answer.own) > -0.05).all()  # what one loses the others do not lose too


def test_a_panel_is_evaluated(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ROUNDS", 1)
    monkeypatch.setattr(shelf, "AGENTS", 1_000)
    loaded = load_history(history)
    assert evaluations(loaded) == ("prices",)
    found = evaluate(loaded, "prices")
    table = found.tables["elasticities"]
    assert len(table) == 3 * 2 + 6
    assert table.loc[table["product"] == "b1", "history_within"].iloc[0]
    assert found.document()["summary"][0]["published"] == PUBLISHED["own"][1]


def test_a_panel_names_units_once(history: Path) -> None:
    text = history.read_text(encoding="utf-8").replace("units: units,", "")
    (history.parent / "none.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="no units"):
        load_history(history.parent / "none.yaml")
    text = history.read_text(encoding="utf-8").replace("price_{product}", "cost_{product}")
    (history.parent / "wrong.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="cost_b0"):
        load_history(history.parent / "wrong.yaml")
