"""The first page: what was asked, the odds of every target, a verdict, and what to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from results import charts
from results.charts.scenarios import level
from results.charts.search import objective, short_path
from results.language import clean
from results.pages import Block, Cell, Counts, Figures, Material, Section, Table, Text, number_in
from results.sections.outlook import how_joined
from results.targets import GROUPS

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ((0.9, "certain"), (0.66, "likely"), (0.33, "open"), (0.1, "unlikely"), (-1.0, "remote"))
TOLD = ("odds_all", "odds_growth", "odds_efficiency", "operating_profit", "net_sales")
MOVERS, ENOUGH = 3, 20  # lines named; plans tried, below which their weights are luck
GAINS = ("net_sales", "operating_profit", "contribution")


def section(material: Material) -> Section | None:
    """Return the answer, as far as the run holds one."""
    if not material.scenarios:
        return _without_scenarios(material)
    language = material.language
    blocks: list[Block] = [Text(sentence, "verdict") for sentence in verdict(material)]
    together, targets = material.together, material.targets
    if together is not None and material.lead in together.index:
        row = together.loc[material.lead]
        items = [
            (
                language.say(f"group.{group}"),
                float(row[f"odds_{group}"]),
                _range(material, row, f"odds_{group}"),
            )
            for group in ("all", *GROUPS)
            if math.isfinite(row[f"odds_{group}"])
        ]
        blocks += [Counts(items)] if items else []
    blocks += [Text(sentence, "advice") for sentence in advice(material)]
    blocks += [Text(sentence, "say") for sentence in movers(material)]
    blocks += [Text(sentence, "mind") for sentence in cautions(material)]
    if targets is not None:
        pictures = [charts.odds(targets, language, material.lead, material.base)]
        if material.hardest is not None and material.has_months:
            row = material.hardest
            # The verdict's own scenario leads, also where others are held against it, as in a search.
            drawn = list(dict.fromkeys([material.lead, material.base, *material.scenarios]))[:4]
            pictures.append(charts.fan(material.kpis, row["kpi"], language, row, material.base, drawn))
        blocks += [target_table(material, targets), Figures(pictures)]
    return Section("answer", language.say("section.answer"), blocks)


def _without_scenarios(material: Material) -> Section | None:
    sentences = [Text(sentence, "advice") for sentence in advice(material)]
    return Section("answer", material.language.say("section.answer"), [*sentences]) if sentences else None


def verdict(material: Material) -> list[str]:
    """Return the answer in at most four sentences."""
    say, language, lead = material.language.say, material.language, material.lead
    name = language.the(lead, first=True)
    sentences: list[str] = []
    together = material.together
    if together is not None and lead in together.index and math.isfinite(together.loc[lead, "odds_all"]):
        row = together.loc[lead]
        word = next(word for least, word in LEVELS if row["odds_all"] >= least)
        fields = {"scenario": name, "n": int(row["targets_measured"]), "odds": language.odds(row["odds_all"])}
        key = "verdict.one" if row["targets_measured"] == 1 else "verdict.all"
        said = language.sentences(say(f"verdict.{word}"), say(key, **fields), _base_odds(material))
        sentences.append(said)
    worst = material.hardest
    if worst is not None:
        side = "lower" if worst["better"] == "lower" else "higher"
        median = language.estimate(worst["value_p50"], worst["gap_unit"])
        fields = {
            "kpi": language.kpi_inline(worst["kpi"]),
            "odds": language.odds(worst["odds"]),
            "median": median,
        }
        sentences.append(say(f"verdict.hardest.{side}", target=level(worst, language), **fields))
    return [*sentences, *_gain(material)]


def _base_odds(material: Material) -> str:
    together, base = material.together, material.base
    if together is None or base == material.lead or base not in together.index:
        return ""
    odds = material.language.odds(together.loc[base, "odds_all"])
    name = material.language.the(base, first=True)
    return material.language.say("verdict.base", base=name, odds=odds)


def _gain(material: Material) -> list[str]:
    compared, language = material.compared, material.language
    if compared is None:
        return []
    mine = compared[compared["scenario"] == material.lead].set_index("kpi")
    for kpi in GAINS:
        if kpi in mine.index:
            row = mine.loc[kpi]
            fields = {
                "scenario": language.the(material.lead),
                "base": language.the(material.base),
                "kpi": language.kpi_inline(kpi),
                "difference": language.estimate(row["difference"], row["unit"], signed=True),
                "band": language.band(row["low"], row["high"], row["unit"], signed=True),
            }
            known = math.isfinite(row["low"])
            return [language.say("verdict.gain" if known else "verdict.gain_plain", **fields)]
    return []


def target_table(material: Material, targets: pd.DataFrame) -> Table:
    """Return every target with its odds under the lead and, beside it, every other scenario."""
    language, say = material.language, material.language.say
    others = [name for name in material.scenarios if name != material.lead]
    mine = targets[targets["scenario"] == material.lead]
    rows: list[list[Cell | str]] = []
    for _, target in mine.iterrows():
        mark = say("targets.assumed") if bool(target["assumed"]) else ""
        row: list[Cell | str] = [
            Cell(language.kpi(target["kpi"]), say(f"group.{target['group']}") if _group(target) else ""),
            _odds(material, target),
            Cell(level(target, language), "\n".join(filter(None, [language.month(target["date"]), mark]))),
            _median(material, target),
            language.amount(target["baseline"], target["gap_unit"]),
        ]
        same = targets[(targets["kpi"] == target["kpi"]) & (targets["date"] == target["date"])]
        for other in others:
            found = same[same["scenario"] == other]
            row.append(language.odds(found["odds"].iloc[0]) if len(found) else "–")
        rows.append(row)
    rows += _joint_rows(material, others)
    head = [say(f"targets.{key}") for key in ("target", "odds", "level", "median", "baseline")]
    head += [clean(language.scenario(name), 40) for name in others]
    caption = say("targets.caption", scenario=language.the(material.lead))
    return Table(caption, head, rows, range(1, len(head)))


def _group(target: Any) -> bool:
    return target["group"] in GROUPS


def _median(material: Material, target: Any) -> Cell:
    language, unit = material.language, target["gap_unit"]
    band = language.band(target["value_p10"], target["value_p90"], unit)
    return Cell(
        language.estimate(target["value_p50"], unit), band if math.isfinite(target["value_p10"]) else ""
    )


def _odds(material: Material, target: Any) -> Cell:
    odds = target["odds"]
    if not math.isfinite(odds):
        return Cell("–", material.language.say("targets.unmeasured"))
    text = material.language.say("chart.of_100", n=material.language.odds(odds))
    return Cell(text, _range(material, target, "odds"))


def _range(material: Material, row: Any, column: str) -> str:
    low, high = row.get(f"{column}_low", math.nan), row.get(f"{column}_high", math.nan)
    if not math.isfinite(low + high):
        return ""
    return material.language.say("odds.range", low=round(100 * low), high=round(100 * high))


def _joint_rows(material: Material, others: list[str]) -> list[list[Cell | str]]:
    together, language = material.together, material.language
    if together is None or material.lead not in together.index:
        return []
    rows: list[list[Cell | str]] = []
    for group in ("all", *GROUPS):
        column = f"odds_{group}"
        mine = together.loc[material.lead]
        if not math.isfinite(mine[column]):
            continue
        text = language.say("chart.of_100", n=language.odds(mine[column]))
        label = Cell(language.say("targets.joint", group=language.say(f"group.{group}")), "", "sum")
        row: list[Cell | str] = [label, Cell(text, _range(material, mine, column)), "", "", ""]
        row += [
            language.odds(together.loc[name, column]) if name in together.index else "–" for name in others
        ]
        rows.append(row)
    return rows


def advice(material: Material) -> list[str]:
    """Return what to do: the search's advice where there is one, else the scenario with the best odds."""
    language, say = material.language, material.language.say
    found = material.run.json("search/result")
    if isinstance(found, dict):
        said = found.get("told") or found.get("message")
        sentences = [clean(language.tell(said))] if said else []
        gains = found.get("gain") or []
        gains = [gains] if isinstance(gains, dict) else [gain for gain in gains if isinstance(gain, dict)]
        told = sorted(
            (gain for gain in gains if gain.get("kpi") in TOLD), key=lambda gain: TOLD.index(gain["kpi"])
        )
        sentences += [_search_gain(material, gain) for gain in told[:1] if gain.get("difference") is not None]
        if found.get("binding"):
            limits = language.listed([clean(limit, 60) for limit in found["binding"]])
            sentences.append(say("advice.binding", limits=limits))
        return sentences
    together = material.together
    if together is None or len(together) < 2 or together["odds_all"].isna().all():
        return []
    best, mine = str(together["odds_all"].idxmax()), together["odds_all"].get(material.lead, math.nan)
    if best == material.lead or not together["odds_all"].max() > mine:
        return [say("advice.lead", scenario=language.the(material.lead))]
    odds = language.odds(together.loc[best, "odds_all"])
    return [say("advice.other", scenario=language.the(best), odds=odds)]


