"""Named rivals: nothing changes until somebody moves; then wars, copies and newcomers take what they can."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.market import Firm, Market
from sim.parameters import Values
from sim.retailer.page_tests import PageTests
from sim.setup import Setup
from sim.world.rivals import Competition, RivalMarket, RivalPlan
from tests.sim.markets import contested, eventful, simple

KINDS = ("store", "own", "social")
ORDERS, LOST = EVENTS.index("orders"), EVENTS.index("rival_orders")


def lived(rivals: Competition, days: int, our_price: float = 1.0, worth: float | None = None) -> None:
    for day in range(days):
        rivals.meet(day, our_price)
        rivals.observe(60.0, 40.0, worth if day % 7 == 0 and day else 0.0 if day % 7 == 0 else None)


def test_todays_rivals_by_name_change_nothing_while_they_follow() -> None:
    plans = (RivalPlan("a", "store", strength=0.3), RivalPlan("b", "live", strength=0.5), RivalPlan("c"))
    rivals, one = Competition(Values({}), plans, KINDS), RivalMarket(Values({}))
    for day in range(200):
        rivals.meet(day, 0.8)
        one.react(0.8)
        np.testing.assert_allclose(rivals.edge, 0.0, atol=1e-12)
    assert rivals.worth == one.worth
    assert rivals.pressure == pytest.approx(1.0)


def test_a_market_with_quiet_rivals_is_the_market_without() -> None:
    plain = eventful(days=40)
    named = dataclasses.replace(
        plain, rivals=(RivalPlan("a", "store"), RivalPlan("b", "online", ("follow",), 1.4))
    )
    ours, theirs = (Market.from_setup(setup, seed=2).run() for setup in (plain, named))
    np.testing.assert_array_equal(ours.events, theirs.events)


def test_a_newcomer_comes_on_top_as_a_log_sum() -> None:
    rivals = Competition(Values({}), (RivalPlan("new", "live", (), 0.5, enters=10),), KINDS)
    rivals.meet(9, 1.0)
    assert not rivals.edge.any()
    rivals.meet(10, 1.0)
    np.testing.assert_allclose(rivals.edge, [math.log(1 + 0.5 * a) for a in (0.15, 0.4, 1.0)])
    assert rivals.pressure == pytest.approx(1.5)


def test_a_live_rival_takes_more_from_social_channels_than_from_stores() -> None:
    parameters = {
        "need_rate": 0.3,
        "initial_aware": 1.0,
        "dropout": 0.0,
        "appeal.store": -1.0,
        "appeal.social": -1.0,
    }
    setup = simple(6_000, 60, "store social", parameters)
    entered = dataclasses.replace(setup, rivals=(RivalPlan("live", "live", (), 1.5, enters=0),))
    before, after = (
        Market.from_setup(s, seed=1).run().events[:, :, ORDERS].sum(axis=0) for s in (setup, entered)
    )
    losses = 1.0 - after / before
    assert losses[1] > 2.0 * losses[0] > 0.0


def test_undercutting_for_long_brings_war_which_ends() -> None:
    rivals = Competition(Values({}), (RivalPlan("f", "online", ("follow", "war"), 0.4),), KINDS)
    firm, at_war, pressure = rivals.firms[0], [], []
    for day in range(140):
        rivals.meet(day, 0.85)
        at_war.append(day < firm.war_until)
        pressure.append(rivals.pressure)
    assert not any(at_war[:30])
    assert sum(at_war) == 60 - 0
    assert max(pressure) == pytest.approx(1.0 + 0.4 * 0.5)
    assert firm.price < 0.97
    calm = Competition(Values({}), (RivalPlan("f", "online", ("follow", "war"), 0.4),), KINDS)
    lived(calm, 200)
    assert calm.firms[0].war_until == -1 and calm.edge == pytest.approx(0.0)


def test_lost_share_brings_war() -> None:
    rivals = Competition(Values({}), (RivalPlan("f", "online", ("war",), 0.4),), KINDS)
    for day in range(-100, 200):
        rivals.meet(day, 1.0)
        rivals.observe(60.0, 40.0 if day < 0 else 25.0, None)
    assert rivals.firms[0].war_until > 0
    assert rivals.firms[0].rest_until > rivals.firms[0].war_until


def test_copying_catches_up_part_of_the_way_in_time() -> None:
    rivals = Competition(Values({}), (RivalPlan("c", "online", ("copy",), 1.0),), KINDS)
    gained = []
    for day in range(2_000):
        rivals.meet(day, 1.0)
        rivals.observe(60.0, 40.0, (0.0 if day == 0 else 0.6) if day % 7 == 0 else None)
        gained.append(rivals.firms[0].copied)
    assert gained[30] < 0.05 < gained[270] < gained[-1]
    assert gained[270] == pytest.approx(0.3 * (1 - math.exp(-1)), rel=0.05)
    assert gained[-1] == pytest.approx(0.3, rel=0.01)
    assert rivals.edge[1] == pytest.approx(0.3, rel=0.01)


def cutting(behaviour: tuple[str, ...]) -> Setup:
    parameters = {"need_rate": 0.2, "appeal.store": -1.0, "dropout": 0.0, "rival_appeal": -1.0}
    setup = simple(4_000, 150, "store", parameters, price=0.8)
    return dataclasses.replace(setup, rivals=(RivalPlan("f", "store", behaviour, 1.0),))  # type: ignore[arg-type]


def test_a_price_war_takes_back_part_of_what_a_price_cut_wins() -> None:
    peace, war = (
        Market.from_setup(cutting(b), seed=3).run().events[:, 0, ORDERS]
        for b in (("follow",), ("follow", "war"))
    )
    assert war[:30].sum() == peace[:30].sum()
    assert war[40:90].sum() < 0.95 * peace[40:90].sum()


def test_a_rival_of_another_mind() -> None:
    class Saint(Firm):
        def react(self, day: int, our_price: float, lost: float, lead: float) -> None:
            self.price = 3.0

    class Heaven(Market):
        firm = Saint

    setup = dataclasses.replace(eventful(1_000, 40), rivals=(RivalPlan("saint", "online", (), 0.9),))
    market = Heaven.from_setup(setup, seed=1)
    kinder = market.run().events[:, 1:, LOST].sum()
    assert kinder < 0.9 * Market.from_setup(setup, seed=1).run().events[:, 1:, LOST].sum()
    assert isinstance(market.rivals.firms[0], Saint)
    assert market.rivals.firms[0] in set(market.agents)


def test_everything_at_once_can_be_lived() -> None:
    setup = contested(1_000, 90, burn_in=60, page_tests=PageTests(4.0))
    market = Market.from_setup(setup, seed=2)
    ledger = market.run()
    deal = market.retailer.traffic.auction.deals[0]  # type: ignore[union-attr]
    budget = market.setup.drivers.spend[:, 1].sum() + 60 * market.setup.drivers.spend[0, 1]
    assert ledger.spend[:, 1].sum() + deal.purse + deal.returned == pytest.approx(budget)
    assert np.isfinite(ledger.told[60:]).all()
    assert {"awareness", "presale_orders", "rival_pressure"} <= set(ledger.daily().columns)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "mail"}, "rival 'x': kind 'mail'; expected one of"),
        ({"behaviour": ("sulk",)}, "rival 'x': behaviour 'sulk'; expected some of"),
        ({"strength": -1.0}, "rival 'x': strength -1.0; expected a number"),
    ],
)
def test_an_impossible_rival_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="rival 'x'") as refused:
        RivalPlan("x", **change)  # type: ignore[arg-type]
    assert said in str(refused.value)
    with pytest.raises(ValueError, match="names are not unique"):
        dataclasses.replace(eventful(days=5), rivals=(RivalPlan("x"), RivalPlan("x")))
