"""Sentences that a plan's check and its calibration hand over ready made, recognised by their English."""

from __future__ import annotations

from results.phrases.pair import pair

CHECKS = {
    "check.line": pair("{where}: {why}", "{where}：{why}"),
    # What is not modelled.
    "check.computes": pair("the market does not compute this indicator", "市场模型不计算该指标"),
    "check.referral": pair(
        "rewards move nobody without `market.word_of_mouth: network`",
        "未设 `market.word_of_mouth: network` 时，推荐奖励不起作用",
    ),
    "check.no_effect": pair(
        "it invests in no capability and changes no behaviour", "未投入任何能力，也不改变任何行为"
    ),
    "check.no_impact": pair("it strikes nothing and costs nothing", "未设影响对象，也无损失"),
    "check.strays": pair(
        "spending follows the plan to the day; set budget.finance.strays for it to stray",
        "支出逐日按计划执行；如需偏差，请设置 budget.finance.strays",
    ),
    "check.gates": pair(
        "phases wait for gates only with policies.governance.stage_gates",
        "仅在设置 policies.governance.stage_gates 后，各阶段才等待评审",
    ),
    # What deserves a second look.
    "check.today": pair(
        "budget.today: not given, so status_quo spends nothing; give today's yearly spending",
        "budget.today：未填写，因此维持现状时没有支出；请填写目前的年支出",
    ),
    "check.media": pair(
        "budget.media: not given; marketing goes half to paid_search, half to feed_ads",
        "budget.media：未填写；营销费用按付费搜索（paid_search）与信息流广告（feed_ads）各半分配",
    ),
    "check.baseline": pair(
        "targets.{kpi}: its change has no starting figure and is held against status_quo",
        "targets.{kpi}：变化目标没有起点数值，以维持现状为基准",
    ),
    "check.assumed": pair(
        "starting_point.{kpi}: {value} is assumed, not stated",
        "starting_point.{kpi}：{value}为假设值，并非给定",
    ),
    "check.claim": pair(
        "initiatives.{name}: its effects rest on one firm's claim",
        "initiatives.{name}：效果仅依据一家企业的说法",
    ),
    "check.undeclared": pair(
        "initiatives.{name}: enables {feature}, of which the policies say nothing",
        "initiatives.{name}：启用{feature}，但政策中没有相应内容",
    ),
    "check.desk": pair(
        "{where}: {asked} asks for more than the {most} that the service desk can answer in time",
        "{where}：{asked}超过客服能及时响应的上限{most}",
    ),
    "check.desk_night": pair(
        "{where}: {asked} asks for more than the {most} that the service desk can answer in time; by night "
        "nobody answers without service.around_the_clock",
        "{where}：{asked}超过客服能及时响应的上限{most}；未设 service.around_the_clock 时夜间无人应答",
    ),
    "check.group": pair(
        "initiatives.{name}: a stronger one of group {group} acts instead",
        "initiatives.{name}：由同组{group}中更强的举措代替",
    ),
    "check.no_start": pair(
        "initiatives: none has a start, so all start in the first month",
        "initiatives：均未设开始时间，因此全部从第一个月开始",
    ),
    "check.reserve": pair(
        "budget.lines: lines of the reserve ask for {asked}, it holds {held}",
        "budget.lines：由预备金支付的科目合计{asked}，而预备金只有{held}",
    ),
    "check.no_gate": pair(
        "policies.governance.stage_gates: no phase has a gate, so none waits",
        "policies.governance.stage_gates：没有阶段设评审，因此都不等待",
    ),
    "check.no_reserve": pair(
        "budget.control.reserve_release: there is no reserve to release",
        "budget.control.reserve_release：没有可释放的预备金",
    ),
    # What a calibration notes.
    "check.history_used": pair(
        "{name}: the plan says {said}, the history {seen}; the history is used",
        "{name}：计划为{said}，历史为{seen}；以历史为准",
    ),
    "check.several_runs": pair(
        "{kpi}: it follows from several runs and is not fitted", "{kpi}：由多次运行得出，不参与校准"
    ),
    "check.not_above_zero": pair(
        "{kpi}: {value} is not fitted; only figures above 0 are",
        "{kpi}：{value}不参与校准，只校准大于0的数值",
    ),
    "check.all_channels": pair(
        "{kpi} of {name}: the market computes it for all channels together",
        "{name}的{kpi}：市场模型只按全部渠道合并计算",
    ),
    "check.channel": pair("channel {name}: not in the plan", "渠道{name}：计划中没有"),
    "check.together": pair("channel {name}: all online channels together", "渠道{name}：指全部线上渠道合计"),
    "check.medium": pair("medium {name}: not in the plan", "媒体{name}：计划中没有"),
    "check.no_visits": pair(
        "a log holds no visits: conversion and sources keep their assumptions",
        "交易明细不含访问数据：转化率与流量来源沿用假设",
    ),
    "check.first_orders": pair(
        "first orders enter through {name}; later ones choose their channel",
        "首单计入{name}，后续订单自行选择渠道",
    ),
    "check.geo_taught": pair(
        "table geo: sales {effect} in the test teaches {name}",
        "表geo：试验期销售变化{effect}，用于校准{name}",
    ),
    "check.panel_taught": pair(
        "table panel: own-price elasticity {effect} teaches price_weight",
        "表panel：自身价格弹性{effect}，用于校准price_weight",
    ),
    "check.table_evaluated": pair(
        "table {name} is not used in the fit; `omolab backtest` evaluates it",
        "表{name}未用于校准；`omolab backtest`会评估它",
    ),
    "check.table_unused": pair("table {name} is not used in the fit: {why}", "表{name}未用于校准：{why}"),
    "check.table_read": pair("table {name} is read but not fitted", "表{name}已读取，但未参与校准"),
    "check.why_medium": pair("{name} is no broadcast medium here", "{name}在此不是广播型媒体"),
    "check.why_unnamed": pair("tables.geo.medium does not name a medium", "tables.geo.medium未指明媒体"),
    "check.why_steps": pair("it is lived in steps of {n} days", "市场以{n}天为步长模拟"),
    "check.why_products": pair("fewer than two products have enough rows", "数据行数足够的商品少于两个"),
    "check.why_told": pair("the history itself tells price_weight", "历史数据已识别price_weight"),
    "check.why_dearer": pair("its products sell more when dearer", "表中商品涨价反而多卖"),
    # What a history's reading notes.
    "check.no_history_use": pair("read, but nothing is fitted to it yet", "已读取，尚未用于校准"),
    "check.no_driver": pair("nothing in the market takes this driver", "市场模型不使用该外部因素"),
}
