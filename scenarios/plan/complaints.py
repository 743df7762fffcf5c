"""Pydantic's errors turned into problems that the plan's author can mend: where, what, and what else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from results.problems import Problem, nearest
from scenarios.plan.shape import keys_at
from scenarios.plan.trees import Path, dotted, existing, value_at

Where = Callable[[Path], tuple[str, int | None]]  # file and line of a path
_NUMBER = "a plain number, such as 5000000 or 0.35"
_TYPES: dict[str, tuple[str, str]] = {
    "float_type": (_NUMBER, "is not a number"),
    "float_parsing": (_NUMBER, "is not a number"),
    "int_parsing": ("a whole number", "is not a whole number"),
    "bool_parsing": ("true or false", "is neither true nor false"),
    "list_type": ("a list", "is not a list"),
    "int_type": ("a whole number", "is not a whole number"),
    "int_from_float": ("a whole number", "is not a whole number"),
    "finite_number": ("a finite number", "is not a finite number"),
    "bool_type": ("true or false", "is neither true nor false"),
    "string_type": ("text", "is not text"),
    "string_too_short": ("some text", "is empty"),
    "tuple_type": ("a list", "is not a list"),
    "dict_type": ("a mapping of keys to values", "is not a mapping"),
    "mapping_type": ("a mapping of keys to values", "is not a mapping"),
    "model_type": ("a mapping of keys to values", "is not a mapping"),
    "model_attributes_type": ("a mapping of keys to values", "is not a mapping"),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least", "is too small"),
    "less_than_equal": ("le", "at most", "is too large"),
    "greater_than": ("gt", "more than", "is too small"),
    "less_than": ("lt", "less than", "is too large"),
}
_CODE = "three capital letters, such as CNY"
_TITLE = "letters, digits, blanks, dots, hyphens and underscores, starting with a letter or digit"
_PATTERNS = {"^[A-Z]{3}$": _CODE, "^([A-Z]{3})?$": _CODE, r"^\w[\w .-]*$": _TITLE}
_NAME = "lower-case letters, digits and underscores, starting with a letter"


def complaint(error: Mapping[str, Any], data: Mapping[str, Any], where: Where) -> tuple[Path, Problem]:
    """Return the path that one pydantic error is about, and the problem to report."""
    full: Path = tuple(key for key in error["loc"] if key != "[key]")
    path = existing(data, full)
    if error["type"] == "missing":
        path = full
    expected, message, value = _said(error, full)
    if error["type"] != "missing" and not value:
        value = _shown(value_at(data, path) if error["type"] == "extra_forbidden" else error["input"])
    file, line = where(path)
    return path, Problem(file, line, dotted(path), value, expected, message)


def _said(error: Mapping[str, Any], path: Path) -> tuple[str, str, str]:
    """Return what was expected, the message, and the value where the error brings its own."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "omolab":
        return context["expected"], context["message"], context["value"]
    if kind == "missing":
        return f"a value for {path[-1]}", f"{path[-1]!r} is missing", ""
    if kind == "extra_forbidden":
        known = keys_at(path[:-1])
        quote = "; text that holds a comma must be quoted" if error["input"] is None else ""
        return _listed(known), f"there is no key {path[-1]!r} here{nearest(str(path[-1]), known)}{quote}", ""
    if kind == "literal_error":
        known = tuple(word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", "))
        found = str(error["input"])
        return _listed(known), f"{found!r} is not one of the known words{nearest(found, known)}", found
    return *plainly(error), ""


def plainly(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was expected of a single value, and what is wrong with it, for any file's schema."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        bound, words, message = _BOUNDS[kind]
        return f"a number of {words} {context[bound]:g}", message
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], _NAME), "is not a usable name"
    if kind in ("too_short", "too_long"):
        bound = "at least 1" if kind == "too_short" else f"at most {context['max_length']}"
        return f"{bound} of them", "has too few entries" if kind == "too_short" else "has too many entries"
    return _TYPES.get(kind, ("", error["msg"]))


def _listed(known: tuple[str, ...]) -> str:
    return "one of " + ", ".join(known)


def _shown(value: Any) -> str:
    """Return a value as text for a message, not longer than a line."""
    text = (
        "true" if value is True else "false" if value is False else "nothing" if value is None else str(value)
    )
    return text if len(text) <= 80 else text[:77] + "..."


def odd_keys(data: Any, path: Path, where: Where) -> Iterator[Problem]:
    """Yield keys that YAML does not read as text, such as ``on`` (true) or ``2027`` (a number)."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(key, str):
                yield from odd_keys(value, (*path, key), where)
                continue
            file, line = where(path)
            said = "YAML does not read this key as text; on, off, yes and no are true and false to it"
            yield Problem(file, line, dotted((*path, str(key))), _shown(key), "text; quote it", said)
    elif isinstance(data, list):
        for i, item in enumerate(data):
            yield from odd_keys(item, (*path, i), where)
