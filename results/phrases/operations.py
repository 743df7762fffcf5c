"""Stock and service, and the way from visit to order in each channel."""

from __future__ import annotations

from results.phrases.pair import pair

OPERATIONS = {
    "section.operations": pair("Stock and service", "库存与服务"),
    "operations.about": pair(
        "A stock-out is an order that found nothing on the shelf; order handling is the time an order waits "
        "and is worked on before it leaves; the response rate is the share of questions that were answered.",
        "缺货率指想下单而无货的比例；订单处理时长含排队与作业，到发出为止；响应率为得到答复的咨询占比。",
    ),
    "operations.absent": pair(
        "Not followed, as the plan says nothing of it: {kpis}.", "计划未涉及、因而未跟踪：{kpis}。"
    ),
    "chart.by_channel.title": pair(
        "{scenario}: {kpi} {p50} in the last year (8 of 10 futures: {band}); highest in {channel}, {most}",
        "{scenario}：最后一年{kpi}为{p50}（80%区间：{band}），{channel}最高，为{most}",
    ),
    "chart.by_channel.one": pair(
        "{scenario}: {kpi} {p50} in the last year (8 of 10 futures: {band})",
        "{scenario}：最后一年{kpi}为{p50}（80%区间：{band}）",
    ),
    "chart.by_channel.note": pair(
        "Last year by channel; mark: the median future; lines: 8 of 10 futures.",
        "最后一年各渠道的数值；标记为中位数，横线为80%区间。",
    ),
    "chart.by_channel.alt": pair(
        "Dots with intervals by channel and scenario. {title}.", "各渠道各方案的数值及区间。{title}。"
    ),
    "chart.channel_funnel.title": pair(
        "{scenario}: in {channel} {p50} of the filled carts are paid for (8 of 10 futures: {band}), "
        "in {other} {least}",
        "{scenario}：{channel}有{p50}的购物车完成支付（80%区间：{band}），{other}为{least}",
    ),
    "chart.channel_funnel.one": pair(
        "{scenario}: in {channel} {p50} of the filled carts are paid for (8 of 10 futures: {band})",
        "{scenario}：{channel}有{p50}的购物车完成支付（80%区间：{band}）",
    ),
    "chart.channel_funnel.note": pair(
        "Share of each online channel's visits or filled carts that come this far, last year; lines: 8 of 10 "
        "futures. A cart may be filled in another channel than the customer looked in.",
        "最后一年各线上渠道的访问或购物车到达该步骤的占比；横线为80%区间。客户可在一个渠道浏览、在另一渠道加购。",
    ),
    "chart.channel_funnel.alt": pair(
        "Dots with intervals: steps from visit to order by channel. {title}.",
        "各渠道从访问到下单各步骤的占比及区间。{title}。",
    ),
    "step.stayed": pair("Looks on, of visits", "继续浏览（占访问）"),
    "step.checkouts": pair("Goes to checkout, of carts", "进入结算（占加购）"),
    "step.submitted": pair("Submits an order, of carts", "提交订单（占加购）"),
    "step.orders": pair("Pays, of carts", "支付成功（占加购）"),
}
