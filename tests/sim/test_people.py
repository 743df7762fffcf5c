"""Counts of people at month ends: stages and groups cover everybody, opinions are parts, moves add up."""

from __future__ import annotations

import numpy as np
import pytest

from sim.customers.care import GROUPS
from sim.customers.stages import (
    COUNTED,
    STAGES,
    count_months,
    detracting,
    ordered_again,
    promoting,
    stage_of,
)
from sim.indicators import evaluate
from sim.market import Market
from sim.people import Moves
from tests.sim.markets import eventful, related


@pytest.fixture(scope="module")
def market() -> Market:
    market = Market.from_setup(related(1_500, 400, 60, shocks=()), seed=6)
    market.run()
    return market


def test_stages_and_groups_cover_everybody(market: Market) -> None:
    for snapshot in market.ledger.snapshots.values():
        assert sum(snapshot[f"stage_{name}"] for name in STAGES) == 1_500
        assert sum(snapshot[f"rfm_{name}"] for name in GROUPS) == 1_500
        assert snapshot["stage_prospect"] == snapshot["rfm_prospect"] == snapshot["prospects"]
        assert snapshot["stage_new"] == snapshot["rfm_new"]
        assert snapshot["stage_lost"] == snapshot["rfm_dormant"]
        assert snapshot["promoters"] + snapshot["detractors"] <= snapshot["opinions"] + 1e-9
        assert snapshot["recognised"] <= snapshot["active"] <= snapshot["known_active"]
    last = market.ledger.snapshots[399]
    assert min(last[f"rfm_{name}"] for name in ("new", "loyal", "champion", "lapsing")) > 0


def test_who_is_not_recognised_counts_once_a_channel() -> None:
    counts = np.zeros(len(COUNTED))
    for used, recent, flags in ((0b011, 1, 1), (0b011, 1, 0), (0b100, 1, 2), (0b111, 1 << 13, 1)):
        count_months(recent, used, flags, 3, counts)
    found = dict(zip(COUNTED, counts.tolist(), strict=True))
    names = (
        "known_active",
        "known_multichannel",
        "recognised",
        "referred",
        "multichannel",
        "active_before.2",
    )
    assert [found[name] for name in names] == [4.0, 1.0, 1.0, 1.0, 2.0, 1.0]


def test_ordered_again_within_a_year_of_the_first_order() -> None:
    assert not ordered_again(0b1) and not ordered_again(1 << 12)
    assert ordered_again(1 << 12 | 1) and ordered_again(1 << 23 | 1 << 11)
    assert not ordered_again(1 << 23 | 1 << 10)  # thirteen months later
    assert not ordered_again(1 << 24 | 1 << 11)  # the first is forgotten, the other is of this year


def test_stages_by_hand() -> None:
    asked = [(0, 9), (1, 90), (1, 91), (2, 3), (5, 181), (5, 366)]
    assert [STAGES[stage_of(*each)] for each in asked] == [
        "prospect",
        "new",
        "active",
        "active",
        "lapsing",
        "lost",
    ]


def test_answers_scatter_around_satisfaction() -> None:
    content = (0.1, 0.4, 0.6, 0.8, 1.0)
    assert [promoting(each) for each in content] == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])
    assert [detracting(each) for each in content] == pytest.approx([1.0, 0.5, 0.0, 0.0, 0.0])


def test_better_service_raises_the_promoter_score() -> None:
    scores = []
    for service in (0.2, 0.6, 1.0):
        setup = eventful(500, 120, shocks=())
        setup.drivers.service[:] = service
        table = evaluate(Market.from_setup(setup, seed=1).run(), [(0, 119)], ["nps"])
        scores.append(float(table.value[0]))
    assert scores == sorted(scores) and -100 <= scores[0] < 0 < scores[2] <= 100


def test_moves_between_channels_add_up_to_everybody(market: Market) -> None:
    moves = market.ledger.moves
    assert list(moves) == [0, 365] or list(moves)[-1] >= 365
    for table in moves.values():
        assert table.shape == (4, 4) and table.sum() == 1_500
    assert np.trace(moves[max(moves)][:3, :3]) > 0


def test_who_stays_stays() -> None:
    market = Market.from_setup(eventful(200, 5), seed=1)
    moves, state = Moves(200, 3), market.customers.state
    first, second = moves.count(state), moves.count(state)
    assert first[:3].sum() == 0 and first.sum() == 200
    assert (second == np.diag(np.diag(second))).all()
