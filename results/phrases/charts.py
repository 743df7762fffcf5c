"""Titles, keys and alternative texts of charts."""

from __future__ import annotations

from results.phrases.pair import pair

CHARTS = {
    "chart.of_100": pair("{n} of 100", "{n} / 100"),
    "chart.odds.note": pair(
        "Futures in 100 that reach each target; line: 95 % interval.",
        "每100次推演中达成各目标的次数；横线为95%区间。",
    ),
    "chart.odds.both": pair(
        "Futures in 100 that reach each target; line: 95 % interval; triangle: {base}.",
        "每100次推演中达成各目标的次数；横线为95%区间，三角为{base}。",
    ),
    "chart.odds.none": pair("{scenario}: no target could be measured", "{scenario}：没有可衡量的目标"),
    "chart.odds.one": pair(
        "{scenario} reaches {first} {first_target} in {first_odds} of 100 futures",
        "在100次推演中，{scenario}有{first_odds}次达成{first}（{first_target}）",
    ),
    "chart.odds.title": pair(
        "{scenario} reaches {first} ({first_target}) in {first_odds} of 100 futures; "
        "{last} is hardest, {last_odds} of 100",
        "{scenario}最易达成的是{first}（{first_target}），100次推演中{first_odds}次；最难的是{last}，{last_odds}次",
    ),
    "chart.differences.points": pair(
        "{scenario} changes {kpi} by {points} against {base}: {difference} of its level (95 % sure: {band})",
        "与{base}相比，{scenario}使{kpi}变化{points}，即其水平的{difference}（95%区间：{band}）",
    ),
    "chart.differences.title": pair(
        "{scenario} changes {kpi} by {difference} against {base} (95 % sure: {band})",
        "与{base}相比，{scenario}使{kpi}变化{difference}（95%区间：{band}）",
    ),
    "chart.differences.none": pair("No difference from {base} is certain", "与{base}的差异均不确定"),
    "chart.differences.axis": pair(
        "Change from {base} in the last year; line: 95 % interval; hollow: not surely better.",
        "最后一年相对{base}的变化；横线为95%区间，空心为不确定更好。",
    ),
    "chart.differences.left": pair(
        "In the table only, as their base is about zero or below: {kpis}.",
        "基准接近零或为负、仅列于表中：{kpis}。",
    ),
    "chart.differences.alt": pair(
        "Dots with intervals: each scenario's change of each indicator, in per cent of the base.",
        "点与区间：各方案各指标相对基准的百分比变化。",
    ),
    "chart.funnel.title": pair(
        "{scenario} moves {kpi} from {before} to {after}", "{scenario}使{kpi}由{before}变为{after}"
    ),
    "chart.funnel.plain": pair("The funnel in the last year", "最后一年的转化漏斗"),
    "chart.funnel.alt": pair(
        "Dots by scenario: the rate of each step of the funnel in the last year, with 8 of 10 futures.",
        "各方案最后一年漏斗各步骤比率及80%区间。",
    ),
    "chart.trailing": pair("year up to each month", "截至各月的近一年"),
    "chart.monthly": pair("each month", "每月"),
    "chart.target": pair("target {value}", "目标 {value}"),
    "chart.fan.plain": pair(
        "{scenario}: {kpi} {p50} in {month} (8 of 10 futures: {band})",
        "{scenario}：{month}的{kpi}为{p50}（80%区间：{band}）",
    ),
    "chart.fan.title": pair(
        "{scenario}: {kpi} {p50} by {month} ({band}); target {target} reached in {odds} of 100 futures",
        "{scenario}：到{month}，{kpi}为{p50}（{band}）；100次推演中有{odds}次达成目标（{target}）",
    ),
    "chart.fan.alt": pair(
        "Lines by scenario over months with the band that holds 8 of 10 futures. {title}",
        "各方案的逐月曲线与80%区间。{title}",
    ),
    "chart.mix.title": pair(
        "{scenario}: {part} goes from {before} to {after} of {whole} by {month}",
        "{scenario}：到{month}，{part}占{whole}的比例由{before}变为{after}",
    ),
    "chart.mix.alt": pair(
        "Stacked shares of {whole} over months, by scenario.", "各方案{whole}构成的逐月堆叠图。"
    ),
    "chart.budget.title": pair(
        "The search would move {part} from {before} to {after}", "搜索建议将{part}由{before}调整为{after}"
    ),
    "chart.budget.axis": pair(
        "Circle: the plan as it stands; arrow: the advice.", "圆点为原计划，箭头指向建议。"
    ),
    "chart.budget.alt": pair(
        "Arrows from the plan's shares to the advised shares.", "由原计划比例指向建议比例的箭头。"
    ),
    "chart.trials.title": pair(
        "{n} plans were tried, {feasible} keep every constraint",
        "共尝试{n}个方案，其中{feasible}个满足全部约束",
    ),
    "chart.trials.best": pair("verified, on fresh futures", "复核（新的推演）"),
    "chart.trials.key": pair(
        "Each mark is a plan tried; crosses break a constraint; the line is the best reached.",
        "每个点是一个试过的方案，叉为违反约束，线为迄今最好的结果。",
    ),
    "chart.trials.number": pair("trial", "试验序号"),
    "chart.trials.alt": pair(
        "Scatter of the search's trials with the chosen one marked.", "搜索试验散点图，标出选定方案。"
    ),
    "chart.curves.title": pair(
        "{lever} moves {kpi} most of all levers searched", "在搜索的杠杆中，{lever}对{kpi}影响最大"
    ),
    "chart.curves.note": pair(
        "{kpi}: change from the advice when one lever moves over its whole range; star: the advice; "
        "band: 95 % interval.",
        "{kpi}：单个杠杆在其全部范围内移动时相对于建议的变化；星号为建议所在，阴影为95%区间。",
    ),
    "chart.curves.alt": pair("A small curve for each lever. {title}.", "每个杠杆一条响应曲线。{title}。"),
    "chart.forecast.title": pair(
        "{series}: {n} of {all} periods fell inside the 90 % band forecast beforehand",
        "{series}：{all}期中有{n}期落在事先预测的90%区间内",
    ),
    "chart.outlook.title": pair(
        "As it goes, the next {n} months bring {value} ({low} to {high}), {change} on the last {n}",
        "照此走势，未来{n}个月为{value}（{low}至{high}），较过去{n}个月{change}",
    ),
    "chart.outlook.key": pair(
        "Line: months of the history. Dashes: median of the outlook; bands: the middle 50 and 80 % of paths.",
        "实线：历史月份。虚线：预测中位数；色带：中间50%与80%的路径。",
    ),
    "chart.outlook.alt": pair(
        "Line of monthly totals with a fan of the months to come. {title}",
        "月度总量折线及未来月份的扇形区间。{title}",
    ),
    "chart.forecast.plain": pair("{series}: forecast and what happened", "{series}：预测与实际"),
    "chart.forecast.key": pair(
        "Dots: what happened; dashes: {model}'s forecast; bands: 50 and 90 %.",
        "圆点为实际，虚线为{model}的预测，色带为50%与90%区间。",
    ),
    "chart.forecast.apart": pair(
        "Drawn: {n} of {all} forecasts, which do not overlap.", "图中为互不重叠的{n}次预测（共{all}次）。"
    ),
    "chart.forecast.alt": pair(
        "Forecasts with bands over the actual series. {title}", "预测区间与实际走势。{title}"
    ),
    "chart.errors.title": pair(
        "omolab has the smallest error ({measure}) in {n} of {all} series",
        "在{all}个序列中，omolab有{n}个误差（{measure}）最小",
    ),
    "chart.errors.alt": pair(
        "Table of {measure} by series and model; darker is worse.", "各序列各模型的{measure}，越深越差。"
    ),
    "chart.fit.title": pair(
        "The calibrated market reproduces {n} of the {all} figures it was fitted to; not {missed}",
        "校准后的市场模型重现了所据{all}项统计中的{n}项；未能重现：{missed}",
    ),
    "chart.fit.all": pair(
        "The calibrated market reproduces all {all} figures it was fitted to",
        "校准后的市场模型重现了所据的全部{all}项统计",
    ),
    "chart.fit.axis": pair(
        "Simulated minus observed, in units of the figures' own uncertainty (grey); lines: 90 %; "
        "crosses: missed.",
        "模拟值减观测值，以所据数据自身的不确定性（灰色）为单位；横线为90%区间，叉为未能重现。",
    ),
    "chart.fit.alt": pair(
        "Intervals of simulated statistics about the observed values.", "模拟统计量围绕观测值的区间。"
    ),
    "chart.identified.title": pair(
        "These figures tell {n} of {all} parameters; the others keep mostly what the literature says",
        "所据数据可识别{all}个参数中的{n}个，其余主要沿用文献先验",
    ),
    "chart.identified.axis": pair(
        "Share of the prior's variance that these figures removed; hatched: too little. In brackets the "
        "prior's evidence: E experiment, O observation, T trade press, A assumption.",
        "所据数据消除的先验方差比例，斜线为不足；括号内为先验的证据等级：E实验，O观察，T行业媒体，A假设。",
    ),
    "chart.identified.alt": pair(
        "Bars: how far the fit narrowed each parameter.", "各参数被校准收窄的程度。"
    ),
}
