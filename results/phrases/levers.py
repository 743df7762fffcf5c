"""What each lever moves, beside the literature."""

from __future__ import annotations

from results.phrases.pair import pair

LEVERS = {
    "verb.levers": pair("Levers", "杠杆"),
    "section.levers": pair("What each lever moves", "各杠杆的作用"),
    "levers.about": pair(
        "Each line is one change made by itself: policies and money moved from the status quo, initiatives, "
        "risks and rivals left out of (or put into) the plan. Same customers, same luck, the last year.",
        "每行只改动一处：政策与资金相对于维持现状，"
        "举措、风险与竞争者则在计划中取消（或加入）。客户与随机因素完全相同，取最后一年。",
    ),
    "levers.rest": pair(
        "{n} more levers move less, or nothing for sure; levers.parquet has them all.",
        "另有{n}个杠杆作用较小或不确定，全部见 levers.parquet。",
    ),
    "levers.evidence": pair(
        "Held against the literature: central value and range, the market's answer with its 95 % interval",
        "与文献对照：文献的中心值与范围，市场模型的结果及95%区间",
    ),
    "levers.finding": pair("Finding", "研究结论"),
    "levers.literature": pair("Literature", "文献"),
    "levers.market": pair("Market", "市场模型"),
    "levers.verdict": pair("Verdict", "判断"),
    "levers.agrees": pair("agrees", "一致"),
    "levers.too_weak": pair("too weak", "偏弱"),
    "levers.too_strong": pair("too strong", "偏强"),
    "levers.wrong_sign": pair("wrong sign", "方向相反"),
    "levers.barely": pair("by its interval only", "仅区间与之相交"),
    "levers.not_measured": pair("not measured", "未衡量"),
    "chart.levers.title": pair(
        "{lever} moves most: {kpi} by {change}", "{lever}的作用最大：{kpi}变化{change}"
    ),
    "chart.levers.none": pair("No lever moves an indicator for sure", "没有杠杆对指标有确定的影响"),
    "chart.levers.note": pair(
        "Per cent of what the lever is moved from, last year; darker moves more; empty: not sure.",
        "最后一年相对改动前的变化百分比；颜色越深作用越大，空白为不确定。",
    ),
    "chart.levers.alt": pair(
        "Levers by indicators: each cell says by how many per cent the lever moves the indicator.",
        "杠杆与指标对照：每格为该杠杆使指标变化的百分比。",
    ),
}
