"""Waves, emulator and sampler on simulators whose posterior is known, and on a history of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import reconstruction
from calibration.diagnostics import diagnosis
from calibration.emulator import learn
from calibration.fit import fit
from calibration.sampling import chains
from calibration.waves import Likelihood, widened
from scenarios.executor import Pool
from tests.calibration.histories import months, stored

LUCK = 0.1


def simulated(points: np.ndarray, seed: int = 1) -> np.ndarray:
    """Six statistics of two parameters, the last ones bent; a third parameter moves nothing."""
    x, y = points[:, 0], points[:, 1]
    clean = np.column_stack((x, y, x + y, x - 0.5 * y, x + 0.2 * x**2, y + 0.2 * x * y))
    return clean + LUCK * np.random.default_rng(seed).standard_normal(clean.shape)


@pytest.fixture(scope="module")
def cloud() -> np.ndarray:
    return np.random.default_rng(5).standard_normal((90, 3))


def test_an_emulator_knows_the_expectation_and_its_own_doubt(cloud: np.ndarray) -> None:
    found = learn(cloud, simulated(cloud))
    where = 0.8 * np.random.default_rng(6).standard_normal((200, 3))
    mean, doubt = found.both(where)
    off = mean - (simulated(where) - LUCK * np.random.default_rng(1).standard_normal((200, 6)))
    assert np.sqrt((off**2).mean()) < 0.06
    own = np.diagonal(doubt, axis1=1, axis2=2)
    assert 0.3 < (off**2 / own).mean() < 3.0
    assert found.luck[:4] == pytest.approx(np.full(4, LUCK), rel=0.35)
    far = np.diag(found.both(np.array([[6.0, 6.0, 0.0]]))[1][0])
    assert (far > 5 * own.mean(axis=0)).all()


def test_what_moves_nothing_is_known_to(cloud: np.ndarray) -> None:
    found = learn(cloud, simulated(cloud))
    assert found.relevance[:, 2].max() < 0.02 * found.relevance[:, 0].max()


def test_luck_of_statistics_goes_together_as_it_did(cloud: np.ndarray) -> None:
    common = np.random.default_rng(9).standard_normal((90, 1))
    found = learn(cloud, simulated(cloud)[:, :2] + 3 * LUCK * common)
    assert found.together[0, 1] > 0.5


def test_what_is_off_by_the_same_luck_is_doubted_together(cloud: np.ndarray) -> None:
    common = np.random.default_rng(9).standard_normal((90, 1))
    doubt = learn(cloud, simulated(cloud)[:, :2] + 3 * LUCK * common).both(cloud[:5])[1]
    apart = doubt[:, 0, 1] / np.sqrt(doubt[:, 0, 0] * doubt[:, 1, 1])
    assert (apart > 0.5).all()


def test_an_effect_that_levels_off_is_followed_where_it_does() -> None:
    """A rate's effect is flat where the rate is nearly nothing: a parabola would go on."""
    x = 1.2 * np.random.default_rng(4).standard_normal((150, 6))
    luck = 0.05 * np.random.default_rng(5).standard_normal((150, 2))
    answer = np.column_stack((-1.0 / (1.0 + np.exp(-2.5 * x[:, 0])), x[:, 1] - 0.3 * x[:, 2])) + luck
    found = learn(x, answer)
    where = np.zeros((2, 6))
    where[:, 0] = (-2.0, -1.2)
    low, lower = found.mean(where)[:, 0]
    assert abs(low - lower) < 0.08  # a parabola through the same points: 0.18
    assert found.shape.curve > 0.0


def test_chains_draw_what_they_are_given() -> None:
    covariance = np.array([[1.0, 0.8], [0.8, 2.0]])
    inverse, luck = np.linalg.inv(covariance), np.random.default_rng(3)
    drawn = chains(
        lambda x: -0.5 * np.einsum("ij,jk,ik->i", x, inverse, x), luck.standard_normal((64, 2)), 200, 20, luck
    )
    assert drawn.shape == (64 * 20, 2)
    assert np.cov(drawn.T) == pytest.approx(covariance, rel=0.25)
    assert np.abs(drawn.mean(axis=0)).max() < 0.2


def test_the_discrepancy_is_widened_where_the_market_cannot_repeat_and_only_there(cloud: np.ndarray) -> None:
    emulator, errors = learn(cloud, simulated(cloud)), np.full(6, 0.05)
    clean = simulated(np.array([[0.4, -0.3, 0.0]])) - LUCK * np.random.default_rng(1).standard_normal((1, 6))
    said = Likelihood(emulator, clean[0], errors)
    assert widened(said, np.zeros(3)).wider == 0.0
    odd = Likelihood(emulator, clean[0] + np.array([0.5, 0.5, -0.5, 0.5, -0.5, -0.5]), errors)
    assert widened(odd, np.zeros(3)).wider >= 0.15


def test_a_smooth_small_history_of_ones_own_is_not_called_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two channels, three years of months, a share that rises by and by."""
    monkeypatch.setattr(reconstruction, "AGENTS", 300)
    at = np.arange(36)
    share, total = 0.25 + 0.0042 * at, 280_000 * (1 + 0.1 * np.sin(at / 6 * np.pi))
    frame = pd.DataFrame({"date": months(36), "web": total * share, "shop": total * (1 - share)})
    tables = (
        "  sales: {file: s.csv, period: month, columns: {date: date}, "
        "channels: {online: {revenue: web}, store: {revenue: shop}}}\n"
    )
    case = reconstruction.reconstruct(stored(tmp_path, tables, {"s": frame}))
    with Pool(1) as pool:
        found = fit(case, pool, members=12, clouds=(0.8, 0.4))
    told = diagnosis(found)
    assert told["trust"] in ("yes", "care"), told["findings"]
    assert not [one for one in told["findings"] if one["about"] == "misfit" and one["n"] > 2]
