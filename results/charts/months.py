"""Charts over months: fans of indicators with their targets, and shares of a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results.charts.style import (
    BASE,
    FAINT,
    GREY,
    HATCHES,
    INK,
    SERIES,
    Chart,
    amounts,
    canvas,
    chart,
    darker,
    label_ends,
    months,
    ordered,
    scenario_looks,
    spread,
    style,
)
from results.language import SPACE, Language, clean

if TYPE_CHECKING:
    import pandas as pd

OTHER = "other"
YEAR_DAYS = 360
FEW = 6  # trailing years drawn as a line need at least this many points


def fan(
    kpis: pd.DataFrame,
    kpi: str,
    language: Language,
    target: Mapping[str, Any] | None = None,
    base: str = BASE,
    scenarios: Sequence[str] | None = None,
) -> Chart:
    """Draw an indicator over months: medians as lines, 8 of 10 futures as bands, the target as a mark.

    Parameters
    ----------
    kpis
        Indicators; channel ``all`` is drawn, trailing years where there are enough of them, else months.
    kpi
        The indicator.
    language
        Tongue and currency.
    target
        Its row for the first scenario drawn (`results.targets.attainment`), if it has one.
    base
        The scenario drawn in grey.
    scenarios
        Those drawn, at most four; default: the plan, the base and the next two.
    """
    rows = kpis[(kpis["kpi"] == kpi) & (kpis["channel"] == "all")]
    chosen = [
        name for name in scenarios or some(rows["scenario"].unique(), base) if name in set(rows["scenario"])
    ]
    table, trailing = quantiles(rows[rows["scenario"].isin(chosen)])
    unit = str(rows["unit"].iloc[0])
    lead = chosen[0]
    title = _fan_title(table, kpi, unit, lead, target, language)
    looks = scenario_looks(chosen, base)
    with style():
        figure, axes = canvas(title, 2.7)
        ends = []
        for name in reversed(chosen):
            line, look = table[table["scenario"] == name], looks[name]
            if name in (lead, base) or len(chosen) == 2:
                hatch = "////" if name == base else None
                axes.fill_between(
                    line["period_end"], line["p10"], line["p90"],
                    facecolor="none" if hatch else look["color"], edgecolor="#b9bdc5" if hatch else "none",
                    alpha=0.9 if hatch else 0.22, hatch=hatch, lw=0,
                )  # fmt: skip
            axes.plot(line["period_end"], line["p50"], color=look["color"], ls=look["linestyle"], lw=1.8)
            ends.append((float(line["p50"].iloc[-1]), clean(language.scenario(name), 18), look["color"]))
        axes.margins(x=0.01)
        if target is not None and np.isfinite(target["target"]):
            _mark(axes, target, unit, language)
        amounts(axes.yaxis, unit, language)
        months(axes, language)
        axes.grid(axis="y")
        label_ends(axes, ends, table["period_end"].max())
        axes.set_ylabel(language.say("chart.trailing" if trailing else "chart.monthly"))
    return chart(f"fan-{kpi}", title, language.say("chart.fan.alt", title=title), figure, table)


def some(scenarios: Sequence[str], base: str) -> list[str]:
    """Return at most four scenarios: the leading three and the base."""
    names = ordered(scenarios, base)
    return names if len(names) <= 4 else [*[name for name in names if name != base][:3], base]


def quantiles(rows: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Return p10, p50, p90 over futures by scenario and period end, and whether periods are years."""
    import pandas as pd

    ends, starts = pd.to_datetime(rows["period_end"]), pd.to_datetime(rows["period_start"])
    years = (ends - starts).dt.days >= YEAR_DAYS
    trailing = ends[years].nunique() >= FEW
    if years.any() and not years.all():
        keep = years if trailing else ~years
        rows, ends = rows[keep], ends[keep]
    table = (
        rows.assign(period_end=ends)
        .groupby(["scenario", "period_end"], sort=True, observed=True)["value"]
        .quantile([0.1, 0.5, 0.9])
        .unstack()
        .set_axis(["p10", "p50", "p90"], axis=1)
        .reset_index()
    )
    return table, bool(trailing)


