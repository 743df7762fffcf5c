"""Diagnostics of one fit: does it repeat the history, what was not told, and when not to trust it.

Posterior predictive: members' statistics with the history's own errors added, beside what was observed
(Gelman, Meng & Stern 1996, "Posterior predictive assessment of model fitness via realized discrepancies").
Contraction and boundary mass by parameter, correlations by pair, twins whose truth is known. From these a
verdict, ``yes``, ``care`` or ``no``, each with its reasons by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from calibration.fit import Fit

Array = NDArray[np.float64]
REPEATED = 20  # draws of the history's errors for each member
FAR = 3.0  # predictive standard deviations off that no luck explains
LOOSE, LOST = 0.15, 0.33  # discrepancy, on log and logit scales, that asks for care, and that no fit may need
FOUND = 0.6  # share of twins held by their 90 % intervals below which a parameter is not recovered
BADLY = 0.25  # share of statistics this far off from which on a fit is not to be trusted
HELD = 0.7  # share of statistics inside their predictive 90 % interval below which intervals are too narrow
PUSHED = 0.5  # share of members beyond the prior's 90 % range; a prior that is right leaves a tenth there
STRANGE = 2.5  # prior standard deviations off the prior's centre that alone ask for care
TIED = 0.9  # correlation from which on two parameters are known only together
SHORT = 0.8  # share of truths held by twins' 90 % intervals below which they are not what they say
SURELY = 3.0  # standard errors of that share by which it must fall short of 90 %
OUTSIDE = 0.5  # share of members in which a statistic does not exist


def predictive(fitted: Fit) -> pd.DataFrame:
    """Return the posterior predictive of each statistic.

    Columns name, observed, p05, p50, p95 (natural units: what another history of such a retailer would show),
    tail (two-sided share of replicates farther out than the observed; small: misfit), inside (of the 90 %
    interval) and undefined (share of members in which the statistic does not exist).
    """
    import pandas as pd

    luck = np.random.default_rng([fitted.seed, 404])
    rows = []
    for k, statistic in enumerate(fitted.case.statistics):
        column = fitted.simulated[:, k]
        known = column[np.isfinite(column)]
        undefined = 1.0 - len(known) / max(len(column), 1)
        observed = statistic.scaled(statistic.observed)
        if not len(known) or not np.isfinite(observed):
            rows.append((statistic.name, statistic.observed, *[np.nan] * 4, False, undefined))
            continue
        again = np.repeat(known, REPEATED)
        again = again + fitted.allowed[k] * luck.standard_normal(len(again))
        levels = np.quantile(again, (0.05, 0.5, 0.95))
        below = float((again < observed).mean())
        tail = min(2.0 * min(below, 1.0 - below), 1.0)
        inside = bool(levels[0] <= observed <= levels[2])
        rows.append((statistic.name, statistic.observed, *statistic.natural(levels), tail, inside, undefined))
    columns = ["name", "observed", "p05", "p50", "p95", "tail", "inside", "undefined"]
    return pd.DataFrame(rows, columns=columns)


def correlations(fitted: Fit) -> pd.DataFrame:
    """Return how members' fitted parameters go together: columns parameter, other, r; the strongest first."""
    import pandas as pd

    names, members = fitted.case.prior.names, fitted.members
    rows = []
    if len(members) > 2 and len(names) > 1:
        with np.errstate(invalid="ignore"):
            r = np.asarray(np.corrcoef(members.T))
        places = zip(*np.triu_indices(len(names), 1), strict=True)
        rows = [(names[i], names[j], float(r[i, j])) for i, j in places if np.isfinite(r[i, j])]
    rows.sort(key=lambda row: -abs(row[2]))
    return pd.DataFrame(rows, columns=["parameter", "other", "r"])


def boundary(fitted: Fit) -> pd.Series:
    """Return the share of members beyond each prior's 90 % range; a tenth where nothing was learnt."""
    import pandas as pd

    from sim.parameters import to_scale

    ends = [(to_scale(p.low, p.scale), to_scale(p.high, p.scale)) for p in fitted.case.prior.parameters]
    low, high = np.array(ends).reshape(-1, 2).T
    beyond = ((fitted.members < low) | (fitted.members > high)).mean(axis=0)
    return pd.Series(beyond, index=list(fitted.case.prior.names), name="boundary")


