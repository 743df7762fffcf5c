"""One look for all charts: colours that colour-blind eyes tell apart, sentences as titles, safe SVG."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import itertools
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.charts.lettering import wrap
from results.charts.part import HEADING, as_page_part
from results.files import replacing, slug, to_csv
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito (2008), Color Universal Design; yellow is left out, too faint on white.
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
)
INK, GREY, FAINT = "#1f2430", "#767b85", "#d9dce1"
SERIES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
LINES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (5, 1.2, 1.2, 1.2)), (0, (8, 2)), (0, (2, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "///", "||", "\\\\\\", "xx", "--")
WIDTH = 5.2  # inches; at 72 units an inch, text of 9 units stays legible on a phone
LATIN = "DejaVu Sans"
CHINESE = (  # fonts with simplified Chinese glyphs, open ones first
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "Noto Sans CJK JP"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "AR PL UMing CN", "Droid Sans Fallback"),
    *("Microsoft YaHei", "PingFang SC", "Heiti SC", "Hiragino Sans GB", "SimHei", "Noto Serif CJK SC"),
)
EXTRA_FONT = "NotoSansCJKsc-Regular.otf"  # of mplfonts, the extra `cjk`
KEY, ABREAST = 0.24, 4  # inches of a legend's line, and how many series it names
FAST = {"compress_level": 1}  # a tenth more bytes for a third of the time
BASE = "status_quo"


@dataclass(frozen=True)
class Chart:
    """A figure with what it says, what it shows, and its numbers.

    Parameters
    ----------
    name
        File name without suffix.
    title
        The finding, one sentence.
    alt
        What a reader who cannot see it needs to know.
    figure
        Matplotlib figure.
    table
        The numbers drawn.
    """

    name: str
    title: str
    alt: str
    figure: Figure
    table: pd.DataFrame

    @cached_property
    def svg(self) -> str:
        """Deterministic SVG with real text."""
        buffer = io.BytesIO()
        with style(self.name):
            _lay_out(self.figure)
            self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return buffer.getvalue().decode()

    def part(self) -> str:
        """Return the SVG to stand in a page: no title, identifiers of its own, size set by the page."""
        return as_page_part(self.svg, self.name, self.title, self.alt)

    def save(self, folder: Path, pictures: bool = False) -> None:
        """Write ``<name>.svg`` and ``<name>.csv``; with ``pictures`` also ``<name>.png`` for slides."""
        with replacing(folder / f"{self.name}.svg", sync=False) as path:
            path.write_text(self.svg, encoding="utf-8")
        to_csv(self.table, folder / f"{self.name}.csv", sync=False)
        if pictures:
            _lay_out(self.figure)
            with replacing(folder / f"{self.name}.png", sync=False) as path, style(self.name):
                self.figure.savefig(path, format="png", dpi=180, metadata={"Software": None}, pil_kwargs=FAST)


def _lay_out(figure: Figure) -> None:
    """Place the axes for good: each format is then drawn once, and nothing is drawn to measure by."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0.0, 0.0)  # or each draw measures all ticks to place an empty label
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)


