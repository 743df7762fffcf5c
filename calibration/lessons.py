"""What the experiments of a history teach of parameters that no series of sales tells.

A plan's answers rest on causes: what a medium brings, what a price does. Where a history holds a randomised
test of them, its measured effect disciplines the ensemble with its sampling error:

* **geo**: regions that were advertised in against others, beside the market's own law of media (adstock, Hill
  curve, lift). Every draw keeps its place within ``lift.<medium>`` given its own curve: its quantile of the
  prior becomes the same quantile of the posterior, so curve and lift stay known together.
* **panel**: own-price elasticities of products become ``price_weight``, the elasticity in stores.

What a table teaches nothing of is said by name (:func:`unused`); ``omolab backtest`` evaluates it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case, parameter
from results.problems import BadInput, Problem
from sim.engine.randomness import stream_key
from sim.retailer.media import decay, hill

if TYPE_CHECKING:
    from calibration.fit import Fit
    from calibration.history import History
    from scenarios.executor import Pool
    from sim.parameters import Parameter
    from sim.setup import Medium

Array = NDArray[np.float64]
NORMAL_90 = 1.6449
GRID = np.linspace(-4.5, 4.5, 361)  # prior standard deviations of a parameter's log
LOWEST = 0.05  # a factor on needs does not fall below this, as in the market
LIVED, STRONG = 2, 0.15  # members that live the test, and the lift they live it with
BEFORE = 28  # days lived before the test
WEAKEST, STRONGEST = 0.3, 1.3  # of what a market may make of the law's effect


@dataclass(frozen=True)
class Lift:
    """A geo experiment's measured effect.

    Attributes
    ----------
    parameter
        Of the medium's lift; its prior.
    effect, error
        Log of sales in the test over those without it, and its standard error.
    before, during
        Daily spend over the plan's reference, before and in the test.
    days
        Of the test.
    half_life
        Of the medium's adstock, in days.
    damping
        Log of orders that the market makes of the law's log of needs.
    """

    parameter: Parameter
    effect: float
    error: float
    before: float
    during: float
    days: int
    half_life: float
    damping: float = 1.0

    def expected(self, lift: Array, shape: float, half: float) -> Array:
        """Return the log effect to be measured under lifts [n] and one curve."""
        keep, slope = decay(self.half_life), shape * half**shape / (1.0 + half**shape)
        kept = keep ** np.arange(1.0, self.days + 1.0)
        path = hill(self.during + (self.before - self.during) * kept, shape, half)
        start = hill(np.array([self.before]), shape, half)
        factor, base = (np.maximum(1.0 + lift[:, None] * (e - 1.0) / slope, LOWEST) for e in (path, start))
        return np.asarray(self.damping * np.log(factor.mean(axis=1) / base[:, 0]))

    def taught(self, draws: Sequence[dict[str, float]], seed: int) -> list[dict[str, float]]:
        """Return draws with the medium's lift, each given its own curve, spread evenly over what is known."""
        from scipy import special

        name = self.parameter.name
        generator = np.random.default_rng([seed, stream_key(seed, self.parameter.name)])
        places = (generator.permutation(len(draws)) + generator.random(len(draws))) / len(draws)
        spread = math.log(self.parameter.high / self.parameter.low) / (2.0 * NORMAL_90)
        lifts = self.parameter.default * np.exp(spread * GRID)
        made = []
        for draw, place in zip(draws, places, strict=True):
            off = (
                self.expected(lifts, draw["hill_shape"], draw["half_saturation"]) - self.effect
            ) / self.error
            logs = -0.5 * (GRID**2 + off**2)
            share = np.cumsum(np.exp(logs - logs.max()))
            if name in draw:  # told by the history: its own place stays
                place = special.ndtr(math.log(draw[name] / self.parameter.default) / spread)
            at = np.interp(place, share / share[-1], GRID)
            made.append({**draw, name: float(self.parameter.default * math.exp(spread * at))})
        return made


@dataclass(frozen=True)
class Elasticity:
    """A scanner panel's own-price elasticity, negated, and its error for a product that was not in it."""

    parameter: Parameter
    effect: float
    error: float

    def taught(self, draws: Sequence[dict[str, float]], seed: int) -> list[dict[str, float]]:
        """Return draws whose price weight keeps its place, from prior to posterior (logs are normal)."""
        prior = math.log(self.parameter.high / self.parameter.low) / (2.0 * NORMAL_90)
        middle, own = math.log(self.parameter.default), self.error / self.effect
        weight = prior**2 / (prior**2 + own**2)
        centre, spread = middle + weight * (math.log(self.effect) - middle), prior * math.sqrt(1.0 - weight)
        name = self.parameter.name
        return [
            {**draw, name: math.exp(centre + spread * (math.log(draw[name]) - middle) / prior)}
            for draw in draws
        ]


Lesson = Lift | Elasticity


