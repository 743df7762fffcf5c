"""Unit economics and the budget."""

from __future__ import annotations

from results.phrases.pair import pair

MONEY = {
    "section.money": pair("Unit economics and budget", "单均经济与预算"),
    "money.about": pair(
        "Means over futures; small print 8 of 10 futures. Margin is what an order leaves for marketing, "
        "technology, the team and profit.",
        "各次推演的均值，小字为80%区间。履约后毛利为每单扣除各项直接成本后，可用于营销、技术、团队与利润的部分。",
    ),
    "money.caption": pair(
        "What an order brings under {scenario}, last 365 days", "{scenario}下的每单收支（最后365天）"
    ),
    "money.budget": pair(
        "Budget of {scenario} held against spending, all months", "{scenario}的预算与实际支出（全部月份）"
    ),
    "money.channel": pair("Channel", "渠道"),
    "money.whole": pair("All channels", "全部渠道"),
    "money.purpose": pair("Purpose", "用途"),
    "money.planned": pair("Budget", "预算"),
    "money.actual": pair("Actual", "支出"),
    "money.variance": pair("Difference", "偏差"),
    "money.kind.purpose": pair("purpose", "用途"),
    "money.kind.line": pair("budget line", "预算科目"),
    "money.kind.income": pair("expected income", "预期收入"),
    "money.margin_of": pair("Margin, {scenario}", "履约后毛利（{scenario}）"),
    "money.gross_sales": pair("Gross sales", "销售总额"),
    "money.discounts": pair("Discounts", "折扣"),
    "money.returned_sales": pair("Returns", "退货"),
    "money.net_sales": pair("Net sales", "净销售额"),
    "money.goods": pair("Cost of goods", "商品成本"),
    "money.commission": pair("Commission", "平台佣金"),
    "money.fulfilment": pair("Fulfilment", "履约费用"),
    "money.margin": pair("Margin", "履约后毛利"),
    "money.marketing": pair("Marketing", "营销"),
    "money.technology": pair("Technology", "技术"),
    "money.team": pair("Team", "团队"),
    "money.other": pair("Other", "其他"),
    "money.reserve": pair("Reserve", "预备金"),
    "money.rest": pair("Other, write-offs", "其他与摊销"),
    "money.operating_profit": pair("Operating profit", "营业利润"),
    "chart.waterfall.title": pair(
        "Of {sales} gross sales in the last year {scenario} keeps {profit} as operating profit, a mean over "
        "futures ({band}); most goes to {part}, {cost}",
        "{scenario}最后一年平均销售总额{sales}，营业利润{profit}（{band}）；最大一项支出是{part}，{cost}",
    ),
    "chart.waterfall.loss": pair(
        "On {sales} gross sales in the last year {scenario} loses {profit}, a mean over futures ({band}); "
        "most goes to {part}, {cost}",
        "{scenario}最后一年平均销售总额{sales}，营业亏损{profit}（{band}）；最大一项支出是{part}，{cost}",
    ),
    "chart.waterfall.note": pair(
        "Mean over futures, last 365 days; the line under profit: 8 of 10 futures. Technology "
        "counts when paid; "
        "what is capitalised or worn off is in the last grey bar.",
        "各次推演的均值（最后365天），利润下方横线为80%区间。技术按付款计入，资本化与摊销计入最后的灰条。",
    ),
    "chart.waterfall.alt": pair(
        "Bars from gross sales down to profit, a cost each. {title}.", "从销售总额到利润的瀑布图。{title}。"
    ),
    "chart.spending.title": pair(
        "{scenario} spends {spent} against a budget of {planned} ({change}) on average over futures",
        "{scenario}平均支出{spent}，预算为{planned}（{change}）",
    ),
    "chart.spending.plain": pair(
        "{scenario} spends {spent}, none of it budgeted", "{scenario}支出{spent}，均无预算"
    ),
    "chart.spending.note": pair(
        "Bar: spent over the whole plan; mark: budget; hatched: more than 1 % over it.",
        "色条为全期支出，竖线为预算，斜线为超支1%以上。",
    ),
    "chart.spending.alt": pair(
        "Spending by purpose with the budget marked. {title}.", "各用途支出与预算。{title}。"
    ),
}
