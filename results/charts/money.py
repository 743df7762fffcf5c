"""Charts of money: the way from gross sales to profit, and what was spent beside what was budgeted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.charts.style import BLUE, GREY, INK, VERMILLION, Chart, amounts, canvas, chart, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd


def waterfall(steps: pd.DataFrame, language: Language, scenario: str, profit: tuple[float, float]) -> Chart:
    """Draw the way from gross sales to operating profit, a bar a step.

    Parameters
    ----------
    steps
        Columns step, value (currency; costs negative); the first and the last step are totals.
    language
        Tongue and currency.
    scenario
        Whose money.
    profit
        The last step's p10 and p90 over futures.
    """
    costs = steps.iloc[1:-1]
    largest = costs.loc[costs["value"].idxmin()]
    first, last = float(steps["value"].iloc[0]), float(steps["value"].iloc[-1])
    title = language.say(
        "chart.waterfall.title" if last >= 0 else "chart.waterfall.loss",
        scenario=language.the(scenario),
        sales=language.estimate(first, "currency"),
        profit=language.estimate(abs(last), "currency"),
        band=language.band(*profit, "currency"),
        part=language.say(f"money.{largest['step']}").lower(),
        cost=language.estimate(-largest["value"], "currency"),
    )
    with style():
        figure, axes = canvas(title, 0.45 + 0.25 * len(steps))
        left = 0.0
        for row, value in enumerate(steps["value"]):
            whole = row in (0, len(steps) - 1)
            start = 0.0 if whole else left
            colour = BLUE if whole else GREY
            axes.barh(row, value, 0.62, left=start, color=colour, alpha=0.9)
            left = value if row == 0 else left + value
            place = max(start, start + value)
            axes.annotate(
                language.estimate(value, "currency", signed=not whole), (place, row), (4, 0),
                textcoords="offset points", va="center", fontsize=8.5, color=INK,
            )  # fmt: skip
        row = len(steps) - 1
        axes.plot(profit, [row + 0.42] * 2, color=INK, lw=1.4, solid_capstyle="butt")
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks(range(len(steps)), [language.say(f"money.{step}") for step in steps["step"]])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(steps) - 0.35, -0.6)
        low, high = min(0.0, last, *profit), max(first, *profit)
        axes.set_xlim(low - 0.02 * (high - low), high + 0.24 * (high - low))
        amounts(axes.xaxis, "currency", language)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        note(figure, language.say("chart.waterfall.note"))
    return chart("waterfall", title, language.say("chart.waterfall.alt", title=title), figure, steps)


def spending(table: pd.DataFrame, language: Language, scenario: str) -> Chart:
    """Draw what was spent on each purpose as bars, what was budgeted as marks.

    Parameters
    ----------
    table
        Columns name, planned and actual, currency over the whole plan.
    language
        Tongue and currency.
    scenario
        Whose budget.
    """
    table = table.sort_values("actual", ascending=False, kind="stable").reset_index(drop=True)
    spent, planned = float(table["actual"].sum()), float(table["planned"].sum())
    title = language.say(
        "chart.spending.title" if planned > 0 else "chart.spending.plain",
        scenario=language.the(scenario, first=True),
        spent=language.estimate(spent, "currency"),
        planned=language.amount(planned, "currency"),
        change=language.change(spent / planned - 1.0) if planned > 0 else "",
    )
    with style():
        figure, axes = canvas(title, 0.5 + 0.36 * max(2, len(table)))
        for row, line in table.iterrows():
            over = line["actual"] > 1.01 * line["planned"]
            axes.barh(
                row, line["actual"], 0.55, color=VERMILLION if over else BLUE, hatch="///" if over else "",
                edgecolor="white", alpha=0.9,
            )  # fmt: skip
            axes.plot([line["planned"]] * 2, [row - 0.38, row + 0.38], color=INK, lw=2)
            axes.annotate(
                language.estimate(line["actual"], "currency"), (max(line["actual"], line["planned"]), row),
                (5, 0), textcoords="offset points", va="center", fontsize=9,
            )  # fmt: skip
        axes.set_yticks(range(len(table)), [purpose(name, language) for name in table["name"]])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_xlim(0, 1.25 * (float(table[["actual", "planned"]].max().max()) or 1.0))
        amounts(axes.xaxis, "currency", language)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        note(figure, language.say("chart.spending.note"))
    return chart("spending", title, language.say("chart.spending.alt", title=title), figure, table)


def purpose(name: object, language: Language) -> str:
    """Return what money is for, in words."""
    key = f"money.{name}"
    return language.say(key) if language.has(key) else clean(language.spelt(name), 30)
