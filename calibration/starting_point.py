"""A plan's market: calibrated to the company's history where there is one, to the plan's figures elsewhere.

Fitted history beats a plan's starting point; where both speak of one thing and disagree, it is said.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.anchors import Anchor
from calibration.case import Case, parameter
from calibration.moments import Prior
from calibration.statistics import Statistic
from scenarios.drivers import season, setup_for
from scenarios.operations import READ_OFF
from scenarios.plan.model import STATUS_QUO, Plan
from scenarios.plan.overrides import scenario_plan
from sim.indicators import ALIASES, INDICATORS, ORGANIC, PAID, PRIVATE
from sim.parameters import Parameter
from sim.setup import SOURCES, Drivers, Setup

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar, History

YEAR = 365
AGENTS = 4_000
# Standard errors on the log or logit scale, by where a figure comes from.
STATED = {"plan": 0.03, "history": 0.02, "case": 0.05, "assumption": 0.04}
MARGIN_ERROR = 0.005  # of sales
BOUND = 0.06  # of a figure stated as "under" or "over"
MEASURED = 0.02
STEADY = 0.04  # of a half year against the one before
LEAST_SHARE = 0.002  # sources below this share of visits are not fitted
MARGINS = ("operating_margin", "gross_margin")
# Figures that the market takes as they are, or that its parts are read off.
TAKEN = ("basket", "delivery_days", "skill_share", *READ_OFF)
# A retailer whose customers leave soon has many lost ones: as many as its turnover of customers makes.
WIDER: dict[str, dict[str, Any]] = {
    "initial_lost": {"default": 0.4, "low": 0.05, "high": 0.95},
    "need_shape": {"high": 6.0},
    "habit_gain": {"high": 0.7},  # who comes back soon has taken to it at once
    "pull.walk_in": {"low": 0.02},  # a retailer that sells mostly online
    "intent.paid_search": {"low": -1.5},  # what is said of paid visits may be far from the usual
    "intent.feed_ads": {"low": -2.5},
    "overhead": {"default": 0.05, "low": 0.005, "high": 0.4, "scale": "log"},
}
# What a stated figure is read off almost directly: a share of each online channel, or one parameter.
SHARES_BEHIND = {
    "bounce_rate": ("bounce", {"low": 0.05, "high": 0.9}),
    "payment_success": ("payment", {"low": 0.6, "high": 0.995}),
    "mobile_conversion": ("mobile_completion", {"low": 0.05, "high": 0.98}),
    "registration_rate": ("registration", {"low": 0.1, "high": 0.98}),
    "return_rate": ("return_rate", {"low": 0.01, "high": 0.7}),
    "stockout_rate": ("stockout", {"low": 0.002, "high": 0.3}),
}
BEHIND = {
    "multichannel_share": "switching",
    "add_to_cart_rate": "cart_margin",
    "operating_cost_ratio": "overhead",
    "operating_margin": "overhead",
    "favourite_rate": "favourite_habit",
    "new_customer_repurchase_90": "habit_gain",
}
PAID_SOURCES = ("paid_search", "feed_ads", "live")


def plan_case(plan: Plan, history: History | None = None, agents: int | None = None) -> Case:
    """Return the case of a plan: its status quo over one year, and the figures it must reproduce.

    Parameters
    ----------
    plan
        Any plan; its budget of today, channels and starting point describe the status quo.
    history
        The company's history; its last year is compared.
    agents
        Customers simulated, at most; the usual number if ``None``.
    """
    quiet = scenario_plan(plan, STATUS_QUO)
    setup = _one_year(quiet, history, agents or AGENTS)
    measured = _measured(history, setup) if history is not None else {}
    stated = {s.name: s for s in _stated(plan, setup)}
    statistics = {**stated, **measured, **_steady(setup, history)}
    notes = _contradictions(stated, measured) + _left_out(plan)
    notes += _strangers(history, setup) if history is not None else []
    fixed = _baskets(plan, history, setup) | _past_shares(statistics)
    setup = replace(setup, parameters={**setup.parameters, **fixed})
    prior = Prior(tuple(_free(setup, set(fixed), set(statistics))))
    anchors = _anchors(setup, statistics)
    return Case(plan.name, setup, prior, tuple(statistics.values()), 1, 0.0, tuple(notes), anchors)


def _one_year(quiet: Plan, history: History | None, agents: int) -> Setup:
    """Return the status quo over a year without growth, risks or luck, with the history's media spend."""
    whole = setup_for(quiet, {}, 0, min(quiet.market.customers, agents))
    days = min(YEAR, whole.days)
    cut = {item.name: getattr(whole.drivers, item.name)[:days].copy() for item in fields(Drivers)}
    cut["demand"], cut["click_price"] = season(quiet)[:days], np.ones(days)
    setup = replace(whole, days=days, drivers=Drivers(**cut), shocks=(), effects=(), rivals=())
    spend = _spend_of_last_year(history, setup) if history is not None else None
    if spend is not None:
        setup.drivers.spend[:] = spend
        setup.customary().spend[:] = spend
    return setup


