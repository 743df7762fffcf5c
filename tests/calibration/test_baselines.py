"""The baselines: what they promise of every series, and that each knows its own kind."""

import warnings

import numpy as np
import pandas as pd
import pytest

from calibration.baselines import BASELINES, PATHS, Forecast
from calibration.scales import scale_of
from calibration.selection import fill_gaps, predictive_aicc, season_waves, usable_season

MODELS = pytest.mark.parametrize("model", BASELINES)


def series(values: object, name: str = "online.revenue") -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), name=name)


def forecast(
    model: str, values: object, horizon: int = 6, season: int = 1, name: str = "x.revenue"
) -> Forecast:
    return BASELINES[model](series(values, name), horizon, season, np.random.default_rng(7))


def monthly(n: int, noise: float = 0.02) -> np.ndarray:
    t = np.arange(n)
    wave = 0.3 * np.sin(2 * np.pi * t / 12)
    return 100 * np.exp(0.01 * t + wave + noise * np.random.default_rng(1).normal(size=n))


@MODELS
def test_shapes_and_one_answer_per_seed(model: str) -> None:
    y = monthly(30)
    one, two = forecast(model, y, 5), forecast(model, y, 5)
    assert one.mean.shape == (5,)
    assert one.samples.shape == (PATHS, 5)
    np.testing.assert_array_equal(one.samples, two.samples)


@MODELS
@pytest.mark.parametrize(
    "values",
    [
        [5.0],
        [1.0, 2.0],
        [3.0, 1.0, 4.0, 1.0, 5.0],
        [7.0] * 20,
        [0.0] * 20,
        [0.0, 0.0, 4.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0],
        [*([np.nan] * 4), *range(1, 15), np.nan, *range(16, 22), np.nan],
        [-3.0, 4.0, 5.0, -1.0, 2.0, 6.0, -2.0, 3.0, 4.0, 1.0],
        [1e-9, 1e9] * 8,
    ],
    ids=["one", "two", "short", "constant", "zeros", "intermittent", "gaps", "negative", "wild"],
)
def test_no_series_breaks_a_baseline(model: str, values: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = forecast(model, values, 4)
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.samples).all()
    if np.nanmin(values) >= 0:
        assert (found.samples >= 0).all()
        assert (found.mean >= 0).all()


@MODELS
def test_nothing_known_is_refused(model: str) -> None:
    with pytest.raises(ValueError, match="no value"):
        forecast(model, [np.nan, np.nan])


@MODELS
def test_shares_stay_shares(model: str) -> None:
    share = 1 / (1 + np.exp(-np.linspace(-1, 4, 40)))
    found = forecast(model, share, 30, 4, "online.share")
    assert (found.samples > 0).all()
    assert (found.samples < 1).all()


@MODELS
def test_every_baseline_finds_a_season_given_two_of_it(model: str) -> None:
    y = monthly(60)
    found = forecast(model, y[:48], 12, 12)
    assert np.abs(found.mean - y[48:]).sum() / y[48:].sum() < 0.16


@MODELS
def test_without_two_seasons_it_is_the_form_without_season(model: str) -> None:
    y = monthly(23)
    with_season, without = forecast(model, y, 6, 12), forecast(model, y, 6, 1)
    np.testing.assert_array_equal(with_season.samples, without.samples)


@MODELS
def test_a_season_of_a_year_of_weeks_is_found(model: str) -> None:
    t = np.arange(160)
    y = 50 * np.exp(0.4 * np.sin(2 * np.pi * t / 52) + 0.05 * np.random.default_rng(0).normal(size=160))
    found = forecast(model, y[:134], 26, 52)
    assert np.abs(found.mean - y[134:]).sum() / y[134:].sum() < 0.08


@MODELS
def test_zeros_before_the_first_sale_say_nothing(model: str) -> None:
    y = monthly(20)
    with_zeros = forecast(model, np.concatenate([np.zeros(15), y]))
    np.testing.assert_allclose(with_zeros.mean, forecast(model, y).mean)


def test_seasonal_naive_repeats_the_last_season_and_widens_by_season() -> None:
    rng = np.random.default_rng(0)
    y = np.exp(np.tile([0.0, 1.0, 2.0, 1.0], 60) + 0.1 * rng.normal(size=240))
    found = forecast("seasonal_naive", y, 12, 4)
    np.testing.assert_allclose(found.mean, np.tile(y[-4:], 3))
    spread = np.log(found.samples).std(axis=0)
    sigma = np.sqrt(np.mean((np.log(y[4:]) - np.log(y[:-4])) ** 2))
    np.testing.assert_allclose(spread, sigma * np.sqrt(np.repeat([1, 2, 3], 4)), rtol=0.15)


