"""Verbs that learn from a history, or are held against it: calibrate and backtest."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from omolab import desk, outlooks
from omolab.defaults import ORIGINS
from omolab.desk import Given
from results.store import create

if TYPE_CHECKING:
    from calibration.history import History
    from results.store import Run, RunWriter
    from scenarios.executor import Progress


HORIZONS = {"day": 28, "week": 13, "month": 6, "quarter": 4, "year": 2}


def calibrate(
    plan: Given | None = None,
    history: Given | None = None,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    members: int | None = None,
    lang: str = "en",
) -> Run:
    """Fit the market to a history, under a plan's channels and media where one is given.

    ``members`` is the size of the ensemble; unless given it is 48, or 24 where a plan's figures are met.
    """
    from calibration.fit import fit
    from calibration.lessons import learnt, sold
    from calibration.reconstruction import reconstruct
    from calibration.starting_point import plan_case
    from results.problems import BadInput, Problem
    from scenarios.executor import Pool
    from scenarios.plan import load_plan

    loaded = None if history is None else desk.load(history)
    trade = sold(loaded, plan is None)  # a history may hold experiments alone
    chosen = None if plan is None else load_plan(plan)
    if chosen is None and loaded is None:
        said = "there is nothing to calibrate to"
        raise BadInput(Problem("--history", None, "", "neither", "a plan, a history, or both", said))
    name = loaded.name if loaded is not None else chosen.name  # type: ignore[union-attr]
    inputs = {**desk.plan_input(chosen), **desk.history_input(loaded, history)}
    folder = desk.folder_for(out, "calibrate", name)
    with (
        create(folder, "calibrate", name, inputs, {"members": members} if members else {}, seed) as writer,
        Pool(threads) as pool,
    ):
        if chosen is not None:
            case = plan_case(chosen, trade)
        else:
            assert loaded is not None
            case = reconstruct(loaded)
        with writer.timing("fit"):
            fitted = fit(case, pool, seed, members=members, progress=progress, kept_in=writer)
        if loaded is not None:
            fitted = learnt(fitted, loaded, pool)
        desk.write_fit(writer, fitted)
        if trade is not None:
            with writer.timing("outlook"):
                outlooks.write(writer, trade, pool, seed)
        currency = chosen.currency if chosen else loaded.currency if loaded else ""
        question = {"say": "question.calibrate", "name": name}
        desk.about(writer, title=name, question=question, currency=currency, warnings=list(fitted.case.notes))
    return desk.finished(folder, lang)


def backtest(
    history: Given,
    plan: Given | None = None,
    cutoffs: Sequence[str] = (),
    horizon: int | None = None,
    origins: int = ORIGINS,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Forecast a history from rolling origins beside statistical baselines; ``backtest.json`` in the run.

    What the history holds of experiments, scanner prices, campaigns and media is evaluated too
    (:mod:`calibration.experiments`): ``evaluation.json``. A history without sales, or of made-up figures, is
    evaluated only.
    """
    from calibration.circumstances import channels_of
    from calibration.experiments import evaluations
    from calibration.origins import origins_for
    from results.problems import BadInput, Problem

    loaded = desk.load(history)
    if plan is not None:
        said = "backtests use the history's own channels; a plan changes nothing yet"
        raise BadInput(Problem("--plan", None, "", str(plan), "no plan", said))
    kinds = evaluations(loaded)
    if kinds and (loaded.span is None or loaded.evidence.synthetic):
        return _evaluated(loaded, history, kinds, out, seed, progress, lang)
    channels_of(loaded)  # refuses what no market can be made of before anything is forecast
    ahead = horizon or HORIZONS[loaded.calendar.period]
    chosen = origins_for(loaded.calendar, ahead, _days(cutoffs), origins, str(history))
    asked = {"horizon": ahead, "origins": [str(day) for day in chosen]}
    folder = desk.folder_for(out, "backtest", loaded.name)
    with create(folder, "backtest", loaded.name, desk.history_input(loaded, history), asked, seed) as writer:
        _score(writer, loaded, chosen, ahead, seed, threads, progress)
        desk.evaluate(writer, loaded, kinds, seed, progress)
        question = {"say": "question.backtest", "name": loaded.name}
        desk.about(writer, title=loaded.name, question=question, currency=loaded.currency)
    return desk.finished(folder, lang)


def _days(cutoffs: Sequence[str]) -> list[datetime.date]:
    """Read the origins asked for."""
    from results.problems import BadInput, Problem

    days = []
    for text in cutoffs:
        try:
            days.append(datetime.date.fromisoformat(str(text)))
        except ValueError:
            expected = "a date such as 2014-12-31"
            raise BadInput(Problem("--cutoff", None, "", str(text), expected, "is not a date")) from None
    return days


def _score(
    writer: RunWriter,
    loaded: History,
    chosen: Sequence[datetime.date],
    ahead: int,
    seed: int,
    threads: int,
    progress: Progress | None,
) -> None:
    """Forecast from every origin with every model, and write the scores."""
    from calibration.backtest import backtest as score
    from calibration.backtest import baseline_forecasters
    from calibration.forecast import market_forecaster
    from scenarios.executor import Pool, shown

    with Pool(threads) as pool:
        models = {"omolab": market_forecaster(pool), **baseline_forecasters(loaded)}
        with shown(progress, f"Backtesting {loaded.name}", len(models) * len(chosen)) as advance:
            seen = [0]

            def told(done: int, total: int, label: str) -> None:
                advance(done - seen[0], label)
                seen[0] = done

            result = score(loaded, models, chosen, ahead, seed, told)
    writer.json("backtest", result.document())
    writer.table("backtest", result.forecasts)


def _evaluated(
    loaded: History,
    history: Given,
    kinds: Sequence[str],
    out: Given | None,
    seed: int,
    progress: Progress | None,
    lang: str,
) -> Run:
    """Make a run of a history's evaluations alone."""
    folder = desk.folder_for(out, "backtest", loaded.name)
    asked = {"evaluations": list(kinds)}
    with create(folder, "backtest", loaded.name, desk.history_input(loaded, history), asked, seed) as writer:
        desk.evaluate(writer, loaded, kinds, seed, progress)
        question = {"say": "question.evaluate", "name": loaded.name}
        desk.about(writer, title=loaded.name, question=question, currency=loaded.currency)
    return desk.finished(folder, lang)
