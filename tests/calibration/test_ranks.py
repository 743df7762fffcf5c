"""Simulation-based calibration sees ensembles that are too narrow, too wide or beside the truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import sbc, sbc_page
from calibration.moments import Prior
from calibration.ranks import Trial, covered, drawn, summary, tried

MEMBERS = 24


def outcomes(count: int = 400, width: float = 1.0, shift: float = 0.0) -> list[dict[str, Any]]:
    """Truths with one normal observation each, posterior ensembles made ``width`` times as wide."""
    luck, made = np.random.default_rng(7), []
    for number in range(count):
        truth = luck.standard_normal(2)
        seen = truth + np.array([0.5, 50.0]) * luck.standard_normal(2)
        gain = 1 / (1 + np.array([0.25, 2500.0]))
        spread = np.sqrt(1 - gain) * width
        members = gain * seen + shift + spread * luck.standard_normal((MEMBERS, 2))
        one = {"rank": (members < truth).sum(axis=0).tolist(), "mean": members.mean(axis=0).tolist()}
        made.append(
            one | {"number": number, "truth": truth.tolist(), "members": MEMBERS, "contraction": [0.8, 0.0]}
        )
    return made


def test_honest_ensembles_pass() -> None:
    for row in summary(("learnt", "silent"), outcomes(), 100):
        assert row["band_90"][0] <= row["coverage_90"] <= row["band_90"][1], row
        assert row["ks_p_holm"] > 0.01 and abs(row["bias"]) < 0.2
        assert row["retailers"] == 400 and row["simulations_per_fit"] == 100
    learnt, silent = summary(("learnt", "silent"), outcomes(), 100)
    assert learnt["recovery_r"] > 0.8 > 0.3 > abs(silent["recovery_r"])


@pytest.mark.parametrize(("width", "shift"), [(0.5, 0.0), (2.5, 0.0), (1.0, 0.6)])
def test_dishonest_ensembles_do_not(width: float, shift: float) -> None:
    row = summary(("a", "b"), outcomes(width=width, shift=shift), 100)[0]
    low, high = row["band_90"]
    assert row["ks_p_holm"] < 0.01 or not low <= row["coverage_90"] <= high
    assert (row["coverage_90"] < low) == (width < 1.0 or shift > 0.0)


def test_coverage_of_even_ranks_is_the_level_whatever_the_ensemble() -> None:
    for members in (9, 24, 48):
        ranks = np.arange(members + 1)
        for level in (0.5, 0.9):
            assert covered(ranks, np.full(members + 1, members), level) == pytest.approx(level)


@pytest.fixture(scope="module")
def small():  # type: ignore[no-untyped-def]
    """The retailer of `make sbc`, smaller still, two parameters free."""
    case = sbc.case(agents=150, weeks=8)
    return replace(case, prior=Prior(case.prior.parameters[:2]))


def test_a_retailer_is_drawn_and_fitted_the_same_twice(small) -> None:  # type: ignore[no-untyped-def]
    case, truth = drawn(small, 3, 1)
    again, same = drawn(small, 3, 1)
    assert case.statistics == again.statistics and truth.tolist() == same.tolist()
    assert drawn(small, 4, 1)[1].tolist() != truth.tolist()
    assert all(s.error >= 0.03 for s in case.statistics)
    trial = Trial(small, 3, 1, 8, (0.5,))
    found = tried(trial)
    assert found == tried(trial)
    assert found["truth"] == truth.tolist() and found["members"] == 8
    assert all(0 <= rank <= 8 for rank in found["rank"])


def test_what_is_kept_is_not_fitted_again(  # type: ignore[no-untyped-def]
    small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sbc.measured(small, 2, 1, tmp_path, 8, (0.5,))
    monkeypatch.setattr(sbc, "outcome_of", lambda trial: pytest.fail(f"fitted {trial.number} again"))
    assert sbc.measured(small, 2, 1, tmp_path, 8, (0.5,)) == first


def test_the_page_says_what_holds_and_what_does_not() -> None:
    def page(width: float) -> str:
        found = outcomes(width=width)
        rows = summary(("learnt", "silent"), found, 100)
        about = {"members": MEMBERS, "agents": 1, "steps": 2, "pace_days": 7, "statistics": 3}
        return sbc_page.calibration({"rows": rows, "ranks": [one["rank"] for one in found], "about": about})

    good, narrow = page(1.0), page(0.5)
    assert "Every parameter's coverage is within the band." in good
    assert "`silent` is not learnt" in good
    assert "outside the band" in narrow and "are not even" in narrow
    assert sbc_page.bars(np.arange(25), 24)[0] in "▆▇█"
