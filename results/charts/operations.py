"""Charts of stock and service by channel, and of the way from visit to order in each channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from results.charts.dots import dots
from results.charts.style import BASE, Chart, chart, ordered, scenario_looks
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

# Each step and what it is a share of: a cart may be filled in another channel than the customer looked in.
STEPS = {"stayed": "visits", "checkouts": "carts", "submitted": "carts", "orders": "carts"}


def by_channel(table: pd.DataFrame, kpi: str, unit: str, language: Language, base: str = BASE) -> Chart:
    """Draw an indicator of the last year by channel and scenario.

    Parameters
    ----------
    table
        Columns channel, scenario, p10, p50, p90; channel ``all`` is the whole.
    kpi, unit
        The indicator and its unit.
    language
        Tongue and currency.
    base
        The scenario drawn in grey.
    """
    scenarios = ordered(list(table["scenario"].unique()), base)
    rows = {name: shop(name, language) for name in dict.fromkeys(table["channel"])}
    cells = table.set_index(["channel", "scenario"])
    mine = cells.xs(scenarios[0], level="scenario")
    shops = mine.drop(index="all", errors="ignore")["p50"].dropna()
    whole = mine.loc["all"] if "all" in mine.index else mine.iloc[0]
    fields: dict[str, object] = {
        "scenario": language.the(scenarios[0], first=True),
        "kpi": language.kpi_inline(kpi),
        "p50": language.estimate(whole["p50"], unit),
        "band": language.band(whole["p10"], whole["p90"], unit),
    }
    if len(shops):
        fields |= {
            "channel": shop(shops.idxmax(), language),
            "most": language.estimate(shops.max(), unit),
        }
    title = language.say("chart.by_channel.title" if len(shops) > 1 else "chart.by_channel.one", **fields)
    told = table.rename(columns={"channel": "row", "scenario": "series"})
    look, read = scenario_looks(scenarios, base), language.say("chart.by_channel.note")
    figure = dots(told, rows, look, language, title, unit, read, language.scenario)
    alt = language.say("chart.by_channel.alt", title=title)
    return chart(f"{kpi}-by-channel", title, alt, figure, table)


def channel_funnel(steps: pd.DataFrame, language: Language, scenario: str) -> Chart:
    """Draw how many visits go on, and how many filled carts come as far as each step, by channel.

    Parameters
    ----------
    steps
        Columns channel, step (of `STEPS`), p10, p50, p90: shares of the channel's visits or carts.
    language
        Tongue and currency.
    scenario
        Whose visits and carts.
    """
    channels: Sequence[str] = list(dict.fromkeys(steps["channel"]))
    ends = steps[steps["step"] == "orders"].set_index("channel")
    best = str(ends["p50"].idxmax())
    row = ends.loc[best]
    fields = {
        "scenario": language.the(scenario, first=True),
        "channel": shop(best, language),
        "p50": language.estimate(row["p50"], "share"),
        "band": language.band(row["p10"], row["p90"], "share"),
    }
    if len(channels) > 1:
        worst = str(ends["p50"].idxmin())
        fields |= {"other": shop(worst, language), "least": language.estimate(ends["p50"].min(), "share")}
    title = language.say(f"chart.channel_funnel.{'title' if len(channels) > 1 else 'one'}", **fields)
    rows = {step: language.say(f"step.{step}") for step in STEPS if step in set(steps["step"])}
    told = steps.rename(columns={"step": "row", "channel": "series"})
    read, look = language.say("chart.channel_funnel.note"), scenario_looks(channels, "")
    called = lambda name: shop(name, language)  # noqa: E731
    figure = dots(told, rows, look, language, title, "share", read, called)
    alt = language.say("chart.channel_funnel.alt", title=title)
    return chart("channel-funnel", title, alt, figure, steps)


def shop(name: object, language: Language) -> str:
    """Return a channel in words; ``all`` is all of them."""
    return language.say("money.whole") if name == "all" else clean(language.spelt(name), 24)
