"""Help in the reader's language: the same commands and options, said from the catalogue.

`omolab run --help --lang zh` asks for it, and ``OMOLAB_LANG=zh`` for all. English help is what typer writes;
in Chinese lines are laid out here, since wide letters take two columns and are not parted by spaces.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from omolab import misuse

VARIABLE = "OMOLAB_LANG"
_TYPED = "omolab.typed"  # where a call keeps its command line
WIDEST, NAMES = 100, 24  # columns of a line; at most so many for an option's name beside its text
_EXTRA = re.compile(r"(?P<text>.*?)(?:  \[(?P<extra>(?:default: [^\]]*|required|; )+)\])?", re.DOTALL)


def asked(args: Sequence[str]) -> str | None:
    """Return the language that a command line asks for."""
    for place, word in enumerate(args):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and place + 1 < len(args):
            return args[place + 1]
    return None


def _language(args: Sequence[str]) -> str:
    return asked(args) or os.environ.get(VARIABLE, "en")


class _Said:
    """What commands and groups share: the language is known before the help is asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[VARIABLE] = asked(args) or ctx.meta.get(VARIABLE) or _language(())
        return super().parse_args(ctx, args)  # type: ignore[misc,no-any-return]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return what is typed after the verb; what must be given stands bare, not in typer's braces."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [re.sub(r"^\{(.*)\}", r"\1", piece) for piece in pieces]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        if ctx.meta.get(VARIABLE) == "zh":
            formatter.write(help_text(self, ctx, "zh"))
        else:
            super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(_Said, TyperCommand):
    """A verb whose help is said in the reader's language."""


class Group(_Said, TyperGroup):
    """All verbs; what is wrong with their command lines is told in the reader's language too."""

    def make_context(self, info_name: Any, args: list[str], *given: Any, **more: Any) -> Any:
        """Read the options before the verb."""
        typed = list(args)  # parsing empties it
        with misuse.told(typed, _language(typed)):
            context = super().make_context(info_name, args, *given, **more)
        context.meta[_TYPED] = typed
        return context

    def invoke(self, ctx: Any) -> Any:
        """Run the verb."""
        typed = ctx.meta.get(_TYPED, [])
        with misuse.told(typed, _language(typed)):
            return super().invoke(ctx)


def help_text(command: Any, ctx: Any, lang: str) -> str:
    """Return a command's help in a language; phrases that the catalogue does not have stay English."""
    from results.language import Language

    words = Language(lang)
    width = min(shutil.get_terminal_size().columns, WIDEST)
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    parts = [f"{words.say('help.usage')}{usage}", ""]
    for paragraph in _paragraphs(command.help or ""):
        parts += [*_indented(said(paragraph, words), width), ""]
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            row = (record[0], _with_extra(record[1], words))
            (arguments if param.param_type_name == "argument" else options).append(row)
    parts += _panel(words.say("help.arguments"), arguments, width)
    parts += _panel(words.say("help.options"), options, width)
    if hasattr(command, "list_commands"):
        named = {name: command.get_command(ctx, name) for name in command.list_commands(ctx)}
        rows = [(name, said(_paragraphs(one.help or "")[0], words)) for name, one in named.items()]
        parts += _panel(words.say("help.commands"), rows, width)
    if command.epilog:
        parts += _indented(_example(command.epilog, words), width)
    return "\n".join(parts).rstrip("\n") + "\n"


def said(text: str, words: Any) -> str:
    """Return a help text in the reader's language."""
    from results.phrases.help import HELP

    return str(words.translated(text, tuple(HELP)))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


def _example(epilog: str, words: Any) -> str:
    return epilog.replace("Example: ", words.say("help.example"), 1)


def _with_extra(text: str, words: Any) -> str:
    """Return an option's help with what typer adds: the default, and whether it must be given."""
    found = _EXTRA.fullmatch(text)
    assert found is not None
    told = said(found["text"], words)
    if not found["extra"]:
        return told
    extra = found["extra"].replace("default: ", words.say("help.default"))
    return f"{told}  [{extra.replace('required', words.say('help.required'))}]"


def _panel(title: str, rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    if not rows:
        return []
    first = min(max(_columns(name) for name, _ in rows), NAMES) + 4
    lines = [title]
    for name, text in rows:
        told = _wrapped(text, width - first)
        head = f"  {name}"
        if _columns(head) > first - 2:
            lines.append(head)
            head = ""
        lines.append((head + " " * (first - _columns(head)) + told[0]).rstrip())
        lines += [" " * first + line for line in told[1:]]
    return [*lines, ""]


def _indented(text: str, width: int) -> Iterable[str]:
    return [f"  {line}" for line in _wrapped(text, width - 2)]


def _wrapped(text: str, width: int) -> list[str]:
    from results.charts.lettering import wrap

    return wrap(text, width) if text else [""]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
