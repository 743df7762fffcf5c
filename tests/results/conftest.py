"""A made-up run with every table a run can have, for charts and the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from results.targets import Target, attainment
from scenarios.compare import compare

DRAWS, REPLICATES, MONTHS = 12, 4, 36
MOMENTS = ("mean", "trend", "season", "lag1", "drop", "peak", "slope")
CHANNELS = ("store", "own_site", "tmall")
BY = date(2029, 12, 31)
#           kpi, unit, today, status quo's and the plan's change in three years, spread
PATHS = [
    ("net_sales", "currency", 11_000_000, 0.05, 0.30, 0.08),
    ("orders", "count", 41_000, 0.02, 0.26, 0.08),
    ("operating_profit", "currency", 640_000, -0.05, 0.22, 0.25),
    ("online_share", "share", 0.18, 0.05, 0.70, 0.08),
    ("conversion", "share", 0.015, 0.03, 0.80, 0.10),
    ("organic_share", "share", 0.20, -0.05, 0.60, 0.10),
    ("paid_share", "share", 0.62, 0.02, -0.30, 0.04),
    ("private_domain_share", "share", 0.18, 0.01, 0.35, 0.05),
    ("traffic_cost", "currency", 2.4, 0.25, -0.24, 0.10),
    ("cac", "currency", 104.0, 0.30, -0.12, 0.12),
    ("acos", "share", 0.34, 0.10, -0.15, 0.08),
    ("repurchase_365", "share", 0.33, 0.0, 0.22, 0.05),
    ("value_per_user", "currency", 410.0, 0.03, 0.17, 0.06),
    ("satisfaction", "share", 0.71, 0.0, 0.08, 0.02),
    ("add_to_cart_rate", "share", 0.081, 0.0, 0.20, 0.05),
    ("registration_rate", "share", 0.024, 0.0, 0.45, 0.08),
    ("mobile_conversion", "share", 0.32, 0.0, 0.30, 0.05),
    ("payment_success", "share", 0.88, 0.0, 0.06, 0.01),
]
TARGETS = [
    Target("conversion", 0.028, None, BY, "growth", baseline=0.015),
    Target("organic_share", 0.35, None, BY, "growth", baseline=0.20),
    Target("value_per_user", None, 0.20, BY, "growth"),
    Target("repurchase_365", 0.45, None, BY, "growth", assumed=True),
    Target("traffic_cost", None, -0.30, BY, "efficiency"),
    Target("acos", 0.30, None, BY, "efficiency", assumed=True),
]
BETTER = {"traffic_cost": "lower", "acos": "lower", "cac": "lower"}
EFFECTS = {"status_quo": 0.0, "plan": 1.22, "deep_discount": 0.7, "eighteen_months": 1.05}


def kpi_table(scenarios: dict[str, float], seed: int = 0) -> pd.DataFrame:
    """Return kpis of scenarios by strength of effect: months and trailing years."""
    rng = np.random.default_rng(seed)
    starts = pd.date_range("2027-01-01", periods=MONTHS, freq="MS")
    ends = starts + pd.offsets.MonthEnd(0)
    shared = (
        rng.normal(size=(len(PATHS), DRAWS, 1, 1)) * 0.8
        + rng.normal(size=(1, DRAWS, REPLICATES, MONTHS)) * 0.2
    )
    frames = []
    for scenario, strength in scenarios.items():
        own = rng.normal(size=(len(PATHS), DRAWS, REPLICATES, 1)) * (0.1 + 0.4 * strength)
        for number, (kpi, unit, now, quo, plan, noise) in enumerate(PATHS):
            ramp = 1 / (1 + np.exp(-(np.arange(MONTHS) - 16) / 5))
            change = quo * np.arange(MONTHS) / MONTHS + strength * (plan - quo) * ramp
            season = 1 + (
                0.12 * np.sin(np.arange(MONTHS) / 12 * 2 * np.pi) if kpi in ("net_sales", "orders") else 0
            )
            wide = np.sqrt((np.arange(MONTHS) + 4) / MONTHS)
            level = now * season * (1 + change + noise * wide * (shared[number] + own[number]))
            frames += parts(scenario, kpi, unit, level, starts, ends)
    return pd.concat(frames, ignore_index=True)


def parts(
    scenario: str, kpi: str, unit: str, level: np.ndarray, starts: Any, ends: Any
) -> list[pd.DataFrame]:
    sums = kpi in ("net_sales", "orders", "operating_profit")
    year = np.cumsum(level, axis=-1)
    year = np.concatenate([year[..., 11:12], year[..., 12:] - year[..., :-12]], axis=-1) / (1 if sums else 12)
    made = [long(scenario, kpi, unit, level, starts, ends, "all")]
    made.append(long(scenario, kpi, unit, year, ends[11:] - pd.Timedelta(days=364), ends[11:], "all"))
    if kpi == "net_sales":
        online = np.linspace(0.18, 0.2 + (0.0 if scenario == "status_quo" else 0.12), MONTHS)
        for channel, share in zip(CHANNELS, (1 - online, online * 0.4, online * 0.6), strict=True):
            made.append(long(scenario, kpi, unit, level * share, starts, ends, channel))
    return made


def long(
    scenario: str, kpi: str, unit: str, level: np.ndarray, starts: Any, ends: Any, channel: str
) -> pd.DataFrame:
    draw, replicate, period = (axis.ravel() for axis in np.indices(level.shape))
    return pd.DataFrame(
        {
            "scenario": scenario,
            "draw": draw,
            "replicate": replicate,
            "period_start": starts[period],
            "period_end": ends[period],
            "channel": channel,
            "kpi": kpi,
            "value": level.ravel(),
            "unit": unit,
        }
    )


def daily_table(scenarios: dict[str, float]) -> pd.DataFrame:
    """Return visits by source, a row a day, one future."""
    days = pd.date_range("2027-01-01", "2029-12-31")
    grow = np.linspace(0, 1, len(days))
    frames = []
    for scenario, strength in scenarios.items():
        columns: dict[str, Any] = {
            "scenario": scenario,
            "draw": 0,
            "replicate": 0,
            "date": days,
            "channel": "all",
        }
        columns |= {
            "visits_walk_in": 900.0,
            "visits_direct": 800.0,
            "visits_organic_search": 900 + 900 * grow * strength,
            "visits_content": 300 + 700 * grow * strength,
            "visits_referral": 150.0,
            "visits_private_domain": 700 + 500 * grow * strength,
            "visits_paid_search": 2600 - 900 * grow * strength,
            "visits_feed_ads": 1900 - 500 * grow * strength,
            "visits_live": 200 + 300 * grow * strength,
            "visits_qr_code": 60.0,
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def write_search(writer: store.RunWriter) -> None:
    rng = np.random.default_rng(1)
    marketing = rng.uniform(0.2, 0.5, 40)
    depth = rng.uniform(0, 0.4, 40)
    trials = pd.DataFrame(
        {
            "trial": range(40),
            "state": "COMPLETE",
            "budget.year_1.split.marketing": marketing,
            "budget.year_1.split.technology": 0.75 - marketing,
            "policies.promotion.depth": depth,
            "odds_growth": np.clip(
                0.5 - (marketing - 0.3) ** 2 * 8 - depth * 0.4 + rng.normal(0, 0.04, 40), 0, 1
            ),
            "odds_efficiency": np.clip(
                0.2 + depth * 0.5 + (0.45 - marketing) + rng.normal(0, 0.04, 40), 0, 1
            ),
            "feasible": depth < 0.3,
        }
    )
    writer.table("search/trials", trials)
    writer.table("search/curves", response_curves())
    writer.json(
        "search/result",
        {
            "start": {
                "budget.year_1.split.technology": 0.35,
                "budget.year_1.split.marketing": 0.40,
                "budget.year_1.split.team": 0.15,
                "budget.year_1.split.reserve": 0.10,
                "policies.promotion.depth": 0.10,
            },
            "best": {
                "budget.year_1.split.technology": 0.42,
                "budget.year_1.split.marketing": 0.31,
                "budget.year_1.split.team": 0.20,
                "budget.year_1.split.reserve": 0.07,
                "policies.promotion.depth": 0.06,
            },
            "objectives": ["odds_growth", "odds_efficiency"],
            "verified": {"odds_growth": 0.47, "odds_efficiency": 0.41},
            "gain": [gain("odds_growth", 0.05), gain("odds_all", 0.11), gain("net_sales", 2e6, "currency")],
            "optimism": [{"kpi": "odds_growth", "searched": 0.09, "verified": 0.05, "lost": 0.04}],
            "binding": ["acos <= 0.30"],
            "over_status_quo": [gain("odds_growth", 0.2)],
            "importance": {"odds_growth": {"budget.year_1.split.marketing": 0.7}},
            "alone": [effect("policies.promotion.depth", 0.1, 0.06, 0.03)],
            "moves": [effect("budget", 5e6, 5.25e6, 0.01), effect("budget.media.live", 0.1, 0.15, -0.02)],
            "prices": [
                {"bound": "budget", "objective": "odds_growth", "per": 1e5, "by": ""} | BAND,
                {"bound": "acos <= 0.3", "objective": "odds_growth", "per": 0.01, "by": "budget.media.tv"}
                | BAND,
            ],
            "presets": [
                {"evidence": "experimental", "candidate": "advice", "keeps_bounds": True}
                | {"effects": {"odds_growth": {"difference": 0.01, "low": -0.01, "high": 0.03}}}
            ],
            "sampler": "tpe",
            "stopped": 40,
            "message": "On futures it was not tuned to, the advice beats the plan as written.",
            "told": {
                "say": "found.beats",
                "gains": [
                    {
                        "say": "found.gain",
                        "of": {"say": "goal.nearness_growth"},
                        "gain": "+0.05",
                        "low": "+0.02",
                        "high": "+0.08",
                    }
                ],
            },
        },
    )


def response_curves() -> pd.DataFrame:
    """Return what two levers and a choice do over their ranges."""
    rows = []
    for line, ends in (("budget", (2.5e6, 5e6, 7.5e6)), ("policies.promotion.depth", (0.0, 0.06, 0.3))):
        for at in ends:
            off = -(((at - ends[1]) / ends[2]) ** 2)
            rows.append((line, at, "", "odds_growth", 0.5 + off, off, off - 0.02, off + 0.02, at == ends[1]))
    rows.append(("policies.pricing.policy", np.nan, "dynamic", "odds_growth", 0.5, 0.01, -0.02, 0.04, False))
    names = ["line", "at", "choice", "objective", "value", "difference", "low", "high", "here"]
    return pd.DataFrame(rows, columns=names)


BAND = {"buys": 0.01, "low": 0.005, "high": 0.015}


def effect(line: str, start: float, end: float, difference: float) -> dict[str, Any]:
    """Return what a step of one lever does."""
    told = {"difference": difference, "low": difference - 0.01, "high": difference + 0.01}
    return {"line": line, "from": start, "to": end, "effects": {"odds_growth": told}}


def gain(kpi: str, difference: float, unit: str = "share") -> dict[str, Any]:
    """Return one line of a search's gains."""
    band = {"difference": difference, "low": 0.5 * difference, "high": 1.5 * difference}
    return {"kpi": kpi, **band, "unit": unit, "before": difference, "after": 2 * difference}


