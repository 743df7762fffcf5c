"""Customers: migration, stages of life, groups by value."""

from __future__ import annotations

from results.phrases.pair import pair

PEOPLE = {
    "section.people": pair("Customers: channels, stages, value", "客户：渠道、阶段、价值"),
    "people.about": pair(
        "A customer's main channel is the one most used; it is counted once a year among those "
        "who ordered in it. "
        "Stages go by days since the last order: new is one order in 90 days, active up to 180, "
        "lapsing up to 365.",
        "主渠道指客户最常用的渠道，每年在当年下过单的客户中统计一次。阶段按距上次下单的天数划分：90天内仅下过一单为新客，180天内为活跃，365天内为流失预警。",
    ),
    "people.caption": pair(
        "Customers by main channel in the last year counted, means over futures",
        "最后一个统计年度各主渠道的客户变动（各次推演的均值）",
    ),
    "people.channel": pair("Channel", "渠道"),
    "people.before": pair("A year before", "一年前"),
    "people.won": pair("From other channels", "来自其他渠道"),
    "people.lost": pair("To other channels", "转向其他渠道"),
    "people.new": pair("New or back", "新增或回流"),
    "people.gone": pair("Stopped ordering", "停止下单"),
    "people.now": pair("Now", "目前"),
    "channel.none": pair("No order", "未下单"),
    "chart.migration.title": pair(
        "{scenario}: the largest move within a year is from {origin} to {goal}, {share} of {origin}'s "
        "customers ({band})",
        "{scenario}：一年内最大的渠道迁移是由{origin}转到{goal}，占{origin}客户的{share}（{band}）",
    ),
    "chart.migration.still": pair(
        "{scenario}: nobody changes the main channel within a year", "{scenario}：一年内无人更换主渠道"
    ),
    "chart.migration.note": pair(
        "Of 100 customers with the main channel on the left a year before, how many are where "
        "now. Last year counted.",
        "每100名一年前以左侧渠道为主的客户，目前以哪个渠道为主（最后一个统计年度）。",
    ),
    "chart.migration.alt": pair(
        "Table of moves, origins left, goals above. {title}.", "渠道迁移表。{title}。"
    ),
    "chart.moves.title": pair(
        "{scenario}: moves from {origin} to {goal} go from {before} in {first} to {after} in {last} ({band})",
        "{scenario}：由{origin}转到{goal}的客户从{first}年的{before}名变为{last}年的{after}名（{band}）",
    ),
    "chart.moves.note": pair(
        "Customers who changed their main channel within the year, the largest moves; "
        "mark: mean over futures; lines: 8 of 10 futures.",
        "各年内更换主渠道的客户数（最大的几种迁移）；标记为各次推演的均值，横线为80%区间。",
    ),
    "chart.moves.alt": pair(
        "Dots with intervals: moves between channels by year. {title}.", "各年渠道迁移人数及区间。{title}。"
    ),
    "chart.groups.title": pair(
        "{scenario} ends with {p50} {part} customers ({band}) against {other} under {base}",
        "{scenario}期末有{part}客户{p50}名（{band}），{base}为{other}名",
    ),
    "chart.stages.plain": pair("Most customers are {part}: {p50}", "以{part}客户为最多：{p50}名"),
    "chart.rfm.plain": pair("Most customers are {part}: {p50}", "以{part}客户为最多：{p50}名"),
    "chart.stages.note": pair(
        "Customers by stage of life at the end; lines: 8 of 10 futures.",
        "期末各生命周期阶段的客户数；横线为80%区间。",
    ),
    "chart.rfm.note": pair(
        "Customers by recency, frequency and money (RFM) at the end; lines: 8 of 10 futures.",
        "期末按最近消费、频次与金额（RFM）分组的客户数；横线为80%区间。",
    ),
    "chart.groups.alt": pair(
        "Dots with intervals: customers by group and scenario. {title}.", "各组客户数及区间。{title}。"
    ),
    "group.stage.new": pair("New", "新客"),
    "group.stage.active": pair("Active", "活跃"),
    "group.stage.lapsing": pair("Lapsing", "流失预警"),
    "group.stage.lost": pair("Lost", "已流失"),
    "group.rfm.new": pair("New", "新客"),
    "group.rfm.champion": pair("Champion", "高价值"),
    "group.rfm.loyal": pair("Loyal", "忠诚"),
    "group.rfm.lapsing": pair("At risk", "有流失风险"),
    "group.rfm.dormant": pair("Dormant", "沉睡"),
}
