"""Luck is addressed: the same whatever the threads, the order and the other customers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.customers.exchange import STREAMS
from sim.engine.chunks import CHUNK, Crew, chunk_count
from sim.engine.randomness import (
    GAMMA,
    MASK,
    day_keys,
    exponential,
    gumbel,
    mix64,
    normal,
    stream_key,
    uniform,
    uniforms,
    unit,
    word,
)
from sim.ledger import Ledger
from sim.market import Market
from tests.sim.markets import eventful

SPLITMIX = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)


def same(first: Ledger, second: Ledger) -> bool:
    """Whether two runs left the same books."""
    books = ("visits", "events", "credited", "operations", "cohort_second")
    equal = all(np.array_equal(getattr(first, name), getattr(second, name)) for name in books)
    return equal and first.snapshots == second.snapshots


def test_published_vectors() -> None:
    """SplitMix64 from seed 1234567, as published with the reference implementation."""
    assert tuple(word(1234567, i) for i in range(5)) == SPLITMIX
    assert tuple(mix64((1234567 + i * GAMMA) & MASK) for i in range(1, 6)) == SPLITMIX


def test_arrays_hold_what_the_scalars_give() -> None:
    key = stream_key(3, "visit", -2)
    assert uniforms(key, 100).tolist() == [uniform(key, i) for i in range(100)]
    keys = day_keys(2**70 + 5, STREAMS, -3, 6)
    assert keys.tolist() == [[stream_key(2**70 + 5, s, day) for s in STREAMS] for day in range(-3, 3)]


def lattice() -> np.ndarray:
    """Return draws [day 40, customer 250, alternative 10]."""
    draws = [
        [[unit(word(word(stream_key(1, "buy", day), i), k)) for k in range(10)] for i in range(250)]
        for day in range(40)
    ]
    return np.array(draws)


def test_draws_are_uniform_and_unrelated_along_every_address() -> None:
    draws = lattice()
    flat = draws.ravel()
    assert stats.kstest(flat, "uniform").pvalue > 1e-3
    assert stats.chisquare(np.histogram(flat, 256, (0, 1))[0]).pvalue > 1e-3
    for axis in range(3):  # neighbours by day, by customer, by alternative
        ahead = np.take(draws, range(1, draws.shape[axis]), axis)
        behind = np.take(draws, range(draws.shape[axis] - 1), axis)
        r = np.corrcoef(ahead.ravel(), behind.ravel())[0, 1]
        assert abs(r) < 4.0 / np.sqrt(ahead.size)
        pairs = np.histogram2d(ahead.ravel(), behind.ravel(), 16, [(0, 1), (0, 1)])[0]
        assert stats.chisquare(pairs.ravel()).pvalue > 1e-3


def test_streams_seeds_and_days_are_unrelated() -> None:
    addresses = [(seed, s, day) for seed in (0, 1, 2, 2**63) for s in STREAMS for day in (-1, 0, 1)]
    draws = np.array([uniforms(stream_key(*address), 4_000) for address in addresses])
    r = np.corrcoef(draws)[np.triu_indices(len(draws), 1)]
    assert np.abs(r).max() < 5.0 / np.sqrt(draws.shape[1])
    assert np.std(r) == pytest.approx(1.0 / np.sqrt(draws.shape[1]), rel=0.05)


def test_transforms_have_their_laws() -> None:
    words = [word(99, i) for i in range(20_000)]
    assert stats.kstest([exponential(w) for w in words], "expon").pvalue > 1e-3
    assert stats.kstest([gumbel(w) for w in words], "gumbel_r").pvalue > 1e-3
    assert (
        stats.kstest([normal(a, b) for a, b in zip(words[::2], words[1::2], strict=True)], "norm").pvalue
        > 1e-3
    )
    assert 0.0 < unit(0) < unit(MASK) < 1.0


def test_same_bits_at_any_number_of_threads() -> None:
    setup = eventful(customers=5 * CHUNK + 100, days=40)
    alone = Market.from_setup(setup, seed=6).run()
    assert alone.events.sum() > 100_000
    for threads in (2, 3):
        assert same(alone, Market.from_setup(setup, seed=6, threads=threads).run())


def test_seed_decides_the_run() -> None:
    first, again, other = (Market.from_setup(eventful(days=20), seed=s).run() for s in (5, 5, 6))
    assert same(first, again)
    assert not same(first, other)


def test_customers_do_not_share_luck() -> None:
    """Without the customers after them, the first thousand do what they did."""
    # Nothing but luck may differ: no word of mouth, no queue, no clicks spread over the population.
    calm = {"pull.referral": 0.0, "capacity_ratio": 2.0, "handling_hours": 24.0}
    many, few = (
        Market.from_setup(
            eventful(customers=n, days=40, shocks=(), media=(), drivers=quiet(40), parameters=calm), seed=9
        )
        for n in (5_000, 1_000)
    )
    many.run(), few.run()
    for name in few.customers.names():
        np.testing.assert_array_equal(few.customers.get(name), many.customers.get(name)[:1_000], err_msg=name)


def quiet(days: int):  # type: ignore[no-untyped-def]
    """Return constant drivers of the three channels, without media."""
    from sim.setup import Drivers

    return Drivers.constant(days, 3)


def test_chunks_cover_everybody_once() -> None:
    seen: list[int] = []
    for threads in (1, 2, 3, 8):
        crew = Crew(threads)
        seen.clear()
        crew.run(lambda _, first, last: seen.extend(range(first, last)), chunk_count(9 * CHUNK + 1))
        crew.close()
        assert sorted(seen) == list(range(10))
    with pytest.raises(ValueError, match="threads"):
        Crew(0)


def test_errors_in_a_thread_are_not_lost() -> None:
    def fail(_: int, first: int, last: int) -> None:
        raise RuntimeError("chunk")

    with pytest.raises(RuntimeError, match="chunk"):
        Crew(2).run(fail, 4)
