"""What one sees: levers on the left, their effect on the right, full runs and stored runs below."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import reacton.ipyvuetify as v
import solara

from omolab.dashboard import tables
from omolab.dashboard.room import current
from omolab.dashboard.shown import STYLE, heading, lever_name, stands, text
from omolab.dashboard.stored import Stored
from omolab.dashboard.works import Works, following
from results.language import Language, clean
from results.problems import BadInput

if TYPE_CHECKING:
    from omolab.dashboard.room import Room, Source
    from scenarios.what_if import Dial, Look

PAUSE = 0.2  # seconds that a lever must rest before the market is asked
Values = Mapping[str, float]
Move = Callable[[dict[str, float] | Callable[[Values], dict[str, float]]], None]


class Asked(NamedTuple):
    """What a look was asked for: a source, a year and the dials that had moved."""

    key: str
    year: str
    values: tuple[tuple[str, float], ...]


@solara.component
def Page() -> None:
    """Show the dashboard."""
    room = current()
    key, choose = solara.use_state(room.sources[0].key)
    values, move = solara.use_state(dict[str, float]())
    year, look_at = solara.use_state("first")
    beat, follow = following(room)
    source = room.source(key)
    words = room.words(source.plan.currency)

    def chosen(new: str) -> None:
        move({})
        choose(new)

    solara.Title(words.say("dash.title"))
    solara.Style(STYLE)
    with solara.Div(classes=["omo"]):
        with solara.Div(classes=["omo-wide"]):
            heading(words.say("dash.head"), 1)
            text(words.say("dash.lead"))
            Sources(room, words, key, chosen)
        with solara.Div():
            Levers(room, words, key, values, move)
        with solara.Div(classes=["omo-effect"]):
            Effect(room, words, key, values, year, look_at)
        with solara.Div(classes=["omo-wide"]):
            Works(room, words, key, values, beat, follow)
            Stored(room, words, sum(work.status == "done" for work in room.works))


@solara.component
def Sources(room: Room, words: Language, key: str, choose: Callable[[str], None]) -> None:
    """Offer the plans to try, and say where their parameters come from."""
    heading(words.say("dash.source"))
    with v.RadioGroup(
        v_model=key,
        on_v_model=choose,
        hide_details=True,
        label=words.say("dash.source"),
        class_="omo-sources",
    ):
        for source in room.sources:
            v.Radio(label=_named(source, words), value=source.key)
    if room.source(key).run is None:
        text(words.say("dash.uncalibrated"), "mind")


@solara.component
def Levers(room: Room, words: Language, key: str, values: Values, move: Move) -> None:
    """Show every dial of the plan by group."""
    dials = solara.use_memo(lambda: room.dials(key), [key])
    heading(words.say("dash.levers"))
    for group in dict.fromkeys(dial.group for dial in dials):
        heading(words.say(f"dash.group.{group}"), 3)
        for dial in dials:
            if dial.group == group:
                Lever(words, dial, values, move).key(f"{key} {dial.key}")
    back = words.say("dash.reset")
    solara.Button(back, outlined=True, disabled=not values, on_click=lambda: move({}), class_="mt-4")


@solara.component
def Lever(words: Language, dial: Dial, values: Values, move: Move) -> None:
    """Show one dial with where it stands and where the plan has it."""
    scale = 100.0 if dial.unit == "share" else 1.0  # people and screen readers are told per cent
    value = values.get(dial.key, dial.value)
    label = lever_name(dial, words)

    def moved(new: float) -> None:
        there = round(new / scale, 6)
        back = abs(there - dial.value) < dial.step / 2

        def turned(before: Values) -> dict[str, float]:
            """Return the moves as they are by now: another lever's may not have been shown yet."""
            others = {key: old for key, old in before.items() if key != dial.key}
            return others if back else {**others, dial.key: there}

        move(turned)

    with solara.Div(classes=["omo-dial"]):
        plan = stands(dial, dial.value, words)
        said = stands(dial, value, words)
        if dial.key in values:
            said = words.say("dash.was", value=said, plan=plan)
        kind = "moved" if dial.key in values else ""
        solara.HTML(tag="div", unsafe_innerHTML=tables.lever(label, said, kind))
        if dial.most is not None:
            text(words.say("dash.beyond", most=stands(dial, dial.most, words)), "small")
        v.Slider(
            v_model=round(value * scale, 4),
            on_v_model=moved,
            min=round(dial.low * scale, 4),
            max=round(dial.high * scale, 4),
            step=round(dial.step * scale, 4),
            label=f"{label}, %" if dial.unit == "share" else label,
            hide_details=True,
            dense=True,
            color="#0072b2",
            track_color="#b9bec7",
        )


