"""The chart of what risks cost: in how many futures losses exceed an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from results.charts.style import (
    BASE,
    Chart,
    amounts,
    canvas,
    chart,
    legend,
    note,
    ordered,
    scenario_looks,
    style,
)
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd


def losses(runs: pd.DataFrame, language: Language, base: str = BASE) -> Chart:
    """Draw the share of futures whose losses exceed an amount, a line a scenario.

    Parameters
    ----------
    runs
        Columns scenario, loss (currency, of one future over the whole plan; 0 without a strike).
    language
        Tongue and currency.
    base
        The scenario drawn in grey.
    """
    scenarios = ordered(list(runs["scenario"].unique()), base)[:4]
    looks = scenario_looks(scenarios, base)
    mine = runs.loc[runs["scenario"] == scenarios[0], "loss"]
    middle, high = mine.quantile([0.5, 0.9])
    title = language.say(
        "chart.losses.title" if middle > 0 else "chart.losses.seldom",
        scenario=language.the(scenarios[0]),
        p50=language.estimate(middle, "currency"),
        p90=language.estimate(high, "currency"),
    )
    with style():
        figure, axes = canvas(title, 2.3, key=len(scenarios) * (len(scenarios) > 1))
        top = float(runs["loss"].max()) or 1.0
        handles: list[Any] = []
        for name in scenarios:
            values = np.sort(runs.loc[runs["scenario"] == name, "loss"].to_numpy())
            above = 1.0 - np.arange(1, len(values) + 1) / len(values)
            steps = np.concatenate([[0.0], values, [1.05 * top]])
            shares = np.concatenate([[1.0], above, [above[-1]]])
            look = looks[name]
            handles += axes.step(
                steps, shares, where="post", color=look["color"], ls=look["linestyle"], lw=1.8
            )
        axes.set_xlim(0, 1.05 * top)
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
        amounts(axes.xaxis, "currency", language)
        axes.grid()
        axes.locator_params(axis="x", nbins=4)
        if len(scenarios) > 1:
            legend(figure, handles, [clean(language.scenario(name), 26) for name in scenarios])
        note(figure, language.say("chart.losses.note"))
    return chart("losses", title, language.say("chart.losses.alt", title=title), figure, runs)
