"""What if: dials read from a plan, and quick looks that agree with the full experiment."""

from __future__ import annotations

import multiprocessing
import threading

import pandas as pd
import pytest

from results.problems import BadInput
from scenarios.compare import compare
from scenarios.experiment import RunJob, futures, run_one, simulate
from scenarios.horizon import with_horizon
from scenarios.plan import bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.overrides import written
from scenarios.what_if import Quick, dials_of, moved, with_scenario
from scenarios.what_if.quick import PATIENCE


@pytest.mark.parametrize("name", bundled())
def test_every_dial_of_every_plan_reaches_both_its_ends(name: str) -> None:
    plan = load_plan(name)
    dials = dials_of(plan)
    assert len({dial.key for dial in dials}) == len(dials) >= 12
    for dial in dials:
        assert dial.low <= dial.value <= dial.high
        for end in (dial.low, dial.high):
            assert moved(plan, {dial.key: end}).name == plan.name


def test_answers_are_promised_up_to_what_can_be_reached() -> None:
    found = {name: {dial.key: dial for dial in dials_of(load_plan(name))} for name in bundled()}
    ends = {name: dials["service.response"].high for name, dials in found.items()}
    assert ends["ecommerce_dept"] == 0.78  # a fifth asks by night, and staff answer 98 % by day
    assert ends["omo_fusion"] == 0.9  # bots answer by night
    far = found["online_mall"]["service.response"]  # its plan promises more than can be reached
    assert (far.value, far.high, far.most) == (0.8, 0.8, pytest.approx(0.784))
    assert all(dial.most is None for dial in found["omo_fusion"].values())


def test_a_dial_where_it_stands_changes_nothing() -> None:
    plan = load_plan("ecommerce_dept")
    still = {dial.key: dial.value for dial in dials_of(plan)}
    assert written(moved(plan, still)) == written(plan)


def test_dials_move_what_they_are_called() -> None:
    plan = load_plan("ecommerce_dept")
    turned = moved(plan, {"promotion.depth": 0.3, "budget.total": 1.5, "media.content": 0.4})
    assert turned.policies.promotion.depth == 0.3
    assert turned.budget.year(1).total == 7_500_000
    assert turned.budget.media["content"] == 0.4
    assert sum(turned.budget.media.values()) == pytest.approx(1)


def test_every_budgeted_year_moves_together() -> None:
    years = {"budget.year_2": {"total": 2_000_000}}
    plan = with_overrides(load_plan("ecommerce_dept"), years)
    turned = moved(plan, {"budget.total": 0.5})
    assert [turned.budget.year(n).total for n in (1, 2, 3)] == [2_500_000, 1_000_000, 1_000_000]


def test_shares_beyond_the_whole_are_refused() -> None:
    plan = load_plan("ecommerce_dept")
    with pytest.raises(BadInput):
        moved(plan, {"split.marketing": 0.9, "split.technology": 0.9})


def test_the_scenario_made_of_dials_is_the_plan_with_them() -> None:
    plan = load_plan("ecommerce_dept")
    values = {"pricing.online_gap": -0.1, "split.marketing": 0.5, "service.delivery_days": 2.0}
    within = scenario_plan(with_scenario(plan, values), "what_if")
    assert within.policies == moved(plan, values).policies
    assert within.budget == moved(plan, values).budget


def test_a_quick_look_sees_what_the_experiment_sees() -> None:
    plan = with_horizon(load_plan("ecommerce_dept"), 12)
    values = {"promotion.depth": 0.25}
    with Quick(plan, customers=200, most=4) as quick:
        looks = list(quick.look(values))
        again = list(quick.look(values))
    assert [look.futures for look in looks] == [2, 4]
    assert again[-1].table.equals(looks[-1].table)
    table = looks[-1].table.set_index("kpi")

    kpis = []
    for name, lived in (("plan", plan), ("what_if", moved(plan, values))):
        for future in futures((), 4, 1):
            job = RunJob(name, lived, future, 200, simulate, [(0, 364)], False)
            kpis.append(run_one(job)["kpis"])

    full = compare(pd.concat(kpis), "plan").set_index("kpi")
    for kpi in ("net_sales", "orders", "operating_profit"):
        assert table.loc[kpi, "difference"] == full.loc[kpi, "difference"] != 0
        assert table.loc[kpi, "low"] == full.loc[kpi, "low"] < table.loc[kpi, "high"]


def test_nothing_moved_differs_in_nothing() -> None:
    plan = with_horizon(load_plan("ecommerce_dept"), 12)
    with Quick(plan, customers=100, most=2) as quick:
        (look,) = quick.look({})
    assert (look.table["difference"].dropna() == 0).all()


def test_the_last_year_is_the_last() -> None:
    plan = with_horizon(load_plan("ecommerce_dept"), 15)
    with Quick(plan, customers=100, most=2) as quick:
        (first,), (last,) = quick.look({}), quick.look({}, "last")
    assert str(first.table["period_start"].iloc[0])[:10] == "2027-01-01"
    assert str(last.table["period_end"].iloc[0])[:10] == "2028-03-31"
    with pytest.raises(ValueError, match="year"):
        next(quick.look({}, "second"))


def test_whoever_asks_last_is_answered() -> None:
    plan = with_horizon(load_plan("ecommerce_dept"), 12)
    with Quick(plan, customers=100, most=4) as quick:
        first = quick.look({"promotion.depth": 0.2})
        assert next(first).futures == 2
        second = quick.look({"promotion.depth": 0.3})
        first.close()
        assert next(second).futures == 2


@pytest.mark.parametrize("patience", [PATIENCE, 0.0])  # the look may also take longer than closing waits for
def test_closing_in_the_middle_of_a_look_leaves_no_worker_behind(
    patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.what_if.quick.PATIENCE", patience)
    plan = with_horizon(load_plan("ecommerce_dept"), 12)
    quick, begun = Quick(plan, customers=100, workers=2), threading.Event()
    before = set(multiprocessing.active_children())

    def looking() -> None:
        for _ in quick.look({"promotion.depth": 0.2}):
            begun.set()

    thread = threading.Thread(target=looking)
    thread.start()
    assert begun.wait(120)
    quick.close()
    thread.join(60)
    assert not thread.is_alive()
    assert not set(multiprocessing.active_children()) - before
    assert list(quick.look({})) == []  # nobody is answered any more


def test_a_life_to_the_last_year_tells_the_first_as_one_that_ends_there() -> None:
    plan, values = with_horizon(load_plan("ecommerce_dept"), 15), {"promotion.depth": 0.25}
    with Quick(plan, customers=100, most=2) as short, Quick(plan, customers=100, most=2) as long:
        *_, first = short.look(values)
        for _ in long.look(values, "last"):
            pass
        lived = dict(long._lives)
        *_, again = long.look(values)
        assert dict(long._lives) == lived  # nothing was lived anew
    pd.testing.assert_frame_equal(first.table, again.table)


def test_the_plan_is_lived_to_its_last_year_while_nobody_waits() -> None:
    plan, values = with_horizon(load_plan("ecommerce_dept"), 15), {"promotion.depth": 0.25}
    with Quick(plan, customers=100, most=2) as quick:
        for _ in quick.look(values):
            pass
        known = {(moves, year) for moves, _, year in quick._lives}
    assert ((), "last") in known
    assert (tuple(values.items()), "last") not in known
