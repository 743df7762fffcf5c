"""What a verb prints: short tables for a person, or the same as one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.language import SPACE, Language, clean
from results.phrases.data import COVERAGE
from results.problems import Problem
from results.recipes import VOICES, MeanRecipe, mean_recipes

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from results.store import Run

LOG_WIDTH = 132  # columns of text where nobody's window sets the width
_READER: ContextVar[str] = ContextVar("reader", default="en")  # language of what `show` prints
HEADLINES = ("net_sales", "online_share", "orders", "conversion", "operating_profit", "active_customers")


def show(run: Run, parts: Sequence[str], lang: str = "en") -> None:
    """Print the named parts that ``run`` has, then where the run and its report are.

    Parameters
    ----------
    run
        A finished run.
    parts
        Of ``calibration backtest evaluation search targets compare levers evidence effects indices points``,
        in the order wanted.
    lang
        The reader's language.
    """
    reader = _READER.set(lang)
    try:
        for part in parts:
            if _has(run, part):
                _PRINT[part](run)
        words = _language(run)
        for what, path in _places(run).items():
            if path is not None:
                print(f"{words.say(f'place.{what}'):6s}  {path}")
    finally:
        _READER.reset(reader)


def timings(run: Run, lang: str = "en") -> None:
    """Print on standard error how long each part of a run took."""
    words = Language(lang)
    for part, seconds in run.manifest.get("timings", {}).items():
        print(words.say("console.took", part=clean(part, 40), seconds=f"{seconds:.1f}"), file=sys.stderr)


def document(run: Run, parts: Sequence[str]) -> dict[str, Any]:
    """Return what `show` prints, as one JSON document; figures that do not exist are ``null``."""
    about = {key: run.manifest.get(key) for key in ("verb", "name", "seeds")}
    return _places(run) | about | {part: _data(run, part) for part in parts if _has(run, part)}


def print_json(value: Any) -> None:
    """Print one strict JSON document on standard output."""
    json.dump(plain(value), sys.stdout, indent=2, allow_nan=False)  # ASCII: safe on any terminal
    print()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows; dates as ISO dates, missing values as ``None``."""
    told = frame.copy()
    for name in told.select_dtypes("datetime"):
        told[name] = told[name].dt.strftime("%Y-%m-%d")
    return [plain(row) for row in told.astype(object).where(told.notna(), None).to_dict("records")]


def targets(run: Run) -> None:
    """Print each target: where it starts, the middle 80 % of outcomes and the odds, by scenario."""
    words = _language(run)
    if run.targets.empty:
        print(words.say("targets.none_due"))
        print()
        return
    heads = ("indicator", ">from", ">target", "by", "scenario", ">expected", ">range_80", ">odds")
    table = _headed(words, words.say("targets.title"), *heads)
    for (kpi, due), group in run.targets.groupby(["kpi", "date"], sort=False):
        rows = records(group)
        unit = rows[0].get("gap_unit") or ""
        ends = [_amount(words, rows[0][column], unit) for column in ("baseline", "target")]
        head = [words.kpi(str(kpi)), *ends, words.month(due)]
        for row in rows:
            range_ = _span(words, row["value_p10"], row["value_p90"], unit)
            middle = _amount(words, row["value_p50"], unit)
            start = _amount(words, row["baseline"], unit)  # businesses that are compared start elsewhere
            head[1] = start if start != ends[0] else head[1]
            ends[0] = start
            table.add_row(*head, _scenario(words, row["scenario"]), middle, range_, _odds(words, row))
            head = [""] * len(head)
    _console().print(table)
    for month, names in _ended_before(words, run.targets).items():
        print(words.say("targets.earlier", scenarios=words.listed(names), month=month))
        print()


