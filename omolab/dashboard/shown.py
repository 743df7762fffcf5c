"""Small things that several parts of the page show: headings, paragraphs, levers by name."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

import solara

from omolab.dashboard import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from results.language import Language
    from scenarios.what_if import Dial

STYLE = Path(__file__).with_name("dashboard.css")


def heading(title: str, order: int = 2) -> None:
    """Show a heading."""
    solara.HTML(tag=f"h{order}", unsafe_innerHTML=html.escape(title))


def text(said: str, kind: str = "") -> None:
    """Show a paragraph, whatever is in it."""
    solara.HTML(tag="div", unsafe_innerHTML=tables.paragraph(said, kind))


def lever_name(dial: Dial, words: Language) -> str:
    """Return what a dial is called; a medium by its own name."""
    medium = dial.key.removeprefix("media.")
    return words.source(medium) if medium != dial.key else words.say(f"dial.{dial.key}")


def stands(dial: Dial, value: float, words: Language) -> str:
    """Return a dial's value in its unit."""
    return words.amount(value, dial.unit)


def moves(dials: tuple[Dial, ...], values: Mapping[str, float], words: Language) -> str:
    """Return the dials that have moved, as one phrase."""
    said = [
        f"{lever_name(dial, words)} {stands(dial, values[dial.key], words)}"
        for dial in dials
        if dial.key in values
    ]
    return words.say("comma").join(said) or words.say("dash.unmoved")
