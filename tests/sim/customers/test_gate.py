"""The gate lets in everybody who may come, and its luck is uniform and the customer's own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.customers.exchange import Scratch
from sim.customers.gate import pass_gate
from sim.engine.chunks import CHUNK
from sim.engine.compilation import compiled
from sim.engine.randomness import refined, ring, sliced, stream_key, uniforms_at, unit, word

KEY, REST = stream_key(7, "visit", 3), stream_key(7, "visit rest", 3)


def luck(count: int) -> np.ndarray:
    """Return everybody's luck with looking in."""
    numbers = np.arange(count, dtype=np.uint64)
    first = sliced(np.full(1, KEY, np.uint64), numbers).astype(float)
    return np.asarray((first + uniforms_at(REST, numbers)) * 2.0**-16)


@pytest.mark.parametrize("customers", [1, 7, 4_095, 4_096, 10_000])
def test_nobody_is_turned_away_who_might_come(customers: int) -> None:
    gate = np.random.default_rng(customers).gamma(0.5, 0.1, customers).astype(np.float32)
    gate[::5] = 0.0
    drawn, twin, scratch, reach = luck(customers), compiled(pass_gate), Scratch.blank(), 1.7
    let_in = np.zeros(customers, bool)
    for start in range(0, customers, CHUNK):
        count = twin(start, np.uint64(KEY), reach, gate, scratch)
        let_in[start + scratch.found[:count]] = True
    assert let_in[drawn < gate.astype(float) * reach].all()
    assert not let_in[drawn > gate.astype(float) * reach + 2.0**-15].any()
    assert not let_in[gate == 0.0].any()


def test_luck_is_uniform_and_independent_between_neighbours() -> None:
    drawn = luck(40_000)
    assert stats.kstest(drawn, "uniform").pvalue > 1e-3
    for lag in (1, 2, 3, 4):  # within a word, and across words
        assert abs(np.corrcoef(drawn[:-lag], drawn[lag:])[0, 1]) < 4.0 / np.sqrt(40_000)


def test_one_customer_s_luck_is_the_array_s() -> None:
    drawn = luck(9)
    for number in range(9):
        assert refined(float(sliced(KEY, number)), word(REST, number)) == drawn[number]


def test_a_late_clock_is_told_without_its_time() -> None:
    for index in range(2_000):
        bits = word(5, index)
        time = -np.log(unit(bits)) / 0.7
        for before in (0.1, 1.0, 4.0):
            rung = ring(bits, 0.7, before)
            assert rung == (pytest.approx(time) if time < before else np.inf)
