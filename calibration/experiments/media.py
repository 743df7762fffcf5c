"""What media did to weekly sales: contribution, adstock and saturation, and whether to believe them.

No history of sales alone tells the truth about media, so beside the history the same law is asked about sales
made up on the history's own spend, base and noise, where the truth is known: how often its intervals hold
there, and how well it ranks media, is what may be believed here. A plain regression is read both times. Last,
the market lives the history's spend with the fitted parameters, with and without each medium.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.evaluation import Evaluation, Note, Told, off
from calibration.experiments.media_law import DAYS, MOST, Law, Posterior, Series, base, posterior
from calibration.series import observed
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Array = NDArray[np.float64]
TRIALS, TRIAL_STEPS = 6, 200  # made-up histories, and moves of each chain on them
LEVELS = (0.05, 0.5, 0.95)
MOST_MEDIA = 16
AGENTS = 1_500
NORMAL_90 = 1.6449
LEARNT = 0.2  # of the prior's spread gone, below which a parameter is the evidence's
RANKED = 0.7  # rank correlation below which media are not ranked reliably
SHOWN = [
    *("medium", "contribution", "contribution_low", "contribution_high", "regression", "simulated"),
    *("half_life_days", "learnt_lift"),
]
RHAT = 1.05  # families of chains that differ by more have not settled


def media(history: History, seed: int, told: Told) -> Evaluation:
    """Recover media's contributions from a history and from made-up sales on its spend."""
    series = series_of(history)
    steps = TRIALS + 2
    found = posterior(series, seed)
    told(1, steps, "reading media")
    trials = made_up(found, seed, lambda k: told(1 + k, steps, "reading made-up sales"))
    table = _table(found, ordinary(series), lived(found, seed))
    told(steps, steps, "living with and without media")
    figures = {
        "weeks": len(series.sales),
        "media": list(series.names),
        "residual": found.residual,
        "autocorrelation": found.rho,
        "rhat": found.rhat,
        "truth": "not published" if history.evidence.synthetic else "not known",
        "parameters": _parameters(found),
    }
    notes, tables = _notes(found, table, trials), {"contributions": table, "made_up": trials}
    details = table[SHOWN].sort_values("contribution", ascending=False).reset_index(drop=True)
    return Evaluation("media", figures, _summary(trials), tables, notes, details)


def series_of(history: History) -> Series:
    """Return a history's weekly sales, media and base.

    Raises
    ------
    BadInput
        If no medium has spend or impressions in the weeks of sales.
    """
    table, span = history.media, history.media_span
    assert table is not None and span is not None
    total = observed(history)["total.revenue"].interpolate(limit_direction="both")
    begin = np.datetime64(history.calendar.first, "D")
    count = int(((np.datetime64(history.calendar.last, "D") - begin).astype(int) + 1) // DAYS)
    week_of = (total.index.to_numpy().astype("datetime64[D]") - begin).astype(int) // DAYS
    sales = np.bincount(week_of.clip(0), weights=total.to_numpy(), minlength=count)[:count]
    measures = [name for name in ("spend", "impressions") if name in table]
    first, columns, names = table["date"].to_numpy().astype("datetime64[D]"), [], []
    number = (first - begin).astype(int) // DAYS
    for source in sorted(table["source"].unique()):
        rows = (table["source"] == source).to_numpy() & (number >= 0) & (number < count)
        for measure in measures:
            values = table.loc[rows, measure].fillna(0.0).to_numpy()
            weekly = np.bincount(number[rows], weights=values, minlength=count)[:count]
            if weekly.sum() > 0:
                columns.append(weekly)
                names.append(str(source))
                break
    if not 1 <= len(names) <= MOST_MEDIA or (sales <= 0).any():
        message, expected = "cannot be read for media", f"1 to {MOST_MEDIA} media, and sales in every week"
        raise BadInput(Problem(str(history.file), None, "tables.media", str(len(names)), expected, message))
    spend: Array = np.column_stack(columns).astype(np.float64)
    known = base(count, _controls(history, begin, count))
    return Series(tuple(names), np.asarray(sales, np.float64), spend, known)


def _controls(history: History, begin: np.datetime64, count: int) -> Array | None:
    table = history.evidence.controls
    if table is None:
        return None
    number = (table["date"].to_numpy().astype("datetime64[D]") - begin).astype(int) // DAYS
    wide = table.drop(columns="date").groupby(number).mean().reindex(range(count))
    return np.asarray(wide.interpolate(limit_direction="both").to_numpy(), float)


def ordinary(series: Series) -> tuple[Array, Array]:
    """Return contributions [M] and errors by least squares: log sales on ``log(1 + spend / mean)`` and base.

    Errors allow for autocorrelation over four weeks (Newey & West 1987; statsmodels).
    """
    import statsmodels.api as sm

    relative = np.log1p(series.media / np.maximum(series.media.mean(axis=0), 1e-12))
    done = sm.OLS(np.log(series.sales), np.column_stack([relative, series.base])).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4}
    )
    count, weight = relative.shape[1], series.sales / series.sales.sum()
    slope = np.asarray(done.params)[:count]
    share = 1.0 - weight @ np.exp(-slope * relative)
    gradient = (weight[:, None] * relative * np.exp(-slope * relative)).sum(axis=0)
    return np.asarray(share), np.asarray(gradient * np.asarray(done.bse)[:count])


