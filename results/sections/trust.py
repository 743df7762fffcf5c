"""How far to trust the answer: the search's checks, the fit, backtests, and what is not in the model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from results import charts
from results.charts.search import objective, short_path
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Points, Section, Table, Text

if TYPE_CHECKING:
    import pandas as pd

SERIES = 4


def searched(material: Material) -> Section | None:
    """Return what the search tried, chose and verified."""
    found, trials = material.run.json("search/result"), material.frame("search/trials")
    if not isinstance(found, dict) and trials is None:
        return None
    found = found if isinstance(found, dict) else {}
    language, made = material.language, []
    best = _numbers(found.get("best"))
    before = _numbers(found.get("start")) or _first(trials, best)
    budget = charts.budget(before, best, language) if best else None
    if budget is not None:
        made.append(budget)
    names = objectives(found, trials)
    verified = _numbers(found.get("verified"))
    if trials is not None and 1 <= len(names) <= 2:
        made.append(charts.trials(trials, names, language, verified or None))
    blocks: list[Block] = [Figures(made)] if made else []
    if best:
        blocks.append(_advice_table(material, before, best))
    if gains := [gain for gain in found.get("gain") or [] if isinstance(gain, Mapping)]:
        blocks.append(_gain_table(material, gains))
    elif verified:
        blocks.append(_verified_table(material, verified))
    blocks += _optimism(material, found.get("optimism"))
    return Section("search", language.say("section.search"), blocks)


def objectives(found: Mapping[str, Any], trials: pd.DataFrame | None) -> list[str]:
    """Return the columns that were maximised: as told, else the odds among the columns."""
    if trials is None:
        return []
    told = found.get("objectives") or [name for name in trials.columns if str(name).startswith("odds_")]
    return [str(name) for name in told if name in trials.columns]


def _numbers(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        return {}
    return {
        str(key): float(item)
        for key, item in value.items()
        if isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)
    }


def _first(trials: pd.DataFrame | None, best: Mapping[str, float]) -> dict[str, float]:
    """Return the first trial's values: a search tries the plan as it stands first."""
    if trials is None or trials.empty:
        return {}
    first = trials.sort_values("trial").iloc[0]
    return _numbers({name: first[name] for name in best if name in trials.columns})


def _advice_table(material: Material, before: Mapping[str, float], best: Mapping[str, float]) -> Table:
    say, language = material.language.say, material.language
    rows: list[list[Cell | str]] = []
    for path, value in best.items():
        unit = "share" if 0 <= value <= 1 and 0 <= before.get(path, 0.5) <= 1 else ""
        was = before.get(path, math.nan)
        rows.append(
            [
                Cell(short_path(path, language), clean(path, 80)),
                language.amount(was, unit),
                language.amount(value, unit),
                language.amount(value - was, unit, signed=True),
            ]
        )
    head = [say(f"search.{key}") for key in ("lever", "before", "after", "change")]
    return Table(say("search.caption"), head, rows, range(1, 4))


def _verified_table(material: Material, verified: Mapping[str, float]) -> Table:
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    for name, value in verified.items():
        if name.startswith("odds_") and language.has(f"group.{name.removeprefix('odds_')}"):
            label = language.say(f"group.{name.removeprefix('odds_')}")
            rows.append([label, say("chart.of_100", n=language.odds(value))])
        else:
            rows.append([language.kpi(name), language.number(value)])
    return Table(say("search.verified"), [say("scenarios.indicator"), say("search.value")], rows, [1])


def _gain_table(material: Material, gains: list[Mapping[str, Any]]) -> Table:
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    for gain in gains:
        key, unit = str(gain.get("kpi", "")), str(gain.get("unit") or "")
        low, high = (_number(gain.get(name)) for name in ("low", "high"))
        band = language.band(low, high, unit, signed=True) if math.isfinite(low + high) else ""
        change = Cell(language.amount(_number(gain.get("difference")), unit, signed=True), band)
        levels = [language.amount(_number(gain.get(name)), unit) for name in ("before", "after")]
        rows.append([objective(key, language), *levels, change])
    head = [say("scenarios.indicator"), say("search.before"), say("search.after"), say("search.change")]
    return Table(say("search.verified"), head, rows, range(1, 4))


def _optimism(material: Material, rows: Any) -> list[Block]:
    """Tell how much of the gain the search saw was gone on futures it had not seen."""
    language, blocks = material.language, list[Block]()
    for row in rows or []:
        if isinstance(row, Mapping):
            key = str(row.get("kpi", ""))
            unit = "share" if key.startswith(("odds_", "nearness_")) else ""
            seen, left = (
                language.amount(_number(row.get(name)), unit, signed=True)
                for name in ("searched", "verified")
            )
            said = language.say("search.optimism", kpi=objective(key, language), searched=seen, verified=left)
            blocks.append(Text(said, "small"))
    return blocks


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def fitted(material: Material) -> Section | None:
    """Return how well the market repeats history, and what history could not tell."""
    language, say = material.language, material.language.say
    statistics, parameters = material.frame("fit/statistics"), _parameters(material)
    if statistics is None and parameters is None:
        return None
    made = []
    if statistics is not None:
        made.append(charts.fit(statistics, language))
    if parameters is not None:
        made.append(charts.identified(parameters, language))
    if (response := material.frame("fit/response")) is not None:
        made.append(charts.responses(response, language))
    blocks: list[Block] = [Text(say("fit.intro")), *_diagnosed(material), Figures(made)]
    if parameters is not None:
        unknown = parameters.loc[~charts.learnt(parameters), "parameter"]
        if len(unknown):
            names = language.listed([clean(name, 40) for name in unknown[:12]])
            more = say("fit.more", n=len(unknown) - 12) if len(unknown) > 12 else ""
            blocks.append(Text(say("fit.unknown", names=names, more=more), "mind"))
        blocks.append(_parameter_table(material, parameters))
    return Section("fit", say("section.fit"), blocks)


