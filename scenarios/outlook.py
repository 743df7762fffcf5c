"""A history's outlook: its total by month, known and carried on, to which runs are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outlook:
    """A history's total by month, known and carried on.

    Attributes
    ----------
    first
        First month, ``2023-10``.
    known
        How many months the history holds; they are the same in every path.
    paths
        [n, months] in the history's currency, or in orders.
    measure
        ``revenue`` or ``orders``.
    channels
        Whose sales these are.
    currency
        ISO code; empty if the history names none.
    """

    first: str
    known: int
    paths: Array
    measure: str
    channels: tuple[str, ...]
    currency: str

    def table(self) -> pd.DataFrame:
        """Return one row a path and month: path, month, known, value."""
        import pandas as pd

        count, length = self.paths.shape
        months = (np.datetime64(self.first, "M") + np.arange(length)).astype(str)
        return pd.DataFrame(
            {
                "path": np.repeat(np.arange(count), length),
                "month": np.tile(months, count),
                "known": np.tile(np.arange(length) < self.known, count),
                "value": self.paths.ravel(),
            }
        )

    def document(self) -> dict[str, object]:
        """Return what the table does not say of itself."""
        return {"measure": self.measure, "channels": list(self.channels), "currency": self.currency}


def outlook_of(table: pd.DataFrame, document: Mapping[str, object]) -> Outlook:
    """Return the outlook that `Outlook.table` and `Outlook.document` hold."""
    count = int(table["path"].max()) + 1
    return Outlook(
        first=str(table["month"].iloc[0]),
        known=int(table["known"].sum()) // count,
        paths=table["value"].to_numpy(dtype=float).reshape(count, -1),
        measure=str(document["measure"]),
        channels=tuple(map(str, document["channels"])),  # type: ignore[call-overload]
        currency=str(document["currency"]),
    )
