"""The chart of levers by indicators: how far each moves each, readable in grey."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from results.charts.lettering import tick
from results.charts.style import FAINT, INK, Chart, canvas, chart, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

FULL = 0.20  # relative effect that is drawn darkest
DARK = 0.42  # blackness at which text turns white


def levers(table: pd.DataFrame, language: Language, names: Sequence[str], kpis: Sequence[str]) -> Chart:
    """Draw levers by indicators: a darker cell moves more; its text says how far, in per cent, and which way.

    Parameters
    ----------
    table
        Rows of ``levers``, of the whole retailer: lever, kpi, relative, sure.
    language
        Tongue and currency.
    names, kpis
        Levers from above, indicators from the left.
    """
    cells = table[table["lever"].isin(names) & table["kpi"].isin(kpis)].set_index(["lever", "kpi"])
    title = _title(cells, language)
    with style():
        figure, axes = canvas(title, 1.35 + 0.2 * max(1, len(names)))
        for row, name in enumerate(names):
            for column, kpi in enumerate(kpis):
                if (name, kpi) in cells.index:
                    _cell(axes, row, column, cells.loc[(name, kpi)])
        axes.set_xlim(-0.5, len(kpis) - 0.5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), [clean(name, 27) for name in names], fontsize=7)
        labels = [tick(language.kpi(kpi), 20) for kpi in kpis]
        axes.set_xticks(
            range(len(kpis)), labels, rotation=60, ha="left", rotation_mode="anchor", fontsize=7.5
        )
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        for side in axes.spines.values():
            side.set_visible(False)
        note(figure, language.say("chart.levers.note"))
    return chart("levers", title, language.say("chart.levers.alt"), figure, cells.reset_index())


def _cell(axes: Any, row: int, column: int, found: Any) -> None:
    from matplotlib.patches import Rectangle

    relative = float(found["relative"])
    sure = bool(found["sure"]) and math.isfinite(relative)
    shade = math.sqrt(min(abs(relative) / FULL, 1.0)) if sure else 0.0
    grey = str(round(1.0 - 0.85 * shade, 3))
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=grey, edgecolor=FAINT, lw=0.5))
    if sure:
        percent = 100 * relative
        sign = "+" if percent > 0 else "−"
        size = abs(percent)
        text = f"{sign}{size:.0f}" if size >= 9.5 else f"{sign}{size:.1f}" if size >= 0.05 else f"{sign}<.1"
        color = "white" if 0.85 * shade > DARK else INK
        axes.text(column, row, text, ha="center", va="center", fontsize=6.8, color=color)


def _title(cells: pd.DataFrame, language: Language) -> str:
    sure = cells[cells["sure"] & cells["relative"].notna()]
    if sure.empty:
        return language.say("chart.levers.none")
    name, kpi = sure["relative"].abs().idxmax()
    moved = language.change(float(sure.loc[(name, kpi), "relative"]))
    return language.say(
        "chart.levers.title", lever=clean(name, 40), kpi=language.kpi_inline(kpi), change=moved
    )
