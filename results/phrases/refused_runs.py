"""Why a command or a run is refused, and what is expected instead; recognised by their English."""

from __future__ import annotations

from results.phrases.pair import recognised

RUNS = recognised(
    {
        # The store.
        "a writable folder": "可写入的目录",
        "a writable run": "可写入的运行",
        "a new folder (or delete the run)": "新的目录（或先删除该运行）",
        "{name} exists already and is not empty": "{name}已经存在且不为空",
        "{name} is in the way: it is not a folder": "{name}不是目录，占用了该位置",
        "{name} cannot be written: {reason}": "{name}无法写入：{reason}",
        "{name} was taken while the run was at work ({reason}); the work is kept: choose another": (
            "运行期间{name}已被占用（{reason}）；结果已保留，请另选位置"
        ),
        "the same {verb} of {name} is at work already": "{name}的同一{verb}已在运行",
        "the same {verb} of {name} is at work already in process {id}": (
            "{name}的同一{verb}已在进程{id}中运行"
        ),
        "the same search is at work already": "同一搜索已在运行",
        "the same search is at work already in process {id}": "同一搜索已在进程{id}中运行",
        "a report of {name} is at work already": "{name}的报告正在生成",
        "a report of {name} is at work already in process {id}": "{name}的报告正在进程{id}中生成",
        "one process at a time": "一次只用一个进程",
        "table {name} cannot be read": "数据表{name}无法读取",
        "tables": "数据表",
        "a run's folder with a complete {name}": "含完整{name}的运行目录",
        "is not deleted: it lies elsewhere": "未删除：它在别处",
        "this run has no chart": "该运行没有图表",
        "this run has no chart {name}": "该运行没有图表{name}",
        "a run with charts": "有图表的运行",
        # Commands.
        "no plan": "不给计划",
        "backtests use the history's own channels; a plan changes nothing yet": (
            "回测使用历史自身的渠道；给出计划目前不起作用"
        ),
        "is not a target": "不是目标",
        "an indicator, >= or <=, a number and a date: repurchase >= 45% by 2029": (
            "指标、>= 或 <=、数值与日期，例如 repurchase >= 45% by 2029"
        ),
        "an indicator's key, such as repurchase": "指标的键名，例如 repurchase",
        "the market does not compute {name}": "市场模型不计算{name}",
        "an indicator it computes": "市场模型计算的指标",
        "{name} has no such lever": "{name}没有这样的杠杆",
        "a lever, a kind of levers, or path=value": "杠杆、杠杆类别，或“路径=值”",
        "a value as in a plan": "与计划中相同写法的值",
        "an ISO date such as 2021-04-03, or 2021-04, or 2021Q2": "日期，例如2021-04-03、2021-04或2021Q2",
        "cannot be listened on: {reason}": "无法监听：{reason}",
        "a free port of this machine, e.g. --port 0": "本机的空闲端口，例如 --port 0",
        "python -m pip install 'omolab[{extra}]', or uv sync --extra {name}": (
            "先运行 python -m pip install 'omolab[{extra}]'，或 uv sync --extra {name}"
        ),
        # Clusters.
        "keywords of {name}": "{name}的参数",
        "{name} cannot be started: {reason}": "{name}无法启动：{reason}",
        'the extra `cluster`: pip install "omolab[cluster]"': (
            '安装扩展组件 cluster：pip install "omolab[cluster]"'
        ),
        "a worker has other versions than this machine: its figures would differ": (
            "有工作节点的软件版本与本机不同，其结果会有差异"
        ),
        "the same versions everywhere": "各处版本一致",
    }
)
