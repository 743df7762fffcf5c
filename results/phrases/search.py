"""What a search came to, from the facts in its result."""

from __future__ import annotations

from results.phrases.pair import pair

SEARCH = {
    "found.none_ran": pair(
        "No plan tried could be run; the trials table says why.",
        "试过的方案均无法运行，原因见试验表。",
    ),
    "found.failed": pair(
        "{said} {failed} of {all} plans tried could not be run.",
        "{said}共试{all}个方案，其中{failed}个无法运行。",
    ),
    "found.none_keeps": pair(
        "No plan tried keeps {broken}: nothing is advised.",
        "试过的方案都无法满足{broken}，因此不提建议。",
    ),
    "found.missed": pair(
        "{bound} (nearest: {nearest}, the plan as written: {written})",
        "{bound}（最接近：{nearest}，原计划：{written}）",
    ),
    "found.too_few": pair(
        "Nothing was tried but the plan as written and today's; more trials are needed.",
        "只试了原计划与现状，需要更多试验。",
    ),
    "found.beats": pair(
        "On futures it was not tuned to, the advice beats the plan as written: {gains}, positive being "
        "better, with 95 % intervals.",
        "在未参与调优的推演中，建议方案优于原计划：{gains}。正值为更好，括号内为95%区间。",
    ),
    "found.keeps": pair(
        "On futures it was not tuned to, the advice keeps {broken}, which the plan as written breaks: "
        "{gains}, positive being better, with 95 % intervals.",
        "在未参与调优的推演中，建议方案满足原计划未能满足的{broken}：{gains}。正值为更好，括号内为95%区间。",
    ),
    "found.gain": pair("{of} {gain} ({low} to {high})", "{of}{gain}（{low}至{high}）"),
    "found.all_break": pair(
        "On fresh futures every candidate broke {broken}: nothing is advised.",
        "在新的推演中，所有候选方案都违反{broken}，因此不提建议。",
    ),
    "found.stands": pair(
        "Nothing tried beats the plan as written on fresh futures (the best: {of} {gain}, interval {low} to "
        "{high}).",
        "在新的推演中，没有方案优于原计划（最好的：{of}{gain}，区间{low}至{high}）。",
    ),
    "found.points": pair("{n} points", "{n}个百分点"),
    "goal.budget": pair("money planned", "计划投入"),
    "goal.cvar": pair("{of} in the worst futures", "最差情形下的{of}"),
    "goal.channel": pair("{of} of {channel}", "{channel}的{of}"),
    "goal.nearness_all": pair("smoothed odds of all targets", "全部目标的平滑达成概率"),
    "goal.nearness_growth": pair("smoothed odds of the growth targets", "增长目标的平滑达成概率"),
    "goal.nearness_efficiency": pair("smoothed odds of the efficiency targets", "效率目标的平滑达成概率"),
}
