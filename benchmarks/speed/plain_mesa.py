"""The full market against plain Mesa: the same rules, an agent a customer, decision for decision."""

from __future__ import annotations

from typing import Any

from benchmarks.speed.markets import setup
from benchmarks.speed.rows import Row, faster
from benchmarks.speed.timing import cpu, in_turns
from sim.setup import Setup

CUSTOMERS, STEPS, ROUNDS = 100_000, 4, 4


def mesa_rows(customers: int = CUSTOMERS, steps: int = STEPS, rounds: int = ROUNDS) -> list[Row]:
    """Time both on the same market of the same size; they must reach the same books."""
    same = setup(customers, steps * rounds + 1)
    ours, plain = both(same)
    ours.step(), plain.step()
    found = in_turns(
        {"ours": cpu(ours.step, steps, customers), "mesa": cpu(plain.step, steps, customers)}, rounds
    )
    check_same_books(ours, plain)
    return [faster("mesa_reference", found["ours"], found["mesa"], customers=customers)]


def both(same: Setup) -> tuple[Any, Any]:
    """Return our market and plain Mesa's, of one setup."""
    from sim.market import Market
    from tests.reference.market import ReferenceMarket

    return Market.from_setup(same), ReferenceMarket(same)


def check_same_books(ours: Any, plain: Any) -> None:
    """See that all days were decided alike.

    Raises
    ------
    AssertionError
        If a count, or what a customer remembers, differs.
    """
    from tests.reference.agreement import assert_same_books, assert_same_memory

    assert_same_books(ours, plain)
    assert_same_memory(ours, plain)
