"""A quick look: the plan and what it is held against, through a few shared futures at once.

Workers stay warm between looks and the plan's own futures are lived once, so a look costs the runs of what is
new alone. Futures are those that `scenarios.experiment` would live with the same seed, draws first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.compare import compare
from scenarios.executor import Pool
from scenarios.experiment import Future, RunJob, Windows, futures, run_one
from scenarios.plan import AS_WRITTEN, Plan
from scenarios.what_if.dials import WHAT_IF, moved

if TYPE_CHECKING:
    import pandas as pd

YEAR = 365
YEARS = ("first", "last")  # of the plan: the first is there sooner
FIRST = 2  # futures of the first answer; two are the least that have an interval
MOST = 16
KEPT = 64  # looks remembered
REPLICATES = 16
PATIENCE = 20.0  # seconds that closing waits for the runs under way

Values = Mapping[str, float]
Key = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Look:
    """What a quick look has seen so far.

    Parameters
    ----------
    table
        Rows of `scenarios.compare.compare`: what the moved dials change against the plan over a year, one
        row an indicator.
    futures, of
        Futures lived by both so far, and how many will be.
    """

    table: pd.DataFrame
    futures: int
    of: int


class Quick:
    """A plan with warm workers, to be asked again and again what a move of its dials would change.

    Parameters
    ----------
    plan
        The plan.
    ensemble
        Draws of the parameters; none means one draw of defaults.
    seed, customers
        Luck; agents a run (the plan's own if ``None``).
    workers
        Processes; one stays in this one.
    most
        Futures of a whole look.

    Examples
    --------
    >>> from scenarios.plan import load_plan
    >>> with Quick(load_plan("ecommerce_dept"), customers=500) as quick:  # doctest: +SKIP
    ...     for look in quick.look({"promotion.depth": 0.2}):
    ...         print(look.futures, look.table.set_index("kpi").loc["net_sales", ["low", "high"]])
    """

    def __init__(
        self,
        plan: Plan,
        ensemble: Sequence[Mapping[str, float]] = (),
        seed: int = 1,
        customers: int | None = None,
        workers: int = 1,
        most: int = MOST,
    ) -> None:
        self.plan, self.customers, self.most = plan, customers, most
        every = futures(ensemble, REPLICATES, seed)
        self.futures = sorted(every, key=lambda one: (one.replicate, one.draw))[:most]
        self._pool = Pool(workers, spawn_after=0.0)
        self._turn = threading.Lock()  # one look at a time has the workers
        self._latest = 0
        self._closed = False
        self._lives: OrderedDict[tuple[Key, int, str], pd.DataFrame] = OrderedDict()

    def __enter__(self) -> Quick:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go; a look that is under way ends with its next run, and no other begins."""
        self._closed = True
        waited = self._turn.acquire(timeout=PATIENCE)  # workers stopped under a look would be started anew
        self._pool.close(wait=False)
        if waited:
            self._turn.release()

    def warm(self) -> None:
        """Start the workers and live the plan's own futures; whoever asks meanwhile goes first."""
        for _ in self.look({}):
            pass

    def look(self, values: Values, year: str = "first") -> Iterator[Look]:
        """Live the plan with its dials at ``values`` beside the plan as it is; yield what is seen so far.

        The first answer comes after two futures, the next after four, eight and so on. Where another look is
        asked for in the meantime, this one ends early.

        Parameters
        ----------
        values
            Of the dials that have moved, by key.
        year
            Of the plan, ``first`` or ``last``: lived up to its end, and what the answer is about.

        Raises
        ------
        BadInput
            If the values cannot stand together in the plan.
        ValueError
            If ``year`` is another.
        """
        if year not in YEARS:
            raise ValueError(f"year: expected one of {YEARS}, got {year!r}")
        self._latest += 1
        mine = self._latest
        other, key = moved(self.plan, values), tuple(sorted(values.items()))
        with self._turn:
            try:
                yield from self._rounds_of(other, key, year, mine)
            finally:
                if self._closed:  # it may have been closed under us, and workers that died were started anew
                    self._pool.close(wait=False)

    def _rounds_of(self, other: Plan, key: Key, year: str, mine: int) -> Iterator[Look]:
        """Yield what is seen of a look, round by round, while nobody else asks."""
        seen = 0
        if not self._wanted(mine):
            return
        for count in _rounds(len(self.futures)):
            if not self._live(other, key, self.futures[seen:count], year, mine):
                return
            seen = count
            yield Look(self._compared(key, year, count), count, len(self.futures))
        # Nobody waits: live the plan itself to its last year, so that a look there has half to live.
        self._live(self.plan, (), self.futures[:FIRST], "last", mine)

    def _live(self, other: Plan, key: Key, panel: Sequence[Future], year: str, mine: int) -> bool:
        """Live what of some futures is not known yet; tell whether nobody else has asked meanwhile."""
        windows, wanted = years_to(self.plan, year), {}
        for future in panel:
            for moves, plan in {key: other, (): self.plan}.items():  # the plan itself where no dial has moved
                if (moves, future.seed, year) not in self._lives:
                    spans = list(dict.fromkeys(windows.values()))
                    job = RunJob("", plan, future, self.customers, up_to_there, spans, False)
                    wanted[moves, future.seed, year] = job
        runs = self._pool.run(run_one, list(wanted.values()))
        try:
            for position, tables in runs:
                moves, seed, _ = list(wanted)[position]
                for name, table in _by_year(tables["kpis"], self.plan, windows).items():
                    self._lives[moves, seed, name] = table
                if not self._wanted(mine):
                    return False
        finally:
            runs.close()  # type: ignore[attr-defined]
        while len(self._lives) > KEPT * self.most * len(YEARS):
            self._lives.popitem(last=False)
        return self._wanted(mine)

    def _wanted(self, mine: int) -> bool:
        return mine == self._latest and not self._closed

    def _compared(self, key: Key, year: str, count: int) -> pd.DataFrame:
        import pandas as pd

        some = self.futures[:count]
        before = [self._lives[(), future.seed, year].assign(scenario=AS_WRITTEN) for future in some]
        after = [self._lives[key, future.seed, year].assign(scenario=WHAT_IF) for future in some]
        return compare(pd.concat([*before, *after], ignore_index=True), AS_WRITTEN)


def years_to(plan: Plan, year: str) -> dict[str, tuple[int, int]]:
    """Return the years that a life up to the end of ``year`` has seen, (first, last day) from the start."""
    days = min(plan.days, YEAR)
    seen = {"first": (0, days - 1)}
    return seen if year == "first" else seen | {"last": (plan.days - days, plan.days - 1)}


def _by_year(
    kpis: pd.DataFrame, plan: Plan, windows: Mapping[str, tuple[int, int]]
) -> dict[str, pd.DataFrame]:
    """Return a life's indicators year by year."""
    import pandas as pd

    starts = pd.to_datetime(kpis["period_start"])
    begun = {
        name: pd.Timestamp(plan.start) + pd.Timedelta(days=first) for name, (first, _) in windows.items()
    }
    return {name: kpis[starts == day] for name, day in begun.items()}


def up_to_there(
    plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None, windows: Windows | None = None
) -> tuple[pd.DataFrame, ...]:
    """Make one run as `scenarios.experiment.simulate` does, to the end of its windows, without days."""
    from scenarios.drivers import setup_for
    from sim.indicators import evaluate, months_and_years
    from sim.market import Market

    setup = setup_for(plan, draw, seed=seed, customers=customers)
    periods = windows or months_and_years(setup.start, setup.days)
    market = Market.from_setup(setup, seed=seed)
    while market.day <= max(last for _, last in periods):
        market.step()
    market.crew.close()
    kpis = evaluate(market.ledger, periods)
    return kpis, kpis.iloc[:0]


def _rounds(most: int) -> Iterator[int]:
    count = FIRST
    while count < most:
        yield count
        count *= 2
    yield most
