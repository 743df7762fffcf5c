"""Coupon campaigns: the market calibrated to earlier ones, redemption and lift of later ones forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.campaign_reading import read
from calibration.experiments.coupon_market import PULLS, Holding, holding
from calibration.experiments.elasticities import pooled
from calibration.experiments.evaluation import Evaluation, Note, Told, off
from calibration.experiments.uplift import NORMAL_90, scored
from results.problems import BadInput, Problem
from sim.parameters import collected

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

Array = NDArray[np.float64]
FEWEST = 4  # campaigns that can be read
EARLIER = 0.6  # share of campaigns that are calibrated on
GRID = np.linspace(PULLS[0], PULLS[-1], 51)
OUTCOMES = ("redeemed", "lift")


@dataclass(frozen=True, eq=False)
class TypeFit:
    """What earlier campaigns of one type say: share who take the coupon, its pull, with what is left over.

    ``taken``, ``taken_sd`` hold the spread between campaigns; ``pull`` [G] is the posterior over
    :data:`GRID`.
    """

    taken: float
    taken_sd: float
    pull: Array
    held: Holding
    plain: dict[str, tuple[float, float]]


def campaigns(history: History, seed: int, told: Told) -> Evaluation:
    """Forecast the later campaigns from the earlier ones."""
    tables = history.evidence.campaigns
    assert tables is not None
    table = read(tables)
    if len(table) < FEWEST:
        message, expected = (
            "has too few campaigns that can be read",
            f"{FEWEST} with weeks before and others left out",
        )
        raise BadInput(
            Problem(str(history.file), None, "tables.campaigns", str(len(table)), expected, message)
        )
    table = table.sort_values("start", kind="stable").reset_index(drop=True)
    table["train"] = table.index < round(EARLIER * len(table))
    kinds = sorted(table["type"].unique())
    longest, fits = int(table["days"].max()), {}
    for k, kind in enumerate(kinds):
        told(k, len(kinds), "simulating campaigns")
        part = table[table["train"] & (table["type"] == kind)]
        part = part if len(part) else table[table["train"]]
        fits[kind] = _fit(part, longest, seed)
    told(len(kinds), len(kinds), "simulating campaigns")
    full = _forecast(table, fits)
    figures = {
        "campaigns": len(tables.campaigns),
        "read": len(table),
        "calibrated_on": int(table["train"].sum()),
        "types": {kind: _said(fit, table[table["type"] == kind]) for kind, fit in fits.items()},
    }
    notes, details = _notes(full, figures), _details(figures)
    return Evaluation("campaigns", figures, _summary(full), {"forecasts": full}, notes, details)


def _fit(part: pd.DataFrame, longest: int, seed: int) -> TypeFit:
    held = holding(float(part["level"].mean()), longest, seed)
    used = held.redeemed[part["days"].to_numpy() - 1]
    mean, error, spread = pooled(part["redeemed"].to_numpy() / used, part["redeemed_se"].to_numpy() / used)
    taken = float(np.clip(mean, 1e-4, 1.0))
    prior = collected()["coupon_pull"]
    scores = -0.5 * ((GRID - prior.default) / ((prior.high - prior.low) / 3.29)) ** 2
    for g, pull in enumerate(GRID):
        made = np.array([_lift(held, taken, pull, row) for row in part.to_dict("records")])
        scores[g] -= 0.5 * float((((part["lift"] - made) / part["lift_se"]) ** 2).sum())
    weight = np.exp(scores - scores.max())
    plain = {}
    for name in OUTCOMES:
        centre, doubt, between = pooled(part[name].to_numpy(), part[f"{name}_se"].to_numpy())
        plain[name] = centre, float(np.hypot(doubt, between))
    return TypeFit(taken, float(np.hypot(error, spread)), weight / weight.sum(), held, plain)


def _lift(held: Holding, taken: float, pull: float, row: dict[str, Any]) -> float:
    """Return the relative lift of a campaign's orders over its days."""
    return taken * held.at(pull, int(row["days"])) / (float(row["level"]) * float(row["days"]) / 7.0)


