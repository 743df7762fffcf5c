"""Full runs: sent to the background, followed, stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import reacton.ipyvuetify as v
import solara
import solara.lab

from omolab.dashboard import shown, tables
from omolab.dashboard.shown import heading, text
from results.language import Language, clean
from results.phrases.progress import LABELS
from results.problems import BadInput

if TYPE_CHECKING:
    from omolab.dashboard.background import Work
    from omolab.dashboard.room import Room

EVERY = 0.5  # seconds between two looks at what runs


def following(room: Room) -> tuple[int, Callable[[], None]]:
    """Show the page anew while full runs are at work; return its beat, and what starts following one more."""
    beat, set_beat = solara.use_state(0)

    async def follow() -> None:
        count = beat
        while any(work.status == "running" for work in room.works):
            await asyncio.sleep(EVERY)
            count += 1
            set_beat(count)
        set_beat(count + 1)  # how the last one ended

    solara.lab.use_task(follow, dependencies=[len(room.works)], prefer_threaded=False)
    return beat, lambda: set_beat(beat + 1)


@solara.component
def Works(
    room: Room,
    words: Language,
    key: str,
    values: Mapping[str, float],
    beat: int,
    follow: Callable[[], None],
) -> None:
    """Offer the full run of what the levers say, and show how far those sent are, anew at every ``beat``."""
    refused, refuse = solara.use_state("")

    def send() -> None:
        said = shown.moves(room.dials(key), values, words)
        try:
            room.send(key, dict(values), said)
        except BadInput as bad:
            refuse("; ".join(problem.message for problem in bad.problems))
        else:
            refuse("")
            follow()

    heading(words.say("dash.full"))
    text(words.say("dash.send_about"))
    solara.Button(words.say("dash.send"), color="primary", on_click=send)
    if refused:
        text(words.say("dash.failed", why=clean(refused, 200)), "mind")
    with solara.Div(classes=["omo-works"]):
        if not room.works:
            text(words.say("dash.no_work"), "small")
        for work in room.works:
            _work(work, words)


def _work(work: Work, words: Language) -> None:
    plan = clean(words.titled(work.order.plan.title or work.order.plan.name), tables.LONGEST)
    about = words.say("dash.work", plan=plan, moves=work.moves)
    with solara.Div(classes=["omo-row"]):
        with solara.Div():
            text(about)
            text(_status(work, words), "small")
        if work.status == "running":
            solara.Button(words.say("dash.stop"), outlined=True, small=True, on_click=work.stop)
        elif work.status == "done":
            solara.HTML(tag="div", unsafe_innerHTML=report_link(work.order.out.name, words))
    if work.status == "running":
        share = 100 * work.finished / work.total if work.total else 0
        v.ProgressLinear(value=share, color="#0072b2", height=6, attributes={"aria-label": about})


def _status(work: Work, words: Language) -> str:
    if work.status == "running":
        if not work.task:
            return words.say("dash.work.started")
        task = words.translated(work.task, tuple(LABELS))
        if not work.total:
            return task
        return words.say("dash.work.running", task=task, done=work.finished, total=work.total)
    fields = {"name": clean(work.order.out.name, tables.LONGEST), "why": clean(work.why, 300)}
    return words.say(f"dash.work.{work.status}", **fields)


def report_link(name: str, words: Language) -> str:
    """Return the link to a stored run's report."""
    from urllib.parse import quote

    about = words.say("dash.report_of", name=clean(name, tables.LONGEST))
    return tables.link(f"/runs/{quote(name)}/report.html", words.say("dash.report"), about)