def write_fit(writer: store.RunWriter) -> None:
    rng = np.random.default_rng(2)
    names = [
        "price_elasticity",
        "habit.gain",
        "habit.decay",
        "media.half_life",
        "appeal.tmall",
        "appeal.own_site",
    ]
    names += ["word_of_mouth", "delivery_patience"]
    writer.table("fit/ensemble", pd.DataFrame(rng.normal(size=(20, len(names))), columns=names))
    n = 14
    centre = rng.normal(0, 0.9, n)
    writer.table(
        "fit/statistics",
        pd.DataFrame(
            {
                "name": [f"{c}.revenue {m}" for c in ("store", "online") for m in MOMENTS],
                "observed": np.full(n, 100.0),
                "scale": np.full(n, 0.08),  # of logarithms
                "simulated_p05": 100 * np.exp(0.08 * (centre - 1.1)),
                "simulated_p50": 100 * np.exp(0.08 * centre),
                "simulated_p95": 100 * np.exp(0.08 * (centre + 1.1)),
                "off": centre,
            }
        ),
    )
    writer.json("fit/diagnostics", DIAGNOSIS)
    contraction = np.array([0.86, 0.74, 0.61, 0.44, 0.31, 0.12, 0.03, 0.01])
    writer.table(
        "fit/identified",
        pd.DataFrame(
            {
                "parameter": names,
                "prior_low": -1.0,
                "prior_high": 1.0,
                "p05": -1 + contraction,
                "p50": 0.0,
                "p95": 1 - contraction,
                "contraction": contraction,
                "grade": list("EOAEOAOA"),
            }
        ),
    )


