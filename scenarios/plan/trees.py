"""Nested mappings: merging one over another, and finding, setting and leaving out a value by its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Path = tuple[str | int, ...]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``over`` laid on it, key by key.

    Mappings merge at every depth; anything else, lists included, is replaced. ``null`` takes an inherited key
    away (as in RFC 7396).
    """
    result = dict(base)
    for key, value in over.items():
        if value is None and key in base:
            del result[key]
        elif isinstance(value, Mapping):
            inherited = base.get(key)
            result[key] = merged(inherited if isinstance(inherited, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def existing(data: Any, path: Iterable[str | int]) -> Path:
    """Return the longest beginning of ``path`` that stands in ``data``."""
    found: list[str | int] = []
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            break
        found.append(key)
    return tuple(found)


def value_at(data: Any, path: Iterable[str | int]) -> Any:
    """Return the value at ``path``."""
    for key in path:
        data = data[key]
    return data


def placed(data: Any, path: Path, value: Any) -> Any:
    """Return a copy of ``data`` with ``value`` at ``path``; mappings on the way are made where absent."""
    if not path:
        return value
    if isinstance(data, list | tuple):
        items = list(data)
        items[int(path[0])] = placed(items[int(path[0])], path[1:], value)
        return items
    inner = dict(data) if isinstance(data, Mapping) else {}
    inner[str(path[0])] = placed(inner.get(str(path[0])), path[1:], value)
    return inner


def without(data: Any, path: Path) -> Any:
    """Return a copy of ``data`` with the value at ``path`` left out."""
    if isinstance(data, list | tuple):
        kept = list(data)
        at = int(path[0])
        kept[at : at + 1] = [without(kept[at], path[1:])] if len(path) > 1 else []
        return kept
    inner = dict(data)
    if len(path) > 1:
        inner[str(path[0])] = without(inner[str(path[0])], path[1:])
    else:
        inner.pop(str(path[0]), None)
    return inner


def dotted(path: Iterable[str | int]) -> str:
    """Return a path as text: ``targets.2.by``."""
    return ".".join(map(str, path))


def with_text_keys(data: Any) -> Any:
    """Return a copy of ``data`` with every key as text."""
    if isinstance(data, Mapping):
        return {str(key): with_text_keys(value) for key, value in data.items()}
    return [with_text_keys(item) for item in data] if isinstance(data, list) else data
