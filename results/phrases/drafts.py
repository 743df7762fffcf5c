"""What a drafted ``history.yaml`` says beside its lines; recognised by its English."""

from __future__ import annotations

from results.phrases.pair import recognised

DRAFTS = recognised(
    {
        "Drafted from the files named below. Look at every line marked with '?'.": (
            "由下列文件拟成的草稿。凡标有“?”的行都请核对。"
        ),
        "no column names a currency": "没有列写明币种",
        "by the language of the columns": "按列名所用的语言推测",
        "by the column's name": "按列名",
        "by the bytes: are all names legible?": "按字节推测：名称都能正常显示吗？",
        "the dates do not show it": "从日期看不出",
        "not used: {columns}": "未使用：{columns}",
        "is this what was paid?": "这是实付金额吗？",
        "of one piece: an amount is this times the quantity": "单价：金额等于它乘以数量",
        "rows with the same number are added up to one order": "编号相同的行合并为一笔订单",
        "no column says where orders were placed": "没有列说明在哪里下单",
        "several rows a date: is each a part, and none a total of others?": (
            "每个日期有多行：各行都是一部分，没有哪一行是其他行的合计吧？"
        ),
        "stores are added up to one channel: leave out a line to keep one apart": (
            "各门店合并为一个渠道：删去一行，该门店即单列"
        ),
        "as plans call their channels": "与方案中的渠道名称一致",
        "taken as revenue: no word says what is counted": "当作销售额：列名没有说明统计的是什么",
        "no column tells channels apart: all of it is taken as store": "没有列区分渠道：全部当作门店",
        "is this a channel?": "这是一个渠道吗？",
        "is this what was spent?": "这是投放花费吗？",
        "1 is normal, 0 is shut": "1 为正常，0 为关闭",
        "which customers were treated": "哪些客户受到了处理",
        "or {columns}": "或 {columns}",
        "a number above 12 is no month": "大于12的数字不是月份",
        "so every date is the first of a month": "这样每个日期都是月初",
        "so the dates are evenly spaced": "这样日期间隔均匀",
        "dots are written day first": "用点号时日在前",
        "it may be month_first": "也可能是 month_first（月在前）",
        "nothing in {file} could be placed: {columns}": "{file} 中没有可归类的内容：{columns}",
        "{file} also looks like a table of {table}": "{file} 看起来也是 {table} 表",
    }
)
