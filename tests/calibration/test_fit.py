"""Fits: what a history tells is found again, what it does not tell keeps its prior and is named."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.case import Case, parameter
from calibration.fit import KEPT, Fit, fit, member_seed, prior_parameters, simulate_statistics
from calibration.moments import Prior, cloud_size
from calibration.reconstruction import reconstruct
from calibration.reference import Observed
from calibration.statistics import Statistic
from scenarios.executor import Pool
from sim.setup import Channel, Drivers, Setup
from tests.calibration.histories import log, months, stored

TRUTH = {"need_rate": 0.12, "dropout": 0.12, "need_shape": 1.5}
CUSTOMERS, WEEKS = 250, 30
CLOUDS, MEMBERS = (0.7, 0.4, 0.2), 24
NULL = "wear"  # acts on capabilities alone, of which these markets have none


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The case of a customer log that the market itself wrote, its truth known, and one idle parameter."""
    entry = np.sort(np.random.default_rng(3).integers(0, 84, CUSTOMERS))
    entry[0] = 0
    known = {f"{f}.online": v for f, v in {"appeal": 0.5, "bounce": 0.0, "registration": 1.0}.items()}
    known |= {f"{f}.online": 1.0 for f in ("payment", "mobile_completion", "desktop_completion")}
    known |= {"stockout.online": 0.0, "return_rate.online": 0.0}
    days = 7 * WEEKS
    setup = Setup(
        datetime.date(2020, 1, 6), days, (Channel("online", "own"),), Drivers.constant(days, 1),
        customers=CUSTOMERS, parameters=known | TRUTH, entry=entry,
    )  # fmt: skip
    market = Observed(setup, 99, CUSTOMERS)
    market.run()
    rows = pd.DataFrame(market.orders, columns=["day", "customer", "channel", "amount"])
    rows["date"] = (np.datetime64("2020-01-06") + rows["day"].to_numpy()).astype(str)
    assert set(rows["customer"]) == set(range(CUSTOMERS))
    history = log(tmp_path_factory.mktemp("log"), rows[["customer", "date", "amount"]])
    made = reconstruct(history)
    return replace(made, prior=Prior((*made.prior.parameters, parameter(NULL))))


@pytest.fixture(scope="module")
def fitted(case: Case) -> Fit:
    with Pool(1) as pool:
        return fit(case, pool, seed=5, members=MEMBERS, clouds=CLOUDS)


def test_the_markets_own_truth_is_found_again(fitted: Fit) -> None:
    table = fitted.identified().set_index("parameter")
    inside = [table.loc[name, "p05"] <= value <= table.loc[name, "p95"] for name, value in TRUTH.items()]
    assert sum(inside) >= 2, table[["p05", "p50", "p95"]]
    assert table.loc["need_rate", "identified"]


def test_statistics_fit(fitted: Fit) -> None:
    table = fitted.statistics()
    assert (table["off"].abs() < 3).mean() > 0.8, table
    assert (
        (table["observed"] > 0.5 * table["simulated_p05"]) & (table["observed"] < 2 * table["simulated_p95"])
    ).all()


def test_what_the_history_does_not_tell_keeps_its_prior_and_is_named(fitted: Fit) -> None:
    row = fitted.identified().set_index("parameter").loc[NULL]
    assert row["contraction"] < 0.25 and not row["identified"]
    assert row["p05"] < parameter(NULL).default < row["p95"]
    assert {NULL, *KEPT} <= set(fitted.document()["not_identified"])
    assert "need_rate" not in fitted.document()["not_identified"]


def test_tables_have_the_documented_columns(fitted: Fit) -> None:
    assert list(fitted.statistics()) == [
        "name", "observed", "scale", "simulated_p05", "simulated_p50", "simulated_p95", "off",
    ]  # fmt: skip
    assert list(fitted.identified()) == [
        "parameter", "unit", "prior_low", "prior_high", "p05", "p50", "p95", "contraction", "identified",
        "grade", "source",
    ]  # fmt: skip
    ensemble = fitted.ensemble()
    assert ensemble.columns[0] == "draw" and ensemble["draw"].tolist() == list(range(MEMBERS))
    assert np.isfinite(ensemble.to_numpy(dtype=float)).all()
    assert {*TRUTH, NULL, "basket.online", "price_weight"} <= set(ensemble)