def diagnosis(fitted: Fit) -> dict[str, Any]:
    """Return what ``fit/diagnostics.json`` holds.

    Keys: ``trust`` (``yes``, ``care``, ``no``), ``findings`` (each with ``about``, ``names``, ``n``, ``of``
    and ``weight``, worst first), ``statistics``, ``parameters``, ``members``, ``predictive_90`` (share of
    statistics inside their predictive 90 % interval), ``contraction`` and ``boundary`` by parameter,
    ``not_identified``, ``discrepancy`` (beyond the usual one, log or logit), ``recovery`` by parameter
    (:func:`recovery`), ``ranks`` of truths (:func:`ranks`), both ``null`` where no emulator was learnt, and
    ``without_twins``: why there are none, by name.
    """
    from threadpoolctl import threadpool_limits

    table, held = fitted.identified(), predictive(fitted)
    own = table[table["parameter"].isin(fitted.case.prior.names)]
    beyond = boundary(fitted)
    known = held["tail"].notna()
    inside = float(held.loc[known, "inside"].mean()) if known.any() else None
    with threadpool_limits(1, user_api="blas"):  # as the fit was
        found, places = recovery(fitted), ranks(fitted)
    findings = [*_of_statistics(fitted, held, inside), *_of_parameters(fitted, own, beyond)]
    findings += [*_of_recovery(found), *_of_ranks(places)]
    findings.sort(key=lambda one: {"no": 0, "care": 1, "note": 2}[one["weight"]])
    weights = [one["weight"] for one in findings]
    return {
        "trust": "no" if "no" in weights else "care" if "care" in weights else "yes",
        "findings": findings,
        "statistics": len(held),
        "parameters": len(own),
        "members": len(fitted.members),
        "predictive_90": inside,
        "contraction": dict(zip(own["parameter"], own["contraction"].round(4), strict=True)),
        "boundary": {str(name): round(float(share), 4) for name, share in beyond.items()},
        "not_identified": [str(name) for name in own.loc[~own["identified"], "parameter"]],
        "discrepancy": None if fitted.said is None else fitted.said.wider,
        "recovery": found,
        "ranks": places,
        "without_twins": without_twins(fitted, found),
    }


def without_twins(fitted: Fit, found: dict[str, Any] | None) -> str | None:
    """Return why a fit has no synthetic twins: ``led``, ``nothing_fitted`` or ``undefined``; else ``None``.

    ``led``: every draw of a plan's case is led to the stated figures by simulations of its own, so there is
    no emulator by which a twin could be fitted without as many simulations again.
    """
    if found is not None:
        return None
    if fitted.variance is None:
        return "nothing_fitted"
    return "led" if fitted.said is None else "undefined"


def ranks(fitted: Fit) -> dict[str, Any] | None:
    """Return how even the ranks of truths are among draws inferred anew; ``None`` without an emulator.

    By kind of twin (``emulated``, ``simulated``; :mod:`calibration.evenness`): ``twins``, ``held_90`` and its
    standard ``error``, ``ks_p_holm`` and ``bias`` by parameter.
    """
    from calibration.evenness import ranked

    if fitted.said is None:
        return None
    prior = fitted.case.prior
    members = (fitted.members - prior.centre()) / prior.spread()
    found = ranked(fitted.said, members, fitted.simulated[:, np.isfinite(fitted.case.observed)], fitted.seed)

    def by_name(values: Array) -> dict[str, float]:
        return {name: round(float(value), 4) for name, value in zip(prior.names, values, strict=True)}

    return found and {
        kind: {
            "twins": told["twins"],
            "held_90": round(told["held_90"], 4),
            "error": round(told["error"], 4),
            "ks_p_holm": by_name(told["ks_p_holm"]),
            "bias": by_name(told["bias"]),
        }
        for kind, told in found.items()
    }


def recovery(fitted: Fit) -> dict[str, Any] | None:
    """Return how synthetic twins are found again; ``None`` where no emulator was learnt.

    Keys: ``twins`` (how many), ``held_90`` (share of true values inside twins' 90 % intervals) and by
    parameter ``error`` (root mean square, in prior standard deviations: 1 is what guessing the prior's centre
    costs a draw of it) and ``held``.
    """
    from calibration.recovery import twins

    if fitted.said is None:
        return None
    prior = fitted.case.prior
    members = (fitted.members - prior.centre()) / prior.spread()
    heard = np.isfinite(fitted.case.observed)
    off, held = twins(fitted.said, members, fitted.simulated[:, heard], fitted.seed)
    if not len(off):
        return None
    error = np.sqrt((off**2).mean(axis=0))
    return {
        "twins": len(off),
        "held_90": round(float(held.mean()), 4),
        "error": {name: round(float(e), 4) for name, e in zip(prior.names, error, strict=True)},
        "held": {name: round(float(h), 4) for name, h in zip(prior.names, held.mean(axis=0), strict=True)},
    }


