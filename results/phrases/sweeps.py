"""Sentences of a sweep's report, in English and Chinese."""

from __future__ import annotations

from results.phrases.pair import pair

SWEEPS = {
    "section.sweep": pair("What the sweep found", "扫描结果"),
    "sweep.about": pair(
        "{points} points, {runs} runs, of which {distinct} differ and {taken_over} were there already. "
        "At every point each scenario meets the same customers with the same luck.",
        "共{points}个设计点、{runs}次运行，其中{distinct}次互不相同，{taken_over}次沿用已有结果。"
        "在每个设计点上，各方案面对同样的客户与随机因素。",
    ),
    "sweep.best": pair("Points with the best odds, of 100 futures", "达成概率最高的设计点（每100次推演）"),
    "sweep.point": pair("Point", "设计点"),
    "sobol.first": pair("by itself", "自身"),
    "sobol.total": pair("with all others", "含交互"),
    "chart.sweep.title": pair(
        "{line} alone explains {share} of the differences in {kpi}", "{line}单独解释{kpi}差异的{share}"
    ),
    "chart.sweep.note": pair(
        "Per cent of the differences between points that a line explains by itself, last year.",
        "最后一年，各变量单独解释的设计点差异百分比。",
    ),
    "chart.sweep.alt": pair(
        "Lines of the design by indicators: each cell says which share of the differences it explains.",
        "设计变量与指标：每格为该变量解释的差异占比。",
    ),
    "chart.sobol.title": pair(
        "{line} has a hand in {total} of the variance of {kpi}", "{line}参与{kpi}方差的{total}"
    ),
    "chart.sobol.note": pair(
        "Sobol indices: share of variance over the design; line: 95 % interval.",
        "Sobol指数：设计范围内的方差占比；横线为95%区间。",
    ),
    "chart.sobol.alt": pair(
        "Dots with intervals: each line's first-order and total Sobol index.",
        "点与区间：各变量的一阶与总Sobol指数。",
    ),
}