def _diagnosed(material: Material) -> list[Block]:
    """Say how far the fit is to be trusted, and why not, where the run has diagnostics."""
    from results.diagnosis import findings, verdict

    told, language = material.run.json("fit/diagnostics"), material.language
    if not isinstance(told, dict):
        return []
    blocks: list[Block] = [Text(verdict(told, language), "say" if told.get("trust") == "yes" else "mind")]
    if (share := _number(told.get("predictive_90"))) == share:
        said = language.say("diagnosis.predictive", share=language.amount(share, "share"))
        blocks.append(Text(said, "small"))
    found = [said for _, said in findings(told, language)]
    return [*blocks, Points(found)] if found else blocks


def _parameters(material: Material) -> pd.DataFrame | None:
    """Return what history said of each parameter."""
    table = material.frame("fit/identified")
    complete = table is not None and {"parameter", "contraction", "grade", "p50"} <= set(table.columns)
    return table if complete else None


def _parameter_table(material: Material, parameters: pd.DataFrame) -> Table:
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    for _, line in parameters.sort_values("contraction", ascending=False, kind="stable").iterrows():
        prior = language.band(line["prior_low"], line["prior_high"])
        band = language.band(line["p05"], line["p95"])
        told = language.amount(max(line["contraction"], 0.0), "share")
        rows.append(
            [
                clean(line["parameter"], 60),
                clean(line["grade"], 4),
                prior,
                Cell(language.number(line["p50"]), band),
                told,
            ]
        )
    head = [say(f"fit.{key}") for key in ("parameter", "grade", "prior", "posterior", "told")]
    return Table(say("fit.caption"), head, rows, range(2, 5))


def backtest(material: Material) -> Section | None:
    """Return forecasts made blind beside what happened, and beside simpler models."""
    import pandas as pd

    document = material.run.json("backtest")
    if not isinstance(document, dict):
        return None
    language, say = material.language, material.language.say
    summary = pd.DataFrame(document.get("summary") or document.get("scores") or [])
    made = []
    if not summary.empty and {"series", "model", "wape"} <= set(summary.columns):
        made.append(charts.errors(summary, language))
    made += _forecasts(material)
    origins = document.get("origins") or []
    period = f"period.{document.get('period')}"
    fields = {"n": len(origins), "horizon": document.get("horizon", "–")}
    fields["period"] = say(period) if language.has(period) else ""
    blocks: list[Block] = [Text(say("backtest.intro", **fields))]
    blocks += [Figures(made)] if made else []
    if not summary.empty:
        blocks.append(_score_table(material, summary))
    return Section("backtest", say("section.backtest"), blocks)


def _forecasts(material: Material) -> list[charts.Chart]:
    import pandas as pd

    table = material.frame("backtest")
    if table is None or not {"series", "model", "origin", "date", "actual", "mean"} <= set(table.columns):
        return []
    table = table.rename(columns={f"q{level}": f"p{level}" for level in ("05", "25", "50", "75", "95")})
    table = table.assign(date=pd.to_datetime(table["date"]), origin=pd.to_datetime(table["origin"]))
    models = list(table["model"].unique())
    model = "omolab" if "omolab" in models else models[0]
    made = []
    for series in list(table["series"].unique())[:SERIES]:
        unit = (
            "currency"
            if str(series).endswith("revenue")
            else "share"
            if str(series).endswith("share")
            else ""
        )
        made.append(charts.forecast(table, series, material.language, model, unit))
    return made


def _score_table(material: Material, summary: pd.DataFrame) -> Table:
    language, say = material.language, material.language.say
    measures = [name for name in ("wape", "mase", "crps_over_mean", "coverage_90") if name in summary]
    compared = [name for name in ("dm_p",) if name in summary and summary[name].notna().any()]
    means = summary.groupby(["series", "model"], sort=False)[[*measures, *compared]].mean().reset_index()
    rows: list[list[Cell | str]] = []
    for _, line in means.iterrows():
        row: list[Cell | str] = [clean(line["series"], 40), language.model(line["model"])]
        row += [language.amount(line[name], "" if name == "mase" else "share") for name in measures]
        rows.append([*row, *(language.number(line[name]) for name in compared)])
    head = [say("backtest.series"), say("backtest.model")]
    head += [say(f"backtest.{name}") for name in (*measures, *compared)]
    return Table(say("backtest.caption"), head, rows, range(2, len(head)))


def open_questions(material: Material) -> Section | None:
    """Return what the plan asks that the model does not contain yet, and warnings."""
    say, about = material.language.say, material.about
    blocks: list[Block] = []
    if missing := about.get("not_modelled"):
        blocks += [Text(say("open.missing"), "mind"), Points([_line(item, material) for item in missing])]
    if warnings := about.get("warnings"):
        blocks += [Text(say("open.warnings"), "mind"), Points([_line(item, material) for item in warnings])]
    return Section("open", say("section.open"), blocks) if blocks else None


def _line(item: Any, material: Material) -> str:
    said = item.get("message", item) if isinstance(item, Mapping) else item
    return clean(material.language.translated(said), 300)
