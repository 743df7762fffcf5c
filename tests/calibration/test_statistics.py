"""Readings of a market, on books small enough to reckon by hand."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest

from calibration.statistics import EDGE, Statistic, media_coefficients, read, read_all
from sim.customers.exchange import LIST_SALES, ORDERS, REPEAT_ORDERS, RETURNED_SALES
from sim.indicators import Books
from sim.market import Market
from sim.setup import SOURCES, Channel, Drivers, Medium, Setup

CHANNELS = (Channel("shop", "store"), Channel("site", "own"), Channel("mall", "marketplace"))
SHOP, SITE, MALL = range(3)


@pytest.fixture
def market() -> Market:
    """Four days of three channels: orders, visits and money written into the books by hand."""
    media = (Medium("tv", "broadcast"),)
    setup = Setup(
        datetime.date(2027, 1, 1), 4, CHANNELS, Drivers.constant(4, 3, 1), media, customers=5, weight=10.0
    )
    market = Market.from_setup(setup)
    ledger = market.ledger
    ledger.events[:] = 0
    ledger.visits[:] = 0
    ledger.events[:, SITE, ORDERS] = [1, 0, 2, 1]
    ledger.events[:, SHOP, ORDERS] = [1, 1, 0, 0]
    ledger.events[:, SITE, REPEAT_ORDERS] = [0, 0, 2, 1]
    ledger.events[:, SITE, LIST_SALES] = [1_000, 0, 2_000, 1_000]
    ledger.events[:, SHOP, LIST_SALES] = [3_000, 3_000, 0, 0]
    ledger.events[:, SHOP, RETURNED_SALES] = [0, 0, 2_000, 0]
    ledger.visits[:, SOURCES.index("direct"), SITE] = [6, 4, 6, 4]
    ledger.visits[:, SOURCES.index("content"), MALL] = [0, 0, 0, 5]
    ledger.visits[:, SOURCES.index("walk_in"), SHOP] = 9
    market.customers.state.orders[:] = [0, 1, 1, 3, 9]
    return market


def value(market: Market, kind: str, member: str = "", first: int = 0, last: int = 3) -> float:
    return read(market, Books(market.ledger), Statistic("s", kind, 0.5, 0.1, first, last, member))


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("kpi", "orders", 60.0),  # 6 agents' orders, each standing for 10 customers
        ("kpi", "conversion", 4 / 25),  # online orders over online visits
        ("channel_share", "site", 40 / 80),  # 40 of 40 + 60 - 20 sent back
        ("channel_share", "mall", 0.0),
        ("channel_conversion", "site", 4 / 20),
        ("channel_visits", "mall", 5 / 25),  # footfall is no online visit
        ("source_share", "direct", 20 / 25),
        ("source_share", "content", 5 / 25),
        ("repeat", "", 3.0),  # agents, not customers: a log is simulated one to one
        ("frequency", "0", 2 / 4),
        ("frequency", "2", 1 / 4),
        ("frequency", "3+", 1 / 4),
        ("steady", "orders", 3 / 3),
    ],
)
def test_each_kind_reads_what_the_books_hold(market: Market, kind: str, member: str, expected: float) -> None:
    assert value(market, kind, member) == pytest.approx(expected)


def test_only_the_days_of_the_window_count(market: Market) -> None:
    assert value(market, "repeat", first=0, last=1) == 0.0
    assert value(market, "repeat", first=2, last=2) == 2.0
    assert value(market, "channel_share", "site", first=0, last=0) == pytest.approx(0.25)
    assert value(market, "steady", "orders", first=0, last=2) == pytest.approx(2 / 3)


def test_burn_in_counts_nowhere() -> None:
    setup = Setup(datetime.date(2027, 1, 1), 2, CHANNELS, Drivers.constant(2, 3), customers=5, burn_in=3)
    market = Market.from_setup(setup)
    market.ledger.events[:, SITE, REPEAT_ORDERS] = [7, 7, 7, 1, 2]
    assert value(market, "repeat", last=1) == 3.0
    assert value(market, "repeat", first=1, last=1) == 2.0


def test_what_has_no_denominator_is_not_a_number(market: Market) -> None:
    market.ledger.visits[:] = 0
    market.ledger.events[:] = 0
    market.customers.state.orders[:] = 0
    for kind, member in (
        ("channel_share", "site"), ("channel_conversion", "site"), ("channel_visits", "mall"),
        ("source_share", "direct"), ("frequency", "0"), ("steady", "orders"), ("kpi", "conversion"),
    ):  # fmt: skip
        assert math.isnan(value(market, kind, member)), kind


def test_an_unknown_kind_is_named(market: Market) -> None:
    with pytest.raises(ValueError, match="'mood' is not a kind"):
        value(market, "mood")


def test_shares_are_clipped_where_agents_are_too_few_to_tell() -> None:
    share = Statistic("s", "channel_share", 0.5, 0.1, 0, 3, "site", True)
    assert share.scaled(0.0) == share.scaled(EDGE / 2) == pytest.approx(math.log(EDGE / (1 - EDGE)))
    assert share.scaled(1.0) == pytest.approx(-share.scaled(0.0))
    assert math.isnan(share.scaled(float("nan")))
    amount = Statistic("s", "repeat", 5.0, 0.1, 0, 3)
    assert math.isfinite(amount.scaled(0.0))
    margin = Statistic("s", "kpi", 0.05, 0.01, 0, 3, "operating_margin", margin=True)
    assert margin.scaled(-0.4) < margin.scaled(0.0) == 0.0 < margin.scaled(0.4)
    for statistic, natural in ((share, 0.3), (amount, 42.0), (margin, 0.05), (margin, -0.4)):
        assert statistic.natural(np.array([statistic.scaled(natural)])) == pytest.approx([natural])


def test_all_are_read_on_their_scales(market: Market) -> None:
    both = (
        Statistic("share", "channel_share", 0.5, 0.1, 0, 3, "site", True),
        Statistic("repeat", "repeat", 5.0, 0.1, 0, 3),
    )
    assert read_all(market, both) == pytest.approx([0.0, math.log(3.0)])


def weekly(weeks: int, elasticities: tuple[float, ...], noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Sales that answer to spend by these elasticities, beside a season and a trend."""
    rng = np.random.default_rng(7)
    spend = rng.gamma(2.0, 50.0, (weeks, len(elasticities)))
    time = np.arange(weeks) / 52.1786
    answer = np.log1p(spend / spend.mean(axis=0)) @ np.array(elasticities)
    season = 0.3 * np.sin(2 * np.pi * time) + 0.1 * np.cos(4 * np.pi * time) + 0.2 * time
    return np.exp(8.0 + answer + season + noise * rng.normal(size=weeks)), spend


