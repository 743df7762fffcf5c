"""Starsim's SIR, a day a step: over networks, as its tutorials have it, and in a mixing pool.

``random`` is a network of ten contacts drawn anew each day (Starsim's default), ``random4`` of four,
``static`` one that stays, ``pool`` infects by prevalence alone: agents never meet.
"""

from __future__ import annotations

import starsim as ss
from serve import options, serve


def networks(kind: str) -> object:
    """Return who meets whom."""
    if kind == "pool":
        return ss.MixingPool(beta=1.0, diseases="sir")
    return {"random": "random", "random4": ss.RandomNet(n_contacts=4), "static": ss.StaticNet()}[kind]


def main() -> None:
    """Serve blocks."""
    asked = options()
    days = asked["steps"] * (asked["rounds"] + 2) + 10
    sim = ss.Sim(
        n_agents=asked["customers"],
        diseases="sir",
        networks=networks(asked["style"]),
        start="2027-01-01",
        dt=ss.days(1),
        dur=ss.days(days),
        rand_seed=asked["seed"],
        verbose=0,
    )
    sim.init()
    serve(
        sim.run_one_step,
        asked["customers"],
        asked["steps"],
        lambda: {"infected": int(sim.diseases[0].infected.sum()), "versions": {"starsim": ss.__version__}},
    )


if __name__ == "__main__":
    main()
