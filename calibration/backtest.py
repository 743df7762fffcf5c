"""Forecasts of the past, made with only its past: rolling origins, every model on the same series.

At each origin a model gets the history as it stood then (`truncate`) and forecasts every series it can; what
came is scored (`calibration.scores`). A model without a forecast for a series is absent there; a model that
fails is named in the warnings, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from calibration.baselines import BASELINES, Forecast
from calibration.comparison import against_best, best_of, reach_of
from calibration.origins import origins_for, truncate
from calibration.scales import is_share
from calibration.scores import QUANTILES, SCORES, score

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from calibration.history import History

__all__ = ["Backtest", "Forecaster", "backtest", "baseline_forecasters", "origins_for", "truncate"]

Forecaster = Callable[["History", "date", int, int], Mapping[str, Forecast]]
"""(history as it stood, cutoff, horizon in periods, seed) -> series name to forecast."""
Progress = Callable[[int, int, str], None]
"""(pieces done, pieces in all, name of the piece about to start)."""

SUMMARY = (
    *("wape", "mase", "bias", "crps_over_mean", "pinball_over_mean"),
    *("coverage_50", "coverage_90", "interval_score_90"),
)
COMPARED = ("dm_against", "dm_statistic", "dm_p")
RECIPE = ("series", "model", "origin", "spread", "chosen")


def scored_series(names: Sequence[str]) -> list[str]:
    """Return which observed series are forecast and scored, in the order they are shown.

    Revenue of each channel, ``online.share``, ``total.revenue``, ``total.orders`` and ``repeat.orders``;
    without any revenue, orders in its place.
    """
    measure = ".revenue" if any(name.endswith(".revenue") for name in names) else ".orders"
    flows = [name for name in names if name.endswith(measure) and not name.startswith(("total.", "repeat."))]
    return flows + [
        name
        for name in dict.fromkeys(("online.share", f"total{measure}", "total.orders", "repeat.orders"))
        if name in set(names)
    ]


def by_series(model: str, history: History, cutoff: date, horizon: int, seed: int) -> dict[str, Forecast]:
    """Forecast every scored series of a history by one of `BASELINES`, each series for itself.

    Series that are the same (the total of a single channel) share one forecast.
    """
    from calibration.history import season_length
    from calibration.series import observed

    table = observed(history, cutoff)
    season = season_length(history.calendar.period)
    made: dict[tuple[bool, bytes], Forecast] = {}
    found = {}
    for name in scored_series(list(table)):
        values = table[name]
        if not values.notna().any():
            continue
        same = (is_share(name), values.to_numpy(dtype=float).tobytes())
        if same not in made:
            rng = np.random.default_rng([seed, crc32(name.encode()), crc32(model.encode())])
            made[same] = BASELINES[model](values, horizon, season, rng)
        found[name] = made[same]
    return found


def baseline_forecasters(history: History) -> dict[str, Forecaster]:
    """Return every baseline that applies to a history; customer-base models where it has a customer log."""
    models: dict[str, Forecaster] = {name: partial(by_series, name) for name in BASELINES}
    if history.transactions is not None and history.transactions["customer"].notna().any():
        from calibration.customer_base import customer_forecasters

        models |= customer_forecasters()
    return models


@dataclass(frozen=True)
class Backtest:
    """What every model forecast, what came, and how they compare.

    Attributes
    ----------
    history : str
        Name of the history.
    period : str
        Length of a period.
    horizon : int
        Periods forecast from each origin.
    origins : tuple of datetime.date
    scores : DataFrame
        [series, model, origin, wape, mase, bias, crps, crps_over_mean, pinball, pinball_over_mean,
        coverage_50, coverage_90, interval_score_90], one row a forecast.
    forecasts : DataFrame
        [series, model, origin, date, actual, mean, q05, q25, q50, q75, q95], one row a forecast period;
        ``date`` is its first day.
    warnings : tuple of str
        Models that failed or were skipped, by name.
    recipes : DataFrame
        [series, model, origin, <voice>..., spread, chosen], one row a pooled forecast: the weight of each
        voice, the factor on its width, and the baseline that inner folds would have chosen.
    """

    history: str
    period: str
    horizon: int
    origins: tuple[date, ...]
    scores: pd.DataFrame
    forecasts: pd.DataFrame
    warnings: tuple[str, ...]
    recipes: pd.DataFrame

    @property
    def series(self) -> list[str]:
        """Names of the series scored."""
        return scored_series(list(dict.fromkeys(self.scores["series"])))

    def summary(self) -> pd.DataFrame:
        """Return mean scores over the origins, [series, model, origins, *SUMMARY, *COMPARED, over_chosen].

        ``over_chosen`` is a model's error over that of the baseline which inner folds before each origin
        would have chosen (`over_chosen`). ``dm_p`` is the chance of a lead over, or a lag behind, the best
        baseline ``dm_against`` as large as this one if the two were equally good
        (:mod:`calibration.comparison`).
        """
        import pandas as pd

        groups = self.scores.groupby(["series", "model"], sort=False)
        means = groups[list(SUMMARY)].mean()
        means.insert(0, "origins", groups.size())
        means = means.reset_index()
        parts = [
            against_best(part, list(BASELINES), reach_of(self.forecasts)).assign(series=series)
            for series, part in self.scores.groupby("series")
        ]
        empty = pd.DataFrame(columns=["series", "model", *COMPARED])
        told = pd.concat(parts) if parts else empty
        ratios = over_chosen(self.scores, self.recipes)
        return means.merge(told, on=["series", "model"], how="left").merge(
            ratios, on=["series", "model"], how="left"
        )

    def table(self) -> pd.DataFrame:
        """Return the comparison: the summary and ``over_best``, a model's CRPS over the best baseline's.

        The best baseline of a series is the one of lowest geometric-mean CRPS, in hindsight; the ratio is the
        geometric mean over the origins both forecast. Below 1 the model beats every baseline.
        """
        table = self.summary()
        crps = self.scores.pivot_table(index=["series", "origin"], columns="model", values="crps")
        ratios = {series: _over_best(part) for series, part in crps.groupby(level="series")}
        table["over_best"] = [
            ratios.get(series, {}).get(model, float("nan"))
            for series, model in zip(table["series"], table["model"], strict=True)
        ]
        return table

    def document(self) -> dict[str, Any]:
        """Return ``backtest.json``: plain JSON values, scores that do not exist being null."""
        summary = self.summary().drop(columns="origins")
        return {
            "history": self.history,
            "horizon": self.horizon,
            "period": self.period,
            "origins": [str(day) for day in self.origins],
            "series": self.series,
            "scores": _records(self.scores.assign(origin=self.scores["origin"].astype(str))),
            "summary": _records(summary),
            "recipes": _records(self.recipes.assign(origin=self.recipes["origin"].astype(str))),
            "forecasts": "backtest.parquet",
            "warnings": list(self.warnings),
        }


def over_chosen(scores: pd.DataFrame, recipes: pd.DataFrame) -> pd.DataFrame:
    """Return each model's error over that of the baseline chosen beforehand, [series, model, over_chosen].

    The geometric mean, over origins and over WAPE and CRPS, of the ratio to the one baseline that did best on
    inner folds of the training years: what a cautious forecaster without a market would have used. The best
    baseline in hindsight (`Backtest.table`) is nobody's to have.
    """
    import pandas as pd

    keys = ["series", "origin"]
    rivals = recipes.loc[recipes["chosen"].astype(bool), [*keys, "chosen"]].drop_duplicates(keys)
    theirs = rivals.merge(scores, left_on=[*keys, "chosen"], right_on=[*keys, "model"])
    both = scores.merge(theirs[[*keys, "wape", "crps"]], on=keys, suffixes=("", "_chosen"))
    with np.errstate(all="ignore"):
        logs = 0.5 * np.log(
            both["wape"] * both["crps"] / (both["wape_chosen"] * both["crps_chosen"])
        ).to_numpy(dtype=float)
    told = both.assign(over_chosen=np.where(np.isfinite(logs), logs, np.nan))
    if told.empty:
        return pd.DataFrame(columns=["series", "model", "over_chosen"])
    means = told.groupby(["series", "model"], sort=False)["over_chosen"].mean()
    return np.exp(means).reset_index()


def _over_best(crps: pd.DataFrame) -> dict[str, float]:
    """Geometric-mean ratio of each model's CRPS (columns) to the best baseline's over the origins (rows)."""
    best = best_of(crps, list(BASELINES))
    if best is None:
        return {}
    with np.errstate(all="ignore"):
        logs = np.log(crps)
    logs = logs.where(np.isfinite(logs))
    finite = logs.sub(logs[best], axis=0)
    return {str(name): float(np.exp(value)) for name, value in finite.mean().items()}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            name: None if isinstance(value, float) and not np.isfinite(value) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def backtest(
    history: History,
    forecasters: Mapping[str, Forecaster],
    origins: Sequence[date],
    horizon: int,
    seed: int,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast from every origin by every model and score what came.

    Parameters
    ----------
    history : History
        The whole of it; models see only what `truncate` leaves.
    forecasters : mapping of str to Forecaster
        Models by name (`baseline_forecasters` gives the usual ones).
    origins : sequence of datetime.date
        From `origins_for`.
    horizon : int
        Periods ahead.
    seed : int
        Seed of all paths.
    progress : callable, optional
        Told before each piece.
    """
    from calibration.series import observed

    truth = observed(history)
    book = _Book(truth, horizon, [], [], {}, [])
    pieces = [(origin, model) for origin in origins for model in forecasters]
    missing: set[str] = set()
    for done, (origin, model) in enumerate(pieces):
        if progress is not None:
            progress(done, len(pieces), f"{model} from {origin}")
        if model in missing:
            continue
        past = truncate(history, origin)
        try:
            book.enter(model, origin, past, forecasters[model](past, origin, horizon, seed))
        except ModuleNotFoundError as error:
            missing.add(model)
            book.warnings[f"{model} is skipped: {error.name} is not installed"] = None
        except Exception as error:  # one model's failure is a finding, not the end of the comparison
            book.warnings[f"{model} failed at {origin}: {type(error).__name__}: {error}"] = None
    if progress is not None:
        progress(len(pieces), len(pieces), "done")
    return book.close(history, tuple(origins))


