"""Experiments in the simulated market: what a test would say, held against what is true.

Each future is lived with nobody treated, with everybody treated - their difference is the truth - and under
each design: an A/B test of customers, a geo test of regions, a pilot that is rolled out. A reading is what an
analyst would take from the counts: arms against each other, regions, or after against before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.executor import Pool, Progress, run_jobs
from scenarios.experiment import Future, futures
from scenarios.plan import Plan, load_plan, scenario_plan
from scenarios.readings import OUTCOMES, apart, by_region, power, shift
from sim.engine.randomness import normal, stream_key, word
from sim.retailer.trials import Design, Treatment, Trial

if TYPE_CHECKING:
    import pandas as pd

Counts = NDArray[np.int64]
# What is read, and under which design: arms of customers; everybody after against before; regions against
# each other, or by how much they changed; the pilot's change; everybody's after a roll-out.
READINGS: Mapping[str, Design] = {
    "ab": "customers",
    "before_after": "everybody",
    "geo": "regions",
    "geo_change": "regions",
    "pilot": "rollout",
    "rollout": "rollout",
}
COLUMNS = (
    *("draw", "replicate", "treatment", "reading", "days", "outcome", "customers"),
    *("level", "effect", "se", "p_value", "truth", "bias"),
)
DEFAULT = {"treatment": Treatment(worth=0.1)}


class TrialJob(NamedTuple):
    """One future of a scenario under a trial."""

    plan: Plan
    future: Future
    customers: int | None
    trial: Trial


class Outcome(NamedTuple):
    """Counts by customer [N, 3] before, during (by days read) and after a trial; arm and home region [N]."""

    before: Counts
    during: dict[int, Counts]
    after: Counts
    chosen: NDArray[np.uint8]
    region: NDArray[np.int64]


def trial(
    plan: Plan | str,
    treatments: Mapping[str, Treatment] = DEFAULT,
    readings: Sequence[str] = ("ab", "before_after", "geo_change"),
    scenario: str = "plan",
    start: int | None = None,
    days: int = 28,
    reads: Sequence[int] = (),
    share: float = 0.5,
    regions: int = 20,
    first: Sequence[str] = (),
    ensemble: Sequence[Mapping[str, float]] = (),
    replicates: int = 4,
    seed: int = 1,
    customers: int | None = None,
    workers: int | Pool = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Try treatments by experiments in a plan's market; return readings beside the truth.

    Parameters
    ----------
    plan, scenario
        A plan, or the name or file of one; one of its scenarios.
    treatments
        What is tried, by name; each alone.
    readings
        Some of :data:`READINGS`.
    start, days, reads
        First day (``days`` unless given, so that as many lie before it) and length of the trials; days after
        which they are read as well.
    share, regions, first
        Share of customers or regions treated; home regions; channels of a pilot (by regions unless given).
    ensemble, replicates, seed
        Parameter draws (one of defaults if empty), futures a draw, and the luck they share with all runs.
    customers
        Number of agents; the plan's own if ``None``. They are who is tested.

    Returns
    -------
    DataFrame
        One row a future, treatment, reading, days and outcome (``conversion``; ``orders`` and ``sales`` a
        customer in 30 days): the ``level`` without treatment as it is read, ``effect``, its standard error
        and two-sided p-value, ``truth`` - the difference of the two worlds - and ``bias`` = effect - truth.

    Raises
    ------
    BadInput
        If there is no such plan or scenario.
    ValueError
        If a reading is not known, or the trial does not fit into the plan.
    """
    import pandas as pd

    from scenarios.drivers import BURN_IN, channels_of

    for reading in readings:
        if reading not in READINGS:
            raise ValueError(f"readings: {reading!r}; expected some of {tuple(READINGS)}")
    chosen = scenario_plan(plan if isinstance(plan, Plan) else load_plan(plan), scenario)
    follow = days if "rollout" in readings else 0
    begin = days if start is None else start
    base = Trial(Treatment(), "nobody", begin, days, share, regions, tuple(reads), tuple(first), follow)
    trials = _trials(base, treatments, {READINGS[reading] for reading in readings})
    for made in trials.values():
        made.check(channels_of(chosen), chosen.days, BURN_IN)
    panel = futures(ensemble, replicates, seed)
    jobs = [TrialJob(chosen, future, customers, made) for future in panel for made in trials.values()]
    outcomes = dict(run_jobs(outcome_of, jobs, workers, progress, "Running trials"))
    rows = []
    for k, future in enumerate(panel):
        of = {key: outcomes[len(trials) * k + j] for j, key in enumerate(trials)}
        for name in treatments:
            for found in read(of, name, readings, base):
                rows.append((future.draw, future.replicate, name, *found))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _trials(
    base: Trial, treatments: Mapping[str, Treatment], designs: set[Design]
) -> dict[tuple[str, Design], Trial]:
    """Return every trial that is run, by treatment and design; nobody's world is that of all treatments."""
    same = {treatment.channels for treatment in treatments.values()}
    if len(same) != 1:
        raise ValueError(f"treatments: channels {sorted(same)}; expected the same in each, and one treatment")
    quiet = Treatment(channels=same.pop())
    found: dict[tuple[str, Design], Trial] = {("", "nobody"): replace(base, treatment=quiet)}
    wanted: tuple[Design, ...] = ("everybody", *sorted(designs - {"everybody"}))
    for k, (name, treatment) in enumerate(treatments.items()):
        for design in wanted:
            found[name, design] = replace(base, treatment=treatment, design=design, number=k)
    return found


