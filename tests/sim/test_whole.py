"""The whole market at once: nothing is left out, and compiled and plain market agree in every decision."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.customers.exchange import EVENTS
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.execution import Execution
from sim.retailer.governance import Release, ReviewChannels, Rule
from sim.retailer.operations import MEASURES as FIRM
from sim.retailer.policies import Control, MoveMoney
from sim.retailer.relations import FEATURES, TRIGGERS
from sim.retailer.traffic import MEASURES as TOLD
from sim.setup import SOURCES, Setup, Shock
from sim.world.rivals import BEHAVIOURS, RIVAL_KINDS
from tests.reference.agreement import (
    assert_same_books,
    assert_same_memory,
    assert_same_state,
    assert_same_trade,
    dated,
)
from tests.reference.market import ReferenceMarket
from tests.sim.test_conservation import setups
from tests.sim.whole import whole, wholesale

MADE = {"whole": whole, "wholesale": wholesale}
# In a cohort known from history nobody else shops: the tests of cohorts stand in test_reference.
LEFT_OUT = ["Setup.entry"]


def parts(value: Any) -> Iterator[Any]:
    """Yield every data class within ``value``, itself included."""
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


def declared(value: Any, field: dataclasses.Field[Any]) -> bool:
    """Tell whether a field is not left at its default: none, nothing, off, or what is customary."""
    if isinstance(value, np.ndarray):
        return value.size > 0
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return default is dataclasses.MISSING or value != default


@pytest.mark.parametrize("made", MADE)
def test_every_part_of_a_setup_is_declared(made: str) -> None:
    """Who adds a mechanism to ``Setup`` adds it to these markets too, or is told here."""
    setup = MADE[made]()
    forgotten = [
        f"Setup.{f.name}" for f in dataclasses.fields(setup) if not declared(getattr(setup, f.name), f)
    ]
    assert forgotten == LEFT_OUT


def test_every_field_of_every_part_is_used_somewhere() -> None:
    """What both markets leave as it is by default would be compared in name only."""
    seen: dict[str, bool] = {}
    for made in MADE.values():
        for part in parts(made()):
            for f in dataclasses.fields(part):
                name = f"{type(part).__name__}.{f.name}"
                seen[name] = seen.get(name, False) or declared(getattr(part, f.name), f)
    assert [name for name, used in seen.items() if not used] == LEFT_OUT


def test_every_kind_of_everything_occurs() -> None:
    setup = whole()
    assert {type(rule) for rule in setup.policies} == set(get_args(Rule))
    assert {shock.target for shock in setup.shocks} == set(Shock.TARGETS)
    assert {kind for rival in setup.rivals for kind in rival.behaviour} == set(BEHAVIOURS)
    assert {rival.kind for rival in setup.rivals} == set(RIVAL_KINDS)
    assert len({channel.kind for channel in setup.channels}) == 4
    assert setup.relations is not None and setup.relations.crm is not None
    assert setup.relations.crm.triggers == TRIGGERS
    assert set(setup.relations.starts) <= set(FEATURES)


@pytest.mark.parametrize(("made", "seed", "threads"), [("whole", 1, 1), ("whole", 2, 2), ("wholesale", 3, 1)])
def test_the_whole_market_takes_the_reference_decisions(made: str, seed: int, threads: int) -> None:
    agree(Market.from_setup(MADE[made](), seed, threads), seed)


def test_the_whole_market_in_chunks_takes_the_reference_decisions() -> None:
    """More agents than fit into one chunk of the compiled loops, on two threads; they shop seldom."""
    setup = whole(4_200, burn_in=10, weight=0.5, parameters={"need_rate": 0.02})
    agree(Market.from_setup(setup, 4, threads=2), 4, every=30)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(setups(), st.integers(0, 2**31))
def test_any_market_takes_the_reference_decisions(setup: Setup, seed: int) -> None:
    """Parameters anywhere in their ranges, drivers anywhere in theirs, everything on or only some of it."""
    agree(Market.from_setup(setup, seed), seed, every=20)


def agree(market: Market, seed: int, every: int = 1) -> None:
    """Live market and reference side by side; compare each day, ``every`` so many days all memories too."""
    reference = ReferenceMarket(market.setup, seed)
    while market.running:
        market.step()
        reference.step()
        assert_same_trade(market, reference)
        if market.day % every == 0:
            assert_same_memory(market, reference)
    assert_same_state(market, reference)
    assert_same_books(market, reference)
    for ours, theirs in zip(market.policies, reference.policies, strict=True):
        assert type(ours) is type(theirs)
        for name, value in vars(ours).items():
            if name not in ("rule", "programme", "values"):
                np.testing.assert_array_equal(value, vars(theirs)[name], err_msg=f"{type(ours)}.{name}")
    for item in dataclasses.fields(market.drivers):
        ours, theirs = (getattr(each.drivers, item.name) for each in (market, reference))
        np.testing.assert_array_equal(ours, theirs, err_msg=item.name)
    assert market.effects == reference.effects


def test_the_whole_market_is_alive() -> None:
    """Everything that is declared acts, and every policy has turned: else the agreement would be hollow."""
    seen: dict[str, float] = {}
    for name, made in MADE.items():
        market = Market.from_setup(made(400), seed=1)
        ledger = market.run()
        assert_policies_have_turned(market, name)
        for item, counted in counts(ledger).items():
            seen[item] = seen.get(item, 0.0) + counted
    assert [item for item, counted in seen.items() if counted == 0.0] == []


def counts(ledger: Ledger) -> dict[str, float]:
    """Return how much of everything that is counted there was."""
    found = dict(zip(EVENTS, np.abs(ledger.events).sum(axis=(0, 1)), strict=True))
    found |= dict(zip(SOURCES, ledger.visits.sum(axis=(0, 2)), strict=True))
    found |= dict(zip(FIRM, np.abs(ledger.firm).sum(axis=0), strict=True))
    found |= dict(zip(TOLD, np.nan_to_num(np.abs(ledger.told)).sum(axis=0), strict=True))
    found |= {name: np.nan_to_num(np.abs(array)).sum() for name, array in dated(ledger).items()}
    return {name: float(count) for name, count in found.items()}


def assert_policies_have_turned(market: Market, name: str) -> None:
    """Check that every rule has found something to do."""
    for policy in market.policies:
        assert policy.months == 4, "January, February, March and April have begun"
        match policy:
            case Execution():
                assert policy.lost == {"dud"} and policy.late["till"] > 0
                assert policy.opened[1] == (71 if name == "whole" else 25), "waits, or passes its gate"
            case MoveMoney():
                assert policy.weights is not None and np.ptp(policy.weights) > 0.0
            case Release():
                assert sum(policy.released) > 0.0
            case ReviewChannels():
                assert min(policy.support.values()) < 1.0
            case Control():
                assert any(policy.owed)
            case _:
                raise AssertionError(f"{type(policy).__name__}: say here how its turning shows")