def learnt(fitted: Fit, history: History, pool: Pool) -> Fit:
    """Return a fit that what the history holds of experiments has taught, and notes on what it has not."""
    found: list[Lesson] = []
    notes = []
    for read in (_of_regions, _of_panel):
        try:
            lesson, said = read(fitted, history, pool)
        except BadInput as bad:  # a table that cannot be read teaches nothing, and is no reason to stop
            lesson, said = None, [str(bad.problems[0])]
        found += [] if lesson is None else [lesson]
        notes += said
    notes += [note for note in unused(history) if note not in fitted.case.notes]
    case = replace(fitted.case, notes=(*fitted.case.notes, *notes))
    return replace(fitted, case=case, taught=tuple(found))


def holds(history: History) -> list[str]:
    """Return the tables of experiments that a history holds, by name."""
    evidence = history.evidence
    there = {
        "experiment": history.experiment,
        "panel": evidence.panel,
        "campaigns": evidence.campaigns,
        "geo": evidence.geo,
        "controls": evidence.controls,
    }
    return [name for name, table in there.items() if table is not None]


def sold(history: History | None, alone: bool) -> History | None:
    """Return the history where it tells of sales; ``None`` where it holds experiments only.

    Raises
    ------
    BadInput
        If there is no plan either (``alone``): experiments teach parameters of a market, and name none.
    """
    if history is None or history.sales is not None or history.transactions is not None:
        return history
    tables = ", ".join(f"tables.{name}" for name in holds(history))
    if alone and tables:
        message = f"holds {tables} but neither sales nor transactions: without a plan there is no market"
        expected = "a plan whose market they teach (`omolab calibrate PLAN --history ...`), or tables.sales"
        raise BadInput(Problem(str(history.file), None, "tables", "", expected, message))
    return None if tables else history


def unused(history: History) -> list[str]:
    """Return notes on tables that teach no parameter of a fit."""
    kept = ("experiment", "campaigns", "controls")
    said = [
        f"table {name} is not used in the fit; `omolab backtest` evaluates it"
        for name in holds(history)
        if name in kept
    ]
    read = [name for name in ("prices", "service") if history.table(name) is not None]
    return said + [f"table {name} is read but not fitted" for name in read]


def _of_regions(fitted: Fit, history: History, pool: Pool) -> tuple[Lesson | None, list[str]]:
    """Return what a geo experiment teaches of its medium."""
    from calibration.experiments.geo import regions

    if history.evidence.geo is None:
        return None, []
    broadcast = [medium for medium in fitted.case.setup.media if medium.action == "broadcast"]
    named = history.evidence.medium
    chosen = [m for m in broadcast if m.name == named] if named else broadcast
    if fitted.case.pace > 1:
        return None, [f"table geo is not used in the fit: it is lived in steps of {fitted.case.pace} days"]
    if len(chosen) != 1:
        what = f"{named} is no broadcast medium here" if named else "tables.geo.medium does not name a medium"
        return None, [f"table geo is not used in the fit: {what}"]
    seen = regions(history)
    sales, cost = seen.sales[seen.treated], seen.cost[seen.treated]
    days, spent = seen.end - seen.begin, cost[:, seen.begin : seen.end].sum()
    # Two designs of one test: their mean, with the larger error, or half of what they differ by.
    (_, one, error), (_, other, wide) = seen.returns()
    back, doubt = 0.5 * (one + other), max(error, wide, 0.5 * abs(one - other))
    usual = cost[:, : seen.begin].sum() / seen.begin * days
    without = sales[:, seen.begin : seen.end].sum() - back * (spent - usual)
    effect = math.log(sales[:, seen.begin : seen.end].sum() / without)
    lesson = Lift(
        _known(fitted, f"lift.{chosen[0].name}=lift.other"),
        effect,
        doubt * (spent - usual) / without,
        float(usual / without),
        float(spent / without),
        days,
        chosen[0].half_life,
    )
    lesson = lived(lesson, fitted, chosen[0], pool, sales_a_day(fitted, history))
    told = f"sales {math.expm1(effect):+.1%} ±{NORMAL_90 * lesson.error:.1%}"
    return lesson, [f"table geo: {told} in the test teaches lift.{chosen[0].name}"]


def _known(fitted: Fit, name: str) -> Parameter:
    """Return a parameter with its prior, or where the history told it, with what the ensemble has of it."""
    found, prior = parameter(name), fitted.case.prior
    if found.name not in prior.names:
        return found
    logs = fitted.members[:, prior.names.index(found.name)]
    low, high = logs.mean() + NORMAL_90 * logs.std() * np.array([-1.0, 1.0])
    middle = float(np.exp(logs.mean()))
    return replace(found, default=middle, low=float(np.exp(low)), high=float(np.exp(high)))


def sales_a_day(fitted: Fit, history: History) -> float | None:
    """Return a history's mean sales a day where its market has its shapes alone; ``None``: as simulated."""
    from calibration.series import observed

    if fitted.case.anchors or history.span is None:
        return None
    days = (history.span.last - history.span.first).days + 1
    table = observed(history)
    return float(table["total.revenue"].sum()) / days if "total.revenue" in table else None


