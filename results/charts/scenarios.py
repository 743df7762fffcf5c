"""Charts of what scenarios promise and change: odds of targets, paired differences, the funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results.charts.lettering import tick
from results.charts.style import (
    BASE,
    FAINT,
    GREY,
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
from results.language import SPACE, Language, clean

if TYPE_CHECKING:
    import pandas as pd

MOST_TIMES = 10.0  # a base that a difference is more times of than this is about zero
FUNNEL = (
    *("add_to_cart_rate", "registration_rate", "mobile_conversion"),
    *("payment_success", "conversion"),
)


def odds(targets: pd.DataFrame, language: Language, scenario: str, base: str = BASE) -> Chart:
    """Draw the odds of each target as bars with their intervals, the base's odds beside them.

    Parameters
    ----------
    targets
        Rows of `results.targets.attainment`.
    language
        Tongue and currency.
    scenario
        The scenario in question.
    base
        The one shown for comparison, where it is there.
    """
    mine = targets[(targets["scenario"] == scenario) & targets["odds"].notna()]
    mine = mine.sort_values("odds", ascending=False, kind="stable").reset_index(drop=True)
    theirs = (
        targets[targets["scenario"] == base]
        .drop_duplicates(["kpi", "date"])
        .set_index(["kpi", "date"])["odds"]
    )
    title = _odds_title(mine, language, scenario)
    with style():
        figure, axes = canvas(title, 0.55 + 0.46 * max(1, len(mine)))
        look = scenario_looks([scenario], base)[scenario]
        for row, target in mine.iterrows():
            axes.barh(row, target["odds"], 0.5, color=look["color"], alpha=0.9)
            low, high = target.get("odds_low", np.nan), target.get("odds_high", np.nan)
            axes.plot([low, high], [row, row], color=INK, lw=1.2, solid_capstyle="butt")
            label = language.say("chart.of_100", n=language.odds(target["odds"]))
            end = np.nanmax([target["odds"], high])
            axes.annotate(label, (end, row), (5, 0), textcoords="offset points", va="center", fontsize=9)
            other = theirs.get((target["kpi"], target["date"]), np.nan) if scenario != base else np.nan
            if np.isfinite(other):
                axes.plot(other, row + 0.36, marker="^", ms=6, color=GREY, clip_on=False)
        axes.set_yticks(range(len(mine)), [_target_label(row, language) for _, row in mine.iterrows()])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(mine) - 0.4, -0.6)
        axes.set_xlim(0, 1.18)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
        both = scenario != base and len(theirs) > 0
        read = language.say("chart.odds.both" if both else "chart.odds.note", base=language.the(base))
        note(figure, read)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
    alt = "; ".join(
        f"{language.kpi(row['kpi'])}: {language.say('chart.of_100', n=language.odds(row['odds']))}"
        for _, row in mine.iterrows()
    )
    return chart("odds", title, alt, figure, targets)


def _odds_title(mine: pd.DataFrame, language: Language, scenario: str) -> str:
    name = language.the(scenario, first=True)
    if mine.empty:
        return language.say("chart.odds.none", scenario=name)
    first, last = mine.iloc[0], mine.loc[mine["odds"].idxmin()]  # of several alike the one the verdict names
    fields = {
        "scenario": name,
        "first": language.kpi_inline(first["kpi"]),
        "first_target": level(first, language),
        "first_odds": language.odds(first["odds"]),
        "last": language.kpi_inline(last["kpi"]),
        "last_odds": language.odds(last["odds"]),
    }
    return language.say("chart.odds.one" if len(mine) == 1 else "chart.odds.title", **fields)


def _target_label(target: Any, language: Language) -> str:
    return f"{tick(language.kpi(target['kpi']), 28)}\n{level(target, language)}"


def level(target: Any, language: Language) -> str:
    """Return a target's level with its side: ``≥ 2.8 %``."""
    sign = "≤" if target.get("better") == "lower" else "≥"
    return f"{sign}{SPACE}{language.amount(target['target'], target['gap_unit'])}"


def differences(
    compared: pd.DataFrame, language: Language, better: Mapping[str, str], base: str = BASE
) -> Chart:
    """Draw each scenario's difference from the base as dots with intervals, in per cent of the base.

    Parameters
    ----------
    compared
        Rows of `scenarios.compare.compare`, one per scenario and indicator.
    language
        Tongue and currency.
    better
        Which side is better by indicator: filled dots are on it for certain, hollow ones are not.
    base
        What is compared with.
    """
    telling = relates(compared["base_value"], compared["difference"])
    relative, left = compared[telling].copy(), list(dict.fromkeys(compared[~telling]["kpi"]))
    for column in ("difference", "low", "high"):
        relative[f"{column}_percent"] = relative[column] / relative["base_value"]
    scenarios = ordered(list(relative["scenario"].unique()), base)
    names = list(relative["kpi"].unique())
    title = _differences_title(relative, scenarios, language, base)
    looks = scenario_looks(scenarios, base)
    with style():
        height = 0.75 + (0.2 + 0.14 * len(scenarios)) * max(1, len(names))
        figure, axes = canvas(title, height, key=len(scenarios) * (len(scenarios) > 1))
        axes.axvline(0, color=INK, lw=0.8)
        handles: list[Any] = []
        for step, scenario in enumerate(scenarios):
            look = looks[scenario]
            rows = relative[relative["scenario"] == scenario].set_index("kpi")
            offset = (step - (len(scenarios) - 1) / 2) * 0.62 / max(1, len(scenarios))
            for position, name in enumerate(names):
                if name in rows.index:
                    _difference(axes, rows.loc[name], position + offset, look, better.get(name, "none"))
            handles += axes.plot([], [], look["marker"], color=look["color"], ms=5)
        axes.set_yticks(range(len(names)), [tick(language.kpi(name)) for name in names])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(names) - 0.45, -0.55)
        axes.xaxis.set_major_formatter(lambda value, _: language.change(value, full=False) if value else "0")
        axes.locator_params(axis="x", nbins=6)
        said = language.say("chart.differences.axis", base=language.the(base))
        if left:
            names_left = language.listed([language.kpi_inline(kpi) for kpi in left])
            said = language.sentences(said, language.say("chart.differences.left", kpis=names_left))
        note(figure, said)
        axes.grid(axis="x")
        for position in range(len(names)):
            axes.axhline(position + 0.5, color=FAINT, lw=0.5)
        axes.spines["left"].set_visible(False)
        if len(scenarios) > 1:
            legend(figure, handles, [clean(language.scenario(name), 26) for name in scenarios])
    return chart("differences", title, language.say("chart.differences.alt"), figure, relative)


