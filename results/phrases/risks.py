"""The risk register and its losses."""

from __future__ import annotations

from results.phrases.pair import pair

RISKS = {
    "section.risks": pair("Risks", "风险"),
    "risks.about": pair(
        "When risks strike follows the plan's probabilities; the losses are booked losses and an "
        "estimate of the "
        "margin missed while they last, not what late programmes cost later.",
        "风险按计划概率发生；损失为入账损失与持续期间毛利估计，不含项目延期的后续成本。",
    ),
    "risks.unlived": pair(
        "The plan names these; no run has lived through them.", "计划列出以下风险，尚未模拟。"
    ),
    "risks.saved": pair(
        "Under {scenario} contingencies take {saved} ({band}) off the losses of a run and cost {cost}.",
        "{scenario}下应对措施每次运行平均减少损失{saved}（{band}），成本{cost}。",
    ),
    "risks.free": pair(
        "Under {scenario} contingencies take {saved} ({band}) off the losses of a run; none is paid for.",
        "{scenario}下应对措施每次运行平均减少损失{saved}（{band}），无成本。",
    ),
    "risks.caption": pair(
        "Register under {scenario}: over the whole plan, means over futures",
        "{scenario}的风险登记册（全期，各未来均值）",
    ),
    "risks.together": pair("All risks", "全部风险"),
    "risks.name": pair("Risk", "风险"),
    "risks.probability": pair("Probability a year", "年概率"),
    "risks.struck": pair("Struck in futures", "发生的未来"),
    "risks.times": pair("{n} times a run", "每次运行{n}次"),
    "risks.hit": pair("Loss a strike", "每次损失"),
    "risks.loss": pair("Loss", "损失"),
    "risks.spread": pair("median {p50}\n1 in 10 over {p90}", "中位数{p50}\n十分之一超过{p90}"),
    "risks.saved_off": pair("Saved", "减少"),
    "risks.cost": pair("Contingency, a year", "应对成本/年"),
    "chart.losses.title": pair(
        "Risks cost {scenario} more than {p50} in half of the futures, and more than {p90} in one of ten",
        "{scenario}：一半未来中风险损失超过{p50}，十分之一超过{p90}",
    ),
    "chart.losses.seldom": pair(
        "Risks cost {scenario} nothing in half of the futures, and more than {p90} in one of ten",
        "{scenario}：一半未来无风险损失，十分之一超过{p90}",
    ),
    "chart.losses.note": pair(
        "Futures in 100 in which losses over the whole plan exceed the amount below.",
        "损失超过横轴金额的未来数（每100种）。",
    ),
    "chart.losses.alt": pair(
        "Falling steps: futures whose losses exceed an amount. {title}.",
        "损失超过某金额的未来占比。{title}。",
    ),
}