def outcome_of(job: TrialJob) -> Outcome:
    """Live one run of a future up to the trial's end."""
    from scenarios.drivers import setup_for
    from sim.market import Market

    setup = setup_for(job.plan, job.future.values, seed=job.future.seed, customers=job.customers)
    market = Market.from_setup(replace(setup, trial=job.trial), seed=job.future.seed)
    while market.day < job.trial.end:
        market.step()
    market.crew.close()
    desk, made = market.trial, job.trial
    assert desk is not None
    begin, over = made.start, made.start + made.days
    during = {read: desk.between(begin, begin + read) for read in sorted({*made.reads, made.days})}
    return Outcome(desk.between(begin - made.days, begin), during, desk.between(over, made.end), desk.chosen,
                   desk.region)  # fmt: skip


def read(
    of: Mapping[tuple[str, Design], Outcome], name: str, readings: Sequence[str], base: Trial
) -> list[tuple[str, int, str, int, float, float, float, float, float, float]]:
    """Return what each reading of one future says of treatment ``name``, and the truth."""
    nobody, everybody = of["", "nobody"], of[name, "everybody"]
    rows = []
    for reading in readings:
        run = of[name, READINGS[reading]]
        for days in [base.days] if reading == "rollout" else sorted(run.during):
            now = run.after if reading == "rollout" else run.during[days]
            for outcome in OUTCOMES:
                was, is_now = outcome.of(run.before, base.days), outcome.of(now, days)
                arm = run.chosen == 1
                if reading == "ab":
                    found = apart(is_now.of(~arm), is_now.of(arm))
                elif reading == "geo":
                    found = by_region(None, is_now, run.region, arm)
                elif reading == "geo_change":
                    found = by_region(was, is_now, run.region, arm)
                else:
                    whom = arm if reading == "pilot" else np.ones(len(arm), bool)
                    found = shift(was.of(whom), is_now.of(whom))
                other = run.after if reading == "rollout" else everybody.during[days]
                still = nobody.after if reading == "rollout" else nobody.during[days]
                truth = outcome.of(other, days).ratio - outcome.of(still, days).ratio
                rows.append((reading, days, outcome.name, len(arm), *found, truth, found.effect - truth))
    return rows


def summary(table: pd.DataFrame, level: float = 0.05) -> pd.DataFrame:
    """Return how each reading did over the futures of a table of :func:`trial`.

    Columns ``tests``, ``significant`` (their share at ``level``: the power where there is an effect, the
    error of the first kind where there is none), means of ``effect``, ``truth`` and ``bias``, ``rmse``,
    ``covered`` (the share of 95 % intervals that hold the truth), ``power`` by the normal law for the mean
    truth and error, and ``needed``, the customers for a power of 80 %; by treatment, reading, days, outcome
    and customers.
    """
    keys = ["treatment", "reading", "days", "outcome", "customers"]
    told = table.assign(
        significant=(table["p_value"] < level).astype(float),
        squared=table["bias"] ** 2,
        covered=(table["bias"].abs() <= 1.96 * table["se"]).astype(float),
    )
    groups = told.groupby(keys, sort=False)
    found = groups[["significant", "effect", "truth", "bias", "squared", "covered"]].mean()
    found.insert(0, "tests", groups.size())
    found["squared"] **= 0.5
    error = groups["se"].apply(lambda se: float(np.sqrt((se**2).mean())))
    both = list(zip(found["truth"], error, strict=True))
    found["power"] = [power(truth, se, level) for truth, se in both]
    want = NormalDist().inv_cdf(1.0 - level / 2.0) + NormalDist().inv_cdf(0.8)
    sizes = found.index.get_level_values("customers")
    found["needed"] = [
        n * (want * se / truth) ** 2 if truth != 0.0 else np.inf
        for n, (truth, se) in zip(sizes, both, strict=True)
    ]
    return found.rename(columns={"squared": "rmse"}).reset_index()


def trial_power(
    plan: Plan | str,
    treatment: Treatment,
    sizes: Sequence[int],
    days: Sequence[int],
    reading: str = "ab",
    level: float = 0.05,
    **options: object,
) -> pd.DataFrame:
    """Return the :func:`summary` of one treatment for several sizes (agents tested) and durations in days.

    ``options`` are those of :func:`trial`; ``significant`` is the power over the futures.
    """
    import pandas as pd

    most = max(days)
    reads = tuple(sorted(set(days) - {most}))
    tables = [
        trial(plan, {"treatment": treatment}, [reading], days=most, reads=reads, customers=size, **options)  # type: ignore[arg-type]
        for size in sizes
    ]
    return summary(pd.concat(tables, ignore_index=True), level)


def candidates(
    count: int, spread: float, mean: float = 0.0, seed: int = 1, channels: tuple[str, ...] = ()
) -> dict[str, Treatment]:
    """Return treatments whose effects on the log odds of buying are drawn from a normal law."""
    found = {}
    for k in range(count):
        key = stream_key(seed, "candidate", k)
        found[f"candidate_{k + 1}"] = Treatment(
            worth=mean + spread * normal(word(key, 0), word(key, 1)), channels=channels
        )
    return found


def winners_curse(table: pd.DataFrame, outcome: str = "conversion", reading: str = "ab") -> pd.DataFrame:
    """Return the treatment that read best in each future of a table of :func:`trial`, and what it is worth.

    Columns draw, replicate, days, treatment, effect (as read), truth, and ``curse`` = effect - truth:
    positive on average, since the best reading is the one that luck has helped.
    """
    some = table[(table["outcome"] == outcome) & (table["reading"] == reading)]
    best = some.loc[some.groupby(["draw", "replicate", "days"])["effect"].idxmax()]
    kept = best[["draw", "replicate", "days", "treatment", "effect", "truth"]]
    return kept.assign(curse=best["bias"]).reset_index(drop=True)