@solara.component
def Effect(
    room: Room, words: Language, key: str, values: Values, year: str, look_at: Callable[[str], None]
) -> None:
    """Show what the dials change, from the first futures on."""
    source = room.source(key)
    asked = Asked(key, year, tuple(sorted(values.items())))

    def looking(cancel: threading.Event) -> Iterator[tuple[Asked, Look]]:
        time.sleep(PAUSE if values else 0)
        if not cancel.is_set():
            for look in room.quick(key).look(values, year):
                yield asked, look
                if cancel.is_set():
                    return

    found: Any = solara.use_thread(looking, dependencies=list(asked), intrusive_cancel=False)
    heading(words.say("dash.effect"))
    with v.RadioGroup(
        v_model=year, on_v_model=look_at, hide_details=True, row=True, label=words.say("dash.year")
    ):
        for name in ("first", "last"):
            v.Radio(label=words.say(f"dash.year.{name}"), value=name)
    answered: tuple[Asked, Look] | None = found.value
    if answered is not None and answered[0].key != key:
        answered = None  # of the plan before
    with solara.Div(classes=["omo-status"], attributes={"role": "status", "aria-live": "polite"}):
        _status(words, found.error, answered, asked, tables.main_indicators(source.plan))
    if answered is not None and found.error is None:
        _answer(room, words, *answered)


def _status(
    words: Language,
    error: Exception | None,
    answered: tuple[Asked, Look] | None,
    asked: Asked,
    kpis: list[str],
) -> None:
    """Say how far the look is, or why there is none; and where it sees nothing change."""
    if isinstance(error, BadInput):
        text(words.say("dash.impossible"), "mind")
        for problem in error.problems:
            text(clean(f"{problem.field}: {problem.message}", 200), "small")
    elif error is not None:
        text(words.say("dash.failed", why=clean(f"{type(error).__name__}: {error}", 200)), "mind")
    elif answered is None:
        text(words.say("dash.warming"), "small")
    elif answered[0] != asked:
        text(words.say("dash.asking"), "small")
    else:
        look = answered[1]
        more = "dash.looking" if look.futures < look.of else "dash.looked"
        text(words.say(more, n=look.futures, all=look.of), "small")
        if asked.values and (idle := tables.idle(look.table, kpis, words)):
            text(idle, "mind")


def _answer(room: Room, words: Language, asked: Asked, look: Look) -> None:
    """Show what a look has seen, of the dials that it was asked for: others may have moved since."""
    kpis, moved = tables.main_indicators(room.source(asked.key).plan), bool(asked.values)
    page = tables.effect(look.table, kpis, words, moved)
    solara.HTML(tag="div", classes=["omo-box"], unsafe_innerHTML=page)
    if moved:
        line = tables.brief(look.table, tables.HEADLINES, words)
        solara.HTML(tag="div", unsafe_innerHTML=line)
    text(_about(look, room, words, asked.key), "small")


def _about(look: Look, room: Room, words: Language, key: str) -> str:
    row = look.table.iloc[0]
    months = {"start": words.month(row["period_start"]), "end": words.month(row["period_end"])}
    return words.say("dash.quick", customers=f"{room.quick(key).customers:,}", **months)


def _named(source: Source, words: Language) -> str:
    plan = clean(words.titled(source.plan.title or source.plan.name), tables.LONGEST)
    if source.run is None:
        return words.say("dash.of_plan", plan=plan)
    return words.say("dash.of_run", plan=plan, name=clean(source.run.name, tables.LONGEST))