def _forecast(table: pd.DataFrame, fits: dict[str, TypeFit]) -> pd.DataFrame:
    """Return one row a campaign and outcome: truth, and each model's forecast; earlier ones as fitted."""
    import pandas as pd

    rows = []
    for row in table.to_dict("records"):
        fit = fits[row["type"]]
        used = fit.held.redeemed[int(row["days"]) - 1]
        pull = float(fit.pull @ GRID)
        lifts = np.array([_lift(fit.held, fit.taken, g, row) for g in GRID])
        centre = float(fit.pull @ lifts)
        spread = np.hypot(float(np.sqrt(fit.pull @ (lifts - centre) ** 2)), centre * fit.taken_sd / fit.taken)
        told = {
            "redeemed": {
                "omolab": (fit.taken * used, fit.taken_sd * used),
                "type_mean": fit.plain["redeemed"],
            },
            "lift": {"omolab": (centre, float(spread)), "type_mean": fit.plain["lift"]},
        }
        told["lift"]["naive"] = (float(row["naive"]), 0.0)
        for outcome, models in told.items():
            found = {
                name: row[name]
                for name in ("campaign", "type", "start", "days", "targeted", "level", "train")
            }
            found |= {
                "outcome": outcome,
                "truth": row[outcome],
                "truth_se": row[f"{outcome}_se"],
                "pull": pull,
            }
            for model, (mean, error) in models.items():
                found |= {model: mean, f"{model}_se": error}
                found |= {f"{model}_low": mean - NORMAL_90 * error, f"{model}_high": mean + NORMAL_90 * error}
            rows.append(found)
    return pd.DataFrame(rows)


def _summary(full: pd.DataFrame) -> pd.DataFrame:
    """Return how forecasts of the later campaigns did."""
    import pandas as pd

    later, rows = full[~full["train"]], []
    for outcome in OUTCOMES:
        part = later[later["outcome"] == outcome]
        for model in ("omolab", "type_mean", "naive"):
            if model in part and part[model].notna().all() and len(part):
                columns = [part[name].to_numpy(float) for name in ("truth", "truth_se", model, f"{model}_se")]
                rows.append({"outcome": outcome, "model": model} | scored(*columns))
    return pd.DataFrame(rows)


def _said(fit: TypeFit, part: pd.DataFrame) -> dict[str, float]:
    lift, doubt, _ = pooled(part["lift"].to_numpy(), part["lift_se"].to_numpy())
    spend, spent, _ = pooled(part["spend_lift"].to_numpy(), part["spend_lift_se"].to_numpy())
    days, level = float(part["days"].mean()), float(part["level"].mean())
    most = fit.taken * fit.held.at(PULLS[-1], int(days)) / (level * days / 7.0)
    return {
        "campaigns": len(part),
        "coupon_taken": fit.taken,
        "coupon_taken_sd": fit.taken_sd,
        "coupon_pull": float(fit.pull @ GRID),
        "redeemed": float(np.average(part["redeemed"], weights=part["targeted"])),
        "lift": lift,
        "lift_se": doubt,
        "spend_lift": spend,
        "spend_lift_se": spent,
        "largest_lift": most,
    }


def _details(figures: dict[str, Any]) -> pd.DataFrame:
    """Return what campaigns of each type did, and what the market's coupon can do."""
    import pandas as pd

    rows = []
    for kind, said in figures["types"].items():
        row = {"type": kind, "campaigns_read": said["campaigns"]}
        row |= {name: said[name] for name in ("redeemed", "coupon_taken")}
        for name in ("lift", "spend_lift"):
            half = NORMAL_90 * said[f"{name}_se"]
            row |= {name: said[name], f"{name}_low": said[name] - half, f"{name}_high": said[name] + half}
        rows.append(row | {"largest_lift": said["largest_lift"]})
    return pd.DataFrame(rows)


def _notes(full: pd.DataFrame, figures: dict[str, Any]) -> tuple[Note, ...]:
    notes = [off("chosen")]
    for kind, said in figures["types"].items():
        error = NORMAL_90 * said["lift_se"]
        if said["lift"] - error > said["largest_lift"]:
            shares = {"lift": said["lift"], "error": error, "most": said["largest_lift"]}
            notes.append(off("coupon", kind=kind, **{name: f"{100 * v:.1f}" for name, v in shares.items()}))
    later = full[~full["train"] & (full["outcome"] == "redeemed")]
    error = np.hypot(later["truth_se"], later["omolab_se"])
    missed = later.loc[(later["truth"] - later["omolab"]).abs() > NORMAL_90 * error, "campaign"]
    if len(missed):
        notes.append(off("redeemed", names=", ".join(map(str, missed))))
    return tuple(notes)
