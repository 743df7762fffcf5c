"""Fit a market to its history: an ensemble of parameter draws, and how far the history speaks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from calibration.anchors import guess
from calibration.case import Case
from calibration.moments import CLOUDS, SCOUTED, SCOUTS, Posterior, cloud_size, match
from sim.engine.randomness import stream_key
from sim.parameters import PARAMETERS, Parameter, collected, from_scale

if TYPE_CHECKING:
    import pandas as pd

    from calibration.lessons import Lesson
    from calibration.response import Response
    from calibration.waves import Likelihood
    from results.store import RunWriter
    from scenarios.executor import Advance, Pool, Progress

Array = NDArray[np.float64]
MEMBERS, PLAN_MEMBERS = 48, 24  # each member of a plan's case is led to the figures by itself
ROUNDS, SETTLING = 7, 2  # moves of each member of a plan's case towards the figures it must reproduce
NEAR = (0.3, 0.1)  # clouds around a first guess
IDENTIFIED = 0.25  # contraction below which a parameter is named as not identified
# Priors that no history here identifies and every scenario needs: they are drawn, never left at one value.
# None moves a status quo much (prices, spend and promotions are then the reference), so the fit holds.
KEPT = (
    "price_weight",
    "promotion_weight",
    "hill_shape",
    "half_saturation",
    "ripening_days",
    "wear",
    "delay_weight",
    "rival_reaction",
    "borrowed_share",
)
# Where these are fitted, the history has identified what evidence would otherwise be mapped to.
IDENTIFYING = ("price_weight", "price_response", "promotion_weight")
INTERVENED, EXPERIMENTS = 6, 3  # members that live experiments, at most; experiments of each, of two arms
KEPT_FAMILIES = ("capability_cost", "effect", "cpc", "lift")


@dataclass(frozen=True, eq=False)
class Fit:
    """A calibrated case.

    Attributes
    ----------
    case
        What was fitted.
    members
        Draws [n, P] on the parameters' scales.
    simulated
        Statistics of the draws [n, d] on their comparison scales.
    kept
        Parameters that keep their prior, drawn beside the fitted ones.
    seed
        Luck of the fit.
    variance
        Posterior variance [P] on the scales, of which members show a sample. ``None``: nothing was fitted.
    response
        How strongly a plan's market answers price and promotion, as the evidence says; ``None``: as it came.
    said
        What the statistics known say, through the emulator that was learnt; ``None``: none was.
    taught
        What experiments of the history taught (:mod:`calibration.lessons`).
    """

    case: Case
    members: Array
    simulated: Array
    kept: tuple[Parameter, ...]
    seed: int
    variance: Array | None = None
    response: Response | None = None
    said: Likelihood | None = None
    taught: tuple[Lesson, ...] = ()

    @property
    def allowed(self) -> Array:
        """How far each statistic may lie off [d]: its standard error, and the discrepancy the fit found."""
        wider = 0.0 if self.said is None else self.said.wider
        return np.sqrt(self.case.errors**2 + wider**2)

    def draws(self) -> list[dict[str, float]]:
        """Return the ensemble as parameter values by name; unidentified parameters come from their priors."""
        from calibration.moments import Prior

        rest = Prior(self.kept)
        others = rest.draw(len(self.members), np.random.default_rng([self.seed, 77]))
        drawn = [
            rest.values(other) | self.case.setup_values() | self.case.prior.values(member)
            for member, other in zip(self.members, others, strict=True)
        ]
        for lesson in self.taught:
            drawn = lesson.taught(drawn, self.seed)
        response = self.response
        return drawn if response is None else [response.mapped(one, k) for k, one in enumerate(drawn)]

    def ensemble(self) -> pd.DataFrame:
        """Return one row a draw: ``draw`` and a column a parameter, natural units."""
        import pandas as pd

        return pd.DataFrame(self.draws()).rename_axis("draw").reset_index()

    def statistics(self) -> pd.DataFrame:
        """Return observed against simulated statistics.

        Columns name, observed, scale (standard deviation of what the fit predicts, on the log or logit scale:
        sampling error, discrepancy, and how members and their luck differ), simulated_p05, _p50, _p95 in
        natural units, and ``off``: how many of these the median lies off.
        """
        import pandas as pd

        rows = []
        for k, statistic in enumerate(self.case.statistics):
            column = self.simulated[:, k]
            column = column[np.isfinite(column)]
            levels = np.quantile(column, (0.05, 0.5, 0.95)) if len(column) else np.full(3, np.nan)
            allowed = float(self.allowed[k])
            predicted = math.hypot(allowed, float(column.std())) if len(column) else allowed
            off = (levels[1] - statistic.scaled(statistic.observed)) / predicted
            natural = statistic.natural(levels)
            rows.append((statistic.name, statistic.observed, predicted, *natural, off))
        columns = ["name", "observed", "scale", "simulated_p05", "simulated_p50", "simulated_p95", "off"]
        return pd.DataFrame(rows, columns=columns)

    def identified(self) -> pd.DataFrame:
        """Return what the history said of each parameter.

        Columns parameter, unit, prior_low, prior_high, p05, p50, p95 (natural units), contraction
        (1 - posterior over prior variance on the parameter's scale; 0: the history said nothing),
        identified, grade, source.
        """
        import pandas as pd

        prior, spread = self.case.prior, self.case.prior.spread()
        rows = []
        # An interval between order statistics of a few members holds what it says (decision 36); draws of the
        # prior alone are stratified in every parameter and need no allowance.
        between: Literal["linear", "weibull"] = "linear" if self.variance is None else "weibull"
        for k, p in enumerate(prior.parameters):
            levels = np.quantile(self.members[:, k], (0.05, 0.5, 0.95), method=between)
            contraction = 0.0 if self.variance is None else 1.0 - float(self.variance[k]) / spread[k] ** 2
            natural = [from_scale(float(level), p.scale) for level in levels]
            said = (max(contraction, 0.0), contraction >= IDENTIFIED)
            rows.append((p.name, p.unit, p.low, p.high, *natural, *said, p.grade, p.source))
        for p in self.kept:
            rows.append(
                (p.name, p.unit, p.low, p.high, p.low, p.default, p.high, 0.0, False, p.grade, p.source)
            )
        if self.taught:
            from calibration.lessons import rows as lessons

            told = lessons(self.taught, self.draws(), IDENTIFIED)
            rows = [row for row in rows if row[0] not in {one[0] for one in told}] + told
        columns = [
            "parameter",
            "unit",
            "prior_low",
            "prior_high",
            "p05",
            "p50",
            "p95",
            "contraction",
            "identified",
        ]
        return pd.DataFrame(rows, columns=[*columns, "grade", "source"])

    def responses(self) -> pd.DataFrame:
        """Return the evidence on price, promotion and delivery beside what was simulated, if anything was.

        Columns lever, channel, low, central, high (the evidence), before and after (the mapping), grade,
        source.
        """
        import pandas as pd

        from calibration.response import COLUMNS

        table = None if self.response is None else self.response.table
        return pd.DataFrame(columns=COLUMNS) if table is None else table

    def misfit(self) -> list[str]:
        """Return the statistics whose simulated median is undefined or over three such deviations off."""
        table = self.statistics()
        return [str(name) for name in table.loc[~(table["off"].abs() <= 3.0), "name"]]

    def document(self) -> dict[str, Any]:
        """Return what ``fit.json`` holds."""
        table = self.identified()
        return {
            "name": self.case.name,
            "members": len(self.members),
            "pace_days": self.case.pace,
            "statistics": len(self.case.statistics),
            "off_by_three_errors": self.misfit(),
            "not_identified": [str(p) for p in table.loc[~table["identified"], "parameter"]],
            "notes": list(self.case.notes),
        }


def fit(
    case: Case,
    pool: Pool,
    seed: int = 1,
    members: int | None = None,
    clouds: Sequence[float] | None = None,
    progress: Progress | None = None,
    rounds: int | None = None,
    kept_in: RunWriter | None = None,
) -> Fit:
    """Fit a case with ``len(clouds) * cloud_size + members * (1 + rounds)`` simulations on fixed seeds, and
    with ``rounds`` two dozen of scouts (:func:`calibration.moments.match`).

    A plan's case takes 6 to 36 more, in which the evidence on price and promotion is mapped through simulated
    interventions (:mod:`calibration.response`), unless the history itself identified the response; with
    ``rounds`` every member then makes :data:`SETTLING` more moves as it will be run.

    ``clouds`` are spreads in prior standard deviations; narrow ones where anchors give a first guess. In
    ``rounds`` each member is led to the figures by itself; by default where anchors show a plan's case,
    whose few figures hold exactly rather than on average. What is simulated is kept cloud by cloud
    ``kept_in`` an unfinished run, so that a fit that was stopped goes on where it was.
    """
    from threadpoolctl import threadpool_limits

    from scenarios.executor import shown

    members = members or (PLAN_MEMBERS if case.anchors else MEMBERS)
    names = set(case.prior.names)
    kept = tuple(p for p in prior_parameters() if p.name not in names)
    if not case.statistics or not case.prior.parameters:
        unheard = case.prior.draw(members, np.random.default_rng([seed, 1989]))
        return Fit(case, unheard, np.full((members, len(case.statistics)), np.nan), kept, seed)
    clouds = clouds or (NEAR if case.anchors else CLOUDS)
    rounds = (ROUNDS if case.anchors else 0) if rounds is None else rounds
    chosen = _chosen(case, members)
    total = len(clouds) * cloud_size(len(case.prior.parameters)) + members * (1 + rounds)
    total += SCOUTS * (1 + SCOUTED) if rounds else 0
    total += (2 * EXPERIMENTS * len(chosen) + (members * (1 + SETTLING) if rounds else 0)) if chosen else 0
    # Bits would differ by the number of threads, and matrices of this size are slower on several of them.
    alone = threadpool_limits(1, user_api="blas")
    with alone, shown(progress, f"Calibrating {case.name}", total) as advance:
        lived = 0

        def simulate(cloud: Sequence[dict[str, float]], shared: bool) -> Array:
            nonlocal lived
            seeds = [member_seed(seed, 0 if shared else lived + j) for j in range(len(cloud))]
            # Members that are led to figures keep their luck from round to round; else none is lived twice.
            lived += 0 if rounds else len(cloud)
            return _simulated(case, cloud, seeds, pool, advance, kept_in)

        def once(centre: Array) -> Array:
            job = (case, case.prior.values(centre), member_seed(seed, 0))
            return next(pool.run(simulate_statistics, [job]))[1]

        start = guess(case.prior, case.statistics, case.anchors, once)
        posterior = match(
            case.prior, case.observed, case.errors, simulate, members, clouds, seed, start, rounds
        )
        variance = np.diag(posterior.covariance)
        fitted = Fit(case, posterior.members, posterior.simulated, kept, seed, variance, said=posterior.said)
        if not chosen:
            return fitted
        fitted = replace(fitted, response=_answered(fitted, chosen, pool, advance))
        return _settled(fitted, posterior, pool, advance, kept_in) if rounds else fitted


def _settled(
    fitted: Fit, posterior: Posterior, pool: Pool, advance: Advance, kept_in: RunWriter | None
) -> Fit:
    """Lead members once more to their figures, now as they will be run: answers mapped, priors drawn."""
    from calibration.refinement import refine

    case, prior = fitted.case, fitted.case.prior
    middle, spread = prior.centre(), prior.spread()

    def lived(standard: Array) -> Array:
        draws = replace(fitted, members=middle + spread * standard).draws()
        seeds = [member_seed(fitted.seed, k) for k in range(len(draws))]
        return _simulated(case, draws, seeds, pool, advance, kept_in)

    start = (fitted.members - middle) / spread
    found, simulated = refine(start, posterior.aims, case.errors, lived, posterior.seen, SETTLING)
    return replace(fitted, members=middle + spread * found, simulated=simulated)


def _simulated(
    case: Case,
    cloud: Sequence[dict[str, float]],
    seeds: Sequence[int],
    pool: Pool,
    advance: Advance,
    kept: RunWriter | None = None,
) -> Array:
    """Return the statistics [n, d] of parameter values, each under its seed; what is kept is read."""
    import pandas as pd

    key = "cloud " + hashlib.sha256(repr((list(cloud), list(seeds))).encode()).hexdigest()[:24]
    place = None if kept is None else kept.piece(key)
    if place is not None:
        for _ in cloud:
            advance()
        return np.asarray(pd.read_parquet(place / "statistics.parquet"), np.float64)
    found = np.empty((len(cloud), len(case.statistics)))
    jobs = [(case, values, seed) for values, seed in zip(cloud, seeds, strict=True)]
    for position, statistics in pool.run(simulate_statistics, jobs):
        found[position] = statistics
        advance()
    if kept is not None:
        kept.save_piece(
            key, {"statistics": pd.DataFrame(found, columns=[f"{k}" for k in range(found.shape[1])])}
        )
    return found


def _chosen(case: Case, members: int) -> list[int]:
    """Return the members that live an experiment; none where nothing is to be mapped."""
    identifies = any(name.split(".")[0] in IDENTIFYING for name in case.prior.names)
    if not case.anchors or identifies:
        return []
    return [int(k) for k in np.linspace(0, members - 1, min(max(members // 5, 1), INTERVENED))]


def _answered(fitted: Fit, chosen: Sequence[int], pool: Pool, advance: Advance) -> Response:
    """Return how the market answers as the evidence says, by experiments on the ``chosen`` members."""
    from calibration.response import respond
    from calibration.switchback import wanted

    case = fitted.case

    def live(values: list[dict[str, float]]) -> Array:
        jobs = [
            (case.with_values(one), member_seed(fitted.seed, k), first)
            for one, k in zip(values, chosen, strict=True)
            for first in (True, False)
        ]
        orders: list[Any] = [0.0, 0.0]
        for j, counted in pool.run(wanted, jobs):
            orders[j % 2] = orders[j % 2] + counted
            advance()
        return np.array(orders)

    drawn = [case.prior.values(fitted.members[k]) for k in chosen]
    return respond(case.setup, drawn, live, fitted.seed)


def simulate_statistics(job: tuple[Case, dict[str, float], int]) -> Array:
    """Run one member of a case; return its statistics [d]."""
    from calibration.statistics import read_all
    from sim.market import Market

    case, values, seed = job
    market = Market.from_setup(case.with_values(values), seed)
    market.run()
    return read_all(market, case.statistics)


def member_seed(seed: int, member: int) -> int:
    """Return the seed of a member: fixed for the whole fit, never searched."""
    return stream_key(seed, "member", member) >> 1


def prior_parameters() -> tuple[Parameter, ...]:
    """Return the parameters that scenarios need and histories rarely identify."""
    if not PARAMETERS:
        PARAMETERS.update(collected())
    families = [p for name, p in PARAMETERS.items() if name.split(".")[0] in KEPT_FAMILIES]
    return (*(PARAMETERS[name] for name in KEPT), *families)
