"""The plan's shape: which keys may stand where. Used to name the nearest key and to walk dotted paths."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from scenarios.plan.fields import Part
from scenarios.plan.trees import Path


def bare(annotation: Any) -> Any:
    """Return an annotation without ``Annotated`` and ``None``."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation


def inner(annotation: Any, key: str | int) -> Any:
    """Return the annotation of what stands under ``key``, or ``None`` where nothing may."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        field = annotation.model_fields.get(str(key))
        return None if field is None else field.annotation
    arguments = get_args(annotation)
    if get_origin(annotation) is Mapping:
        return arguments[1]
    if get_origin(annotation) is tuple and isinstance(key, int):
        return arguments[0]
    return None


def annotation_at(path: Path) -> Any:
    """Return the annotation of what stands at ``path`` in a plan, or ``None``."""
    from scenarios.plan.model import Plan

    annotation: Any = Plan
    for key in path:
        annotation = inner(annotation, key)
        if annotation is None:
            return None
    return annotation


def keys_of(annotation: Any) -> tuple[str, ...]:
    """Return the keys an annotation prescribes; none where they are free."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return tuple(annotation.model_fields)
    if get_origin(annotation) is Mapping:
        key = bare(get_args(annotation)[0])
        return tuple(get_args(key)) if get_origin(key) is Literal else ()
    return ()


def keys_at(path: Path) -> tuple[str, ...]:
    """Return the keys that may stand in the part at ``path``."""
    return keys_of(annotation_at(path))
