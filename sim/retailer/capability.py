"""Capabilities: investments ripen with delay into levels 0-1 that move named behavioural parameters.

Money enters an Erlang-2 delay (an S-curve in time) and arrives in a stock that wears off; the level is
``1 - exp(-stock / cost)``. Skill speeds ripening. Every effect acts on behaviour or operations, never on
an indicator.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values, family
from sim.setup import CAPABILITIES

PARAMETERS = (
    Parameter("ripening_days", "mean delay from money to capability", 150, 60, 365, "A", "-", "log"),
    Parameter("wear", "share of a capability lost a year", 0.15, 0.05, 0.4, "A", "-", "logit"),
    *family(
        "capability_cost",
        "currency that buys 63 % of the attainable level",
        dict.fromkeys(CAPABILITIES, (1.0e6, 1.0e5, 1.0e7)),
        "A",
        "scaled to the retailer's sales by whoever sets up the market",
        "log",
    ),
    *family(
        "effect",
        "share by which a full capability moves its target",
        {
            "site_bounce": (0.20, 0.05, 0.40),
            "site_friction": (0.25, 0.05, 0.45),
            "site_worth": (0.20, 0.02, 0.40),
            "data_click_price": (0.15, 0.02, 0.30),
            "data_intent": (0.15, 0.02, 0.30),
            "data_private": (0.30, 0.05, 0.60),
            "automation_hours": (0.50, 0.20, 0.70),
            "service_quality": (0.40, 0.10, 0.70),
            "skill_content": (0.30, 0.05, 0.60),
            "skill_speed": (0.30, 0.10, 0.60),
            "data_identity": (0.50, 0.10, 0.80),
        },
        "A",
        "below the plans' own cases (bounce -20 %, search +30 %, order time -60 %), which are claims",
        "log",
    ),
)
YEAR = 365.0


class Capabilities:
    """Levels of the five capabilities, day by day; ``level`` [5] in 0-1, all zero at the start."""

    def __init__(self, values: Values) -> None:
        self.cost = np.array([values[f"capability_cost.{name}"] for name in CAPABILITIES])
        self.days, self.wear = values["ripening_days"], values["wear"]
        self.speed = values["effect.skill_speed"]
        self.begun = False
        self.started = [0.0] * len(CAPABILITIES)
        self.growing = [0.0] * len(CAPABILITIES)
        self.stock = [0.0] * len(CAPABILITIES)
        self.level = np.zeros(len(CAPABILITIES))
        self.strengths = [(name, values[f"effect.{name}"], owner) for name, owner in EFFECTS.items()]
        self.effects = dict.fromkeys(EFFECTS, 0.0)

    def ripen(self, invested: NDArray[np.float64], lateness: float) -> None:
        """Take in today's money [5]; ``lateness`` > 1 slows ripening while projects are late."""
        if not (self.begun or invested.any()):
            return
        self.begun = True
        stage = self.days / 2.0 * lateness / (1.0 + self.speed * float(self.level[SKILL]))
        flow = 1.0 / max(stage, 1.0)
        kept = 1.0 - self.wear / YEAR
        for k, money in enumerate(invested.tolist()):  # few numbers: lists are faster
            arriving, moving = self.growing[k] * flow, self.started[k] * flow
            self.stock[k] = self.stock[k] * kept + arriving
            self.growing[k] += moving - arriving
            self.started[k] += money - moving
        self.level = 1.0 - np.exp(-np.array(self.stock) / self.cost)
        level = self.level.tolist()
        self.effects = {name: strength * level[owner] for name, strength, owner in self.strengths}

    def effect(self, name: str) -> float:
        """Return the share by which effect ``name`` moves its target today."""
        return self.effects[name]


SITE, DATA, AUTOMATION, SERVICE, SKILL = range(5)
EFFECTS = {
    "site_bounce": SITE,
    "site_friction": SITE,
    "site_worth": SITE,
    "data_click_price": DATA,
    "data_intent": DATA,
    "data_private": DATA,
    "automation_hours": AUTOMATION,
    "service_quality": SERVICE,
    "skill_content": SKILL,
    "skill_speed": SKILL,
    "data_identity": DATA,
}
