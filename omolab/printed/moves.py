"""What would work better, and what each lever does, beside the literature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omolab.printed import sheets
from omolab.printed.sheets import headed, language, records
from results.language import SPACE, Language, clean

if TYPE_CHECKING:
    import pandas as pd

    from results.store import Run
SEARCH = "search/result.json"


def search(run: Run) -> None:
    """Print what the search found, and the lines of the plan it would change."""
    found, words = run.json(SEARCH), language(run)
    print(words.tell(found.get("told") or found["message"]))
    if found.get("improved"):
        heads = ("changes.line", ">changes.now", ">changes.advised")
        table = headed(words, words.say("changes.title"), *heads)
        for path, value in found["best"].items():
            before = found.get("start", {}).get(path)
            if value != before:
                table.add_row(str(path), sheets.cell(_said(words, before)), sheets.cell(_said(words, value)))
        sheets.console().print(table)
        if found.get("binding"):
            print(words.say("advice.binding", limits=words.listed(list(found["binding"]))))
    print()


def _said(words: Language, value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return words.number(value) if number else "-" if value is None else str(value)


def levers(run: Run) -> None:
    """Print what each lever surely moves most, in per cent of what it moves from."""
    rows, words = run.read("levers"), language(run)
    table = headed(words, words.say("moves.title"), "moves.lever", "from", "to", "moves.most")
    for name, group in rows.groupby("lever", sort=False):
        first = group.iloc[0]
        moved = [
            words.say(
                "moves.one",
                kpi=words.kpi_inline(row["kpi"]),
                change=words.change(row["relative"]).replace(SPACE, " "),
            )
            for row in strongest(group)
        ]
        shown = words.say("comma").join(moved) or words.say("moves.nothing")
        table.add_row(str(name), clean(first["base"], 18), clean(first["tried"], 18), shown)
    sheets.console().print(table)


def strongest(rows: pd.DataFrame, most: int = 4) -> list[dict[str, Any]]:
    """Return a lever's largest sure effects on the whole retailer, relative to what they move from."""
    sure = rows[(rows["channel"] == "all") & rows["sure"] & rows["relative"].notna()]
    order = sure["relative"].abs().sort_values(ascending=False, kind="stable").index
    return records(sure.loc[order[:most]])


def evidence(run: Run) -> None:
    """Print findings of the literature beside what the market answers, and the verdict."""
    rows, words = records(run.read("evidence")), language(run)
    heads = ("levers.finding", "evidence.grade", ">levers.literature", ">evidence.range")
    more = (">levers.market", ">interval_95", "levers.verdict")
    table = headed(words, words.say("evidence.title"), *heads, *more)
    for row in rows:
        if row["value"] is None:
            continue
        known = [row["central"], row["range_low"], row["range_high"], row["value"], row["low"], row["high"]]
        said = [words.measured(value, row["measure"]).replace(SPACE, " ") for value in known]
        barely = row["verdict"] == "agrees" and not row["inside"]
        verdict = words.say(f"levers.{row['verdict'].replace(' ', '_')}")
        verdict = words.say("evidence.barely", verdict=verdict) if barely else verdict
        spans = [words.say("console.span", low=said[at], high=said[at + 1]) for at in (1, 4)]
        about = words.translated(row["about"])
        table.add_row(about, row["grade"], said[0], spans[0], said[3], spans[1], verdict)
    sheets.console().print(table)
    rest = sum(row["value"] is None for row in rows)
    print(words.say("evidence.rest", n=rest) if rest else words.say("evidence.every"))
    print()
