"""What goes in: lists, the quality of a history, what is wrong with a plan."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from omolab.printed import sheets
from results.language import Language
from results.phrases.data import COVERAGE
from results.problems import Problem

if TYPE_CHECKING:
    pass


def listing(
    title: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], error: bool = False
) -> None:
    """Print rows under the given headings, ``{key: heading}``; on standard error if so wanted."""
    table = sheets.table(title, *columns.values())
    for row in rows:
        table.add_row(*("" if row.get(key) is None else sheets.cell(row[key]) for key in columns))
    sheets.console(error).print(table)


def quality(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], lang: str = "en") -> None:
    """Print the data-quality report of a history on standard error."""
    words = Language(lang)
    heads = {name: words.say(f"quality.{name}") for name in columns}
    told = list(rows) if lang == "en" else [_noted(words, row) for row in rows]
    listing(words.say("quality.title"), told, heads, error=True)


def _noted(words: Language, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding and its note in the reader's language; a note on coverage part by part."""
    finding, note = str(row["finding"]), str(row["note"])
    if finding == "coverage":
        note = words.say("semicolon").join(
            words.translated(part, tuple(COVERAGE)) for part in note.split("; ")
        )
    kind = f"found_kind.{finding}"
    said = words.say(kind) if words.has(kind) else finding
    return {**row, "finding": said, "note": words.translated(note)}


def checked(found: Iterable[Mapping[str, Any]], lang: str = "en") -> None:
    """Print what is wrong with each file (on standard error), what is doubtful, and what is not modelled."""
    words = Language(lang)
    for one in found:
        errors, warnings, missing = (one.get(key) or [] for key in ("errors", "warnings", "not_modelled"))
        for error in errors:
            print(Problem(**error).told(words), file=sys.stderr)
        print(words.say("check.wrong" if errors else "check.good", name=one["name"], n=len(errors)))
        for warning in warnings:
            print("  " + words.say("console.warning", said=words.translated(warning)))
        for what in missing:
            print("  " + words.say("check.missing", said=words.translated(what)))
