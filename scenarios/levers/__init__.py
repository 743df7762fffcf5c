"""Levers: every line of a plan that can be moved, moved one at a time, and what that does to each indicator.

A lever is one changed line. Lines that say how business is done are moved from today (`status_quo`), what
the plan newly does is left out of the plan (`plan`); both lives meet the same customers with the same luck,
so what differs is the lever's doing. Where the literature says what it should do, it is held against that.
"""

from scenarios.levers.experiment import run_levers
from scenarios.levers.found import levers_of
from scenarios.levers.lever import Lever

__all__ = ["Lever", "levers_of", "run_levers"]
