"""Stored runs: listed, their reports opened, some of them compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as v
import solara

from omolab.dashboard import tables
from omolab.dashboard.room import MOST_RUNS
from omolab.dashboard.shown import heading, text
from omolab.dashboard.works import report_link
from results.language import Language, clean
from results.problems import BadInput

if TYPE_CHECKING:
    from omolab.dashboard.room import Room
    from results.store import Run


@solara.component
def Stored(room: Room, words: Language, done: int) -> None:
    """List the finished runs, anew when one more is ``done``; compare those chosen."""
    runs = solara.use_memo(room.stored, [done])
    chosen, choose = solara.use_state(tuple[str, ...]())
    asked, ask = solara.use_state(tuple[str, ...]())

    def compared(cancel: Any) -> str:
        return comparison(room, asked, words) if asked else ""

    found: Any = solara.use_thread(compared, dependencies=[asked], intrusive_cancel=False)
    heading(words.say("dash.runs"))
    folder = clean(room.results, 200)
    if not runs:
        text(words.say("dash.no_runs", folder=folder), "small")
        return
    text(words.say("dash.results", folder=folder), "small")
    for run in runs[:MOST_RUNS]:
        _run(run, words, chosen, choose).key(run.name)
    if len(runs) > MOST_RUNS:
        text(words.say("dash.older", n=len(runs) - MOST_RUNS), "small")
    text(words.say("dash.compare_few"), "small")
    solara.Button(words.say("dash.compare"), outlined=True, disabled=not chosen, on_click=lambda: ask(chosen))
    with solara.Div(classes=["omo-compared"]):
        if found.error is not None:
            bad = isinstance(found.error, BadInput)
            why = "; ".join(map(str, found.error.problems)) if bad else repr(found.error)
            text(words.say("dash.failed", why=clean(why, 300)), "mind")
        elif asked and found.value is None:
            text(words.say("dash.comparing"), "small")
        elif asked and found.value:
            solara.HTML(tag="div", classes=["omo-box"], unsafe_innerHTML=found.value)


@solara.component
def _run(
    run: Run,
    words: Language,
    chosen: tuple[str, ...],
    choose: Callable[[Callable[[tuple[str, ...]], tuple[str, ...]]], None],
) -> None:
    """Show one run: chosen or not, its report."""
    day = str(run.manifest.get("started", ""))[:16].replace("T", " ")
    name = clean(run.name, tables.LONGEST)
    label = words.say("dash.run", name=name, verb=clean(run.manifest.get("verb", ""), 20), day=clean(day, 20))

    def turn(on: bool) -> None:
        def turned(before: tuple[str, ...]) -> tuple[str, ...]:
            others = tuple(other for other in before if other != run.name)
            return (*others, run.name) if on else others

        choose(turned)

    with solara.Div(classes=["omo-row"]):
        if run.has("kpis"):
            v.Checkbox(v_model=run.name in chosen, on_v_model=turn, label=label, hide_details=True)
        else:
            text(label)
        if (run.path / "report.html").is_file():
            solara.HTML(tag="div", unsafe_innerHTML=report_link(run.name, words))
        else:
            text(words.say("dash.no_report"), "small")


def comparison(room: Room, names: tuple[str, ...], words: Language) -> str:
    """Return the comparison of stored runs as a table."""
    from results.store import open_run
    from scenarios.compare import compare_runs

    runs = [open_run(room.results / name) for name in names]
    table = compare_runs(runs)
    kpis = [kpi for run in runs if run.has("targets") for kpi in run.targets["kpi"].unique()]
    currency = str(runs[0].manifest.get("parameters", {}).get("currency", ""))
    return tables.comparison(table, list(dict.fromkeys([*kpis, *tables.HEADLINES])), words, currency)
