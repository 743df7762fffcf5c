"""Charts that state their finding: functions from tables to a `Chart`, saved as SVG, PNG and CSV."""

from results.charts.curves import curves
from results.charts.honesty import errors, fit, forecast, identified, learnt
from results.charts.levers import levers
from results.charts.money import spending, waterfall
from results.charts.months import fan, mix, some
from results.charts.operations import by_channel, channel_funnel
from results.charts.outlook import outlook
from results.charts.people import groups, migration, moves_by_year
from results.charts.response import responses
from results.charts.risks import losses
from results.charts.scenarios import differences, funnel, odds
from results.charts.scorecard import scorecard
from results.charts.search import budget, trials
from results.charts.style import Chart

__all__ = [
    "Chart",
    "budget",
    "by_channel",
    "channel_funnel",
    "curves",
    "differences",
    "errors",
    "fan",
    "fit",
    "forecast",
    "funnel",
    "groups",
    "identified",
    "learnt",
    "levers",
    "losses",
    "migration",
    "mix",
    "moves_by_year",
    "odds",
    "outlook",
    "responses",
    "scorecard",
    "some",
    "spending",
    "trials",
    "waterfall",
]
