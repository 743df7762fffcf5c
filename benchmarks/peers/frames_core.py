"""The choice core in mesa-frames, agents as a Polars frame.

``documented``: as its guide shows - select the active agents, compute with expressions on their columns,
``set`` the columns of the active. ``positions``: the same, but written back by position into the frame's
columns, which is quicker. The measuring side takes the faster.
"""

from __future__ import annotations

import mesa_frames
import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF
from serve import options, serve


class Shoppers(AgentSetPolars):
    """Customers: a column of habit a channel."""

    def __init__(self, customers: int, model: ShopModel) -> None:
        super().__init__(model)
        self.columns = [f"habit_{c}" for c in range(len(model.core["worth"]))]
        numbers = {"unique_id": pl.arange(customers, eager=True, dtype=pl.Int64)}
        habit = pl.repeat(model.core["habit"], customers, dtype=pl.Float32, eager=True)
        self += pl.DataFrame(numbers | dict.fromkeys(self.columns, habit))

    def step(self) -> None:
        """Live a day."""
        core, random = self.model.core, self.model.random
        draws = pl.Series(random.random(len(self), dtype=np.float32))
        self.select(draws < core["share"])
        active = self.active_agents
        race = []
        for c, column in enumerate(self.columns):
            base = core["worth"][c] - core["price_weight"] * core["price_term"][c]
            luck = pl.Series(random.standard_exponential(len(active), np.float32))
            race.append(
                (pl.lit(luck) * (-(base + core["habit_weight"] * pl.col(column))).exp()).alias(column)
            )
        chosen = pl.Series(active.select(race).to_numpy().argmin(axis=1))
        moved = [
            pl.col(column) + core["habit_gain"] * (pl.lit(chosen == c).cast(pl.Float32) - pl.col(column))
            for c, column in enumerate(self.columns)
        ]
        self.model.orders += np.bincount(chosen, minlength=len(self.columns))
        if self.model.style == "documented":
            self.set(dict(zip(self.columns, moved, strict=True)), mask="active")
        else:
            habits = active.select(moved)
            places = (draws < core["share"]).arg_true()
            written = [self.agents[name].clone().scatter(places, habits[name]) for name in self.columns]
            self.agents = self.agents.with_columns(written)


class ShopModel(ModelDF):
    """The model: one set of agents."""

    def __init__(self, customers: int, core: dict, style: str, seed: int) -> None:
        super().__init__(seed)
        self.core, self.style = core, style
        self.orders = np.zeros(len(core["worth"]), np.int64)
        self.agents += Shoppers(customers, self)


def main() -> None:
    """Serve blocks."""
    asked = options()
    model = ShopModel(asked["customers"], asked["model"], asked["style"], asked["seed"])
    versions = {"mesa-frames": mesa_frames.__version__, "polars": pl.__version__}
    serve(
        model.step,
        asked["customers"],
        asked["steps"],
        lambda: {"orders": model.orders.tolist(), "versions": versions},
    )


if __name__ == "__main__":
    main()
