"""Experiments: every scenario lived through by the same customers with the same luck, again and again.

A *future* is one draw of the parameters and one replicate of luck. Its seed is a hash of the experiment's
seed, the draw and the replicate, and of nothing else, so scenarios differ in a future by what they do alone.
Each finished run is kept as a piece: the same experiment takes an interrupted one up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from scenarios.derived import with_derived
from scenarios.executor import Pool, Progress, opened
from scenarios.incremental import asked_of, run_with_less, with_incremental
from scenarios.pieces import run_pieces
from scenarios.plan import STATUS_QUO, Plan, scenario_plan

if TYPE_CHECKING:
    import pandas as pd

    from results.targets import Target
    from results.writer import RunWriter

Windows = Sequence[tuple[int, int]]
Tables = tuple["pd.DataFrame", "pd.DataFrame"]

MAX_DAILY_ROWS = 1_000_000  # about 60 columns of float32 each: a quarter of a gigabyte in memory


class Simulate(Protocol):
    """What makes one run: `simulate`, or a stand-in that workers can import."""

    def __call__(
        self,
        plan: Plan,
        draw: Mapping[str, float],
        seed: int,
        customers: int | None,
        windows: Windows | None = None,
    ) -> tuple[pd.DataFrame, ...]:
        """Return indicators and daily figures, and where known migration and lifecycle."""


@dataclass(frozen=True)
class Future:
    """One draw of the parameters and one replicate of luck.

    Parameters
    ----------
    draw, replicate
        Their numbers, from 0.
    seed
        Of the run, whatever the scenario.
    values
        Parameter values by name.
    """

    draw: int
    replicate: int
    seed: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class RunJob:
    """One run to make: a scenario in a future."""

    scenario: str
    plan: Plan
    future: Future
    customers: int | None
    simulate: Simulate
    windows: Windows | None = None
    with_daily: bool = True

    def __str__(self) -> str:
        return f"{self.scenario}, draw {self.future.draw}, replicate {self.future.replicate}"


def simulate(
    plan: Plan,
    draw: Mapping[str, float],
    seed: int,
    customers: int | None,
    windows: Windows | None = None,
) -> Tables:
    """Make one run.

    Parameters
    ----------
    plan
        The plan under a scenario.
    draw
        Parameter values by name; what is absent takes its default.
    seed
        Luck of customers and hazards.
    customers
        Number of agents; the plan's own if ``None``.
    windows
        Periods of the indicators as pairs (first, last day) from the plan's start; calendar months and
        the years that end with them if ``None``.

    Returns
    -------
    kpis
        Columns period_start, period_end, channel, kpi, value, unit.
    daily
        Columns date, channel and one per measure.
    """
    kpis, daily, *_ = lived(plan, draw, seed, customers, windows)
    return kpis, daily


def lived(
    plan: Plan,
    draw: Mapping[str, float],
    seed: int,
    customers: int | None,
    windows: Windows | None = None,
) -> tuple[pd.DataFrame, ...]:
    """Make one run as `simulate` does; return the tables of :mod:`scenarios.people` after its two."""
    from scenarios.drivers import setup_for
    from scenarios.people import lifecycle, migration
    from sim.indicators import evaluate, months_and_years
    from sim.market import Market

    setup = setup_for(plan, draw, seed=seed, customers=customers)
    market = Market.from_setup(setup, seed=seed)
    ledger = market.run()
    market.dismiss()
    kpis = evaluate(ledger, windows or months_and_years(setup.start, setup.days))
    return kpis, ledger.daily(), migration(ledger), lifecycle(ledger)


def run_experiment(
    plan: Plan,
    scenarios: Sequence[str],
    ensemble: Sequence[Mapping[str, float]],
    replicates: int,
    seed: int,
    customers: int | None,
    writer: RunWriter,
    workers: int | Pool = 1,
    progress: Progress | None = None,
    *,
    fitted: bool = False,
    windows: Windows = (),
    simulate: Simulate = lived,
) -> None:
    """Run scenarios of a plan in every future; write ``kpis``, ``daily``, ``targets``, ``odds``, ``compare``.

    A plan that asks for synergy or the incremental return of media has its first futures lived again with
    less money (:mod:`scenarios.incremental`).

    Parameters
    ----------
    plan
        The plan.
    scenarios
        Names; none means all. ``status_quo`` is always run: differences and baselines rest on it.
    ensemble
        Draws of the parameters; none means one draw of defaults.
    replicates
        Seeds for each draw.
    seed, customers
        Seed of the experiment; agents a run (the plan's own if ``None``).
    writer
        Where pieces and tables go. ``experiment.json`` says what the tables leave out: ``daily`` holds
        only the first draws where all of them would be more than a million rows.
    workers, progress
        Processes at most, or an open pool; they change no figure. Who shows how far it is.
    fitted
        Whether the ensemble was fitted to a history, which then beats the plan's starting point as
        the baseline of targets.
    windows
        Further periods, as pairs (first, last day) from the plan's start, whose indicators go into a table
        ``periods`` of their own.
    simulate
        What makes one run.

    Raises
    ------
    BadInput
        If the plan has no such scenario.
    """
    plans = {name: scenario_plan(plan, name) for name in _named(plan, scenarios)}
    panel = futures(ensemble, replicates, seed)
    with opened(workers) as pool, writer.timing("simulate"):
        about = run_plans(plans, panel, customers, writer, pool, progress, simulate, windows=windows)
        if asked_of(plan):
            about["attribution"] = run_with_less(plans, panel, customers, writer, pool, progress)
    with writer.timing("tables"):
        _write(plan, plans, panel, windows, fitted, writer)
        told = _told(plan, ensemble, replicates, seed)
        writer.json("experiment", {**about, **told, "fitted": fitted})


def _named(plan: Plan, scenarios: Sequence[str]) -> list[str]:
    """Return the scenarios to run, in the plan's order."""
    wanted, known = {STATUS_QUO, *(scenarios or plan.scenario_names())}, plan.scenario_names()
    return [*(name for name in known if name in wanted), *sorted(wanted - {*known})]


def _write(
    plan: Plan,
    plans: Mapping[str, Plan],
    panel: Sequence[Future],
    windows: Windows,
    fitted: bool,
    writer: RunWriter,
) -> None:
    """Write the tables of all runs that are kept as pieces."""
    targets, daily = targets_of(plan, fitted), writer.pieces("daily", "simulate ")
    found = writer.pieces("kpis", "simulate ")
    if windows:
        writer.table("periods", found[_within(found, plan, windows)])
        found = found[_within(found, plan, _usual(plan))]
    kpis = with_incremental(found, writer.pieces("less"))
    kpis = with_derived(kpis, plan, targets)
    write_tables(kpis, targets, writer)
    writer.table("daily", daily)
    for name in ("migration", "lifecycle"):
        if len(table := writer.pieces(name, "simulate ")):
            writer.table(name, table)
    write_accounts(plan, plans, panel, kpis, daily, targets, writer)


def futures(
    ensemble: Sequence[Mapping[str, float]], replicates: int, seed: int, purpose: str = "run"
) -> list[Future]:
    """Return every future: each draw of the ensemble (one of defaults if empty) times the replicates."""
    return [
        Future(draw, replicate, seed_of(seed, draw, replicate, purpose), dict(values))
        for draw, values in enumerate(ensemble or [{}])
        for replicate in range(replicates)
    ]


def seed_of(seed: int, draw: int, replicate: int, purpose: str = "run") -> int:
    """Return the seed of a future (48 bits), a hash of its arguments; no scenario goes into it."""
    from sim.engine.randomness import stream_key

    return stream_key(seed, f"{purpose} {draw} {replicate}") >> 16


def targets_of(plan: Plan, fitted: bool = False) -> tuple[Target, ...]:
    """Return the plan's targets, unmodelled ones too: their odds stay empty.

    A target's baseline is the plan's starting point, or what ``status_quo`` does in its first year where
    the plan gives none or a ``fitted`` history beats it.
    """
    from results.targets import Target

    return tuple(
        Target(
            kpi=target.kpi,
            value=target.value,
            change=target.change,
            by=target.by,
            group=target.group,
            baseline=None if fitted else plan.baseline(target.kpi),
            assumed=target.assumed,
        )
        for target in plan.targets
    )


def better() -> dict[str, str]:
    """Return the better direction of every indicator: ``higher``, ``lower`` or ``none``."""
    from sim.indicators import INDICATORS

    return {key: indicator.better for key, indicator in INDICATORS.items()}


def run_plans(
    plans: Mapping[str, Plan],
    panel: Sequence[Future],
    customers: int | None,
    writer: RunWriter,
    pool: Pool,
    progress: Progress | None = None,
    simulate: Simulate = simulate,
    label: str = "simulate",
    windows: Windows = (),
) -> dict[str, Any]:
    """Run every plan in every future and keep each run as a piece with tables ``kpis`` and ``daily``.

    ``windows`` are periods beside the usual ones, for ``kpis``.

    Returns
    -------
    dict
        What was run, for ``experiment.json``: scenarios, futures, daily_draws, runs.
    """
    kept = _daily_draws(plans, panel)
    jobs = {}
    for position, (name, plan) in enumerate(plans.items()):
        for future in panel:
            key = f"{label} {position} {future.draw} {future.replicate} {name}"
            periods = list(dict.fromkeys([*_usual(plan), *windows])) if windows else None
            jobs[key] = RunJob(name, plan, future, customers, simulate, periods, future.draw in kept)
    run_pieces(run_one, jobs, writer, pool, progress, label)
    return {
        "scenarios": list(plans),
        "runs": len(jobs),
        "daily_draws": sorted(kept),
        "futures": [{"draw": f.draw, "replicate": f.replicate, "seed": f.seed} for f in panel],
    }


def run_one(job: RunJob) -> dict[str, pd.DataFrame]:
    """Make a run; return its tables with scenario, draw and replicate as their first columns."""
    import numpy as np
    import pandas as pd

    future = job.future
    kpis, daily, *people = job.simulate(job.plan, future.values, future.seed, job.customers, job.windows)
    tables = {"kpis": kpis, **dict(zip(("migration", "lifecycle"), people, strict=False))}
    if job.with_daily:
        measures = daily.select_dtypes("number").columns
        tables["daily"] = daily.astype(dict.fromkeys(measures, np.float32))
    labels = {"scenario": job.scenario, "draw": future.draw, "replicate": future.replicate}
    return {
        name: pd.concat([pd.DataFrame(labels, index=table.index), table], axis=1)
        for name, table in tables.items()
    }


def write_tables(
    kpis: pd.DataFrame, targets: Sequence[Target], writer: RunWriter, base: str = STATUS_QUO
) -> None:
    """Write ``kpis``, ``targets``, ``odds`` (of targets together) and ``compare`` with ``base``."""
    from results.targets import attainment, odds_together
    from scenarios.compare import compare

    directions = better()
    writer.table("kpis", kpis)
    writer.table("targets", attainment(kpis, targets, directions))
    writer.table("odds", odds_together(kpis, targets, directions))
    writer.table("compare", compare(kpis, base))


def write_accounts(
    plan: Plan,
    plans: Mapping[str, Plan],
    panel: Sequence[Future],
    kpis: pd.DataFrame,
    daily: pd.DataFrame,
    targets: Sequence[Target],
    writer: RunWriter,
) -> None:
    """Write ``budget`` and ``scorecards``; where there are risks, their register and ``losses`` too."""
    from scenarios.accounts import budget_table
    from scenarios.register import losses, register
    from scenarios.scorecard import scorecard_table

    writer.table("budget", budget_table(plans, kpis, daily))
    writer.table("scorecards", scorecard_table(kpis, plan, targets))
    if any(risk.active for scenario in plans.values() for risk in scenario.risks.values()):
        struck = losses(plans, panel, kpis)
        writer.table("losses", struck)
        writer.table("risks", register(plans, panel, struck))


def _usual(plan: Plan) -> Windows:
    """Return the periods of the usual table: the plan's months, and the years up to their ends."""
    from sim.indicators import months_and_years

    return months_and_years(plan.start, plan.days)


def _within(kpis: pd.DataFrame, plan: Plan, windows: Windows) -> Any:
    """Tell which rows are of the given periods."""
    import pandas as pd

    start = pd.Timestamp(plan.start)
    days = zip((kpis["period_start"] - start).dt.days, (kpis["period_end"] - start).dt.days, strict=True)
    wanted = set(windows)
    return [period in wanted for period in days]


def _daily_draws(plans: Mapping[str, Plan], panel: Sequence[Future]) -> set[int]:
    """Return the draws whose days are kept: the first, and as many more as there is room for."""
    a_future = sum(plan.days * (len(plan.open_channels()) + 1) for plan in plans.values())
    kept: set[int] = set()
    rows = 0
    for draw in dict.fromkeys(future.draw for future in panel):
        rows += a_future * sum(future.draw == draw for future in panel)
        if kept and rows > MAX_DAILY_ROWS:
            break
        kept.add(draw)
    return kept


def _told(plan: Plan, ensemble: Sequence[object], replicates: int, seed: int) -> dict[str, Any]:
    from sim.indicators import INDICATORS

    missing = [target.kpi for target in plan.targets if not INDICATORS[target.kpi].modelled]
    draws = len(ensemble) or 1
    return {"draws": draws, "replicates": replicates, "seed": seed, "targets_not_modelled": missing}
