"""Help of commands and options, recognised by its English; `omolab.help` lays it out."""

from __future__ import annotations

from results.phrases.pair import pair

HELP = {
    "help.text.what": pair(
        "What will this omnichannel plan do, how sure is that, and what would do better?",
        "这份全渠道计划会带来什么结果，把握有多大，怎样做会更好？",
    ),
    "help.text.start": pair(
        "Start with `omolab demo`. Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted (the "
        "same command takes the work up again).",
        "可先运行 `omolab demo`。退出码：0 完成，1 失败，2 输入有误，130 被中"
        "断（再次运行同一命令即可继续）。",
    ),
    "help.text.version": pair(
        "Print the version and stop.",
        "显示版本号后退出。",
    ),
    "help.text.language": pair(
        "Language of help and answers [en].",
        "帮助与输出的语言[en]。",
    ),
    "help.text.install": pair(
        "Install completion for the current shell.",
        "为当前 shell 安装命令补全。",
    ),
    "help.text.completion": pair(
        "Show completion for the current shell, to copy it or customize the installation.",
        "显示当前 shell 的补全脚本，供复制或自行安装。",
    ),
    "help.text.show": pair(
        "Show this message and exit.",
        "显示本帮助后退出。",
    ),
    "help.text.demo": pair(
        "Do the main job on a bundled plan and history.",
        "用自带的计划与历史数据完整演示一遍。",
    ),
    "help.text.demo_more": pair(
        "Calibrates, simulates the scenarios, compares them and writes a report.",
        "依次校准、推演各方案、比较并生成报告。",
    ),
    "help.text.out": pair(
        "Where to write [results/runs/<time>-<verb>-<name>].",
        "写入的目录[results/runs/<time>-<verb>-<name>]。",
    ),
    "help.text.seed": pair(
        "Same inputs and seed, same numbers.",
        "输入与随机种子相同，结果即相同。",
    ),
    "help.text.threads": pair(
        "Cores to use [all].",
        "使用的处理器核数[全部]。",
    ),
    "help.text.json": pair(
        "One JSON document on standard output.",
        "在标准输出给出一份 JSON 文档。",
    ),
    "help.text.lang": pair(
        "Language of tables and report.",
        "表格与报告的语言。",
    ),
    "help.text.quiet": pair(
        "No progress, only the answer.",
        "不显示进度，只给结果。",
    ),
    "help.text.verbose": pair(
        "Finer progress, what took how long, errors in full.",
        "更细的进度、各步耗时与完整的错误信息。",
    ),
    "help.text.plans": pair(
        "List the bundled plans.",
        "列出自带的计划。",
    ),
    "help.text.new": pair(
        "Copy a bundled plan into your own folder, to edit.",
        "把自带的计划复制到自己的目录中修改。",
    ),
    "help.text.new_dir": pair(
        "A folder to make.",
        "要新建的目录。",
    ),
    "help.text.new_plan": pair(
        "The bundled plan to copy.",
        "要复制的自带计划。",
    ),
    "help.text.check": pair(
        "Validate plans and histories; list what is not modelled yet.",
        "检查计划与历史数据，并列出尚未建模的内容。",
    ),
    "help.text.files": pair(
        "Plans and histories (YAML).",
        "计划与历史数据的 YAML 文件。",
    ),
    "help.text.plan": pair(
        "A bundled plan's name or a YAML file.",
        "自带计划的名称，或 YAML 文件。",
    ),
    "help.text.history": pair(
        "Draft a history.yaml from your files; report data quality.",
        "根据数据文件起草 history.yaml，并报告数据质量。",
    ),
    "help.text.tables_in": pair(
        "CSV, Parquet or Excel files.",
        "CSV、Parquet 或 Excel 文件。",
    ),
    "help.text.draft": pair(
        "Where to write the draft [standard output].",
        "草稿写入的文件[标准输出]。",
    ),
    "help.text.calibrate": pair(
        "Fit the market to a history.",
        "按历史数据校准市场模型。",
    ),
    "help.text.calibrate_more": pair(
        "Leaves an ensemble of parameters, and names those the history could not tell.",
        "得到一组参数，并指出历史数据无法识别的参数。",
    ),
    "help.text.history_file": pair(
        "A history.yaml.",
        "一份 history.yaml。",
    ),
    "help.text.members": pair(
        "Draws of the parameters [24 or 48].",
        "参数抽样数[24或48]。",
    ),
    "help.text.forecast": pair(
        "Forecast what the plan brings, with intervals.",
        "预测计划的结果及其区间。",
    ),
    "help.text.fit": pair(
        "A run of `omolab calibrate`.",
        "一次 `omolab calibrate` 的运行结果。",
    ),
    "help.text.months": pair(
        "Months [the plan's].",
        "月数[按计划]。",
    ),
    "help.text.backtest": pair(
        "Forecast a history's own past, or the other half of its experiment, beside statistical baselines.",
        "对历史数据或其中实验的另一半作回测，并与统计基准模型对照。",
    ),
    "help.text.cutoff": pair(
        "An origin; repeat for several.",
        "预测起点；可重复给出多个。",
    ),
    "help.text.periods": pair(
        "Periods of the sales table ahead.",
        "向前预测的期数（以销售表的周期计）。",
    ),
    "help.text.origins": pair(
        "Origins in the last half, without --cutoff.",
        "未给 --cutoff 时，在后半段历史中取的起点数。",
    ),
    "help.text.run": pair(
        "Simulate a plan's scenarios: odds of targets, differences.",
        "推演计划的各方案：目标达成概率与方案差异。",
    ),
    "help.text.scenario": pair(
        "Repeat for several [all].",
        "可重复给出多个[全部]。",
    ),
    "help.text.customers": pair(
        "Simulated customers.",
        "模拟的客户数。",
    ),
    "help.text.replicates": pair(
        "Seeds for each draw of the parameters.",
        "每组参数使用的随机种子数。",
    ),
    "help.text.cluster": pair(
        "A Dask scheduler, or a profile (YAML) to start one.",
        "Dask 调度器的地址，或用于启动它的配置文件（YAML）。",
    ),
    "help.text.compare": pair(
        "Compare scenarios within a run, or across runs and plans.",
        "比较一次运行内，或多次运行、多个计划之间的方案。",
    ),
    "help.text.compare_more": pair(
        "With `--target` the same target is put to each of them, whatever its plan promises; repeat "
        "for several.",
        "加 `--target` 可用同一目标衡量各方案，不论其计划如何承诺；可重复给出多个。",
    ),
    "help.text.target": pair(
        "Ask all of them: 'repurchase >= 45% by 2029'.",
        "对所有方案提出同一目标，例如 'repurchase >= 45% by 2029'。",
    ),
    "help.text.runs_in": pair(
        "One run, or several of any plans.",
        "一次运行，或任意计划的多次运行。",
    ),
    "help.text.base": pair(
        "Scenario compared with.",
        "作为比较基准的方案。",
    ),
    "help.text.search": pair(
        "Search for a better budget within the plan's constraints.",
        "在计划的约束内搜索更优的预算。",
    ),
    "help.text.trials": pair(
        "Plans to try.",
        "尝试的方案数。",
    ),
    "help.text.objective": pair(
        "Repeat for several [the plan's].",
        "可重复给出多个[按计划]。",
    ),
    "help.text.storage": pair(
        "Optuna storage [a journal in the run].",
        "Optuna 的存储地址[运行目录中的日志]。",
    ),
    "help.text.sweep": pair(
        "Run a plan over a grid or sample of settings.",
        "在网格或抽样的设定上推演计划。",
    ),
    "help.text.sweep_more": pair(
        "Taken up where it stopped; what earlier sweeps have run is not run again.",
        "中断后可继续；以往扫描已算过的不再重算。",
    ),
    "help.text.design": pair(
        "A sweep's design (YAML).",
        "扫描设计文件（YAML）。",
    ),
    "help.text.levers": pair(
        "Move each lever by itself: what it does to each indicator.",
        "逐一调整每个杠杆，看它对各项指标的影响。",
    ),
    "help.text.levers_more": pair(
        "Holds sizes against the literature. About a hundred levers take ten minutes on two cores.",
        "并与文献中的效应大小对照。双核上约一百个杠杆需十分钟。",
    ),
    "help.text.lever": pair(
        "A lever, a kind, or PATH=VALUE; repeat [all].",
        "杠杆、杠杆类别，或 PATH=VALUE；可重复给出[全部]。",
    ),
    "help.text.customers_2000": pair(
        "Simulated customers [2000].",
        "模拟的客户数[2000]。",
    ),
    "help.text.replicates_six": pair(
        "Seeds for each of six parameter draws.",
        "六组参数每组使用的随机种子数。",
    ),
    "help.text.track": pair(
        "Hold a plan against actuals, month by month; update the odds.",
        "逐月对照计划与实际，并更新达成概率。",
    ),
    "help.text.track_more": pair(
        "Futures that went as reality did count more; the odds are those of what is left.",
        "与实际走势相近的推演权重更大；概率按余下的推演计算。",
    ),
    "help.text.scenario_done": pair(
        "What is being done.",
        "正在执行的方案。",
    ),
    "help.text.report": pair(
        "Write a run's report anew, as one HTML page.",
        "重新生成一次运行的报告（单个 HTML 页面）。",
    ),
    "help.text.report_more": pair(
        "With `--tables` all tables of the run too: `tables/*.csv`, or `tables.xlsx` with a sheet each.",
        "加 `--tables` 同时导出全部数据表：`tables/*.csv`，或每表一页的 `tables.xlsx`。",
    ),
    "help.text.run_folder": pair(
        "A run's folder or name.",
        "运行的目录或名称。",
    ),
    "help.text.tables": pair(
        "Write the run's tables too, for a spreadsheet.",
        "同时导出数据表，供电子表格使用。",
    ),
    "help.text.copy": pair(
        "Put a copy here too [only in the run].",
        "另存一份到此处[仅存于运行目录]。",
    ),
    "help.text.dashboard": pair(
        "Move a plan's levers in the browser; compare runs.",
        "在浏览器中调整计划的杠杆，并比较各次运行。",
    ),
    "help.text.dashboard_more": pair(
        "Shows at once what a move changes, and sends full runs to the background. For this "
        "machine alone: the address that is printed holds a token, and nothing answers without it.",
        "即时显示调整的效果，完整推演转入后台。仅限本机使用：所示地址含访问令牌，没有令牌则不予响应。",
    ),
    "help.text.dashboard_run": pair(
        "A run whose plan to move [the newest].",
        "要调整其计划的运行[最新一次]。",
    ),
    "help.text.port": pair(
        "Port to listen on; 0 takes a free one.",
        "监听端口；0 表示任取空闲端口。",
    ),
    "help.text.host": pair(
        "Address to listen on; others than this machine's own are not encrypted.",
        "监听地址；非本机地址的连接不加密。",
    ),
    "help.text.runs_folder": pair(
        "Folder of runs, read and written [results/runs].",
        "读写运行结果的目录[results/runs]。",
    ),
    "help.text.runs": pair(
        "List finished runs, or delete one.",
        "列出已完成的运行，或删除其一。",
    ),
    "help.text.delete": pair(
        "Delete one run, by name or folder.",
        "按名称或目录删除一次运行。",
    ),
}
PANELS = {
    "help.usage": pair("Usage: ", "用法："),
    "help.arguments": pair("Arguments:", "参数："),
    "help.options": pair("Options:", "选项："),
    "help.commands": pair("Commands:", "命令："),
    "help.example": pair("Example: ", "示例："),
    "help.default": pair("default: ", "默认："),
    "help.required": pair("required", "必填"),
}