def made_up(found: Posterior, seed: int, told: object = None, trials: int = TRIALS) -> pd.DataFrame:
    """Draw truths from the prior, make up sales on the history's spend, base and noise, and read them.

    Columns ``trial, medium, truth``, of each model its estimate, low and high, and ``rank_*``, Spearman's
    correlation of estimated with true contributions in the trial.
    """
    import pandas as pd
    from scipy.stats import spearmanr

    law, generator = found.law, np.random.default_rng([seed, 208])
    series, (mean, spread) = law.series, law.prior()
    centre = np.log(series.sales) - np.log(law.effects(found.draws.mean(axis=0))).sum(axis=1)
    calm = series.base @ np.linalg.lstsq(series.base, centre, rcond=None)[0]
    rows = []
    for trial in range(trials):
        vector = mean + spread * generator.standard_normal(len(mean))
        while law.together(vector) > MOST:  # as the prior says
            vector = mean + spread * generator.standard_normal(len(mean))
        shock = generator.standard_normal(len(calm)) * np.sqrt(1.0 - found.rho**2)
        noise = np.empty(len(calm))
        noise[0] = shock[0] / np.sqrt(max(1.0 - found.rho**2, 1e-9))
        for t in range(1, len(calm)):
            noise[t] = found.rho * noise[t - 1] + shock[t]
        logs = calm + np.log(law.effects(vector)).sum(axis=1) + found.residual * noise
        invented = replace(series, sales=np.exp(logs))
        truth = Law(invented).contributions(vector)
        read = posterior(invented, seed + 1 + trial, TRIAL_STEPS, 1)
        low, middle, high = np.quantile(read.contributions, LEVELS, axis=0, method="weibull")
        plain, error = ordinary(invented)
        ranks = [_rank(spearmanr, estimate, truth) for estimate in (middle, plain)]
        for m, name in enumerate(series.names):
            rows.append(
                {"trial": trial, "medium": name, "truth": truth[m]}
                | {"omolab": middle[m], "omolab_low": low[m], "omolab_high": high[m]}
                | {"regression": plain[m], "regression_low": plain[m] - NORMAL_90 * error[m]}
                | {"regression_high": plain[m] + NORMAL_90 * error[m]}
                | {"rank_omolab": ranks[0], "rank_regression": ranks[1]}
            )
        if callable(told):
            told(trial + 1)
    return pd.DataFrame(rows)


def _rank(spearmanr, estimate: Array, truth: Array) -> float:  # type: ignore[no-untyped-def]
    return float(spearmanr(estimate, truth).statistic) if len(truth) > 2 else float("nan")


def _summary(trials: pd.DataFrame) -> pd.DataFrame:
    """Return how the models did on made-up sales."""
    import pandas as pd

    rows = []
    for model in ("omolab", "regression"):
        off = trials[model] - trials["truth"]
        inside = (trials["truth"] >= trials[f"{model}_low"]) & (trials["truth"] <= trials[f"{model}_high"])
        rows.append(
            {
                "model": model,
                "trials": int(trials["trial"].nunique()),
                "contributions": len(trials),
                "mean_truth": float(trials["truth"].mean()),
                "bias": float(off.mean()),
                "rmse": float(np.sqrt((off**2).mean())),
                "coverage_90": float(inside.mean()),
                "rank": float(trials.groupby("trial")[f"rank_{model}"].first().mean()),
            }
        )
    return pd.DataFrame(rows)


def _table(found: Posterior, plain: tuple[Array, Array], answer: tuple[Array, Array]) -> pd.DataFrame:
    """Return one row a medium: contribution with interval, regression's, and the market's."""
    import pandas as pd

    low, middle, high = np.quantile(found.contributions, LEVELS, axis=0, method="weibull")
    _, prior_sd = found.law.prior()
    series, count = found.law.series, len(found.law.series.names)
    knows = 1.0 - found.draws.std(axis=0) / prior_sd
    return pd.DataFrame(
        {
            "medium": series.names,
            "contribution_low": low,
            "contribution": middle,
            "contribution_high": high,
            "regression": plain[0],
            "regression_low": plain[0] - NORMAL_90 * plain[1],
            "regression_high": plain[0] + NORMAL_90 * plain[1],
            "simulated": answer[0],
            "market_lift": answer[1],
            "rank": (-middle).argsort().argsort() + 1,
            "half_life_days": np.exp(np.median(found.draws[:, count : 2 * count], axis=0)),
            "learnt_lift": knows[:count],
            "learnt_half_life": knows[count : 2 * count],
        }
    )


