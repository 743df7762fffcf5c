"""Small versions of what is measured on the market: the figures' shape and meaning, never their size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed import cores, paired, plain_mesa, sizes, starts, threads, year
from benchmarks.speed.memory import year_rows
from benchmarks.speed.rows import Row
from benchmarks.speed.timing import in_turns


def named(rows: list[Row]) -> dict[str, Row]:
    return {row["name"]: row for row in rows}


def test_candidates_take_turns_and_the_fastest_block_counts() -> None:
    order: list[str] = []
    figures = {"a": iter([3.0, 1.0, 2.0]), "b": iter([5.0, 6.0, 4.0])}

    def block(name: str) -> float:
        order.append(name)
        return next(figures[name])

    assert in_turns({name: lambda name=name: block(name) for name in figures}, 3) == {"a": 1.0, "b": 4.0}
    assert order == ["a", "b"] * 3


def test_plain_mesa_runs_the_same_market() -> None:
    (row,) = plain_mesa.mesa_rows(400, 2, 2)
    assert row["name"] == "mesa_reference" and row["ratio"] > 1.0 and row["customers"] == 400


def test_a_market_that_decides_otherwise_is_found_out() -> None:
    ours, plain = plain_mesa.both(plain_mesa.setup(300, 3))
    for _ in range(3):
        ours.step(), plain.step()
    ours.ledger.visits[1, 0, 0] += 1
    with pytest.raises(AssertionError):
        plain_mesa.check_same_books(ours, plain)


def test_two_threads_leave_the_same_books() -> None:
    (row,) = threads.thread_rows(9_000, 2, 2)
    assert row["name"] == "threads_2" and row["ratio"] == pytest.approx(row["peer"] / row["ours"], rel=1e-3)


def test_the_core_is_measured_over_its_floor() -> None:
    found = named(cores.floor_rows({"small": (5_000, 2)}))
    assert found["floor"]["ratio"] == found["floor_small"]["ratio"] > 0.0


def test_fixed_cost_and_growth_are_found_in_made_up_times() -> None:
    """40 microseconds a day, 10 ns a customer up to 20,000 and 15 ns at 10 million; the floor 2 and 2.5."""
    times = {n: (40_000 / n + 10.0, 2.0) for n in (1_000, 2_000, 5_000, 10_000, 20_000)}
    times[10_000_000] = (40_000 / 1e7 + 15.0, 2.5)
    fixed = sizes.fixed_costs(times, 20_000)
    assert fixed == pytest.approx((40.0, 0.0), abs=1e-6)
    assert sizes.growth(times, fixed, 10_000, 10_000_000) == pytest.approx((1.5, 1.25))


def test_sizes_are_measured_beside_their_floor() -> None:
    found = named(sizes.size_rows((10_000_000, 30.0, 5.0), {1_000: 3, 10_000: 2}, {}))
    assert {"full_10k", "full_10m", "floor_full_10k", "fixed_cost_us", "growth_10k_10m"} <= set(found)
    growth = found["growth_10k_10m"]
    assert growth["ratio"] == pytest.approx(growth["ours"] / growth["peer"], rel=1e-3)


def test_a_year_in_a_process_of_its_own_tells_memory_and_time() -> None:
    lived = year.lived(3_000, 20)
    assert lived["days"] == 20 and lived["peak_bytes"] > 3e7 and 0 < lived["ours"] <= lived["mean"]
    rows = named(year_rows(lived))
    assert rows["memory_10m_gb"]["ratio"] == pytest.approx(lived["peak_bytes"] / 1e9, rel=1e-3)


def test_paired_years_share_people_and_luck() -> None:
    asked = paired.Repetition(seed=2, customers=400, days=40, scarce=False)
    assert paired.net_sales(asked, 1.0, 2) == paired.net_sales(asked, 1.0, 2)
    same, fresh = paired.differences(asked)
    assert same != fresh
    scarce = paired.Repetition(seed=2, customers=400, days=40, scarce=True)
    assert paired.net_sales(scarce, 1.0, 2) != paired.net_sales(asked, 1.0, 2)


def test_the_ratio_of_variances_and_its_interval() -> None:
    paired_, fresh = np.linspace(-1.0, 1.0, 101), 10.0 * np.linspace(-1.0, 1.0, 101)
    np.random.default_rng(1).shuffle(fresh)
    row = paired.variance_row("variance_ratio", list(zip(paired_.tolist(), fresh.tolist(), strict=True)))
    assert row["ratio"] == pytest.approx(100.0) and row["pairs"] == 101
    assert 60 < row["low"] < 100 < row["high"] < 160


def test_fresh_processes_are_timed() -> None:
    (face, simulation), (help_,) = starts.import_rows(1), starts.help_rows(1)
    assert (face["name"], help_["name"]) == ("import_seconds", "help_seconds")
    assert simulation["ratio"] is None and face["ratio"] > 0


def test_the_next_process_finds_what_the_first_has_compiled(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"""
import os, pathlib
kept = pathlib.Path(os.environ["OMOLAB_CACHE"], "compiled")
with open({str(log)!r}, "a") as log:
    log.write(f"{{kept.exists()}} ")
kept.touch()
"""
    first, following = starts.first_and_next(code, 2)
    assert log.read_text(encoding="utf-8").split() == ["False", "True", "True"]
    assert first.seconds > 0.0 < first.cpu and following.seconds > 0.0
