"""What a search strives for and must keep, measured future by future.

Odds on a small panel move in steps and are often all 0 or all 1, so a search for odds climbs a smooth
stand-in, the *nearness* to a group's targets: of each target the logistic of its margin, in units of what
luck and parameters move it under the plan as written; averaged over targets and futures. It is 0.5 where
the targets are just met. Reports state plain odds beside it.

The worst of a measure, ``cvar(...)``, is its conditional value at risk: the mean over the worst futures. In
each future it is written as ``q - max(q - x, 0) / share``, q being the quantile of the worst share of
futures, whose mean over futures is just that (Rockafellar & Uryasev 2000, Optimization of conditional
value-at-risk); so differences of it are paired, and have intervals, like those of any other measure.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from scenarios.experiment import better, targets_of
from scenarios.plan import AS_WRITTEN, Plan
from scenarios.plan.measures import BUDGET, STORES, Condition, Measure, read_measure
from scenarios.plan.vocabulary import ODDS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from results.targets import Target

FUTURE = ["draw", "replicate"]
SHARPNESS = 1.702  # the logistic of 1.702 z is within 0.01 of the normal distribution's probability of z
LEAST_SCALE = 0.1  # of the level: nothing is so sure that a search should see a cliff
YEAR_DAYS = 360


@dataclass(frozen=True)
class Objective:
    """An indicator or the odds of a group, and which way to move it."""

    key: str
    direction: Literal["maximize", "minimize"]

    @property
    def column(self) -> str:
        """What the search sees: ``nearness_growth`` for ``odds_growth``, any other measure itself."""
        return self.key.replace("odds_", "nearness_") if read_measure(self.key).key in ODDS else self.key

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.direction == "maximize" else -1


@dataclass(frozen=True)
class Mark:
    """A target as it is measured: where the line is, on which side to be, and what is far.

    ``period_end`` and ``yearly`` tell the period it is measured on; ``scale`` is in the indicator's unit.
    """

    kpi: str
    group: str
    level: float
    side: int
    period_end: Any
    yearly: bool
    scale: float


def windows_of(plan: Plan) -> list[tuple[int, int]]:
    """Return the periods that goals are measured on: those that end last before each target's date, the
    horizon's last, and the first month and year for baselines. All of them where there is no full year.
    """
    from sim.indicators import months_and_years

    windows = months_and_years(plan.start, plan.days)
    ends = sorted({last for _, last in windows})
    years = [last for first, last in windows if last - first >= YEAR_DAYS]
    if not years:
        return windows
    wanted = {ends[0], ends[-1], years[0]}
    for target in plan.targets:
        due = (target.by - plan.start + datetime.timedelta(days=1)).days
        wanted |= {max((end for end in ends if end <= due), default=ends[0])}
    return [window for window in windows if window[1] in wanted]


class Goals:
    """Objectives, bounds and targets of a plan, measured on a panel's indicators.

    Parameters
    ----------
    plan
        The plan searched.
    objectives, conditions
        What to strive for and what to keep.
    fitted
        See `scenarios.experiment.targets_of`.
    preferences
        Bounds better kept: missing one within the slack costs, beyond it counts as broken.
    """

    def __init__(
        self,
        plan: Plan,
        objectives: Sequence[Objective],
        conditions: Sequence[Condition],
        fitted: bool = False,
        preferences: Sequence[Condition] = (),
    ) -> None:
        self.objectives, self.conditions = tuple(objectives), tuple(conditions)
        self.preferences, self.slack = tuple(preferences), plan.search.slack
        self.targets: tuple[Target, ...] = targets_of(plan, fitted)
        self.columns = tuple(objective.column for objective in self.objectives)
        keys = [goal.key for goal in self.objectives]
        keys += [bound.kpi for bound in (*self.conditions, *self.preferences)]
        self.measures: tuple[Measure, ...] = tuple(dict.fromkeys(map(read_measure, keys)))
        plain = [measure.key for measure in self.measures if measure.key not in (*ODDS, BUDGET)]
        self.kpis = frozenset({*plain, *(target.kpi for target in self.targets)})
        self.stores = tuple(name for name, channel in plan.channels.items() if channel.kind == "store")
        self._worst = plan.search.worst
        self._scales: dict[int, float] = {}

    @property
    def by_channel(self) -> bool:
        """Whether something is asked channel by channel."""
        return any(measure.channel for measure in self.measures)

    def marks(self, kpis: pd.DataFrame) -> tuple[Mark, ...]:
        """Return the targets as a panel measures them, from its ``status_quo`` and ``plan``.

        The first panel also sets the scales, so that figures of different panels can be compared.
        """
        from results.targets import attainment

        rows = attainment(kpis, self.targets, better())
        rows = rows[rows["scenario"] == AS_WRITTEN].reset_index(drop=True)
        written = kpis[kpis["scenario"] == AS_WRITTEN]
        found = []
        for position, row in rows.iterrows():
            if not (np.isfinite(row["target"]) and row["period"]):
                continue
            place = (row["kpi"], row["measured_on"], row["period"] == "year")
            if position not in self._scales:
                self._scales[position] = _scale(_values(written, *place), row["target"])
            side = 1 if row["better"] == "higher" else -1
            scale = self._scales[position]
            found.append(Mark(row["kpi"], row["group"], row["target"], side, *place[1:], scale))
        return tuple(found)

    def futures(
        self,
        kpis: pd.DataFrame,
        marks: Sequence[Mark],
        extra: Sequence[str] = (),
        budget: float = np.nan,
    ) -> pd.DataFrame:
        """Return one row a future of one scenario: objectives, odds (reached or not) and indicators.

        Parameters
        ----------
        kpis
            Indicators of one scenario.
        marks
            The panel's (see `marks`).
        extra
            More indicators wanted; what the table does not hold is left out.
        budget
            Money that the scenario plans to spend, currency.

        Returns
        -------
        DataFrame
            Index draw, replicate; columns ``nearness_*`` and ``odds_*`` of the groups with targets, and
            the objectives' and bounds' measures over the last year (month, where there is no year).
        """
        import pandas as pd

        index = pd.MultiIndex.from_frame(kpis[FUTURE].drop_duplicates()).sort_values()
        table = pd.DataFrame(index=index)
        margins = {i: _margin(kpis, mark).reindex(index) for i, mark in enumerate(marks)}
        for odds in ODDS:
            group = odds.removeprefix("odds_")
            members = [i for i, mark in enumerate(marks) if group in ("all", mark.group)]
            if members:
                together = pd.DataFrame({i: margins[i] for i in members})
                near = (1 / (1 + np.exp(-SHARPNESS * together.clip(-30, 30)))).fillna(0.0)
                table[f"nearness_{group}"] = near.mean(axis=1)
                table[odds] = (together >= 0).all(axis=1).astype(float)
        present = set(kpis["kpi"])
        inner = [measure._replace(worst=False) for measure in self.measures if measure.key not in ODDS]
        for measure in dict.fromkeys((*inner, *(Measure(key) for key in extra if key in present))):
            told = budget if measure.key == BUDGET else self._told(kpis, measure).reindex(index)
            table[measure.text] = told
        for measure in self.measures:
            if measure.worst:
                column = measure.inner.replace("odds_", "nearness_")
                side = better().get(measure.key, "higher")
                values = table[column].to_numpy(dtype=float)
                table[f"cvar({column})"] = _shortfall(values, self._worst, side)
                if measure.key in ODDS:
                    table[measure.text] = table[f"cvar({column})"]
        return table

    def _told(self, kpis: pd.DataFrame, measure: Measure) -> pd.Series:
        """Return an indicator over the last year, by future; of ``stores`` the worst one's."""
        rows = kpis[kpis["kpi"] == measure.key]
        yearly, end = bool(_is_yearly(rows).any()), rows["period_end"].max()
        if measure.channel != STORES:
            return _values(kpis, measure.key, end, yearly, measure.channel or "all")
        import pandas as pd

        each = [_values(kpis, measure.key, end, yearly, store) for store in self.stores]
        worst = "max" if better()[measure.key] == "lower" else "min"
        return pd.concat([one for one in each if len(one)], axis=1).agg(worst, axis=1)

    def violations(self, means: Mapping[str, float]) -> dict[str, float]:
        """Return by how much each bound is missed, relative to it (0 or less: kept; undefined: missed).

        Of a preferred bound, by how much more than the slack.
        """
        missed = {said(one): _missed(one, means) for one in self.conditions}
        for one in self.preferences:
            missed[f"{said(one)} (preferred)"] = _missed(one, means) - self.slack
        return missed

    def steered(self, means: Mapping[str, float]) -> dict[str, float]:
        """Return `violations` as a search sees them: odds that fall short also say how far the targets are.

        On a small panel odds come in steps; between two steps the nearness tells which plan is closer.
        """
        missed = self.violations(means)
        for one in self.conditions:
            near = means.get(one.kpi.replace("odds_", "nearness_"), np.nan)
            if one.kpi in ODDS and missed[said(one)] > 0 and np.isfinite(near):
                missed[said(one)] += 1.0 - near if one.operator == ">=" else near
        return missed

    def scores(self, means: Mapping[str, float], written: Mapping[str, float]) -> list[float]:
        """Return the objectives as a search climbs them: less what missing preferred bounds costs.

        A preferred bound missed by a tenth of it costs each objective a tenth of its level under the plan
        as written.
        """
        cost = sum(max(_missed(one, means), 0.0) for one in self.preferences)
        scored = []
        for goal in self.objectives:
            value = means.get(goal.column, np.nan)
            scored.append(float(value - goal.sign * cost * abs(written.get(goal.column, 1.0))))
        return scored


