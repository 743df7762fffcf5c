"""What every page of a dashboard shares: plans to try, the warm market, full runs at work, stored runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omolab import desk, outlooks
from omolab.dashboard import background
from results.language import Language, clean
from results.store import default_out, open_run, runs
from scenarios.plan import AS_WRITTEN, bundled, load_plan
from scenarios.what_if import Dial, Quick, dials_of, with_scenario
from scenarios.what_if.dials import WHAT_IF

if TYPE_CHECKING:
    from results.store import Run
    from scenarios.plan import Plan

CUSTOMERS = 1_000  # agents of a quick look: their number costs little, but their burn-in does
MOST_RUNS = 30  # stored runs shown


@dataclass(frozen=True)
class Source:
    """A plan to move the levers of, and where its parameters come from.

    Parameters
    ----------
    key
        Unique name.
    plan
        The plan.
    run
        The run whose parameter draws are used; ``None``: the literature's.
    """

    key: str
    plan: Plan
    run: Run | None = None


class Room:
    """The state of one dashboard.

    Parameters
    ----------
    results
        The folder that runs are read from and written to; nothing is written elsewhere.
    run
        A run to begin with.
    plan
        A plan to begin with: a bundled one's name, or a file.
    lang, seed, threads
        As of every verb.

    Raises
    ------
    BadInput
        If there is no such run or plan, or the run is of none that can be moved.
    """

    def __init__(
        self,
        results: Path,
        run: Path | None = None,
        plan: str | None = None,
        lang: str = "en",
        seed: int = 1,
        threads: int = 1,
    ) -> None:
        self.results, self.lang, self.seed, self.threads = results, lang, seed, threads
        self.sources = _sources(results, run, plan)
        self.works: list[background.Work] = []
        self._quick: tuple[str, Quick] | None = None
        self._opening = threading.Lock()

    def words(self, currency: str = "") -> Language:
        """Return what says things in the reader's language."""
        return Language(self.lang, currency)

    def source(self, key: str) -> Source:
        """Return a plan to try by its key."""
        return next(source for source in self.sources if source.key == key)

    def dials(self, key: str) -> tuple[Dial, ...]:
        """Return the dials of a source's plan."""
        return dials_of(self.source(key).plan)

    def quick(self, key: str) -> Quick:
        """Return the warm market of a source; that of another source is let go."""
        with self._opening:
            if self._quick is None or self._quick[0] != key:
                if self._quick is not None:
                    threading.Thread(target=self._quick[1].close, daemon=True).start()
                source = self.source(key)
                draws = (
                    outlooks.again(source.run, desk.some_of(source.run.read("fit/ensemble")))
                    if source.run
                    else ()
                )
                customers = min(CUSTOMERS, source.plan.market.customers)
                self._quick = key, Quick(source.plan, draws, self.seed, customers, self.threads)
            return self._quick[1]

    def warm(self) -> None:
        """Start the first source's market in the background, so that it is warm when a page opens."""
        threading.Thread(target=self.quick(self.sources[0].key).warm, daemon=True).start()

    def send(self, key: str, values: Mapping[str, float], moves: str) -> background.Work:
        """Start the full run of a plan with its dials moved, in the background.

        Raises
        ------
        BadInput
            If the values cannot stand together.
        """
        source = self.source(key)
        names: tuple[str, ...] = (AS_WRITTEN,)
        plan = source.plan
        if values:
            plan, names = with_scenario(plan, values), (AS_WRITTEN, WHAT_IF)
        out = default_out("run", plan.name, self.results)
        fit = source.run.path if source.run else None
        order = background.Order(plan, names, fit, out, self.seed, self.threads, self.lang)
        work = background.start(order, moves)
        self.works.insert(0, work)
        return work

    def stored(self) -> list[Run]:
        """Return the finished runs of the results folder, newest first."""
        return runs(self.results)[::-1]

    def close(self) -> None:
        """Stop whatever is at work."""
        for work in self.works:
            work.stop()
        if self._quick is not None:
            self._quick[1].close()


_open: list[Room] = []


def enter(room: Room) -> None:
    """Make a room the one that pages show; Solara's pages are handed nothing themselves."""
    _open[:] = [room]


def current() -> Room:
    """Return the room that pages show."""
    return _open[0]


def _sources(results: Path, run: Path | None, plan: str | None) -> list[Source]:
    """Return the plans to try: what was asked for first, then stored runs' from the newest, then bundled."""
    found: list[Source] = []
    asked = load_plan(plan) if plan is not None else None
    if run is not None:
        opened = open_run(run, results)
        of = asked or desk.plan_of(opened) or _bundled(opened)
        if of is None or not opened.has("fit/ensemble"):
            raise _no_plan(opened)
        found.append(Source(f"run {opened.name}", of, opened))
    elif asked is not None:
        found.append(Source("plan", asked))
    for stored in runs(results)[::-1]:
        key = f"run {stored.name}"
        kept = desk.plan_of(stored) if stored.has("fit/ensemble") else None
        if kept is not None and all(source.key != key for source in found):
            found.append(Source(key, kept, stored))
    shipped = [Source(f"plan {name}", load_plan(name)) for name in bundled()]
    plain = [source.plan for source in found if source.run is None]
    return [*found[:MOST_RUNS], *(source for source in shipped if source.plan not in plain)]


def _bundled(run: Run) -> Plan | None:
    """Return the bundled plan that a run of an earlier version was of."""
    name = str(run.manifest.get("name", ""))
    return load_plan(name) if name in bundled() else None


def _no_plan(run: Run) -> Exception:
    from results.problems import BadInput, Problem

    said = "has no plan and parameters whose levers could be moved"
    return BadInput(Problem(str(run.path), None, "", clean(run.name), "a run of `omolab run`", said))
