"""Charts of people: who moved from channel to channel, and how many are in which state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from results.charts.style import (
    BASE,
    FAINT,
    INK,
    Chart,
    amounts,
    canvas,
    chart,
    legend,
    note,
    ordered,
    scenario_looks,
    style,
    tick,
)
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

DARK = 0.5  # shares from which a cell is dark enough for white text
NONE = "none"


def migration(moves: pd.DataFrame, language: Language, scenario: str) -> Chart:
    """Draw where the customers of each channel went within a year, darker where more went.

    Parameters
    ----------
    moves
        Columns origin, goal, customers (mean over futures), share of the origin's, p10 and p90 of it.
    language
        Tongue and currency.
    scenario
        Whose customers.
    """
    from matplotlib.patches import Rectangle

    names = list(dict.fromkeys(moves["origin"]))
    title = _moves_title(moves, language, scenario)
    with style():
        figure, axes = canvas(title, 0.85 + 0.36 * len(names))
        for line in moves.to_dict("records"):
            row, column = names.index(line["origin"]), names.index(line["goal"])
            share = line["share"]
            known = share == share
            grey = str(round(1.0 - 0.7 * share, 3)) if known else "1"
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=grey, edgecolor=FAINT))
            text = f"{100 * share:.0f}" if share >= 0.005 else "<1" if share > 0 else "0"
            color = "white" if known and share > DARK else INK
            axes.text(column, row, text if known else "–", ha="center", va="center", fontsize=9, color=color)
        labels = [channel(name, language) for name in names]
        axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
        axes.set_xticks(range(len(names)), [tick(label, 11) for label in labels], fontsize=8.5)
        axes.set_yticks(range(len(names)), labels)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        axes.spines[:].set_visible(False)
        note(figure, language.say("chart.migration.note"))
    return chart("migration", title, language.say("chart.migration.alt", title=title), figure, moves)


def _moves_title(moves: pd.DataFrame, language: Language, scenario: str) -> str:
    between = moves[(moves["origin"] != moves["goal"]) & (moves["origin"] != NONE) & (moves["goal"] != NONE)]
    if not (between["customers"] > 0).any():
        return language.say("chart.migration.still", scenario=language.the(scenario, first=True))
    top = between.loc[between["customers"].idxmax()]
    return language.say(
        "chart.migration.title",
        scenario=language.the(scenario, first=True),
        origin=channel(top["origin"], language),
        goal=channel(top["goal"], language),
        customers=language.number(round(top["customers"])),
        share=language.amount(top["share"], "share"),
        band=language.band(top["p10"], top["p90"], "share"),
    )


def channel(name: object, language: Language) -> str:
    """Return a channel in words; ``none`` stands for no order within the year."""
    return language.say("channel.none") if name == NONE else clean(language.spelt(name), 24)


def groups(
    last: pd.DataFrame, language: Language, name: str, label: Callable[[str], str], base: str = BASE
) -> Chart:
    """Draw how many customers are in which group at the end, by scenario, with their middle 80 %.

    Parameters
    ----------
    last
        Columns scenario, name (groups from above), p10, p50, p90, customers.
    language
        Tongue and currency.
    name
        The chart's name, ``stages`` or ``rfm``.
    label
        A group in words.
    base
        The scenario drawn in grey.
    """
    parts = list(dict.fromkeys(last["name"]))
    scenarios = ordered(list(last["scenario"].unique()), base)
    looks = scenario_looks(scenarios, base)
    cells = last.set_index(["scenario", "name"])
    title = _groups_title(last, scenarios, language, name, label, base)
    with style():
        height = 0.6 + (0.2 + 0.14 * len(scenarios)) * len(parts)
        figure, axes = canvas(title, height, key=len(scenarios) > 1)
        handles = []
        for place, scenario in enumerate(scenarios):
            look = looks[scenario]
            for position, part in enumerate(parts):
                if (scenario, part) not in cells.index:
                    continue
                p10, p50, p90 = cells.loc[(scenario, part), ["p10", "p50", "p90"]]
                row = position + (place - (len(scenarios) - 1) / 2) * 0.62 / len(scenarios)
                axes.plot([p10, p90], [row, row], color=look["color"], lw=1.5)
                axes.plot(p50, row, look["marker"], color=look["color"], ms=5.5)
                axes.annotate(
                    language.number(p50), (p90, row), (5, 0), textcoords="offset points", va="center",
                    fontsize=8,
                )  # fmt: skip
            handles += axes.plot([], [], look["marker"], color=look["color"], ms=5)
        axes.set_yticks(range(len(parts)), [label(part) for part in parts])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(parts) - 0.45, -0.55)
        axes.set_xlim(0, 1.18 * (float(last["p90"].max()) or 1.0))
        amounts(axes.xaxis, "customers", language)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        if len(scenarios) > 1:
            legend(figure, handles, [clean(language.scenario(scenario), 26) for scenario in scenarios])
        note(figure, language.say(f"chart.{name}.note"))
    return chart(name, title, language.say("chart.groups.alt", title=title), figure, last)


def _groups_title(
    last: pd.DataFrame, scenarios: list[str], language: Language, name: str, label: Callable[[str], str],
    base: str,
) -> str:  # fmt: skip
    table = last.set_index(["name", "scenario"])["p50"].unstack()
    mine = scenarios[0]
    if base in table and mine != base:
        part = str((table[mine] - table[base]).abs().idxmax())
        row = last[(last["scenario"] == mine) & (last["name"] == part)].iloc[0]
        return language.say(
            "chart.groups.title",
            scenario=language.the(mine, first=True),
            base=language.the(base),
            part=label(part).lower(),
            p50=language.number(row["p50"]),
            band=language.band(row["p10"], row["p90"]),
            other=language.number(table.loc[part, base]),
        )
    part = str(table[mine].idxmax())
    return language.say(f"chart.{name}.plain", part=label(part), p50=language.number(table.loc[part, mine]))