def _parameters(found: Posterior) -> dict[str, dict[str, float]]:
    values = np.exp(np.quantile(found.draws, (0.05, 0.5, 0.95), axis=0))
    return {
        name: {"low": float(low), "median": float(mid), "high": float(high)}
        for name, low, mid, high in zip(found.law.names, *values, strict=True)
    }


def lived(found: Posterior, seed: int, agents: int = AGENTS) -> tuple[Array, Array]:
    """Return contributions [M] in a market that lives the spend with and without each medium, and lifts [M].

    A lift is no elasticity: who orders more leaves sooner, and nobody looks in twice a day. So the market is
    lived once with the lifts that were read, and once with lifts made good for what it did with them. The
    lifts returned are those that the market is calibrated to.
    """
    law, centre = found.law, found.draws.mean(axis=0)
    count = len(law.series.names)
    lifts = np.exp(centre[:count])
    even = Law(replace(law.series, sales=np.ones(len(law.series.sales))))  # the market has no season
    wanted, seen = even.contributions(centre), np.zeros(count)
    for step in range(2):
        orders = np.array([_orders(found, lifts, without, seed, agents) for without in range(-1, count)])
        seen = 1.0 - orders[1:] / max(float(orders[0]), 1.0)
        if step == 0:
            lifts = lifts * np.clip(wanted / np.maximum(seen, 1e-4), 0.5, 3.0)
    return seen, lifts


def _orders(found: Posterior, lifts: Array, without: int, seed: int, agents: int) -> float:
    """Return a market's orders under the history's spend, ``without`` one medium (-1: with all)."""
    from sim.customers.exchange import ORDERS
    from sim.market import Market
    from sim.setup import Channel, Drivers, Medium, Setup

    series, centre = found.law.series, found.draws.mean(axis=0)
    count, days = len(series.names), len(series.sales) * DAYS
    lives = np.exp(centre[count : 2 * count])
    values = {f"lift.m{m}": float(lift) for m, lift in enumerate(lifts)}
    values |= {"hill_shape": float(np.exp(centre[-2])), "half_saturation": float(np.exp(centre[-1]))}
    drivers, usual = Drivers.constant(days, 1, count), Drivers.constant(1, 1, count, spend=1.0)
    drivers.spend[:] = np.repeat(series.media / DAYS, DAYS, axis=0) / series.reference
    if without >= 0:
        drivers.spend[:, without] = usual.spend[:, without] = 0.0
    setup = Setup(
        start=datetime.date(2020, 1, 1),
        days=days,
        channels=(Channel("store", "store"),),
        drivers=drivers,
        media=tuple(Medium(f"m{m}", "broadcast", None, float(life), 1.0) for m, life in enumerate(lives)),
        usual=usual,
        burn_in=28,
        customers=agents,
        parameters=values,
    )
    ledger = Market.from_setup(setup, seed).run()
    return float(ledger.events[setup.burn_in :, :, ORDERS].sum())


def _notes(found: Posterior, table: pd.DataFrame, trials: pd.DataFrame) -> tuple[Note, ...]:
    notes = [] if found.rhat <= RHAT else [off("chains", value=f"{found.rhat:.2f}")]
    mean, spread = found.law.prior()
    knows = 1.0 - found.draws.std(axis=0)[-2:] / spread[-2:]
    strength = (found.draws[:, : len(table)].mean(axis=0) - mean[0]) / spread[0]
    apart = (table["simulated"] < table["contribution_low"]) | (
        table["simulated"] > table["contribution_high"]
    )
    named = {
        "strength": table.loc[table["learnt_lift"] < LEARNT, "medium"],
        "half_life": table.loc[table["learnt_half_life"] < LEARNT, "medium"],
        "curve": [
            name for name, k in zip(("hill_shape", "half_saturation"), knows, strict=True) if k < LEARNT
        ],
        "strong": table.loc[strength > NORMAL_90, "medium"],
        "market": table.loc[apart, "medium"],
    }
    notes += [off(key, names=", ".join(names)) for key, names in named.items() if len(names)]
    rank = float(trials.groupby("trial")["rank_omolab"].first().mean()) if len(trials) else float("nan")
    if rank < RANKED:
        notes.append(off("rank", value=f"{rank:.2f}"))
    return tuple(notes)


__all__ = ["lived", "made_up", "media", "ordinary", "series_of"]
