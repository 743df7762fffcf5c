"""The chart of how strongly the fitted market answers, inside what the literature reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from results.charts.style import BLUE, GREY, INK, VERMILLION, Chart, canvas, chart, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

EDGE = 0.6  # how far beyond the literature's range the picture goes, in ranges


def responses(table: pd.DataFrame, language: Language) -> Chart:
    """Draw each answer before and after the fit on the literature's range, from its low to its high end.

    Parameters
    ----------
    table
        Rows of ``fit/response``: lever, channel, low, central, high, before, after, grade, source.
    language
        Tongue and currency.
    """
    table = table.copy()
    width = (table["high"] - table["low"]).where(lambda size: size > 0)
    for name in ("central", "before", "after"):
        table[f"{name}_place"] = (table[name] - table["low"]) / width
    table["inside"] = (table["after"] >= table["low"]) & (table["after"] <= table["high"])
    known = table[table["after"].notna()]
    title = language.say("chart.response.title", n=int(known["inside"].sum()), all=len(known))
    with style():
        figure, axes = canvas(title, 0.5 + 0.42 * max(2, len(table)))
        axes.axvspan(0, 1, color=GREY, alpha=0.13, lw=0)
        for row, line in enumerate(table.to_dict("records")):
            before, after = (min(max(line[f"{name}_place"], -EDGE), 1 + EDGE) for name in ("before", "after"))
            axes.plot([line["central_place"]] * 2, [row - 0.3, row + 0.3], color=GREY, lw=1.5)
            axes.plot([before, after], [row, row], color=GREY, lw=1.0)
            axes.plot(before, row, "o", mfc="white", mec=GREY, ms=6)
            good = bool(line["inside"])
            axes.plot(after, row, "o" if good else "X", color=BLUE if good else VERMILLION, ms=7)
            axes.annotate(
                f"{language.number(line['before'])} → {language.number(line['after'])}", (1.02, row),
                xycoords=("axes fraction", "data"), va="center", fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
        labels = [lever(line, language) for line in table.to_dict("records")]
        axes.set_yticks(range(len(table)), labels)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_xlim(-EDGE - 0.05, 1 + EDGE + 0.05)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_xticks([0, 1], [language.say("chart.response.low"), language.say("chart.response.high")])
        axes.spines["left"].set_visible(False)
        note(figure, language.say("chart.response.note"))
    return chart("response", title, language.say("chart.response.alt", title=title), figure, table)


def lever(line: Mapping[str, Any], language: Language) -> str:
    """Return what is changed, and where, in words."""
    name, place = clean(language.translated(line["lever"]), 30), str(line["channel"])
    name = name[:1].upper() + name[1:]
    return name if place == "all" else f"{name}\n{clean(language.spelt(place), 24).lower()}"
