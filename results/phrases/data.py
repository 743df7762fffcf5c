"""What the reading of a history finds in its data, recognised by its English."""

from __future__ import annotations

from results.phrases.pair import pair

PERIODS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}
SPANS = {"day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
KINDS = {
    **{f"span.{period}": pair(period, chinese) for period, chinese in SPANS.items()},
    "found_kind.coverage": pair("coverage", "覆盖范围"),
    "found_kind.blank": pair("blank", "空白"),
    "found_kind.late start": pair("late start", "起步较晚"),
    "found_kind.early end": pair("early end", "提前结束"),
    "found_kind.partial period": pair("partial period", "不完整的一期"),
    "found_kind.gap": pair("gap", "缺口"),
    "found_kind.no customer": pair("no customer", "缺客户"),
    "found_kind.negative": pair("negative", "负数"),
    "found_kind.zero": pair("zero", "零值"),
    "found_kind.repeated rows": pair("repeated rows", "重复行"),
    "found_kind.crowded customer": pair("crowded customer", "过于集中的客户"),
    "found_kind.no currency": pair("no currency", "缺币种"),
    "found_kind.outside": pair("outside", "超出期间"),
    "found_kind.unknown channel": pair("unknown channel", "未知渠道"),
    "found_kind.shut": pair("shut", "休业"),
    "found_kind.jump": pair("jump", "突变"),
    "found_kind.unit": pair("unit", "单位"),
}
DATA = {
    "data.no_spend": pair("blank cells: {n}, taken as nothing spent", "{n}个空白单元格：按无支出处理"),
    "data.normal": pair("blank cells: {n}, taken as normal (1)", "{n}个空白单元格：按正常水平（1）处理"),
    "data.left_out": pair("rows without {measure}: {n}, left out", "{n}行缺{measure}：已略去"),
    "data.no_sales": pair("blank sales: {n}, taken as not known", "{n}个销售额空白：按未知处理"),
    "data.late": pair(
        "{channel} has no sales before {day}: taken as not yet open",
        "{channel}在{day}之前没有销售：视为尚未开业",
    ),
    "data.unit": pair(
        "{channel} goes on at {n} times its revenue from {day} on: another unit?",
        "{channel}自{day}起的销售额变为此前的{n}倍：是否换了单位或币种？",
    ),
    "data.unfinished": pair(
        "orders after {day}: {n}, in an unfinished week, not fitted or scored",
        "{day}之后的{n}笔订单处于未完的一周，不参与拟合与评分",
    ),
    "data.empty": pair("weeks without orders: {n}, taken as nothing sold", "{n}周没有订单：按零销售处理"),
    "data.nobody": pair(
        "rows without a customer: {n} ({share}), kept as orders, left out of repeat buying",
        "{n}行（{share}）没有客户编号：计入订单，不计入复购",
    ),
    "data.negative": pair(
        "negative rows: {n}, taken as returns and cancellations", "{n}行为负数：视为退货与取消"
    ),
    "data.zero": pair(
        "rows worth nothing: {n}, counted as orders where they name a customer",
        "{n}行金额为零：有客户编号的计为订单",
    ),
    "data.repeated": pair(
        "rows that repeat an earlier one in every column: {n}, kept", "{n}行与前面的行完全相同：予以保留"
    ),
    "data.crowded": pair(
        "customer {name} has {n} of {all} rows: a placeholder?",
        "客户{name}占全部{all}行中的{n}行：是否为占位编号？",
    ),
    "data.currency": pair(
        "no currency is named: amounts are compared as they stand", "未注明币种：金额按原值比较"
    ),
    "data.outside": pair(
        "entries before {first}: {n}, after {last}: {m}, outside the history",
        "{first}之前有{n}条、{last}之后有{m}条，超出历史期间",
    ),
    "data.strangers": pair("names channels without sales: {names}", "含有没有销售数据的渠道：{names}"),
    "data.hole": pair("{channel} is not known in {days}", "{channel}在{days}没有数据"),
    "data.jump": pair(
        "{channel} is {n} times above or below its neighbours: {days}",
        "{channel}比前后各期高或低{n}倍以上：{days}",
    ),
    "data.shut": pair(
        "{channel} has no rows on {days}: taken as shut", "{channel}在{days}没有数据行：按休业处理"
    ),
    **{
        f"data.missing.{ending}": pair(
            f"{{n}} {ending} missing: {{days}}", f"缺{{n}}{chinese}的数据：{{days}}"
        )
        for period, chinese in PERIODS.items()
        for ending in (f"{period} is", f"{period}s are")
    },
    **{
        f"data.early.{period}": pair(
            f"{{channel}} is not known in the last {{n}} of {{all}} {period}s",
            f"{{channel}}在全部{{all}}{chinese}的最后{{n}}{chinese}没有数据",
        )
        for period, chinese in PERIODS.items()
    },
}
COVERAGE = {  # parts of one line, recognised there only
    "cover.span": pair("{first} to {last}", "{first}至{last}"),
    "cover.customers": pair("{n} customers", "{n}名客户"),
    "cover.channel": pair("channel: {names}", "渠道：{names}"),
    "cover.source": pair("source: {names}", "来源：{names}"),
    "cover.driver": pair("driver: {names}", "外部因素：{names}"),
    "cover.group": pair("group: {names}", "组别：{names}"),
    **{
        f"cover.{period}{end}": pair(f"{{n}} {period}{end}", f"{{n}}{chinese}")
        for period, chinese in PERIODS.items()
        for end in ("", "s")
    },
}
