"""Searched again and again: do the intervals told hold what comes of the advice in many more futures?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.searches.markets import draws, futures, outcomes, searched, shop
from scenarios.executor import Pool
from scenarios.plan import with_overrides


def optimism_coverage(
    pool: Pool,
    seed: int,
    searches: int = 20,
    trials: int = 24,
    panel: int = 4,
    fresh: int = 16,
    customers: int = 800,
    truth: int = 80,
) -> dict[str, Any]:
    """Search again and again, and re-simulate each best candidate in many more futures."""
    text = (
        "{vary: {budget.media: simplex, policies.promotion.depth: [0.0, 0.4]}, maximise: [operating_profit]}"
    )
    plan, rows = shop(text), []
    for one in range(searches):
        ensemble = draws(panel + fresh, seed + 100 * one)
        result, _ = searched(plan, ensemble, trials, seed + one, pool, panel, fresh, customers)
        best = next((c for c in result.candidates if c["name"] == "advice"), result.candidates[0])
        gain = next(row for row in best["gain"] if row["kpi"] == "operating_profit")
        values = _nested(best["values"])
        panel_ = futures(draws(truth, seed + 100 * one + 50), truth, seed + one, "truth")
        found = outcomes([with_overrides(plan, values), plan], panel_, customers, ["operating_profit"], pool)
        true = float((found[0] - found[1]).mean())
        rows.append(
            {
                "searched": best["optimism"][0]["searched"],
                "verified": gain["difference"],
                "low_90": gain["low_90"],
                "high_90": gain["high_90"],
                "true": true,
                "covered": gain["low_90"] <= true <= gain["high_90"],
            }
        )
    lost = [row["searched"] - row["true"] for row in rows]
    return {
        "ratio": sum(row["covered"] for row in rows) / len(rows),
        "unit": "share of searches whose 90 % interval covers the re-simulated gain",
        "searches": searches,
        "covered": sum(row["covered"] for row in rows),
        "optimism_before_verification": float(np.mean(lost)),
        "optimism_after_verification": float(np.mean([row["verified"] - row["true"] for row in rows])),
        "rows": rows,
    }


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by path with the shares of media in one mapping again."""
    media = {k.removeprefix("budget.media."): v for k, v in values.items() if k.startswith("budget.media.")}
    return {"budget.media": media} | {k: v for k, v in values.items() if not k.startswith("budget.media.")}
