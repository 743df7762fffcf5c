"""Names of scenarios, groups and sources, and how amounts are joined."""

from __future__ import annotations

from results.phrases.pair import pair

WORDS = {
    "points": pair("points", "个百分点"),
    "scenario.status_quo": pair("Status quo", "维持现状"),
    "scenario.plan": pair("Plan", "计划"),
    "the.status_quo": pair("the status quo", "维持现状"),
    "the.plan": pair("the plan", "计划"),
    "scenario.advice": pair("Advice", "建议方案"),
    "the.advice": pair("the advice", "建议方案"),
    "objective.nearness_all": pair("Smoothed odds of all targets", "全部目标的平滑达成概率"),
    "objective.nearness_growth": pair("Smoothed odds of growth targets", "增长目标的平滑达成概率"),
    "objective.nearness_efficiency": pair("Smoothed odds of efficiency targets", "效率目标的平滑达成概率"),
    "band": pair("{low} to {high}", "{low}至{high}"),
    "group.all": pair("All targets", "全部目标"),
    "group.growth": pair("Growth targets", "增长目标"),
    "group.efficiency": pair("Efficiency targets", "效率目标"),
    "objective.budget": pair("Money planned", "计划投入"),
    "objective.cvar": pair("{kpi}, worst futures", "{kpi}（最差情形）"),
    "objective.channel": pair("{kpi}: {channel}", "{kpi}：{channel}"),
    "objective.stores": pair("worst store", "最差门店"),
    "sampler.tpe": pair("tree-structured Parzen estimators (TPE)", "树结构Parzen估计（TPE）"),
    "sampler.gp": pair("Gaussian processes", "高斯过程"),
    "sampler.nsga2": pair("an evolving population (NSGA-II)", "进化种群（NSGA-II）"),
    "sampler.random": pair("chance", "随机抽样"),
    "evidence.literature": pair("literature", "文献"),
    "evidence.experimental": pair("field experiments", "实地实验"),
    "evidence.claims": pair("claims taken whole", "全部采信宣称"),
    "objective.odds_all": pair("Odds of all targets", "全部目标的达成概率"),
    "objective.odds_growth": pair("Odds of growth targets", "增长目标的达成概率"),
    "objective.odds_efficiency": pair("Odds of efficiency targets", "效率目标的达成概率"),
}
SOURCES = {
    "source.walk_in": pair("Walk-in", "到店"),
    "source.direct": pair("Direct", "直接访问"),
    "source.organic_search": pair("Search", "自然搜索"),
    "source.content": pair("Content", "内容"),
    "source.referral": pair("Referral", "推荐"),
    "source.private_domain": pair("Private dom.", "私域"),
    "source.paid_search": pair("Paid search", "付费搜索"),
    "source.feed_ads": pair("Feed ads", "信息流"),
    "source.live": pair("Live", "直播"),
    "source.qr_code": pair("QR code", "扫码"),
    "source.other": pair("Others", "其他"),
    "whole.sales": pair("net sales", "净销售额"),
    "whole.visits": pair("visits", "访问量"),
}