def _ended_before(words: Language, rows: pd.DataFrame) -> dict[str, list[str]]:
    """Return the scenarios measured more than a month before a target's date, by where they were."""
    if "measured_on" not in rows:
        return {}
    early = rows[rows["date"] - rows["measured_on"] > timedelta(days=32)]
    whose = early["scenario"].astype(str).str.split("/").str[0]  # of several runs: the run
    return {
        words.month(end): [_scenario(words, name) for name in same.unique()]
        for end, same in whose.groupby(early["measured_on"])
    }


def compare(run: Run) -> None:
    """Print differences to the base scenario over the last year, with their intervals."""
    rows = last_period(run.compare)
    wanted = [*(run.targets["kpi"].unique() if run.has("targets") else ()), *HEADLINES]
    shown = [kpi for kpi in dict.fromkeys(wanted) if (rows["kpi"] == kpi).any()] or list(rows["kpi"].unique())
    words = _language(run)
    bases = [_scenario(words, base) for base in rows["base"].unique()]
    title = words.say("compare.title", base=words.listed(bases))
    if "period_end" in rows:
        title = words.say("compare.until", title=title, month=words.month(rows["period_end"].max()))
    heads = ("indicator", "scenario", ">compare.difference", ">interval_95", "")
    table = _headed(words, title, *heads)
    for kpi in shown:
        label = words.kpi(kpi)
        for row in records(rows[rows["kpi"] == kpi]):
            low, high, unit = row["low"], row["high"], row.get("unit") or ""
            clear = low is not None and high is not None and not low <= 0 <= high
            middle = _amount(words, row["difference"], unit, signed=True)
            interval = _span(words, low, high, unit, signed=True)
            table.add_row(label, _scenario(words, row["scenario"]), middle, interval, "*" if clear else "")
            label = ""
    _console().print(table)
    rest = rows["kpi"].nunique() - len(shown)
    star = words.say("compare.star")
    print(words.say("compare.rest", star=star, n=rest) if rest else star)
    print()


def backtest(run: Run) -> None:
    """Print the mean scores of each model on each series; the best of a column stands in bold."""
    said, words = run.json("backtest.json"), _language(run)
    measures = ("wape", "mase", "crps_over_mean", "pinball_over_mean", "coverage_90")
    fields = {"history": said["history"], "n": len(said["origins"]), "horizon": said["horizon"]}
    title = words.say("backtest.title", **fields, period=words.say(f"period.{said['period']}"))
    heads = ("backtest.series", "backtest.model", *(f">backtest.{measure}" for measure in measures))
    heads = (*heads, ">backtest.dm_p", ">backtest.over_chosen")
    table = _headed(words, title, *heads)
    for series in said["series"]:
        rows = [row for row in said["summary"] if row["series"] == series]
        label = series
        for row in rows:
            cells = [_score(row.get(m), m, [other.get(m) for other in rows]) for m in measures]
            ratio = row.get("over_chosen")
            told = "" if ratio is None else words.number(ratio)
            table.add_row(label, words.model(row["model"]), *cells, _chance(row.get("dm_p")), told)
            label = ""
    _console().print(table)
    _pools(mean_recipes(said), words)


def _pools(recipes: Sequence[MeanRecipe], words: Language) -> None:
    """Print how the forecast was pooled, one row a series; nothing where nothing was."""
    if not recipes:
        return
    voices = [voice for voice in VOICES if any(voice in recipe.weights for recipe in recipes)]
    heads = ("backtest.series", *(f">voice.{voice}" for voice in voices), ">backtest.spread")
    table = _headed(words, words.say("backtest.pooled"), *heads, "backtest.chosen")
    for recipe in recipes:
        cells = [
            words.amount(recipe.weights[voice], "share") if voice in recipe.weights else ""
            for voice in voices
        ]
        chosen = words.model(recipe.chosen) if recipe.chosen else ""
        table.add_row(recipe.series, *cells, words.number(recipe.spread), chosen)
    _console().print(table)


