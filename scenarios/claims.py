"""How much of what an initiative's source says comes true."""

from __future__ import annotations

from scenarios.plan.model import Plan
from sim.engine.randomness import stream_key, uniform

CLAIM_STRENGTH = {"literature": 1.0, "experimental": 0.3, "claims": 1.0}


def strength(plan: Plan, initiative: str, seed: int) -> float:
    """Return how much of an initiative's stated effect comes true, 0-1.

    A ``claim`` is the optimistic end of a range that starts at nothing: its strength is uniform by luck
    (a third of that under the ``experimental`` preset, all of it under ``claims``). Other grades act whole.
    """
    preset = plan.market.evidence
    if plan.initiatives[initiative].evidence != "claim" or preset == "claims":
        return 1.0
    return CLAIM_STRENGTH[preset] * uniform(stream_key(seed, f"claim {initiative}"), 0)
