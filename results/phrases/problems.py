"""What is wrong with an input, and what is expected: the usual ones, recognised by their English."""

from __future__ import annotations

from results.phrases.pair import pair, recognised
from results.phrases.refused_histories import EVIDENCE, TABLES
from results.phrases.refused_plans import PLANS, SEARCHES, SWEEPS
from results.phrases.refused_runs import RUNS
from results.phrases.yaml import YAML

PARTS = {  # how a problem is put together
    "problem.found": pair(
        "{said} (found {value}; expected {expected})", "{said}（实际为{value}；应为{expected}）"
    ),
    "problem.nearest": pair("{said}; did you mean {name}?", "{said}；是否想写{name}？"),
    "problem.line": pair("{where}: {said}", "{where}：{said}"),
    "problem.field": pair("{where}: {field}: {said}", "{where}：{field}：{said}"),
}
FOUND = {  # what stands for a value that a file does not hold as such
    **recognised(
        {
            "{n} more rows": "另有{n}行",
            "no rows": "没有数据行",
            "no file": "没有文件",
            "a zero byte": "零字节",
        }
    ),
    **YAML,
}
PROBLEMS = {
    **PLANS,
    **SEARCHES,
    **SWEEPS,
    **TABLES,
    **EVIDENCE,
    **RUNS,
    # The command line.
    "problem.nothing": pair("there is nothing to check", "没有要检查的内容"),
    "problem.small": pair("is too small", "过小"),
    "problem.both": pair("cannot go with --verbose", "不能与 --verbose 同用"),
    "problem.exists": pair("exists already", "已经存在"),
    "problem.named_exists": pair("{name} exists already", "{name}已经存在"),
    "problem.absent": pair("does not exist", "不存在"),
    "problem.extra": pair("lacks the extra {extra}", "缺少扩展组件{extra}"),
    "problem.date": pair("is not a date", "不是日期"),
    "problem.fit_nothing": pair("there is nothing to calibrate to", "没有可供校准的依据"),
    "problem.bounds": pair("cannot be reached by any plan tried: {what}", "试过的方案都无法满足：{what}"),
    "problem.objectives": pair("these are too many objectives", "目标过多"),
    "problem.url": pair("cannot be used: {why}", "无法使用：{why}"),
    # Plans and designs.
    "problem.missing": pair("{name} is missing", "缺少{name}"),
    "problem.is_missing": pair("is missing", "缺少"),
    "problem.no_key": pair("there is no key {name} here", "此处没有{name}这一项"),
    "problem.unknown_key": pair("is not a key that is known here", "不是此处可用的项"),
    "problem.unknown_word": pair("{found} is not one of the known words", "{found}不是可用的词"),
    "problem.name": pair("is not a usable name", "不是可用的名称"),
    "problem.few": pair("has too few entries", "条目过少"),
    "problem.many": pair("has too many entries", "条目过多"),
    "problem.unusable": pair("cannot be used", "无法使用"),
    "problem.text": pair("is not text", "不是文本"),
    "problem.twice": pair("is given twice, first on line {line}", "重复出现，首次在第{line}行"),
    "problem.itself": pair("refers to itself", "引用了自身"),
    "problem.circle": pair("the plans extend each other in a circle", "计划之间循环继承"),
    "problem.extends": pair("there is no plan {name} to extend", "没有可继承的计划{name}"),
    "problem.late_phase": pair("the phase starts after the plan has ended", "该阶段在计划结束之后才开始"),
    "problem.fixed": pair("a scenario cannot change {name}", "方案不能更改{name}"),
    "problem.channel": pair("no channel is called {name}", "没有名为{name}的渠道"),
    "problem.no_store": pair("the plan has no store", "计划中没有门店"),
    "problem.shares": pair("is not a set of shares that sum to 1", "不是合计为1的一组占比"),
    "problem.no_sum": pair(
        "{n} shares of {low} to {high} cannot sum to 1", "{n}个介于{low}与{high}之间的占比无法合计为1"
    ),
    "problem.follows": pair("follows {name}, which the search does not vary", "跟随{name}，而搜索并不改变它"),
    # Histories.
    "problem.unreadable": pair("cannot be read", "无法读取"),
    "problem.column": pair("has no column {name}, named by {where}", "没有{where}所指的列{name}"),
    "problem.spelling": pair("differs from {name} only in case or blanks", "与{name}仅大小写或空格不同"),
    "problem.no_sales": pair("holds no sales", "没有销售数据"),
    "problem.blank": pair("is blank", "为空"),
    "problem.header": pair("stands twice in the header", "在表头中出现两次"),
    "problem.far": pair("lies years away from the other dates", "与其他日期相差多年"),
    "problem.short_log": pair("the log is too short", "订单记录过短"),
    "problem.no_forecast": pair("nothing to forecast", "没有可预测的内容"),
    "problem.no_plan": pair("no bundled plan is called {name}", "没有名为{name}的自带计划"),
    "problem.no_scenario": pair("the plan {plan} has no scenario {name}", "计划{plan}没有方案{name}"),
    "problem.base": pair("there is no scenario {name}", "没有方案{name}"),
    "problem.indicator": pair("no indicator is called {name}", "没有名为{name}的指标"),
    "problem.no_run": pair("is not a run", "不是一次运行的结果"),
    "problem.no_table": pair("this run has no table {name}", "该运行没有数据表{name}"),
    "problem.no_levers": pair(
        "has no plan and parameters whose levers could be moved", "没有可供调整杠杆的计划与参数"
    ),
    "problem.overwritten": pair("exists already and is not overwritten", "已经存在，不予覆盖"),
    "problem.written": pair("cannot be written: {why}", "无法写入：{why}"),
    "problem.date_why": pair("is not a date: {why}", "不是日期：{why}"),
    "problem.number": pair("is not a number", "不是数值"),
    "problem.whole": pair("is not a whole number", "不是整数"),
    "problem.finite": pair("is not a finite number", "不是有限的数值"),
    "problem.bool": pair("is neither true nor false", "既不是 true 也不是 false"),
    "problem.empty": pair("is empty", "为空"),
    "problem.list": pair("is not a list", "不是列表"),
    "problem.mapping": pair("is not a mapping", "不是键值映射"),
    "problem.large": pair("is too large", "过大"),
    "problem.place": pair("there is no {name} in {place}", "{place}中没有{name}"),
    "problem.unknown": pair("{name} is not known here", "此处不认识{name}"),
    "problem.parameter": pair("the market has no parameter {name}", "市场模型没有参数{name}"),
    "problem.late_channel": pair("the channel opens after the plan has ended", "该渠道在计划结束之后才开业"),
    "problem.late_initiative": pair(
        "the initiative starts after the plan has ended", "该举措在计划结束之后才开始"
    ),
    "problem.late_risk": pair("the risk strikes after the plan has ended", "该风险在计划结束之后才发生"),
    "problem.late_policy": pair("the policy starts after the plan has ended", "该政策在计划结束之后才开始"),
    "problem.late_rival": pair("the rival opens after the plan has ended", "该竞争者在计划结束之后才开业"),
    "problem.phase": pair("no phase is called {name}", "没有名为{name}的阶段"),
    "problem.two_phases": pair("two phases have the same name", "两个阶段同名"),
    "problem.no_channel": pair("no channel is open on the first day", "首日没有任何渠道在营业"),
    "problem.sum": pair("the open channels' shares sum to {n}, not 1", "营业渠道的占比合计为{n}，而不是1"),
    "problem.compute": pair("the market cannot compute {name} yet", "市场模型尚不能计算{name}"),
    "problem.no_target": pair(
        "no target of this group can be measured on this plan", "该组目标在此计划上均无法衡量"
    ),
    "problem.varies_none": pair("the search varies no line of the plan", "搜索没有改变计划的任何一项"),
    "problem.scheduler": pair("no scheduler answers within {n} s: {why}", "{n}秒内没有调度器应答：{why}"),
    "problem.package": pair(
        "needs a package that is not installed ({name})", "需要尚未安装的软件包（{name}）"
    ),
    "problem.nothing_to_fit": pair(
        "has neither sales nor transactions, so nothing to fit or forecast",
        "既无销售也无订单，没有可供校准或预测的内容",
    ),
    "problem.some_periods": pair(
        "only {n} of {all} {period} from the first date to the last are there",
        "首末日期之间共{all}期（{period}），只有{n}期有数据",
    ),
    # What is expected.
    "expected.indicator": pair("an indicator's key", "指标的键名"),
    "expected.run_folder": pair(
        "a run's folder with a complete manifest.json", "含完整 manifest.json 的运行目录"
    ),
    "expected.text": pair("text", "文本"),
    "expected.some_text": pair("some text", "非空文本"),
    "expected.a_number": pair("a plain number, such as 5000000 or 0.35", "普通数值，例如5000000或0.35"),
    "expected.a_whole": pair("a whole number", "整数"),
    "expected.a_finite": pair("a finite number", "有限的数值"),
    "expected.bool": pair("true or false", "true 或 false"),
    "expected.list": pair("a list", "列表"),
    "expected.mapping": pair("a mapping of keys to values", "键值映射"),
    "expected.more": pair("a number of more than {n}", "大于{n}的数值"),
    "expected.less": pair("a number of less than {n}", "小于{n}的数值"),
    "expected.currency": pair("three capital letters, such as CNY", "三个大写字母，例如 CNY"),
    "expected.name": pair(
        "lower-case letters, digits and underscores, starting with a letter",
        "以字母开头，由小写字母、数字与下划线组成",
    ),
    "expected.title": pair(
        "letters, digits, blanks, dots, hyphens and underscores, starting with a letter or digit",
        "字母、数字、空格、圆点、短横与下划线，以字母或数字开头",
    ),
    "expected.open": pair("at least one open channel", "至少一个营业中的渠道"),
    "expected.tables": pair("tables.sales or tables.transactions", "tables.sales 或 tables.transactions"),
    "expected.scheduler": pair(
        "the address of a running Dask scheduler, such as {address}, or a profile (YAML)",
        "运行中的 Dask 调度器地址，例如{address}，或配置文件（YAML）",
    ),
    "expected.one_of": pair("one of {names}", "{names}之一"),
    "expected.file_or_plan": pair("a file or --plan NAME", "文件或 --plan 名称"),
    "expected.yaml": pair("a YAML file or one of {names}", "YAML 文件，或{names}之一"),
    "expected.whole": pair("a whole number of at least {n}", "不小于{n}的整数"),
    "expected.value": pair("a value for {name}", "{name}的值"),
    "expected.readable": pair("a readable file", "可读取的文件"),
    "expected.new_file": pair("a new file", "新的文件"),
    "expected.new_folder": pair("a new folder", "新的目录"),
    "expected.folder": pair("a folder to write to", "可写入的目录"),
    "expected.existing": pair("an existing file", "已有的文件"),
    "expected.date": pair("a date such as {day}", "日期，例如{day}"),
    "expected.history": pair("a plan, a history, or both", "计划、历史数据，或两者"),
    "expected.two": pair("one of them", "二者之一"),
    "expected.run": pair("a run in {folder}", "{folder}中的运行"),
    "expected.run_of_run": pair("a run of `omolab run`", "`omolab run` 的运行结果"),
    "expected.month": pair("a month from {first} to {last}", "{first}到{last}之间的月份"),
    "expected.once": pair("each key once", "每一项只出现一次"),
    "expected.least": pair("at least {n} of them", "至少{n}个"),
    "expected.most": pair("at most {n} of them", "至多{n}个"),
    "expected.number": pair("a number such as {n}", "数值，例如{n}"),
    "expected.at_least": pair("a number of at least {n}", "不小于{n}的数值"),
    "expected.at_most": pair("a number of at most {n}", "不大于{n}的数值"),
    "expected.column_once": pair("each column once", "每列只出现一次"),
    "expected.spelling": pair("one spelling of each name", "每个名称只有一种写法"),
    "expected.near": pair("dates near the others", "与其他日期相近的日期"),
    "expected.one_sale": pair("at least one sale", "至少一笔销售"),
    "expected.bounds": pair("bounds that some plan keeps", "有方案能满足的约束"),
    "expected.quote": pair("text; quote it", "文本，请加引号"),
}