def _spend_of_last_year(history: History, setup: Setup) -> np.ndarray | None:
    """Return mean spend a day by medium [M] over the history's last year; ``None`` where it has no media."""
    table, span = history.media, history.media_span
    if table is None or span is None or "spend" not in table:
        return None
    first, days = _window(span)
    recent = table[table["date"].to_numpy().astype("datetime64[D]") >= first]
    sums = recent.groupby("source")["spend"].sum()
    return np.array([float(sums.get(medium.name, 0.0)) / days for medium in setup.media])


def _window(calendar: Calendar) -> tuple[np.datetime64, int]:
    """Return the first day of a calendar's last year (or its own, if it is shorter), and the days from there.

    A calendar year back, not 365 days: in a leap year those would lose the first of twelve months.
    """
    import pandas as pd

    year_ago = pd.Timestamp(calendar.last) + pd.Timedelta(days=1) - pd.DateOffset(years=1)
    first = max(year_ago.date(), calendar.first)
    return np.datetime64(first, "D"), (calendar.last - first).days + 1


def _stated(plan: Plan, setup: Setup) -> list[Statistic]:
    """Return the starting figures that the market computes, and the channels' shares of sales."""
    found = []
    last = setup.days - 1
    for key, figure in plan.starting_point.items():
        kpi = ALIASES.get(key, key)
        indicator = INDICATORS.get(kpi)
        if indicator is None or indicator.formula is None or kpi in TAKEN or figure.value <= 0.0:
            continue
        margin = kpi in MARGINS
        share = indicator.unit == "share" and 0.0 < figure.value < 1.0 and not margin
        error = STATED[figure.source] if figure.bound == "exact" else BOUND
        error = MARGIN_ERROR if margin else error
        found.append(Statistic(kpi, "kpi", figure.value, error, 0, last, kpi, share, margin))
    found += _stated_by_channel(plan, last)
    shares = {name: c.share for name, c in plan.open_channels().items() if c.share}
    if len(shares) > 1:
        found += [
            Statistic(f"share of {name}", "channel_share", value, STATED["assumption"], 0, last, name, True)
            for name, value in shares.items()
        ]
    return found


def _stated_by_channel(plan: Plan, last: int) -> list[Statistic]:
    """Return the starting figures of single channels that the market computes by channel."""
    found = []
    for name, channel in plan.open_channels().items():
        for key, figure in channel.starting_point.items():
            kpi = ALIASES.get(key, key)
            if kpi not in TAKEN and _by_channel(kpi) and 0.0 < figure.value < 1.0:
                error = STATED[figure.source] if figure.bound == "exact" else BOUND
                member, share = f"{kpi}@{name}", INDICATORS[kpi].unit == "share"
                found.append(
                    Statistic(f"{kpi} of {name}", "channel_kpi", figure.value, error, 0, last, member, share)
                )
    return found


def _by_channel(kpi: str) -> bool:
    indicator = INDICATORS.get(kpi)
    return indicator is not None and indicator.by_channel and indicator.formula is not None


