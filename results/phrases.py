"""Every sentence and heading of charts and reports, by key, in English and Chinese."""

from __future__ import annotations

from results.sweep_phrases import SWEEPS


def _pair(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


_WORDS = {
    "points": _pair("points", "个百分点"),
    "scenario.status_quo": _pair("Status quo", "维持现状"),
    "scenario.plan": _pair("Plan", "计划"),
    "the.status_quo": _pair("the status quo", "维持现状"),
    "the.plan": _pair("the plan", "计划"),
    "scenario.advice": _pair("Advice", "建议方案"),
    "the.advice": _pair("the advice", "建议方案"),
    "objective.nearness_all": _pair("Nearness to all targets", "与全部目标的接近度"),
    "objective.nearness_growth": _pair("Nearness to growth targets", "与增长目标的接近度"),
    "objective.nearness_efficiency": _pair("Nearness to efficiency targets", "与效率目标的接近度"),
    "band": _pair("{low} to {high}", "{low} 至 {high}"),
    "group.all": _pair("All targets", "全部目标"),
    "group.growth": _pair("Growth targets", "增长目标"),
    "group.efficiency": _pair("Efficiency targets", "效率目标"),
    "objective.odds_all": _pair("Odds of all targets", "全部目标的达成概率"),
    "objective.odds_growth": _pair("Odds of growth targets", "增长目标的达成概率"),
    "objective.odds_efficiency": _pair("Odds of efficiency targets", "效率目标的达成概率"),
}
_CHARTS = {
    "chart.of_100": _pair("{n} of 100", "{n} / 100"),
    "chart.odds.note": _pair(
        "Futures in 100 that reach each target; line: 95 % interval.",
        "每100种未来中达成各目标的次数；线：95%区间。",
    ),
    "chart.odds.both": _pair(
        "Futures in 100 that reach each target; line: 95 % interval; triangle: {base}.",
        "每100种未来中达成各目标的次数；线：95%区间；三角：{base}。",
    ),
    "chart.odds.none": _pair("{scenario}: no target could be measured", "{scenario}：没有可衡量的目标"),
    "chart.odds.one": _pair(
        "{scenario} reaches {first} {first_target} in {first_odds} of 100 futures",
        "{scenario}在100种未来中有{first_odds}种达成{first} {first_target}",
    ),
    "chart.odds.title": _pair(
        "{scenario} reaches {first} ({first_target}) in {first_odds} of 100 futures; "
        "{last} is hardest, {last_odds} of 100",
        "{scenario}最易达成{first}（{first_target}）：100种未来中{first_odds}种；最难的是{last}：{last_odds}种",
    ),
    "chart.differences.title": _pair(
        "{scenario} changes {kpi} by {difference} against {base} (95 % sure: {band})",
        "与{base}相比，{scenario}使{kpi}变化{difference}（95%区间：{band}）",
    ),
    "chart.differences.none": _pair("No difference from {base} is certain", "与{base}的差异均不确定"),
    "chart.differences.axis": _pair(
        "Change from {base} in the last year; line: 95 % interval; hollow: not surely better.",
        "最后一年相对{base}的变化；线：95%区间；空心：不确定更好",
    ),
    "chart.differences.alt": _pair(
        "Dots with intervals: each scenario's change of each indicator, in per cent of the base.",
        "点与区间：各方案各指标相对基准的百分比变化。",
    ),
    "chart.funnel.title": _pair(
        "{scenario} moves {kpi} from {before} to {after}", "{scenario}使{kpi}从{before}变为{after}"
    ),
    "chart.funnel.plain": _pair("The funnel in the last year", "最后一年的转化漏斗"),
    "chart.funnel.alt": _pair(
        "Dots by scenario: the rate of each step of the funnel in the last year, with 8 of 10 futures.",
        "各方案最后一年漏斗各步骤比率及80%区间。",
    ),
    "chart.trailing": _pair("year up to each month", "截至各月的滚动一年"),
    "chart.monthly": _pair("each month", "每月"),
    "chart.target": _pair("target {value}", "目标 {value}"),
    "chart.fan.plain": _pair(
        "{scenario}: {kpi} {p50} in {month} (8 of 10 futures: {band})",
        "{scenario}：{month}{kpi}为{p50}（80%的未来：{band}）",
    ),
    "chart.fan.title": _pair(
        "{scenario}: {kpi} {p50} by {month} ({band}); target {target} reached in {odds} of 100 futures",
        "{scenario}：到{month}{kpi}为{p50}（{band}）；100种未来中{odds}种达成目标{target}",
    ),
    "chart.fan.alt": _pair(
        "Lines by scenario over months with the band that holds 8 of 10 futures. {title}",
        "各方案逐月曲线与包含80%未来的区间。{title}",
    ),
    "chart.mix.title": _pair(
        "{scenario}: {part} goes from {before} to {after} of {whole} by {month}",
        "{scenario}：到{month}，{part}占{whole}的比例从{before}变为{after}",
    ),
    "chart.mix.alt": _pair(
        "Stacked shares of {whole} over months, by scenario.", "各方案{whole}构成的逐月堆叠图。"
    ),
    "chart.budget.title": _pair(
        "The search would move {part} from {before} to {after}", "搜索建议将{part}从{before}调整为{after}"
    ),
    "chart.budget.axis": _pair(
        "Circle: the plan as it stands; arrow: the advice.", "比例；圆：原计划，箭头：建议"
    ),
    "chart.budget.alt": _pair(
        "Arrows from the plan's shares to the advised shares.", "从原计划比例指向建议比例的箭头。"
    ),
    "chart.trials.title": _pair(
        "{n} plans were tried, {feasible} keep every constraint",
        "共尝试{n}个方案，其中{feasible}个满足全部约束",
    ),
    "chart.trials.best": _pair("advice, on fresh futures", "建议（新的未来）"),
    "chart.trials.key": _pair(
        "Each mark is a plan tried; crosses break a constraint; the line is the best reached.",
        "每个点为一个尝试的方案；叉：违反约束；线：已达到的最好结果。",
    ),
    "chart.trials.number": _pair("trial", "试验序号"),
    "chart.trials.alt": _pair(
        "Scatter of the search's trials with the chosen one marked.", "搜索试验散点图，标出选定方案。"
    ),
    "chart.forecast.title": _pair(
        "{series}: {n} of {all} periods fell inside the 90 % band forecast beforehand",
        "{series}：{all}期中有{n}期落在事先预测的90%区间内",
    ),
    "chart.forecast.plain": _pair("{series}: forecast and what happened", "{series}：预测与实际"),
    "chart.forecast.key": _pair(
        "Dots: what happened; dashes: {model}'s forecast; bands: 50 and 90 %.",
        "点：实际；虚线：{model}预测；带：50%与90%",
    ),
    "chart.forecast.alt": _pair(
        "Forecasts with bands over the actual series. {title}", "预测区间与实际序列。{title}"
    ),
    "chart.errors.title": _pair(
        "omolab has the smallest error ({measure}) in {n} of {all} series",
        "omolab在{all}个序列中的{n}个误差（{measure}）最小",
    ),
    "chart.errors.alt": _pair(
        "Table of {measure} by series and model; darker is worse.", "各序列各模型的{measure}，越深越差。"
    ),
    "chart.fit.title": _pair(
        "The calibrated market reproduces {n} of {all} statistics of the history; not {missed}",
        "校准后的市场重现了历史{all}项统计中的{n}项；未重现：{missed}",
    ),
    "chart.fit.all": _pair(
        "The calibrated market reproduces all {all} statistics of the history",
        "校准后的市场重现了历史全部{all}项统计",
    ),
    "chart.fit.axis": _pair(
        "Simulated minus observed, in units of the history's own uncertainty; lines: 90 %; crosses: missed.",
        "模拟值减观测值（以历史自身不确定性为单位）；线：90%",
    ),
    "chart.fit.alt": _pair(
        "Intervals of simulated statistics about the observed values.", "模拟统计量围绕观测值的区间。"
    ),
    "chart.identified.title": _pair(
        "History tells {n} of {all} parameters; the others keep mostly what the literature says",
        "历史数据可识别{all}个参数中的{n}个；其余主要沿用文献先验",
    ),
    "chart.identified.axis": _pair(
        "Share of the prior's variance that history removed; hatched: too little. In brackets the prior's "
        "evidence: E experiment, O observation, T trade press, A assumption.",
        "历史数据消除的先验方差比例；括号内：证据等级",
    ),
    "chart.identified.alt": _pair(
        "Bars: how far history narrowed each parameter.", "各参数被历史数据收窄的程度。"
    ),
}
_SOURCES = {
    "source.walk_in": _pair("Walk-in", "到店"),
    "source.direct": _pair("Direct", "直接访问"),
    "source.organic_search": _pair("Search", "自然搜索"),
    "source.content": _pair("Content", "内容"),
    "source.referral": _pair("Referral", "推荐"),
    "source.private_domain": _pair("Private dom.", "私域"),
    "source.paid_search": _pair("Paid search", "付费搜索"),
    "source.feed_ads": _pair("Feed ads", "信息流"),
    "source.live": _pair("Live", "直播"),
    "source.qr_code": _pair("QR code", "扫码"),
    "source.other": _pair("Others", "其他"),
    "whole.sales": _pair("net sales", "净销售额"),
    "whole.visits": _pair("visits", "访问量"),
}
_ANSWER = {
    "section.answer": _pair("The answer", "结论"),
    "verdict.certain": _pair("Very likely.", "极有可能。"),
    "verdict.likely": _pair("Likely.", "较有可能。"),
    "verdict.open": _pair("Open.", "胜负未定。"),
    "verdict.unlikely": _pair("Unlikely as it stands.", "照此执行可能性不大。"),
    "verdict.remote": _pair("Very unlikely as it stands.", "照此执行几乎不可能。"),
    "verdict.all": _pair(
        "{scenario} reaches all {n} targets together in {odds} of 100 futures.",
        "在100种未来中，{scenario}有{odds}种同时达成全部{n}个目标。",
    ),
    "verdict.one": _pair(
        "{scenario} reaches its target in {odds} of 100 futures.",
        "在100种未来中，{scenario}有{odds}种达成目标。",
    ),
    "verdict.base": _pair("{base} does so in {odds}.", "{base}为{odds}种。"),
    "verdict.hardest.higher": _pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay below {median}.",
        "最难的是{kpi}（{target}）：100种中{odds}种；半数未来低于{median}。",
    ),
    "verdict.hardest.lower": _pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay above {median}.",
        "最难的是{kpi}（{target}）：100种中{odds}种；半数未来高于{median}。",
    ),
    "verdict.gain": _pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year "
        "(95 % interval of the mean: {band}).",
        "与{base}相比，{scenario}最后一年{kpi}变化{difference}（均值的95%区间：{band}）。",
    ),
    "verdict.gain_plain": _pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year.",
        "与{base}相比，{scenario}最后一年{kpi}变化{difference}。",
    ),
    "odds.range": _pair("{low} to {high}", "{low}至{high}"),
    "targets.caption": _pair(
        "Every target under {scenario}: the odds with their 95 % interval, the median future with the band "
        "of 8 in 10 futures; the last columns give the other scenarios' odds, of 100",
        "{scenario}下的各目标：概率及95%区间、未来中位数及80%区间；右侧为其他方案（每100种未来）",
    ),
    "targets.target": _pair("Target", "目标"),
    "targets.baseline": _pair("Today", "现状"),
    "targets.level": _pair("To reach", "目标值"),
    "targets.median": _pair("Expected", "预期"),
    "targets.odds": _pair("Odds", "概率"),
    "targets.assumed": _pair("assumed", "假设"),
    "targets.joint": _pair("{group} together", "{group}同时达成"),
    "targets.unmeasured": _pair("not measured", "未能衡量"),
    "advice.binding": _pair("What holds it back: {limits}.", "约束瓶颈：{limits}。"),
    "advice.lead": _pair(
        "Of the scenarios simulated, none has better odds than {scenario}. A search may find "
        "one: omolab search.",
        "在模拟的方案中，没有比{scenario}胜算更大的。可用 omolab search 搜索更优方案。",
    ),
    "advice.other": _pair(
        "Of the scenarios simulated, {scenario} has the best odds: all targets in {odds} of 100 futures.",
        "在模拟的方案中，{scenario}胜算最大：100种未来中{odds}种达成全部目标。",
    ),
    "advice.gain_odds": _pair(
        "The advised plan, simulated again on fresh seeds, changes the odds of “{kpi}” "
        "by {difference} ({band}).",
        "建议方案经新随机种子复核，使“{kpi}”的概率变化{difference}（{band}）。",
    ),
    "advice.gain": _pair(
        "The advised plan, simulated again on fresh seeds, changes {kpi} by {difference} ({band}).",
        "建议方案经新随机种子复核，使{kpi}变化{difference}（{band}）。",
    ),
    "mind.unfitted": _pair(
        "No history was fitted: behaviour follows published averages, not this company's customers.",
        "未用历史数据校准：行为参数来自文献平均值，而非贵司客户。",
    ),
    "mind.early": _pair(
        "{n} target(s) lie beyond the simulated months and are measured in {month}.",
        "{n}个目标的日期超出模拟期，按{month}衡量。",
    ),
    "mind.unmeasured": _pair("Not measured: {kpis}.", "未能衡量：{kpis}。"),
    "mind.assumed": _pair(
        "{n} target(s) rest on a date, level or baseline that the plan does not state and we assumed.",
        "{n}个目标的日期、数值或基线为我们的假设，计划中未给出。",
    ),
    "mind.few": _pair("Only {n} futures were simulated: odds are coarse.", "仅模拟了{n}种未来：概率较粗略。"),
}
_SECTIONS = {
    "section.scenarios": _pair("Scenarios side by side", "方案对比"),
    "scenarios.indicator": _pair("Indicator", "指标"),
    "scenarios.caption": _pair(
        "Median of the last year; below, the change from {base} with its 95 % interval "
        "(▲ surely better, ▼ surely worse)",
        "最后一年的中位数；下方为相对{base}的变化及95%区间（▲确定更好，▼确定更差）",
    ),
    "scenarios.caption_plain": _pair(
        "Median of the last year; below, the range of 8 of 10 futures",
        "最后一年的中位数；下方为80%的未来的范围",
    ),
    "scenarios.unpaired": _pair(
        "Some scenarios come from runs with other seeds or parameters: their differences are not paired, "
        "and their intervals wider.",
        "部分方案来自不同种子或参数的运行：差异未配对，区间较宽。",
    ),
    "scenarios.ratio": _pair(
        "Every difference is paired: same customers, same luck. At the median indicator that is worth "
        "{ratio} times the runs that independent seeds would need.",
        "所有差异均为配对：相同客户、相同运气。按中位指标，相当于独立种子所需运行次数的{ratio}倍。",
    ),
    "section.months": _pair("Month by month", "逐月走势"),
    "section.mix": _pair("Where sales and visits come from", "销售与流量构成"),
    "section.search": _pair("What would work better", "更优方案"),
    "search.lever": _pair("Lever", "杠杆"),
    "search.before": _pair("Plan", "原计划"),
    "search.after": _pair("Advice", "建议"),
    "search.change": _pair("Change", "变化"),
    "search.caption": _pair("What the search would change", "搜索建议的调整"),
    "search.verified": _pair(
        "The advice, simulated again on fresh seeds and draws", "建议方案（新种子与参数复核）"
    ),
    "search.optimism": _pair(
        "{kpi}: the search saw a gain of {searched}; on futures it had not seen, it was {verified}.",
        "{kpi}：搜索时的提升为{searched}；在未见过的未来中为{verified}。",
    ),
    "search.value": _pair("Value", "数值"),
    "section.fit": _pair("How well the market repeats history", "历史校准"),
    "fit.intro": _pair(
        "The market was fitted to the company's history: what it repeats, and what the history "
        "could tell about its parameters.",
        "市场模型已按历史数据校准：先看能否重现历史，再看历史能识别哪些参数。",
    ),
    "fit.unknown": _pair(
        "History cannot tell {names}{more}: the answer leans on literature there.",
        "历史数据无法识别：{names}{more}，这些参数依赖文献先验。",
    ),
    "fit.more": _pair(" and {n} more", "等另外{n}个"),
    "fit.caption": _pair("Parameters before and after the history was seen", "参数：先验与后验"),
    "fit.parameter": _pair("Parameter", "参数"),
    "fit.grade": _pair("Evidence", "证据等级"),
    "fit.prior": _pair("Prior range", "先验范围"),
    "fit.posterior": _pair("Fitted (90 %)", "后验（90%）"),
    "fit.told": _pair("Told by history", "历史识别度"),
    "section.backtest": _pair("Forecasts made blind", "回测"),
    "backtest.intro": _pair(
        "The model was fitted up to each of {n} dates and asked for the next {horizon} {period}; "
        "what it said is set beside what happened and beside simpler models.",
        "在{n}个时点仅用此前数据拟合，并预测随后{horizon}{period}；与实际及更简单的模型比较。",
    ),
    "backtest.caption": _pair(
        "Errors (smaller is better) and the share of periods inside the 90 % band (90 % is right)",
        "误差（越小越好）与90%区间覆盖率（90%为宜）",
    ),
    "backtest.series": _pair("Series", "序列"),
    "backtest.model": _pair("Model", "模型"),
    "backtest.wape": _pair("WAPE", "WAPE"),
    "backtest.mase": _pair("MASE", "MASE"),
    "backtest.crps_over_mean": _pair("CRPS / mean", "CRPS / 均值"),
    "backtest.coverage_90": _pair("Inside 90 % band", "90%区间覆盖率"),
    "period.day": _pair("days", "天"),
    "period.week": _pair("weeks", "周"),
    "period.month": _pair("months", "个月"),
    "period.quarter": _pair("quarters", "个季度"),
    "period.year": _pair("years", "年"),
    "section.open": _pair("What is not in the answer", "未涵盖的内容"),
    "open.missing": _pair(
        "The plan asks for these; the model does not contain them yet:", "计划中有、模型尚未包含："
    ),
    "open.warnings": _pair("Warnings from the plan's check:", "计划检查的警告："),
    "open.risks": _pair("Risks in the plan", "计划中的风险"),
    "risk.name": _pair("Risk", "风险"),
    "risk.kind": _pair("Kind", "类别"),
    "risk.probability": _pair("Probability", "概率"),
    "risk.impact": _pair("Impact", "影响"),
    "risk.contingency": _pair("Contingency", "应对"),
    "section.method": _pair("How this was made", "方法与来源"),
    "method.futures": _pair(
        "A future is one draw of the parameters and one stream of luck. Every scenario lives "
        "through the same "
        "futures: the same customers meet the same chances.",
        "一种“未来”是一组参数与一串随机数。各方案经历相同的未来：相同客户、相同机缘。",
    ),
    "method.odds": _pair(
        "Odds are the share of futures that reach a target over the year up to its date. Their interval is "
        "Jeffreys', on the number of independent futures the runs are worth.",
        "概率为在目标日期前一年内达成目标的未来占比；区间为按有效独立未来数计算的Jeffreys区间。",
    ),
    "method.pairs": _pair(
        "Differences are taken future by future; the 95 % interval of their mean is Student's t "
        "over parameter draws.",
        "差异逐个未来计算；均值的95%区间为按参数抽样的t区间。",
    ),
    "manifest.caption": _pair("The run's manifest", "运行清单"),
    "manifest.what": _pair("What", "项目"),
    "manifest.value": _pair("Value", "内容"),
    "manifest.verb": _pair("Command", "命令"),
    "manifest.name": _pair("Name", "名称"),
    "manifest.started": _pair("Started", "开始"),
    "manifest.finished": _pair("Finished", "结束"),
    "manifest.platform": _pair("Platform", "平台"),
    "manifest.hash": _pair("Hash of the inputs", "输入哈希"),
    "manifest.seeds": _pair("Seeds", "随机种子"),
    "manifest.parameters": _pair("Parameters", "参数"),
    "manifest.versions": _pair("Versions", "版本"),
    "manifest.timings": _pair("Seconds", "耗时（秒）"),
    "manifest.input": _pair("Input: {role}", "输入：{role}"),
    "verb.run": _pair("Simulation", "模拟"),
    "verb.demo": _pair("Demonstration", "演示"),
    "verb.search": _pair("Search", "搜索"),
    "verb.calibrate": _pair("Calibration", "校准"),
    "verb.backtest": _pair("Backtest", "回测"),
    "verb.forecast": _pair("Forecast", "预测"),
    "verb.compare": _pair("Comparison", "对比"),
    "verb.sweep": _pair("Sweep", "扫描"),
    "verb.track": _pair("Tracking", "跟踪"),
    "head.made": _pair("{day} · run {run}", "{day} · 运行 {run}"),
    "head.more": _pair("{n} more", "另外{n}个"),
    "head.question": _pair(
        "What happens under {scenarios} from {first} to {last}? Simulated in {futures} futures, "
        "over {draws} draws of the uncertain parameters.",
        "从{first}到{last}，{scenarios}分别会怎样？共模拟{futures}种未来，{draws}组参数。",
    ),
    "head.customers": _pair("{n} customers each.", "每种{n}名客户。"),
    "page.contents": _pair("Contents", "目录"),
    "page.dots": _pair("{n} of 100 futures", "100种未来中{n}种"),
    "page.numbers": _pair("numbers", "数据"),
    "page.good": _pair("surely better", "确定更好"),
    "page.bad": _pair("surely worse", "确定更差"),
}
_LEVERS = {
    "verb.levers": _pair("Levers", "杠杆"),
    "section.levers": _pair("What each lever moves", "各杠杆的作用"),
    "levers.about": _pair(
        "Each line is one change made by itself: policies and money moved from the status quo, initiatives, "
        "risks and rivals left out of (or put into) the plan. Same customers, same luck, the last year.",
        "每行只改动一处：政策与资金相对维持现状，"
        "举措、风险与竞争者相对计划取消（或加入）。同样的客户与运气，计划最后一年。",
    ),
    "levers.rest": _pair(
        "{n} more levers move less, or nothing for sure; levers.parquet has them all.",
        "另有{n}个杠杆作用较小或不确定，全部见levers.parquet。",
    ),
    "levers.evidence": _pair(
        "Held against the literature: central value and range, the market's answer with its 95 % interval",
        "与文献对照：中心值与范围，市场模型的结果及95%区间",
    ),
    "levers.finding": _pair("Finding", "结论"),
    "levers.literature": _pair("Literature", "文献"),
    "levers.market": _pair("Market", "模型"),
    "levers.verdict": _pair("Verdict", "判断"),
    "levers.agrees": _pair("agrees", "一致"),
    "levers.too_weak": _pair("too weak", "偏弱"),
    "levers.too_strong": _pair("too strong", "偏强"),
    "levers.wrong_sign": _pair("wrong sign", "方向相反"),
    "levers.barely": _pair("by its interval only", "仅区间相交"),
    "levers.not_measured": _pair("not measured", "未衡量"),
    "chart.levers.title": _pair(
        "{lever} moves most: {kpi} by {change}", "{lever}作用最大：{kpi}变化{change}"
    ),
    "chart.levers.none": _pair("No lever moves an indicator for sure", "没有杠杆确定地改变指标"),
    "chart.levers.note": _pair(
        "Per cent of what the lever is moved from, last year; darker moves more; empty: not sure.",
        "最后一年相对改动前的百分比；越深作用越大；空白：不确定。",
    ),
    "chart.levers.alt": _pair(
        "Levers by indicators: each cell says by how many per cent the lever moves the indicator.",
        "杠杆与指标：每格为该杠杆使指标变化的百分比。",
    ),
}
PHRASES: dict[str, dict[str, str]] = {**_WORDS, **_CHARTS, **_SOURCES, **_ANSWER, **_SECTIONS, **_LEVERS}
PHRASES |= SWEEPS
