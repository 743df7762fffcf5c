"""The reference retailer: a synthetic history, made by the market itself, with its truth stored beside it.

It is no company. Its parameters are those of the bundled plan ``ecommerce_dept`` calibrated to the plan's
starting point, one draw of them; two years are lived under the plan's status quo and written down as a
company would: sales and visits by month, media spend, and the orders of a sample of customers. What
calibration makes of it can be held against the truth. ``python -m calibration.reference`` writes it anew.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case
from calibration.fit import fit
from calibration.starting_point import plan_case
from scenarios.drivers import setup_for
from scenarios.executor import Pool
from scenarios.plan import load_plan, scenario_plan
from scenarios.plan.model import STATUS_QUO, Plan
from sim.customers.exchange import BASKET
from sim.customers.funnel import basket_value
from sim.customers.identity import order_number
from sim.engine.randomness import normal, word
from sim.market import Market
from sim.setup import SOURCES, Setup

if TYPE_CHECKING:
    import pandas as pd

    from sim.customers.exchange import Offer

PLAN = "ecommerce_dept"
FOLDER = Path(__file__).with_name("reference_retailer")
START, DAYS = datetime.date(2025, 1, 1), 730
AGENTS, SAMPLED, SEED = 6_000, 6_000, 2025


class Observed(Market):
    """The market with a shop assistant who writes down the orders of a sample of customers."""

    def __init__(self, setup: Setup, seed: int, sampled: int) -> None:
        super().__init__(setup=setup, seed=seed)
        self.sampled = sampled
        self.orders: list[tuple[int, int, int, float]] = []

    def learn(self, quality: NDArray[np.float64], offer: Offer) -> None:
        """Note today's orders (day, customer, channel, amount paid), then let buyers learn."""
        if self.day >= 0:
            keys = self.keys[self.day + self.setup.burn_in]
            for customer, channel, group in self.trade.orders():
                if customer < self.sampled:
                    paid = self._paid(int(keys[BASKET]), customer, (group, channel), offer)
                    self.orders.append((self.day, customer, channel, paid))
        super().learn(quality, offer)

    def _paid(self, key: int, customer: int, bought: tuple[int, int], offer: Offer) -> float:
        state = self.customers.state
        number = order_number(int(state.orders[customer]), int(state.flags[customer]))
        bits = word(word(key, customer), number)
        habitual = float(self.customers.traits.basket[customer])
        z = normal(word(bits, 0), word(bits, 1))
        listed = basket_value(float(offer.basket[bought]), habitual, z, self.rules.basket_within)
        return (listed - int(listed * float(offer.discount[bought]) + 0.5)) / 100.0


def truth(plan: Plan, seed: int = SEED) -> dict[str, float]:
    """Return the retailer's parameters: the middle draw of the plan fitted to its own starting point."""
    case: Case = plan_case(plan)
    with Pool(2) as pool:
        fitted = fit(case, pool, seed)
    centre = np.median(fitted.members, axis=0)
    return dict(case.setup.parameters) | case.prior.values(centre)


def live(plan: Plan, parameters: dict[str, float]) -> Observed:
    """Live two years of the plan's status quo before it starts, without risks."""
    quiet = scenario_plan(plan, STATUS_QUO)
    past = quiet.model_copy(update={"start": START, "months": 24, "risks": {}})
    setup = replace(setup_for(past, parameters, SEED, AGENTS), shocks=(), effects=())
    market = Observed(setup, SEED, SAMPLED)
    market.run()
    return market


def tables(market: Observed) -> dict[str, pd.DataFrame]:
    """Return the history as a company keeps it: ``sales``, ``traffic``, ``media`` by month, ``orders``."""
    import pandas as pd

    setup, ledger = market.setup, market.ledger
    daily = ledger.daily()
    daily["month"] = daily["date"].dt.strftime("%Y-%m")
    shops = daily[daily["channel"] != "all"]
    sales = shops.assign(revenue=shops["gross_sales"] - shops["discounts"])
    sales = sales.groupby(["month", "channel"], as_index=False)[["revenue", "orders"]].sum().round(2)
    months = daily.loc[daily["channel"] == "all", ["date", "month"]]["month"].to_numpy()
    visits = ledger.visits[ledger.offset :] * setup.weight
    rows = [
        (month, channel.name, source, float(visits[months == month, s, c].sum()))
        for month in np.unique(months)
        for c, channel in enumerate(setup.channels)
        for s, source in enumerate(SOURCES)
    ]
    traffic = pd.DataFrame(rows, columns=["month", "channel", "source", "visits"]).query("visits > 0")
    spend = pd.DataFrame(ledger.spend[ledger.offset :], columns=[m.name for m in setup.media])
    media = spend.groupby(months).sum().round(2).rename_axis("month").reset_index()
    return {"sales": sales, "traffic": traffic, "media": media, "orders": _log(market)}


def _log(market: Observed) -> pd.DataFrame:
    import pandas as pd

    log = pd.DataFrame(market.orders, columns=["day", "customer", "channel", "amount"])
    dates = np.datetime64(market.setup.start, "D") + log.pop("day").to_numpy()
    log.insert(0, "date", dates.astype(str))
    log["customer"] = [f"R{number:05d}" for number in log["customer"]]
    names = [channel.name for channel in market.setup.channels]
    log["channel"] = [names[c] for c in log["channel"]]
    return log


def write(folder: Path = FOLDER) -> None:
    """Write tables, mapping and truth into ``folder``."""
    plan = load_plan(PLAN)
    parameters = truth(plan)
    market = live(plan, parameters)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(market).items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    about = {
        "synthetic": True,
        "plan": PLAN,
        "made_by": "python -m calibration.reference",
        "seed": SEED,
        "agents": AGENTS,
        "parameters": {name: float(f"{value:.6g}") for name, value in sorted(parameters.items())},
    }
    (folder / "truth.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