def movers(material: Material) -> list[str]:
    """Return what moves the odds most, as a search found; or how to find out, where this run cannot tell."""
    language, found = material.language, material.run.json("search/result")
    trials = material.frame("search/trials")
    enough = isinstance(found, dict) and trials is not None and len(trials) >= ENOUGH
    told = found.get("importance") if enough and isinstance(found, dict) else None
    sentences = []
    for name, weights in (told if isinstance(told, dict) else {}).items():
        known = {str(k): v for k, v in dict(weights or {}).items() if number_in(v) > 0}
        first = sorted(known, key=lambda line: -known[line])[:MOVERS]
        if first:
            lines = language.listed(
                [f"{short_path(line, language)} ({language.amount(known[line], 'share')})" for line in first]
            )
            goal = objective(name, language)
            goal = goal[:1].lower() + goal[1:]
            sentences.append(language.say("answer.movers", objective=goal, lines=lines))
    if sentences or material.targets is None or material.run.has("levers"):
        return sentences
    if isinstance(found, dict):  # asked already, of too few plans to tell
        return [language.say("answer.ask_more", n=0 if trials is None else len(trials))]
    return [language.say("answer.ask")]


def _search_gain(material: Material, gain: dict[str, Any]) -> str:
    language, kpi = material.language, str(gain.get("kpi", ""))
    odds = kpi.startswith("odds_")
    label = language.say(f"group.{kpi.removeprefix('odds_')}") if odds else language.kpi_inline(kpi)
    unit = "share" if odds else str(gain.get("unit", ""))
    low, high = (math.nan if gain.get(name) is None else float(gain[name]) for name in ("low", "high"))
    values = {
        "difference": language.amount(float(gain["difference"]), unit, signed=True, full=not odds),
        "band": language.band(low, high, unit, signed=True, full=not odds),
    }
    return language.say("advice.gain_odds" if odds else "advice.gain", kpi=label, **values)


