"""The page's head, and its end: how the numbers were made and from what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from results.language import clean, moment
from results.pages import Block, Cell, Material, Section, Table, Text

WHEN = ("started", "finished")


def head(material: Material) -> dict[str, str]:
    """Return the page's title, the question, and when and how it was made."""
    manifest, language = material.run.manifest, material.language
    name = language.titled(material.about.get("title") or manifest.get("name", material.run.name))
    verb = str(manifest.get("verb", ""))
    question = material.about.get("question")
    return {
        "title": clean(name, 120),
        "verb": language.say(f"verb.{verb}") if language.has(f"verb.{verb}") else clean(verb, 40),
        "question": clean(language.tell(question), 400) if question else _question(material),
        "made": language.say(
            "head.made", day=str(manifest.get("finished", ""))[:10], run=clean(material.run.name, 80)
        ),
    }


def _question(material: Material) -> str:
    kpis, language = material.kpis, material.language
    if kpis is None or not material.scenarios:
        return ""
    names = [clean(language.scenario(name), 40) for name in material.scenarios]
    shown = names if len(names) <= 6 else [*names[:5], language.say("head.more", n=len(names) - 5)]
    futures = kpis[["draw", "replicate"]].drop_duplicates()
    customers = material.run.manifest.get("parameters", {}).get("customers")
    fields = {
        "scenarios": language.listed(shown),
        "first": language.month(kpis["period_start"].min()),
        "last": language.month(kpis["period_end"].max()),
        "futures": len(futures),
        "draws": futures["draw"].nunique(),
    }
    text = language.say("head.question", **fields)
    each = language.say("head.customers", n=f"{customers:,}") if isinstance(customers, int) else ""
    return language.sentences(text, each)


def section(material: Material) -> Section:
    """Return how odds and intervals are computed, and the manifest."""
    say, blocks = material.language.say, list[Block]()
    if material.scenarios:
        blocks += [Text(say(f"method.{key}")) for key in ("futures", "odds", "pairs")]
    return Section("method", say("section.method"), [*blocks, _manifest(material)])


def _manifest(material: Material) -> Table:
    manifest, say = material.run.manifest, material.language.say
    rows: list[list[Cell | str]] = []
    for key in ("verb", "name", "started", "finished", "platform", "hash"):
        value = manifest.get(key, "–")
        rows.append([say(f"manifest.{key}"), clean(moment(value) if key in WHEN else value, 200)])
    for key in ("seeds", "parameters", "versions", "timings"):
        rows.append([say(f"manifest.{key}"), clean(_pairs(manifest.get(key)), 1500)])
    for role, entry in dict(manifest.get("inputs", {})).items():
        path = entry.get("path", "") if isinstance(entry, Mapping) else ""
        digest = entry.get("sha256", "") if isinstance(entry, Mapping) else entry
        rows.append(
            [
                say("manifest.input", role=clean(role, 40)),
                Cell(clean(path, 200) if path else "–", f"sha256 {digest}"),
            ]
        )
    return Table(say("manifest.caption"), [say("manifest.what"), say("manifest.value")], rows)


def _pairs(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(f"{key} {_short(item)}" for key, item in value.items() if item not in (None, [], {}))


def _short(item: Any) -> str:
    if isinstance(item, list | tuple):
        return " + ".join(map(str, item))
    return f"{item:.3g}" if isinstance(item, float) else str(item)
