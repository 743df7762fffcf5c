"""Forecasts of a history's own series by the market and what it leaves unexplained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import candidates, living
from calibration.baselines import Forecast
from calibration.fit import Fit, fit
from calibration.forecast import PATHS, forecast, market_forecaster
from calibration.history import Calendar, History
from calibration.living import coming_customers, simulate_series
from calibration.reconstruction import reconstruct
from calibration.series import acquisitions, observed
from scenarios.executor import Pool
from sim.customers.exchange import LIST_SALES, ORDERS
from sim.market import Market
from sim.parameters import to_scale
from sim.setup import Setup
from tests.calibration.histories import buyers, log, months, quarters, stored, two_channels

CARRIED_ON = candidates.carried_on
HORIZON = 4
SHUT = "2022-02"  # the second month ahead
LIKELY = {
    "appeal.online": -0.5,
    "appeal.store": -1.5,
    "appeal.marketplace": -1.0,
    "appeal.Online": -0.5,
    "initial_aware": 0.9,
    "pull.direct": 0.6,
    "need_rate": 0.1,
}


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Three small lives, and gaps that stay about their recent mean: the models have their own tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(living, "LIVED", 3)
        patch.setattr(living, "SHARES_LIVED", 3)
        patch.setattr("calibration.reconstruction.AGENTS", 400)
        patch.setattr(living, "project", lambda gap, horizon, season, key, n: walk(gap, horizon, key))
        patch.setattr(candidates, "project", lambda gap, horizon, season, key, n: walk(gap, horizon, key))
        patch.setattr(candidates, "carried_on", lambda gap, horizon, season, key: walk(gap, horizon, key))
        patch.setattr(candidates, "LEANT_ON", ("seasonal_naive",))
        yield


def walk(gap: pd.Series, horizon: int, key: tuple[int, str]) -> np.ndarray:
    recent = gap.dropna().iloc[-6:]
    rng = np.random.default_rng([key[0], *key[1].encode()])
    return float(recent.mean()) + float(recent.std()) * rng.normal(size=(PATHS, horizon))


def made(history: History, seed: int = 1, members: int = 3, horizon: int = HORIZON) -> dict[str, Forecast]:
    """Forecast a history with a quick, unfitted ensemble."""
    with Pool(1) as pool:
        case = reconstruct(history)
        likely = [to_scale(LIKELY.get(p.name, p.default), p.scale) for p in case.prior.parameters]
        draws = likely + 0.1 * case.prior.spread() * np.linspace(-1, 1, members)[:, None]
        fitted = Fit(case, draws, np.zeros((members, len(case.statistics))), (), seed)
        return forecast(history, fitted, horizon, pool, seed)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> History:
    return two_channels(tmp_path_factory.mktemp("shop"), 24, orders=True)


@pytest.fixture(scope="module")
def shop_forecast(shop: History, quick: None) -> dict[str, Forecast]:
    return made(shop)


def test_every_observed_series_is_forecast_and_no_other(
    shop: History, shop_forecast: dict[str, Forecast]
) -> None:
    assert list(shop_forecast) == list(observed(shop))
    assert {"online.orders", "store.orders", "online.share"} <= set(shop_forecast)
    for one in shop_forecast.values():
        assert one.mean.shape == (HORIZON,) and one.samples.shape == (PATHS, HORIZON)
        assert np.isfinite(one.samples).all() and (one.samples >= 0).all()


def test_channels_add_up_to_their_total_on_every_path(shop_forecast: dict[str, Forecast]) -> None:
    for measure in ("revenue", "orders"):
        parts = shop_forecast[f"online.{measure}"].samples + shop_forecast[f"store.{measure}"].samples
        assert parts == pytest.approx(shop_forecast[f"total.{measure}"].samples)
    share = shop_forecast["online.share"].samples
    assert ((share > 0) & (share < 1)).all()
    online = shop_forecast["total.revenue"].samples * share
    assert online == pytest.approx(shop_forecast["online.revenue"].samples)


def test_the_point_forecast_is_the_median_of_the_paths(shop_forecast: dict[str, Forecast]) -> None:
    for one in shop_forecast.values():
        assert one.mean == pytest.approx(np.median(one.samples, axis=0))


def test_a_flat_series_is_forecast_flat(shop: History, shop_forecast: dict[str, Forecast]) -> None:
    level = float(observed(shop)["total.revenue"].mean())
    total = shop_forecast["total.revenue"]
    assert total.mean == pytest.approx(level, rel=0.25)  # three small markets are noisy ones
    assert abs(np.log(total.mean[-1] / total.mean[0])) < 0.15
    low, high = np.quantile(total.samples, (0.05, 0.95), axis=0)
    assert ((low < level) & (level < high)).all()
    assert shop_forecast["online.share"].mean == pytest.approx(0.3, abs=0.09)


def test_it_is_the_same_for_one_seed_and_differs_by_seed(tmp_path: Path) -> None:
    plain = two_channels(tmp_path, 24)
    again, other = made(plain), made(plain, seed=2)
    assert len(again) == 4
    first = made(plain)
    assert all(np.array_equal(first[name].samples, again[name].samples) for name in first)
    assert not np.array_equal(other["total.revenue"].samples, again["total.revenue"].samples)


def test_a_shut_store_ahead_lowers_the_store_and_raises_the_online_share(
    tmp_path: Path, shop_forecast: dict[str, Forecast]
) -> None:
    closed = made(two_channels(tmp_path, 24, {SHUT: 0.1}))
    store, share = closed["store.revenue"].mean, closed["online.share"].mean
    assert store[1] < 0.5 * store[0]
    assert store[1] < 0.5 * shop_forecast["store.revenue"].mean[1]
    assert share[1] > 1.5 * share[0]
    assert closed["total.revenue"].mean[1] < 0.8 * closed["total.revenue"].mean[0]
    assert store[3] == pytest.approx(store[0], rel=0.3)  # and open again


def test_long_steps_are_shared_out_over_the_periods_they_touch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter in which nine steps begin must not sell an eighth more than one of eight."""
    history = quarters(tmp_path, 20)
    case = reconstruct(history)

    def steady(setup: Setup, seed: int) -> Market:
        market = Market(setup=replace(setup, customers=10), seed=seed)
        market.day = setup.days  # over before it begins, its books filled by hand
        market.ledger.events[:, 0, ORDERS] = 90
        market.ledger.events[:, 0, LIST_SALES] = 90_000
        return market

    monkeypatch.setattr(Market, "from_setup", steady)
    days = np.datetime64(case.setup.start) + np.arange(case.setup.days * case.pace)
    periods = np.asarray(history.calendar.number(days))
    found = simulate_series((case, {}, 3, periods, 80))
    lengths = np.bincount(periods)[:80]
    assert set(lengths) == {90, 91, 92}
    assert found["online.orders"] == pytest.approx(10.0 * lengths)
    assert found["total.revenue"] == pytest.approx(100.0 * lengths)
    assert found["online.revenue share"] == pytest.approx(1.0)


