"""What a search tried, chose and verified, and what its advice rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from results import charts
from results.charts.search import objective, short_path, unit_of
from results.language import clean
from results.pages import Block, Cell, Figures, Material, Points, Section, Table, Text, number_in

if TYPE_CHECKING:
    import pandas as pd

SAME = 5e-4  # what two shares may differ by and still read alike
MOST = 3  # changes named in the order of what they bring


def searched(material: Material) -> Section | None:
    """Return what the search tried, chose and verified."""
    found, trials = material.run.json("search/result"), material.frame("search/trials")
    if not isinstance(found, dict) and trials is None:
        return None
    found = found if isinstance(found, dict) else {}
    language, made = material.language, []
    best = _numbers(found.get("best"))
    before = _numbers(found.get("start")) or _first(trials, best)
    moved = {path: value for path, value in best.items() if abs(value - before.get(path, math.nan)) > SAME}
    moved |= {path: value for path, value in best.items() if path not in before}
    budget = charts.budget(before, best, language) if moved else None
    if budget is not None:
        made.append(budget)
    names = objectives(found, trials)
    verified = _numbers(found.get("verified"))
    if trials is not None and 1 <= len(names) <= 2:
        made.append(charts.trials(trials, names, language, verified or None))
    blocks: list[Block] = [Figures(made)] if made else []
    if moved:
        blocks.append(_advice_table(material, before, best))
    elif best:
        blocks.append(Text(language.say("search.unmoved")))
    if gains := [gain for gain in found.get("gain") or [] if isinstance(gain, Mapping)]:
        blocks.append(_gain_table(material, gains))
    elif verified:
        blocks.append(
            _verified_table(material, verified, "search.verified" if moved else "search.as_written")
        )
    blocks += _optimism(material, found.get("optimism"))
    blocks += _over_today(material, found.get("over_status_quo"))
    blocks += _rests_on(material, found)
    blocks += _curves(material, names)
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


def _verified_table(material: Material, verified: Mapping[str, float], caption: str) -> Table:
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    for name, value in verified.items():
        if name.startswith("odds_") and language.has(f"group.{name.removeprefix('odds_')}"):
            label = language.say(f"group.{name.removeprefix('odds_')}")
            rows.append([label, say("chart.of_100", n=language.odds(value))])
        else:
            rows.append([objective(name, language), language.amount(value, unit_of(name))])
    return Table(say(caption), [say("scenarios.indicator"), say("search.value")], rows, [1])


def _gain_table(material: Material, gains: list[Mapping[str, Any]]) -> Table:
    language, say = material.language, material.language.say
    rows: list[list[Cell | str]] = []
    for gain in gains:
        key, unit = str(gain.get("kpi", "")), str(gain.get("unit") or "")
        low, high = (number_in(gain.get(name)) for name in ("low", "high"))
        band = language.band(low, high, unit, signed=True, full=False) if math.isfinite(low + high) else ""
        change = Cell(language.amount(number_in(gain.get("difference")), unit, signed=True), band)
        levels = [language.amount(number_in(gain.get(name)), unit) for name in ("before", "after")]
        rows.append([objective(key, language), *levels, change])
    head = [say("scenarios.indicator"), say("search.before"), say("search.after"), say("search.change")]
    return Table(say("search.verified"), head, rows, range(1, 4))


def _optimism(material: Material, rows: Any) -> list[Block]:
    """Tell how much of the gain the search saw was gone on futures it had not seen."""
    language, blocks = material.language, list[Block]()
    for row in rows or []:
        if isinstance(row, Mapping):
            key = str(row.get("kpi", ""))
            unit = unit_of(key)
            seen, left = (
                language.amount(number_in(row.get(name)), unit, signed=True)
                for name in ("searched", "verified")
            )
            said = language.say("search.optimism", kpi=objective(key, language), searched=seen, verified=left)
            blocks.append(Text(said, "small"))
    return blocks


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value or [] if isinstance(row, Mapping)]


def _over_today(material: Material, gains: Any) -> list[Block]:
    """Say what the advice, or the plan where nothing beats it, brings over what is done today."""
    language = material.language
    rows = _rows(gains)[:MOST]
    said = [
        language.say(
            "search.gains",
            kpi=objective(str(row.get("kpi", "")), language),
            change=_banded(material, row, str(row.get("unit") or "")),
        )
        for row in rows
    ]
    told = language.say("search.over_today", gains=language.say("semicolon").join(said))
    return [Text(told, "small")] if said else []


def _banded(material: Material, row: Mapping[str, Any], unit: str, key: str = "difference") -> str:
    """Return a change with its interval: ``+3 points (+1 to +5)``."""
    language = material.language
    low, high = number_in(row.get("low")), number_in(row.get("high"))
    said = language.amount(number_in(row.get(key)), unit, signed=True)
    if not math.isfinite(low + high):
        return said
    return language.say(
        "search.banded", change=said, band=language.band(low, high, unit, signed=True, full=False)
    )


def _rests_on(material: Material, found: Mapping[str, Any]) -> list[Block]:
    """Return what holds the advice back, what to change first, and what would move it."""
    say, language = material.language.say, material.language
    points = []
    for row in _rows(found.get("unreachable")):
        points.append(say("search.unreachable", bound=language.tell(row)))
    points += _first_changes(material, found)
    if found.get("stopped"):
        points.append(say("search.stopped", n=found["stopped"]))
    if found.get("sampler"):
        points.append(say("search.sampler", sampler=say(f"sampler.{found['sampler']}")))
    blocks: list[Block] = [Points(points)] if points else []
    tables = (_prices(material, found), _moves(material, found), _weights(material, found))
    blocks += [table for table in (*tables, _presets(material, found)) if table.rows]
    return blocks


def _first_changes(material: Material, found: Mapping[str, Any]) -> Iterable[str]:
    """Say which changes to make first: those that bring the most by themselves."""
    language = material.language
    for place, row in enumerate(_rows(found.get("alone"))[:MOST], start=1):
        for key, told in list(dict(row.get("effects") or {}).items())[:1]:
            line = short_path(str(row.get("line", "")), language)
            change = _banded(material, told, unit_of(key))
            yield language.say(
                "search.alone", n=place, lever=line, kpi=objective(key, language), change=change
            )


def _prices(material: Material, found: Mapping[str, Any]) -> Table:
    language, say, rows = material.language, material.language.say, []
    for row in _rows(found.get("prices")):
        bound, key = str(row.get("bound", "")), str(row.get("objective", ""))
        by = str(row.get("by") or "")
        name = say("objective.budget") if bound == "budget" else clean(bound, 60)
        per = language.amount(number_in(row.get("per")), "currency" if bound == "budget" else "")
        made: list[Cell | str] = [name, objective(key, language), per]
        made += [_banded(material, row, unit_of(key), "buys"), short_path(by, language) if by else ""]
        rows.append(made)
    heads = [say(f"search.{key}") for key in ("bound", "objective", "per", "buys", "by")]
    return Table(say("search.prices"), heads, rows, [2, 3])


def _moves(material: Material, found: Mapping[str, Any]) -> Table:
    language, say, rows = material.language, material.language.say, []
    names = [str(name) for name in found.get("objectives") or []]
    for row in _rows(found.get("moves")):
        line = str(row.get("line", ""))
        label = say("objective.budget") if line == "budget" else short_path(line, language)
        cells: list[Cell | str] = [Cell(label, clean(line, 80))]
        cells += [clean(_plain(row.get(end), language), 24) for end in ("from", "to")]
        told = dict(row.get("effects") or {})
        cells += [_banded(material, told[name], unit_of(name)) if name in told else "" for name in names]
        rows.append(cells)
    heads = [say("search.lever"), say("search.from"), say("search.to")]
    heads += [objective(name, language) for name in names]
    return Table(say("search.moves"), heads, rows, range(1, len(heads)))


def _curves(material: Material, names: list[str]) -> Iterable[Block]:
    """Show what each lever does over its whole range: the first objective drawn, all of them in numbers."""
    table, language, say = material.frame("search/curves"), material.language, material.language.say
    if table is None or table.empty:
        return
    names = names or list(table["objective"].unique())
    if (drawn := charts.curves(table, names[0], language)) is not None:
        yield Figures([drawn])
    rows: list[list[Cell | str]] = []
    for (line, _, _), group in table.groupby(["line", "at", "choice"], sort=False, dropna=False):
        first = group.iloc[0]
        unit = "currency" if line == "budget" else ""
        at = clean(first["choice"], 24) if first["choice"] else language.amount(float(first["at"]), unit)
        at = say("search.here", at=at) if first["here"] else at
        told = {str(row["objective"]): row for _, row in group.iterrows()}
        label = say("objective.budget") if line == "budget" else short_path(str(line), language)
        cells: list[Cell | str] = [Cell(label, clean(str(line), 80)), at]
        cells += [_banded(material, told[name], unit_of(name)) if name in told else "" for name in names]
        rows.append(cells)
    heads = [say("search.lever"), say("search.at"), *(objective(name, language) for name in names)]
    yield Table(say("search.curves"), heads, rows, range(1, len(heads)))


def _plain(value: Any, language: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(language.number(float(value))) if number else str(value)


def _weights(material: Material, found: Mapping[str, Any]) -> Table:
    language, say = material.language, material.language.say
    told = {str(k): v for k, v in dict(found.get("importance") or {}).items() if isinstance(v, Mapping) and v}
    lines = list(dict.fromkeys(line for weights in told.values() for line in weights))
    rows: list[list[Cell | str]] = [
        [
            Cell(short_path(line, language), clean(line, 80)),
            *(language.amount(number_in(weights.get(line)), "share") for weights in told.values()),
        ]
        for line in lines
    ]
    heads = [say("search.lever"), *(objective(name, language) for name in told)]
    return Table(say("search.importance"), heads, rows, range(1, len(heads)))


def _presets(material: Material, found: Mapping[str, Any]) -> Table:
    language, say = material.language, material.language.say
    names, rows = [str(name) for name in found.get("objectives") or []], []
    for row in _rows(found.get("presets")):
        told = dict(row.get("effects") or {})
        cells: list[Cell | str] = [say(f"evidence.{row.get('evidence')}")]
        cells.append(language.scenario(row.get("candidate")))
        cells += [_banded(material, told[name], unit_of(name)) if name in told else "" for name in names]
        cells.append(say("search.kept" if row.get("keeps_bounds") else "search.broken"))
        rows.append(cells)
    heads = [say("search.evidence"), say("search.after")]
    heads += [*(objective(name, language) for name in names), say("search.bounds")]
    return Table(say("search.presets"), heads, rows, range(2, 2 + len(names)))
