"""Command lines that cannot be understood: told in the reader's language, and as JSON where that is asked."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from omolab.cli import app
from omolab.help import VARIABLE

cli = CliRunner()
MISTAKES = [
    [],
    ["run"],
    ["calibrate"],
    ["plns"],
    ["nothing_like_it"],
    ["--foo"],
    ["run", "--foo"],
    ["run", "p", "--zzz"],
    ["run", "p", "q"],
    ["run", "p", "--customers", "many"],
    ["report", "a", "--tables", "pdf"],
    ["plans", "--json=3"],
    ["check", "--plan"],
]
NAMES = {"omolab", "options", "command", "args", "history", "plan", "csv", "xlsx", "json", "lang", "h", "q"}
NAMES |= {"customers", "fit", "out", "foo", "zzz", "many", "tables", "pdf", "file", "run", "plns", "plans"}
NAMES |= {"p", "s", "nothing", "like", "it", "report", "check", "calibrate"}


@pytest.mark.parametrize("line", MISTAKES, ids=lambda line: " ".join(line) or "nothing")
def test_a_wrong_command_line_is_told_in_chinese(line: list[str]) -> None:
    said = cli.invoke(app, [*line[:1], "--lang", "zh", *line[1:]] if line[1:] else ["--lang", "zh", *line])
    assert said.exit_code == 2 and said.stdout == ""
    assert "错误：" in said.stderr
    assert set(re.findall("[a-z]+", said.stderr.lower())) <= NAMES


def test_a_wrong_command_line_is_followed_by_how_it_is_used() -> None:
    said = cli.invoke(app, ["run", "--foo", "--lang", "zh"]).stderr
    assert said.startswith("用法：") and "run -h' 查看帮助" in said


def test_the_language_of_a_wrong_line_may_come_from_the_environment() -> None:
    assert "缺少参数" in cli.invoke(app, ["run"], env={VARIABLE: "zh"}).stderr
    assert "Missing argument" in cli.invoke(app, ["run", "--lang", "en"], env={VARIABLE: "zh"}).stderr
    assert "Missing argument" in cli.invoke(app, ["run"]).stderr


def test_nothing_typed_shows_the_help_in_chinese() -> None:
    said = cli.invoke(app, [], env={VARIABLE: "zh"})
    assert said.exit_code == 2 and "命令：" in said.stderr and "错误" not in said.stderr


@pytest.mark.parametrize("line", [["run"], ["run", "--foo"], ["runs", "--delete"]], ids=" ".join)
def test_with_json_a_wrong_line_is_a_document(line: list[str]) -> None:
    for lang in ("en", "zh"):
        said = cli.invoke(app, [*line[:1], "--json", "--lang", lang, *line[1:]])
        assert said.exit_code == 2
        (problem,) = json.loads(said.stdout)["errors"]
        assert problem["message"].isascii() and problem["message"] and set(problem) >= {"field", "expected"}