def _missed(condition: Condition, means: Mapping[str, float]) -> float:
    value = means.get(condition.kpi, np.nan)
    over = value - condition.bound if condition.operator == "<=" else condition.bound - value
    return float(over / (abs(condition.bound) or 1.0)) if np.isfinite(over) else 1.0


def _shortfall(values: NDArray[np.float64], share: float, side: str) -> NDArray[np.float64]:
    """Return values whose mean is the mean over the worst ``share`` of futures; undefined ones left out."""
    sign = -1.0 if side == "lower" else 1.0
    known = np.sort(sign * values[np.isfinite(values)])
    if not len(known):
        return values
    quantile = known[min(int(np.ceil(share * len(known))) - 1, len(known) - 1)]
    return np.asarray(sign * (quantile - np.maximum(quantile - sign * values, 0.0) / share))


def said(condition: Condition) -> str:
    """Return a bound as text: ``acos <= 0.3``."""
    return f"{condition.kpi} {condition.operator} {condition.bound:g}"


def _scale(values: pd.Series, level: float) -> float:
    spread = float(values.std(ddof=0)) if values.notna().any() else 0.0
    return max(spread, LEAST_SCALE * abs(level)) or 1.0


def _margin(kpis: pd.DataFrame, mark: Mark) -> pd.Series:
    """Return how far beyond the line each future is, in scales; below 0 is short of it."""
    values = _values(kpis, mark.kpi, mark.period_end, mark.yearly)
    return mark.side * (values - mark.level) / mark.scale


def _values(kpis: pd.DataFrame, kpi: str, end: Any, yearly: bool, channel: str = "all") -> pd.Series:
    rows = kpis[(kpis["kpi"] == kpi) & (kpis["channel"] == channel) & (kpis["period_end"] == end)]
    rows = rows[_is_yearly(rows) == yearly]
    return rows.set_index(FUTURE)["value"].sort_index()


def _is_yearly(rows: pd.DataFrame) -> pd.Series:
    return (rows["period_end"] - rows["period_start"]).dt.days >= YEAR_DAYS
