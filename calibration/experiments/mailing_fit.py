"""From one half of a mailing's customers to what the market's messages do: a posterior by Laplace's method.

Needs and the worth of buying differ between cells of customers alike by additive effects of their factors,
with normal priors that pull small cells to the whole. How needs differ within a cell, and for each message
how hard it pulls and how willing to buy those are who follow it, are the same for all: the market's mechanism
has to make the uplift of every cell from these. What it leaves over, the spread of cells' uplifts beyond
sampling error, widens the forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.mailing import HIGH, LOW, NONE, StandIn
from sim.parameters import collected, to_scale

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
NEED_SPREAD, WORTH_SPREAD = 0.7, 0.3  # prior sd of a factor's effect on log needs and on utility
TAUS = np.linspace(0.0, 1.0, 41)


@dataclass(frozen=True, eq=False)
class Counts:
    """Customers, lookers, buyers by cell and arm [K, A], the arm left alone first; factors' levels [K, F]."""

    cells: pd.DataFrame
    arms: tuple[str, ...]
    design: Array
    customers: Array
    looked: Array
    bought: Array

    @classmethod
    def of(cls, table: pd.DataFrame, cells: pd.DataFrame, arms: tuple[str, ...]) -> Counts:
        """Count a table of customers by the ``cells``, one row a combination of factors."""
        import pandas as pd

        names = list(cells.columns)
        order = pd.MultiIndex.from_frame(cells)
        shape = (len(cells), len(arms))
        counts = np.zeros((3, *shape))
        for a, arm in enumerate(arms):
            of_arm = table[table["group"] == arm]
            groups = of_arm.groupby(names)
            counts[0, :, a] = groups.size().reindex(order, fill_value=0)
            for k, outcome in ((1, "visit"), (2, "conversion")):
                if outcome in table:
                    counts[k, :, a] = groups[outcome].sum().reindex(order, fill_value=0)
        return cls(cells, arms, effects(cells), *counts)


def effects(cells: pd.DataFrame) -> Array:
    """Return indicators [K, F] of each factor's levels, all of them: priors choose between levels."""
    columns = [
        (cells[name] == level).to_numpy(float) for name in cells for level in sorted(cells[name].unique())
    ]
    return np.column_stack(columns) if columns else np.zeros((len(cells), 0))


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each parameter stands in the vector that is fitted."""

    factors: int
    messages: int

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 3 + 2 * self.factors + 2 * self.messages

    def points(self, vector: Array, design: Array) -> Array:
        """Return the market's parameters [K, A, 5] of every cell and arm."""
        factors, messages = self.factors, self.messages
        need = vector[0] + design @ vector[3 : 3 + factors]
        worth = vector[2] + design @ vector[3 + factors : 3 + 2 * factors]
        rest = vector[3 + 2 * factors :]
        found = np.empty((len(design), messages + 1, 5))
        found[:, :, 0], found[:, :, 1], found[:, :, 3] = need[:, None], vector[1], worth[:, None]
        found[:, 0, 2], found[:, 0, 4] = NONE, 0.0
        for m in range(messages):
            found[:, m + 1, 2], found[:, m + 1, 4] = rest[m], rest[messages + m]
        return found

    def prior(self) -> tuple[Array, Array]:
        """Return means and standard deviations of the normal prior."""
        known = collected()
        shape, intent = known["need_shape"], known["intent.private_domain"]
        ends = [to_scale(value, "log") for value in (shape.low, shape.high)]
        mean = np.zeros(self.size)
        spread = np.concatenate(
            (
                [2.0, (ends[1] - ends[0]) / 3.29, 3.0],
                np.full(self.factors, NEED_SPREAD),
                np.full(self.factors, WORTH_SPREAD),
                np.full(self.messages, 2.0),
                np.full(self.messages, (intent.high - intent.low) / 3.29),
            )
        )
        mean[:3] = (LOW[0] + HIGH[0]) / 2.0, to_scale(shape.default, "log"), -3.0
        mean[3 + 2 * self.factors : 3 + 2 * self.factors + self.messages] = np.log(10.0)
        mean[3 + 2 * self.factors + self.messages :] = intent.default
        return mean, spread


