"""The first page: verdict, advice, cautions and targets."""

from __future__ import annotations

from results.phrases.pair import pair

ANSWER = {
    "section.answer": pair("The answer", "结论"),
    "verdict.certain": pair("Very likely.", "极有可能。"),
    "verdict.likely": pair("Likely.", "较有可能。"),
    "verdict.open": pair("Open.", "胜负未定。"),
    "verdict.unlikely": pair("Unlikely as it stands.", "照此执行可能性不大。"),
    "verdict.remote": pair("Very unlikely as it stands.", "照此执行几乎不可能。"),
    "verdict.all": pair(
        "{scenario} reaches all {n} targets together in {odds} of 100 futures.",
        "在100种未来中，{scenario}有{odds}种同时达成全部{n}个目标。",
    ),
    "verdict.one": pair(
        "{scenario} reaches its target in {odds} of 100 futures.",
        "在100种未来中，{scenario}有{odds}种达成目标。",
    ),
    "verdict.base": pair("{base} does so in {odds}.", "{base}为{odds}种。"),
    "verdict.hardest.higher": pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay below {median}.",
        "最难的是{kpi}（{target}）：100种中{odds}种；半数未来低于{median}。",
    ),
    "verdict.hardest.lower": pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay above {median}.",
        "最难的是{kpi}（{target}）：100种中{odds}种；半数未来高于{median}。",
    ),
    "verdict.gain": pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year "
        "(95 % interval of the mean: {band}).",
        "与{base}相比，{scenario}最后一年{kpi}变化{difference}（均值的95%区间：{band}）。",
    ),
    "verdict.gain_plain": pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year.",
        "与{base}相比，{scenario}最后一年{kpi}变化{difference}。",
    ),
    "odds.range": pair("{low} to {high}", "{low}至{high}"),
    "targets.caption": pair(
        "Every target under {scenario}: the odds with their 95 % interval, the median future with the band "
        "of 8 in 10 futures; the last columns give the other scenarios' odds, of 100",
        "{scenario}下的各目标：概率及95%区间、未来中位数及80%区间；右侧为其他方案（每100种未来）",
    ),
    "targets.target": pair("Target", "目标"),
    "targets.baseline": pair("Today", "现状"),
    "targets.level": pair("To reach", "目标值"),
    "targets.median": pair("Expected", "预期"),
    "targets.odds": pair("Odds", "概率"),
    "targets.assumed": pair("assumed", "假设"),
    "targets.joint": pair("{group} together", "{group}同时达成"),
    "targets.unmeasured": pair("not measured", "未能衡量"),
    "advice.binding": pair("What holds it back: {limits}.", "约束瓶颈：{limits}。"),
    "advice.lead": pair(
        "Of the scenarios simulated, none has better odds than {scenario}. A search may find "
        "one: omolab search.",
        "在模拟的方案中，没有比{scenario}胜算更大的。可用 omolab search 搜索更优方案。",
    ),
    "advice.other": pair(
        "Of the scenarios simulated, {scenario} has the best odds: all targets in {odds} of 100 futures.",
        "在模拟的方案中，{scenario}胜算最大：100种未来中{odds}种达成全部目标。",
    ),
    "advice.gain_odds": pair(
        "The advised plan, simulated again on fresh seeds, changes the odds of “{kpi}” "
        "by {difference} ({band}).",
        "建议方案经新随机种子复核，使“{kpi}”的概率变化{difference}（{band}）。",
    ),
    "advice.gain": pair(
        "The advised plan, simulated again on fresh seeds, changes {kpi} by {difference} ({band}).",
        "建议方案经新随机种子复核，使{kpi}变化{difference}（{band}）。",
    ),
    "mind.unfitted": pair(
        "No history was fitted: behaviour follows published averages, not this company's customers.",
        "未用历史数据校准：行为参数来自文献平均值，而非贵司客户。",
    ),
    "mind.early": pair(
        "{n} target(s) lie beyond the simulated months and are measured in {month}.",
        "{n}个目标的日期超出模拟期，按{month}衡量。",
    ),
    "mind.unmeasured": pair("Not measured: {kpis}.", "未能衡量：{kpis}。"),
    "mind.assumed": pair(
        "{n} target(s) rest on a date, level or baseline that the plan does not state and we assumed.",
        "{n}个目标的日期、数值或基线为我们的假设，计划中未给出。",
    ),
    "mind.few": pair("Only {n} futures were simulated: odds are coarse.", "仅模拟了{n}种未来：概率较粗略。"),
}
