"""Charts of what is known and how well: backtests against baselines, the fit, what history identifies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results.charts.style import (
    BLUE,
    GREY,
    INK,
    VERMILLION,
    Chart,
    amounts,
    canvas,
    chart,
    months,
    note,
    style,
)
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

OURS = "omolab"
LEARNT = 0.5


def forecast(
    forecasts: pd.DataFrame, series: str, language: Language, model: str = OURS, unit: str = ""
) -> Chart:
    """Draw one series' forecasts from every origin over what happened.

    Parameters
    ----------
    forecasts
        Columns series, model, origin, date, actual, mean and any of p05, p25, p75, p95.
    series
        The series.
    language
        Tongue and currency.
    model
        Whose forecasts.
    unit
        The series' unit.
    """
    rows = forecasts[(forecasts["series"] == series) & (forecasts["model"] == model)].sort_values(
        ["origin", "date"]
    )
    inside = (rows["actual"] >= rows["p05"]) & (rows["actual"] <= rows["p95"]) if "p05" in rows else None
    title = (
        language.say("chart.forecast.plain", series=_series(series, language))
        if inside is None
        else language.say(
            "chart.forecast.title",
            series=_series(series, language),
            n=int(inside.sum()),
            all=int(rows["actual"].notna().sum()),
        )
    )
    told = [path for _, path in rows.groupby("origin", sort=True)]
    drawn = _apart(told)
    with style():
        figure, axes = canvas(title, 2.5)
        for path in drawn:
            for low, high, alpha in (("p05", "p95", 0.18), ("p25", "p75", 0.32)):
                if low in path and high in path:
                    axes.fill_between(path["date"], path[low], path[high], color=BLUE, alpha=alpha, lw=0)
            axes.plot(path["date"], path["mean"], color=BLUE, lw=1.4, ls=(0, (5, 1.5)))
        actual = rows.drop_duplicates("date").sort_values("date")
        axes.plot(actual["date"], actual["actual"], color=INK, lw=1.3, marker="o", ms=2.8)
        amounts(axes.yaxis, unit, language)
        months(axes, language)
        axes.grid(axis="y")
        key = language.say("chart.forecast.key", model=clean(model))
        if len(drawn) < len(told):
            key = f"{key} {language.say('chart.forecast.apart', n=len(drawn), all=len(told))}"
        note(figure, key)
    return chart(f"backtest-{series}", title, language.say("chart.forecast.alt", title=title), figure, rows)


def _apart(paths: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return the forecasts that begin where the one before has ended: bands on bands tell nothing."""
    drawn: list[pd.DataFrame] = []
    for path in paths:
        if not drawn or path["date"].iloc[0] > drawn[-1]["date"].iloc[-1]:
            drawn.append(path)
    return drawn


