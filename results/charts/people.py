"""Charts of people: who moved from channel to channel, and how many are in which state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from results.charts.dots import dots
from results.charts.lettering import tick
from results.charts.style import (
    BASE,
    FAINT,
    INK,
    Chart,
    canvas,
    chart,
    note,
    ordered,
    scenario_looks,
    style,
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
        share=language.estimate(top["share"], "share"),
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
    rows = {part: label(part) for part in dict.fromkeys(last["name"])}
    scenarios = ordered(list(last["scenario"].unique()), base)
    title = _groups_title(last, scenarios, language, name, label, base)
    told = last.rename(columns={"name": "row", "scenario": "series"})
    read, looks = language.say(f"chart.{name}.note"), scenario_looks(scenarios, base)
    figure = dots(told, rows, looks, language, title, "customers", read, language.scenario)
    return chart(name, title, language.say("chart.groups.alt", title=title), figure, last)


def moves_by_year(moves: pd.DataFrame, language: Language, scenario: str) -> Chart:
    """Draw the largest moves between channels, a mark for each year counted.

    Parameters
    ----------
    moves
        Columns origin, goal, year, p10, mean, p90: customers who moved within the year.
    language
        Tongue and currency.
    scenario
        Whose customers.
    """
    years = sorted(moves["year"].unique())
    named = moves.rename(columns={"mean": "p50"}).assign(
        row=[f"{row.origin} {row.goal}" for row in moves.itertuples()], series=moves["year"].astype(str)
    )
    rows = {
        line["row"]: tick(f"{channel(line['origin'], language)} → {channel(line['goal'], language)}", 22)
        for line in named.drop_duplicates("row").to_dict("records")
    }
    first, last = (named[named["year"] == year].set_index("row") for year in (years[0], years[-1]))
    most = str((last["p50"] - first["p50"].reindex(last.index).fillna(0)).abs().idxmax())
    end = last.loc[most]
    title = language.say(
        "chart.moves.title",
        scenario=language.the(scenario, first=True),
        origin=channel(end["origin"], language),
        goal=channel(end["goal"], language),
        before=language.estimate(round(first["p50"].get(most, 0.0)), "customers"),
        first=years[0],
        after=language.estimate(round(end["p50"]), "customers"),
        last=years[-1],
        band=language.band(round(end["p10"]), round(end["p90"]), "customers"),
    )
    looks = scenario_looks([str(year) for year in years], "")
    figure = dots(named, rows, looks, language, title, "customers", language.say("chart.moves.note"), str)
    return chart("moves-by-year", title, language.say("chart.moves.alt", title=title), figure, moves)


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
            p50=language.estimate(row["p50"], "customers"),
            band=language.band(row["p10"], row["p90"], "customers"),
            other=language.estimate(table.loc[part, base], "customers"),
        )
    part = str(table[mine].idxmax())
    return language.say(
        f"chart.{name}.plain", part=label(part), p50=language.estimate(table.loc[part, mine], "customers")
    )
