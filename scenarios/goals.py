"""What a search strives for and must keep, measured future by future.

Odds on a small panel move in steps and are often all 0 or all 1, so a search for odds climbs a smooth
stand-in, the *nearness* to a group's targets: of each target the logistic of its margin, in units of what
luck and parameters move it under the plan as written; averaged over targets and futures. It is 0.5 where
the targets are just met. Reports state plain odds beside it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from results.problems import BadInput, Problem, nearest
from scenarios.experiment import better, targets_of
from scenarios.plan import AS_WRITTEN, Plan
from scenarios.plan.ambitions import Condition
from scenarios.plan.vocabulary import ALIASES, ODDS

if TYPE_CHECKING:
    import pandas as pd

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
        """What the search sees: ``nearness_growth`` for ``odds_growth``, an indicator's own key."""
        return self.key.replace("odds_", "nearness_") if self.key in ODDS else self.key

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


def objectives_of(plan: Plan, asked: Sequence[str] = ()) -> tuple[Objective, ...]:
    """Return the objectives ``asked`` for (each in its better direction), or else the plan's.

    Odds of a group in which the plan has no modelled target are left out of the plan's own.

    Raises
    ------
    BadInput
        If an indicator is unknown, or not modelled, or has no better direction, or nothing is left.
    """
    from sim.indicators import INDICATORS

    problems: list[Problem] = []
    found: list[Objective] = []
    told: list[tuple[str, str | None, str]] = [
        (ALIASES.get(key, key), None, "--objective") for key in asked
    ] or [
        *((key, "maximize", "search.maximise") for key in plan.search.maximise),
        *((key, "minimize", "search.minimise") for key in plan.search.minimise),
    ]
    for key, direction, field in told:
        if key in ODDS:
            if _modelled_targets(plan, key):
                found.append(Objective(key, "minimize" if direction == "minimize" else "maximize"))
            elif asked:
                said = "the plan has no target of this group that the market can measure"
                problems.append(Problem(plan.name, None, field, key, "other odds or an indicator", said))
            continue
        if problem := _unusable(plan, field, key, direction is None):
            problems.append(problem)
            continue
        lower = direction == "minimize" or (direction is None and INDICATORS[key].better == "lower")
        found.append(Objective(key, "minimize" if lower else "maximize"))
    if not found and not problems:
        said = "there is nothing to maximise: the plan has no target that the market can measure"
        problems.append(Problem(plan.name, None, "search.maximise", "", "an indicator", said))
    if problems:
        raise BadInput(problems)
    return tuple(dict.fromkeys(found))


def conditions_of(plan: Plan) -> tuple[Condition, ...]:
    """Return the bounds to keep.

    Raises
    ------
    BadInput
        If the market cannot measure what they are on.
    """
    conditions = plan.search.conditions()
    problems = [
        problem
        for condition in conditions
        if condition.kpi not in ODDS
        and (problem := _unusable(plan, "search.subject_to", condition.kpi, False))
    ]
    if problems:
        raise BadInput(problems)
    return conditions


def _unusable(plan: Plan, field: str, key: str, needs_direction: bool) -> Problem | None:
    from sim.indicators import INDICATORS

    usable = [k for k, i in INDICATORS.items() if i.formula and not (needs_direction and i.better == "none")]
    if key in usable:
        return None
    if key not in INDICATORS:
        said = f"no indicator is called {key!r}{nearest(key, [*usable, *ODDS])}"
    elif INDICATORS[key].derived:
        said = f"{key!r} follows from several runs and cannot be searched on; take one that it rests on"
    elif not INDICATORS[key].modelled:
        said = f"the market cannot compute {key!r} yet"
    else:
        said = f"neither more nor less of {key!r} is better"
    return Problem(plan.name, None, field, key, "an indicator that is modelled", said)


def _modelled_targets(plan: Plan, odds: str) -> list[str]:
    from sim.indicators import INDICATORS

    group = odds.removeprefix("odds_")
    return [t.kpi for t in plan.targets if INDICATORS[t.kpi].formula and group in ("all", t.group)]


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
    """

    def __init__(
        self,
        plan: Plan,
        objectives: Sequence[Objective],
        conditions: Sequence[Condition],
        fitted: bool = False,
    ) -> None:
        self.objectives, self.conditions = tuple(objectives), tuple(conditions)
        self.targets: tuple[Target, ...] = targets_of(plan, fitted)
        self.columns = tuple(objective.column for objective in self.objectives)
        keys = [*(goal.key for goal in self.objectives), *(bound.kpi for bound in self.conditions)]
        self.indicators = tuple(dict.fromkeys(key for key in keys if key not in ODDS))
        self.kpis = frozenset({*self.indicators, *(target.kpi for target in self.targets)})
        self._scales: dict[int, float] = {}

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

    def futures(self, kpis: pd.DataFrame, marks: Sequence[Mark], extra: Sequence[str] = ()) -> pd.DataFrame:
        """Return one row a future of one scenario: objectives, odds (reached or not) and indicators.

        Parameters
        ----------
        kpis
            Indicators of one scenario.
        marks
            The panel's (see `marks`).
        extra
            More indicators wanted; what the table does not hold is left out.

        Returns
        -------
        DataFrame
            Index draw, replicate; columns ``nearness_*`` and ``odds_*`` of the groups with targets, and
            the objectives' and bounds' indicators over the last year (month, where there is no year).
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
        for key in dict.fromkeys((*self.indicators, *(key for key in extra if key in present))):
            rows = kpis[(kpis["kpi"] == key) & (kpis["channel"] == "all")]
            yearly = _is_yearly(rows)
            end = rows["period_end"].max()
            table[key] = _values(kpis, key, end, bool(yearly.any())).reindex(index)
        return table

    def violations(self, means: Mapping[str, float]) -> dict[str, float]:
        """Return by how much each bound is missed, relative to it (0 or less: kept; undefined: missed)."""
        missed = {}
        for condition in self.conditions:
            value = means.get(condition.kpi, np.nan)
            over = value - condition.bound if condition.operator == "<=" else condition.bound - value
            missed[said(condition)] = (
                float(over / (abs(condition.bound) or 1.0)) if np.isfinite(over) else 1.0
            )
        return missed


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


def _values(kpis: pd.DataFrame, kpi: str, end: Any, yearly: bool) -> pd.Series:
    rows = kpis[(kpis["kpi"] == kpi) & (kpis["channel"] == "all") & (kpis["period_end"] == end)]
    rows = rows[_is_yearly(rows) == yearly]
    return rows.set_index(FUTURE)["value"].sort_index()


def _is_yearly(rows: pd.DataFrame) -> pd.Series:
    return (rows["period_end"] - rows["period_start"]).dt.days >= YEAR_DAYS
