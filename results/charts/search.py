"""Charts of a search: what was tried, what is best, what it would change in the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results.charts.style import BLUE, GREY, INK, VERMILLION, Chart, canvas, chart, note, style
from results.language import Language, better_sides, clean

if TYPE_CHECKING:
    import pandas as pd


def budget(before: Mapping[str, float], after: Mapping[str, float], language: Language) -> Chart | None:
    """Draw shares of the budget before and after as dumbbells; ``None`` when no path is a share in both.

    Parameters
    ----------
    before, after
        Values by dotted path (``budget.year_1.split.marketing``); only numbers from 0 to 1 are drawn.
    language
        Tongue and currency.
    """
    import pandas as pd

    rows = [
        (path, float(before[path]), float(value))
        for path, value in after.items()
        if path in before and _is_share(value) and _is_share(before[path])
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["path", "before", "after"])
    table["change"] = table["after"] - table["before"]
    largest = table.loc[table["change"].abs().idxmax()]
    title = language.say(
        "chart.budget.title",
        part=short_path(largest["path"], language),
        before=language.amount(largest["before"], "share"),
        after=language.amount(largest["after"], "share"),
    )
    with style():
        figure, axes = canvas(title, 0.55 + 0.32 * len(table))
        for row, line in table.iterrows():
            axes.annotate(
                "", (line["after"], row), (line["before"], row),
                arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.8, "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
            axes.plot(line["before"], row, "o", ms=6, mfc="white", mec=GREY)
            text = " → ".join(language.amount(line[when], "share") for when in ("before", "after"))
            axes.annotate(
                text,
                (1.02, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=9,
                annotation_clip=False,
            )
        axes.set_yticks(range(len(table)), [short_path(path, language) for path in table["path"]])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(table) - 0.5, -0.5)
        top = float(table[["before", "after"]].max().max())
        axes.set_xlim(0, 1.06 * top)
        axes.xaxis.set_major_formatter(lambda value, _: language.amount(value, "share"))
        note(figure, language.say("chart.budget.axis"))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
    return chart("budget", title, language.say("chart.budget.alt"), figure, table)


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def short_path(path: str, language: Language) -> str:
    """Return a plan path in words: the year and the last part of a split, else the last two parts."""
    parts = [part for part in str(path).split(".") if part not in {"budget", "split", "policies"}]
    last = parts[-2:]
    named = [
        language.source(part) if "media" in last[:at] else language.spelt(part)
        for at, part in enumerate(last)
    ]
    return clean(" · ".join(named), 40)


def trials(
    table: pd.DataFrame,
    objectives: Sequence[str],
    language: Language,
    best: Mapping[str, float] | None = None,
) -> Chart:
    """Draw the trials: two objectives against each other, or one objective as the best so far.

    Parameters
    ----------
    table
        One row per trial: trial, state, feasible, one column per objective (larger is better, except
        for indicators of which less is).
    objectives
        One or two columns.
    language
        Tongue and currency.
    best
        The chosen trial's objectives, marked.
    """
    done = table[table[list(objectives)].notna().all(axis=1)].sort_values("trial")
    feasible = done["feasible"].astype(bool) if "feasible" in done else done["trial"].notna()
    title = language.say("chart.trials.title", n=len(done), feasible=int(feasible.sum()))
    with style():
        figure, axes = canvas(title, 2.9)
        x = "trial" if len(objectives) == 1 else objectives[0]
        y = objectives[-1]
        bad, good = done[~feasible], done[feasible]
        axes.plot(bad[x], bad[y], "x", ms=5, color=VERMILLION, alpha=0.8)
        axes.plot(good[x], good[y], "o", ms=5, color=BLUE, alpha=0.55, mew=0)
        front = _front(good, objectives)
        axes.plot(
            front[x], front[y], color=BLUE, lw=1.4, drawstyle="steps-post" if x == "trial" else "default"
        )
        if best is not None and all(name in best for name in objectives):
            place = (best[x] if x != "trial" else float(done["trial"].max()), best[y])
            axes.plot(*place, "*", ms=15, color=INK, mec="white", zorder=5, clip_on=False)
            axes.annotate(
                language.say("chart.trials.best"),
                place,
                (-9, 7),
                textcoords="offset points",
                ha="right",
                fontsize=9,
                bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.8},
            )
        axes.set_xlabel(objective(x, language), loc="left")
        note(figure, language.say("chart.trials.key"))
        axes.set_ylabel(objective(y, language))
        for name, axis in ((x, axes.xaxis), (y, axes.yaxis)):
            if name.startswith("odds_"):
                axis.set_major_formatter(
                    lambda value, _: language.amount(value, "share") if 0 <= value <= 1 else ""
                )
        axes.grid()
        axes.margins(0.08)
    return chart("search-trials", title, language.say("chart.trials.alt"), figure, table)


def objective(name: str, language: Language) -> str:
    """Return what an objective counts, in words."""
    if name == "trial":
        return language.say("chart.trials.number")
    if name.startswith("cvar("):
        return language.say("objective.cvar", kpi=objective(_inner(name), language))
    key, _, channel = name.partition(".")
    if channel:
        where = language.say("objective.stores") if channel == "stores" else language.spelt(channel)
        return language.say("objective.channel", kpi=language.kpi(key), channel=where)
    if language.has(f"objective.{name}"):
        return language.say(f"objective.{name}")
    return language.kpi(name)


def unit_of(name: str) -> str:
    """Return the unit of a measure: a share for odds and nearness, money for the budget."""
    from results.language import units

    inner = _inner(name)
    return "share" if is_odds(inner) else "currency" if inner == "budget" else units(inner.partition(".")[0])


def is_odds(name: str) -> bool:
    """Tell whether a measure is odds, or the nearness to targets that stands for them."""
    return name.startswith(("odds_", "nearness_"))


def _inner(name: str) -> str:
    return name.removeprefix("cvar(").removesuffix(")") if name.startswith("cvar(") else name


def _front(good: pd.DataFrame, objectives: Sequence[str]) -> pd.DataFrame:
    """Return the best so far (one objective) or the trials no other beats in both (two)."""
    signs = [-1.0 if better_sides().get(name) == "lower" else 1.0 for name in objectives]
    if len(objectives) == 1:
        return good.assign(**{objectives[0]: signs[0] * (signs[0] * good[objectives[0]]).cummax()})
    values = good[list(objectives)].to_numpy(dtype=float) * signs
    beaten = [bool(((values >= mine).all(axis=1) & (values > mine).any(axis=1)).any()) for mine in values]
    return good[~np.array(beaten, dtype=bool)].sort_values(list(objectives))