def test_channels_shut_on_days_of_their_own_are_forecast_one_by_one(tmp_path: Path) -> None:
    """A store shut on Sundays makes the total one of unlike days; calm days need no market's voice."""
    days = pd.date_range("2024-01-01", periods=70)  # a Monday
    rng = np.random.default_rng(5)
    shops = np.where(days.dayofweek == 6, 0.0, 900.0 + 20.0 * rng.normal(size=70))
    frame = pd.DataFrame(
        {"date": days.strftime("%Y-%m-%d"), "shops": shops, "web": 100.0 + rng.normal(size=70)}
    )
    tables = (
        "  sales: {file: sales.csv, period: day, columns: {date: date}, channels: "
        "{store: {revenue: shops}, online: {revenue: web}}}\n"
    )
    history = stored(tmp_path, tables, {"sales": frame})
    found = made(history, horizon=7)
    store, online, total = (found[f"{name}.revenue"].samples for name in ("store", "online", "total"))
    assert total == pytest.approx(store + online)
    assert (store[:, 6] == 0.0).all() and (store[:, :6] > 500.0).all()
    assert online[:, 6] == pytest.approx(100.0, abs=15.0)
    assert found["online.share"].samples == pytest.approx(online / total)
    recipe = found["store.revenue"].recipe
    assert recipe is not None and "market" not in recipe
    assert found["total.revenue"].recipe == {"spread": 1.0, "chosen": "seasonal_naive"}


def test_one_channels_history_needs_no_shares(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(16), "gbp": 100.0 + np.sin(np.arange(16))})
    tables = (
        "  sales: {file: s.csv, period: month, columns: {date: date}, channels: {total: {revenue: gbp}}}\n"
    )
    history = stored(tmp_path, tables, {"s": frame})
    with Pool(1) as pool:
        found = forecast(history, fit(reconstruct(history), pool, members=3), HORIZON, pool, 1)
    assert list(found) == list(observed(history))
    assert found["total.revenue"].mean == pytest.approx(100.0, rel=0.3)  # small markets are noisy ones


def test_an_online_channel_is_found_however_it_is_spelt(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(24), "web": 200.0, "mall": 100.0, "shops": 700.0})
    tables = (
        "  sales: {file: s.csv, period: month, columns: {date: date}, channels: {Online: {revenue: web}, "
        "marketplace: {revenue: mall}, store: {revenue: shops}}}\n"
    )
    history = stored(tmp_path, tables, {"s": frame})
    found = made(history)
    assert list(found) == list(observed(history))
    assert found["online.share"].mean == pytest.approx(0.2, abs=0.1)
    three = sum(found[f"{name}.revenue"].samples for name in ("Online", "marketplace", "store"))
    assert three == pytest.approx(found["total.revenue"].samples)


