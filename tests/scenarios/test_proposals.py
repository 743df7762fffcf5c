"""From lines of a plan to an optimiser's numbers and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.problems import BadInput
from scenarios.plan import Plan, load_plan, with_overrides
from scenarios.proposals import flat, lines_of, parameters, shares, sticks, value_at

UNIT = st.floats(0, 1)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("ecommerce_dept")


@given(st.lists(UNIT, min_size=1, max_size=7))
def test_shares_are_whole_units_that_sum_to_one(numbers: list[float]) -> None:
    parts = shares(numbers)
    assert len(parts) == len(numbers) + 1
    assert min(parts) >= 0
    assert sum(round(part * 10_000) for part in parts) == 10_000
    assert parts == [round(part, 4) for part in parts]


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=6).filter(any))
def test_every_split_can_be_reached(weights: list[int]) -> None:
    parts = [weight / sum(weights) for weight in weights]
    numbers = sticks(parts)
    assert all(0 <= number <= 1 for number in numbers)
    assert shares(numbers) == pytest.approx(parts, abs=1.01e-4)


def test_uniform_numbers_give_every_split_the_same_chance() -> None:
    """A Dirichlet of ones: each of k shares has mean 1/k and variance (k - 1) / (k² (k + 1))."""
    rng = np.random.default_rng(1)
    parts = np.array([shares(row) for row in rng.uniform(size=(8000, 3)).tolist()])
    assert parts.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.01)
    assert parts.var(axis=0) == pytest.approx([3 / 80] * 4, rel=0.06)


def test_the_plan_as_written_has_numbers(plan: Plan) -> None:
    lines = lines_of(plan)
    numbers = parameters(lines, plan)
    assert len(numbers) == 3 + 4
    members = value_at(plan, "budget.year_1.split")
    found = shares([numbers[f"budget.year_1.split.{name}"] for name in list(members)[:-1]])
    assert found == pytest.approx(list(members.values()))


def searching(plan: Plan, vary: dict[str, object]) -> Plan:
    return type(plan).model_validate({**plan.model_dump(exclude_unset=True), "search": {"vary": vary}})


def test_ranges_and_choices(plan: Plan) -> None:
    vary = {
        "policies.promotion.depth": [0.1, 0.4],
        "policies.pricing.policy": ["uniform", "dynamic"],
        "months": [30, 36],
        "budget.year_2.total": [1e6, 9e6],
    }
    lines = {line.path: line for line in lines_of(searching(plan, vary))}
    assert lines["months"].whole and not lines["policies.promotion.depth"].whole
    numbers = parameters(list(lines.values()), plan)
    assert numbers == {
        "policies.promotion.depth": 0.1,  # 0.05 is below the range
        "policies.pricing.policy": 0,
        "months": 36,
        "budget.year_2.total": 5e6,  # the first year repeated
    }


def test_what_cannot_vary_is_refused(plan: Plan) -> None:
    with pytest.raises(BadInput, match="varies no line"):
        lines_of(searching(plan, {}))
    both = {"budget.media": "simplex", "budget.media.live": [0.1, 0.2]}
    with pytest.raises(BadInput, match=r"lies within budget\.media"):
        lines_of(searching(plan, both))
    alone = with_overrides(plan, {"budget.media": {"live": 1.0}})
    with pytest.raises(BadInput, match="single member"):
        lines_of(searching(alone, {"budget.media": "simplex"}))


def test_flat_values_are_columns() -> None:
    assert flat({"a": {"x": 0.25, "y": 0.75}, "b": 3, "c": [1, 2]}) == {
        "a.x": 0.25,
        "a.y": 0.75,
        "b": 3,
        "c": "[1, 2]",
    }
