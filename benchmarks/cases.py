"""The worked cases: each bundled plan's own lines, what the market makes of them, and what comes out.

``python benchmarks/cases.py`` writes ``docs/cases/<plan>.md`` from a small run of each plan, kept in
``results/runs/<plan>``; a run that is missing is made first (minutes each). Figures on the pages are the
run's own; what is few is called few.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    import pandas as pd

    from results.language import Language
    from results.store import Run
    from scenarios.plan import Plan

PAGES = ROOT / "docs" / "cases"
ORDER = ("offline_to_online", "omo_fusion", "online_mall", "manufacturer", "ecommerce_dept")
CUSTOMERS, REPLICATES, SEED = 1_000, 2, 1
FIGURES = "## What comes out"
HEADLINES = ("net_sales", "operating_profit", "orders", "active_customers", "online_share", "cac")


def main() -> None:
    """Write the pages asked for; make the runs that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", nargs="*", choices=[[], *ORDER], help="all unless given")
    parser.add_argument("--runs", type=Path, default=ROOT / "results" / "runs", help="folder of the runs")
    parser.add_argument("--words", action="store_true", help="only what rests on the plan; figures stay")
    asked = parser.parse_args()
    for name in asked.plans or ORDER:
        file = PAGES / f"{name}.md"
        text = reworded(name, file) if asked.words else page(name, kept(name, asked.runs))
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote docs/cases/{name}.md")


def command(name: str) -> str:
    """Return the command that makes a case's run."""
    size = f"--customers {CUSTOMERS} --replicates {REPLICATES} --seed {SEED}"
    return f"omolab run {name} --scenario plan {size} --out results/runs/{name}"


def kept(name: str, runs: Path) -> Run:
    """Return the run of a plan, made now if it is not there."""
    import omolab

    if not (runs / name / "manifest.json").exists():
        sizes: dict[str, Any] = {"customers": CUSTOMERS, "replicates": REPLICATES, "seed": SEED}
        return omolab.run(name, ["plan"], out=runs / name, **sizes)
    return omolab.open_run(runs / name)


def reworded(name: str, file: Path) -> str:
    """Return a page with its first half as the plan stands today, and the figures of its last run."""
    from results.language import Language
    from scenarios.plan import load_plan

    plan = load_plan(name)
    figures = file.read_text(encoding="utf-8").partition(FIGURES)[2]
    return _joined([declared(plan, Language("en", plan.currency)), FIGURES + figures])


def page(name: str, run: Run) -> str:
    """Return one plan's page."""
    from results.language import Language
    from scenarios.plan import load_plan

    plan = load_plan(name)
    words = Language("en", plan.currency)
    draws, futures = run.kpis["draw"].nunique(), len(run.kpis[["draw", "replicate"]].drop_duplicates())
    parts = [
        declared(plan, words),
        FIGURES + "\n",
        f"```text\n{command(name)}\n```\n",
        f"{futures} futures: {draws} draws of the parameters, each with {REPLICATES} streams of luck, "
        f"{CUSTOMERS:,} simulated customers. Few draws: the ranges in brackets say how little so few "
        "can tell. Decide on a run with your own history and more futures.\n",
        *_odds(run, words),
        "What the plan changes against doing nothing new, over the last year (paired; 95 % interval):\n",
        *_differences(run, words),
        "## How far to trust it\n",
        *_trust(run),
        "## What does not act\n",
        *_idle(plan),
    ]
    return _joined(parts)


def declared(plan: Plan, words: Language) -> str:
    """Return the part of a page that rests on the plan alone: what it says, and what is simulated of it."""
    parts = [
        f"# {plan.title}\n",
        "Written by `make cases` from a small run; do not edit.\n",
        f"Plan `{plan.name}`: {plan.months} months from {words.month(plan.start)}, money in {plan.currency}. "
        f"Line by line: [from the plans' lines to the market](../plans.md).\n",
        "## What the plan says\n",
        "Where the business stands today:\n",
        *_starting(plan, words),
        "What it wants:\n",
        *_targets(plan, words),
        *_money(plan, words),
        "## What the market simulates\n",
        f"{len(plan.acting())} initiatives. Each changes what customers meet or how the business works, "
        "never an indicator. What a case claims of it is kept beside, to compare.\n",
        *_initiatives(plan),
        *([f"Risks that may strike: {_listed(plan.risks)}.\n"] if plan.risks else []),
    ]
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts).replace("\n\n\n", "\n\n").rstrip("\n") + "\n"


def _starting(plan: Plan, words: Language) -> Iterator[str]:
    units = _units()
    rows = []
    for key, figure in plan.starting_point.items():
        base, _, channel = key.partition(".")
        bound = "" if figure.bound == "exact" else f"{figure.bound} "
        value = bound + words.amount(figure.value, units.get(base, ""))
        stated = "the plan" if figure.source == "plan" else "assumed"
        rows.append((words.kpi(base) + (f", {channel}" if channel else ""), value, stated))
    yield from _table(("Figure", "Value", "Says"), rows)


def _targets(plan: Plan, words: Language) -> Iterator[str]:
    units, rows = _units(), []
    for target in plan.targets:
        level = words.amount(target.value, units[target.kpi])
        value = level if target.value is not None else words.change(target.change, full=False)
        says = "partly assumed" if target.assumed else "the plan"
        rows.append((words.kpi(target.kpi), value, words.month(target.by), target.group, says))
    yield from _table(("Indicator", "Target", "By", "Group", "Says"), rows)


