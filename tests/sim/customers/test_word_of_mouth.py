"""Word of mouth on the network: who hears whom, what is worth saying, and the limits: Bass, mean field."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.customers.word_of_mouth import (
    VOICE,
    neighbour,
    opinion_of,
    pack_heard,
    referral_attraction,
    unpack_heard,
    voice,
    warned,
)
from sim.engine.randomness import word
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.relations import Network, Relations
from sim.setup import SOURCES, Setup
from tests.sim.markets import eventful, simple

NEW, REFERRAL = EVENTS.index("new_customers"), SOURCES.index("referral")


def around(i: int, count: int, ties: int, rewired: float) -> list[int]:
    bits = word(11, i)
    return [neighbour(word(bits, tie), i, tie, count, rewired) for tie in range(ties)]


def test_neighbours_stand_on_a_ring_and_some_anywhere() -> None:
    assert around(5, 100, 4, 0.0) == [6, 4, 7, 3]
    assert sorted(around(0, 100, 4, 0.0)) == [1, 2, 98, 99]
    far = np.concatenate([around(i, 5_000, 6, 0.2) for i in range(2_000)])
    own = np.repeat(np.arange(2_000), 6)
    distance = np.minimum((far - own) % 5_000, (own - far) % 5_000)
    assert (distance > 3).mean() == pytest.approx(0.2, abs=0.02)
    assert far.min() >= 0 and far.max() < 5_000
    assert around(7, 5_000, 6, 0.5) == around(7, 5_000, 6, 0.5), "ties are for life"


def test_a_voice_is_worth_one_at_the_usual_and_warns_far_below() -> None:
    assert voice(0.7, 0.7, 1.8, 0.0) == 1.0
    assert voice(0.77, 0.7, 1.8, 0.0) == pytest.approx(1.18), "the elasticity to satisfaction is the valence"
    assert voice(0.2, 0.7, 1.8, 0.5) < 0.0
    assert voice(0.8, 0.7, 1.8, 0.5) == pytest.approx(1.5 * voice(0.8, 0.7, 1.8, 0.0))
    assert voice(0.6, 0.7, 1.8, 0.5) == voice(0.6, 0.7, 1.8, 0.0), "rewards move the content alone"
    assert all(-128 <= opinion_of(voice(q, u, 3.0, 1.0)) < 128 for q in (0.0, 1.0) for u in (0.0, 0.3, 1.0))


def test_what_is_heard_is_kept_closely_and_nothing_exactly() -> None:
    assert unpack_heard(pack_heard(0.0)) == 0.0
    for heard in (-1.0, -0.3, 0.123, 1.0, 2.9):
        assert unpack_heard(pack_heard(heard)) == pytest.approx(heard, abs=1e-4)
    assert pack_heard(-9.0) >= 0 and pack_heard(9.0) < 2**16
    assert referral_attraction(-0.5) == 0.0 and referral_attraction(0.5) == 0.5
    assert warned(0.5) == 1.0 > warned(-0.5)


def diffusion(network: Network | None, p: float, q: float, days: int, customers: int = 8_000) -> np.ndarray:
    """Return the share of adopters by day where search (p) and referral (q) alone bring customers."""
    given: dict[str, Any] = {"need_rate": 1.0, "need_shape": 1e6, "digital": 0.5, "digital_spread": 1e9}
    given |= {f"pull.{s}": 0.0 for s in ("walk_in", "direct", "content", "private_domain", "qr_code")}
    given |= {"pull.organic_search": p / 0.5, "pull.referral": q / 0.5, "initial_customers": 0.0}
    given |= {"appeal.own": 30.0, "rival_appeal": -30.0, "initial_aware": 0.0, "talk_days": 7.0}
    given |= {"satisfaction_gain": 0.0, "referral_trust": 0.0}
    setup = simple(customers, days, "own", given, service=0.5)
    relations = None if network is None else Relations(network=network)
    ledger = Market.from_setup(dataclasses.replace(setup, relations=relations), seed=3).run()
    return np.asarray(ledger.events[:, 0, NEW].cumsum() / customers)


def bass(p: float, q: float, days: int) -> np.ndarray:
    fading = np.exp(-(p + q) * np.arange(1, days + 1))
    return (1.0 - fading) / (1.0 + q / p * fading)


P, Q, DAYS = 0.0008, 0.012, 540


def test_a_random_network_spreads_like_bass() -> None:
    """Where all hear a random sample of all, the network's limit is Bass (1969)."""
    spread, law = diffusion(Network(24, 1.0), P, Q, DAYS), bass(P, Q, DAYS)
    assert np.abs(spread - law).max() < 0.05
    assert 0.9 < spread[-1] < 1.0
    peak = np.argmax(np.convolve(np.diff(spread), np.ones(84), "same"))
    assert peak == pytest.approx(math.log(Q / P) / (P + Q), rel=0.15)


def test_clustered_ties_slow_the_spread() -> None:
    """On a ring the word travels to who has heard it already (Watts & Strogatz 1998); some far ties help."""
    ring, small_world, free = (diffusion(Network(6, w), P, Q, 300, 4_000)[280] for w in (0.0, 0.2, 1.0))
    assert ring < small_world < free
    assert free - ring > 0.05


def test_the_network_s_mean_is_the_mean_field() -> None:
    """Buyers as content as usual: the word heard on average is the share who have bought."""
    setup = simple(
        4_000, 40, "own", {"need_rate": 0.3, "satisfaction_gain": 0.0, "talk_days": 30.0}, service=0.5
    )
    setup = dataclasses.replace(setup, relations=Relations(network=Network(8, 0.3)))
    market = Market.from_setup(setup, seed=2)
    while market.running:
        market.step()
        heard = market.customers.get("heard") / 16384.0 - 1.0
        assert heard.mean() == pytest.approx(market.talk, rel=0.03)
    assert market.talk > 0.25


def talked(service: float, **changes: Any) -> tuple[Setup, Ledger]:
    setup = eventful(
        2_000, 180, 60, shocks=(), effects=(), relations=Relations(network=Network()),
        parameters={"renewal": 0.0, "pull.referral": 0.6, "dropout_relief": 0.0, "satisfaction_weight": 0.0,
                    "talk_days": 14.0, "satisfaction_gain": 0.6}
        | changes,
    )  # fmt: skip
    setup.drivers.service[:] = service
    setup.drivers.discount[:] = 0.0
    return setup, Market.from_setup(setup, seed=4).run()


def test_bad_service_is_heard_of() -> None:
    """Buyers who are served worse or better speak less or more of us; nothing else links the two here."""
    came = [int(talked(service)[1].visits[150:, REFERRAL].sum()) for service in (0.1, 0.7, 1.0)]
    assert came[0] < 0.8 * came[1] < came[1] < came[2]


def test_voices_are_heard_in_thirty_seconds() -> None:
    assert opinion_of(1.0) == VOICE == 32.0
