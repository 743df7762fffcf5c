"""What evaluations found: the market held against experiments, elasticities, campaigns, media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from results.language import Language, clean
from results.pages import Block, Cell, Material, Points, Section, Table, Text

SHARES = ("coverage_90", "placebo_coverage_90")


def evaluations(material: Material) -> Section | None:
    """Return one table an evaluation, and what was not recovered."""
    document = material.run.json("evaluation")
    if not isinstance(document, Mapping):
        return None
    language, say = material.language, material.language.say
    blocks: list[Block] = [Text(say("evaluations.intro"))]
    for found in document.get("evaluations") or []:
        for part, caption in parts(found):
            heads, rows = told(found[part], language)
            cells: list[list[Cell | str]] = [list(row) for row in rows]
            blocks.append(Table(say(caption), heads, cells, range(words(found[part]), len(heads))))
        if found.get("notes"):
            blocks.append(Points([clean(language.tell(note), 600) for note in found["notes"]]))
    return Section("evaluations", say("section.evaluations"), blocks)


def parts(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the tables of an evaluation's document, each with its caption in the catalogue."""
    kind = found["kind"]
    captions = {"summary": f"evaluation.{kind}", "details": f"evaluation.details.{kind}"}
    return [(part, caption) for part, caption in captions.items() if found.get(part)]


def told(rows: Sequence[Mapping[str, Any]], language: Language) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of an evaluation's table, in the reader's language."""
    columns = list(rows[0]) if rows else []
    heads = [language.say(f"evaluation.{name}") for name in columns]
    return heads, [[_cell(name, row.get(name), language) for name in columns] for row in rows]


def words(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many columns at the left of an evaluation's table are words."""
    return sum(isinstance(value, str) for value in rows[0].values()) if rows else 0


def _cell(name: str, value: Any, language: Language) -> str:
    if isinstance(value, str):
        key = f"evaluation.{value}"
        return language.say(key) if language.has(key) else language.model(clean(value, 60))
    if value is None:
        return "–"
    return language.amount(value, "share") if name in SHARES else language.number(value)