def _of_recovery(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the parameters that twins do not find again within their own intervals."""
    if found is None:
        return []
    lost = [name for name, share in found["held"].items() if share < FOUND]
    return [_finding("not_recovered", "care", lost, len(found["held"]))] if lost else []


def _of_ranks(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the parameters whose truths do not rank evenly, and intervals that hold too few of them."""
    from calibration.evenness import MOST, TWINS, UNEVEN

    made = []
    for kind, told in (found or {}).items():
        if told["twins"] < MOST * TWINS:
            continue
        names = [name for name, p in told["ks_p_holm"].items() if p < UNEVEN]
        if names:
            made.append(_finding(f"uneven_{kind}", "care", names, len(told["ks_p_holm"])))
        elif told["held_90"] < min(SHORT, 0.9 - SURELY * told["error"]):
            made.append(_finding(f"short_{kind}", "care", [], round(100 * told["held_90"])))
    return made


def _of_statistics(fitted: Fit, held: pd.DataFrame, inside: float | None) -> list[dict[str, Any]]:
    """Return what is wrong with how the history is repeated."""
    if held.empty:
        return [_finding("nothing_compared", "no", [], 0)]
    found = []
    off = fitted.statistics()["off"]
    heard = np.isfinite(fitted.case.observed)
    missed = [str(name) for name in held.loc[heard & ~(off.abs() <= FAR).to_numpy(), "name"]]
    if missed:
        weight = "no" if len(missed) > BADLY * heard.sum() else "care"
        found.append(_finding("misfit", weight, missed, int(heard.sum())))
    wider = 0.0 if fitted.said is None else fitted.said.wider
    if wider > 0.0:
        weight = "no" if wider >= LOST else "care" if wider >= LOOSE else "note"
        found.append(_finding("discrepancy", weight, [], round(100 * wider)))  # ``of``: in per cent
    if inside is not None and inside < HELD:
        found.append(
            _finding("narrow", "care", [str(n) for n in held.loc[~held["inside"], "name"]], len(held))
        )
    gone = [str(name) for name in held.loc[held["undefined"] > OUTSIDE, "name"]]
    if gone:
        found.append(_finding("undefined", "care", gone, len(held)))
    return found


def _of_parameters(fitted: Fit, own: pd.DataFrame, beyond: pd.Series) -> list[dict[str, Any]]:
    """Return what the history did not tell, and where priors are in its way."""
    found, count = [], len(own)
    silent = [str(name) for name in own.loc[~own["identified"], "parameter"]]
    if count and len(silent) == count:
        found.append(_finding("nothing_learnt", "no", silent, count))
    elif silent:
        found.append(_finding("not_identified", "note", silent, count))
    pushed = [str(name) for name in beyond.index[beyond > PUSHED]]
    if pushed:
        weight = "care" if len(pushed) > _by_chance(count) or _far(fitted) else "note"
        found.append(_finding("boundary", weight, pushed, count))
    pairs = correlations(fitted)
    tied = [f"{a} ~ {b}" for a, b, r in pairs.itertuples(index=False) if abs(r) > TIED]
    if tied:
        found.append(_finding("tied", "note", tied, len(pairs)))
    return found


def _by_chance(parameters: int) -> int:
    """Return how many of so many true values chance (99 %) puts beyond their prior's 90 % range at most."""
    from scipy import stats

    return int(stats.binom.ppf(0.99, parameters, 0.1))


def _far(fitted: Fit) -> bool:
    """Whether a parameter's median lies where hardly any draw of its prior does."""
    prior = fitted.case.prior
    middle = np.median(fitted.members, axis=0)
    return bool((np.abs(middle - prior.centre()) > STRANGE * prior.spread()).any())


def _finding(about: str, weight: str, names: list[str], of: int) -> dict[str, Any]:
    return {"about": about, "weight": weight, "names": names, "n": len(names), "of": of}
