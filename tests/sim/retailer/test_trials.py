"""Trials inside the market: who is treated, what is counted, and that nothing else is touched."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.market import Market
from sim.retailer.trials import Treatment, Trial
from sim.setup import Setup
from tests.sim.markets import browsed, eventful

STRONG = Treatment(worth=1.0, bounce=0.5)


def tried(treatment: Treatment = STRONG, design: Any = "customers", **changes: Any) -> Setup:
    days = {"start": 20, "days": 15} | {key: changes.pop(key) for key in tuple(changes) if key in FIELDS}
    return eventful(trial=Trial(treatment, design, **days), **changes)


FIELDS = {field.name for field in dataclasses.fields(Trial)}


def test_a_trial_of_nothing_and_one_of_nobody_leave_every_bit_alone() -> None:
    plain = Market.from_setup(eventful(burn_in=5), seed=3).run()
    for setup in (tried(Treatment(), burn_in=5), tried(STRONG, "nobody", burn_in=5)):
        ledger = Market.from_setup(setup, seed=3).run()
        np.testing.assert_array_equal(plain.events, ledger.events)
        np.testing.assert_array_equal(plain.visits, ledger.visits)


def test_counts_are_the_ledgers() -> None:
    setup = tried(customers=500)
    market = Market.from_setup(setup, seed=3)
    ledger, desk = market.run(), market.trial
    assert desk is not None
    for first, last in ((5, 20), (20, 35)):
        counted = desk.between(first, last).sum(axis=0)
        rows = ledger.events[first:last, 1:]
        assert counted[0] == ledger.visits[first:last, :, 1:].sum()
        assert counted[1] == rows[..., EVENTS.index("orders")].sum()
        listed, off = (rows[..., EVENTS.index(name)].sum() for name in ("list_sales", "discounts"))
        assert counted[2] == listed - off


def test_only_those_treated_feel_it_and_only_while_it_lasts() -> None:
    market, plain = (Market.from_setup(tried(STRONG, design)) for design in ("customers", "nobody"))
    market.run(), plain.run()
    assert market.trial is not None and plain.trial is not None
    now, usual = market.trial.between(20, 35), plain.trial.between(20, 35)
    arm = market.trial.chosen == 1
    assert 0.4 < arm.mean() < 0.6
    assert now[arm, 1].sum() > 1.5 * usual[arm, 1].sum()
    assert now[~arm, 1].sum() == pytest.approx(usual[~arm, 1].sum(), rel=0.1)  # word of mouth alone
    np.testing.assert_array_equal(market.trial.between(5, 20), plain.trial.between(5, 20))


@pytest.mark.parametrize(
    "treatment", [Treatment(worth=0.5), Treatment(bounce=0.5), Treatment(search=1.3), Treatment(discount=0.2)]
)
def test_each_part_of_a_treatment_sells_more(treatment: Treatment) -> None:
    def orders(design: Any) -> int:
        made = Trial(treatment, design, 20, 40)
        parameters = {"search_use": 0.9, "search_exit": 0.9}
        setup = browsed(600, 60, trial=made, page_tests=None, parameters=parameters)
        market = Market.from_setup(setup, seed=8)
        market.run()
        assert market.trial is not None
        return int(market.trial.between(20, 60)[:, 1].sum())

    assert orders("everybody") > 1.03 * orders("nobody")


def test_regions_share_an_arm_and_trials_differ_by_number() -> None:
    desks = [
        Market.from_setup(tried(design="regions", regions=10, number=k, customers=2_000)).trial
        for k in (0, 1)
    ]
    for desk in desks:
        assert desk is not None
        arms = {(int(r), int(a)) for r, a in zip(desk.region, desk.chosen, strict=True)}
        assert len(arms) == 10 and sum(a for _, a in arms) == 5
    assert (desks[0].region == desks[1].region).all()  # type: ignore[union-attr]
    assert (desks[0].chosen != desks[1].chosen).any()  # type: ignore[union-attr]


def test_a_rollout_begins_in_its_channels_and_ends_with_all() -> None:
    made = {"design": "rollout", "first": ("site",), "follow": 15}
    market = Market.from_setup(tried(STRONG, **made))
    desk = market.trial
    assert desk is not None
    np.testing.assert_array_equal(desk.pilot[0], [0.0, 1.0, 0.0])
    np.testing.assert_array_equal(desk.arms[0], [0.0, 1.0, 1.0])
    market.run()
    assert desk.chosen.all() and set(desk.counted) == {4, 19, 34, 49}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"start": 5, "days": 20}, "expected within"),
        ({"start": 50, "days": 20}, "expected within"),
        ({"share": 1.0}, "trial.share"),
        ({"reads": (40,)}, "trial.reads"),
        ({"design": "hope"}, "trial.design: 'hope'"),
        ({"first": ("moon",)}, "no channel 'moon'"),
        ({"first": ("shop",)}, "expected channels of the treatment"),
        ({"regions": 1}, "trial.regions: 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(made: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tried(**made)


def test_odd_treatments_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"treatment.discount: 1"):
        Treatment(discount=1.0)
