"""An experiment's customers in two halves, and in cells of customers alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import History

TERCILES = (1 / 3, 2 / 3)
UNTREATED = ("no ", "control", "untreated", "holdout", "none", "nothing", "placebo")


def half(names: Iterable[str], seed: int) -> NDArray[np.bool_]:
    """Return whether each customer belongs to the half that is calibrated on [n].

    A keyed hash of the customer's name decides, so neither the order of the file nor other customers do.
    """
    key = int(seed).to_bytes(8, "little", signed=True)
    bits = [hashlib.blake2b(str(name).encode(), digest_size=1, key=key).digest()[0] & 1 for name in names]
    return np.array(bits, bool)


def control_of(history: History) -> str:
    """Return the group that was left alone: as mapped, else the one whose name says so.

    Raises
    ------
    BadInput
        If no name or several say so.
    """
    assert history.experiment is not None
    if history.evidence.control is not None:
        return history.evidence.control
    groups = sorted(history.experiment["group"].unique())
    found = [name for name in groups if any(word in f"{name} ".casefold() for word in UNTREATED)]
    if len(found) != 1:
        expected = f"control: one of {', '.join(map(str, groups[:6]))}"
        message = "does not say which group was left alone"
        raise BadInput(Problem(str(history.file), None, "tables.experiment.control", "", expected, message))
    return str(found[0])


def customers(history: History, seed: int) -> pd.DataFrame:
    """Return the experiment's customers with ``train`` and factors: channel, segment, and each trait.

    A trait of numbers is cut at its terciles over all customers, which no outcome enters.
    """
    table = history.experiment
    assert table is not None
    table = table.copy()
    names = table["customer"].where(table["customer"].notna(), table.index.astype("str"))
    table["train"] = half(names, seed)
    for name in [name for name in table if str(name).startswith("trait.")]:
        table[name] = _cut(table[name])
    for name in ("channel", "segment"):
        table[name] = table[name].fillna("all").astype("str")
    return table


def factors(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns in which customers differ."""
    named = [str(name) for name in table if str(name).startswith("trait.")]
    return tuple(name for name in ("channel", "segment", *named) if table[name].nunique() > 1)


def _cut(values: pd.Series) -> pd.Series:
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().mean() < 0.99 or numbers.nunique() <= 4:
        return values.astype("str")
    edges = np.unique(numbers.quantile(TERCILES).to_numpy())
    return pd.Series(np.searchsorted(edges, numbers.to_numpy(), side="left"), index=values.index).astype(
        "str"
    )