@dataclass(frozen=True, eq=False)
class MailingFit:
    """What was fitted: draws [n, P] of the posterior, its mode, and the spread of cells left over.

    ``tau`` is the standard deviation of a cell's uplift over what the mechanism makes of it.
    """

    layout: Layout
    stand_in: StandIn
    mode: Array
    draws: Array
    tau: float

    def shares(self, vector: Array, design: Array) -> Array:
        """Return shares who look in and buy [2, K, A]."""
        points = self.layout.points(vector, design)
        found = self.stand_in.shares(points.reshape(-1, points.shape[-1]))
        return np.array([part.reshape(points.shape[:2]) for part in found])


def fit(
    counts: Counts, stand_in: StandIn, seed: int, draws: int = 200, start: Array | None = None
) -> MailingFit:
    """Fit the mailing's parameters to the counts of one half."""
    from scipy import optimize

    layout = Layout(counts.design.shape[1], len(counts.arms) - 1)
    mean, spread = layout.prior()

    def cost(standard: Array) -> float:
        points = layout.points(mean + spread * standard, counts.design)
        look, buy = stand_in.shares(points.reshape(-1, 5))
        total = 0.5 * float(standard @ standard)
        for share, hits in ((look, counts.looked), (buy, counts.bought)):
            if hits.sum() > 0:
                p = np.clip(share, 1e-9, 1.0 - 1e-9).reshape(hits.shape)
                total -= float((hits * np.log(p) + (counts.customers - hits) * np.log1p(-p)).sum())
        return total

    first = np.zeros(layout.size) if start is None else (start - mean) / spread
    found = optimize.minimize(cost, first, method="L-BFGS-B", options={"maxfun": 100_000, "maxiter": 500})
    covariance = _covariance(cost, found.x)
    normal = np.random.default_rng([seed, 64_000]).standard_normal((draws, layout.size))
    standard = found.x + normal @ np.linalg.cholesky(covariance).T
    done = MailingFit(layout, stand_in, mean + spread * found.x, mean + spread * standard, 0.0)
    return MailingFit(layout, stand_in, done.mode, done.draws, _left_over(done, counts))


def _covariance(cost: object, centre: Array) -> Array:
    """Return the inverse of the curvature at the mode, by differences; what has none keeps its prior."""
    assert callable(cost)
    size, step = len(centre), 0.02
    base, single = cost(centre), np.empty((2, size))
    moves = step * np.eye(size)
    for k in range(size):
        single[:, k] = cost(centre + moves[k]), cost(centre - moves[k])
    curved = np.diag((single[0] + single[1] - 2.0 * base) / step**2)
    for i in range(size):
        for j in range(i):
            both = cost(centre + moves[i] + moves[j]) + cost(centre - moves[i] - moves[j])
            curved[i, j] = curved[j, i] = (
                both + 2.0 * base - single[0, i] - single[1, i] - single[0, j] - single[1, j]
            ) / (2.0 * step**2)
    values, axes = np.linalg.eigh(curved)
    return np.asarray((axes / np.maximum(values, 1.0)) @ axes.T)


def _left_over(fitted: MailingFit, counts: Counts) -> float:
    """Return the relative spread of cells' uplifts of looking in beyond sampling error, by likelihood."""
    look = fitted.shares(fitted.mode, counts.design)[0]
    told, off, error = [], [], []
    for m in range(1, len(counts.arms)):
        n, hits = counts.customers[:, [0, m]], counts.looked[:, [0, m]]
        enough = (n >= 100).all(axis=1)
        share = hits[enough] / n[enough]
        told.append(look[enough, m] - look[enough, 0])
        off.append(share[:, 1] - share[:, 0] - told[-1])
        model = look[enough][:, [0, m]]
        error.append((model * (1.0 - model) / n[enough]).sum(axis=1))
    uplift, gap, variance = map(np.concatenate, (told, off, error))
    if len(gap) < 3:
        return 0.0
    widths = variance + np.square(np.outer(TAUS, uplift))
    scores = -0.5 * (np.log(widths) + gap**2 / widths).sum(axis=1)
    return float(TAUS[int(np.argmax(scores))])


def box_around(fitted: MailingFit, design: Array) -> Array:
    """Return the box [2, 5] of the cells' parameters under the posterior, widened."""
    points = np.concatenate([fitted.layout.points(draw, design).reshape(-1, 5) for draw in fitted.draws[:50]])
    margin = np.array([0.5, 0.5, 0.7, 0.8, 0.5])
    finite = np.where(np.isfinite(points), points, np.nan)
    low = np.maximum(np.nanmin(finite, axis=0) - margin, LOW)
    high = np.minimum(np.nanmax(finite, axis=0) + margin, HIGH)
    return np.array([low, np.maximum(high, low + 0.5)])
