"""From lines of a plan to an optimiser's numbers and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.problems import BadInput
from scenarios.plan import Plan, load_plan, with_overrides
from scenarios.proposals import coordinates, flat, lines_of, parameters, planned_money, suggest, value_at
from scenarios.sticks import shares, sticks

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


def test_plans_alike_have_coordinates_alike(plan: Plan) -> None:
    """Where the first medium takes nearly all, the numbers that break the rest off say next to nothing."""
    lines = lines_of(
        searching(plan, {"budget.year_1.split": "simplex", "policies.promotion.depth": [0.0, 0.4]})
    )
    media = lines[0].members
    sticks = {f"budget.year_1.split.{name}": 0.2 for name in media[1:-1]}
    first = {f"budget.year_1.split.{media[0]}": 0.999999, "policies.promotion.depth": 0.1}
    low = coordinates(lines, first | sticks)
    high = coordinates(lines, first | dict.fromkeys(sticks, 0.9))
    assert np.allclose(low, high, atol=0.02)
    assert sum(low[: len(media)]) == pytest.approx(1.0)
    assert low[len(media)] == pytest.approx(0.25)


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


def proposed(plan: Plan, vary: dict[str, object], seed: int = 1) -> list[dict[str, object]]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    planned = searching(plan, vary)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    return [suggest(study.ask(), lines_of(planned), planned) for _ in range(30)]


def test_lines_are_fixed_linked_or_conditional(plan: Plan) -> None:
    apart = {"policies.pricing.policy": "differentiated"}
    vary = {
        "policies.pricing.online_gap": {
            "low": -0.1,
            "high": 0.1,
            "when": apart,
        },
        "policies.pricing.policy": ["uniform", "differentiated"],
        "budget.year_1.total": [4e6, 6e6],
        "budget.year_2.total": {"like": "budget.year_1.total", "times": 0.5, "plus": 1000},
        "policies.service.free_returns": {"fixed": True},
    }
    rows = proposed(plan, vary)
    assert {row["policies.pricing.policy"] for row in rows} == {"uniform", "differentiated"}
    for row in rows:
        assert ("policies.pricing.online_gap" in row) == (row["policies.pricing.policy"] == "differentiated")
        assert row["budget.year_2.total"] == pytest.approx(0.5 * row["budget.year_1.total"] + 1000, rel=1e-5)
        assert row["policies.service.free_returns"] is True
        with_overrides(plan, row)


def test_shares_keep_their_ends(plan: Plan) -> None:
    rows = proposed(plan, {"budget.year_1.split": {"kind": "simplex", "low": 0.05, "high": 0.5}})
    every = [share for row in rows for share in row["budget.year_1.split"].values()]
    assert min(every) >= 0.05 - 1e-4 and max(every) <= 0.5 + 1e-4
    assert all(sum(row["budget.year_1.split"].values()) == pytest.approx(1) for row in rows)
    back = shares(sticks([0.1, 0.2, 0.3, 0.4], 0.05, 0.5), 0.05, 0.5)
    assert back == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=1e-4)
    with pytest.raises(BadInput, match="cannot sum to 1"):
        lines_of(searching(plan, {"budget.year_1.split": {"kind": "simplex", "low": 0.3, "high": 0.5}}))


def test_money_is_shared_out_over_the_years(plan: Plan) -> None:
    short = with_overrides(plan, {"months": 30, "targets": [], "search.vary": {}})
    for row in proposed(short, {"budget.years": "simplex"}):
        assert set(row) == {f"budget.year_{n}.total" for n in (1, 2, 3)}
        assert planned_money(with_overrides(short, row)) == pytest.approx(planned_money(short), rel=1e-6)


def test_what_plans_can_change_can_be_searched(plan: Plan) -> None:
    event = plan.policies.promotion.calendar[0].name if plan.policies.promotion.calendar else None
    name = next(iter(plan.initiatives))
    vary: dict[str, object] = {
        "policies.promotion.coupons.online_to_store": [0.0, 0.2],
        "policies.loyalty.points_rate": [0.0, 0.05],
        "policies.service.delivery_days": [1.0, 4.0],
        "policies.service.free_returns": [False, True],
        "policies.inventory.days": [20.0, 60.0],
        "policies.pricing.level": [0.9, 1.1],
        f"initiatives.{name}.active": [True, False],
        f"initiatives.{name}.start_month": [1, 12],
        "budget.control.reallocate.step": [0.05, 0.4],
        "budget.control.reserve_release.below": [0.8, 1.0],
        "budget.media": "simplex",
    }
    if event:
        vary[f"policies.promotion.calendar.{event}.depth"] = [0.1, 0.4]
    rows = proposed(plan, vary)
    assert all(isinstance(row[f"initiatives.{name}.start_month"], int) for row in rows)
    for row in rows[:4]:
        changed = with_overrides(plan, row)
        assert changed.start_month(name) == row[f"initiatives.{name}.start_month"]
        assert changed.budget.control.reallocate.step == row["budget.control.reallocate.step"]


def test_numbers_in_order_are_searched_as_such(plan: Plan) -> None:
    depth = "policies.promotion.depth"
    lines = lines_of(searching(plan, {depth: [0.0, 0.1, 0.2]}))
    assert lines[0].ordered
    assert parameters(lines, with_overrides(plan, {depth: 0.1})) == {depth: 1}


def test_lines_that_lead_nowhere_are_refused(plan: Plan) -> None:
    circle = {
        "policies.pricing.level": {"low": 0.9, "high": 1.1, "when": {"policies.promotion.depth": 0.1}},
        "policies.promotion.depth": {"low": 0.0, "high": 0.3, "when": {"policies.pricing.level": 1.0}},
    }
    with pytest.raises(BadInput, match="circle"):
        lines_of(searching(plan, circle))
    alone = {"policies.pricing.level": [0.9, 1.1], "policies.promotion.depth": {"like": "budget.media"}}
    with pytest.raises(BadInput, match="does not vary"):
        lines_of(searching(plan, alone))
