"""The risk register and its losses."""

from __future__ import annotations

from results.phrases.pair import pair

RISKS = {
    "section.risks": pair("Risks", "风险"),
    "risks.about": pair(
        "When risks strike follows the plan's probabilities; the losses are booked losses and an "
        "estimate of the "
        "margin missed while they last, not what late programmes cost later.",
        "风险按计划给出的概率发生。损失为已入账的损失加上持续期间少赚毛利的估计，不含项目延期的后续成本。",
    ),
    "risks.unlived": pair(
        "The plan names these; no run has lived through them.", "计划列出了以下风险，尚未模拟。"
    ),
    "risks.saved": pair(
        "Under {scenario} contingencies take {saved} ({band}) off the losses of a run and cost {cost}.",
        "在{scenario}下，应对措施平均每次推演减少损失{saved}（{band}），成本为{cost}。",
    ),
    "risks.free": pair(
        "Under {scenario} contingencies take {saved} ({band}) off the losses of a run; none is paid for.",
        "在{scenario}下，应对措施平均每次推演减少损失{saved}（{band}），无成本。",
    ),
    "risks.caption": pair(
        "Register under {scenario}: over the whole plan, means over futures",
        "{scenario}的风险登记册（全期，各次推演的均值）",
    ),
    "risks.together": pair("All risks", "全部风险"),
    "risks.name": pair("Risk", "风险"),
    "risks.probability": pair("Probability a year", "年概率"),
    "risks.struck": pair("Struck in futures", "发生频率"),
    "risks.times": pair("{n} a future on average", "平均每次推演{n}次"),
    "risks.hit": pair("Loss a strike", "单次损失"),
    "risks.loss": pair("Loss", "损失"),
    "risks.spread": pair("median {p50}\n1 in 10 over {p90}", "中位数{p50}\n一成推演超过{p90}"),
    "risks.saved_off": pair("Saved", "减少损失"),
    "risks.cost": pair("Contingency, a year", "年应对成本"),
    "chart.losses.title": pair(
        "Risks cost {scenario} more than {p50} in half of the futures, and more than {p90} in one of ten",
        "{scenario}：半数推演中风险损失超过{p50}，一成推演中超过{p90}",
    ),
    "chart.losses.seldom": pair(
        "Risks cost {scenario} nothing in half of the futures, and more than {p90} in one of ten",
        "{scenario}：半数推演中没有风险损失，一成推演中超过{p90}",
    ),
    "chart.losses.note": pair(
        "Futures in 100 in which losses over the whole plan exceed the amount below.",
        "每100次推演中，全期损失超过横轴金额的次数。",
    ),
    "chart.losses.alt": pair(
        "Falling steps: futures whose losses exceed an amount. {title}.",
        "损失超过某一金额的推演占比。{title}。",
    ),
}
