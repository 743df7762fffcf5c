"""How far to trust: what a history taught, how its own past was forecast, how experiments came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omolab.printed import sheets
from omolab.printed.sheets import estimate, headed, language, records, span
from results.language import SPACE, Language
from results.recipes import VOICES, MeanRecipe, mean_recipes

if TYPE_CHECKING:
    from results.store import Run
FIT = "fit/identified"
MOST = 12  # rows; the rest is in the table and the report


def calibration(run: Run) -> None:
    """Print what the history taught most about, and how many parameters it says nothing of."""
    rows = run.read(FIT).sort_values("contraction", ascending=False)
    words = language(run)
    heads = ("fit.parameter", ">calibration.median", ">range_90", ">calibration.prior")
    title = words.say("calibration.title")
    table = headed(words, title, *heads, ">calibration.learnt", "fit.grade")
    for row in records(rows.head(MOST)):
        fitted = span(words, row["p05"], row["p95"], "")
        prior = words.band(row["prior_low"], row["prior_high"], full=False).replace(SPACE, " ")
        share = estimate(words, row["contraction"], "share")
        table.add_row(
            row["parameter"], words.number(row["p50"], full=True), fitted, prior, share, row["grade"]
        )
    sheets.console().print(table)
    from results.charts import learnt

    print(words.say("calibration.count", n=int(learnt(rows).sum()), all=len(rows)))
    for note in (run.json("about.json") or {}).get("warnings") or []:
        if str(note).startswith("table "):  # what the history holds and the fit did, or did not do, with it
            print("  - " + words.translated(note).replace(SPACE, " "))
    _diagnosed(run, words)
    print()


def _diagnosed(run: Run, words: Language) -> None:
    """Print how far to trust the fit, and why not, where the run has diagnostics."""
    from results.diagnosis import findings, recovered, verdict

    told = run.json("fit/diagnostics")
    if isinstance(told, dict):
        print()
        print(verdict(told, words).replace(SPACE, " "))
        for weight, said in findings(told, words):
            print(("  ! " if weight != "note" else "  - ") + said.replace(SPACE, " "))
        if (again := recovered(told, words)) is not None:
            print("  " + again.replace(SPACE, " "))


def backtest(run: Run) -> None:
    """Print the mean scores of each model on each series; the best of a column stands in bold."""
    said, words = run.json("backtest.json"), language(run)
    measures = ("wape", "mase", "crps_over_mean", "pinball_over_mean", "coverage_90")
    fields = {"history": said["history"], "n": len(said["origins"]), "horizon": said["horizon"]}
    title = words.say("backtest.title", **fields, period=words.say(f"period.{said['period']}"))
    heads = ("backtest.series", "backtest.model", *(f">backtest.{measure}" for measure in measures))
    heads = (*heads, ">backtest.dm_p", ">backtest.over_chosen")
    table = headed(words, title, *heads)
    for series in said["series"]:
        rows = [row for row in said["summary"] if row["series"] == series]
        label = series
        for row in rows:
            cells = [_score(row.get(m), m, [other.get(m) for other in rows]) for m in measures]
            ratio = row.get("over_chosen")
            told = "" if ratio is None else words.number(ratio)
            table.add_row(label, words.model(row["model"]), *cells, _chance(row.get("dm_p")), told)
            label = ""
    sheets.console().print(table)
    _pools(mean_recipes(said), words)


def _pools(recipes: Sequence[MeanRecipe], words: Language) -> None:
    """Print how the forecast was pooled, one row a series; nothing where nothing was."""
    if not recipes:
        return
    voices = [voice for voice in VOICES if any(voice in recipe.weights for recipe in recipes)]
    heads = ("backtest.series", *(f">voice.{voice}" for voice in voices), ">backtest.spread")
    table = headed(words, words.say("backtest.pooled"), *heads, "backtest.chosen")
    for recipe in recipes:
        cells = [
            words.amount(recipe.weights[voice], "share") if voice in recipe.weights else ""
            for voice in voices
        ]
        chosen = words.model(recipe.chosen) if recipe.chosen else ""
        table.add_row(recipe.series, *cells, words.number(recipe.spread), chosen)
    sheets.console().print(table)


def _chance(p: float | None) -> str:
    return "" if p is None else "<.001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def _score(value: float | None, measure: str, all_values: Sequence[float | None]) -> Any:
    from rich.text import Text

    if value is None:
        return "-"
    known = [v for v in all_values if v is not None]
    miss = 0.9 if measure == "coverage_90" else 0.0  # coverage is best at its nominal 90 %
    best = abs(value - miss) <= min(abs(v - miss) for v in known)
    said = f"{100 * value:.0f} %" if measure == "coverage_90" else f"{value:.3f}"
    return Text(said, style="bold" if best else "")


def evaluation(run: Run) -> None:
    """Print what each evaluation found, and what was not recovered."""
    from results.sections.experiments import parts, told
    from results.sections.experiments import words as wordy

    words = language(run)
    for found in run.json("evaluation.json")["evaluations"]:
        for part, caption in parts(found):
            heads, rows = told(found[part], words)
            left = wordy(found[part])
            marked = [head if k < left else f">{head}" for k, head in enumerate(heads)]
            table = sheets.table(words.say(caption), *marked)
            for row in rows:
                table.add_row(*row)
            sheets.console().print(table)
        for note in found["notes"]:
            print(f"- {words.tell(note)}")
        print(words.say("evaluation.rest", files=", ".join(found["tables"].values())))
        print()
