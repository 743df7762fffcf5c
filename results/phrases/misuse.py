"""What is wrong with a command line, as typer says it in English, recognised by that."""

from __future__ import annotations

from results.phrases.pair import pair, recognised

MISUSE = recognised(
    {
        "No such option: {name}": "没有选项{name}",
        "No such option: {name} (Possible options: {names})": "没有选项{name}（相近的选项：{names}）",
        "No such command '{name}'.": "没有命令{name}",
        "No such command '{name}'. Did you mean '{other}'?": "没有命令{name}；是否想写{other}？",
        "No such command '{name}'. Did you mean {names}?": "没有命令{name}；是否想写{names}？",
        "Missing command.": "缺少命令",
        "Missing argument '{name}'.": "缺少参数{name}",
        "Missing option '{name}'.": "缺少选项{name}",
        "Got unexpected extra argument(s) ({names})": "多余的参数：{names}",
        "Option '{name}' requires an argument.": "选项{name}需要一个值",
        "Option '{name}' does not take a value.": "选项{name}不带值",
        "Invalid value for '{name}': {why}": "选项{name}的值无效：{why}",
        "Input should be a valid integer, unable to parse string as an integer": "应为整数",
        "Input should be a valid number, unable to parse string as a number": "应为数值",
        "Value error, '{value}' is not one of {names}.": "'{value}'不是{names}之一",
    }
)
ASIDE = {
    "misuse.try": pair("Try '{command} -h' for help.", "用 '{command} -h' 查看帮助。"),
    "misuse.error": pair("Error: {said}", "错误：{said}"),
}
