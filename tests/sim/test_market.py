"""The market as a Mesa model, and its manners with bad input."""

from __future__ import annotations

import datetime
import gc
import weakref
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.market import Market
from sim.parameters import PARAMETERS, Parameter, Values, collected, from_scale, to_scale
from sim.setup import Channel, Drivers, Effect, Medium, Setup, Shock
from tests.sim.markets import CHANNELS, MEDIA, eventful, simple


def test_batch_run_sweeps_scalars() -> None:
    rows = mesa.batch_run(
        Market,
        {"customers": 200, "days": 12, "price": [0.9, 1.3], "seed": [1, 2], "collect": True},
        data_collection_period=4,
        display_progress=False,
    )
    assert {row["Step"] for row in rows} == {0, 4, 8, 11}
    assert {(row["price"], row["seed"]) for row in rows} == {(0.9, 1), (0.9, 2), (1.3, 1), (1.3, 2)}
    assert all(row["visits"] >= row["orders"] >= row["new_customers"] for row in rows)


def test_market_runs_to_its_horizon() -> None:
    market = Market(customers=100, days=5)
    assert isinstance(market, mesa.Model) and market.running
    ledger = market.run()
    assert (market.day, market.running, market.steps) == (5, False, 5)
    assert market.run() is ledger
    assert {type(agent).__name__ for agent in market.agents} == {"Rival", "SalesChannel"}
    assert sum(channel.orders for channel in market.channels) == market.trade.filled.sum()


def test_burn_in_is_lived_but_not_reported() -> None:
    setup = eventful(days=10, burn_in=20)
    ledger = Market.from_setup(setup).run()
    assert ledger.events.shape[0] == 30 and len(ledger.daily().date.unique()) == 10
    assert ledger.dates()[0] == np.datetime64("2027-01-20")
    assert (ledger.loss[:20] == 0).all() and (ledger.levels[:20] == 0).all()


def test_word_of_mouth_starts_where_the_market_stands() -> None:
    """The first week hears of the customers there are, whatever day the burn-in starts on."""
    for burn_in in (0, 3, 7):
        setup = simple(2_000, 6, "own", {"pull.referral": 1.0, "need_rate": 0.5}, burn_in=burn_in)
        market = Market.from_setup(setup, seed=1)
        assert market.talk == (market.customers.get("orders") > 0).mean() > 0.1
        market.step()
        assert market.ledger.visits[0, 4].sum() > 0


def test_a_population_may_live_with_another_luck() -> None:
    setup = simple(500, 20, "own", {"need_rate": 0.5})
    one, same, other = (
        Market.from_setup(setup, seed=s, population=p) for s, p in ((1, None), (1, 1), (2, 1))
    )
    for name in one.customers.names():
        np.testing.assert_array_equal(one.customers.get(name), other.customers.get(name), err_msg=name)
    books = [market.run().visits for market in (one, same, other)]
    np.testing.assert_array_equal(books[0], books[1])
    assert (books[0] != books[2]).any()
    assert (Market.from_setup(setup, seed=2).customers.get("rate") != one.customers.get("rate")).any()


def test_more_spend_brings_more_visits_of_its_source_only() -> None:
    few, many = (Market(customers=4_000, days=60, spend=s, seed=3).run().visits for s in (0.0, 30.0))
    assert few[:, 6].sum() == 0 < many[:, 6].sum()
    # 60 days at the reference spend of 30 and 2 a click; a day holds one visit a customer at most.
    assert many[:, 6].sum() == pytest.approx(60 * 30 / 2, rel=0.1)


def test_clicks_of_a_need_source_are_visits_too() -> None:
    """Content clicks are bought visits, not attraction: money buys as many visits as it does of ads."""
    medium = Medium("kol", "click", "content", reference=40.0)
    setup = Setup(
        datetime.date(2027, 1, 1),
        60,
        (Channel("site", "own"),),
        Drivers.constant(60, 1, 1, spend=40.0),
        (medium,),
        4_000,
        parameters={"pull.content": 0.0, "dropout": 0.0},
    )
    assert Market.from_setup(setup).run().visits[:, 3].sum() == pytest.approx(60 * 40 / 2, rel=0.1)


def constant(**levels: Any) -> Drivers:
    return Drivers.constant(10, 3, 4, **levels)


