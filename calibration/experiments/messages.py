"""A randomised mailing: the market calibrated to half of the customers, uplifts of the others forecast."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.evaluation import Evaluation, Note, Told, off
from calibration.experiments.halves import control_of, customers, factors
from calibration.experiments.mailing import DESIGN, simulate, stand_in
from calibration.experiments.mailing_fit import Counts, MailingFit, box_around, effects, fit
from calibration.experiments.plain import Regression, pooled
from calibration.experiments.uplift import NORMAL_90, differences, scored
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Array = NDArray[np.float64]
OUTCOMES = ("visit", "conversion", "spend")
FEWEST = 200  # customers of each group in each half
SHOWN = ("channel", "segment")  # cells of the table are of these; further traits are averaged over
CHECKED = 3  # cells simulated with many agents, to see how far the stand-in is off
MANY = 100_000


def mailing(history: History, seed: int, told: Told) -> Evaluation:
    """Forecast the uplifts of one half of an experiment's customers from the other half."""
    table, control = customers(history, seed), control_of(history)
    outcomes = tuple(name for name in OUTCOMES if name in table and table[name].notna().any())
    _enough(history, table, control, outcomes)
    named = factors(table)
    arms = (control, *sorted(set(table["group"]) - {control}))
    cells = _cells(table, named)
    counts = Counts.of(table[table["train"]], cells, arms)
    fitted = _fitted(counts, history.evidence.days, seed, told)
    basket = _basket(table[table["train"]])
    tables = {}
    for by in _levels(named):
        truth = differences(table[~table["train"]], by, control, outcomes)
        tables["_".join(by) or "all"] = _forecast(truth, table, by, named, control, fitted, cells, basket)
    finest = tables["_".join(_levels(named)[-1]) or "all"]
    import pandas as pd

    full = pd.concat([part.assign(level=level) for level, part in tables.items()], ignore_index=True)
    wrong = _check(fitted, counts, history.evidence.days, seed)
    figures = _figures(fitted, arms, table, wrong)
    notes = _notes(finest, fitted, wrong)
    return Evaluation("experiment", figures, _summary(tables), {"uplift": full}, notes, _details(tables))


def _enough(history: History, table: pd.DataFrame, control: str, outcomes: Sequence[str]) -> None:
    sizes = table.groupby(["group", "train"]).size()
    if "visit" not in outcomes or "conversion" not in outcomes:
        message, expected = "has no visits or no orders", "visit and conversion under columns:"
        raise BadInput(Problem(str(history.file), None, "tables.experiment.columns", "", expected, message))
    if sizes.min() < FEWEST or len(sizes) < 2 * table["group"].nunique():
        message, expected = "has too few customers in a group", f"{2 * FEWEST} customers in each group"
        value = str(int(sizes.min()))
        raise BadInput(Problem(str(history.file), None, "tables.experiment", value, expected, message))


def _cells(table: pd.DataFrame, named: Sequence[str]) -> pd.DataFrame:
    if not named:
        return table[["channel"]].drop_duplicates().reset_index(drop=True)
    found: pd.DataFrame = table[list(named)].drop_duplicates().sort_values(list(named))
    return found.reset_index(drop=True)


def _levels(named: Sequence[str]) -> list[tuple[str, ...]]:
    """Return which columns uplifts are told by: none, each of the shown, all the shown."""
    shown = [name for name in SHOWN if name in named]
    return [part for size in range(len(shown) + 1) for part in combinations(shown, size)]


def _fitted(counts: Counts, days: int, seed: int, told: Told) -> MailingFit:
    """Fit with a stand-in for the whole range of parameters, then with one for where the first fit lies."""
    total, found = 2 * DESIGN, None
    for wave in range(2):

        def done(count: int, begun: int = wave * DESIGN) -> None:
            told(begun + count, total, "simulating the mailing")

        if found is None:
            found = fit(counts, stand_in(days, seed, design=DESIGN, told=done), seed)
        else:
            box = box_around(found, counts.design)
            found = fit(
                counts, stand_in(days, seed + 1, box, design=DESIGN, told=done), seed, start=found.mode
            )
    assert found is not None
    return found


def _basket(train: pd.DataFrame) -> tuple[float, float]:
    """Return what a buyer spent in the training half, and its standard error."""
    spent = train.loc[train["conversion"] > 0, "spend"].dropna() if "spend" in train else []
    if len(spent) < 2:
        return 0.0, 0.0
    return float(np.mean(spent)), float(np.std(spent, ddof=1) / np.sqrt(len(spent)))


def _forecast(
    truth: pd.DataFrame,
    table: pd.DataFrame,
    by: Sequence[str],
    named: Sequence[str],
    control: str,
    fitted: MailingFit,
    cells: pd.DataFrame,
    basket: tuple[float, float],
) -> pd.DataFrame:
    """Put each model's uplift and error beside the truth: the market's, one for all, a regression's."""
    train, test = table[table["train"]], table[~table["train"]]
    weights = test.groupby(list(cells.columns)).size().reindex(_index(cells), fill_value=0).to_numpy(float)
    lifts, arms = _lifts(fitted, cells, basket), sorted(set(table["group"]) - {control})
    naive = pooled(train, control, tuple(truth["outcome"].unique()))
    plain = {name: Regression(train, named, control, name) for name in truth["outcome"].unique()}
    rows = []
    for _, row in truth.iterrows():
        inside = np.logical_and.reduce(
            [(cells[name] == row[name]).to_numpy() for name in by] or [np.ones(len(cells), bool)]
        )
        weight = np.where(inside, weights, 0.0)
        draws = lifts[str(row["outcome"])][:, arms.index(row["arm"])] @ (weight / weight.sum())
        told = {"omolab": (float(draws.mean()), float(draws.std()))}
        told["pooled"] = naive[row["outcome"], row["arm"]]
        told["regression"] = plain[row["outcome"]].uplift(cells[inside], row["arm"], weight[inside])
        rows.append(dict(row) | _columns(told, draws))
    import pandas as pd

    return pd.DataFrame(rows)


