"""What is wrong with an input, in English as ever, and in Chinese as far as the catalogue goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from results.language import Language
from results.problems import BadInput, Problem, nearest
from scenarios.reading import read_yaml

ENGLISH, CHINESE = Language("en"), Language("zh")


def test_english_is_the_problem_as_it_prints() -> None:
    problem = Problem("p.yaml", 3, "monhts", "12", "one of months, name", "there is no key 'monhts' here")
    assert problem.told(ENGLISH) == str(problem)


def test_chinese_says_place_message_nearest_name_and_what_is_expected() -> None:
    said = "there is no key 'monhts' here" + nearest("monhts", ["months", "name"])
    told = Problem("p.yaml", 3, "monhts", "12", "one of months, name", said).told(CHINESE)
    assert (
        told
        == "p.yaml:3：monhts：此处没有'monhts'这一项；是否想写'months'？（实际为'12'；应为months, name之一）"
    )


def test_a_message_the_catalogue_lacks_stays_english() -> None:
    told = Problem("x", None, "", "", "", "a mistake nobody has thought of").told(CHINESE)
    assert told == "x：a mistake nobody has thought of"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_signs_that_a_terminal_would_obey_are_shown(lang: str) -> None:
    told = Problem("a\u202eb", None, "c\x1b[2J", "\u200f", "text", "is not text").told(Language(lang))
    assert "\u202e" not in told and "\x1b" not in told and "\\u202e" in told


YAML_MISTAKES = {
    "name: a\n\ttables: 3\n": "不能用来开头的字符",
    "name: a: b\n": "此处不能出现键值",
    "name: [a\nb: 2\n": "列表中应为逗号或 ]",
    "name: {a: 1\nb: 2\n": "映射中应为逗号或 }",
    "name: !x a\n": "无法识别的标签'!x'",
    'name: "a\n': "引号未闭合",
    "a: *x\n": "未定义的引用'x'",
    "a: 1\n---\nb: 2\n": "不止一个文档",
}


@pytest.mark.parametrize("text", YAML_MISTAKES)
def test_what_the_yaml_reader_finds_is_told_in_chinese_on_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_yaml(tmp_path / "plan.yaml")
    (problem,) = caught.value.problems
    told = problem.told(CHINESE)
    assert YAML_MISTAKES[text] in told
    assert "\n" not in str(problem) and not re.search("[a-z]{3,} [a-z]{3,}", told.split("：", 1)[1])


def test_a_wrong_value_of_a_history_is_told_in_chinese(tmp_path: Path) -> None:
    from calibration.history.mapping import read_mapping

    sales = "{file: s.csv, period: month, columns: 3}"
    text = f"name: ../a\ncurrency: 5\ntables: {{sales: {sales}}}\nscale: {{revenue: x}}\n"
    (tmp_path / "history.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_mapping(read_yaml(tmp_path / "history.yaml"))
    told = [problem.told(CHINESE).split("：", 1)[1] for problem in caught.value.problems]
    assert told == [
        "name：不是可用的名称（实际为'../a'；应为字母、数字、空格、圆点、短横与下划线，以字母或数字开头）",
        "currency：不是可用的名称（实际为'5'；应为三个大写字母，例如 CNY）",
        "tables.sales.columns：不是键值映射（实际为'3'；应为键值映射）",
        "scale.revenue：不是数值（实际为'x'；应为普通数值，例如5000000或0.35）",
    ]