BAD: dict[str, tuple[Any, str]] = {
    "negative price": (lambda: constant(price=-1.0), "drivers.price"),
    "free goods": (lambda: constant(price=0.0), "drivers.price"),
    "full discount": (lambda: constant(discount=1.0), "drivers.discount"),
    "nan": (lambda: constant(demand=float("nan")), "drivers.demand"),
    "unknown driver": (lambda: constant(weather=1.0), "drivers.weather"),
    "short driver": (lambda: Drivers(**vars(constant()) | {"price": np.ones((9, 3))}), "drivers.price"),
    "flat driver": (lambda: Drivers(**vars(constant()) | {"price": np.ones(10)}), "drivers.price"),
    "too few days": (lambda: eventful(drivers=constant()), "drivers hold 10 days"),
    "too few columns": (lambda: eventful(days=10, drivers=Drivers.constant(10, 2, 4)), "drivers.price"),
    "media columns": (lambda: eventful(days=10, drivers=Drivers.constant(10, 3, 1)), "drivers.spend"),
    "usual columns": (lambda: eventful(usual=Drivers.constant(1, 2, 4)), "drivers.price"),
    "no channels": (lambda: eventful(channels=()), "channels"),
    "nine channels": (lambda: eventful(channels=CHANNELS * 3), "channels"),
    "twins": (lambda: eventful(channels=(CHANNELS[0],) * 3), "not unique"),
    "channel kind": (lambda: Channel("a", "kiosk"), "kiosk"),  # type: ignore[arg-type]
    "medium source": (lambda: Medium("a", "click", "tv"), "source 'tv'"),
    "walk-in clicks": (lambda: Medium("a", "click", "walk_in"), "source 'walk_in'"),
    "medium action": (lambda: Medium("a", "shout"), "shout"),  # type: ignore[arg-type]
    "no customers": (lambda: eventful(customers=0), "customers"),
    "weight": (lambda: eventful(weight=float("inf")), "weight"),
    "entry": (lambda: eventful(entry=np.zeros(3, int)), "entry"),
    "shock target": (lambda: Shock("s", "x", 0, 1, "weather", 2.0), "target 'weather'"),
    "shock factor": (lambda: Shock("s", "x", 0, 1, "demand", -1.0), "factor -1.0"),
    "shock channel": (lambda: Shock("s", "x", 0, 1, "lateness", 2.0, "shop"), "all channels"),
    "shock loss": (lambda: Shock("s", "x", 0, 1, "demand", 1.0, loss=-1.0), "loss"),
    "effect factor": (lambda: Effect("e", "pull", -1.0), "factor -1.0"),
    "effect odds": (lambda: Effect("e", "appeal.site", 0.0), "factor > 0"),
    "struck stranger": (
        lambda: Market.from_setup(eventful(shocks=(Shock("s", "x", 0, 1, "access", 0.5, "moon"),))),
        "no channel 'moon'",
    ),
    "effect on traits": (
        lambda: Market.from_setup(eventful(effects=(Effect("e", "need_rate", 2.0),))),
        "cannot change",
    ),
    "share above one": (lambda: Market.from_setup(eventful(parameters={"nest": 1.2})), "nest: 1.2"),
    "negative rate": (lambda: Market.from_setup(eventful(parameters={"need_rate": -1.0})), "need_rate: -1.0"),
    "infinite": (lambda: Values({"appeal.site": float("inf")}), "appeal.site"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case: str) -> None:
    make, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        make()


def test_unknown_parameters_are_refused() -> None:
    with pytest.raises(KeyError, match="tpyo"):
        Values({"tpyo": 1.0})


def test_lists_are_taken_as_drivers() -> None:
    drivers = Drivers(**{name: values.tolist() for name, values in vars(constant()).items()})
    assert drivers.price.dtype == np.float64 and drivers.price.flags.c_contiguous


def test_parameters_are_declared_once_with_grades() -> None:
    found = collected()
    Values({})
    assert found.keys() == PARAMETERS.keys()
    for parameter in found.values():
        assert parameter.grade in "EOTA" and parameter.unit
        for end in (parameter.low, parameter.default, parameter.high):
            if parameter.scale == "log":
                assert end > 0
            if parameter.scale == "logit":
                assert 0 < end < 1
            assert from_scale(to_scale(end, parameter.scale), parameter.scale) == pytest.approx(end)
    with pytest.raises(ValueError, match="low <= default"):
        Parameter("x", "-", 2.0, 0.0, 1.0, "A", "-")
    with pytest.raises(ValueError, match="grade"):
        Parameter("x", "-", 0.5, 0.0, 1.0, "B", "-")


def test_a_channel_s_own_value_comes_before_its_kind_s() -> None:
    values = Values({"appeal.site": -2.0, "appeal.own": -3.0, "cpc.search": 9.0})
    assert values.of_channel("appeal", Channel("site", "own")) == -2.0
    assert values.of_channel("appeal", Channel("app", "own")) == -3.0
    assert values.of_channel("appeal", Channel("mall", "marketplace")) == values["appeal.marketplace"]
    assert values.of_member("cpc", "search") == 9.0
    assert values.of_member("cpc", "unheard_of") == values["cpc.other"]


def test_media_are_the_ones_declared() -> None:
    assert len(MEDIA) == Market.from_setup(eventful(days=2)).run().spend.shape[1]


def test_a_dismissed_market_keeps_its_books_and_nobody() -> None:
    market = Market.from_setup(eventful(days=10), seed=1)
    people = weakref.ref(market.customers.people)
    before = market.run().daily()
    market.dismiss()
    assert people() is None, "memory is given back at once, whatever refers to the market"
    pd.testing.assert_frame_equal(market.ledger.daily(), before)


def test_a_market_that_is_let_go_is_gone() -> None:
    """Mesa 3.3 numbers agents in a table that keeps their models: a thousand runs were a thousand ledgers."""
    market = Market.from_setup(eventful(days=3), seed=1)
    market.run()
    numbers = {type(agent).__name__: agent.unique_id for agent in market.agents}
    assert sorted(agent.unique_id for agent in market.agents) == list(range(1, len(market.agents) + 1))
    assert numbers["Rival"] >= 1
    gone = weakref.ref(market)
    del market
    gc.collect()
    assert gone() is None