def _chance(p: float | None) -> str:
    return "" if p is None else "<.001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def evaluation(run: Run) -> None:
    """Print what each evaluation found, and what was not recovered."""
    from results.sections.experiments import parts, told, words

    language = _language(run)
    for found in run.json("evaluation.json")["evaluations"]:
        for part, caption in parts(found):
            heads, rows = told(found[part], language)
            left = words(found[part])
            marked = [head if k < left else f">{head}" for k, head in enumerate(heads)]
            table = _table(language.say(caption), *marked)
            for row in rows:
                table.add_row(*row)
            _console().print(table)
        for note in found["notes"]:
            print(f"- {language.tell(note)}")
        print(language.say("evaluation.rest", files=", ".join(found["tables"].values())))
        print()


def listing(
    title: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], error: bool = False
) -> None:
    """Print rows under the given headings, ``{key: heading}``; on standard error if so wanted."""
    table = _table(title, *columns.values())
    for row in rows:
        table.add_row(*("" if row.get(key) is None else _cell(row[key]) for key in columns))
    _console(error).print(table)


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


def calibration(run: Run) -> None:
    """Print what the history taught most about, and how many parameters it says nothing of."""
    rows = run.read(FIT).sort_values("contraction", ascending=False)
    words = _language(run)
    heads = ("fit.parameter", ">calibration.median", ">range_90", ">calibration.prior")
    title = words.say("calibration.title")
    table = _headed(words, title, *heads, ">calibration.learnt", "fit.grade")
    for row in records(rows.head(MOST)):
        fitted = _span(words, row["p05"], row["p95"], "")
        prior = _span(words, row["prior_low"], row["prior_high"], "")
        share = _amount(words, row["contraction"], "share")
        table.add_row(row["parameter"], words.number(row["p50"]), fitted, prior, share, row["grade"])
    _console().print(table)
    learnt = int((rows["contraction"] >= LEARNT).sum())
    print(words.say("calibration.count", n=learnt, all=len(rows)))
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


def search(run: Run) -> None:
    """Print what the search found, and the lines of the plan it would change."""
    found, words = run.json(SEARCH), _language(run)
    print(words.tell(found.get("told") or found["message"]))
    if found.get("improved"):
        heads = ("changes.line", ">changes.now", ">changes.advised")
        table = _headed(words, words.say("changes.title"), *heads)
        for path, value in found["best"].items():
            before = found.get("start", {}).get(path)
            if value != before:
                table.add_row(str(path), _cell(_said(words, before)), _cell(_said(words, value)))
        _console().print(table)
        if found.get("binding"):
            print(words.say("advice.binding", limits=words.listed(list(found["binding"]))))
    print()


def levers(run: Run) -> None:
    """Print what each lever surely moves most, in per cent of what it moves from."""
    rows, words = run.read("levers"), _language(run)
    table = _headed(words, words.say("moves.title"), "moves.lever", "from", "to", "moves.most")
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
    _console().print(table)


def strongest(rows: pd.DataFrame, most: int = 4) -> list[dict[str, Any]]:
    """Return a lever's largest sure effects on the whole retailer, relative to what they move from."""
    sure = rows[(rows["channel"] == "all") & rows["sure"] & rows["relative"].notna()]
    order = sure["relative"].abs().sort_values(ascending=False, kind="stable").index
    return records(sure.loc[order[:most]])


def evidence(run: Run) -> None:
    """Print findings of the literature beside what the market answers, and the verdict."""
    rows, words = records(run.read("evidence")), _language(run)
    heads = ("levers.finding", "evidence.grade", ">levers.literature", ">evidence.range")
    more = (">levers.market", ">interval_95", "levers.verdict")
    table = _headed(words, words.say("evidence.title"), *heads, *more)
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
    _console().print(table)
    rest = sum(row["value"] is None for row in rows)
    print(words.say("evidence.rest", n=rest) if rest else words.say("evidence.every"))
    print()


