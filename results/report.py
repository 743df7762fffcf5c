"""One page for people: what was asked, the odds, what to do, and how far to trust it.

`report.html` stands alone: its charts are inline SVG, it holds no script and asks the network for
nothing. It is written into the run's own folder beside ``charts/``, in one step.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from results.charts import Chart
from results.charts.style import writes_chinese
from results.language import Language
from results.pages import Cell, Figures, Material, Section
from results.sections import answer, method
from results.sections.experiments import evaluations
from results.sections.levers import levers
from results.sections.money import money
from results.sections.operations import operations
from results.sections.outlook import outlook
from results.sections.people import people
from results.sections.plan import mixture, over_time, side_by_side
from results.sections.risks import risks
from results.sections.scorecard import scorecards
from results.sections.searched import searched
from results.sections.sweeps import swept
from results.sections.track import tracked
from results.sections.trust import backtest, fitted, open_questions
from results.store import amend, open_run

TEMPLATES = Path(__file__).parent / "templates"


def write_report(run_path: Path | str, lang: str = "en", pictures: bool = False) -> Path:
    """Write ``report.html`` and ``charts/`` into a finished run, from whatever tables it holds.

    Parameters
    ----------
    run_path
        The run's folder or name.
    lang
        ``"en"`` or ``"zh"``.
    pictures
        Whether ``charts/`` holds PNGs for slides beside SVGs and CSVs: they take as long as all the rest.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    BadInput
        If it is not a finished run, or cannot be written.
    """
    run = open_run(run_path)
    if pictures and lang == "zh" and not writes_chinese():
        print(Language(lang).say("charts.no_glyphs"), file=sys.stderr)
    with amend(run.path) as folder:
        page, charts = compose(Material(run, lang))
        for chart in charts:
            chart.save(folder.folder("charts"), pictures)
        folder.text("report.html", page)
    return run.path / "report.html"


def figures(material: Material) -> Iterator[Chart]:
    """Yield the charts of a report in its order, each section's made when it is come to."""
    for maker in MAKERS:
        section = maker(material)
        for block in section.blocks if section is not None else ():
            if isinstance(block, Figures):
                yield from block.charts


def compose(material: Material) -> tuple[str, list[Chart]]:
    """Return the page and the charts in it."""
    sections = [section for maker in MAKERS if (section := maker(material)) is not None]
    sections.append(method.section(material))
    charts = [
        chart
        for section in sections
        for block in section.blocks
        if isinstance(block, Figures)
        for chart in block.charts
    ]
    return render(material, sections), charts


# What makes each section, in the report's order; those a run has nothing for make none.
MAKERS: tuple[Callable[[Material], Section | None], ...] = (
    answer.section,
    tracked,
    levers,
    side_by_side,
    over_time,
    mixture,
    people,
    operations,
    money,
    scorecards,
    risks,
    searched,
    swept,
    outlook,
    fitted,
    backtest,
    evaluations,
    open_questions,
)


def render(material: Material, sections: list[Section]) -> str:
    """Return the page; every text is escaped, the charts' SVG being the only markup let through."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["svg"] = lambda chart: Markup(chart.part())
    environment.filters["dots"] = _dots
    environment.filters["cell"] = lambda cell: Cell(cell) if isinstance(cell, str) else cell
    environment.filters["breaks"] = _breaks
    environment.filters["odds"] = material.language.odds
    return environment.get_template("report.html.j2").render(
        sections=sections,
        head=method.head(material),
        lang={"zh": "zh-CN"}.get(material.language.lang, "en"),
        say=material.language.say,
        css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
    )


def _breaks(text: str) -> Any:
    """Return small print that may be broken behind a range's first end where no blank tells so."""
    from markupsafe import Markup, escape

    return Markup("至<wbr>").join(escape(part) for part in text.split("至"))


def _dots(share: float) -> list[dict[str, Any]]:
    """Return a hundred dots, ten a row, as many of them full as futures succeed."""
    full = round(100 * share) if math.isfinite(share) else 0
    return [{"x": 5 + 10 * (i % 10), "y": 5 + 10 * (i // 10), "full": i < full} for i in range(100)]
