"""YAML files read safely, each value remembering its line, so that every complaint can point at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results.problems import BadInput, Problem

Key = str | int


@dataclass(frozen=True)
class Document:
    """A YAML mapping and the line of every value in it.

    Parameters
    ----------
    path
        The file it came from.
    data
        Plain dictionaries, lists and scalars.
    lines
        1-based line of each value by its path of keys and list positions.
    """

    path: Path
    data: dict[str, Any]
    lines: Mapping[tuple[Key, ...], int]

    def line(self, *keys: Key) -> int | None:
        """Return the line of the value at ``keys``, or of its nearest parent that has one."""
        while keys:
            if keys in self.lines:
                return self.lines[keys]
            keys = keys[:-1]
        return None


def read_yaml(path: Path | str) -> Document:
    """Read one YAML mapping with the safe loader.

    Raises
    ------
    BadInput
        If the file is missing, not UTF-8, not YAML, not a mapping, or repeats a key.
    """
    import yaml

    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise _bad(path, None, str(error.strerror), "a readable file", "cannot be read") from None
    except UnicodeDecodeError as error:
        raise _bad(path, None, repr(error.object[error.start]), "UTF-8 text", "is not UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        raise _bad(path, mark.line + 1 if mark else None, said, "valid YAML", "is not valid YAML") from None
    if not isinstance(root, yaml.MappingNode):
        raise _bad(path, 1, type(root).__name__, "a mapping of keys to values", "is not a mapping")
    lines: dict[tuple[Key, ...], int] = {}
    problems: list[Problem] = []
    _walk(root, (), lines, problems, path, frozenset(), set())
    if problems:
        raise BadInput(problems)
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # unknown tags, impossible dates such as 2026-02-30
        mark, said = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
        message = "holds a value that plain YAML does not have"
        raise _bad(path, mark.line + 1 if mark else None, said, "plain YAML values", message) from None
    return Document(path, data, lines)


def _bad(path: Path, line: int | None, value: str, expected: str, message: str) -> BadInput:
    return BadInput(Problem(str(path), line, "", value, expected, message))


def _walk(
    node: Any,
    keys: tuple[Key, ...],
    lines: dict[tuple[Key, ...], int],
    problems: list[Problem],
    path: Path,
    parents: frozenset[int],
    done: set[int],
) -> None:
    """Record lines and repeated keys; an alias that contains itself is refused, a shared one walked once."""
    import yaml

    lines.setdefault(keys, node.start_mark.line + 1)
    if id(node) in parents:
        field = ".".join(map(str, keys))
        line = node.start_mark.line + 1
        problems.append(Problem(str(path), line, field, "*alias", "a finite document", "refers to itself"))
        return
    if id(node) in done:
        return
    done.add(id(node))
    inside = parents | {id(node)}
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _walk(item, (*keys, position), lines, problems, path, inside, done)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in seen:
            field = ".".join(map(str, (*keys, key)))
            problems.append(
                Problem(
                    str(path), line, field, key, "each key once", f"is given twice, first on line {seen[key]}"
                )
            )
        seen[key] = line
        lines[(*keys, key)] = line
        _walk(value_node, (*keys, key), lines, problems, path, inside, done)
