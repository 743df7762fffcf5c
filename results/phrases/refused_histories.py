"""Why histories are refused, and what is expected instead; recognised by their English."""

from __future__ import annotations

from results.phrases.pair import recognised

TABLES = recognised(
    {
        # Files.
        "is not there": "不存在",
        "a file that exists": "存在的文件",
        "a path, or one that begins with ${{OMOLAB_DATA}}": "路径，或以 ${{OMOLAB_DATA}} 开头的路径",
        "is not a kind of table that can be read": "不是可读取的表格类型",
        "a .csv, .tsv, .txt, .parquet or .xlsx file": ".csv、.tsv、.txt、.parquet 或 .xlsx 文件",
        "is not {encoding} text": "不是 {encoding} 文本",
        "text saved as {encoding}": "以 {encoding} 保存的文本",
        "text saved as UTF-8, or encoding: {encoding} beside the table's file in history.yaml": (
            "以 UTF-8 保存的文本，或在 history.yaml 中该表的 file 旁写 encoding: {encoding}"
        ),
        "one row for each date and channel: add_up: true, or map the column that tells them apart": (
            "每个日期和渠道一行：写 add_up: true，或映射能区分各行的列"
        ),
        "rename: gives new names, but no column names channels": "rename: 给出了新名称，但没有列写明渠道",
        "channel under columns:": "columns: 下的 channel",
        "is renamed, but column {name} has no such name": "被改名，但 {name} 列中没有这个名称",
        "has more channels than the market knows": "渠道数超过市场模型所能容纳的数目",
        "at most {n} channels: rename: in the mapping adds stores up to one": (
            "至多{n}个渠道：在映射中用 rename: 把门店合并为一个"
        ),
        "the books are in another currency than the plan": "账目的币种与方案不同",
        "{currency}, amounts turned into it by scale: in the mapping": (
            "{currency}，并在映射中用 scale: 把金额换算过来"
        ),
        "names no amount, or both ways": "没有指明金额，或同时给出了两种写法",
        "amount, or price and quantity under columns:": "columns: 下的 amount，或 price 和 quantity",
        "holds {tables} but neither sales nor transactions: without a plan there is no market": (
            "只有 {tables}，没有销售额或交易：没有方案就没有市场可言"
        ),
        "a plan whose market they teach (`omolab calibrate PLAN --history ...`), or tables.sales": (
            "一份方案，由这些实验校准其市场（`omolab calibrate PLAN --history ...`），或 tables.sales"
        ),
        "is not a table": "不是表格",
        "a table of delimited text": "以分隔符分列的文本表格",
        "is an empty table": "是空表",
        "a header and at least one row": "表头和至少一行数据",
        "has no header in its first row": "第一行不是表头",
        "names of columns": "列名",
        "has another number of cells": "单元格数目不符",
        "{n} cells, as in the header": "{n}个单元格，与表头一致",
        "cannot be read as a table": "无法作为表格读取",
        "a sound {kind} file": "完好的{kind}文件",
        "needs openpyxl": "需要 openpyxl",
        "the extra: pip install 'omolab[excel]'": "安装扩展组件：pip install 'omolab[excel]'",
        "no table could be made out": "没有认出任何表格",
        "columns such as date and sales, or customer, date and amount": (
            "诸如“日期、销售额”或“客户、日期、金额”的列"
        ),
        # Cells.
        "{why}, in {n} rows": "{why}（共{n}行）",
        "is not a number that can be used": "不是可用的数值",
        "is out of range": "超出范围",
        "is negative": "为负数",
        "{n} or more": "不小于{n}",
        "is neither": "两者都不是",
        "yes or no, 1 or 0": "是或否（yes/no），1 或 0",
        "a name": "名称",
        "has too many names: it is some other column, or the channels want grouping": (
            "名称过多：可能不是这一列，或渠道需要归并"
        ),
        "at most {n} channels": "至多{n}个渠道",
        # Dates and periods.
        "is no day of the calendar": "不是日历上的日期",
        "is written in another way than most of the column ({how})": "与该列大多数的写法（{how}）不同",
        "one way of writing dates in a column": "同一列的日期只用一种写法",
        "lies too far from today": "距今过远",
        "a year from 1900 to 2099": "1900至2099之间的年份",
        "dates are written by {period}": "日期按{period}书写",
        "period: {period}, by the spacing of the dates": "按日期间隔应为 period: {period}",
        "the dates do not show the period; give {name}": "从日期看不出周期；请给出{name}",
        "period: day, week, month, quarter or year": (
            "period 取 day、week、month、quarter 或 year（日、周、月、季、年）"
        ),
        "{n} dates fall in the same {period} as another": "有{n}个日期与另一日期落在同一期（{period}）",
        "dates one {period} apart": "日期之间相隔一期（{period}）",
        "falls on another weekday than most weeks begin on": "星期几与大多数周的起始日不同",
        "orders need their day": "订单需要具体到日",
        "a day for each order, such as 2021-04-03": "每笔订单的日期，例如2021-04-03",
        "orders of a week or more": "至少一周的订单",
        # Rows.
        "repeats the {names} of an earlier row (the first is row {row})": (
            "与前面某行的{names}重复（首次在第{row}行）"
        ),
        "one row for each date and channel: add the rows up, or map the column that tells them apart": (
            "每个日期与渠道一行：请先合计，或映射能区分它们的列"
        ),
        "one row for each date and name: add the rows up": "每个日期与名称一行：请先合计",
        "one row for each customer": "每位客户一行",
        "one row a product, store and period": "每个商品、门店与周期一行",
        # Channels and totals.
        "cannot name a channel": "不能用作渠道名称",
        "a short name without a dot, other than {names}": "不含圆点的短名称，且不是{names}",
        "an order has one channel": "一笔订单只属于一个渠道",
        "a channel other than {total}, {names}": "{total}、{names}以外的渠道",
        "the log does not say in which channel its orders were placed": "交易明细没有说明订单来自哪个渠道",
        "constants: {{channel: online}}, or channel under columns:": (
            "给出 constants: {{channel: online}}，或在 columns: 下给出 channel"
        ),
        "is declared, but no channel is called total": "已声明，但没有名为 total 的渠道",
        "a channel called total": "名为 total 的渠道",
        "the named channels leave a part of total over, and {name} is one of them": (
            "各渠道之和小于 total，而{name}已是其中之一"
        ),
        "remainder: NAME for the rest": "用 remainder: 名称 命名其余部分",
        "the named channels' {measure} exceeds the total": "各渠道的{measure}之和超过 total",
        "a total of all channels": "全部渠道的合计",
        # The mapping.
        "is named by both {one} and {other}": "同时被{one}与{other}引用",
        "a column for each field": "每个字段各有一列",
        "constants cannot give {name}": "constants 不能给出{name}",
        "{name} stands under both columns and constants": "{name}同时出现在 columns 与 constants 下",
        "one of the two": "二者之一",
        "a table with channels: has more than the date under columns:": (
            "含 channels: 的表，其 columns: 下只应有日期"
        ),
        "a table with sources: has more than the date under columns:": (
            "含 sources: 的表，其 columns: 下只应有日期"
        ),
        "names nothing sold": "没有指明销售数据",
        "revenue, orders, units or visits under columns:, or channels:": (
            "在 columns: 下给出 revenue、orders、units 或 visits，或给出 channels:"
        ),
        "channel {name} names no column": "渠道{name}没有指明列",
        "source {name} names no column": "来源{name}没有指明列",
        "{{spend: ...}} or {{impressions: ...}}": "{{spend: ...}} 或 {{impressions: ...}}",
        "names no source with spend or impressions": "没有指明带有 spend 或 impressions 的来源",
        "them under columns:, or sources:": "在 columns: 下给出，或给出 sources:",
        "names no units, or both ways": "没有指明销量，或两种方式都用了",
        "units or log_units under columns:": "在 columns: 下给出 units 或 log_units",
        "names no driver, or both ways": "没有指明外部因素，或两种方式都用了",
        "drivers:, or driver and value under columns:": "给出 drivers:，或在 columns: 下给出 driver 与 value",
        "there is no table": "没有数据表",
        "at least one of {names}": "{names}中至少一个",
    }
)
EVIDENCE = recognised(
    {
        # Experiments.
        "has {n} groups": "有{n}个组",
        "2 to 100 groups, one untreated": "2至100个组，其中一组未受处理",
        "is no group of the experiment": "不是该试验的组",
        "is no group of the file": "不是该文件的组",
        "does not say which group was left alone": "没有说明哪一组未受处理",
        "control: one of {names}": "control 取{names}之一",
        "has too few campaigns that can be read": "可读取的活动过少",
        "{n} with weeks before and others left out": "{n}个活动，之前各有数周，且有未参与者",
        "{n} days before spending differs, three regions in each group": (
            "投放出现差异之前有{n}天，每组三个地区"
        ),
        "cannot be read for media": "无法用于媒体分析",
        "1 to {n} media, and sales in every week": "1至{n}种媒体，且每周都有销售",
        "has too few customers in a group": "某一组的客户过少",
        "{n} customers in each group": "每组{n}名客户",
        "has no visits or no orders": "没有访问或没有订单",
        "visit and conversion under columns:": "在 columns: 下给出 visit 与 conversion",
        "has too few products with prices": "带有价格的商品过少",
        "two products or more, 200 rows of each": "两个或更多商品，各有200行",
        # What a history is asked for.
        "holds a factor that cannot be": "含有不可能的系数",
        "factors >= 0": "不小于0的系数",
        "factors above 0": "大于0的系数",
        "has no customer log": "没有客户交易明细",
        "tables.transactions with a customer column": "tables.transactions，且含客户列",
        "no whole {period} ends by {day}": "到{day}为止没有完整的一期（{period}）",
        "a day on or after {day}": "{day}或之后的日期",
        "the history runs from {first} to {last}, the plan from {start} on": (
            "历史为{first}至{last}，计划从{start}开始"
        ),
        "at least one whole month of the plan, which has {n}": "计划（共{n}个月）中至少一个完整的月份",
        # Origins of a back-test.
        "no origin to forecast from": "没有可作为预测起点的日期",
        "a whole number, 1 or more": "不小于1的整数",
        "a whole number of periods, 1 or more": "不小于1的期数（整数）",
        "lies outside the history, {first} to {last}": "不在历史期间（{first}至{last}）之内",
        "leaves fewer than {n} {period}s after it to score": "其后不足{n}期（{period}）可供评分",
        "leaves fewer than {n} whole {period}s to learn from": "其前不足{n}个完整的期（{period}）可供学习",
        "a date from {first} to {last}": "{first}至{last}之间的日期",
        "a history of {n} {period}s or a shorter horizon": "{n}期（{period}）的历史，或更短的预测期",
        "{n} origins with {ahead} {period}s after each do not fit into the last half of {all} {unit}s": (
            "{n}个起点、其后各{ahead}期（{period}），放不进全部{all}期（{unit}）的后一半"
        ),
        "{n} {period}s, fewer origins or a shorter horizon": "{n}期（{period}），或更少的起点、更短的预测期",
    }
)
