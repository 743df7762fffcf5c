"""Simulation-based calibration of the product's own fit -> ``results/sbc.json``.

``python -m benchmarks.sbc`` draws synthetic retailers from the prior, fits each like a history and asks
whether its ensemble holds the truth as often as it says (:mod:`calibration.ranks`). Small on purpose, so
that two hundred fits end in half an hour: 400 agents, 30 weeks in steps of a week. Each finished retailer is
kept under ``results/runs/.sbc``; the same command takes up what is missing.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from calibration.case import Case, parameter  # noqa: E402
from calibration.forecast import BACKTEST_CLOUDS, BACKTEST_MEMBERS  # noqa: E402
from calibration.moments import Prior, cloud_size  # noqa: E402
from calibration.ranks import Trial, summary, tried  # noqa: E402
from calibration.statistics import Statistic  # noqa: E402
from results.store import versions  # noqa: E402
from scenarios.executor import run_jobs  # noqa: E402
from sim.setup import Channel, Drivers, Medium, Setup  # noqa: E402

OUT = ROOT / "results" / "sbc.json"
KEPT = ROOT / "results" / "runs" / ".sbc"
RETAILERS, SEED = 200, 2026
MEMBERS, CLOUDS = BACKTEST_MEMBERS, BACKTEST_CLOUDS
AGENTS, WEEKS, BEFORE, PACE, SPEND = 400, 30, 2, 7, 7.0
FREE = (
    "need_rate",
    "dropout",
    "appeal.store=appeal.store",
    "appeal.site=appeal.own",
    "appeal.mall=appeal.marketplace",
    "pull.direct",
    "pull.organic_search",
    "habit_gain",
)


def case(agents: int = AGENTS, weeks: int = WEEKS) -> Case:
    """Return the trials' retailer: store, site, marketplace, paid search; what is free and compared."""
    channels = (Channel("store", "store"), Channel("site", "own"), Channel("mall", "marketplace"))
    spend = SPEND * PACE
    setup = Setup(
        start=datetime.date(2025, 1, 1),
        days=weeks,
        channels=channels,
        media=(Medium("paid_search", "click", "paid_search", reference=spend),),
        customers=agents,
        drivers=Drivers.constant(weeks, len(channels), 1, spend=spend),
        burn_in=BEFORE,
    )
    prior = Prior(tuple(parameter(name) for name in FREE))
    return Case("synthetic", setup, prior, _statistics(weeks), PACE)


def _statistics(weeks: int) -> tuple[Statistic, ...]:
    def halves(name: str, kind: str, member: str, share: bool) -> list[Statistic]:
        middle = weeks // 2
        spans = (("first", 0, middle - 1), ("second", middle, weeks - 1))
        return [Statistic(f"{name}, {h} half", kind, 0.5, 1.0, a, b, member, share) for h, a, b in spans]

    def whole(name: str, kind: str, member: str) -> Statistic:
        return Statistic(name, kind, 0.5, 1.0, 0, weeks - 1, member, True)

    return (
        *halves("orders", "kpi", "orders", False),
        *halves("share of site", "channel_share", "site", True),
        *halves("share of mall", "channel_share", "mall", True),
        whole("conversion of site", "channel_conversion", "site"),
        whole("conversion of mall", "channel_conversion", "mall"),
        whole("conversion of store", "channel_conversion", "store"),
        *(whole(f"visits: {s}", "source_share", s) for s in ("direct", "organic_search", "paid_search")),
        *(whole(f"customers with {n} repeat orders", "frequency", n) for n in ("1", "2", "3+", "7+")),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is missing, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retailers", type=int, default=RETAILERS)
    parser.add_argument("--threads", type=int, default=2, help="processes at most")
    chosen = parser.parse_args(arguments)
    found = measured(case(), chosen.retailers, chosen.threads, KEPT)
    simulations = len(CLOUDS) * cloud_size(len(FREE)) + MEMBERS
    rows = summary(case().prior.names, found, simulations)
    for row in rows:
        print("  ".join(f"{key} {v:.3g}" if isinstance(v, float) else f"{v}" for key, v in row.items()))
    OUT.write_text(json.dumps({"rows": rows, "ranks": _ranks(found), "about": about()}, indent=1) + "\n")


def about() -> dict[str, Any]:
    """Return what was measured, for the page."""
    sizes = {"agents": AGENTS, "steps": WEEKS, "pace_days": PACE, "members": MEMBERS}
    return sizes | {"clouds": list(CLOUDS), "statistics": len(case().statistics)}


def _ranks(found: Sequence[dict[str, Any]]) -> list[list[int]]:
    return [one["rank"] for one in found]


def measured(
    what: Case,
    retailers: int,
    threads: int,
    kept: Path,
    members: int = MEMBERS,
    clouds: Sequence[float] = CLOUDS,
) -> list[dict[str, Any]]:
    """Return every retailer's outcome, those that are kept read and the others fitted."""
    text = repr((what, members, tuple(clouds), SEED, versions()["sources"]))
    folder = kept / hashlib.sha256(text.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(retailers) if not (folder / f"{n}.json").exists()]
    trials = [Trial(what, n, SEED, members, tuple(clouds)) for n in missing]
    started = time.perf_counter()
    for done, (place, outcome) in enumerate(run_jobs(outcome_of, trials, threads), 1):
        path = folder / f"{missing[place]}.json"
        path.with_suffix(".tmp").write_text(json.dumps(outcome))
        path.with_suffix(".tmp").replace(path)
        if done in (1, 2) or done % 10 == 0:
            each = (time.perf_counter() - started) / done
            print(f"{done} of {len(trials)} retailers, {each:.1f} s each", flush=True)
    return [json.loads((folder / f"{n}.json").read_text()) for n in range(retailers)]


def outcome_of(trial: Trial) -> dict[str, Any]:
    """Fit one retailer."""
    return tried(trial)


if __name__ == "__main__":
    from benchmarks import sbc  # by its own name, under which workers can import what they are sent

    sbc.main()