def _measured(history: History, setup: Setup) -> dict[str, Statistic]:
    """Return what the last year of the history says of the same figures, by name."""
    last, (_, covered) = setup.days - 1, _window(history.calendar)
    found: dict[str, Statistic] = {}

    def add(name: str, kind: str, value: float, member: str, share: bool) -> None:
        if np.isfinite(value) and value > 0 and (not share or value < 1):
            found[name] = Statistic(name, kind, float(value), MEASURED, 0, last, member, share)

    sales, traffic = _last_year(history, "sales"), _last_year(history, "traffic")
    names = {channel.name for channel in setup.channels}
    online = {channel.name for channel in setup.channels if channel.online}
    if sales is not None:  # a history may know all online channels together only
        together = set() if online & set(sales["channel"]) else {"online"}
        sales = sales[sales["channel"].isin(names | together)]
    if sales is not None and "revenue" in sales:
        revenue = sales.groupby("channel")["revenue"].sum()
        for name in sorted(names & set(revenue.index)):
            add(f"share of {name}", "channel_share", revenue[name] / revenue.sum(), name, True)
        if not online & set(revenue.index) and "online" in revenue.index and len(names) > len(online):
            add("online_share", "kpi", revenue["online"] / revenue.sum(), "online_share", True)
    if sales is not None and "orders" in sales:
        orders = sales.groupby("channel")["orders"].sum()
        add("orders", "kpi", float(orders.sum()) * setup.days / covered, "orders", False)
        if traffic is not None:
            visits = traffic.groupby("channel")["visits"].sum()
            for name in sorted(online & set(visits.index) & set(orders.index)):
                add(f"conversion of {name}", "channel_conversion", orders[name] / visits[name], name, True)
            for name in sorted(online & set(visits.index)) if len(online) > 1 else ():
                part = visits[name] / visits.reindex(sorted(online)).sum()
                add(f"visits to {name}", "channel_visits", part, name, True)
            here = [name for name in online if name in visits.index]
            add(
                "conversion",
                "kpi",
                float(orders.reindex(here).sum() / visits[here].sum()),
                "conversion",
                True,
            )
    if traffic is not None and "source" in traffic:
        mix = traffic[traffic["channel"].isin(online)].groupby("source")["visits"].sum()
        for key, sources in (
            ("organic_share", ORGANIC),
            ("paid_share", PAID),
            ("private_domain_share", PRIVATE),
        ):
            part = mix.reindex([SOURCES[s] for s in sources]).sum()
            add(key, "kpi", part / mix.sum(), key, True)
        if history.media is not None:
            add(
                "traffic_cost",
                "kpi",
                float(setup.customary().spend.sum()) * covered / mix.sum(),
                "traffic_cost",
                False,
            )
        for source in sorted(set(mix.index) & set(SOURCES)):
            if mix[source] / mix.sum() >= LEAST_SHARE:
                add(f"share of visits from {source}", "source_share", mix[source] / mix.sum(), source, True)
    return found | _measured_customers(history, last)


