"""How a command line that cannot be understood is answered: in the reader's language, and as JSON if asked.

Typer writes such errors in English. They are recognised by it, as other ready-made sentences are, and what
the catalogue lacks stays as it came.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any


@contextmanager
def told(typed: Sequence[str], lang: str) -> Iterator[None]:
    """Let what is wrong with a command line be shown in ``lang``, and with ``--json`` as a document too."""
    try:
        yield
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "show"):
            shown = partial(_show, error, error.show, lang, "--json" in typed)
            error.show = shown  # typer calls it on the way out
        raise


def _show(error: Any, english: Callable[..., None], lang: str, with_json: bool, file: Any = None) -> None:
    if lang == "zh":
        print("\n".join(lines(error, lang)), file=file or sys.stderr)
    else:
        english(file)
    if with_json:
        print(json.dumps(document(error)))


def lines(error: Any, lang: str) -> list[str]:
    """Return what typer would print of an error, in the reader's language."""
    from results.language import Language
    from results.phrases.misuse import MISUSE

    words, context = Language(lang), getattr(error, "ctx", None)
    if (
        type(error).__name__ == "NoArgsIsHelpError"
    ):  # its message is the help, in the reader's language already
        return [error.format_message()]
    shown = []
    if context is not None:
        usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
        shown.append(words.say("help.usage") + usage)
        shown.append(words.say("misuse.try", command=context.command_path) + "\n")
    message = words.translated(error.format_message(), tuple(MISUSE))
    return [*shown, words.say("misuse.error", said=message)]


def document(error: Any) -> dict[str, Any]:
    """Return an error in the form that every bad input has with ``--json``."""
    from results.problems import Problem

    field = getattr(getattr(error, "param", None), "name", None) or getattr(error, "option_name", None) or ""
    message = error.message if type(error).__name__ == "NoArgsIsHelpError" else error.format_message()
    return {"errors": [Problem("", None, str(field), "", "", message).to_dict()]}