def test_draws_are_the_fixed_values_the_fitted_ones_and_priors_for_the_rest(case: Case, fitted: Fit) -> None:
    draws = fitted.draws()
    assert len(draws) == MEMBERS
    assert {draw["basket.online"] for draw in draws} == {case.setup.parameters["basket.online"]}
    assert len({draw["price_weight"] for draw in draws}) == MEMBERS
    fixed = replace(
        case, setup=replace(case.setup, parameters={**case.setup.parameters, "delay_weight": 0.5})
    )
    assert {draw["delay_weight"] for draw in replace(fitted, case=fixed).draws()} == {0.5}


def test_workers_change_nothing(case: Case) -> None:
    found = []
    for workers in (1, 2):
        with Pool(workers, spawn_after=0.0) as pool:
            found.append(fit(case, pool, seed=2, members=3, clouds=(0.5,)))
    assert np.array_equal(found[0].members, found[1].members)
    assert np.array_equal(found[0].simulated, found[1].simulated)


def test_members_have_fixed_seeds_and_a_simulation_depends_on_its_job_alone(case: Case) -> None:
    values = case.prior.values(case.prior.centre())
    job = (case, values, member_seed(5, 1))
    assert np.array_equal(simulate_statistics(job), simulate_statistics(job), equal_nan=True)
    assert len({member_seed(seed, member) for seed in (1, 2) for member in range(9)}) == 18


def test_a_history_with_nothing_to_fit_keeps_its_priors_and_claims_no_knowledge(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": months(12), "gbp": 100.0})
    tables = (
        "  sales: {file: s.csv, period: month, columns: {date: date}, channels: {total: {revenue: gbp}}}\n"
    )
    case = reconstruct(stored(tmp_path, tables, {"s": frame}))
    with Pool(1) as pool:
        found = fit(case, pool, members=7)
    assert len(found.ensemble()) == 7
    assert not found.identified()["identified"].any()
    assert found.statistics().empty
    assert found.document()["off_by_three_errors"] == []


def test_parameters_without_statistics_are_drawn_from_their_priors(case: Case) -> None:
    with Pool(1) as pool:
        found = fit(replace(case, statistics=()), pool, members=40)
    table = found.identified().set_index("parameter").loc[list(case.prior.names)]
    assert not table["identified"].any()
    assert table["p95"].to_numpy() == pytest.approx(table["prior_high"].to_numpy(), rel=0.35)


def test_a_statistic_the_market_never_has_is_reported_as_off(case: Case) -> None:
    impossible = Statistic("visits from nowhere", "source_share", 0.3, 0.1, 0, 5, "live", True)
    lone = replace(
        case, statistics=(*case.statistics[:3], impossible), prior=Prior(case.prior.parameters[:2])
    )
    with Pool(1) as pool:
        found = fit(lone, pool, members=4, clouds=(0.5,))
    assert "visits from nowhere" in found.misfit()


def test_the_kept_priors_are_the_markets_own() -> None:
    names = [p.name for p in prior_parameters()]
    assert len(set(names)) == len(names)
    assert {"effect.site_bounce", "capability_cost.data", "cpc.live", "lift.other"} <= set(names)


def test_a_stopped_fit_goes_on_where_it_was(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in its second cloud, a fit finds the first one and comes to the same ensemble."""
    import calibration.fit as module
    from results.store import create

    whole, lived = module.simulate_statistics, [0]
    small = cloud_size(len(case.prior.parameters))

    def fitted_in(name: str, stop: int) -> Fit:
        def once(job: tuple[Case, dict[str, float], int]) -> np.ndarray:
            lived[0] += 1
            if lived[0] == stop:
                raise KeyboardInterrupt
            return whole(job)

        monkeypatch.setattr(module, "simulate_statistics", once)
        with create(tmp_path / name, "calibrate", "log", {}, {}, 1) as writer, Pool(1) as pool:
            return fit(case, pool, seed=4, members=3, clouds=(0.7, 0.3), kept_in=writer)

    straight = fitted_in("straight", 0)
    assert lived[0] == 2 * small + 3
    lived[0] = 0
    with pytest.raises(KeyboardInterrupt):
        fitted_in("stopped", small + 2)
    lived[0] = 0
    again = fitted_in("stopped", 0)
    assert lived[0] == small + 3
    assert np.array_equal(again.members, straight.members)
    assert np.array_equal(again.simulated, straight.simulated, equal_nan=True)
