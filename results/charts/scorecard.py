"""The chart of a scorecard: how much of the way to its goals each dimension has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.charts.style import (
    BASE,
    INK,
    Chart,
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


def scorecard(card: pd.DataFrame, language: Language, base: str = BASE) -> Chart:
    """Draw attainment, 0-100, by dimension and scenario with its middle 80 %.

    Parameters
    ----------
    card
        Rows of ``scorecards`` of one card: scenario, card, dimension, weight, attainment_p10, _p50, _p90.
    language
        Tongue and currency.
    base
        The scenario drawn in grey.
    """
    scenarios = ordered(list(card["scenario"].unique()), base)[:4]
    looks = scenario_looks(scenarios, base)
    weights = card.drop_duplicates("dimension").set_index("dimension")["weight"]
    cells = card.set_index(["scenario", "dimension"])
    mine = cells.loc[scenarios[0]]["attainment_p50"].dropna().sort_values()
    fields = {"scenario": language.the(scenarios[0], first=True)}
    for end, place in (("best", -1), ("worst", 0)):
        if len(mine):
            row = cells.loc[(scenarios[0], mine.index[place])]
            low, high = row["attainment_p10"], row["attainment_p90"]
            fields[end] = dimension(mine.index[place], language).lower()
            fields[f"{end}_score"] = f"{mine.iloc[place]:.0f}"
            fields[f"{end}_band"] = language.say("band", low=f"{low:.0f}", high=f"{high:.0f}")
    title = language.say("chart.scorecard.title" if len(mine) > 1 else "chart.scorecard.plain", **fields)
    with style():
        height = 0.55 + (0.2 + 0.15 * len(scenarios)) * len(weights)
        figure, axes = canvas(title, height, key=len(scenarios) * (len(scenarios) > 1))
        handles = []
        for place, scenario in enumerate(scenarios):
            look = looks[scenario]
            for position, name in enumerate(weights.index):
                if (scenario, name) not in cells.index:
                    continue
                p10, p50, p90 = cells.loc[
                    (scenario, name), ["attainment_p10", "attainment_p50", "attainment_p90"]
                ]
                row = position + (place - (len(scenarios) - 1) / 2) * 0.62 / len(scenarios)
                axes.plot([p10, p90], [row, row], color=look["color"], lw=1.5)
                axes.plot(p50, row, look["marker"], color=look["color"], ms=5.5, clip_on=False)
            handles += axes.plot([], [], look["marker"], color=look["color"], ms=5)
        parts = weighted(card)  # dimensions that stand for themselves have no weights to tell
        labels = [
            dimension(name, language) + (f" ({language.amount(weight, 'share')})" if parts else "")
            for name, weight in weights.items()
        ]
        axes.set_yticks(range(len(weights)), labels)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(weights) - 0.45, -0.55)
        axes.set_xlim(0, 100)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        if len(scenarios) > 1:
            legend(figure, handles, [clean(language.scenario(name), 26) for name in scenarios])
        note(figure, language.say("chart.scorecard.note" if parts else "chart.scorecard.apart"))
    name = clean(str(card["card"].iloc[0]))
    return chart(name, title, language.say("chart.scorecard.alt", title=title), figure, card)


def weighted(card: pd.DataFrame) -> bool:
    """Whether a card's dimensions are parts of one score: their weights then sum to 1."""
    return abs(float(card.drop_duplicates("dimension")["weight"].sum()) - 1.0) < 0.005


def dimension(name: object, language: Language) -> str:
    """Return a dimension in words."""
    key = f"dimension.{name}"
    return language.say(key) if language.has(key) else clean(language.spelt(name), 24)
