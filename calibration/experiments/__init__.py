"""What experiments, and histories that can be read like one, say of the market's mechanisms.

Forecasting a series well proves little about causes. Here the market is calibrated to one part of a causal
reading - half of an experiment's customers, the earlier campaigns, the regression of a scanner panel - and
asked for the other part, beside a naive and a statistical answer. Each evaluation says what was recovered
and, by name, what was not.
"""

from calibration.experiments.evaluation import Evaluation, evaluate, evaluations

__all__ = ["Evaluation", "evaluate", "evaluations"]