def relates(base: Any, difference: Any) -> Any:
    """Tell whether differences say something in per cent of their base: of one that is well above zero.

    Parameters
    ----------
    base, difference
        Numbers, or columns of them.
    """
    return (base > 0) & ~(abs(difference) > MOST_TIMES * base)


def _difference(axes: Any, row: Any, height: float, look: Mapping[str, Any], side: str) -> None:
    low, high, mean = row["low_percent"], row["high_percent"], row["difference_percent"]
    certain = (low > 0) if side == "higher" else (high < 0) if side == "lower" else (low > 0 or high < 0)
    axes.plot([low, high], [height, height], color=look["color"], lw=1.6)
    axes.plot(
        mean,
        height,
        look["marker"],
        color=look["color"],
        mfc=look["color"] if certain else "white",
        ms=5.5,
    )


def _differences_title(
    relative: pd.DataFrame, scenarios: Sequence[str], language: Language, base: str
) -> str:
    fields: dict[str, object] = {"base": language.the(base)}
    mine = relative[relative["scenario"] == scenarios[0]] if scenarios else relative
    sure = mine[(mine["low"] > 0) | (mine["high"] < 0)]
    if sure.empty:
        return language.say("chart.differences.none", **fields)
    top = sure.iloc[0]
    fields |= {"scenario": language.the(scenarios[0], first=True), "kpi": language.kpi_inline(top["kpi"])}
    fields["difference"] = language.change(top["difference_percent"])
    fields["band"] = language.change_band(top["low_percent"], top["high_percent"])
    if top.get("unit") != "share":
        return language.say("chart.differences.title", **fields)
    points = language.estimate(top["difference"], "share", True)  # per cent of per cents would be misread
    return language.say("chart.differences.points", points=points, **fields)


def funnel(last: pd.DataFrame, language: Language, base: str = BASE) -> Chart:
    """Draw the funnel's rates by scenario, side by side, with their middle 80 %.

    Parameters
    ----------
    last
        Rows scenario, kpi, p10, p50, p90 over futures in the last year, for the funnel's rates.
    language
        Tongue and currency.
    base
        The scenario drawn in grey.
    """
    steps = [name for name in FUNNEL if name in set(last["kpi"])]
    scenarios = ordered(list(last["scenario"].unique()), base)
    looks = scenario_looks(scenarios, base)
    table = last.set_index(["scenario", "kpi"])
    title = _funnel_title(table, steps, scenarios, language, base)
    with style():
        figure, axes = canvas(
            title,
            0.6 + (0.2 + 0.155 * len(scenarios)) * len(steps),
            key=len(scenarios) * (len(scenarios) > 1),
        )
        handles: list[Any] = []
        for place, scenario in enumerate(scenarios):
            look = looks[scenario]
            for position, name in enumerate(steps):
                if (scenario, name) not in table.index:
                    continue
                p10, p50, p90 = table.loc[(scenario, name), ["p10", "p50", "p90"]]
                height = position + (place - (len(scenarios) - 1) / 2) * 0.62 / len(scenarios)
                axes.plot([p10, p90], [height, height], color=look["color"], lw=1.4, alpha=0.7)
                axes.plot(p50, height, look["marker"], color=look["color"], ms=5)
                axes.annotate(
                    language.estimate(p50, "share"),
                    (p90, height),
                    (4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
            handles += axes.plot([], [], look["marker"], color=look["color"], ms=5)
        axes.set_yticks(range(len(steps)), [tick(language.kpi(name)) for name in steps])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(steps) - 0.45, -0.55)
        axes.set_xlim(left=0)
        axes.margins(x=0.12)
        axes.xaxis.set_major_formatter(lambda value, _: language.amount(value, "share"))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        if len(scenarios) > 1:
            legend(figure, handles, [clean(language.scenario(name), 26) for name in scenarios])
    return chart("funnel", title, language.say("chart.funnel.alt"), figure, last)


def _funnel_title(
    table: Any, steps: Sequence[str], scenarios: Sequence[str], language: Language, base: str
) -> str:
    mine = scenarios[0]
    if base in scenarios and mine != base:
        shared = [step for step in steps if (mine, step) in table.index and (base, step) in table.index]
        gains = {step: table.loc[(mine, step), "p50"] - table.loc[(base, step), "p50"] for step in shared}
        if gains:
            step = max(gains, key=lambda name: abs(gains[name]))
            return language.say(
                "chart.funnel.title",
                scenario=language.the(mine, first=True),
                kpi=language.kpi_inline(step),
                before=language.estimate(table.loc[(base, step), "p50"], "share"),
                after=language.estimate(table.loc[(mine, step), "p50"], "share"),
            )
    return language.say("chart.funnel.plain")
