"""What if: a plan's main levers moved by hand, and at once what that changes.

A dial is a line of the plan that a planner would turn. A quick look lives the plan and the plan with its
dials moved through the same few futures, more with each round: a first answer is there at once and grows
surer while one looks at it.
"""

from scenarios.what_if.dials import Dial, dials_of, moved, with_scenario
from scenarios.what_if.quick import Look, Quick

__all__ = ["Dial", "Look", "Quick", "dials_of", "moved", "with_scenario"]