@contextlib.contextmanager
def style(salt: str = "omolab") -> Iterator[None]:
    """Set the look for figures made and saved inside; nothing outside is touched."""
    import matplotlib as mpl

    with (
        warnings.catch_warnings(),
        mpl.rc_context(
            {
                "axes.axisbelow": True,
                "axes.edgecolor": GREY,
                "axes.grid": False,
                "axes.labelcolor": GREY,
                "axes.labelsize": 9,
                "axes.spines.right": False,
                "axes.spines.top": False,
                "axes.unicode_minus": True,
                "figure.facecolor": "white",
                "font.family": list(_fonts()),
                "font.size": 9.5,
                "grid.color": FAINT,
                "grid.linewidth": 0.6,
                "hatch.linewidth": 0.5,
                "svg.fonttype": "none",
                "svg.hashsalt": salt,
                "text.color": INK,
                "text.parse_math": False,  # a dollar sign in a name is a dollar sign
                "xtick.color": GREY,
                "ytick.color": GREY,
                "xtick.labelsize": 9,
                "ytick.labelsize": 9,
            }
        ),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # said once by the report
        yield


@cache
def _fonts() -> tuple[str, ...]:
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    if not known & set(CHINESE) and (path := _extra_font()) is not None:
        font_manager.fontManager.addfont(str(path))
        known = set(font_manager.get_font_names())
    return tuple(name for name in (LATIN, *CHINESE) if name in known) or ("sans-serif",)


def _extra_font() -> Path | None:
    """Return the font that the extra `cjk` installs, without importing what it comes with."""
    found = importlib.util.find_spec("mplfonts")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "fonts" / EXTRA_FONT
    return path if path.is_file() else None


def writes_chinese() -> bool:
    """Tell whether a font with Chinese glyphs is there to draw pictures with; pages use the browser's."""
    return any(name in CHINESE for name in _fonts())


def canvas(
    title: str, height: float, columns: int = 1, rows: int = 1, key: int = 0, **options: Any
) -> tuple[Figure, Any]:
    """Return a figure headed by its finding, and its axes.

    Parameters
    ----------
    title
        The sentence; wrapped by display width.
    height
        Inches left for the axes.
    columns, rows
        Grid of axes.
    key
        How many series `legend` is left room for.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from results.charts.picture import Picture

    lines = wrap(title, 61)
    keys = KEY * -(-key // ABREAST)
    head = 0.17 * len(lines) + 0.16 + keys
    whole = height + head
    room = ConstrainedLayoutEngine(rect=(0, 0, 1, 1 - head / whole), w_pad=0.04, h_pad=0.04)
    figure = Picture(figsize=(WIDTH, whole), layout=room)
    axes = figure.subplots(rows, columns, **options)
    heading: dict[str, Any] = {"va": "top", "fontsize": 10, "fontweight": "bold", "linespacing": 1.25}
    figure.text(0.012, 1 - 0.06 / whole, "\n".join(lines), gid=f"{HEADING}{head - keys:.3f}", **heading)
    return figure, axes


def darker(colour: str) -> str:
    """Return a colour dark enough for small text on white."""
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * 0.62):02x}" for i in (1, 3, 5))


def scenario_looks(scenarios: Sequence[str], base: str = BASE) -> dict[str, dict[str, Any]]:
    """Return colour, line and marker by scenario: the base grey, the rest in order."""
    looks: dict[str, dict[str, Any]] = {}
    number = 0
    for name in scenarios:
        if name == base:
            looks[name] = {"color": GREY, "linestyle": (0, (4, 2)), "marker": "d"}
        else:
            looks[name] = {
                "color": SERIES[number % 6],
                "linestyle": LINES[number % 6],
                "marker": MARKERS[number % 6],
            }
            number += 1
    return looks


def ordered(scenarios: Sequence[str], base: str = BASE) -> list[str]:
    """Return scenarios as they are told: advice and plan first, then the base and what is done today."""
    names = [str(name) for name in scenarios]
    rank = {base: 1, "advice": -2, "plan": -1 if base != "plan" else 1, BASE: 2}
    return sorted(names, key=lambda name: (rank.get(name, 0), names.index(name)))


def amounts(axis: Any, unit: str, language: Language) -> None:
    """Write an axis' ticks in the unit."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: language.amount(value, unit)))


def months(axes: Axes, language: Language, most: int = 6) -> None:
    """Write at most ``most`` dates under an axis of months: years in full, other months short."""
    from matplotlib import dates

    of: Any = dates
    low, high = (of.num2date(limit) for limit in axes.get_xlim())
    first, last = low.year * 12 + low.month - 1, high.year * 12 + high.month - 1
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if (last - first) / step <= most), 120)
    ticks, labels = [], []
    for month in range(-(-first // step) * step, last + 1, step):
        number = of.date2num(datetime(month // 12, month % 12 + 1, 1))
        if of.date2num(low) - 3 <= number <= of.date2num(high) + 3:
            ticks.append(number)
            year = step >= 12 or month % 12 == 0
            labels.append(str(month // 12) if year else language.short_month(month % 12 + 1))
    if len(ticks) < 2:
        ticks = [of.date2num(low), of.date2num(high)]
        labels = [low.date().isoformat(), high.date().isoformat()]
    axes.set_xticks(ticks, labels)


def note(figure: Figure, text: str) -> None:
    """Write how to read the chart under it."""
    lines = "\n".join(wrap(text, 78))
    figure.supxlabel(lines, x=0.012, ha="left", fontsize=8.5, color=GREY, linespacing=1.25)


def legend(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Name several series under the title, in order, where they cannot be named in place."""
    engine: Any = figure.get_layout_engine()
    lines = -(-len(labels) // ABREAST)
    top = engine.get()["rect"][3] + lines * KEY / figure.get_figheight()
    columns = min(ABREAST, len(labels))
    # Matplotlib fills column by column, people read line by line.
    places = [place for column in range(columns) for place in range(column, len(labels), columns)]
    made = figure.legend(
        [handles[place] for place in places], [labels[place] for place in places],
        loc="upper left", bbox_to_anchor=(0.0, top), ncols=columns,
        frameon=False, fontsize=9, handletextpad=0.2, columnspacing=1.4, borderaxespad=0.2,
    )  # fmt: skip
    made.set_in_layout(False)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are ``gap`` apart, order and centre kept, inside the limits."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    gap = min(gap, (high - low) / max(1, len(places)))
    moved = [min(max(places[i], low), high) for i in order]
    for _ in range(100):
        for left in range(len(moved) - 1):
            lack = gap - (moved[left + 1] - moved[left])
            if lack > 1e-12:
                moved[left] -= lack / 2
                moved[left + 1] += lack / 2
        shift = max(low - moved[0], 0) or min(high - moved[-1], 0) if moved else 0
        moved = [place + shift for place in moved]
        if all(b - a >= gap * 0.999 for a, b in itertools.pairwise(moved)):
            break
    result = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        result[i] = place
    return result


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], x: Any, gap: float = 0.085) -> None:
    """Write each series' name at its right end, in its colour, none upon another.

    Parameters
    ----------
    axes
        Axes whose limits are final.
    ends
        (height, text, colour) by series.
    x
        Where the series end.
    gap
        Least distance, as a share of the axes' height.
    """
    low, high = axes.get_ylim()
    known = [end for end in ends if math.isfinite(end[0])]
    heights = spread([end[0] for end in known], gap * (high - low), low, high)
    for height, (place, text, colour) in zip(heights, known, strict=True):
        axes.annotate(
            text,
            (x, place),
            xytext=(1.015, (height - low) / (high - low)),
            textcoords="axes fraction",
            color=darker(colour),
            fontsize=9,
            va="center",
            annotation_clip=False,
        )


def chart(name: str, title: str, alt: str, figure: Figure, table: pd.DataFrame) -> Chart:
    """Return a chart under a file-safe name."""
    return Chart(slug(name, 60), clean(title), clean(alt), figure, table)