def lived(lesson: Lift, fitted: Fit, medium: Medium, pool: Pool, sales: float | None = None) -> Lift:
    """Return the lesson with spend relative to the medium's reference, and what a market makes of the law.

    Comes with spend over sales. A few members live the test with a strong lift, with and without it: who
    orders more leaves sooner, and nobody looks in twice a day, so orders rise less than needs.
    """
    case, count = fitted.case, len(fitted.members)
    whole = replace(fitted, taught=()).draws()
    chosen = [whole[int(k)] for k in np.linspace(0, count - 1, min(LIVED, count))]
    names = [one.name for one in case.setup.media]
    place, strong = names.index(medium.name), {f"lift.{medium.name}": STRONG}
    calm = [(case, {**one, **strong}, k, place, -1.0, lesson.days) for k, one in enumerate(chosen)]
    if sales is None:
        sales = float(np.mean([found[1] for _, found in pool.run(tested, calm)]))
    scale = sales / max(medium.reference, 1e-9)  # spend over sales to spend over reference, a day
    lesson = replace(lesson, before=lesson.before * scale, during=lesson.during * scale)
    pairs = [(*one[:4], spend, lesson.days) for spend in (lesson.during, lesson.before) for one in calm]
    found = dict(pool.run(tested, pairs))
    arms = np.array([found[k][0] for k in range(len(pairs))]).reshape(2, -1).sum(axis=1)
    curves = [(one["hill_shape"], one["half_saturation"]) for one in chosen]
    law = np.mean([lesson.expected(np.array([STRONG]), *curve)[0] for curve in curves])
    if abs(law) < 1e-6 or arms.min() <= 0.0:
        return lesson
    damping = float(np.clip(math.log(float(arms[0] / arms[1])) / law, WEAKEST, STRONGEST))
    return replace(lesson, damping=damping)


def tested(job: tuple[Case, dict[str, float], int, int, float, int]) -> Array:
    """Live a test; return orders in it, and net sales a day in real money.

    The job holds the case, its values, a seed, the medium's place, its daily spend in the test over the
    reference (below 0: as it is) and the test's days.
    """
    from sim.customers.exchange import DISCOUNTS, LIST_SALES, ORDERS, RETURNED_SALES
    from sim.market import Market
    from sim.setup import Drivers

    case, values, seed, place, spend, days = job
    setup = case.with_values(values)
    length = min(setup.days, BEFORE + days)
    cut = {name: value[:length].copy() for name, value in vars(setup.drivers).items()}
    if spend >= 0.0:
        cut["spend"][length - min(days, length) :, place] = spend * setup.media[place].reference
    ledger = Market.from_setup(replace(setup, days=length, drivers=Drivers(**cut)), seed).run()
    events = ledger.events[ledger.offset :].astype(float)[-days:]
    money = (events[:, :, LIST_SALES] - events[:, :, DISCOUNTS] - events[:, :, RETURNED_SALES]).sum() / 100.0
    return np.array([events[:, :, ORDERS].sum(), money * setup.weight / len(events)])


def _of_panel(fitted: Fit, history: History, pool: Pool) -> tuple[Lesson | None, list[str]]:
    """Return what a scanner panel teaches of the answer to prices."""
    from calibration.experiments.elasticities import elasticities, pooled, ranked
    from sim.setup import MAX_CHANNELS

    panel = history.evidence.panel
    if panel is None:
        return None, []
    products = ranked(panel)[:MAX_CHANNELS]
    if len(products) < 2:
        return None, ["table panel is not used in the fit: fewer than two products have enough rows"]
    if "price_weight" in fitted.case.prior.names:
        return None, ["table panel is not used in the fit: the history itself tells price_weight"]
    seen = elasticities(panel, products)
    mean, error, between = pooled(seen.own, np.diag(seen.price_se))
    # What other goods answer differs by as much as the panel's products do among themselves.
    doubt = math.hypot(error, between)
    if not mean < 0.0:
        return None, ["table panel is not used in the fit: its products sell more when dearer"]
    told = f"own-price elasticity {mean:.2f} ±{NORMAL_90 * doubt:.2f}"
    return Elasticity(parameter("price_weight"), -mean, doubt), [f"table panel: {told} teaches price_weight"]


def rows(
    taught: Sequence[Lesson], draws: Sequence[dict[str, float]], identified: float
) -> list[tuple[Any, ...]]:
    """Return rows of ``fit/identified`` on what experiments taught: prior, what is known now, contraction."""
    made = []
    for lesson in taught:
        p, values = lesson.parameter, np.array([draw[lesson.parameter.name] for draw in draws])
        prior = math.log(p.high / p.low) / (2.0 * NORMAL_90)
        contraction = max(1.0 - float(np.log(values).var()) / prior**2, 0.0)
        levels = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
        said = (contraction, contraction >= identified)
        made.append((p.name, p.unit, p.low, p.high, *levels, *said, p.grade, p.source))
    return made