def _money(plan: Plan, words: Language) -> Iterator[str]:
    year = plan.budget.year_1 if plan.budget else None
    if year is None:
        return
    split = {name: share for name, share in (year.split or {}) if share} if year.split else {}
    shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in split.items())
    yield f"Its first year's budget is {words.amount(year.total, plan.currency)}" + (
        f": {shares}.\n" if shares else ".\n"
    )


def _initiatives(plan: Plan) -> Iterator[str]:
    rows = []
    for name, action in plan.acting().items():
        ways = [f"invests in {_listed(action.invests)}"] if action.invests else []
        ways += [f"`{target}` × {factor:g}" for target, factor in action.effects.items()]
        ways += [f"begins {_listed(action.enables)}"] if action.enables else []
        ways += [f"opens {_listed(action.opens)}"] if action.opens else []
        ways += [f"eases {_listed(action.eases)}"] if action.eases else []
        claims = ", ".join(f"`{kpi}` {value:+.0%}" for kpi, value in action.claims.items())
        title = action.title or name.replace("_", " ")
        rows.append((title[:1].upper() + title[1:], str(plan.start_month(name)), "; ".join(ways), claims))
    yield from _table(("Initiative", "Month", "Acts by", "Claimed by a case"), rows)


def _odds(run: Run, words: Language) -> Iterator[str]:
    rows = []
    told = run.targets
    for _, target in told[told["scenario"] == "plan"].iterrows():
        today = told[(told["scenario"] == "status_quo") & (told["kpi"] == target["kpi"])].iloc[0]
        unit = target["gap_unit"]
        rows.append(
            (
                words.kpi(target["kpi"]),
                words.amount(target["target"], unit),
                words.band(target["value_p10"], target["value_p90"], unit),
                _share(words, target),
                _share(words, today),
            )
        )
    yield from _table(
        ("Target", "Level", "80 % range under the plan", "Odds: plan", "Odds: status quo"), rows
    )


def _share(words: Language, row: pd.Series) -> str:
    if row["odds"] != row["odds"]:
        return "not measured"
    return f"{words.odds(row['odds'])} % ({100 * row['odds_low']:.0f} to {100 * row['odds_high']:.0f})"


def _differences(run: Run, words: Language) -> Iterator[str]:
    table = run.compare
    table = table[(table["scenario"] == "plan") & (table["base"] == "status_quo")]
    last = table[table["period_end"] == table["period_end"].max()]
    last = last.sort_values("period_start").drop_duplicates("kpi").set_index("kpi")
    rows = []
    for kpi in dict.fromkeys([*run.targets["kpi"], *HEADLINES]):
        if kpi in last.index and last.loc[kpi, ["difference", "low", "high"]].any():
            row = last.loc[kpi]
            clear = "" if row["low"] <= 0 <= row["high"] else "*"
            change = words.estimate(row["difference"], row["unit"], signed=True)
            rows.append(
                (words.kpi(kpi), change, words.band(row["low"], row["high"], row["unit"], True), clear)
            )
    yield from _table(("Indicator", "Difference", "95 % interval", ""), rows)
    yield "`*`: the interval leaves out zero.\n"


def _trust(run: Run) -> Iterator[str]:
    told: dict[str, Any] = run.json("fit/diagnostics.json") or {}
    yield "The market was calibrated to the plan's own starting figures, not to a history.\n"
    for finding in told.get("findings", ()):
        names = list(finding.get("names", ()))
        few = ", ".join(f"`{name}`" for name in names[:6]) + (
            f" and {len(names) - 6} more" if names[6:] else ""
        )
        yield f"- {SAID.get(finding['about'], finding['about'])}: {few or finding.get('n', '')}"
    yield ""


SAID = {
    "misfit": "Figures that the market misses by more than three standard errors",
    "boundary": "Parameters that most draws push beyond their prior's range",
    "not_identified": "Parameters that the figures do not tell, which keep their priors",
    "tied": "Known only together, not each by itself",
    "undefined": "Figures that do not exist in most draws",
    "narrow": "Intervals that may be too narrow",
}


def _idle(plan: Plan) -> Iterator[str]:
    rows = [f"- {line}" for line in plan.not_modelled()]
    for subject, lines in plan.policies.governance.notes.items():
        rows.append(f"- {subject}: {lines if isinstance(lines, str) else ', '.join(lines)}")
    for name, action in plan.acting().items():
        if not (action.invests or action.effects or action.enables or action.opens or action.eases):
            rows.append(f"- initiative `{name}`: kept as text")
    if rows:
        yield "Kept as text, and nothing in the market follows from it:\n"
        yield from rows
        yield ""
    claims = [one for one in plan.acting().values() if one.evidence == "claim"]
    acting = sum(bool(one.effects) for one in claims)
    if not claims:
        return
    yield (
        f"{len(claims)} initiatives rest on one firm's claim. Where such a claim is taken over, it is as a "
        f"change of behaviour ({acting} initiatives: the optimistic end of what may happen), never of an "
        "indicator.\n"
    )


def _units() -> dict[str, str]:
    from sim.indicators import INDICATORS

    return {key: one.unit for key, one in INDICATORS.items()}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    told = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    yield from (f"| {' | '.join(line)} |" for line in (list(head), ["---"] * len(head), *told))
    yield ""


if __name__ == "__main__":
    main()