@dataclass(frozen=True)
class _Book:
    """The rows of a backtest while it runs."""

    truth: pd.DataFrame
    horizon: int
    scores: list[dict[str, Any]]
    forecasts: list[pd.DataFrame]
    warnings: dict[str, None]
    recipes: list[dict[str, Any]]

    def enter(self, model: str, origin: date, past: History, found: Mapping[str, Forecast]) -> None:
        """Score the forecasts of one model from one origin."""
        from calibration.history import season_length
        from calibration.series import observed

        train = observed(past)
        ahead = past.calendar.after(self.horizon)
        season = season_length(past.calendar.period)
        for name in scored_series(list(self.truth)):
            actual = self.truth[name].reindex(ahead).to_numpy(dtype=float)
            if name not in found or not np.isfinite(actual).any():
                continue
            one = found[name]
            row = score(actual, one, train.get(name, []), season)
            self.scores.append({"series": name, "model": model, "origin": origin} | row)
            self.forecasts.append(_rows(name, model, origin, ahead, actual, one))
            if one.recipe is not None:
                self.recipes.append({"series": name, "model": model, "origin": origin, **one.recipe})

    def close(self, history: History, origins: tuple[date, ...]) -> Backtest:
        """Return the finished backtest."""
        import pandas as pd

        columns = ["series", "model", "origin", *SCORES]
        rows = pd.DataFrame(self.scores, columns=columns)
        order = {name: i for i, name in enumerate(scored_series(list(self.truth)))}
        rows = rows.sort_values(
            "series", key=lambda names: names.map(order), kind="stable", ignore_index=True
        )
        names = ["series", "model", "origin", "date", "actual", "mean", *QUANTILES]
        paths = (
            pd.concat(self.forecasts, ignore_index=True) if self.forecasts else pd.DataFrame(columns=names)
        )
        voices = sorted({key for row in self.recipes for key in row} - {*RECIPE})
        recipes = pd.DataFrame(self.recipes, columns=[*RECIPE[:3], *voices, *RECIPE[3:]])
        return Backtest(
            history.name,
            history.calendar.period,
            self.horizon,
            origins,
            rows,
            paths,
            tuple(self.warnings),
            recipes,
        )


def _rows(
    series: str, model: str, origin: date, ahead: pd.DatetimeIndex, actual: NDArray[np.float64], one: Forecast
) -> pd.DataFrame:
    """One forecast as tidy rows."""
    import pandas as pd

    levels = np.quantile(one.samples, list(QUANTILES.values()), axis=0)
    table = {"series": series, "model": model, "origin": pd.Timestamp(origin), "date": ahead}
    return pd.DataFrame(
        table | {"actual": actual, "mean": one.mean} | dict(zip(QUANTILES, levels, strict=True))
    )