def _mark(axes: Any, target: Mapping[str, Any], unit: str, language: Language) -> None:
    import pandas as pd
    from matplotlib import dates

    number: Any = dates.date2num
    level, day = float(target["target"]), pd.Timestamp(target["date"])
    low, high = axes.get_xlim()
    axes.axhline(level, color=INK, lw=0.8, ls=(0, (1, 2)))
    below = level > sum(axes.get_ylim()) / 2  # the lines start far from a high target and near a low one
    place = min(max(float(number(day)), low), high)
    axes.plot(place, level, marker="*", ms=11, color=INK, mec="white", clip_on=False, zorder=5)
    sign = "≤" if target.get("better") == "lower" else "≥"
    axes.annotate(
        language.say("chart.target", value=f"{sign}{SPACE}{language.amount(level, unit)}"),
        (low, level), (5, -4 if below else 4), textcoords="offset points", va="top" if below else "bottom",
        fontsize=9, color=INK,
        bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _fan_title(
    table: pd.DataFrame, kpi: str, unit: str, lead: str, target: Mapping[str, Any] | None, language: Language
) -> str:
    last = _when_due(table[table["scenario"] == lead], target)
    fields: dict[str, object] = {
        "scenario": language.the(lead, first=True),
        "kpi": language.kpi_inline(kpi),
    }
    fields |= {
        "p50": language.estimate(last["p50"], unit),
        "band": language.band(last["p10"], last["p90"], unit),
    }
    fields["month"] = language.month(last["period_end"])
    if target is None or not np.isfinite(target["odds"]):
        return language.say("chart.fan.plain", **fields)
    sign = "≤" if target.get("better") == "lower" else "≥"
    fields |= {
        "target": f"{sign}{SPACE}{language.amount(target['target'], unit)}",
        "odds": language.odds(target["odds"]),
    }
    return language.say("chart.fan.title", **fields)


def _when_due(line: pd.DataFrame, target: Mapping[str, Any] | None) -> pd.Series:
    """Return the period that a target is measured in, the last one where there is no target."""
    import pandas as pd

    if target is not None and np.isfinite(target["odds"]):
        due = line[line["period_end"] <= pd.Timestamp(target["date"]) + pd.Timedelta(days=1)]
        line = line if due.empty else due
    return line.iloc[-1]


def mix(
    parts: pd.DataFrame, language: Language, name: str, whole: str, base: str = BASE, label: str = "spelt"
) -> Chart:
    """Draw shares of a whole over months, a panel per scenario.

    Parameters
    ----------
    parts
        Columns scenario, period_end, part, value: the mean over futures of each part, in any unit.
    language
        Tongue and currency.
    name
        The chart's name.
    whole
        What the parts make up, in words.
    base
        The scenario told last.
    label
        Which of the language's methods names a part (``spelt`` or ``kpi``).
    """
    scenarios = some(list(parts["scenario"].unique()), base)
    wide = parts.pivot_table(index=["scenario", "period_end"], columns="part", values="value", aggfunc="mean")
    order = list(wide.mean().sort_values(ascending=False).index)
    order.sort(key=lambda part: part == OTHER)
    shares = wide[order].div(wide.sum(axis=1), axis=0).fillna(0.0)
    says = getattr(language, label)
    title = _mix_title(shares, scenarios[0], order, whole, says, language)
    with style():
        columns = min(2, len(scenarios))
        rows = -(-len(scenarios) // columns)
        figure, grid = canvas(
            title, 0.2 + 1.95 * rows, columns, rows, sharex=True, sharey=True, squeeze=False
        )
        panels = list(grid.ravel())
        for axes in panels[len(scenarios) :]:
            axes.set_visible(False)
        for scenario, axes in zip(scenarios, panels, strict=False):
            _stack(axes, shares.loc[scenario], order, says)
            axes.set_title(clean(language.scenario(scenario), 32), fontsize=9, loc="left", color=INK)
            axes.yaxis.set_major_formatter(lambda value, _: language.amount(value, "share"))
            months(axes, language, 4)
    return chart(name, title, language.say("chart.mix.alt", whole=whole), figure, shares.reset_index())


def _stack(axes: Any, shares: pd.DataFrame, order: Sequence[Any], says: Any) -> None:
    bottom = np.zeros(len(shares))
    centres = []
    for number, part in enumerate(order):
        top = bottom + shares[part].to_numpy()
        colour = GREY if part == OTHER else SERIES[number % 6]
        axes.fill_between(
            shares.index, bottom, top, facecolor=colour, alpha=0.75, edgecolor="white",
            hatch=HATCHES[number % 6] or None, lw=0.8,
        )  # fmt: skip
        centres.append((bottom[-1] + top[-1]) / 2)
        bottom = top
    axes.set_ylim(0, 1)
    axes.set_xlim(shares.index.min(), shares.index.max())
    for place, number in zip(spread(centres, 0.11, 0.03, 0.97), range(len(order)), strict=True):
        text = f"{clean(says(order[number]), 14)} {100 * shares[order[number]].iloc[-1]:.0f}"
        axes.annotate(
            text, (1.02, place), xycoords="axes fraction", va="center", fontsize=8.5,
            color=INK if order[number] == OTHER else darker(SERIES[number % 6]), annotation_clip=False,
        )  # fmt: skip
    axes.tick_params(color=FAINT)


def _mix_title(
    shares: pd.DataFrame, scenario: str, order: Sequence[Any], whole: str, says: Any, language: Language
) -> str:
    mine = shares.loc[scenario]
    moves = (mine.iloc[-1] - mine.iloc[0]).abs()
    part = moves.idxmax() if len(moves) else order[0]
    return language.say(
        "chart.mix.title",
        scenario=language.the(scenario, first=True),
        part=clean(says(part), 40),
        whole=whole,
        before=language.estimate(mine[part].iloc[0], "share"),
        after=language.estimate(mine[part].iloc[-1], "share"),
        month=language.month(mine.index[-1]),
    )