def track(run: Run) -> None:
    """Print what was expected of each period beside what came."""
    rows, words = records(run.read("track")), _language(run)
    heads = ("indicator", "channel", "to", ">expected_each", ">range", ">actual", ">off_each")
    table = _headed(words, words.say("section.track"), *map(_of_track, heads), "")
    before = ("", "")
    for row in sorted(rows, key=lambda row: (row["kpi"], row["channel"], row["period_end"])):
        whole = row["channel"] == "all"
        series = (words.kpi(row["kpi"]), words.say("track.all") if whole else clean(row["channel"], 24))
        middle, actual = (_amount(words, row[name], row["unit"]) for name in ("expected_p50", "actual"))
        range_ = _span(words, row["expected_p10"], row["expected_p90"], row["unit"])
        off = "-" if row["variance"] is None else words.change(row["variance"]).replace(SPACE, " ")
        shown = series if series != before else ("", "")
        table.add_row(
            *shown, words.month(row["period_end"]), middle, range_, actual, off, "" if row["inside"] else "*"
        )
        before = series
    _console().print(table)
    print(words.say("track.outside"))
    print()


def track_odds(run: Run) -> None:
    """Print the odds before and after the actuals, and what the weighing rests on."""
    told, words = run.json("track.json"), _language(run)
    heads = ("indicator", ">target", "by", ">odds_planned", ">odds_now", ">expected_now")
    table = _headed(words, words.say("track.odds"), *map(_of_track, heads))
    now = {
        (row["kpi"], row["date"]): row
        for row in records(run.read("track_targets"))
        if row["scenario"] == told["scenario"]
    }
    for row in records(run.targets[run.targets["scenario"] == told["scenario"]]):
        after, unit = now[row["kpi"], row["date"]], row["gap_unit"] or ""
        head = [words.kpi(row["kpi"]), _amount(words, row["target"], unit), words.month(row["date"])]
        table.add_row(*head, _odds(words, row), _odds(words, after), _amount(words, after["value_p50"], unit))
    _console().print(table)
    worth = f"{told['futures_worth']:.0f}"
    print(words.say("track.about", periods=told["periods"], futures=told["futures"], worth=worth))
    if told["strange"]:
        print(words.say("track.strange", errors=f"{told['errors_off']:.1f}"))
    if told["strangers"]:
        names = words.listed([clean(name, 40) for name in told["strangers"]])
        print(words.say("track.strangers", names=names))
    print()


def _of_track(head: str) -> str:
    return ">" * head.startswith(">") + "track." + head.removeprefix(">")


def _said(words: Language, value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return words.number(value) if number else "-" if value is None else str(value)


SEARCH = "search/result.json"
FIT = "fit/identified"
MOST = 12  # rows; the rest is in the table and the report
LEARNT = 0.5  # of the prior's spread gone; the report draws the same line

_PRINT: dict[str, Callable[[Run], None]] = {
    "forecast": lambda run: _foreseen().show(run),
    "calibration": calibration,
    "backtest": backtest,
    "evaluation": evaluation,
    "search": search,
    "targets": targets,
    "compare": compare,
    "levers": levers,
    "evidence": evidence,
    "track": track,
    "track_odds": track_odds,
    "effects": lambda run: _swept().effects(run),
    "indices": lambda run: _swept().indices(run),
    "points": lambda run: _swept().points(run),
}
_TABLES = {  # parts that are called otherwise than their table
    "calibration": FIT,
    "forecast": "kpis",
    "curves": "search/curves",
    "effects": "sweep/effects",
    "indices": "sweep/indices",
    "points": "sweep/points",
}


_DOCUMENTS = {
    "backtest": "backtest.json",
    "evaluation": "evaluation.json",
    "search": SEARCH,
}  # parts that are no tables


def _places(run: Run) -> dict[str, Path | None]:
    """Return where the run is, and its page and advised plan where it has them."""
    inner = {"report": run.path / "report.html", "advice": run.path / "search" / "advice.yaml"}
    return {"run": run.path} | {what: path if path.is_file() else None for what, path in inner.items()}


def _has(run: Run, part: str) -> bool:
    if part in _DOCUMENTS:
        return (run.path / _DOCUMENTS[part]).is_file()
    return run.has(_TABLES.get(part, part))


def _data(run: Run, part: str) -> Any:
    if part in _DOCUMENTS:
        return run.json(_DOCUMENTS[part])
    if part == "forecast":
        return records(_foreseen().table(run))
    return records(run.read(_TABLES.get(part, part)))


def _foreseen() -> Any:
    """Return what prints a forecast."""
    from omolab import foreseen

    return foreseen


def _swept() -> Any:
    """Return what prints a sweep's parts."""
    from omolab import swept

    return swept


def _console(error: bool = False) -> Console:
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else LOG_WIDTH, markup=False, highlight=False)


