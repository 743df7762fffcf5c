"""The page's section on simulation-based calibration: do intervals of fits hold the truth?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Row = Mapping[str, Any]
BINS = 8
BARS = "▁▂▃▄▅▆▇█"
SLIGHT = 0.25  # contraction below which a parameter keeps its prior
TEXT = """## Fits of synthetic retailers

{retailers} retailers of a store, a site, a marketplace and paid search are drawn from the prior,
lived by the market ({agents} agents a district, eight districts, {steps} steps of {pace} days),
told as {statistics} statistics with their sampling error and fitted like any history, {simulations}
simulations each: small markets and short fits, so that so many end within the hour. If the
ensembles are honest, truths rank evenly among their members (Talts et al. 2018): *coverage* is how
often the middle 90 % held the truth, {low:.0f} to {high:.0f} % where chance has it (99 % band); *KS
p* tests the ranks against even ones, Holm-corrected; *ranks* draws them from below all members to
above (flat is right); *recovery* correlates truth and ensemble mean; *learnt* is the share of the
prior's variance that the fit took away.
"""


def calibration(document: Row) -> str:
    """Return the section."""
    rows, about = document["rows"], document.get("about", {})
    low, high = (100 * share for share in rows[0]["band_90"])
    text = TEXT.format(
        retailers=rows[0]["retailers"],
        simulations=rows[0]["simulations_per_fit"],
        agents=about.get("agents", "–"),
        steps=about.get("steps", "–"),
        pace=about.get("pace_days", "–"),
        statistics=about.get("statistics", "–"),
        low=low,
        high=high,
    )
    head = "| Parameter | Coverage | KS p | Ranks | Recovery | Learnt |"
    lines = [text, head, "| --- | ---: | ---: | --- | ---: | ---: |"]
    ranks, members = np.array(document["ranks"]), about.get("members", 1)
    for k, row in enumerate(rows):
        cells = (
            row["parameter"],
            f"{100 * row['coverage_90']:.0f}\u00a0%",
            f"{row['ks_p_holm']:.3f}",
            bars(ranks[:, k], members),
            f"{row['recovery_r']:.2f}",
            f"{100 * row['contraction']:.0f}\u00a0%",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", " ".join(verdict(rows)), ""])


def bars(ranks: np.ndarray, members: int) -> str:
    """Return a histogram of ranks, one character a bin."""
    counts = np.histogram((ranks + 0.5) / (members + 1), BINS, (0, 1))[0]
    heights = (counts / max(counts.max(), 1) * (len(BARS) - 1)).round().astype(int)
    return "".join(BARS[height] for height in heights)


def verdict(rows: Sequence[Row]) -> list[str]:
    """Return what holds and what does not."""
    low, high = rows[0]["band_90"]
    off = [r for r in rows if not low <= r["coverage_90"] <= high]
    uneven = [r for r in rows if r["ks_p_holm"] < 0.01]
    silent = [r for r in rows if r["contraction"] < SLIGHT]
    said = ["Every parameter's coverage is within the band."] if not off else []
    said += [f"`{r['parameter']}` is covered {100 * r['coverage_90']:.0f} %, outside the band." for r in off]
    for row in uneven:
        off_by = f"{row['bias']:+.2f} off, spread {row['spread']:.2f}"
        said.append(f"The ranks of `{row['parameter']}` are not even (their normal scores: {off_by}).")
    said += [] if uneven else ["No KS p is below .01 after correction."]
    said += [f"`{r['parameter']}` is not learnt from such a history: it keeps its prior." for r in silent]
    return said
