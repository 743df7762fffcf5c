"""Levers held against the literature: what the market answers, and whether that agrees.

Each finding is measured as its source measures it - an elasticity as a log ratio over a log change, a
temporary cut in its week - from means over paired futures. The interval is the jackknife's over parameter
draws (Efron & Tibshirani 1993, chapter 11), over replicates where there is a single draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scenarios.levers.lever import Lever
from scenarios.levers.literature import LITERATURE, Finding
from scenarios.plan import STATUS_QUO, Plan

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
COLUMNS = [
    *("finding", "about", "lever", "kpi", "channel", "measure", "window"),
    *("central", "range_low", "range_high", "grade", "source"),
    *("value", "low", "high", "inside", "verdict", "why"),
]
AGREES, WEAK, STRONG, WRONG, UNMEASURED = "agrees", "too weak", "too strong", "wrong sign", "not measured"


@dataclass(frozen=True)
class Measured:
    """Indicators of levers in paired futures.

    Parameters
    ----------
    values
        Values [future] by (scenario, window, channel, kpi).
    draws
        The draw of each future.
    groups
        Channels by where: ``online``, ``store`` and each kind.
    """

    values: Mapping[tuple[str, str, str, str], Array]
    draws: NDArray[np.int64]
    groups: Mapping[str, tuple[str, ...]]

    def of(self, scenario: str, window: str, where: str, kpi: str) -> Array:
        """Return an indicator [future] of some channels; NaN where there are none.

        Amounts are summed over channels, rates weighted by orders; ``spend`` is what media were paid.
        """
        if kpi == "spend":
            return self._value(scenario, window, "all", "traffic_cost") * self._value(
                scenario, window, "all", "visits"
            )
        if where == "all":
            return self._value(scenario, window, "all", kpi)
        names = self.groups.get(where, ())
        if not names:
            return np.full(len(self.draws), math.nan)
        parts = np.array([self._value(scenario, window, name, kpi) for name in names])
        if not kpi.endswith("_rate"):
            return np.asarray(parts.sum(axis=0))
        orders = np.array([self._value(scenario, window, name, "orders") for name in names])
        some = orders > 0
        weighed = np.where(some, parts * orders, 0.0).sum(axis=0)
        return np.asarray(weighed / np.where(some, orders, 0.0).sum(axis=0))

    def _value(self, scenario: str, window: str, channel: str, kpi: str) -> Array:
        return self.values.get((scenario, window, channel, kpi), np.full(len(self.draws), math.nan))


def evidence(
    plan: Plan, kpis: pd.DataFrame, levers: Sequence[Lever], left_out: Mapping[str, str]
) -> pd.DataFrame:
    """Return every finding of the literature with what the market answers.

    Parameters
    ----------
    plan
        The plan under ``status_quo``, whose channels the findings are about.
    kpis
        Columns scenario, draw, replicate, window, channel, kpi, value.
    levers, left_out
        What was tried, and why other levers were not.

    Returns
    -------
    DataFrame
        finding, about, lever, kpi, channel, measure, window; central, range_low, range_high, grade, source of
        the literature; value, low, high of the market (95 %); inside (whether the value itself lies in the
        range, not only its interval reaches it); verdict (``agrees``, ``too weak``,
        ``too strong``, ``wrong sign`` or ``not measured``), and why it is not measured.
    """
    import pandas as pd

    measured, known = _measured(plan, kpis), {lever.name: lever for lever in levers}
    rows = []
    for finding in LITERATURE:
        value, low, high, why = math.nan, math.nan, math.nan, finding.why
        lever = known.get(finding.lever)
        if lever is not None or finding.lever == STATUS_QUO:
            value, low, high = jackknife(finding, lever, measured)
            why = _absent(finding, measured) if not math.isfinite(value) else ""
            why = "nothing moved in any future" if value == low == high == 0.0 else why
        elif not why:
            why = left_out.get(finding.lever, f"{finding.lever} is no lever of this plan, or was not tried")
        told = {"finding": finding.key, "channel": finding.where, "range_low": finding.low}
        told |= {"range_high": finding.high, "value": value, "low": low, "high": high, "why": why}
        told["inside"] = finding.low <= value <= finding.high
        told["verdict"] = verdict(finding, value, low, high)
        rows.append({name: told.get(name, getattr(finding, name, None)) for name in COLUMNS})
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(finding: Finding, value: float, low: float, high: float) -> str:
    """Say whether an interval overlaps the finding's range, and if not, on which side it lies.

    ``wrong sign`` is said only where the whole range is on one side of zero and the interval on the other.
    """
    if not math.isfinite(value):
        return UNMEASURED
    if low == high == 0.0 != finding.central:
        return WEAK  # nothing moved in any future
    low, high = (low, high) if math.isfinite(low) and math.isfinite(high) else (value, value)
    if low <= finding.high and high >= finding.low:
        return AGREES
    if (finding.low >= 0 and high < 0) or (finding.high <= 0 and low > 0):
        return WRONG
    return STRONG if abs(value) > abs(finding.central) else WEAK


def jackknife(finding: Finding, lever: Lever | None, measured: Measured) -> tuple[float, float, float]:
    """Return a finding as the market has it, with its 95 % interval; NaN where it is not defined."""
    from scipy.special import stdtrit

    draws = measured.draws
    units = draws if len(np.unique(draws)) > 1 else np.arange(len(draws))
    names = np.unique(units)
    whole = answer(finding, lever, measured, np.ones(len(units), bool))
    if not math.isfinite(whole) or len(names) < 2:
        return whole, math.nan, math.nan
    n = len(names)
    without = np.array([answer(finding, lever, measured, units != name) for name in names])
    pseudo = n * whole - (n - 1) * without
    half = float(stdtrit(n - 1, 0.975)) * float(pseudo.std(ddof=1)) / math.sqrt(n)
    return whole, whole - half, whole + half


def answer(finding: Finding, lever: Lever | None, measured: Measured, kept: NDArray[np.bool_]) -> float:
    """Return the finding's measure from means over the futures that are kept."""

    def mean(scenario: str, kpi: str, where: str, window: str) -> float:
        values = measured.of(scenario, window, where, kpi)[kept]
        return float(values.mean()) if np.isfinite(values).all() else math.nan

    def ratio(where: str) -> float:
        assert lever is not None
        before = mean(lever.against, finding.kpi, where, finding.window)
        return mean(lever.name, finding.kpi, where, finding.window) / before if before > 0 else math.nan

    def extra(kpi: str, window: str) -> float:
        assert lever is not None
        return mean(lever.name, kpi, finding.where, window) - mean(lever.against, kpi, finding.where, window)

    if lever is None:
        return mean(STATUS_QUO, finding.kpi, finding.where, finding.window)
    if finding.measure == "elasticity":
        return _elasticity(ratio(finding.where), lever.factor)
    if finding.measure == "quotient":
        first, second = (_elasticity(ratio(where), lever.factor) for where in finding.where.split("/"))
        return first / second if second else math.nan
    if finding.measure == "borrowed":
        bump = extra(finding.kpi, "event")
        return 1.0 - extra(finding.kpi, "around") / bump if bump > 0 else math.nan
    if finding.measure == "return":
        spent = extra("spend", finding.window)
        return extra(finding.kpi, finding.window) / spent if spent > 0 else math.nan
    return ratio(finding.where) - 1.0


def _elasticity(ratio: float, factor: float) -> float:
    return math.log(ratio) / math.log(factor) if ratio > 0 and factor > 0 and factor != 1.0 else math.nan


def _measured(plan: Plan, kpis: pd.DataFrame) -> Measured:
    wide = kpis.set_index(["scenario", "draw", "replicate", "window", "channel", "kpi"])["value"]
    wide = wide.unstack(["draw", "replicate"]).sort_index(axis=1)
    groups: dict[str, tuple[str, ...]] = {}
    for name, channel in plan.open_channels().items():
        for group in {channel.kind, "store" if channel.kind == "store" else "online"}:
            groups[group] = (*groups.get(group, ()), name)
    values: dict[Any, Array] = dict(zip(wide.index, wide.to_numpy(float), strict=True))
    return Measured(values, wide.columns.get_level_values("draw").to_numpy(), groups)


def _absent(finding: Finding, measured: Measured) -> str:
    missing = [part for part in finding.where.split("/") if part != "all" and not measured.groups.get(part)]
    return f"the plan has no channel of kind {missing[0]}" if missing else "the indicator did not answer"
