"""A scanner panel's elasticities beside the published ranges, and a market calibrated to them beside both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.experiments import shelf as shelves
from calibration.experiments.elasticities import (
    PUBLISHED,
    SOURCES,
    Elasticities,
    elasticities,
    pooled,
    ranked,
)
from calibration.experiments.evaluation import Evaluation, Note, Told, off
from calibration.experiments.uplift import NORMAL_90
from results.problems import BadInput, Problem
from sim.setup import MAX_CHANNELS

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Array = NDArray[np.float64]
SHOWN = [
    *("product", "quantity", "history", "history_low", "history_high"),
    *("published_low", "published_high", "simulated"),
]


def prices(history: History, seed: int, told: Told) -> Evaluation:
    """Estimate elasticities and deal bumps, calibrate a shelf to them, and read its answers."""
    panel = history.evidence.panel
    assert panel is not None
    everything = ranked(panel)
    products = everything[:MAX_CHANNELS]
    if len(products) < 2:
        message, expected = "has too few products with prices", "two products or more, 200 rows of each"
        raise BadInput(
            Problem(str(history.file), None, "tables.panel", str(len(products)), expected, message)
        )
    steps = 2 * len(products) * shelves.ROUNDS + 1
    done = [0]

    def stepped() -> None:
        done[0] += 1
        told(done[0], steps, "simulating the shelf")

    seen = elasticities(panel, products)
    stepped()
    known = np.isfinite(seen.own)
    own = np.where(known, seen.own, pooled(seen.own, np.diag(seen.price_se))[0])
    means = {
        "own": pooled(seen.own, np.diag(seen.price_se)),
        "cross": pooled(seen.cross.ravel(), seen.price_se.ravel()),
        "deal": pooled(seen.bump, seen.bump_se),
    }
    bump = means["deal"][0] if np.isfinite(means["deal"][0]) else PUBLISHED["deal"][1]
    aim = shelves.Aim(np.minimum(own, -0.1), _cross(seen), bump, seen.share)
    made, answer = shelves.calibrate(aim, seed, stepped)
    table = _table(seen, answer)
    summary = _summary(seen, answer, means)
    figures = {
        "products": list(products),
        "left_out": list(everything[MAX_CHANNELS:]),
        "rows": int(seen.rows.sum()),
        "cross_agreement": _agreement(seen, answer),
        "parameters": made.parameters(),
        "sources": SOURCES,
    }
    notes, named = _notes(summary, table, figures, made), table["quantity"] != "cross"
    details = table.loc[named, SHOWN].reset_index(drop=True)
    return Evaluation("prices", figures, summary, {"elasticities": table}, notes, details)


def _cross(seen: Elasticities) -> float:
    """Return the plain mean of the cross elasticities: all that a shelf with one nest can be asked for."""
    return float(np.nanmean(seen.cross))


def _table(seen: Elasticities, answer: shelves.Answer) -> pd.DataFrame:
    """Return one row a product and quantity: history with its interval, published range, simulated."""
    import pandas as pd

    rows = []
    for k, product in enumerate(seen.products):
        pairs = (
            ("own", product, seen.own[k], seen.price_se[k, k], answer.price[k, k]),
            ("deal", product, seen.bump[k], seen.bump_se[k], answer.bump[k]),
        )
        rows += [_row(*pair) for pair in pairs]
        for j, other in enumerate(seen.products):
            if j != k:
                value, error = seen.price[k, j], seen.price_se[k, j]
                rows.append(
                    _row("cross", f"{product} to the price of {other}", value, error, answer.price[k, j])
                )
    return pd.DataFrame(rows)


def _row(kind: str, product: str, value: float, error: float, simulated: float) -> dict[str, object]:
    low, central, high = PUBLISHED[kind]
    return {
        "quantity": kind,
        "product": product,
        "history": value,
        "history_se": error,
        "history_low": value - NORMAL_90 * error,
        "history_high": value + NORMAL_90 * error,
        "published_low": low,
        "published": central,
        "published_high": high,
        "simulated": simulated,
        "history_within": bool(low <= value <= high),
        "simulated_within": bool(low <= simulated <= high),
        "recovered": bool(abs(simulated - value) <= NORMAL_90 * np.hypot(error, 0.05 * abs(value))),
    }


def _summary(
    seen: Elasticities, answer: shelves.Answer, means: dict[str, tuple[float, float, float]]
) -> pd.DataFrame:
    """Return one row a quantity: means over products, how many lie within the published range."""
    import pandas as pd

    count = len(seen.products)
    off = ~np.eye(count, dtype=bool)
    values = {
        "own": (seen.own, answer.own),
        "cross": (seen.price[off], answer.price[off]),
        "deal": (seen.bump, answer.bump),
    }
    rows = []
    for kind, (history, simulated) in values.items():
        low, central, high = PUBLISHED[kind]
        known = np.isfinite(history)
        rows.append(
            {
                "quantity": kind,
                "history": float(np.nanmean(history)),
                "pooled": means[kind][0],
                "pooled_se": means[kind][1],
                "between": means[kind][2],
                "published_low": low,
                "published": central,
                "published_high": high,
                "simulated": float(simulated.mean()),
                "estimates": int(known.sum()),
                "history_within": int(((history >= low) & (history <= high))[known].sum()),
                "simulated_within": int(((simulated >= low) & (simulated <= high)).sum()),
            }
        )
    return pd.DataFrame(rows)


def _agreement(seen: Elasticities, answer: shelves.Answer) -> float:
    """Return the correlation of simulated with estimated cross elasticities over pairs of products."""
    off = ~np.eye(len(seen.products), dtype=bool) & np.isfinite(seen.price)
    return float(np.corrcoef(seen.price[off], answer.price[off])[0, 1]) if off.sum() > 2 else float("nan")


def _said(word: str) -> Note:
    """Return a word of the catalogue as a fact."""
    return {"say": f"evaluation.{word}"}


def _notes(
    summary: pd.DataFrame, table: pd.DataFrame, figures: dict[str, Any], made: shelves.Shelf
) -> tuple[Note, ...]:
    notes = []
    for row in summary.to_dict("records"):
        for side in ("history", "simulated"):
            if not row["published_low"] <= row[side] <= row["published_high"]:
                notes.append(
                    off("mean", quantity=_said(row["quantity"]), side=_said(side), value=f"{row[side]:.2f}")
                )
    for kind in ("own", "deal"):
        part = table[table["quantity"] == kind]
        for side in ("history", "simulated"):
            outside = part.loc[~part[f"{side}_within"], "product"]
            if len(outside):
                notes.append(off("outside", quantity=_said(kind), side=_said(side), names=", ".join(outside)))
        missed = part.loc[~part["recovered"], "product"]
        if len(missed):
            notes.append(off("missed", quantity=_said(kind), names=", ".join(missed)))
    if figures["cross_agreement"] < 0.5:
        notes.append(off("cross", value=f"{figures['cross_agreement']:.2f}"))
    if made.promotion_weight == 0.0:
        notes.append(off("lure"))
    if figures["left_out"]:
        notes.append(off("room", n=MAX_CHANNELS, names=", ".join(figures["left_out"])))
    return tuple(notes)
