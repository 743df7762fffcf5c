"""The page on speed, ``docs/performance.md``, made from ``results/benchmark.json`` and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.speed.rows import AIMS, Row, missed

HEAD = """# Speed

Made by `make bench`, which measures everything below anew on the machine it runs on, its peers included, and
installs them in environments of their own under `benchmarks/.peers/`. Only the ratios travel: the
nanoseconds are this machine's.

A *customer-day* is one simulated customer living one day. The *full market* is the simulator as it ships:
visits by ten sources, landing, funnel, choice between six channels and a rival, basket, payment, returns,
learning, books. The *choice core* is the smallest part that other tools can be asked to run as well: a gate
that 2 % of customers pass each day, a choice among six channels by utility with habit and an error a
channel, and the habit that follows.
"""
HOW = """## How it is measured

- Candidates take turns, a block of days each, round after round; the fastest block of each counts, since
  other work on a machine only ever adds time. What runs on one thread is timed by its own processor time,
  what runs on two and what a user waits for by the clock. All peers run on one thread, as we do.
- **mesa_reference**: the plain Mesa market of `tests/reference` runs the same market of the same size; all
  books and every customer's memory are asserted to be the same afterwards.
- **numpy**, **mesa_frames**: the same model in each tool's own style, in several variants; the fastest
  variant counts, at the size where the peer is at its best. All must sell through the same channels in the
  same shares within sampling error, else the row is skipped. NumPy and Polars draw from generators that
  are used up in order, ours are addressed by customer and day; *variance_ratio* tells what that buys.
- **starsim**: agents of another kind - they meet and infect each other - so only agent-days a second are
  compared, of the fastest of its models in which agents meet. `starsim_pool` is Starsim's SIR in a mixing
  pool, where they do not.
- **floor**: a compiled loop that hashes one number a customer-day and, for those who shop, reads one byte of
  every field of state that the core touches (`floor_full`: of all state and traits of the market as they
  lie in memory). It computes and writes nothing, so nobody can reach it.
- **growth_10k_10m**: with `t(N)` the time of a day and `F` its fixed cost (the intercept of a line through
  1,000 to 20,000 customers), growth is `((t(10M) - F) / 10M) / ((t(10k) - F) / 10k)`; the ratio is the
  market's growth over the floor's, which grows because memory is slower than caches.
- **memory_10m_gb**: the largest resident size of the process that makes ten million customers and lives their
  year, everything included.
- **first_result_seconds**: from starting a process with an empty `OMOLAB_CACHE` to the end of a month of the
  bundled plan `ecommerce_dept`; **next_process_seconds**: again, with what was compiled before.
- **variance_ratio**: what a price 1 % higher does to a year's net sales of 20,000 customers, in paired runs
  (same customers, same luck) and in runs with the same customers and fresh luck; the ratio of the variances
  of these differences over repetitions, with a 95 % bootstrap interval.
"""
SPACE = "\N{NO-BREAK SPACE}"


def page(document: Mapping[str, Any]) -> str:
    """Return the page of a measurement."""
    rows, place = document["rows"], document["machine"]
    parts = [HEAD, "## What was found", "", *found(rows), "", *short(rows), "", HOW]
    parts += ["## Beside these", "", *beside(rows), "", "## Where", "", *where(place, rows)]
    return "\n".join(parts).rstrip() + "\n"


def found(rows: Sequence[Row]) -> list[str]:
    """Return the table of what there is an aim for."""
    lines = ["| | ours | beside | ratio | aim | |", "|---|---:|---:|---:|---:|---|"]
    by_name = {row["name"]: row for row in rows}
    for name, aim in AIMS.items():
        row = by_name.get(name)
        bound = f"{'≥' if aim.at_least else '≤'}{SPACE}{aim.bound:g}"
        if row is None or "skipped" in row:
            lines.append(f"| {name}: {aim.about} | | | | {bound} | skipped |")
            continue
        ratio = f"**{number(row['ratio'])}**{between(row)}"
        told = "reached" if aim.met(row["ratio"]) else "short"
        beside_it = "" if row["peer"] is None else number(row["peer"])
        cells = (f"{name}: {aim.about}{detail(row)}", number(row["ours"]), beside_it, ratio, bound, told)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def detail(row: Row) -> str:
    """Return at which size a row was measured, over which days, and against which variant of the peer."""
    told = [f"{row['customers']:,} customers".replace(",", SPACE)] if "customers" in row else []
    told += [f"{row['days']} days"] if "days" in row else []
    told += [row["how"]] if "how" in row else []
    told += [f"{number(row['cpu_seconds'])} of processor time"] if "cpu_seconds" in row else []
    return f" ({'; '.join(told)})" if told else ""


def between(row: Row) -> str:
    """Return a ratio's interval, where it has one."""
    return f" ({number(row['low'])} to {number(row['high'])})" if "low" in row else ""


def short(rows: Sequence[Row]) -> list[str]:
    """Say in words what falls short and what could not be measured."""
    by_name = {row["name"]: row for row in rows}
    names = missed(rows)
    lines = [f"- {falls_short(by_name[name])}" for name in names if "skipped" not in by_name[name]]
    lines += [f"- `{row['name']}` was skipped: {row['skipped']}." for row in rows if "skipped" in row]
    if not lines:
        return ["Every aim is reached."]
    return ["What falls short, and what was not measured:", "", *lines]


def falls_short(row: Row) -> str:
    """Return a sentence on a row that misses its aim."""
    aim = AIMS[row["name"]]
    wanted = f"{'at least' if aim.at_least else 'at most'} {aim.bound:g}"
    return f"`{row['name']}` ({aim.about}): {number(row['ratio'])}; the aim is {wanted}."


def beside(rows: Sequence[Row]) -> list[str]:
    """Return the table of the other rows."""
    lines = ["| | ours | peer | ratio | unit | |", "|---|---:|---:|---:|---|---|"]
    for row in rows:
        if row["name"] in AIMS or "skipped" in row:
            continue
        cells = ["" if row[key] is None else number(row[key]) for key in ("ours", "peer", "ratio")]
        how = str(row.get("how", "")) + between(row)
        lines.append(f"| {row['name']} | {' | '.join(cells)} | {row['unit']} | {how} |")
    return lines


def where(place: Mapping[str, Any], rows: Sequence[Row]) -> list[str]:
    """Say on which machine and with which versions."""
    versions = ", ".join(f"{name} {number_}" for name, number_ in place["versions"].items())
    peers: dict[str, str] = {}
    for row in rows:
        peers |= row.get("versions", {})
    theirs = ", ".join(f"{name} {number_}" for name, number_ in sorted(peers.items()))
    busy = "" if place["load"] is None else f" Load when it began: {place['load']:g}."
    if place["load"] is not None and place["load"] > place["cores"]:
        busy += " The machine was busy: whatever is taken by the clock would be shorter on a quiet one."
    minutes = place.get("minutes")
    took = "" if minutes is None else f" The whole took {minutes:g} minutes."
    return [
        f"{place['processor']}, {place['cores']} cores, {place['system']}; Python {place['python']}, "
        f"{versions}.",
        f"Peers: {theirs or 'none'}.{busy}{took}",
    ]


def number(value: float) -> str:
    """Return a figure with three digits and thousands apart."""
    if abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}".replace(",", SPACE)
    return f"{value:.3g}"