def test_a_customer_logs_repeat_orders_are_forecast_with_customers_still_to_come(tmp_path: Path) -> None:
    history = log(tmp_path, buyers(120))
    found = made(history)
    assert list(found) == list(observed(history))
    recent = float(observed(history)["repeat.orders"].iloc[-6:].mean())
    assert found["repeat.orders"].mean == pytest.approx(recent, rel=0.5)
    coming = coming_customers(history, HORIZON, 52, 1)
    assert coming.shape == (HORIZON,)
    assert coming.max() <= 1 < acquisitions(history).max()  # hardly anybody has come for weeks


def test_a_forecaster_for_backtests_fits_each_past_it_is_given(tmp_path: Path) -> None:
    shop = two_channels(tmp_path, 14)
    with Pool(1) as pool:
        model = market_forecaster(pool, members=3, clouds=(0.3,))
        found = model(shop, shop.calendar.last, 2, 1)
    assert list(found) == list(observed(shop))
    assert found["total.revenue"].samples.shape == (PATHS, 2)


def test_a_gap_is_carried_on_at_its_level_and_with_its_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "COMBINED", ("ets",))  # the quickest of the three
    index = pd.date_range("2020-01-01", periods=14, freq="MS")
    noise = 0.01 * np.random.default_rng(0).normal(size=14)
    for slope in (0.0, 0.05):
        gap = pd.Series(np.log(3.0) + slope * np.arange(14) + noise, index=index)
        paths = CARRIED_ON(gap, 2, 1, (1, "total.revenue"))
        assert paths.shape == (PATHS, 2)
        expected = np.log(3.0) + slope * np.array([14, 15])
        assert np.median(paths, axis=0) == pytest.approx(expected, abs=0.06)
        assert np.array_equal(paths, CARRIED_ON(gap, 2, 1, (1, "total.revenue")))


def test_what_is_known_to_come_is_news_only_within_the_horizon(tmp_path: Path) -> None:
    closed = two_channels(tmp_path, 24, {SHUT: 0.1})
    plain = living.without_news(closed, HORIZON)
    assert plain is not None and plain.drivers is not None and closed.drivers is not None
    assert plain.drivers["value"].tolist() == [1.0] and closed.drivers["value"].tolist() == [0.1]
    assert living.without_news(closed, 1) is None
    assert living.without_news(plain, HORIZON) is None


def test_the_more_news_the_more_the_market_says() -> None:
    """A closure that doubles the odds of a share leaves little to those who cannot know of it."""
    known, horizon = 8, 4
    rng = np.random.default_rng(5)
    calm = np.full((3, known + horizon), 0.2)
    paths = {name: 0.2 + 0.02 * rng.normal(size=(200, horizon)) for name in ("market", "statistics")}
    recipe = candidates.Recipe({"market": 0.4, "statistics": 0.6}, 0.7, True)
    calendar = Calendar("month", date(2020, 1, 1), date(2020, 8, 31))

    def led(ahead: float) -> candidates.Recipe:
        lived = np.concatenate([calm[:, :known], np.full((3, horizon), ahead)], axis=1)
        subject = candidates.Subject("online share", calm[0, :known], lived, calendar, 12, True, False, 1)
        return candidates.led_by_market(recipe, paths, subject, calm)

    nothing, little, much = led(0.2), led(0.21), led(0.33)
    assert nothing.weights == pytest.approx(recipe.weights)
    assert recipe.weights["market"] < little.weights["market"] < 0.6
    assert much.weights["market"] > 0.9
    assert much.spread == 1.0  # what usual days taught does not narrow it


def test_an_answer_that_the_past_never_tested_is_doubted() -> None:
    calm, shut = np.ones((4, 6)), np.ones((4, 6))
    shut[:, 5] = 0.5
    doubted = living._doubted(shut, 4, "total.revenue")
    assert doubted[:, :5] == pytest.approx(1.0)
    assert doubted[:, 5] == pytest.approx(0.5 ** np.array([0.125, 0.375, 0.625, 0.875]))
    shut[:, 2] = 0.7  # a closure of the past: the gap to history has tested the answer
    assert np.array_equal(living._doubted(shut, 4, "total.revenue"), shut)
    assert np.array_equal(living._doubted(calm, 4, "online.revenue share"), calm)


@pytest.mark.parametrize("past", [1.0, 0.7])
def test_an_untested_answer_in_amounts_is_not_laid_on_statistics(
    past: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the past knew no closure the market alone says what a coming one takes from the whole."""
    history = two_channels(tmp_path, 24, {SHUT: 0.1})
    moved = np.ones((3, 24 + HORIZON))
    moved[:, 5], moved[:, -1] = past, 0.5
    names = ("total.revenue", "online.revenue share")
    monkeypatch.setattr(living, "_live", lambda *_: dict.fromkeys(names, moved))
    monkeypatch.setattr(living, "_calm", lambda *_: {"total.revenue": np.ones_like(moved)})
    case = reconstruct(history)
    fitted = Fit(case, np.zeros((3, 0)), np.zeros((3, len(case.statistics))), (), 1)
    with Pool(1) as pool:
        lived, usual = living.lives(history, fitted, HORIZON, 12, pool, 1)
    assert set(lived) == set(names)
    assert ("total.revenue" in usual) == (past < 1.0) and "online.revenue share" in usual