def _steady(setup: Setup, history: History | None) -> dict[str, Statistic]:
    """Return that conversion and the private domain neither rise nor fall by themselves within the year.

    Measured where the history has visits and orders; else a status quo is taken to be steady.
    """
    moved = 1.0
    sales, traffic = (
        _last_year(history, name) if history is not None else None for name in ("sales", "traffic")
    )
    if sales is not None and traffic is not None and "orders" in sales:
        online = [channel.name for channel in setup.channels if channel.online]
        halves = []
        dates = np.unique(sales["date"])
        middle = dates[len(dates) // 2]
        for later in (False, True):
            some = [
                t[(t["channel"].isin(online)) & ((t["date"] >= middle) == later)] for t in (sales, traffic)
            ]
            halves.append(float(some[0]["orders"].sum()) / max(float(some[1]["visits"].sum()), 1e-9))
        moved = halves[1] / halves[0] if min(halves) > 0 else 1.0
    last = setup.days - 1
    return {
        "steady conversion": Statistic("steady conversion", "steady", moved, STEADY, 0, last, "conversion"),
        "steady private domain": Statistic(
            "steady private domain", "steady", 1.0, 2 * STEADY, 0, last, "private_domain_share"
        ),
    }


def _last_year(history: History, name: str) -> pd.DataFrame | None:
    table = history.table(name)
    if table is None:
        return None
    first, last = _window(history.calendar)[0], np.datetime64(history.calendar.last, "D")
    dates = table["date"].to_numpy().astype("datetime64[D]")
    return table[(dates >= first) & (dates <= last)]


def _measured_customers(history: History, last: int) -> dict[str, Statistic]:
    """Return repeat buying by the indicators' own definitions, where the log is long enough."""
    log = history.transactions
    if log is None or not log["customer"].notna().any():
        return {}
    orders = log[log["customer"].notna() & (log["amount"] > 0)]
    days = orders["date"].to_numpy().astype("datetime64[D]")
    end = np.datetime64(history.calendar.last, "D")
    found: dict[str, Statistic] = {}
    grouped = orders.assign(day=days).groupby("customer")["day"]
    first = grouped.transform("min").to_numpy().astype("datetime64[D]")  # pandas counts in finer units
    won = (first > end - YEAR - 90) & (first <= end - 90) & (first > days.min() + np.timedelta64(180, "D"))
    second = won & (days > first) & (days <= first + 90)
    customers = orders["customer"].to_numpy()
    new = len(np.unique(customers[won]))
    value = len(np.unique(customers[second])) / max(new, 1)
    if new >= 50 and 0 < value < 1:
        key = "new_customer_repurchase_90"
        error = float(np.sqrt(1.0 / (new * value * (1 - value)) + MEASURED**2))
        found[key] = Statistic(key, "kpi", value, error, 0, last, key, True)
    if (end - days.min()).astype(int) >= 2 * YEAR:
        base = (days > end - 2 * YEAR) & (days <= end - YEAR)
        start = orders[base].assign(day=days[base]).groupby("customer")["day"].min()
        opening = orders["customer"].map(start).to_numpy().astype("datetime64[D]")
        again = (days > opening) & (days <= opening + YEAR)
        value = len(np.unique(customers[again])) / max(len(start), 1)
        if len(start) >= 50 and 0 < value < 1:
            found["repurchase_365"] = Statistic(
                "repurchase_365",
                "kpi",
                value,
                MEASURED + 1 / np.sqrt(len(start)),
                0,
                last,
                "repurchase_365",
                True,
            )
    return found


def _baskets(plan: Plan, history: History | None, setup: Setup) -> dict[str, float]:
    """Return list baskets by channel: measured, else stated, made good for the usual discount."""
    discount = float(setup.drivers.discount.mean())
    sales = _last_year(history, "sales") if history is not None else None
    found: dict[str, float] = {}
    if sales is not None and {"orders", "revenue"} <= set(sales):
        sums = sales.groupby("channel")[["revenue", "orders"]].sum()
        for channel in setup.channels:
            if channel.name in sums.index and sums.loc[channel.name, "orders"] > 0:
                mean = sums.loc[channel.name, "revenue"] / sums.loc[channel.name, "orders"]
                found[f"basket.{channel.name}"] = float(mean) / (1.0 - discount)
    for name, planned in plan.open_channels().items():
        own = planned.starting_point.get("basket")
        stated = own.value if own is not None else plan.baseline("basket")
        if stated is not None:
            found.setdefault(f"basket.{name}", stated / (1.0 - discount))
    return found


def _anchors(setup: Setup, statistics: dict[str, Statistic]) -> tuple[Anchor, ...]:
    """Return which parameter follows which figure, the more direct figure first where there are two."""

    def first(*names: str) -> str:
        return next((name for name in names if name in statistics), "")

    found = [Anchor("need_rate", "orders"), Anchor("dropout", "repurchase_365", -0.4)]
    found += [Anchor("need_shape", "new_customer_repurchase_90", 0.7)]
    found += [Anchor("initial_lost", "new_customer_repurchase_90", 0.4)]
    found += [Anchor("habit_gain", "new_customer_repurchase_90", 0.5)]
    found += [Anchor("dropout_spread", "new_customer_repurchase_90", 1.0)]
    found += [Anchor("need_rate", "new_customer_repurchase_90", 0.3)]
    found += [Anchor(f"intent.{source}", "acos", -0.4) for source in ("paid_search", "feed_ads")]
    if "orders" not in statistics:
        found.append(Anchor("need_rate", "traffic_cost", -0.7))
    for channel in setup.channels:
        own, share = f"conversion of {channel.name}", f"share of {channel.name}"
        if not channel.online and own not in statistics:
            # Footfall is not counted: where stores sell little fewer come, rather than all in vain.
            found += [Anchor("pull.walk_in", share, 0.5), Anchor(f"appeal.{channel.name}", share, 0.2)]
            continue
        found.append(Anchor(f"appeal.{channel.name}", first(own, share)))
        if own in statistics:
            found.append(Anchor(f"look.{channel.name}", f"visits to {channel.name}"))
    overall = "" if any(name.startswith("conversion of") for name in statistics) else "conversion"
    found += [Anchor(f"appeal.{c.name}", overall, 0.5) for c in setup.channels if c.online]
    for source in (*SOURCES[1:5], "private_domain"):
        total = "private_domain_share" if source == "private_domain" else "organic_share"
        found.append(Anchor(f"pull.{source}", first(f"share of visits from {source}", total)))
    found += [Anchor(f"hold.{c.name}", f"repurchase_365 of {c.name}", 0.7) for c in setup.channels]
    for figure, (family, _) in SHARES_BEHIND.items():
        found += [Anchor(f"{family}.{c.name}", figure, 1.0) for c in setup.channels if c.online]
    for medium in setup.media:
        found.append(
            Anchor(f"cpc.{medium.name}", first(f"share of visits from {medium.source}", "paid_share"), -0.5)
        )
    return tuple(anchor for anchor in found if anchor.statistic in statistics)


def _past_shares(statistics: dict[str, Statistic]) -> dict[str, float]:
    """Return the channels' weights in customers' past orders: their shares of sales."""
    shares = [s for s in statistics.values() if s.kind == "channel_share"]
    return {f"initial_share.{s.member}": s.observed for s in shares}


def _free(setup: Setup, fixed: set[str], figures: set[str]) -> list[Parameter]:
    """Return the parameters that a starting point or a year of history can move.

    ``figures`` are the names of what must be reproduced: some have a parameter of their own.
    """
    names = ["need_rate", "need_shape", "dropout", "dropout_spread", "pull.private_domain"]
    names += ["initial_customers", "initial_orders", "initial_lost", "renewal"]
    names += [f"pull.{source}" for source in SOURCES[:5]]
    names += [f"appeal.{c.name}=appeal.{c.kind}" for c in setup.channels]
    names += [f"look.{c.name}=look.{c.kind}" for c in [c for c in setup.channels if c.online][1:]]
    for medium in setup.media:
        if medium.action == "click":
            known = medium.name in PAID_SOURCES
            names.append(f"cpc.{medium.name}" if known else f"cpc.{medium.name}=cpc.other")
    names += ["intent.paid_search", "intent.feed_ads"]
    if not any(not c.online for c in setup.channels):
        names.remove("pull.walk_in")
    names += dict.fromkeys(single for figure, single in BEHIND.items() if figure in figures)
    repeated = [c for c in setup.channels if f"repurchase_365 of {c.name}" in figures]
    names += [f"hold.{c.name}=hold.{c.kind}" for c in repeated]
    made = [parameter(name, **WIDER.get(name, {})) for name in names]
    for figure, (family, wide) in SHARES_BEHIND.items():
        shops = [c for c in setup.channels if c.online] if figure in figures else []
        made += [parameter(f"{family}.{c.name}={family}.{c.kind}", scale="logit", **wide) for c in shops]
    return [p for p in made if p.name not in fixed]


def _contradictions(stated: dict[str, Statistic], measured: dict[str, Statistic]) -> list[str]:
    """Return where history and starting point speak of one thing and differ by more than a tenth."""
    notes = []
    for name in stated.keys() & measured.keys():
        said, seen = stated[name].observed, measured[name].observed
        if abs(said - seen) > 0.1 * abs(seen):
            notes.append(f"{name}: the plan says {said:.4g}, the history {seen:.4g}; the history is used")
    return sorted(notes)


def _left_out(plan: Plan) -> list[str]:
    """Return the starting figures that are not fitted, by name, and why."""
    figures = {ALIASES.get(key, key): figure for key, figure in plan.starting_point.items()}
    notes = []
    for key, figure in figures.items():
        if key in INDICATORS and INDICATORS[key].formula is None:
            notes.append(f"{key}: it follows from several runs and is not fitted")
        elif key in INDICATORS and key not in TAKEN and figure.value <= 0.0:
            notes.append(f"{key}: {figure.value:g} is not fitted; only figures above 0 are")
    for name, channel in plan.open_channels().items():
        others = [key for key in channel.starting_point if key != "basket"]
        alone = [key for key in others if not _by_channel(ALIASES.get(key, key))]
        notes += [f"{key} of {name}: the market computes it for all channels together" for key in alone]
    return notes


def _strangers(history: History, setup: Setup) -> list[str]:
    """Return the history's channels and media that the plan has not: what they sold or cost is left out."""
    channels, media = {c.name for c in setup.channels}, {m.name for m in setup.media}
    spent = set() if history.media is None else {str(name) for name in history.media["source"].unique()}
    together = not any(c.online and c.name in history.channels for c in setup.channels)
    said = {"online": "all online channels together"} if together else {}
    foreign = [name for name in history.channels if name not in channels]
    notes = [f"channel {name}: {said.get(name, 'not in the plan')}" for name in foreign]
    return notes + [f"medium {name}: not in the plan" for name in sorted(spent - media)]
