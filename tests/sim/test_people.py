"""Counts of people at month ends: stages and groups cover everybody, opinions are parts, moves add up."""

from __future__ import annotations

import numpy as np
import pytest

from sim.customers.care import GROUPS
from sim.indicators import evaluate
from sim.market import Market
from sim.people import STAGES, Moves, detracting, known, promoting
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
    used, recent = np.array([0b011, 0b011, 0b100, 0b111], np.uint8), np.array([1, 1, 1, 1 << 13], np.uint32)
    found = known(recent, used, np.array([1, 0, 2, 1], np.uint8))
    assert found == {"known_active": 4.0, "known_multichannel": 1.0, "recognised": 1.0, "referred": 1.0}


def test_answers_scatter_around_satisfaction() -> None:
    content = np.array([0.1, 0.4, 0.6, 0.8, 1.0])
    assert promoting(content).tolist() == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])
    assert detracting(content).tolist() == pytest.approx([1.0, 0.5, 0.0, 0.0, 0.0])


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