def errors(summary: pd.DataFrame, language: Language, measure: str = "wape") -> Chart:
    """Draw a heat table of errors, series by model, the best of each series in bold.

    Parameters
    ----------
    summary
        Columns series, model and the measure (lower is better).
    language
        Tongue and currency.
    measure
        Which error.
    """
    wide = summary.pivot_table(index="series", columns="model", values=measure, sort=False)
    first = [name for name in (OURS,) if name in wide.columns]
    wide = wide[[*first, *[name for name in wide.columns if name not in first]]]
    best = wide.eq(wide.min(axis=1), axis=0)
    wins = int(best[OURS].sum()) if OURS in wide else 0
    title = language.say("chart.errors.title", n=wins, all=len(wide), measure=measure.upper())
    shade = wide.div(wide.min(axis=1), axis=0).sub(1).clip(0, 1).fillna(0).to_numpy()
    with style():
        figure, axes = canvas(title, 0.6 + 0.34 * len(wide))
        axes.set(xlim=(-0.5, wide.shape[1] - 0.5), ylim=(len(wide) - 0.5, -0.5))
        for row in range(wide.shape[0]):
            for column in range(wide.shape[1]):
                value, grey = wide.iat[row, column], str(round(1 - 0.4 * shade[row, column], 2))
                axes.axvspan(
                    column - 0.5,
                    column + 0.5,
                    1 - (row + 1) / len(wide),
                    1 - row / len(wide),
                    color=grey,
                    lw=0,
                )
                axes.text(
                    column, row,
                    language.amount(value, "share") if measure == "wape" else language.number(value),
                    ha="center", va="center", fontsize=9,
                    fontweight="bold" if best.iat[row, column] else "normal",
                )  # fmt: skip
        names = [clean(language.model(name).replace("_", " "), 20) for name in wide.columns]
        axes.set_xticks(range(wide.shape[1]), [name.replace(" ", "\n").replace("/", "/\n") for name in names])
        axes.set_yticks(range(len(wide)), [_series(name, language) for name in wide.index])
        axes.tick_params(length=0, labelcolor=INK, top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.spines[:].set_visible(False)
    return chart(
        "backtest-errors", title, language.say("chart.errors.alt", measure=measure.upper()), figure, summary
    )


def _series(name: str, language: Language) -> str:
    channel, _, measure = str(name).rpartition(".")
    if not channel:
        return clean(language.spelt(name), 34)
    if language.lang == "zh":
        return clean(language.spelt(channel) + language.spelt(measure), 34)
    return clean(f"{language.spelt(channel)} {measure.replace('_', ' ')}", 34)


def fit(statistics: pd.DataFrame, language: Language) -> Chart:
    """Draw simulated statistics about the observed ones, in units of what history leaves uncertain.

    Parameters
    ----------
    statistics
        Columns name, observed, scale, simulated_p05, simulated_p50, simulated_p95; with ``off`` (how many
        scales the median lies off) the scale is that of logarithms or log-odds.
    language
        Tongue and currency.
    """
    import pandas as pd

    table = pd.concat([statistics, statistics.apply(_standard, axis=1)], axis=1)
    table["covered"] = (table["p05"] <= 1) & (table["p95"] >= -1)  # within the history's own uncertainty
    table = table.reindex(table["p50"].abs().sort_values(ascending=False).index).reset_index(drop=True)
    missed = [clean(language.statistic(name), 30) for name in table.loc[~table["covered"], "name"]]
    key = "chart.fit.title" if missed else "chart.fit.all"
    title = language.say(
        key,
        n=int(table["covered"].sum()),
        all=len(table),
        missed=language.listed(missed[:3]) if missed else "",
    )
    shown = table.head(24)
    with style():
        figure, axes = canvas(title, 0.55 + 0.21 * max(3, len(shown)))
        axes.axvspan(-1, 1, color=GREY, alpha=0.12, lw=0)
        axes.axvline(0, color=INK, lw=0.9)
        for row, line in shown.iterrows():
            colour = BLUE if line["covered"] else VERMILLION
            axes.plot([line["p05"], line["p95"]], [row, row], color=colour, lw=1.8)
            axes.plot(line["p50"], row, "o" if line["covered"] else "X", color=colour, ms=5)
        axes.set_yticks(range(len(shown)), [clean(language.statistic(name), 34) for name in shown["name"]])
        axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=8)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        widest = float(np.nanmax(np.abs(shown[["p05", "p95"]].to_numpy()), initial=1.5))
        axes.set_xlim(-1.05 * min(widest, 12), 1.05 * min(widest, 12))
        note(figure, language.say("chart.fit.axis"))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
    return chart("calibration-fit", title, language.say("chart.fit.alt"), figure, table)


def _standard(row: Any) -> Any:
    """Return p05, p50, p95 in units of the scale, on whichever scale explains ``off``."""
    import pandas as pd

    simulated = [row[f"simulated_{level}"] for level in ("p05", "p50", "p95")]
    levels = np.array([row["observed"], *simulated], dtype=float)
    found = [levels]
    if np.isfinite(row.get("off", np.nan)):
        with np.errstate(divide="ignore", invalid="ignore"):
            found = [np.log(levels), np.log(levels / (1.0 - levels)), levels]
    found = [(mapped[1:] - mapped[0]) / row["scale"] for mapped in found]
    miss = [abs(mapped[1] - row.get("off", 0.0)) if np.isfinite(mapped).all() else np.inf for mapped in found]
    return pd.Series(found[int(np.argmin(miss))], index=["p05", "p50", "p95"])


def learnt(parameters: pd.DataFrame) -> pd.Series:
    """Tell of each parameter whether history told it: as the fit says, else by half its variance."""
    if "identified" in parameters:
        return parameters["identified"].astype(bool)
    return parameters["contraction"] >= LEARNT


def identified(parameters: pd.DataFrame, language: Language) -> Chart:
    """Draw how far history narrowed each parameter's prior.

    Parameters
    ----------
    parameters
        Columns parameter, prior_low, prior_high, p05, p50, p95, contraction (0 none, 1 all), grade.
    language
        Tongue and currency.
    """
    table = parameters.sort_values("contraction", ascending=False, kind="stable").reset_index(drop=True)
    table["learnt"] = learnt(table)
    title = language.say("chart.identified.title", n=int(table["learnt"].sum()), all=len(table))
    shown = table.head(24)
    with style():
        figure, axes = canvas(title, 0.55 + 0.21 * max(3, len(shown)))
        for row, line in shown.iterrows():
            known = bool(line["learnt"])
            axes.barh(
                row, max(line["contraction"], 0.0), 0.62, color=BLUE if known else "white",
                edgecolor=BLUE if known else GREY, hatch="" if known else "////", lw=0.8,
            )  # fmt: skip
        labels = [
            f"{clean(line['parameter'], 30)} ({clean(line['grade'], 2)})" for _, line in shown.iterrows()
        ]
        axes.set_yticks(range(len(shown)), labels)
        axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=8)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(lambda value, _: language.amount(value, "share"))
        note(figure, language.say("chart.identified.axis"))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
    return chart("calibration-identified", title, language.say("chart.identified.alt"), figure, table)
