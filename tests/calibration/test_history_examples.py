"""The example mappings, on the real histories they name; skipped where these are absent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.experiments import evaluate, evaluations
from calibration.experiments.campaign_reading import read
from calibration.experiments.elasticities import PUBLISHED, elasticities, pooled, ranked
from calibration.experiments.halves import customers
from calibration.experiments.media import series_of
from calibration.experiments.uplift import differences
from calibration.history import History, draft, load_history
from calibration.series import acquisitions, cohorts, observed

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def example(data_dir: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> History:
    monkeypatch.setenv("OMOLAB_DATA", str(data_dir))
    return load_history(EXAMPLES / f"{request.param}.yaml")


@pytest.mark.parametrize("example", ["us_ecommerce"], indirect=True)
def test_us_ecommerce(example: History) -> None:
    seen = observed(example)
    assert (example.calendar.period, len(seen)) == ("quarter", 101)
    assert example.channels == ("online", "store")
    assert seen.loc["1999-10-01", "online.revenue"] == 4_476e6
    assert seen["online.revenue"].notna().all()
    assert seen["store.revenue"].last_valid_index() == seen["total.revenue"].last_valid_index()
    assert str(seen["total.revenue"].last_valid_index().date()) == "2024-01-01"
    assert 0.10 < seen.loc["2019-10-01", "online.share"] < 0.12
    assert example.drivers is not None
    assert example.drivers["value"].min() == pytest.approx(0.71)


@pytest.mark.parametrize("example", ["cdnow"], indirect=True)
def test_cdnow(example: History) -> None:
    seen = observed(example)
    assert len(seen) == 78
    assert seen["online.orders"].sum() == 6_919
    assert seen["repeat.orders"].sum() == 6_919 - 2_357
    assert len(cohorts(example)) == acquisitions(example).sum() == 2_357
    assert acquisitions(example).iloc[13:].sum() == 0  # all of them first bought in the first quarter


@pytest.mark.parametrize("example", ["uci_online_retail"], indirect=True)
def test_uci_online_retail(example: History) -> None:
    assert example.transactions is not None
    assert len(example.transactions) == 25_900
    assert len(observed(example)) == 53
    assert {"no customer", "negative", "partial period"} <= {issue.kind for issue in example.issues}


@pytest.mark.parametrize("example", ["mmm_multistore_retailer"], indirect=True)
def test_mmm_multistore_retailer(example: History) -> None:
    assert example.channels == ("store",)
    assert len(observed(example)) == 209
    assert example.media is not None
    assert example.media["source"].nunique() == 13


@pytest.mark.parametrize(
    "file",
    [
        "cdnow/cdnow_sample_1in10.csv",
        "hillstrom_email/hillstrom.csv",
        "mmm_multistore_retailer/mmm_weekly.csv",
        "us_ecommerce/us_ecommerce_quarterly.csv",
    ],
)
def test_drafts_of_real_files_read_back(data_dir: Path, tmp_path: Path, file: str) -> None:
    text = draft([data_dir / file], tmp_path)
    (tmp_path / "history.yaml").write_text(text)
    assert "# !" not in text
    assert load_history(tmp_path / "history.yaml").rows


@pytest.mark.parametrize("example", ["hillstrom_email"], indirect=True)
def test_hillstrom_email(example: History) -> None:
    table = example.experiment
    assert table is not None
    assert len(table) == 64_000
    assert set(table["group"]) == {"Mens E-Mail", "Womens E-Mail", "No E-Mail"}
    assert table.loc[table["group"] == "No E-Mail", "visit"].mean() == pytest.approx(0.1062, abs=1e-4)
    truth = differences(customers(example, 1), (), "No E-Mail", ("visit",)).set_index("arm")["truth"]
    assert truth["Mens E-Mail"] == pytest.approx(0.0766, abs=1e-3)


@pytest.mark.parametrize("example", ["dominicks_oj"], indirect=True)
def test_dominicks_oj(example: History) -> None:
    panel = example.evidence.panel
    assert panel is not None
    assert len(panel) == 106_139
    products = ranked(panel)
    assert len(products) == 11
    found = elasticities(panel, products[:3])
    low, _, high = PUBLISHED["own"]
    assert low < pooled(found.own, np.diag(found.price_se))[0] < high


@pytest.mark.parametrize("example", ["complete_journey"], indirect=True)
def test_complete_journey(example: History) -> None:
    tables = example.evidence.campaigns
    assert tables is not None
    assert (len(tables.campaigns), len(tables.targets)) == (27, 6_589)
    found = read(tables)
    assert len(found) > 15
    assert (found["naive"] > found["lift"]).all()  # who is sent campaigns buys more in any case


@pytest.mark.parametrize(
    ("example", "media"), [("robyn_dt", 6), ("meridian_national", 6)], indirect=["example"]
)
def test_made_up_media(example: History, media: int) -> None:
    assert example.evidence.synthetic
    assert evaluations(example) == ("media",)
    series = series_of(example)
    assert series.media.shape == (len(series.sales), media)
    assert np.isfinite(series.base).all()


@pytest.mark.parametrize("example", ["geo_experiment"], indirect=True)
def test_geo_experiment(example: History) -> None:
    found = evaluate(example, "geo")
    assert found.summary["iroas"].between(2.5, 3.5).all()  # both designs tell about the same
