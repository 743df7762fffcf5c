"""Which candidate of a search stands in futures it has not seen, and by how much."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.goals import Goals
from scenarios.paired import change
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan
from scenarios.plan.measures import BUDGET
from scenarios.plan.vocabulary import ODDS
from scenarios.proposals import planned_money
from scenarios.tried import Tried

if TYPE_CHECKING:
    import pandas as pd

HEADLINES = ("net_sales", "operating_profit")


def outcomes_of(kpis: pd.DataFrame, goals: Goals, plan: Plan, plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Return goals, odds and indicators of every future in the form of ``kpis``, one period each.

    ``plans`` are the scenarios' own, whose budgets count.
    """
    import pandas as pd

    from sim.indicators import INDICATORS

    marks, extra = goals.marks(kpis), (*HEADLINES, *(target.kpi for target in goals.targets))
    frames = []
    for scenario, rows in kpis.groupby("scenario", sort=False):
        table = goals.futures(rows, marks, extra, planned_money(plans[str(scenario)]))
        long = table.rename_axis(columns="kpi").stack(future_stack=True).rename("value").reset_index()
        frames.append(long.assign(scenario=scenario))
    whole = pd.concat(frames, ignore_index=True)
    bare = {
        key: str(key).removeprefix("cvar(").partition(".")[0].rstrip(")") for key in whole["kpi"].unique()
    }
    units = {key: INDICATORS[name].unit for key, name in bare.items() if name in INDICATORS}
    units[BUDGET] = "currency"
    period = {"period_start": pd.Timestamp(plan.start), "channel": "all"}
    period["period_end"] = pd.Timestamp(plan.end) - datetime.timedelta(days=1)
    return whole.assign(unit=whole["kpi"].map(units).fillna("share"), **period)


def ranked(goals: Goals, tables: Mapping[str, pd.DataFrame], named: Iterable[str]) -> list[str]:
    """Return the candidates, the most promising first: by what they miss of the bounds, whether they fall
    behind the plan in some objective for sure, and mean gain.

    Parameters
    ----------
    tables
        Goals by future of the plan as written and the candidates, in futures kept for choosing; a candidate
        that could not be run in them is left out.
    """
    means = {name: {str(k): float(v) for k, v in table.mean().items()} for name, table in tables.items()}
    there = [name for name in named if name in means]
    if AS_WRITTEN not in means or not there:
        return list(named)
    missed = {name: sum(max(v, 0.0) for v in goals.violations(means[name]).values()) for name in there}
    sizes, behind = dict.fromkeys(there, 0.0), dict.fromkeys(there, False)
    for goal in goals.objectives:
        start = means[AS_WRITTEN].get(goal.column, math.nan)
        gains = {name: goal.sign * (means[name].get(goal.column, math.nan) - start) for name in there}
        largest = max((abs(gain) for gain in gains.values() if math.isfinite(gain)), default=0.0) or 1.0
        for name, gain in gains.items():
            sizes[name] += gain / largest if math.isfinite(gain) else -1.0
            apart = change(tables[name], tables[AS_WRITTEN], goal.column)
            behind[name] |= apart is not None and max(goal.sign * apart[end] for end in ("low", "high")) < 0
    return sorted(there, key=lambda name: (missed[name], behind[name], -sizes[name]))


class Verdict:
    """The candidates' paired gains over the plan, and which of them stands.

    A candidate stands if it keeps the bounds and is better than the plan in some objective by more than the
    interval, and worse by more than it in none; or if it keeps bounds that the plan breaks. Only the leader
    may be chosen: the first that keeps the bounds, in an order that comes from other futures (`ranked`). Were
    it taken for its gain here, or passed over for it, the gain told would be that of the luckiest.
    """

    def __init__(
        self, goals: Goals, named: Mapping[str, Tried], outcomes: pd.DataFrame, order: Sequence[str]
    ) -> None:
        from scenarios.compare import compare

        self.goals, self.named = goals, named
        self.gains, self.over_today = (
            {
                name: rows.set_index("kpi")
                for name, rows in compare(outcomes, base).groupby("scenario", sort=False)
            }
            for base in (AS_WRITTEN, STATUS_QUO)
        )
        draws = outcomes["draw"].nunique()
        self._narrower = _narrower(draws if draws > 1 else outcomes["replicate"].nunique())
        mean = outcomes.groupby(["scenario", "kpi"], sort=False)["value"].mean()
        self.means: dict[str, dict[str, float]] = {
            name: {str(k): float(v) for k, v in mean[name].items()}
            for name in (STATUS_QUO, AS_WRITTEN, *named)
        }
        self.missed = {name: goals.violations(values) for name, values in self.means.items()}
        self.order = tuple(order)
        leader = next((n for n in order if named[n].feasible and self.keeps(n)), None)
        self.chosen = leader if leader and self._stands(leader) else None

    def keeps(self, name: str) -> bool:
        """Tell whether a scenario keeps every bound."""
        return all(missed <= 0 for missed in self.missed[name].values())

    def oriented(self, name: str) -> list[tuple[float, float, float]]:
        """Return (gain, low, high) by objective, positive being better."""
        found = []
        for goal in self.goals.objectives:
            if goal.column not in self.gains[name].index:
                found.append((0.0, math.nan, math.nan))
                continue
            row = self.gains[name].loc[goal.column]
            low, high = sorted((goal.sign * float(row["low"]), goal.sign * float(row["high"])))
            found.append((goal.sign * float(row["difference"]), low, high))
        return found

    def _stands(self, name: str) -> bool:
        gains = self.oriented(name)
        clear = any(low > 0 for _, low, _ in gains) and not any(high < 0 for _, _, high in gains)
        return clear or not self.keeps(AS_WRITTEN)

    def gain(self, name: str, over: str = AS_WRITTEN) -> list[dict[str, Any]]:
        """Return a candidate's gains over the plan or the status quo: objectives first, then odds, then
        indicators; with the 95 % interval, and the 90 % one as ``low_90`` and ``high_90``.
        """
        rows = (self.gains if over == AS_WRITTEN else self.over_today)[name]
        first = [key for key in (*self.goals.columns, *ODDS) if key in rows.index]
        return [
            {
                "kpi": key,
                **{column: float(rows.loc[key, column]) for column in ("difference", "low", "high")},
                **self._ninety(rows.loc[key]),
                "unit": rows.loc[key, "unit"],
                "before": float(rows.loc[key, "base_value"]),
                "after": float(rows.loc[key, "value"]),
            }
            for key in dict.fromkeys((*first, *rows.index))
        ]

    def _ninety(self, row: Any) -> dict[str, float]:
        mean, half = float(row["difference"]), float(row["high"] - row["low"]) / 2 * self._narrower
        return {"low_90": mean - half, "high_90": mean + half}

    def optimism(self, name: str, start: Mapping[str, float]) -> list[dict[str, Any]]:
        """Return by objective how much of the gain seen in the search was gone on the fresh panel."""
        rows = []
        for goal, (gain, _, _) in zip(self.goals.objectives, self.oriented(name), strict=True):
            searched = goal.sign * (self.named[name].means[goal.column] - start[goal.column])
            rows.append({"kpi": goal.column, "searched": searched, "verified": gain, "lost": searched - gain})
        return rows


def _narrower(count: int) -> float:
    """Return the width of a 90 % interval over that of a 95 % one, Student's t over so many draws or runs."""
    from scipy.stats import t

    return float(t.ppf(0.95, count - 1) / t.ppf(0.975, count - 1)) if count > 1 else math.nan
