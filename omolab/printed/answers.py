"""The answer of a run: its targets with their odds, scenarios side by side, what came of a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from omolab.printed import sheets
from omolab.printed.sheets import (
    HEADLINES,
    amount,
    estimate,
    headed,
    language,
    last_period,
    odds,
    records,
    scenario_name,
    span,
)
from results.language import SPACE, Language, clean

if TYPE_CHECKING:
    import pandas as pd

    from results.store import Run

WHOLE = 32  # letters of a scenario's name that are never broken


def targets(run: Run) -> None:
    """Print each target: where it starts, the middle 80 % of outcomes and the odds, by scenario."""
    words = language(run)
    if run.targets.empty:
        print(words.say("targets.none_due"))
        print()
        return
    heads = ("indicator", ">from", ">target", "by", "scenario", ">expected", ">range_80", ">odds")
    table = headed(words, words.say("targets.title"), *heads)
    longest = max(len(scenario_name(words, name)) for name in run.targets["scenario"].unique())
    table.columns[4].no_wrap = longest <= WHOLE  # indicators are broken instead, at a blank
    for (kpi, due), group in run.targets.groupby(["kpi", "date"], sort=False):
        rows = records(group)
        unit = rows[0].get("gap_unit") or ""
        ends = [amount(words, rows[0][column], unit) for column in ("baseline", "target")]
        head = [words.kpi(str(kpi)), *ends, words.month(due)]
        for row in rows:
            range_ = span(words, row["value_p10"], row["value_p90"], unit)
            middle = estimate(words, row["value_p50"], unit)
            start = amount(words, row["baseline"], unit)  # businesses that are compared start elsewhere
            head[1] = start if start != ends[0] else head[1]
            ends[0] = start
            table.add_row(*head, scenario_name(words, row["scenario"]), middle, range_, odds(words, row))
            head = [""] * len(head)
    sheets.console().print(table)
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
        words.month(end): [scenario_name(words, name) for name in same.unique()]
        for end, same in whose.groupby(early["measured_on"])
    }


def compare(run: Run) -> None:
    """Print differences to the base scenario over the last year, with their intervals."""
    import pandas as pd

    from results.pages import YEAR_DAYS, standing_still

    rows = last_period(run.compare)
    wanted = [*(run.targets["kpi"].unique() if run.has("targets") else ()), *HEADLINES]
    still = standing_still(rows) - {*wanted[: len(wanted) - len(HEADLINES)]}
    shown = [kpi for kpi in dict.fromkeys(wanted) if kpi not in still and (rows["kpi"] == kpi).any()]
    shown = shown or list(rows["kpi"].unique())
    words = language(run)
    bases = [scenario_name(words, base) for base in rows["base"].unique()]
    title = words.say("compare.title", base=words.listed(bases))
    if "period_end" in rows:
        days = (pd.to_datetime(rows["period_end"]) - pd.to_datetime(rows["period_start"])).dt.days
        key = "compare.year" if days.min() >= YEAR_DAYS else "compare.until"
        title = words.say(key, title=title, month=words.month(rows["period_end"].max()))
    heads = ("indicator", "scenario", ">compare.difference", ">interval_95", "")
    table = headed(words, title, *heads)
    for kpi in shown:
        label = words.kpi(kpi)
        for row in records(rows[rows["kpi"] == kpi]):
            low, high, unit = row["low"], row["high"], row.get("unit") or ""
            clear = low is not None and high is not None and not low <= 0 <= high
            middle = estimate(words, row["difference"], unit, signed=True)
            interval = span(words, low, high, unit, signed=True)
            table.add_row(
                label, scenario_name(words, row["scenario"]), middle, interval, "*" if clear else ""
            )
            label = ""
    sheets.console().print(table)
    rest = rows["kpi"].nunique() - len(shown)
    star = words.say("compare.star")
    print(words.say("compare.rest", star=star, n=rest) if rest else star)
    print()


def track(run: Run) -> None:
    """Print what was expected of each period beside what came."""
    rows, words = records(run.read("track")), language(run)
    heads = ("indicator", "channel", "to", ">expected_each", ">range", ">actual", ">off_each")
    table = headed(words, words.say("section.track"), *map(_of_track, heads), "")
    before = ("", "")
    for row in sorted(rows, key=lambda row: (row["kpi"], row["channel"], row["period_end"])):
        whole = row["channel"] == "all"
        series = (words.kpi(row["kpi"]), words.say("track.all") if whole else _channel(words, row["channel"]))
        middle, actual = (estimate(words, row[name], row["unit"]) for name in ("expected_p50", "actual"))
        range_ = span(words, row["expected_p10"], row["expected_p90"], row["unit"])
        off = "-" if row["variance"] is None else words.change(row["variance"]).replace(SPACE, " ")
        shown = series if series != before else ("", "")
        table.add_row(
            *shown, words.month(row["period_end"]), middle, range_, actual, off, "" if row["inside"] else "*"
        )
        before = series
    sheets.console().print(table)
    print(words.say("track.outside"))
    print()


def track_odds(run: Run) -> None:
    """Print the odds before and after the actuals, and what the weighing rests on."""
    told, words = run.json("track.json"), language(run)
    heads = ("indicator", ">target", "by", ">odds_planned", ">odds_now", ">expected_now")
    table = headed(words, words.say("track.odds"), *map(_of_track, heads))
    now = {
        (row["kpi"], row["date"]): row
        for row in records(run.read("track_targets"))
        if row["scenario"] == told["scenario"]
    }
    for row in records(run.targets[run.targets["scenario"] == told["scenario"]]):
        after, unit = now[row["kpi"], row["date"]], row["gap_unit"] or ""
        head = [words.kpi(row["kpi"]), amount(words, row["target"], unit), words.month(row["date"])]
        table.add_row(
            *head,
            odds(words, row),
            odds(words, after),
            estimate(words, after["value_p50"], unit),
        )
    sheets.console().print(table)
    worth = f"{told['futures_worth']:.0f}"
    print(words.say("track.about", periods=told["periods"], futures=told["futures"], worth=worth))
    if told["strange"]:
        print(words.say("track.strange", errors=f"{told['errors_off']:.1f}"))
    if told["strangers"]:
        names = words.listed([clean(name, 40) for name in told["strangers"]])
        print(words.say("track.strangers", names=names))
    print()


def _channel(words: Language, name: object) -> str:
    """Return a channel as it is typed, in Chinese in words."""
    return clean(name if words.lang == "en" else words.spelt(name), 24)


def _of_track(head: str) -> str:
    return ">" * head.startswith(">") + "track." + head.removeprefix(">")
