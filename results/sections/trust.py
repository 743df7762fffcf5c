"""How far to trust the answer: the fit, backtests, and what is not in the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from results import charts
from results.language import Language, clean
from results.pages import Block, Cell, Figures, Material, Points, Section, Table, Text, number_in
from results.recipes import VOICES, MeanRecipe, mean_recipes

if TYPE_CHECKING:
    import pandas as pd

SERIES = 4
SMALL = 0.001  # a p below it is not told more exactly
TOLD = 0.005  # a parameter of which history told less keeps its prior; fit/identified.parquet lists it


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
    blocks: list[Block] = [
        Text(say("fit.intro" if material.of_history else "fit.intro_plan")),
        *_diagnosed(material),
        Figures(made),
    ]
    if parameters is not None:
        unknown = parameters.loc[~charts.learnt(parameters), "parameter"]
        if len(unknown):
            names = language.some([clean(name, 40) for name in unknown], 12)
            blocks.append(Text(say("fit.unknown", names=names), "mind"))
        blocks.append(_parameter_table(material, parameters))
        if kept := int((parameters["contraction"] < TOLD).sum()):
            blocks.append(Text(say("fit.kept", n=kept), "small"))
    return Section("fit", say("section.fit"), blocks)


def _diagnosed(material: Material) -> list[Block]:
    """Say how far the fit is to be trusted, and why not, where the run has diagnostics."""
    from results.diagnosis import even, findings, recovered, verdict

    told, language = material.run.json("fit/diagnostics"), material.language
    if not isinstance(told, dict):
        return []
    blocks: list[Block] = [Text(verdict(told, language), "say" if told.get("trust") == "yes" else "mind")]
    if (share := number_in(told.get("predictive_90"))) == share:
        said = language.say("diagnosis.predictive", share=language.amount(share, "share"))
        blocks.append(Text(said, "small"))
    if (again := recovered(told, language)) is not None:
        blocks.append(Text(again, "small"))
    blocks += [Text(said, "small") for said in even(told, language)]
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
    twins = _twins(material)
    told_of = parameters[parameters["contraction"] >= TOLD]
    shown = told_of if len(told_of) else parameters
    for _, line in shown.sort_values("contraction", ascending=False, kind="stable").iterrows():
        prior = language.band(line["prior_low"], line["prior_high"], full=False)
        band = language.band(line["p05"], line["p95"])
        told = language.estimate(max(line["contraction"], 0.0), "share")
        rows.append(
            [
                clean(line["parameter"], 60),
                clean(line["grade"], 4),
                prior,
                Cell(language.number(line["p50"], full=True), band),
                told,
                *(language.number(by.get(line["parameter"], float("nan"))) for by in twins.values()),
            ]
        )
    head = [say(f"fit.{key}") for key in ("parameter", "grade", "prior", "posterior", "told", *twins)]
    return Table(say("fit.caption"), head, rows, range(2, len(head)))


def _twins(material: Material) -> dict[str, Mapping[str, float]]:
    """Return by parameter how far off twins are found, and the smallest p of their ranks, where known."""
    told = material.run.json("fit/diagnostics")
    told = told if isinstance(told, dict) else {}
    found: dict[str, Mapping[str, float]] = {}
    if isinstance(again := told.get("recovery"), Mapping):
        found["twins"] = again["error"]
    if isinstance(ranks := told.get("ranks"), Mapping):
        each = [one["ks_p_holm"] for one in ranks.values()]
        found["rank"] = {name: min(by[name] for by in each) for name in each[0]} if each else {}
    return found


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
    if recipes := mean_recipes(document):
        blocks.append(_pool_table(material, recipes))
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
    for series in _unlike(table[table["model"] == model])[:SERIES]:
        unit = (
            "currency"
            if str(series).endswith("revenue")
            else "share"
            if str(series).endswith("share")
            else ""
        )
        made.append(charts.forecast(table, series, material.language, model, unit))
    return made


def _unlike(table: pd.DataFrame) -> list[str]:
    """Return the series to draw: a lone channel is the total again."""
    groups = table.groupby("series", sort=False)
    told = {str(name): rows[["actual", "mean"]].to_numpy(dtype=float) for name, rows in groups}

    def again(name: str) -> bool:
        total = f"total.{name.rpartition('.')[2]}"
        return name != total and total in told and np.array_equal(told[name], told[total], equal_nan=True)

    return [name for name in told if not again(name)]


def _score_table(material: Material, summary: pd.DataFrame) -> Table:
    language, say = material.language, material.language.say
    shown = ("wape", "mase", "crps_over_mean", "pinball_over_mean", "coverage_90")
    measures = [name for name in shown if name in summary]
    compared = [name for name in ("dm_p", "over_chosen") if name in summary and summary[name].notna().any()]
    means = summary.groupby(["series", "model"], sort=False)[[*measures, *compared]].mean().reset_index()
    rows: list[list[Cell | str]] = []
    for _, line in means.iterrows():
        row: list[Cell | str] = [clean(line["series"], 40), language.model(line["model"])]
        row += [language.amount(line[name], "" if name == "mase" else "share") for name in measures]
        rows.append([*row, *(_compared(language, name, line[name]) for name in compared)])
    head = [say("backtest.series"), say("backtest.model")]
    head += [say(f"backtest.{name}") for name in (*measures, *compared)]
    return Table(say("backtest.caption"), head, rows, range(2, len(head)))


def _compared(language: Language, name: str, value: float) -> str:
    """Return a comparison with baselines; a p below a thousandth says no more than that."""
    return f"< {language.number(SMALL)}" if name == "dm_p" and value < SMALL else language.number(value)


def _pool_table(material: Material, recipes: Sequence[MeanRecipe]) -> Table:
    """Return how much each voice said in the forecast, and the baseline that would have been chosen."""
    language, say = material.language, material.language.say
    voices = [voice for voice in VOICES if any(voice in recipe.weights for recipe in recipes)]
    rows: list[list[Cell | str]] = []
    for recipe in recipes:
        row: list[Cell | str] = [clean(recipe.series, 40)]
        row += [
            language.amount(recipe.weights[voice], "share") if voice in recipe.weights else "–"
            for voice in voices
        ]
        row += [language.number(recipe.spread), language.model(recipe.chosen) if recipe.chosen else "–"]
        rows.append(row)
    head = [say("backtest.series"), *(say(f"voice.{voice}") for voice in voices)]
    head += [say("backtest.spread"), say("backtest.chosen")]
    return Table(say("backtest.pooled"), head, rows, range(1, len(head) - 1))


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
