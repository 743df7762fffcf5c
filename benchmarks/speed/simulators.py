"""Agent-days a second beside the laboratories for epidemics: Starsim and Covasim against our full market.

What their agents do is not what ours do; what is compared is how many agents' days pass in a second. The
peer of the row is the fastest model in which agents meet each other over a network; Starsim's SIR in a
mixing pool, where they do not, stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.environments import NotInstalled, python_of
from benchmarks.speed.markets import market
from benchmarks.speed.peers import Broken, Peer
from benchmarks.speed.rows import Row, faster
from benchmarks.speed.timing import ROUNDS, Block, cpu, in_turns

CUSTOMERS = 100_000
STEPS = 5
MODELS = (
    ("starsim", "starsim_sir", "random"),
    ("starsim", "starsim_sir", "random4"),
    ("starsim", "starsim_sir", "static"),
    ("starsim", "starsim_sir", "pool"),
    ("covasim", "covasim_sim", "random"),
)
WITHOUT_MEETING = "starsim_pool"
UNIT = "ns per agent-day"


def starsim_rows(
    customers: int = CUSTOMERS, steps: int = STEPS, rounds: int = ROUNDS, models: Sequence = MODELS
) -> list[Row]:
    """Return a row a model, skipped by name where it cannot be installed, and the better peer's row."""
    ours = market(customers, steps * rounds + 1)
    rows: list[Row] = []
    peers: dict[str, Peer] = {}
    for package, script, style in models:
        options = {"customers": customers, "steps": steps, "rounds": rounds, "seed": 1, "style": style}
        try:
            peers[f"{package}_{style}"] = Peer(python_of(package), script, options)
        except (NotInstalled, Broken) as error:
            rows.append({"name": f"{package}_{style}", "skipped": str(error)})
    try:
        blocks: dict[str, Block] = {name: peer.block for name, peer in peers.items()}
        found = in_turns({"ours": cpu(ours.step, steps, customers), **blocks}, rounds)
    finally:
        for peer in peers.values():
            peer.close()
    for name, peer in peers.items():
        told = {"customers": customers, "versions": peer.told["versions"]}
        rows.append(faster(name, found["ours"], found[name], UNIT, **told))
    meeting = [row for row in rows if "skipped" not in row and row["name"] != WITHOUT_MEETING]
    if not meeting:
        raise RuntimeError("; ".join(str(row["skipped"]) for row in rows if "skipped" in row))
    best = min(meeting, key=lambda row: float(row["peer"]))
    return [*rows, best | {"name": "starsim", "how": best["name"].replace("_", ", ")}]
