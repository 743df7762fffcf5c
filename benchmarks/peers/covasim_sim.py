"""Covasim's own simulation, random contacts, a day a step."""

from __future__ import annotations

import covasim as cv
from serve import options, serve


def main() -> None:
    """Serve blocks."""
    asked = options()
    count = asked["customers"]
    days = asked["steps"] * (asked["rounds"] + 2) + 10
    sim = cv.Sim(
        pop_size=count,
        pop_infected=count // 100,
        n_days=days,
        rand_seed=asked["seed"],
        verbose=0,
    )
    sim.initialize()
    step = getattr(sim, "run_one_step", None) or sim.step
    serve(step, count, asked["steps"], lambda: {"versions": {"covasim": cv.__version__}})


if __name__ == "__main__":
    main()
