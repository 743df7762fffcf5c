"""What became of customers: who moved between channels from year to year, and their stages month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sim.ledger import Ledger

NONE = "none"  # no order within the year
MOVES = ["date", "origin", "goal", "customers"]
STAGES = ["date", "kind", "name", "customers"]
KINDS = ("stage", "rfm")


def migration(ledger: Ledger) -> pd.DataFrame:
    """Return customers by main channel a year ago and now, at the end of every year lived.

    Columns date (of the count), origin, goal (a channel, or ``none`` without an order in the year), and
    customers, real ones. The first count of a run knows no year before and is left out.
    """
    import pandas as pd

    names = [*(channel.name for channel in ledger.setup.channels), NONE]
    rows = [
        (_date(ledger, day - 1), origin, goal, float(counted[i, j]) * ledger.setup.weight)
        for day, counted in sorted(ledger.moves.items())[1:]
        for i, origin in enumerate(names)
        for j, goal in enumerate(names)
        if day > 0
    ]
    return pd.DataFrame(rows, columns=MOVES)


def lifecycle(ledger: Ledger) -> pd.DataFrame:
    """Return customers by stage of life and by RFM group at every month's end.

    Columns date, kind (``stage`` or ``rfm``), name, and customers, real ones. Prospects are among them.
    """
    import pandas as pd

    rows = [
        (_date(ledger, day), kind, name.removeprefix(f"{kind}_"), counted * ledger.setup.weight)
        for day, counts in sorted(ledger.snapshots.items())
        for kind in KINDS
        for name, counted in counts.items()
        if day >= 0 and name.startswith(f"{kind}_")
    ]
    return pd.DataFrame(rows, columns=STAGES)


def _date(ledger: Ledger, day: int) -> np.datetime64:
    """Return the date of a day as the ledger counts them: 0 is the plan's first, a burn-in lies below."""
    return np.datetime64(ledger.setup.start, "D") + day
