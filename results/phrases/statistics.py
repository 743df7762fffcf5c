"""Statistics of a history that a fit is held against, recognised by their names."""

from __future__ import annotations

from results.phrases.pair import pair

STATISTICS = {
    "statistic.sales_share": pair("share of {place}", "{place}销售占比"),
    "statistic.visit_share": pair("share of visits from {source}", "{source}访问占比"),
    "statistic.of": pair("{kpi} of {place}", "{place}{kpi}"),
    "statistic.steady_conversion": pair("steady conversion", "转化率平稳"),
    "statistic.steady_private": pair("steady private domain", "私域占比平稳"),
    "statistic.share_from": pair("{place} share {day}", "{day}起{place}占比"),
    "statistic.frequency": pair("customers with {n} repeat orders", "复购{n}次的客户占比"),
    "statistic.response": pair("response to {source}", "对{source}的反应"),
    "statistic.repeat": pair("repeat orders from {day}", "{day}起的复购订单数"),
}
