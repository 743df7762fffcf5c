"""The gap between history and market: fading or staying by the data, honest about doubt, never explosive."""

import numpy as np
import pandas as pd
import pytest

from calibration.residuals import combine, fit, log_ratio, project


def noise(n: int, rng: np.random.Generator) -> np.ndarray:
    return 0.1 * rng.normal(size=n)


def reverting(n: int, rng: np.random.Generator) -> np.ndarray:
    y, e = np.zeros(n), noise(n, rng)
    for t in range(1, n):
        y[t] = 0.6 * y[t - 1] + e[t]
    return 0.3 + y


def walk(n: int, rng: np.random.Generator) -> np.ndarray:
    return noise(n, rng).cumsum()


def seasonal(n: int, rng: np.random.Generator) -> np.ndarray:
    return 0.3 * np.sin(np.arange(n) * np.pi / 2) + 0.4 * walk(n, rng)


@pytest.mark.parametrize("kind", [noise, reverting, walk, seasonal])
def test_ninety_per_cent_intervals_cover_about_ninety_per_cent(kind: object) -> None:
    inside = []
    for seed in range(24):
        y = kind(52, np.random.default_rng(seed))  # type: ignore[operator]
        paths = project(pd.Series(y[:40]), 12, 4, (seed,), 300)
        low, high = np.quantile(paths, [0.05, 0.95], axis=0)
        inside.append((low <= y[40:]) & (y[40:] <= high))
    assert 0.78 <= np.mean(inside) <= 0.98


def test_the_data_say_whether_a_gap_fades() -> None:
    rng = np.random.default_rng(2)
    fading = pd.Series(np.r_[noise(60, rng), 0.6])
    staying = pd.Series(np.r_[noise(30, rng), 0.6 + noise(30, rng)])
    assert abs(np.median(project(fading, 10, 1, (1,), 400)[:, -1])) < 0.15
    assert np.median(project(staying, 10, 1, (1,), 400)[:, -1]) > 0.3


def test_a_season_goes_on() -> None:
    y = np.tile([0.4, -0.1, -0.2, -0.1], 10) + noise(40, np.random.default_rng(0)) * 0.3
    centre = np.median(project(pd.Series(y), 8, 4, (1,), 300), axis=0)
    np.testing.assert_allclose(centre, [0.4, -0.1, -0.2, -0.1] * 2, atol=0.08)


def test_a_trend_dies_away() -> None:
    """Growth of 0.05 a quarter for ten years would make 2.7 x in twenty more quarters; the gap may not."""
    rng = np.random.default_rng(4)
    y = pd.Series(0.05 * np.arange(40) + 0.01 * rng.normal(size=40).cumsum())
    paths = project(y, 20, 4, (1,), 500)
    gain = np.median(paths, axis=0) - y.iloc[-1]
    assert 0.0 <= gain[-1] < 0.6
    assert gain[-1] - gain[-5] < gain[4] + 0.02
    assert np.quantile(np.abs(paths - y.iloc[-1]), 0.99) < 3.0


@pytest.mark.parametrize(
    ("values", "centre"), [([], 0.0), ([0.2], 0.2), ([0.1, 0.3], 0.2), ([0.5] * 12, 0.5), ([np.nan] * 9, 0.0)]
)
def test_few_or_constant_values_are_enough(values: list[float], centre: float) -> None:
    paths = project(pd.Series(values, dtype=float), 5, 4, (0,), 4000)
    assert paths.shape == (4000, 5)
    assert paths[:, 0].mean() == pytest.approx(centre, abs=0.03)


def test_gaps_are_no_obstacle() -> None:
    y = walk(30, np.random.default_rng(0))
    y[[3, 10, 11, 29]] = np.nan
    assert np.isfinite(project(pd.Series(y), 6, 4, (0,), 50)).all()


def test_paths_follow_their_key() -> None:
    y = pd.Series(walk(30, np.random.default_rng(0)))
    one, same, other = (project(y, 6, 1, key, 20) for key in [(1, "a"), (1, "a"), (1, "b")])
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_weights_and_level_describe_the_fit() -> None:
    y = pd.Series(walk(60, np.random.default_rng(0)))
    found = fit(y, 1)
    assert sum(found.weights.values()) == pytest.approx(1.0)
    assert found.weights["noise"] < 0.01
    assert np.corrcoef(found.level, y)[0, 1] > 0.95


@pytest.mark.parametrize("share", [False, True])
def test_a_gap_put_back_gives_the_history(share: bool) -> None:
    seen, said = np.array([0.2, 0.5, 0.7]), np.array([0.3, 0.4, 0.9])
    gap = log_ratio(seen, said, share)
    np.testing.assert_allclose(combine(said, gap, share), seen)
    paths = combine(said, np.random.default_rng(0).normal(0, 20, (50, 3)), share)
    assert np.isfinite(paths).all()
    assert not share or ((paths >= 0) & (paths <= 1)).all()


def test_no_sales_make_no_ratio() -> None:
    assert np.isnan(log_ratio([0.0, 1.0], [1.0, 0.0])).all()
