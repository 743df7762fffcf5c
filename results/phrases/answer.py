"""The first page: verdict, advice, cautions and targets."""

from __future__ import annotations

from results.phrases.pair import pair

ANSWER = {
    "section.answer": pair("The answer", "结论"),
    "verdict.certain": pair("Very likely.", "极有可能达成。"),
    "verdict.likely": pair("Likely.", "较有可能达成。"),
    "verdict.open": pair("Open.", "尚难断定。"),
    "verdict.unlikely": pair("Unlikely as it stands.", "照此执行，达成的可能性不大。"),
    "verdict.remote": pair("Very unlikely as it stands.", "照此执行，几乎不可能达成。"),
    "verdict.all": pair(
        "{scenario} reaches all {n} targets together in {odds} of 100 futures.",
        "在100次推演中，{scenario}有{odds}次同时达成全部{n}个目标。",
    ),
    "verdict.one": pair(
        "{scenario} reaches its target in {odds} of 100 futures.",
        "在100次推演中，{scenario}有{odds}次达成目标。",
    ),
    "verdict.base": pair("{base} does so in {odds}.", "{base}为{odds}次。"),
    "verdict.hardest.higher": pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay below {median}.",
        "最难达成的是{kpi}（{target}）：100次中{odds}次达成；半数推演低于{median}。",
    ),
    "verdict.hardest.lower": pair(
        "The hardest is {kpi} ({target}): {odds} of 100; half of all futures stay above {median}.",
        "最难达成的是{kpi}（{target}）：100次中{odds}次达成；半数推演高于{median}。",
    ),
    "verdict.gain": pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year "
        "(95 % interval of the mean: {band}).",
        "与{base}相比，{scenario}使最后一年的{kpi}变化{difference}（均值的95%区间：{band}）。",
    ),
    "verdict.gain_plain": pair(
        "Against {base}, {scenario} changes {kpi} by {difference} in the last year.",
        "与{base}相比，{scenario}使最后一年的{kpi}变化{difference}。",
    ),
    "odds.range": pair("{low} to {high}", "{low}至{high}"),
    "targets.caption": pair(
        "Every target under {scenario}: the odds with their 95 % interval, the median future with the band "
        "of 8 in 10 futures; the last columns give the other scenarios' odds, of 100",
        "{scenario}下各目标的达成概率及其95%区间、预期（推演中位数）及80%区间；右侧各列为其他方案的达成次数（每100次推演）",
    ),
    "targets.target": pair("Target", "目标"),
    "targets.baseline": pair("Today", "现状"),
    "targets.level": pair("To reach", "目标值"),
    "targets.median": pair("Expected", "预期"),
    "targets.odds": pair("Odds", "达成概率"),
    "targets.assumed": pair("assumed", "假设"),
    "targets.joint": pair("{group} together", "{group}同时达成"),
    "targets.unmeasured": pair("not measured", "未能衡量"),
    "advice.binding": pair("What holds it back: {limits}.", "制约因素：{limits}。"),
    "advice.lead": pair(
        "Of the scenarios simulated, none has better odds than {scenario}. A search may find "
        "one: omolab search.",
        "在已模拟的方案中，没有比{scenario}达成概率更高的。可用 omolab search 寻找更优方案。",
    ),
    "advice.other": pair(
        "Of the scenarios simulated, {scenario} has the best odds: all targets in {odds} of 100 futures.",
        "在已模拟的方案中，{scenario}的达成概率最高：100次推演中有{odds}次达成全部目标。",
    ),
    "advice.gain_odds": pair(
        "The advised plan, simulated again on fresh seeds, changes the odds of “{kpi}” "
        "by {difference} ({band}).",
        "建议方案经新的随机种子复核，使“{kpi}”的达成概率变化{difference}（{band}）。",
    ),
    "advice.gain": pair(
        "The advised plan, simulated again on fresh seeds, changes {kpi} by {difference} ({band}).",
        "建议方案经新的随机种子复核，使{kpi}变化{difference}（{band}）。",
    ),
    "mind.unfitted": pair(
        "No history was fitted: behaviour follows published averages, not this company's customers.",
        "未使用历史数据校准：行为参数取自文献平均水平，并非本企业客户的实际表现。",
    ),
    "mind.care": pair(
        "The market's fit is to be used with care: “{section}” says where it is in doubt.",
        "市场模型的校准须谨慎使用：存疑之处见“{section}”。",
    ),
    "mind.distrust": pair(
        "The market's fit is not to be trusted: mend what “{section}” names before deciding.",
        "市场模型的校准不可信：请先解决“{section}”列出的问题，再据此决策。",
    ),
    "mind.early": pair(
        "Due beyond the simulated months and measured in {month}: {kpis}.",
        "期限超出模拟期、按{month}的数值衡量的目标：{kpis}。",
    ),
    "mind.unmeasured": pair("Not measured: {kpis}.", "未能衡量：{kpis}。"),
    "mind.assumed": pair(
        "A date, level or baseline that the plan does not state was assumed for: {kpis}.",
        "计划未给出期限、数值或基准、由我们假设的目标：{kpis}。",
    ),
    "mind.apart": pair(
        "Measured in some futures only, so judged by itself and not among all targets: {kpis}.",
        "只在部分推演中衡量、单独判断而未计入“全部目标”：{kpis}。",
    ),
    "mind.track": pair(
        "These are the odds before the actuals came; “{section}” has them as they stand now.",
        "以上为计入实际数据之前的概率；当前概率见“{section}”。",
    ),
    "mind.met": pair(
        "Reached before the plan begins, so that its odds say whether it is kept: {kpis}.",
        "计划开始前已达到、其概率仅表示能否保持的目标：{kpis}。",
    ),
    "mind.few": pair("Futures simulated: only {n}, so odds are coarse.", "仅做了{n}次推演，达成概率较粗略。"),
    "answer.movers": pair(
        "What moves {objective} most, of the lines searched: {lines}.",
        "在所搜索的各项中，对{objective}影响最大的是：{lines}。",
    ),
    "answer.ask_more": pair(
        "From {n} plans tried, the search cannot tell what moves the odds: more trials can, or omolab "
        "levers, which moves each line by itself.",
        "搜索只试了{n}个方案，不足以说明什么影响达成概率：可增加试验次数，或用 omolab levers 逐一调整各项。",
    ),
    "answer.ask": pair(
        "This run does not tell what moves the odds: omolab levers moves each line by "
        "itself, omolab search looks for better ones.",
        "本次运行未说明什么影响达成概率：omolab levers 逐一调整各项，omolab search 搜索更优的设定。",
    ),
}
