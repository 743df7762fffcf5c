"""What coupon campaigns did, as far as history tells: redemption, and orders beside comparable others'.

Who is sent a campaign is chosen, not drawn, so the lift is a difference of changes: orders a week in the
campaign less those in the weeks before, of the targeted against customers with as many orders and as much
spent before, with other campaigns that ran in between taken out by regression. What such a comparison cannot
see - that a retailer sends coupons to those about to come back - remains in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history.evidence import CampaignTables

Array = NDArray[np.float64]
BEFORE = 8  # weeks looked back on
FEWEST = 30  # targeted customers of a campaign
STRATA = 5  # of orders before, and of spend within them


@dataclass(frozen=True, eq=False)
class Weeks:
    """Orders and spend by customer and week [N, W], and the customers' and weeks' names."""

    customers: pd.Index
    weeks: NDArray[np.datetime64]
    orders: Array
    amount: Array

    @classmethod
    def of(cls, tables: CampaignTables) -> Weeks:
        """Lay a list of what was bought out by customer and week."""
        import pandas as pd

        table = tables.activity
        codes, names = pd.factorize(table["customer"], sort=True)
        first = table["week"].min()
        number = ((table["week"] - first).dt.days // 7).to_numpy()
        shape = (len(names), int(number.max()) + 1)
        found = []
        for column in ("orders", "amount"):
            flat = np.bincount(
                codes * shape[1] + number, weights=table[column].fillna(0.0), minlength=shape[0] * shape[1]
            )
            found.append(np.asarray(flat, np.float64).reshape(shape))
        weeks = first.to_datetime64().astype("datetime64[D]") + 7 * np.arange(shape[1])
        return cls(pd.Index(names), weeks, found[0], found[1])


def read(tables: CampaignTables) -> pd.DataFrame:
    """Return one row a campaign that has weeks before it and enough customers.

    Columns: ``campaign, type, start, end, days, targeted, redeemed`` (share who redeemed at least once),
    ``redeemed_se, level`` (orders a week of the targeted before), ``lift`` (of orders, relative),
    ``lift_se``, ``spend_lift, spend_lift_se``, and ``naive``: the targeted's orders in the campaign over the
    others', less 1.
    """
    import pandas as pd

    weeks = Weeks.of(tables)
    targeted = {
        name: weeks.customers.isin(part["customer"]) for name, part in tables.targets.groupby("campaign")
    }
    windows = {row.campaign: _window(weeks, row.start, row.end) for row in tables.campaigns.itertuples()}
    used = tables.redemptions.groupby("campaign")["customer"].agg(set).to_dict()
    rows = []
    for row in tables.campaigns.itertuples(index=False):
        during = windows[row.campaign]
        before = _before(during, len(weeks.weeks))
        who = targeted.get(row.campaign)
        if who is None or who.sum() < FEWEST or before is None or (~who).sum() < FEWEST:
            continue
        others = np.zeros(len(who))
        for name, group in targeted.items():
            if name != row.campaign and name in windows:
                share = windows[name][during].mean() - windows[name][before].mean()
                others += group * share
        redeemed = float(np.isin(weeks.customers[who], list(used.get(row.campaign, ()))).mean())
        rows.append(
            {"campaign": row.campaign, "type": row.type, "start": row.start, "end": row.end}
            | {"days": (row.end - row.start).days + 1, "targeted": int(who.sum()), "redeemed": redeemed}
            | {"redeemed_se": float(np.sqrt(max(redeemed * (1 - redeemed), 1e-4) / who.sum()))}
            | _lift(weeks, who, before, during, others)
        )
    return pd.DataFrame(rows)


def _window(weeks: Weeks, start: pd.Timestamp, end: pd.Timestamp) -> NDArray[np.bool_]:
    """Return the weeks of which most days lie in a campaign [W]."""
    first, last = (day.to_datetime64().astype("datetime64[D]") for day in (start, end))
    return np.asarray((weeks.weeks + 3 >= first) & (weeks.weeks + 3 <= last))


def _before(during: NDArray[np.bool_], count: int) -> NDArray[np.bool_] | None:
    if not during.any():
        return None
    first = int(np.argmax(during))
    if first < BEFORE // 2:
        return None
    found = np.zeros(count, bool)
    found[max(first - BEFORE, 0) : first] = True
    return found


def _lift(
    weeks: Weeks, who: NDArray[np.bool_], before: NDArray[np.bool_], during: NDArray[np.bool_], others: Array
) -> dict[str, float]:
    import statsmodels.api as sm

    then, now = weeks.orders[:, before].mean(axis=1), weeks.orders[:, during].mean(axis=1)
    early = _earlier(before)
    spent, spends = weeks.amount[:, before].mean(axis=1), weeks.amount[:, during].mean(axis=1)
    seen = then > 0  # who did not shop before cannot be compared
    strata = np.zeros(len(who), np.int64)
    if early.sum() >= BEFORE // 2:
        strata = _strata(weeks.orders[:, early].mean(axis=1), weeks.amount[:, early].mean(axis=1), seen)
    known = [others] if others[seen].std() > 1e-9 else []
    design = _apart(np.column_stack([who.astype(float), *known])[seen], strata[seen])
    found: dict[str, float] = {"level": float(then[seen & who].mean())}
    for name, old, new in (("lift", then, now), ("spend_lift", spent, spends)):
        change = _apart((new - old)[seen, None], strata[seen])[:, 0]
        done = sm.OLS(change, design).fit(cov_type="HC1")
        calm = max(float(new[seen & who].mean() - done.params[0]), 1e-9)  # without the campaign
        found |= {name: float(done.params[0]) / calm, f"{name}_se": float(done.bse[0]) / calm}
    return found | {"naive": float(now[who].mean() / max(now[~who].mean(), 1e-9) - 1.0)}


def _apart(values: Array, strata: NDArray[np.int64]) -> Array:
    """Return columns less their means by stratum."""
    codes = np.unique(strata, return_inverse=True)[1]
    size = np.bincount(codes)
    means = np.column_stack([np.bincount(codes, weights=column) / size for column in values.T])
    return np.asarray(values - means[codes])


def _earlier(before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the weeks that precede those compared with: customers are matched on them.

    Matched on the very weeks compared with, the targeted would have been unlucky in them, and their return to
    their own mean would pass for a lift.
    """
    found, first = np.zeros(len(before), bool), int(np.argmax(before))
    found[max(first - BEFORE, 0) : first] = True
    return found


def _strata(orders: Array, amount: Array, seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return in which fifth of orders, and of spend within it, each customer lies [N]."""
    found = np.full(len(orders), -1, np.int64)
    outer = np.searchsorted(np.quantile(orders[seen], np.arange(1, STRATA) / STRATA), orders)
    for k in range(STRATA):
        inside = seen & (outer == k)
        if inside.any():
            edges = np.quantile(amount[inside], np.arange(1, STRATA) / STRATA)
            found[inside] = k * STRATA + np.searchsorted(edges, amount[inside])
    return found
