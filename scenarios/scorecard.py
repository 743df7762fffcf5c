"""Scorecards: how much of the way from today to its goals each dimension of the business has gone, 0-100.

An indicator's attainment is 0 at its baseline - what ``status_quo`` does in its first year - or worse, 100
at its target or better, and linear between. Where the plan has no target for it, a fifth better than the
baseline counts as all of the way. A dimension is the mean of the indicators that are known, the card the
mean of its dimensions by the plan's weights. Years are judged, not months.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scenarios.plan import STATUS_QUO, Plan

if TYPE_CHECKING:
    import pandas as pd

    from results.targets import Target

FUTURE = ["draw", "replicate"]
PERIOD = ["period_start", "period_end"]
YEAR_DAYS = 360
# Baseline (None: as for any other) and goal where the plan names no target and a fifth would mean nothing.
GOALS: Mapping[str, tuple[float | None, float]] = {
    "maturity": (0.0, 0.5),
    "project_delay": (90.0, 0.0),
    "skill_share": (None, 0.8),
}
STRETCH = 0.2  # relative improvement that counts as the whole way where the plan names no target

BALANCED: Mapping[str, tuple[str, ...]] = {
    "finance": (
        "net_sales",
        "operating_margin",
        "roas",
        "acos",
        "paid_roi",
        "operating_cost_ratio",
        "traffic_cost",
    ),
    "customers": (
        *("value_per_user", "repurchase_365", "new_customer_repurchase_90", "retention", "ltv"),
        *("active_customers", "satisfaction", "complaint_rate"),
    ),
    "process": (
        *(
            "conversion",
            "mobile_conversion",
            "organic_share",
            "order_hours",
            "delivery_days",
            "stockout_rate",
        ),
        "inventory_days",
    ),
    "learning": ("skill_share", "maturity", "project_delay"),
}
FIVE: Mapping[str, tuple[str, ...]] = {
    "finance": ("net_sales", "gross_margin", "operating_margin", "operating_cost_ratio"),
    "users": ("active_customers", "members", "retention", "repurchase_365", "ltv"),
    "operations": ("order_hours", "inventory_days", "stockout_rate", "delivery_days", "repetitive_hours"),
    "marketing": ("conversion", "mobile_conversion", "organic_share", "paid_roi", "roas", "cac"),
    "team": ("skill_share", "maturity", "project_delay"),
}


def dimensions_of(plan: Plan) -> dict[str, dict[str, tuple[float, tuple[str, ...]]]]:
    """Return the plan's cards: dimension -> (weight, its indicators)."""
    card, found = plan.policies.scorecard, {}
    for key, weights, members in (
        ("scorecard_balanced", card.balanced, BALANCED),
        ("scorecard_five", card.five, FIVE),
    ):
        if weights is not None:
            found[key] = {name: (float(weight), members[name]) for name, weight in dict(weights).items()}
    if card.core or card.supporting:
        lists = {"core": card.core, "supporting": card.supporting}
        found["lists"] = {name: (1.0, tuple(kpis)) for name, kpis in lists.items() if kpis}
    return found


def scorecards(kpis: pd.DataFrame, plan: Plan, targets: Sequence[Target]) -> pd.DataFrame:
    """Return rows of ``scorecard_balanced`` and ``scorecard_five`` in the form of ``kpis``."""
    import pandas as pd

    frames = []
    for key, card in dimensions_of(plan).items():
        if key == "lists":
            continue
        reached = attained(kpis, plan, targets, card)
        weights = np.array([weight for weight, _ in card.values()])
        values = reached.to_numpy(dtype=float)
        known = np.isfinite(values)
        whole = known @ weights
        score = np.divide(
            np.nan_to_num(values) @ weights, whole, out=np.full(len(values), np.nan), where=whole > 0
        )
        frames.append(
            reached.index.to_frame(index=False).assign(channel="all", kpi=key, value=score, unit="index")
        )
    if not frames:
        return pd.DataFrame(columns=kpis.columns)
    made = pd.concat(frames, ignore_index=True)
    return made[made["value"].notna()][list(kpis.columns)]


def scorecard_table(kpis: pd.DataFrame, plan: Plan, targets: Sequence[Target]) -> pd.DataFrame:
    """Return every dimension's attainment in the last year.

    Columns scenario, card (``scorecard_balanced``, ``scorecard_five`` or ``lists``), dimension, weight,
    indicators (those that are known, by name), attainment_p10, _p50, _p90.
    """
    import pandas as pd

    rows = []
    for key, card in dimensions_of(plan).items():
        reached = attained(kpis, plan, targets, card)
        known = set(kpis["kpi"])
        if not len(reached):
            continue
        last = reached[
            reached.index.get_level_values("period_end") == reached.index.get_level_values("period_end").max()
        ]
        for scenario, values in last.groupby(level="scenario", sort=False):
            for name, (weight, members) in card.items():
                levels = values[name].quantile([0.1, 0.5, 0.9]).to_numpy()
                told = " ".join(member for member in members if member in known)
                rows.append((scenario, key, name, weight, told, *levels))
    columns = ["scenario", "card", "dimension", "weight", "indicators"]
    return pd.DataFrame(rows, columns=[*columns, *(f"attainment_{q}" for q in ("p10", "p50", "p90"))])


def attained(
    kpis: pd.DataFrame,
    plan: Plan,
    targets: Sequence[Target],
    card: Mapping[str, tuple[float, tuple[str, ...]]],
) -> pd.DataFrame:
    """Return attainment 0-100 by dimension; index scenario, draw, replicate and period."""
    import pandas as pd

    members = list(dict.fromkeys(kpi for _, names in card.values() for kpi in names))
    rows = kpis[(kpis["channel"] == "all") & kpis["kpi"].isin(members)]
    yearly = (rows["period_end"] - rows["period_start"]).dt.days >= YEAR_DAYS
    rows = rows[yearly] if yearly.any() else rows
    levels = _levels(kpis, plan, targets, [kpi for kpi in members if kpi in set(rows["kpi"])])
    wide = rows.set_index(["scenario", *FUTURE, *PERIOD, "kpi"])["value"].unstack("kpi")
    parts = pd.DataFrame(index=wide.index, columns=list(levels), dtype=float)
    for kpi, (start, goal) in levels.items():
        parts[kpi] = 100.0 * ((wide[kpi] - start) / (goal - start)).clip(0.0, 1.0)
    return pd.DataFrame(
        {
            name: parts[[kpi for kpi in kpis if kpi in levels]].mean(axis=1)
            for name, (_, kpis) in card.items()
        },
        index=wide.index,
    )


def _levels(
    kpis: pd.DataFrame, plan: Plan, targets: Sequence[Target], members: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return baseline and goal of every indicator that has both, and the two differ."""
    from results.targets import Target, attainment
    from sim.indicators import INDICATORS

    own = {target.kpi: replace(target, baseline=None) for target in targets}
    asked, end = [], plan.end - datetime.timedelta(days=1)
    for kpi in members:
        sign = -1.0 if INDICATORS[kpi].better == "lower" else 1.0
        start, goal = GOALS.get(kpi, (None, None))
        usual = Target(kpi, goal, None if goal is not None else sign * STRETCH, end, baseline=start)
        asked.append(own.get(kpi, usual))
    if not asked:
        return {}
    table = attainment(kpis[kpis["scenario"] == STATUS_QUO], asked)
    pairs = zip(table["kpi"], table["baseline"], table["target"], strict=True)
    return {
        kpi: (float(start), float(goal))
        for kpi, start, goal in pairs
        if np.isfinite(start) and np.isfinite(goal) and start != goal
    }
