"""Incremental return and synergy as indicators: an experiment's first futures lived again with less money.

Where a plan has a target on ``incremental_roas`` or ``synergy``, or lists one in its scorecard, each scenario
is run again in the first :data:`FUTURES` futures: without any media money, and - where it has broadcast
media - with its online and with its offline money alone. The run with all the money is the experiment's own.
That is three more runs a scenario and future, one where there are no broadcast media.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scenarios.attribution import spending
from scenarios.executor import Pool, Progress
from scenarios.pieces import run_pieces
from scenarios.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter
    from scenarios.experiment import Future

KEYS = ("incremental_roas", "synergy")
UNITS = {"incremental_roas": "ratio", "synergy": "currency"}
FUTURES = 4
FEW = 60  # agents of a market that is set up for its media and not run
FUTURE = ["scenario", "draw", "replicate"]
PERIOD = ["period_start", "period_end"]
LABEL = "attribute"


class LessMoneyJob(NamedTuple):
    """A future of a scenario lived with ``online`` or ``offline`` media money alone, or with ``none``."""

    scenario: str
    plan: Plan
    future: Future
    spent: str
    customers: int | None

    def __str__(self) -> str:
        return f"{self.scenario} with {self.spent} media money, draw {self.future.draw}"


def asked_of(plan: Plan) -> tuple[str, ...]:
    """Return which of :data:`KEYS` a plan has targets on or lists in its scorecard."""
    card = plan.policies.scorecard
    named = {target.kpi for target in plan.targets} | set(card.core) | set(card.supporting)
    return tuple(key for key in KEYS if key in named)


def kinds_of(plan: Plan) -> tuple[str, ...]:
    """Return the runs with less money that tell something: online and offline money where there are both."""
    from scenarios.drivers import setup_for

    media = setup_for(plan, {}, 0, FEW).media
    both = len({medium.action for medium in media}) > 1
    return ("online", "offline", "none") if both else ("none",)


def run_with_less(
    plans: Mapping[str, Plan],
    panel: Sequence[Future],
    customers: int | None,
    writer: RunWriter,
    pool: Pool,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run every plan with less money in the first futures; keep each run as a piece with a table ``less``.

    Returns
    -------
    dict
        What was run, for ``experiment.json``: runs, futures.
    """
    jobs = {}
    for position, (name, plan) in enumerate(plans.items()):
        for spent in kinds_of(plan):
            for future in panel[:FUTURES]:
                key = f"{LABEL} {position} {future.draw} {future.replicate} {spent} {name}"
                jobs[key] = LessMoneyJob(name, plan, future, spent, customers)
    run_pieces(less_of, jobs, writer, pool, progress, LABEL)
    return {"runs": len(jobs), "futures": min(len(panel), FUTURES)}


def less_of(job: LessMoneyJob) -> dict[str, pd.DataFrame]:
    """Make a run; return its net sales by period as table ``less``, with future and whose money was spent."""
    from scenarios.drivers import setup_for
    from sim.indicators import evaluate, months_and_years
    from sim.market import Market

    setup = setup_for(job.plan, job.future.values, seed=job.future.seed, customers=job.customers)
    ledger = Market.from_setup(spending(setup, job.spent), seed=job.future.seed).run()
    found = evaluate(ledger, months_and_years(setup.start, setup.days), ["net_sales"])
    whole = found[found["channel"] == "all"]
    labels = {"scenario": job.scenario, "draw": job.future.draw, "replicate": job.future.replicate}
    return {"less": whole[PERIOD].assign(**labels, spent=job.spent, sales=whole["value"])}


def with_incremental(kpis: pd.DataFrame, less: pd.DataFrame) -> pd.DataFrame:
    """Return ``kpis`` with rows of :data:`KEYS` in the futures that were lived with less money.

    ``incremental_roas`` is net sales lost without any media over what media cost, which is net sales per
    advertising times the share of sales lost; undefined where nothing was spent. ``synergy`` = all - online -
    offline + none in net sales; 0 where money is of one kind.
    """
    import pandas as pd

    if less.empty:
        return kpis
    at = [*FUTURE, *PERIOD]
    whole = kpis[(kpis["channel"] == "all") & kpis["kpi"].isin(["net_sales", "roas"])]
    own = whole.set_index([*at, "kpi"])["value"].unstack("kpi").reindex(columns=["net_sales", "roas"])
    sales = less.set_index([*at, "spent"])["sales"].unstack("spent")
    table = sales.join(own, how="inner")
    lost = 1.0 - table["none"] / table["net_sales"].where(table["net_sales"] > 0)
    made = pd.DataFrame({"incremental_roas": table["roas"] * lost}, index=table.index)
    kinds = table.reindex(columns=["online", "offline"])
    made["synergy"] = (table["net_sales"] - kinds.sum(axis=1) + table["none"]).where(
        kinds.notna().all(axis=1), 0.0
    )
    long = made.replace([np.inf, -np.inf], np.nan).reset_index().melt(at, list(UNITS), "kpi", "value")
    rows = long.assign(channel="all", unit=long["kpi"].map(UNITS))[list(kpis.columns)]
    return pd.concat([kpis, rows], ignore_index=True)