DIAGNOSIS = {
    "trust": "care",
    "predictive_90": 0.82,
    "findings": [
        {"about": "boundary", "weight": "care", "names": ["habit.decay"], "n": 1, "of": 8},
        {"about": "not_identified", "weight": "note", "names": ["word_of_mouth"], "n": 1, "of": 8},
    ],
}


def write_backtest(writer: store.RunWriter) -> None:
    rng = np.random.default_rng(3)
    dates = pd.date_range("2011-01-02", periods=40, freq="W-SUN")
    rows, summary = [], []
    for series, level in (("online.revenue", 2e5), ("total.revenue", 9e5), ("online.share", 0.22)):
        actual = level * (1 + 0.1 * np.sin(np.arange(40) / 4) + rng.normal(0, 0.03, 40))
        for model, error in (("omolab", 0.05), ("seasonal_naive", 0.09), ("ets", 0.06), ("sarimax", 0.055)):
            for start in (14, 27):
                for step in range(13):
                    mean = actual[start + step] * (1 + rng.normal(0, error))
                    half = level * 0.06
                    quantiles = {
                        "p05": mean - half,
                        "p25": mean - half / 2.5,
                        "p75": mean + half / 2.5,
                        "p95": mean + half,
                    }
                    rows.append(
                        {
                            "series": series,
                            "model": model,
                            "origin": dates[start - 1],
                            "date": dates[start + step],
                            "actual": actual[start + step],
                            "mean": mean,
                            **quantiles,
                        }
                    )
            score = {
                "wape": error * 0.8,
                "mase": error * 10,
                "crps_over_mean": error * 0.6,
                "pinball_over_mean": error * 0.3,
                "coverage_90": 0.88,
            }
            summary.append({"series": series, "model": model, **score})
    writer.table("backtest", pd.DataFrame(rows))
    writer.json(
        "backtest",
        {
            "history": "shop",
            "horizon": 13,
            "period": "week",
            "origins": ["2011-04-03", "2011-07-03"],
            "summary": summary,
        },
    )