def test_intervals_of_the_right_model_cover() -> None:
    """A random walk is what the naive form is about: nine in ten of the next four values lie inside."""
    inside = []
    for seed in range(60):
        y = np.exp(0.1 * np.random.default_rng(seed).normal(size=64).cumsum())
        found = BASELINES["seasonal_naive"](series(y[:60]), 4, 1, np.random.default_rng(seed))
        low, high = np.quantile(found.samples, [0.05, 0.95], axis=0)
        inside.append((low <= y[60:]) & (y[60:] <= high))
    assert 0.82 <= np.mean(inside) <= 0.97


def test_the_airline_series_is_within_reach_of_the_airline_model() -> None:
    """A series made by (0,1,1)(0,1,1)12 is forecast better by SARIMAX than by repeating last year."""
    rng = np.random.default_rng(5)
    e = 0.03 * rng.normal(size=200)
    w = e.copy()
    w[13:] += -0.4 * e[12:-1] - 0.6 * e[1:-12] + 0.24 * e[:-13]
    y = np.zeros(200)
    y[:13] = 0.3 * np.sin(np.arange(13) * 2 * np.pi / 12)
    for t in range(13, 200):
        y[t] = y[t - 1] + y[t - 12] - y[t - 13] + w[t]
    z = np.exp(y[60:])
    errors = {
        model: np.mean(
            [
                np.abs(forecast(model, z[:cut], 12, 12).mean - z[cut : cut + 12]).mean()
                for cut in (90, 110, 128)
            ]
        )
        for model in ("sarimax", "seasonal_naive")
    }
    assert errors["sarimax"] < errors["seasonal_naive"]


def test_forecast_refuses_shapes_that_do_not_belong_together() -> None:
    with pytest.raises(ValueError, match="expected"):
        Forecast(np.zeros(3), np.zeros((10, 4)))


def test_scales_invert_and_are_chosen_by_the_series() -> None:
    grown = np.exp(np.random.default_rng(0).normal(size=80).cumsum() * 0.2)
    counts = 1.0 + np.random.default_rng(0).poisson(np.linspace(1, 60, 80))
    kinds = {
        "log": (grown, "a.revenue"),
        "root": (counts, "repeat.orders"),
        "plain": (np.array([-1.0, 2.0, 3.0]), "a.revenue"),
        "share": (np.array([0.1, 0.2, 0.3]), "online.share"),
    }
    for kind, (values, name) in kinds.items():
        scale = scale_of(values, name)
        assert scale.kind == kind
        np.testing.assert_allclose(scale.back(scale.forward(values)), values, rtol=1e-9)


def test_no_path_runs_away() -> None:
    scale = scale_of(np.array([1.0, 2.0, 3.0, 5.0]), "a.revenue")
    assert scale.back(np.array([1e6]))[0] <= 5000.0 * (1 + 1e-9)


def test_two_full_seasons_make_a_season() -> None:
    assert usable_season(104, 52) == 52
    assert usable_season(103, 52) == 1
    assert usable_season(9, 1) == 1


def test_gaps_are_filled_from_last_season_else_along_the_line() -> None:
    y = np.array([1.0, 2.0, 3.0, np.nan, 5.0, np.nan])
    np.testing.assert_allclose(fill_gaps(y, 1), [1, 2, 3, 4, 5, 5])
    np.testing.assert_allclose(fill_gaps(y, 2), [1, 2, 3, 2, 5, 2])


def test_waves_are_found_beside_a_wandering_level() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(160)
    wave = np.sin(2 * np.pi * t / 52)
    count, found = season_waves(wave[:150] + 0.05 * rng.normal(size=150).cumsum(), 10, 52)
    assert count >= 2
    assert np.corrcoef(found[150:], wave[150:])[0, 1] > 0.9


def test_likelihoods_are_compared_over_the_same_values() -> None:
    class Fit:
        def __init__(self, terms: list[float], burn: int, parameters: int) -> None:
            self.llf_obs = np.array(terms)
            self.loglikelihood_burn = burn
            self.params = np.zeros(parameters)

    long, short = Fit([-9.0] * 4 + [-1.0] * 16, 1, 1), Fit([-1.0] * 20, 4, 1)
    one, two = predictive_aicc([long, short])
    assert one == pytest.approx(two)
    assert one == pytest.approx(2 + 2 * 16 + 4 / 14)
