"""A case to calibrate: the market a history (or a plan's starting point) describes, and what must fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.anchors import Anchor
from calibration.moments import Prior
from calibration.statistics import Statistic
from sim.parameters import PARAMETERS, Parameter, collected
from sim.setup import Setup

Array = NDArray[np.float64]
LONGEST = 900  # steps of a calibration run; a longer history is lived in longer steps
RATES = ("need_rate", "online_drift", "renewal")
TIMES = ("borrow_days", "talk_days", "ripening_days", "rival_days")


@dataclass(frozen=True)
class Case:
    """What is simulated and compared.

    Attributes
    ----------
    name
        The history's or plan's name.
    setup
        The market without its free parameters; one step is ``pace`` days.
    prior
        The free parameters.
    statistics
        What history and market must agree on; days are the market's steps.
    pace
        Days per step: 1, or more where the history is long.
    fraction
        Simulated agents per real customer of a customer log (1: all of them); 0 where only shapes are
        compared and the level follows from the history.
    notes
        What was assumed or left out, for the reader.
    anchors
        Which statistic a parameter follows almost alone, for the first guess.
    """

    name: str
    setup: Setup
    prior: Prior
    statistics: tuple[Statistic, ...]
    pace: int = 1
    fraction: float = 0.0
    notes: tuple[str, ...] = field(default=())
    anchors: tuple[Anchor, ...] = field(default=())

    @property
    def observed(self) -> Array:
        """Observed statistics [d] on their comparison scales."""
        return np.array([s.scaled(s.observed) for s in self.statistics])

    @property
    def errors(self) -> Array:
        """Standard errors [d]."""
        return np.array([s.error for s in self.statistics])

    def setup_values(self) -> dict[str, float]:
        """Return the values the case fixes, such as baskets read off the history."""
        return dict(self.setup.parameters)

    def with_values(self, values: Mapping[str, float]) -> Setup:
        """Return the setup under parameter values in natural units a day, made good for longer steps."""
        together = {**self.setup.parameters, **values}
        if self.pace > 1:
            if not PARAMETERS:
                PARAMETERS.update(collected())
            for name in RATES:
                together[name] = together.get(name, PARAMETERS[name].default) * self.pace
            for name in TIMES:
                together[name] = max(together.get(name, PARAMETERS[name].default) / self.pace, 1.0)
        return replace(self.setup, parameters=together)


def pace_of(days: int) -> int:
    """Return how many days a step must have so that a run stays within :data:`LONGEST` steps."""
    return max(1, -(-days // LONGEST))


def parameter(name: str, **changes: Any) -> Parameter:
    """Return the declared parameter ``name`` with some of its prior changed.

    A member of a family that has no default of its own (``appeal.<channel>``, ``lift.<medium>``) is asked
    for as ``"appeal.tmall=appeal.marketplace"``: the name it shall have, then the declared one.
    """
    if not PARAMETERS:
        PARAMETERS.update(collected())
    own, _, declared = name.partition("=")
    return replace(PARAMETERS[declared or own], name=own, **changes)
