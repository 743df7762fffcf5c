"""Sections from the scenarios to the method, and the page around them."""

from __future__ import annotations

from results.phrases.pair import pair

SECTIONS = {
    "section.scenarios": pair("Scenarios side by side", "方案对比"),
    "scenarios.indicator": pair("Indicator", "指标"),
    "scenarios.caption": pair(
        "Median of the last year; below, the change from {base}, future by future, its mean with the 95 % "
        "interval (▲ surely better, ▼ surely worse)",
        "最后一年的中位数；下方为逐次推演相对{base}的变化，取均值及其95%区间（▲确定更好，▼确定更差）",
    ),
    "scenarios.caption_plain": pair(
        "Median of the last year; below, the range of 8 of 10 futures",
        "最后一年的中位数；下方为80%区间",
    ),
    "scenarios.unpaired": pair(
        "Some scenarios come from runs with other seeds or parameters: their differences are not paired, "
        "and their intervals wider.",
        "部分方案来自随机种子或参数不同的运行：差异未能配对，区间较宽。",
    ),
    "scenarios.ratio": pair(
        "Every difference is paired: same customers, same luck. At the median indicator that is worth "
        "{ratio} times the runs that independent seeds would need.",
        "所有差异均为配对比较：客户与随机因素完全相同。以中位指标计，若用独立种子，要达到同样精度需{ratio}倍的运行次数。",
    ),
    "section.months": pair("Month by month", "逐月走势"),
    "section.mix": pair("Where sales and visits come from", "销售与流量构成"),
    "section.search": pair("What would work better", "更优方案"),
    "search.lever": pair("Lever", "杠杆"),
    "search.before": pair("Plan", "原计划"),
    "search.after": pair("Advice", "建议"),
    "search.change": pair("Change", "变化"),
    "search.caption": pair("What the search would change", "搜索建议的调整"),
    "search.verified": pair(
        "The advice, simulated again on fresh seeds and draws", "建议方案（以新的随机种子与参数复核）"
    ),
    "search.as_written": pair(
        "The plan as written, simulated again on fresh seeds and draws (means)",
        "原计划（以新的随机种子与参数复核，均值）",
    ),
    "search.optimism": pair(
        "{kpi}: the search saw a gain of {searched}; on futures it had not seen, it was {verified}.",
        "{kpi}：搜索时的变化为{searched}，在新的推演中为{verified}。",
    ),
    "search.value": pair("Value", "数值"),
    "search.unmoved": pair(
        "The search leaves every line of the plan as it is.", "搜索未对计划的任何一项作出调整。"
    ),
    "search.banded": pair("{change} ({band})", "{change}（{band}）"),
    "search.gains": pair("{kpi} {change}", "{kpi}{change}"),
    "search.over_today": pair(
        "Over what is done today, with 95 % intervals: {gains}.", "相对于现状（95%区间）：{gains}。"
    ),
    "search.unreachable": pair("No plan tried keeps {bound}.", "试过的方案都无法满足{bound}。"),
    "search.alone": pair(
        "Change {n}: {lever}. By itself it brings {kpi} {change}.",
        "第{n}项调整：{lever}。单独实施时，{kpi}{change}。",
    ),
    "search.stopped": pair(
        "It stopped after {n} plans, as nothing better had come for long.",
        "由于长时间没有更好的方案，共试{n}个后停止。",
    ),
    "search.sampler": pair("Plans were proposed by {sampler}.", "方案由{sampler}提出。"),
    "search.prices": pair(
        "What one more unit buys, from where the advice stands", "在建议处多给一个单位能换来什么"
    ),
    "search.bound": pair("Bound", "约束"),
    "search.objective": pair("Objective", "目标"),
    "search.per": pair("Unit", "单位量"),
    "search.buys": pair("Buys (95 % interval)", "换来（95%区间）"),
    "search.by": pair("By moving", "通过调整"),
    "search.moves": pair("What one step of each lever does", "每个杠杆移动一步的效果"),
    "search.curves": pair(
        "What each lever does over its whole range, the others as advised",
        "每个杠杆在其全部范围内的效果（其余按建议）",
    ),
    "search.at": pair("At", "取值"),
    "search.here": pair("{at} (advice)", "{at}（建议）"),
    "search.from": pair("From", "从"),
    "search.to": pair("To", "到"),
    "search.importance": pair("What matters most to being among the best", "对进入最优方案最重要的杠杆"),
    "search.presets": pair("Over the plan, under other evidence", "换用其他证据时相对于原计划"),
    "search.evidence": pair("Evidence", "证据"),
    "search.bounds": pair("Bounds", "约束"),
    "search.kept": pair("kept", "满足"),
    "search.broken": pair("broken", "违反"),
    "section.fit": pair("How the market was fitted", "市场模型的校准"),
    "fit.intro": pair(
        "The market was fitted to the company's history: what it repeats, and what the history "
        "could tell about its parameters.",
        "市场模型已按本企业的历史数据校准：先看能否重现历史，再看历史能识别哪些参数。",
    ),
    "fit.intro_plan": pair(
        "The market was fitted to the plan's own starting figures, not to a history: what it repeats of "
        "them, and what they could tell about its parameters.",
        "市场模型按计划自身的起点数据校准，而非历史数据：先看能否重现这些数据，再看它们能识别哪些参数。",
    ),
    "fit.kept": pair(
        "{n} more parameters keep their priors as they were: fit/identified.parquet lists them.",
        "另有{n}个参数完全沿用先验，见 fit/identified.parquet。",
    ),
    "fit.unknown": pair(
        "Not told by these figures, so that the answer leans on literature: {names}.",
        "这些数据无法识别、因而依赖文献先验的参数：{names}。",
    ),
    "list.more": pair("{names} and {n} more", "{names}等{n}项"),
    "fit.caption": pair("Parameters before and after the fit", "参数：先验与后验"),
    "fit.parameter": pair("Parameter", "参数"),
    "fit.grade": pair("Evidence", "证据等级"),
    "fit.prior": pair("Prior range", "先验范围"),
    "fit.posterior": pair("Fitted (90 %)", "后验（90%）"),
    "fit.told": pair("Told by the fit", "识别度"),
    "fit.twins": pair("Twins' error / prior's spread", "孪生误差 / 先验标准差"),
    "fit.rank": pair("p of ranks", "秩检验p值"),
    "section.outlook": pair("Where the history points", "历史走势的延续"),
    "outlook.intro": pair(
        "What the total would be if it went on as it does: the mean of ETS, SARIMAX and unobserved "
        "components of the history's own months. Forecasts take level, trend and season from it, and what "
        "a plan changes from the market.",
        "若一切照旧，总量会怎样：由ETS、SARIMAX与不可观测成分模型对历史月度数据预测的均值。"
        "预测的水平、趋势与季节取自它，方案带来的变化取自市场模型。",
    ),
    "outlook.apart": pair(
        "The plan does not begin within the history or the five years after it: the forecast is the market's "
        "own, at the plan's level, trend and season.",
        "方案的起点不在历史数据或其后五年之内：预测完全由市场模型给出，水平、趋势与季节均取自方案。",
    ),
    "outlook.shape": pair(
        "The history is in another currency than the plan, or of another size by far: the forecast takes its "
        "trend and season, the level is the plan's.",
        "历史数据的币种与方案不同，或规模相差悬殊：预测取其趋势与季节，水平取自方案。",
    ),
    "outlook.joined": pair(
        "In the first year the history is {ratio} times what the plan's own market would sell: its "
        "population was scaled to it.",
        "首年历史走势为方案自身市场销量的{ratio}倍：方案人口已据此缩放。",
    ),
    "outlook.far": pair(
        "In the first year the history is {ratio} times what the plan's own market would sell: its "
        "population was scaled to it, so that rates such as conversion stayed as fitted. Money stayed as the "
        "plan states it and now serves {ratio} times the customers. Check the plan's population, starting "
        "point and budget: they may be another company's.",
        "首年历史走势为方案自身市场销量的{ratio}倍：方案人口已据此缩放，转化率等比率保持校准所得。"
        "金额仍按方案所列，如今对应{ratio}倍的客户。请核对方案中的人口、起点数据与预算：它们可能属于另一家公司。",
    ),
    "section.backtest": pair("Forecasts made blind", "回测"),
    "backtest.intro": pair(
        "The model was fitted up to each of {n} dates and asked for the next {horizon} {period}; "
        "what it said is set beside what happened and beside simpler models.",
        "在{n}个时点上，只用此前的数据拟合，预测随后{horizon}{period}，并与实际及更简单的模型比较。",
    ),
    "backtest.caption": pair(
        "Errors (smaller is better) and the share of periods inside the 90 % band (90 % is right)",
        "误差（越小越好）与90%区间覆盖率（90%为宜）",
    ),
    "backtest.series": pair("Series", "序列"),
    "backtest.model": pair("Model", "模型"),
    "backtest.dm_p": pair("p against the best baseline", "与最佳基线差异的显著性"),
    "backtest.over_chosen": pair("Error over the chosen baseline's", "与事前所选基线的误差比"),
    "backtest.pooled": pair(
        "How omolab's forecast was pooled, mean over origins", "omolab预测的合成方式（各起点平均）"
    ),
    "backtest.spread": pair("Width", "区间宽度系数"),
    "backtest.chosen": pair("Baseline chosen beforehand", "事前所选基线"),
    "voice.market": pair("Market", "市场模型"),
    "voice.customers": pair("Customers", "复购模型"),
    "voice.statistics": pair("Statistics", "统计模型"),
    "backtest.wape": pair("WAPE", "WAPE"),
    "backtest.mase": pair("MASE", "MASE"),
    "backtest.crps_over_mean": pair("CRPS / mean", "CRPS / 均值"),
    "backtest.pinball_over_mean": pair("Pinball / mean", "分位损失 / 均值"),
    "backtest.coverage_90": pair("Inside 90 % band", "90%区间覆盖率"),
    "period.day": pair("days", "天"),
    "period.week": pair("weeks", "周"),
    "period.month": pair("months", "个月"),
    "period.quarter": pair("quarters", "个季度"),
    "period.year": pair("years", "年"),
    "section.open": pair("What is not in the answer", "未涵盖的内容"),
    "open.missing": pair(
        "The plan asks for these; the model does not contain them yet:", "以下内容计划中有，但模型尚未包含："
    ),
    "open.warnings": pair("Warnings from the plan's check:", "计划检查给出的提醒："),
    "open.risks": pair("Risks in the plan", "计划中的风险"),
    "risk.name": pair("Risk", "风险"),
    "risk.kind": pair("Kind", "类别"),
    "risk.probability": pair("Probability", "概率"),
    "risk.impact": pair("Impact", "影响"),
    "risk.contingency": pair("Contingency", "应对"),
    "section.method": pair("How this was made", "方法与来源"),
    "method.futures": pair(
        "A future is one draw of the parameters and one stream of luck. Every scenario lives "
        "through the same "
        "futures: the same customers meet the same chances.",
        "一次“推演”对应一组参数与一串随机数。各方案经历相同的推演：同样的客户，同样的机遇。",
    ),
    "method.odds": pair(
        "Odds are the share of futures that reach a target over the year up to its date. Their interval is "
        "Jeffreys', on the number of independent futures the runs are worth.",
        "达成概率是按目标期限前一年衡量、达成目标的推演占比；其区间为按有效独立推演数计算的 Jeffreys 区间。",
    ),
    "method.pairs": pair(
        "Differences are taken future by future; the 95 % interval of their mean is Student's t "
        "over parameter draws.",
        "差异按每次推演逐一计算；均值的95%区间为对参数抽样的学生t区间。",
    ),
    "manifest.caption": pair("The run's manifest", "运行清单"),
    "manifest.what": pair("What", "项目"),
    "manifest.value": pair("Value", "内容"),
    "manifest.verb": pair("Command", "命令"),
    "manifest.name": pair("Name", "名称"),
    "manifest.started": pair("Started", "开始"),
    "manifest.finished": pair("Finished", "结束"),
    "manifest.platform": pair("Platform", "平台"),
    "manifest.hash": pair("Hash of the inputs", "输入哈希"),
    "manifest.seeds": pair("Seeds", "随机种子"),
    "manifest.parameters": pair("Parameters", "参数"),
    "manifest.versions": pair("Versions", "版本"),
    "manifest.timings": pair("Seconds", "耗时（秒）"),
    "manifest.input": pair("Input: {role}", "输入：{role}"),
    "verb.run": pair("Simulation", "模拟"),
    "verb.demo": pair("Demonstration", "演示"),
    "verb.search": pair("Search", "搜索"),
    "verb.calibrate": pair("Calibration", "校准"),
    "verb.backtest": pair("Backtest", "回测"),
    "verb.forecast": pair("Forecast", "预测"),
    "verb.compare": pair("Comparison", "对比"),
    "verb.sweep": pair("Sweep", "扫描"),
    "verb.track": pair("Tracking", "跟踪"),
    "head.made": pair("{day} · run {run}", "{day} · 运行 {run}"),
    "head.more": pair("{n} more", "另外{n}个"),
    "head.question": pair(
        "What happens under {scenarios} from {first} to {last}? Simulated in {futures} futures, "
        "over {draws} draws of the uncertain parameters.",
        "从{first}到{last}，{scenarios}分别会带来什么结果？以{draws}组不确定参数共做{futures}次推演。",
    ),
    "head.customers": pair("{n} customers each.", "每次{n}名客户。"),
    "page.contents": pair("Contents", "目录"),
    "page.dots": pair("{n} of 100 futures", "100次推演中有{n}次"),
    "page.numbers": pair("numbers", "数据"),
    "page.good": pair("surely better", "确定更好"),
    "page.bad": pair("surely worse", "确定更差"),
}
