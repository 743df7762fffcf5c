"""Charts that state their finding: functions from tables to a `Chart`, saved as SVG, PNG and CSV."""

from results.charts.honesty import errors, fit, forecast, identified, learnt
from results.charts.levers import levers
from results.charts.months import fan, mix
from results.charts.scenarios import differences, funnel, odds
from results.charts.search import budget, trials
from results.charts.style import Chart

__all__ = [
    "Chart",
    "budget",
    "differences",
    "errors",
    "fan",
    "fit",
    "forecast",
    "funnel",
    "identified",
    "learnt",
    "levers",
    "mix",
    "odds",
    "trials",
]
