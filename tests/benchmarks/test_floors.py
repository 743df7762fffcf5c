"""Floors find a shopper's bytes in whatever layout the arrays have; bytes of state are counted once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.speed.floors import Floor, floor_of_market, places
from benchmarks.speed.markets import market, visits_a_day
from benchmarks.speed.memory import bytes_of, state_rows
from sim.engine.randomness import stream_key, uniforms

COUNT = 3_000


class Columns(NamedTuple):
    small: np.ndarray
    matrix: np.ndarray


def columns() -> Columns:
    random = np.random.default_rng(1)
    return Columns(
        random.integers(0, 255, COUNT).astype(np.uint8),
        random.integers(0, 9_999, (COUNT, 3)).astype(np.uint16),
    )


def records(of: Columns) -> np.ndarray:
    packed = np.zeros(COUNT, [("small", np.uint8), ("matrix", np.uint16, 3)])
    packed["small"], packed["matrix"] = of.small, of.matrix
    return packed


def test_the_floor_reads_shoppers_bytes_and_no_others() -> None:
    held = columns()
    floor = Floor(COUNT, 0.1, held)
    floor.step()
    shoppers = uniforms(stream_key(1, "visit", 0), COUNT) < 0.1
    low = held.matrix.view(np.uint8)[:, ::2]  # the first byte of each 16-bit word, where low bytes come first
    expected = int(held.small[shoppers].sum(dtype=int)) + int(low[shoppers].sum(dtype=int))
    assert floor.read == expected > 0


def test_records_are_read_like_columns() -> None:
    held = columns()
    packed = records(held)
    views = Columns(packed["small"], packed["matrix"])
    found = []
    for holder in (held, packed, views):
        floor = Floor(COUNT, 0.2, holder)
        for _ in range(3):
            floor.step()
        found.append(floor.read)
    assert found[0] == found[1] == found[2] > 0
    assert places(packed, COUNT) == places(views, COUNT)


def test_what_has_no_row_a_customer_is_no_state() -> None:
    assert len(places((np.zeros(COUNT), np.zeros(7)), COUNT)) == 1


def test_shared_memory_counts_once() -> None:
    held = columns()
    packed = records(held)
    assert (
        bytes_of(held)
        == bytes_of(packed)
        == bytes_of(Columns(packed["small"], packed["matrix"]))
        == 7 * COUNT
    )


def test_the_market_s_floor_covers_its_state_and_traits() -> None:
    ours = market(5_000, 3)
    floor = floor_of_market(ours)
    record = ours.customers.people.dtype
    fields = 1 + sum(record[name].shape[0] if record[name].shape else 1 for name in record.names or ())
    assert len(floor._bases) == fields and 0.005 < floor.share == visits_a_day(ours) < 0.05
    state, traits = state_rows(5_000)
    assert (state["name"], state["unit"]) == ("bytes_per_customer", "bytes")
    assert state["ratio"] > 20 and traits["ours"] > 0