def _index(cells: pd.DataFrame) -> pd.MultiIndex:
    import pandas as pd

    return pd.MultiIndex.from_frame(cells)


def _columns(told: dict[str, tuple[float, float]], draws: Array) -> dict[str, float]:
    found: dict[str, float] = {}
    for model, (mean, error) in told.items():
        found |= {model: mean, f"{model}_se": error}
        found |= {f"{model}_low": mean - NORMAL_90 * error, f"{model}_high": mean + NORMAL_90 * error}
    found["omolab_low"], found["omolab_high"] = (float(q) for q in np.quantile(draws, (0.05, 0.95)))
    return found


def _lifts(fitted: MailingFit, cells: pd.DataFrame, basket: tuple[float, float]) -> dict[str, Array]:
    """Return uplifts by draw, arm and cell [n, A, K] of each outcome, with the spread of cells left over."""
    generator = np.random.default_rng([len(cells), 90])
    design, found = effects(cells), dict[str, list[Array]]((name, []) for name in OUTCOMES)
    for draw in fitted.draws:
        look, buy = fitted.shares(draw, design)
        spread = 1.0 + fitted.tau * generator.standard_normal((len(design), look.shape[1] - 1))
        for name, share in (("visit", look), ("conversion", buy)):
            found[name].append(((share[:, 1:] - share[:, :1]) * spread).T)
        spent = basket[0] + basket[1] * generator.standard_normal()
        found["spend"].append(found["conversion"][-1] * spent)
    return {name: np.array(parts) for name, parts in found.items()}


def _summary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how each model did, by outcome and by what uplifts were told."""
    import pandas as pd

    rows = []
    for level, table in tables.items():
        for outcome, part in table.groupby("outcome", sort=False):
            for model in ("omolab", "pooled", "regression"):
                columns = [part[name].to_numpy(float) for name in ("truth", "truth_se", model, f"{model}_se")]
                rows.append({"level": level, "outcome": outcome, "model": model} | scored(*columns))
    return pd.DataFrame(rows)


def _check(fitted: MailingFit, counts: Counts, days: int, seed: int) -> dict[str, float]:
    """Simulate a few cells under the mode with many agents; return the stand-in's largest relative error."""
    largest = np.argsort(-counts.customers.sum(axis=1), kind="stable")[:CHECKED]
    points = fitted.layout.points(fitted.mode, counts.design[largest])
    told = fitted.stand_in.shares(points.reshape(-1, 5))
    seen = np.array([simulate(point, days, seed + 2, MANY) for point in points.reshape(-1, 5)])
    return {
        name: float(np.max(np.abs(told[k] / np.maximum(seen[:, k], 1e-9) - 1.0)))
        for k, name in enumerate(("visit", "conversion"))
    }


def _figures(
    fitted: MailingFit, arms: Sequence[str], table: pd.DataFrame, wrong: dict[str, float]
) -> dict[str, Any]:
    count = len(arms) - 1
    parameters = {"need_shape": _span(np.exp(fitted.draws[:, 1]))}
    for m, arm in enumerate(arms[1:]):
        at = 3 + 2 * fitted.layout.factors + m
        parameters[f"private effort, {arm}"] = _span(np.exp(fitted.draws[:, at]))
        parameters[f"intent.private_domain, {arm}"] = _span(fitted.draws[:, at + count])
    return {
        "customers": len(table),
        "calibrated_on": int(table["train"].sum()),
        "arms": list(arms),
        "parameters": parameters,
        "left_over": fitted.tau,
        "stand_in_error": wrong,
    }


def _span(draws: Array) -> dict[str, float]:
    low, mid, high = (float(value) for value in np.quantile(draws, (0.05, 0.5, 0.95)))
    return {"low": low, "median": mid, "high": high}


def _details(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return forecasts beside truths, by each way of telling but the finest of several."""
    import pandas as pd

    kept = list(tables.values())[: max(len(tables) - 1, 1)]
    full = pd.concat(kept, ignore_index=True)
    named = [name for name in ("outcome", "arm", *SHOWN) if name in full]
    found = full[named].fillna("all")
    found = found.assign(forecast=full["omolab"], low=full["omolab_low"], high=full["omolab_high"])
    half = NORMAL_90 * full["truth_se"]
    found = found.assign(truth=full["truth"], truth_low=full["truth"] - half, truth_high=full["truth"] + half)
    return found.assign(pooled=full["pooled"], regression=full["regression"])


def _notes(table: pd.DataFrame, fitted: MailingFit, wrong: dict[str, float]) -> tuple[Note, ...]:
    notes = []
    for outcome, part in table.groupby("outcome", sort=False):
        error = np.hypot(part["truth_se"], part["omolab_se"])
        missed = part[(part["truth"] - part["omolab"]).abs() > NORMAL_90 * error]
        shown = [name for name in ("arm", *SHOWN) if name in part]
        names = [" / ".join(str(row[name]) for name in shown) for _, row in missed.iterrows()]
        if names:
            notes.append(off("uplift", outcome={"say": f"evaluation.{outcome}"}, names="; ".join(names)))
    if fitted.tau > 0.0:
        notes.append(off("spread", share=f"{100 * fitted.tau:.0f}"))
    worst = max(wrong.values())
    if worst > 0.1:
        notes.append(off("stand_in", share=f"{100 * worst:.0f}"))
    return tuple(notes)