def cautions(material: Material) -> list[str]:
    """Return what a reader must know before believing the answer."""
    import numpy as np
    import pandas as pd

    say, targets = material.language.say, material.targets
    found = []
    if material.kpis is not None and not material.of_history:
        found.append(say("mind.unfitted"))
    if material.run.has("track"):
        found.append(say("mind.track", section=say("section.track")))
    diagnosed = material.run.json("fit/diagnostics")
    if material.kpis is not None and isinstance(diagnosed, dict) and diagnosed.get("trust") != "yes":
        said = "mind.distrust" if diagnosed.get("trust") == "no" else "mind.care"
        found.append(say(said, section=say("section.fit")))
    if material.run.has("fit/outlook") and (told := how_joined(material.run, material.language)) is not None:
        found += [told[0]] if told[1] == "mind" else []
    if targets is not None:
        mine = targets[targets["scenario"] == material.lead]
        gap = pd.to_datetime(mine["date"]) - pd.to_datetime(mine["measured_on"])
        early = mine[gap > pd.Timedelta(days=45)]
        if len(early):
            month = material.language.month(early["measured_on"].max())
            found.append(say("mind.early", kpis=_named(material, early), month=month))
        unmeasured = [material.language.kpi_inline(kpi) for kpi in mine.loc[mine["odds"].isna(), "kpi"]]
        if unmeasured:
            found.append(say("mind.unmeasured", kpis=material.language.listed(unmeasured)))
        assumed = mine[mine["assumed"].astype(bool)]
        if len(assumed):
            found.append(say("mind.assumed", kpis=_named(material, assumed)))
        if apart := _apart(material, mine):
            found.append(say("mind.apart", kpis=material.language.listed(apart)))
        ahead = (mine["baseline"] - mine["target"]) * np.where(mine["better"] == "lower", -1, 1)
        if (ahead >= 0).any():
            found.append(say("mind.met", kpis=_named(material, mine[ahead >= 0])))
    if material.kpis is not None:
        futures = material.kpis[["draw", "replicate"]].drop_duplicates()
        if len(futures) < 30:
            found.append(say("mind.few", n=len(futures)))
    return found


def _apart(material: Material, targets: pd.DataFrame) -> list[str]:
    """Return the targets that have odds and are measured in too few futures to be met with the others."""
    together, kpis = material.together, material.kpis
    if together is None or kpis is None or material.lead not in together.index:
        return []
    known = targets[targets["odds"].notna()]
    if together.loc[material.lead, "targets_measured"] >= len(known):
        return []
    mine = kpis[(kpis["scenario"] == material.lead) & (kpis["channel"] == "all")]
    futures = len(mine[["draw", "replicate"]].drop_duplicates())
    lived = mine.dropna(subset="value").drop_duplicates(["kpi", "draw", "replicate"])["kpi"].value_counts()
    names = [kpi for kpi in known["kpi"].unique() if lived.get(kpi, 0) < futures]
    return [material.language.kpi_inline(kpi) for kpi in names]


def _named(material: Material, targets: pd.DataFrame) -> str:
    """Return the indicators of some targets in one phrase."""
    kpis = dict.fromkeys(targets["kpi"])
    return material.language.some([material.language.kpi_inline(kpi) for kpi in kpis], 6)
