"""Diagnostics: good fits pass, and each way of being wrong is named."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from calibration.case import Case, parameter
from calibration.diagnostics import boundary, correlations, diagnosis, predictive
from calibration.emulator import learn
from calibration.fit import Fit
from calibration.moments import Prior
from calibration.statistics import Statistic
from calibration.waves import Likelihood
from results.diagnosis import even, findings, recovered, verdict
from results.language import Language
from sim.setup import Channel, Drivers, Setup

NAMES = ("need_rate", "dropout", "pull.direct")
MEMBERS = 200


def fitted(shift: float = 0.0, width: float = 0.1, spread: float = 0.3, observed: float = 100.0) -> Fit:
    """A fit of ten statistics and three parameters: how far it lies off, in errors, and how wide it is."""
    setup = Setup(datetime.date(2025, 1, 1), 10, (Channel("shop", "own"),), Drivers.constant(10, 1))
    statistics = tuple(Statistic(f"orders {k}", "kpi", observed, width, 0, 9, "orders") for k in range(10))
    prior = Prior(tuple(parameter(name) for name in NAMES))
    luck = np.random.default_rng(8)
    members = prior.centre() + spread * prior.spread() * luck.standard_normal((MEMBERS, 3))
    simulated = np.log(100.0) + width * (shift + 0.3 * luck.standard_normal((MEMBERS, 10)))
    return Fit(
        Case("made up", setup, prior, statistics), members, simulated, (), 1, (spread * prior.spread()) ** 2
    )


def about(fit: Fit) -> dict[str, str]:
    return {one["about"]: one["weight"] for one in diagnosis(fit)["findings"]}


def test_a_good_fit_is_trusted() -> None:
    told = diagnosis(fitted())
    assert told["trust"] == "yes" and not told["findings"]
    assert told["predictive_90"] == 1.0
    assert told["contraction"]["dropout"] == pytest.approx(1 - 0.3**2, abs=1e-3)


def test_replicates_hold_what_was_drawn_from_them() -> None:
    """Observed statistics that are draws of the predictive lie inside its 90 % nine times out of ten."""
    fit, luck = fitted(), np.random.default_rng(4)
    scatter = np.sqrt(1 + 0.3**2) * 0.1
    statistics = tuple(
        replace(fit.case.statistics[0], name=f"s{k}", observed=float(np.exp(np.log(100) + scatter * z)))
        for k, z in enumerate(luck.standard_normal(400))
    )
    wide = replace(
        fit, case=replace(fit.case, statistics=statistics), simulated=np.tile(fit.simulated[:, :1], 400)
    )
    held = predictive(wide)
    assert held["inside"].mean() == pytest.approx(0.9, abs=0.05)
    assert (held["tail"] < 0.5).mean() == pytest.approx(0.5, abs=0.08)


def test_a_fit_that_misses_the_history_is_not_trusted() -> None:
    told = diagnosis(fitted(shift=5.0))
    assert told["trust"] == "no"
    assert told["findings"][0]["about"] == "misfit" and told["findings"][0]["n"] == 10
    assert about(fitted(shift=5.0))["narrow"] == "care"


def test_one_statistic_off_asks_for_care() -> None:
    fit = fitted()
    fit.simulated[:, 3] += 1.0
    told = diagnosis(fit)
    assert told["trust"] == "care"
    assert told["findings"][0]["names"] == ["orders 3"]


def test_statistics_that_do_not_exist_are_named() -> None:
    fit = fitted()
    fit.simulated[: MEMBERS - 20, 2] = np.nan
    assert about(fit)["undefined"] == "care"
    fit.simulated[:, 2] = np.nan
    assert np.isnan(predictive(fit).loc[2, "tail"])
    assert diagnosis(fit)["predictive_90"] == 1.0


def test_unknown_figures_are_no_misfit() -> None:
    fit = fitted()
    unknown = (replace(fit.case.statistics[0], observed=float("nan")), *fit.case.statistics[1:])
    told = diagnosis(replace(fit, case=replace(fit.case, statistics=unknown)))
    assert told["trust"] == "yes"


def test_what_was_not_learnt_is_named() -> None:
    assert about(fitted(spread=1.0))["nothing_learnt"] == "no"
    fit = fitted()
    assert fit.variance is not None
    fit.variance[1] = fit.case.prior.spread()[1] ** 2
    told = diagnosis(fit)
    assert told["not_identified"] == ["dropout"] and told["trust"] == "yes"


def test_members_beyond_the_prior_are_named() -> None:
    fit = fitted()
    assert boundary(fitted(spread=1.0)).mean() == pytest.approx(0.1, abs=0.05)
    fit.members[:, 0] += 3 * fit.case.prior.spread()[0]
    assert boundary(fit)["need_rate"] > 0.9
    assert about(fit)["boundary"] == "care"


def test_parameters_known_only_together_are_named() -> None:
    fit = fitted()
    fit.members[:, 1] = -fit.members[:, 0]
    table = correlations(fit)
    assert table.loc[0, ["parameter", "other"]].tolist() == ["need_rate", "dropout"]
    assert table.loc[0, "r"] == pytest.approx(-1.0)
    assert about(fit)["tied"] == "note"


def test_nothing_to_compare_is_said() -> None:
    fit = fitted()
    empty = replace(fit, case=replace(fit.case, statistics=()), simulated=np.zeros((MEMBERS, 0)))
    assert about(empty)["nothing_compared"] == "no"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_finding_has_words(lang: str) -> None:
    fit = fitted(shift=5.0, spread=1.0)
    fit.members[:, 1] = -fit.members[:, 0]
    fit.members[:, 0] += 9.0
    fit.simulated[:, 2] = np.nan
    told, language = diagnosis(fit), Language(lang)
    said = findings(told, language)
    assert len(said) == len(told["findings"]) > 4
    assert all(sentence and "{" not in sentence for _, sentence in said)
    assert verdict(told, language) == language.say("diagnosis.no")


def emulated(wider: float = 0.0, narrow: float = 1.0) -> Fit:
    """The good fit with an emulator of its statistics, whose slopes are known, and members it would draw."""
    fit, luck = fitted(), np.random.default_rng(12)
    slopes = luck.normal(size=(10, 3))
    points = luck.standard_normal((60, 3))

    def lived(where: np.ndarray) -> np.ndarray:
        return np.log(100.0) + where @ slopes.T + 0.05 * luck.standard_normal((len(where), 10))

    said = Likelihood(learn(points, lived(points)), fit.case.observed, narrow * fit.case.errors, wider)
    members = 0.05 * luck.standard_normal((48, 3))
    prior = fit.case.prior
    return replace(
        fit, members=prior.centre() + prior.spread() * members, simulated=lived(members), said=said
    )


def test_twins_are_found_again_and_the_reader_is_told() -> None:
    told = diagnosis(emulated())
    again = told["recovery"]
    assert again["twins"] == 24 and set(again["error"]) == set(NAMES)
    assert 0.75 < again["held_90"] <= 1.0 and max(again["error"].values()) < 0.3
    assert told["trust"] == "yes"
    for lang in ("en", "zh"):
        said = recovered(told, Language(lang))
        assert said is not None and "24" in said and "{" not in said


def posterior(scale: float = 1.0, shift: float = 0.0) -> Fit:
    """The emulated fit with members that its own chains drew, made ``scale`` times as wide and moved."""
    fit = emulated()
    assert fit.said is not None
    drawn = fit.said.draws(np.zeros(3), np.random.default_rng(5))[-48:]  # one a chain
    drawn = drawn.mean(axis=0) + scale * (drawn - drawn.mean(axis=0)) + shift * drawn.std(axis=0)
    told = fit.said.emulator.mean(drawn) + 0.05 * np.random.default_rng(6).standard_normal((len(drawn), 10))
    prior = fit.case.prior
    return replace(fit, members=prior.centre() + prior.spread() * drawn, simulated=told)


def test_truths_rank_evenly_in_an_honest_fit_and_the_reader_is_told() -> None:
    told = diagnosis(posterior())
    for kind in ("emulated", "simulated"):
        ranks = told["ranks"][kind]
        assert ranks["twins"] >= 20 and set(ranks["ks_p_holm"]) == set(NAMES)
        assert 0.8 < ranks["held_90"] <= 1.0 and min(ranks["ks_p_holm"].values()) > 0.01
    assert told["without_twins"] is None and told["trust"] == "yes"
    for lang in ("en", "zh"):
        said = even(told, Language(lang))
        assert len(said) == 2 and "{" not in "".join(said)


@pytest.mark.parametrize(("scale", "shift"), [(3.0, 0.0), (1.0, 2.0)])
def test_members_that_are_no_posterior_are_found_out(scale: float, shift: float) -> None:
    told = {one["about"]: one for one in diagnosis(posterior(scale, shift))["findings"]}
    wrong = [about for about in told if about.startswith(("uneven_", "short_"))]
    assert wrong and all(told[about]["weight"] == "care" for about in wrong)


def test_an_emulator_that_misleads_is_found_out() -> None:
    fit = posterior()
    fit.simulated[:] += 0.5  # what the market does, and the emulator does not know
    told = {one["about"] for one in diagnosis(fit)["findings"]}
    assert told & {"uneven_simulated", "short_simulated"}
    assert not told & {"uneven_emulated", "short_emulated"}


def test_why_there_are_no_twins_is_said() -> None:
    led = diagnosis(fitted())
    assert led["recovery"] is None and led["ranks"] is None and led["without_twins"] == "led"
    assert diagnosis(replace(fitted(), variance=None))["without_twins"] == "nothing_fitted"
    for lang in ("en", "zh"):
        assert recovered(led, Language(lang)) == Language(lang).say("diagnosis.without_led")
    assert recovered({}, Language("en")) is None and even({}, Language("en")) == []


def test_twins_that_are_not_found_again_ask_for_care() -> None:
    fit = emulated()
    fit.simulated[:] += 0.5 * np.random.default_rng(2).standard_normal(fit.simulated.shape)
    assert about(fit)["not_recovered"] == "care"


@pytest.mark.parametrize(("wider", "weight"), [(0.06, "note"), (0.22, "care"), (0.5, "no")])
def test_how_far_the_market_cannot_repeat_the_history_decides_on_trust(wider: float, weight: str) -> None:
    told = diagnosis(emulated(wider))
    assert [one["weight"] for one in told["findings"] if one["about"] == "discrepancy"] == [weight]
    assert told["discrepancy"] == wider
    assert told["trust"] == {"note": "yes"}.get(weight, weight)


def test_the_discrepancy_found_counts_in_what_is_predicted() -> None:
    narrow, wide = emulated(), emulated(0.5)
    assert (predictive(wide)["p95"] > predictive(narrow)["p95"]).all()
    assert (wide.statistics()["off"].abs() < narrow.statistics()["off"].abs()).all()


def test_some_parameters_lie_beyond_their_priors_by_chance() -> None:
    fit = fitted()
    fit.members[:, 0] += 2.1 * fit.case.prior.spread()[0]
    assert boundary(fit)["need_rate"] > 0.5
    assert about(fit)["boundary"] == "note"
