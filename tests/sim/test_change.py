"""Initiatives ripen into the rules' parameters: what may change, by how much, and when."""

from __future__ import annotations

import math

import pytest

from sim.change import changeable, changed
from sim.customers.exchange import Rules
from sim.market import Market
from sim.parameters import PARAMETERS, Values, collected
from sim.setup import SOURCES, Effect, Setup
from tests.sim.markets import eventful


@pytest.fixture(scope="module")
def setup() -> Setup:
    return eventful()


def after(setup: Setup, *effects: Effect, day: int = 10**6) -> Values:
    return changed(setup, effects, day)


def test_behaviour_may_change_and_traits_may_not() -> None:
    for target in (
        "appeal",
        "appeal.site",
        "bounce.site",
        "pull.content",
        "intent",
        "cpc.tv",
        "rival_appeal",
    ):
        assert changeable(target), target
    assert all(changeable(name) for name in Rules._fields)
    for target in ("need_rate", "digital", "initial_customers", "conversion", "appeals"):
        assert not changeable(target), target


def test_what_cannot_change_is_refused_by_name_before_anything_runs(setup: Setup) -> None:
    with pytest.raises(ValueError, match=r"effect 'magic': 'need_rate' cannot change during a run"):
        after(setup, Effect("magic", "need_rate", 2.0))
    with pytest.raises(ValueError, match="'need_rate' cannot change"):
        Market.from_setup(eventful(effects=(Effect("magic", "need_rate", 2.0),)))


def test_an_effect_ripens_along_its_curve(setup: Setup) -> None:
    effect = Effect("pages", "bounce.site", 0.6, start=10, ripen=40)
    before = Values(setup.parameters).of_channel("bounce", setup.channels[1])
    seen = [changed(setup, [effect], day)["bounce.site"] / before for day in (0, 9, 10, 20, 30, 50, 500)]
    assert seen[:3] == [1.0, 1.0, 1.0]
    assert seen[3] == pytest.approx(1 - 0.4 * (0.25**2 * 2.5))  # smoothstep at a quarter
    assert seen[4] == pytest.approx(0.8)
    assert seen[5:] == pytest.approx([0.6, 0.6])


def test_utilities_take_the_factor_on_their_odds(setup: Setup) -> None:
    shop = Values(setup.parameters).of_channel("appeal", setup.channels[0])
    assert after(setup, Effect("x", "appeal.shop", 1.5))["appeal.shop"] == pytest.approx(shop + math.log(1.5))
    assert after(setup, Effect("x", "appeal.shop", 0.5))["appeal.shop"] < shop
    half = changed(setup, [Effect("x", "appeal.shop", 1.5, ripen=100)], 50)["appeal.shop"]
    assert half == pytest.approx(shop + 0.5 * math.log(1.5))
    rival = PARAMETERS["rival_appeal"].default
    assert after(setup, Effect("x", "rival_appeal", 2.0))["rival_appeal"] == pytest.approx(
        rival + math.log(2)
    )


def test_a_bare_family_means_every_member_and_a_dot_only_one(setup: Setup) -> None:
    bare = after(setup, Effect("x", "bounce", 0.5))
    single = after(setup, Effect("x", "bounce.feed", 0.5))
    now = Values(setup.parameters)
    for channel in setup.channels:
        start = now.of_channel("bounce", channel)
        assert bare.of_channel("bounce", channel) == pytest.approx(start / 2)
        factor = 0.5 if channel.name == "feed" else 1.0
        assert single.of_channel("bounce", channel) == pytest.approx(start * factor)


def test_sources_and_media_are_members_too(setup: Setup) -> None:
    now = Values(setup.parameters)
    pulls = after(setup, Effect("x", "pull.content", 2.0))
    assert pulls["pull.content"] == pytest.approx(2 * now["pull.content"])
    assert pulls["pull.direct"] == now["pull.direct"]
    intents = after(setup, Effect("x", "intent", 2.0))
    assert all(
        intents[f"intent.{source}"] == pytest.approx(now[f"intent.{source}"] + math.log(2))
        for source in SOURCES
    )
    clicks = after(setup, Effect("x", "cpc", 0.5))
    assert clicks["cpc.paid_search"] == pytest.approx(0.5 * now.of_member("cpc", "paid_search"))
    assert clicks["cpc.kol"] == pytest.approx(
        0.5 * now.of_member("cpc", "kol")
    )  # a medium of the family's rest


def test_effects_on_one_parameter_compound(setup: Setup) -> None:
    twice = (("bounce", 0.5), ("bounce.site", 0.5), ("appeal", 2.0), ("appeal.site", 2.0))
    effects = [Effect(f"number {k}", target, factor) for k, (target, factor) in enumerate(twice)]
    values, now = after(setup, *effects), Values(setup.parameters)
    site = setup.channels[1]
    assert values["bounce.site"] == pytest.approx(now.of_channel("bounce", site) / 4)
    assert values["appeal.site"] == pytest.approx(now.of_channel("appeal", site) + math.log(4))


@pytest.mark.parametrize("target", ["payment.site", "mobile_completion", "habit_gain", "return_rate"])
def test_shares_never_pass_one(setup: Setup, target: str) -> None:
    values = after(setup, Effect("x", target, 50.0))
    names = [target] if target in Rules._fields else [f"{target.split('.')[0]}.site"]
    assert all(values[name] == 1.0 for name in names)


def test_rules_fields_and_absent_members(setup: Setup) -> None:
    now = Values(setup.parameters)
    assert after(setup, Effect("x", "price_weight", 0.5))["price_weight"] == now["price_weight"] / 2
    untouched = after(setup, Effect("x", "appeal.closed_channel", 2.0))
    assert dict(untouched.given) == dict(setup.parameters)


def test_nothing_ripe_changes_nothing(setup: Setup) -> None:
    values = changed(setup, setup.effects, -1)
    now = Values(setup.parameters)
    assert all(values[name] == now[name] for name in collected())


def test_the_market_lives_by_what_has_ripened() -> None:
    effect = Effect("pages", "pull.content", 3.0, start=0, ripen=28)
    market = Market.from_setup(eventful(effects=(effect,), days=30), seed=1)
    column, seen = SOURCES.index("content"), []
    while market.day < 30:
        market.step()
        seen.append(float(market.retailer.pull[column]))
    assert seen[0] == pytest.approx(seen[6]) and seen[7] > seen[6]  # looked at weekly
    assert seen[-1] == pytest.approx(3 * seen[0])
    assert seen == sorted(seen)
