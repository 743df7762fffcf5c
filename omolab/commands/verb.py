"""What every verb shares: `--out --seed --threads --json --lang --quiet --verbose`, and how it ends.

A verb is a function whose first argument is its `Work`; the decorator gives its command the shared
options, checks them, and turns whatever ends it early into a plain message and an exit code:
0 done, 1 failed, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import typer

from omolab.commands.options import (
    AnySeed,
    AnyThreads,
    Json,
    Lang,
    Language,
    Out,
    Quiet,
    Seed,
    Threads,
    Verbose,
    not_negative,
    positive,
)
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    from results.language import Language as Words
    from results.store import Run

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
SEED = 1

P = ParamSpec("P")


@dataclass(frozen=True)
class Work:
    """The shared options of one call of a verb.

    Parameters
    ----------
    out
        Where to write; ``None``: the default place.
    seed, threads
        Seed of all draws (``None``: the design's own); cores to use.
    json
        Whether to answer with one JSON document.
    lang
        Language of tables, progress and reports.
    quiet, verbose
        Whether to leave progress out, or to tell more than usual.
    """

    out: Path | None
    seed: int | None
    threads: int
    json: bool
    lang: str
    quiet: bool = False
    verbose: bool = False

    def keywords(self) -> dict[str, Any]:
        """Return what a verb that writes a run passes on, with its progress on standard error."""
        from omolab.progress import Progress

        progress = None if self.quiet else Progress(lang=self.lang, fine=self.verbose)
        shared = {"seed": self.seed, "threads": self.threads, "lang": self.lang}
        return {"out": self.out, "progress": progress, **shared}

    def answer(self, run: Run, *parts: str, problems: Sequence[Problem] = ()) -> None:
        """Print the named parts of a run, as tables or as JSON; ``problems`` end it as bad input."""
        from omolab import console

        if self.json:
            told = {"errors": [problem.to_dict() for problem in problems]} if problems else {}
            console.print_json(console.document(run, parts) | told)
        else:
            console.show(run, parts, self.lang)
        if self.verbose:
            console.timings(run, self.lang)
        if problems:
            for problem in problems:
                print(problem, file=sys.stderr)
            raise typer.Exit(BAD_INPUT)

    @property
    def api(self) -> Any:
        """The Python face; importing it is what costs time."""
        from omolab import api

        return api

    @property
    def words(self) -> Words:
        """What says things in the reader's language."""
        from results.language import Language

        return Language(self.lang)

    def list(self, subject: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
        """Print rows under ``subject``'s title and headings, as the catalogue calls them, or as JSON."""
        from omolab import console
        from omolab.printed.inputs import listing

        if self.json:
            console.print_json(list(rows))
        else:
            heads = {key: self.words.say(f"{subject}.{name}") for key, name in columns.items()}
            listing(self.words.say(f"{subject}.title"), rows, heads)

    def say(self, what: str, path: Path) -> None:
        """Print where something was written, or ``{what: path}`` as JSON."""
        print(json.dumps({what: str(path)}) if self.json else f"{self.words.say(f'place.{what}')}  {path}")

    def hint(self, *command: object) -> None:
        """Tell a person on standard error which command comes next."""
        if not (self.json or self.quiet):
            said = self.words.say("console.next", command=shlex.join(["omolab", *map(str, command)]))
            print(said, file=sys.stderr)


def verb(
    out: Any = Out, draws: bool = True, seed: int | None = SEED
) -> Callable[[Callable[Concatenate[Work, P], None]], Callable[..., None]]:
    """Make a command of a function of a `Work` and its own options.

    Parameters
    ----------
    out
        The annotated type of ``--out``; ``None`` for verbs that write nothing.
    draws
        Whether seed and threads matter; where not, they are accepted and left out of the help.
    seed
        What stands for a seed that is not given.
    """
    shared: dict[str, tuple[Any, Any]] = {} if out is None else {"out": (out, None)}
    shared["seed"] = (Seed if draws else AnySeed, seed)
    shared["threads"] = (Threads if draws else AnyThreads, None)
    shared |= {"json": (Json, False), "lang": (Language, Lang.en)}
    shared |= {"quiet": (Quiet, False), "verbose": (Verbose, False)}

    def decorate(function: Callable[Concatenate[Work, P], None]) -> Callable[..., None]:
        @functools.wraps(function)
        def command(*args: P.args, **kwargs: P.kwargs) -> None:
            given = {name: kwargs.pop(name) for name in shared}
            with_json = bool(given["json"])
            try:
                function(_work(given), *args, **kwargs)
            except (typer.Exit, BrokenPipeError):
                raise
            except BadInput as bad:
                told = [problem.told(_words(given)) for problem in bad.problems]
                _end(BAD_INPUT, told, with_json, {"errors": [p.to_dict() for p in bad.problems]})
            except KeyboardInterrupt:
                _fail(INTERRUPTED, _said(given, "end.interrupted"), with_json)
            except Exception as error:
                in_full = given["verbose"] or bool(os.environ.get("OMOLAB_DEBUG"))
                if in_full:
                    traceback.print_exc()
                hint = "" if in_full else _said(given, "end.hint")
                fields = {"kind": type(error).__name__, "error": error, "hint": hint}
                _fail(FAILED, _said(given, "end.failed", **fields), with_json)

        _sign(command, function, shared)
        return command

    return decorate


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _work(given: Mapping[str, Any]) -> Work:
    not_negative(seed=given["seed"])
    positive(threads=given["threads"])
    if given["quiet"] and given["verbose"]:
        raise BadInput(Problem("--quiet", None, "", "--verbose", "one of them", "cannot go with --verbose"))
    return Work(
        out=given.get("out"),
        seed=given["seed"],
        threads=given["threads"] or cores(),
        json=given["json"],
        lang=str(given["lang"]),
        quiet=given["quiet"],
        verbose=given["verbose"],
    )


def _sign(command: Any, function: Callable[..., None], shared: Mapping[str, tuple[Any, Any]]) -> None:
    """Give ``command`` the options of ``function`` after its `Work`, and the shared ones."""
    _, *own = inspect.signature(function, eval_str=True).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [parameter.replace(kind=keyword) for parameter in own]
    common = [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in shared.items()
    ]
    command.__signature__ = inspect.Signature([*own, *common])
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *common)}


def _words(given: Mapping[str, Any]) -> Words:
    from results.language import Language

    return Language(str(given["lang"]))


def _said(given: Mapping[str, Any], key: str, **fields: object) -> str:
    return _words(given).say(key, **fields)


def _fail(code: int, said: str, with_json: bool) -> NoReturn:
    _end(code, [said], with_json, {"failed": said})


def _end(code: int, lines: Iterable[object], with_json: bool, document: Mapping[str, Any]) -> NoReturn:
    for line in lines:
        print(line, file=sys.stderr)
    if with_json:
        print(json.dumps(document))
    raise typer.Exit(code)