def test_media_coefficients_are_the_planted_elasticities() -> None:
    planted = (0.10, 0.03, 0.0)
    coefficients, errors = media_coefficients(*weekly(150, planted))
    assert coefficients == pytest.approx(planted, abs=1e-6)
    assert (errors >= 0).all()


def test_media_coefficients_lie_within_their_errors_under_noise() -> None:
    planted = np.array([0.10, 0.03, 0.0])
    coefficients, errors = media_coefficients(*weekly(200, tuple(planted), noise=0.1))
    assert (np.abs(coefficients - planted) < 2.5 * errors).all()
    assert ((errors > 0.003) & (errors < 0.05)).all()


def test_a_medium_never_used_says_nothing_and_breaks_nothing() -> None:
    sales, spend = weekly(100, (0.1, 0.05))
    spend[:, 1] = 0.0
    coefficients, errors = media_coefficients(sales, spend)
    assert np.isfinite(coefficients).all() and np.isfinite(errors).all()
    assert coefficients[1] == pytest.approx(0.0, abs=1e-9)


def test_the_market_is_read_through_the_same_regression() -> None:
    days, rng = 7 * 70, np.random.default_rng(1)
    drivers = Drivers.constant(days, 1, 1)
    drivers.spend[:, 0] = np.repeat(rng.gamma(2.0, 50.0, days // 7), 7)
    medium = (Medium("tv", "broadcast", reference=100.0),)
    setup = Setup(datetime.date(2027, 1, 1), days, CHANNELS[:1], drivers, medium, customers=5)
    market = Market.from_setup(setup)
    weeks = np.round(500 + drivers.spend[::7, 0]).astype(int)
    market.ledger.events[:, 0, ORDERS] = np.repeat(weeks, 7)
    market.ledger.spend[:] = drivers.spend
    expected, _ = media_coefficients(7.0 * weeks, 7.0 * drivers.spend[::7])
    assert value(market, "response", "tv", 0, days - 1) == pytest.approx(math.exp(expected[0]))
