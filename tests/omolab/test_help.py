"""Help in Chinese: every command, option and panel of it, and English as typer writes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from omolab import help as told
from omolab.cli import EXAMPLES, app
from results.phrases.help import HELP
from results.ready_made import recognised

cli = CliRunner()
WHOLE: Any = typer.main.get_command(app)
NAMES = [None, *WHOLE.commands]


def texts(command: Any) -> list[str]:
    """Return every English text of a command's help."""
    own = told._paragraphs(command.help or "")
    options = [
        getattr(param, "help", None) for param in command.params if not getattr(param, "hidden", False)
    ]
    return own + [" ".join(text.split()) for text in options if text]


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_help_is_in_the_catalogue(name: str | None) -> None:
    command = WHOLE if name is None else WHOLE.commands[name]
    missing = [text for text in texts(command) if recognised(text, tuple(HELP)) is None]
    assert missing == []


def test_the_catalogue_holds_nothing_that_is_said_nowhere() -> None:
    said = {text for command in (WHOLE, *WHOLE.commands.values()) for text in texts(command)}
    said.add("Show this message and exit.")
    assert {entry["en"] for entry in HELP.values()} - said == set()


@pytest.mark.parametrize("name", NAMES)
def test_chinese_help_has_no_english_sentence(name: str | None) -> None:
    shown = cli.invoke(app, [*([name] if name else []), "--help", "--lang", "zh"]).stdout
    assert "用法：" in shown and "选项：" in shown
    for label in ("Usage:", "Options:", "Arguments:", "Commands:", "default:", "required"):
        assert label not in shown
    sentences = re.sub(r"`[^`]*`|示例：.*(\n +.*)*", "", shown)
    assert not re.findall(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b", sentences)


def test_the_language_may_stand_before_the_verb_behind_help_or_in_the_environment() -> None:
    lines = (["--lang", "zh", "run", "--help"], ["run", "--help", "--lang=zh"])
    assert all("用法：" in cli.invoke(app, line).stdout for line in lines)
    assert "用法：" in cli.invoke(app, ["run", "--help"], env={told.VARIABLE: "zh"}).stdout
    assert "Usage:" in cli.invoke(app, ["run", "--help"]).stdout
    assert "内置计划" in cli.invoke(app, ["--lang", "zh", "plans"]).stdout
    assert "内置计划" not in cli.invoke(app, ["--lang", "zh", "plans", "--lang", "en"]).stdout


def test_no_line_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for name in EXAMPLES:
        shown = cli.invoke(app, [name, "--help", "--lang", "zh"]).stdout
        texts_only = [line for line in shown.splitlines() if "示例" not in line and "用法" not in line]
        assert max(told._columns(line) for line in texts_only) <= 62  # a closing sign may hang over


def test_exit_codes_are_told_in_both_languages() -> None:
    for lang in ("en", "zh"):
        shown = cli.invoke(app, ["--help", "--lang", lang]).stdout
        assert {"0", "1", "2", "130"} <= set(re.findall(r"\d+", shown))
