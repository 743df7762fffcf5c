"""What advertising really brings: the same customers with the same luck, with and without the money.

Last-click credit gives an advertisement every order that came after its click, also the many that would have
come anyway. Here each future is lived four times - with all media, with clicks alone (online), with broadcast
alone (offline), with none - so that differences are the money's doing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scenarios.executor import Pool, Progress, run_jobs
from scenarios.plan import Plan, load_plan, scenario_plan

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.experiment import Future
    from sim.setup import Setup

RUNS = ("all", "online", "offline", "none")  # whose money is spent
UNITS = {
    "incremental_roas": "ratio",
    "incremental_roas_online": "ratio",
    "incremental_roas_offline": "ratio",
    "synergy": "currency",
    "paid_roi": "ratio",
    "media_spend": "currency",
}


class AttributionJob(NamedTuple):
    """One future of a scenario under the money of one of :data:`RUNS`."""

    plan: Plan
    future: Future
    spent: str
    customers: int | None


class Outcome(NamedTuple):
    """Net sales and what media were paid over the horizon, and last-click return on paid advertising."""

    sales: float
    spend: float
    paid_roi: float


def attribution(
    plan: Plan | str,
    scenario: str = "plan",
    ensemble: Sequence[Mapping[str, float]] = (),
    replicates: int = 4,
    seed: int = 1,
    customers: int | None = None,
    workers: int | Pool = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the incremental return of media money and the synergy of online and offline money.

    Four runs a future: about four times the cost of simulating the scenario.

    Parameters
    ----------
    plan, scenario
        A plan, or the name or file of one; one of its scenarios.
    ensemble
        Parameter draws; one of defaults if empty.
    replicates, seed
        Futures a draw, and the luck they share with the four runs; as in an experiment.
    customers
        Number of agents; the plan's own if ``None``.

    Returns
    -------
    DataFrame
        Columns draw, replicate, kpi, value, unit, over the whole horizon: ``incremental_roas`` (net sales
        lost without any media, over media spend), the same for online (clicks) and offline (broadcast)
        money spent alone, ``synergy`` = all - online - offline + none in currency, last-click
        ``paid_roi`` and ``media_spend``. NaN where nothing was spent.

    Raises
    ------
    BadInput
        If there is no such plan or scenario.
    """
    import pandas as pd

    from scenarios.experiment import futures

    chosen = scenario_plan(plan if isinstance(plan, Plan) else load_plan(plan), scenario)
    panel = futures(ensemble, replicates, seed)
    jobs = [AttributionJob(chosen, future, spent, customers) for future in panel for spent in RUNS]
    outcomes = dict(run_jobs(outcome_of, jobs, workers, progress, "Attributing sales to media"))
    rows = []
    for k, future in enumerate(panel):
        of = {spent: outcomes[len(RUNS) * k + j] for j, spent in enumerate(RUNS)}
        rows += [
            (future.draw, future.replicate, kpi, value, UNITS[kpi]) for kpi, value in measured(of).items()
        ]
    return pd.DataFrame(rows, columns=["draw", "replicate", "kpi", "value", "unit"])


def measured(of: Mapping[str, Outcome]) -> dict[str, float]:
    """Return the figures of one future from its four outcomes."""
    whole, online, offline, none = (of[spent] for spent in RUNS)

    def gained(run: Outcome) -> float:
        return (run.sales - none.sales) / run.spend if run.spend > 0 else float("nan")

    return {
        "incremental_roas": gained(whole),
        "incremental_roas_online": gained(online),
        "incremental_roas_offline": gained(offline),
        "synergy": whole.sales - online.sales - offline.sales + none.sales,
        "paid_roi": whole.paid_roi,
        "media_spend": whole.spend,
    }


def outcome_of(job: AttributionJob) -> Outcome:
    """Live one run of a future."""
    from scenarios.drivers import setup_for
    from sim.indicators import INDICATORS, Books, Window
    from sim.market import Market

    setup = setup_for(job.plan, job.future.values, seed=job.future.seed, customers=job.customers)
    ledger = Market.from_setup(spending(setup, job.spent), seed=job.future.seed).run()
    window = Window(Books(ledger), 0, setup.days - 1, range(len(setup.channels)))
    paid_roi = INDICATORS["paid_roi"].formula
    return Outcome(
        window.sum("net_sales"), window.media_spend, paid_roi(window) if paid_roi else float("nan")
    )


def spending(setup: Setup, spent: str) -> Setup:
    """Return the same market that spends on ``all`` media, ``online`` or ``offline`` ones, or ``none``.

    Online money buys clicks, offline money broadcasts; what was customary before the horizon stays.
    """
    if spent == "all":
        return setup
    kept = np.array([spent != "none" and (m.action == "click") == (spent == "online") for m in setup.media])
    money = setup.drivers.spend * kept
    drivers, programme = replace(setup.drivers, spend=money), setup.programme
    if programme is not None:  # what is undertaken is laid out anew as it begins, over these days
        base = replace(programme.base, spend=programme.base.spend * kept)
        programme = replace(programme, base=base)
    return replace(setup, drivers=drivers, programme=programme)
