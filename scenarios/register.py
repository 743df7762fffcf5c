"""The risk register: how often each risk struck, what it cost, and what its contingency saved.

When a risk strikes follows from the plan and a future's seed alone, so the register needs no further runs.
What a strike costs is the loss it books, and an estimate of the margin it takes: what the channels that it
hits had earned a day in the month before, times the share of it that is struck, as long as it lasts. It is
a first-order figure: late programmes and slower deliveries are not in it, and customers who come back later
are not counted back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.hazards import Funding, Reply, shocks_of_strike, strikes
from scenarios.plan import Plan
from scenarios.plan.actions import Risk
from sim.setup import Shock

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.experiment import Future

YEAR_DAYS = 360
ALL = "all"
Earned = Mapping[tuple[str, str], float]  # (channel, measure) -> currency a day


def losses(plans: Mapping[str, Plan], panel: Sequence[Future], kpis: pd.DataFrame) -> pd.DataFrame:
    """Return one row a strike.

    Columns scenario, draw, replicate, risk, kind, day, days (until it was over), booked (once-only loss),
    margin (estimated margin lost), loss (both) and saved (what the contingency took off them), currency.
    """
    import pandas as pd

    earned = _earned(kpis)
    rows: list[dict[str, Any]] = []
    for scenario, plan in plans.items():
        funding = Funding.of(plan)
        for future in panel:
            books = earned.get((scenario, future.draw, future.replicate), [])
            place = {"scenario": scenario, "draw": future.draw, "replicate": future.replicate}
            for name, risk in plan.risks.items():
                if not risk.active:
                    continue
                for day in strikes(plan, name, risk, future.seed):
                    before = _month_before(plan, day, books)
                    rows.append(place | _strike(plan, name, risk, day, funding, future.seed, before))
    columns = [
        "scenario",
        "draw",
        "replicate",
        "risk",
        "kind",
        "day",
        "days",
        "booked",
        "margin",
        "loss",
        "saved",
    ]
    return pd.DataFrame(rows, columns=columns)


def register(plans: Mapping[str, Plan], panel: Sequence[Future], strikes_of: pd.DataFrame) -> pd.DataFrame:
    """Return the register: one row a scenario and risk, and one of all risks together.

    Columns scenario, risk, kind, probability (a year, as planned), struck (share of futures), strikes (a
    run), loss (mean a run), loss_when_struck, loss_p50, loss_p90, loss_max (over runs), saved (mean a run),
    contingency_cost (a year, as far as the reserve pays it).
    """
    import pandas as pd

    rows = []
    futures = pd.MultiIndex.from_tuples([(f.draw, f.replicate) for f in panel], names=["draw", "replicate"])
    for scenario, plan in plans.items():
        funding = Funding.of(plan)
        here = strikes_of[strikes_of["scenario"] == scenario]
        for name, risk in [*((n, r) for n, r in plan.risks.items() if r.active), (ALL, None)]:
            mine = here if risk is None else here[here["risk"] == name]
            runs = (
                mine.groupby(["draw", "replicate"])[["loss", "saved"]].sum().reindex(futures, fill_value=0.0)
            )
            count = mine.groupby(["draw", "replicate"]).size().reindex(futures, fill_value=0)
            answer = None if risk is None else risk.contingency
            cost = (
                funding.daily_cost * 365 if risk is None else (answer.cost * funding.share if answer else 0.0)
            )
            rows.append(
                {
                    "scenario": scenario,
                    "risk": name,
                    "kind": ALL if risk is None else risk.kind,
                    "probability": float("nan") if risk is None else risk.probability,
                    "struck": float((count > 0).mean()),
                    "strikes": float(count.mean()),
                    "loss": float(runs["loss"].mean()),
                    "loss_when_struck": float(mine["loss"].mean()),
                    "loss_p50": float(runs["loss"].quantile(0.5)),
                    "loss_p90": float(runs["loss"].quantile(0.9)),
                    "loss_max": float(runs["loss"].max()),
                    "saved": float(runs["saved"].mean()),
                    "contingency_cost": cost,
                }
            )
    return pd.DataFrame(rows)


def _strike(
    plan: Plan, name: str, risk: Risk, day: int, funding: Funding, seed: int, before: Earned
) -> dict[str, Any]:
    """Return what one strike cost, and what it would have cost unanswered."""
    channels = plan.open_channels()
    answered, plain = (
        shocks_of_strike(name, risk, day, reply, channels)
        for reply in (Reply.of(plan, name, risk, day, funding, seed), Reply())
    )
    booked, unanswered = (sum(shock.loss for shock in found) for found in (answered, plain))
    margin, bare = (
        sum(_margin_lost(shock, before, plan.days) for shock in found) for found in (answered, plain)
    )
    return {
        "risk": name,
        "kind": risk.kind,
        "day": day,
        "days": max((shock.days + shock.recovery for shock in answered), default=0),
        "booked": booked,
        "margin": margin,
        "loss": booked + margin,
        "saved": (unanswered + bare) - (booked + margin),
    }


def _margin_lost(shock: Shock, before: Earned, days: int) -> float:
    """Return the margin that a shock takes within the horizon, at what was earned a day before."""
    last = min(shock.start + shock.days + shock.recovery, days)
    course = [shock.strength(day) for day in range(shock.start, last)]
    if shock.target in ("demand", "access"):
        daily = before.get((shock.channel or ALL, "margin"), 0.0)
        return daily * sum(1.0 - factor for factor in course)
    if shock.target == "click_price":
        return before.get((ALL, "media"), 0.0) * sum(1.0 - 1.0 / factor for factor in course)
    if shock.target == "stockout":
        daily = before.get((shock.channel or ALL, "margin"), 0.0)
        return daily * before.get((shock.channel or ALL, "stockout"), 0.0) * sum(f - 1.0 for f in course)
    return 0.0


def _month_before(
    plan: Plan, day: int, books: Sequence[tuple[Any, Any, dict[tuple[str, str], float]]]
) -> Earned:
    """Return what was earned a day in the last month that ended before ``day``, or in the first one."""
    import pandas as pd

    date = pd.Timestamp(plan.start) + pd.Timedelta(days=day)
    earlier = [earned for _, end, earned in books if end < date]
    return earlier[-1] if earlier else (books[0][2] if books else {})


def _earned(
    kpis: pd.DataFrame,
) -> dict[tuple[str, int, int], list[tuple[Any, Any, dict[tuple[str, str], float]]]]:
    """Return daily margin by channel, media and stock-outs of each month, by scenario and future."""
    wanted = ("net_sales", "gross_margin", "stockout_rate", "traffic_cost", "visits")
    rows = kpis[kpis["kpi"].isin(wanted)]
    rows = rows[(rows["period_end"] - rows["period_start"]).dt.days < YEAR_DAYS]
    place = ["scenario", "draw", "replicate", "period_start", "period_end", "channel"]
    if not len(rows):
        return {}
    wide = rows.set_index([*place, "kpi"])["value"].unstack("kpi").reindex(columns=list(wanted)).sort_index()
    found: dict[tuple[str, int, int], list[tuple[Any, Any, dict[tuple[str, str], float]]]] = {}
    for (scenario, draw, replicate, start, end), months in wide.groupby(level=place[:5]):
        days, earned = (end - start).days + 1, {}
        for (*_, channel), row in months.iterrows():
            earned[channel, "margin"] = _number(row["net_sales"] * row["gross_margin"]) / days
            earned[channel, "stockout"] = _number(row["stockout_rate"])
            if channel == ALL:
                earned[ALL, "media"] = _number(row["traffic_cost"] * row["visits"]) / days
        found.setdefault((str(scenario), int(draw), int(replicate)), []).append((start, end, earned))
    return found


def _number(value: float) -> float:
    return float(value) if value == value else 0.0
