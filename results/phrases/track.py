"""Plan against actuals."""

from __future__ import annotations

from results.phrases.pair import pair

TRACK = {
    "section.track": pair("Plan against actuals", "计划与实际"),
    "track.about": pair(
        "{periods} periods have come. The odds now count futures by how near they came to what happened: "
        "{futures} futures are worth {worth}.",
        "已有{periods}期实际数据。现概率按各推演与实际的接近程度加权：{futures}种推演相当于{worth}种。",
    ),
    "track.strange": pair(
        "Even the nearest future is {errors} typical errors off what came: calibrate to this history before "
        "trusting these odds.",
        "最接近的推演与实际仍相差通常误差的{errors}倍：请先用该历史数据校准，再参考这些概率。",
    ),
    "track.strangers": pair(
        "Channels that the plan does not have count in the totals alone: {names}.",
        "计划中没有的渠道只计入合计：{names}。",
    ),
    "track.caption": pair(
        "What was expected so far and what came; small print 8 of 10 futures",
        "迄今预期与实际；小字为80%的推演",
    ),
    "track.indicator": pair("Indicator", "指标"),
    "track.channel": pair("Channel", "渠道"),
    "track.expected": pair("Expected, last period", "最近一期预期"),
    "track.actual": pair("Actual", "实际"),
    "track.off": pair("Off, all periods", "累计偏差"),
    "track.to": pair("To", "截至"),
    "track.expected_each": pair("Expected", "预期"),
    "track.range": pair("80 % range", "80%区间"),
    "track.off_each": pair("Off", "偏差"),
    "track.outside": pair("* outside the middle 80 % of futures", "* 落在80%的推演之外"),
    "track.odds": pair("Odds of the targets", "目标达成概率"),
    "track.target": pair("Target", "目标"),
    "track.by": pair("By", "期限"),
    "track.odds_planned": pair("Odds as planned", "原计划概率"),
    "track.odds_now": pair("Odds now", "当前概率"),
    "track.expected_now": pair("Expected now", "当前预期"),
    "track.all": pair("all", "全部"),
    "track.budget": pair("Media money, all periods", "媒体费用（累计）"),
    "track.source": pair("Medium", "媒体"),
    "track.planned": pair("Planned", "计划"),
    "track.spent": pair("Spent", "实际支出"),
    "chart.track.whole": pair(
        "{kpi}: {inside} of {all} periods within the middle 80 % of futures, {off} off in all to {month}",
        "{kpi}：{all}期中{inside}期落在80%的推演之内，截至{month}累计偏差{off}",
    ),
    "chart.track.title": pair(
        "{kpi}, {channel}: {inside} of {all} periods within the middle 80 % of futures, {off} off in all "
        "to {month}",
        "{kpi}（{channel}）：{all}期中{inside}期落在80%的推演之内，截至{month}累计偏差{off}",
    ),
    "chart.track.note": pair(
        "Line and band: median and 8 of 10 futures of the plan; dots: actuals, open where outside.",
        "线与带：计划各推演的中位数与80%区间；点：实际值，空心为区间之外。",
    ),
    "chart.track.alt": pair("A band with dots over time. {title}.", "随时间的区间与实际值。{title}。"),
    "chart.track.odds": pair(
        "The odds of {kpi} move most: from {before} to {after} of 100 futures",
        "{kpi}的达成概率变化最大：每100种推演由{before}变为{after}",
    ),
    "chart.track.odds_same": pair("What came leaves the odds as they were", "实际数据未改变达成概率"),
    "chart.track.odds_note": pair(
        "Of 100 futures; open: as planned, full: after what came.",
        "每100种推演；空心：原计划，实心：计入实际之后。",
    ),
    "chart.track.odds_alt": pair("Pairs of dots by target. {title}.", "各目标概率的前后对比。{title}。"),
}