def _cell(value: Any) -> str:
    return clean(", ".join(map(str, value)) if isinstance(value, list | tuple) else value)


def _table(title: str, *columns: str) -> Table:
    """Return an empty table; a heading that begins with ``>`` is a column of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(
            name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold"
        )
    return table


def _headed(words: Language, title: str, *heads: str) -> Table:
    """Return an empty table whose headings are phrases, those without a subject being the console's own."""
    names = []
    for head in heads:
        key = head.removeprefix(">")
        said = words.say(key if "." in key else f"console.{key}") if key else ""
        names.append(">" * head.startswith(">") + said.replace(SPACE, " "))
    return _table(title.replace(SPACE, " "), *names)


def _scenario(words: Language, name: object) -> str:
    """Return a scenario as it is typed, in Chinese by its label where it has one."""
    return clean(name) if words.lang == "en" else clean(words.scenario(name))


def _language(run: Run) -> Language:
    return Language(_READER.get(), str(run.manifest.get("parameters", {}).get("currency", "")))


def _amount(words: Language, value: float | None, unit: str, signed: bool = False) -> str:
    return words.amount(value, unit, signed).replace(SPACE, " ")


def _span(words: Language, low: float | None, high: float | None, unit: str, signed: bool = False) -> str:
    """Say an interval, its unit once."""
    if low is None or high is None:
        return "–"
    first, last = (_amount(words, end, unit, signed) for end in (low, high))
    code = first.split(" ")[0]
    last = last.removeprefix(f"{code} ") if code.isascii() and code.isalpha() else last
    for unit in (" %", " points", "个百分点"):
        first = first.removesuffix(unit)
    return words.say("console.span", low=first, high=last)


def _odds(words: Language, row: Mapping[str, Any]) -> str:
    """Say odds in per cent, with their interval where there is one."""
    said = words.odds(row["odds"]) + ("%" if words.lang == "zh" else " %")
    low, high = row.get("odds_low"), row.get("odds_high")
    if low is None or high is None:
        return said
    span = words.say("console.span", low=words.odds(low), high=words.odds(high))
    return words.say("console.within", value=said, range=span)


def last_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep, of each indicator, the rows of its last period; of two that end together, the longer."""
    for column, last in (("period_end", "max"), ("period_start", "min")):
        if column in rows:
            rows = rows[rows[column] == rows.groupby("kpi")[column].transform(last)]
    return rows


def _score(value: float | None, measure: str, all_values: Sequence[float | None]) -> Any:
    from rich.text import Text

    if value is None:
        return "-"
    known = [v for v in all_values if v is not None]
    miss = 0.9 if measure == "coverage_90" else 0.0  # coverage is best at its nominal 90 %
    best = abs(value - miss) <= min(abs(v - miss) for v in known)
    said = f"{100 * value:.0f} %" if measure == "coverage_90" else f"{value:.3f}"
    return Text(said, style="bold" if best else "")
