"""What progress is shown of, as the rooms that do the work call it, and how it is told."""

from __future__ import annotations

from results.phrases.pair import pair

LABELS = {
    "task.simulate": pair("simulate", "模拟"),
    "task.join": pair("join to the history", "与历史衔接"),
    "task.verify": pair("verify", "复核"),
    "task.explain": pair("explain", "解释"),
    "task.attribute": pair("attribute", "归因"),
    "task.levers": pair("levers", "杠杆"),
    "task.search": pair("search", "搜索"),
    "task.sweep": pair("sweep", "扫描"),
    "task.jobs": pair("jobs", "任务"),
    "task.trials": pair("Running trials", "试算"),
    "task.media": pair("Attributing sales to media", "将销售归因于媒体"),
    "task.evaluate": pair("Evaluating {name}: {kind}", "评估 {name}：{kind}"),
    "task.calibrate": pair("Calibrating {name}", "校准 {name}"),
    "task.backtest": pair("Backtesting {name}", "回测 {name}"),
}
PROGRESS = {
    **LABELS,
    "progress.line": pair("{label}: {said}", "{label}：{said}"),
    "progress.started": pair("started", "开始"),
    "progress.of": pair("{done} of {total}", "{done} / {total}"),
    "progress.part": pair("{done} of {total}, {seconds} s", "{done} / {total}，{seconds}秒"),
    "progress.note": pair(" ({note})", "（{note}）"),
    "progress.stopped": pair("stopped after {done}, {seconds} s", "完成{done}项后中止，{seconds}秒"),
    "progress.done": pair("done, {seconds} s", "完成，{seconds}秒"),
}