ABOUT = {
    "title": "E-commerce department: scale up",
    "currency": "CNY",
    "not_modelled": ["initiatives.virtual_try_on", "risks.legal"],
    "warnings": ["starting_point.repurchase_365: 0.42 is assumed, not stated"],
    "risks": [
        {"name": "Platform late", "kind": "technical", "probability": 0.3, "impact": "skills late",
         "contingency": "spare supplier"},
        {"name": "Rival copies the offer", "kind": "competitive", "probability": 0.5, "impact": "-8 %",
         "contingency": "differentiate"},
    ],
}  # fmt: skip


def build_run(
    path: Path,
    scenarios: dict[str, float] | None = None,
    name: str = "ecommerce_dept",
    about: dict | None = None,
) -> Path:
    """Write a finished run with every table."""
    effects = scenarios or EFFECTS
    parameters = {"customers": 20_000, "replicates": REPLICATES, "draws": DRAWS, "months": MONTHS}
    inputs = {"plan": {"name": name}, "fit": {"run": "made up"}}
    with store.create(path, "run", name, inputs, parameters, 7) as writer, writer.timing("simulate"):
        kpis = kpi_table(effects)
        writer.table("kpis", kpis)
        writer.table("targets", attainment(kpis, TARGETS, BETTER))
        if "status_quo" in effects and len(effects) > 1:
            writer.table("compare", compare(kpis))
        writer.table("daily", daily_table(effects))
        writer.json("about", about or ABOUT)
        write_search(writer)
        write_fit(writer)
        write_backtest(writer)
    return path


@pytest.fixture(scope="session")
def full_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with every table; tests that write reports copy it."""
    return build_run(tmp_path_factory.mktemp("runs") / "20270101-120000-run-ecommerce_dept")


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Build a run of one's own."""
    return lambda **options: build_run(tmp_path / "run", **options)
