"""Scorecards, and the answers learnt by the fit."""

from __future__ import annotations

from results.phrases.pair import pair

SCORECARD = {
    "section.scorecard": pair("Scorecard", "计分卡"),
    "scorecard.caption": pair(
        "What {scenario} attains: 0 is the first year of the status quo, 100 the target",
        "{scenario}的达成度：0为维持现状的首年，100为目标",
    ),
    "scorecard.dimension": pair("Dimension", "维度"),
    "scorecard.weight": pair("Weight", "权重"),
    "scorecard.score": pair("Score", "得分"),
    "scorecard.of": pair("{dimension}: {indicators}", "{dimension}：{indicators}"),
    "dimension.finance": pair("Finance", "财务"),
    "dimension.customers": pair("Customers", "客户"),
    "dimension.users": pair("Users", "用户"),
    "dimension.process": pair("Process", "内部流程"),
    "dimension.learning": pair("Learning", "学习与成长"),
    "dimension.operations": pair("Operations", "运营"),
    "dimension.marketing": pair("Marketing", "营销"),
    "dimension.team": pair("Team", "团队"),
    "dimension.core": pair("Core", "核心指标"),
    "dimension.supporting": pair("Supporting", "辅助指标"),
    "chart.scorecard.title": pair(
        "{scenario} goes furthest on {best}, {best_score} of 100 ({best_band}), and least far on {worst}, "
        "{worst_score} ({worst_band})",
        "{scenario}：{best}达成度最高{best_score}（{best_band}），{worst}最低{worst_score}（{worst_band}）",
    ),
    "chart.scorecard.plain": pair("The scorecard's dimensions, 0 to 100", "计分卡各维度（0至100）"),
    "chart.scorecard.note": pair(
        "Share of the way to the goals, last year; lines: 8 of 10 futures; in brackets the weight.",
        "最后一年的目标达成度；横线为80%区间，括号内为权重。",
    ),
    "chart.scorecard.apart": pair(
        "Share of the way to the goals, last year; lines: 8 of 10 futures.",
        "最后一年的目标达成度；横线为80%区间。",
    ),
    "chart.scorecard.alt": pair(
        "Dots with intervals by dimension. {title}.", "各维度达成度及区间。{title}。"
    ),
    "chart.response.title": pair(
        "After the fit {n} of {all} answers to price, discounts and delivery lie within the "
        "literature's range",
        "校准后，{all}项对价格、折扣与配送的反应中有{n}项在文献范围内",
    ),
    "chart.response.low": pair("low end", "下限"),
    "chart.response.high": pair("high end", "上限"),
    "chart.response.note": pair(
        "Grey: the literature's range with its centre; circle: before the fit, full: after; "
        "crosses: outside. "
        "Right: elasticities, or relative changes of sales.",
        "灰色为文献的范围与中心，空心为校准前，实心为校准后，叉为超出范围；右侧为弹性或销售额的相对变化。",
    ),
    "chart.response.alt": pair(
        "Dots on the literature's ranges. {title}.", "校准前后反应与文献范围。{title}。"
    ),
}
