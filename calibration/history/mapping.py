"""From the text of ``history.yaml`` to a checked mapping, every complaint pointing at its line."""

from __future__ import annotations

import json
import typing
from typing import Any

from pydantic import BaseModel, ValidationError

from calibration.history.schema import HistoryFile
from results.problems import BadInput, Problem, nearest
from scenarios.plan.complaints import plainly
from scenarios.reading import Document


def read_mapping(document: Document) -> HistoryFile:
    """Check a ``history.yaml``.

    Raises
    ------
    BadInput
        Naming every unknown key, missing key and wrong value with its line.
    """
    try:
        return HistoryFile.model_validate(document.data)
    except ValidationError as error:
        raise BadInput([_problem(document, found) for found in error.errors()]) from None


def schema_text() -> str:
    """Return the JSON schema of ``history.yaml`` for editors, as kept in ``history.schema.json``."""
    return json.dumps(HistoryFile.model_json_schema(), indent=1, sort_keys=True) + "\n"


def _problem(document: Document, error: Any) -> Problem:
    """Say one complaint of the schema in the words of the file."""
    keys = [key for key in error["loc"] if key != "[key]"]
    value = "" if isinstance(error["input"], dict) else str(error["input"])
    expected, message = plainly(error)
    if error["type"] == "missing":
        message, expected = "is missing", f"{keys[-1]}: ..."
    elif error["type"] == "extra_forbidden":
        known = _known(keys[:-1])
        value, expected = str(keys[-1]), ", ".join(known)
        message = "is not a key that is known here" + nearest(value, known)
    elif error["type"] == "literal_error":
        message, expected = "cannot be used", error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        message += nearest(value, expected.split(", "))
    elif error["type"] == "mapping":
        message, expected = error["ctx"]["message"], error["ctx"]["expected"]
    field = ".".join(map(str, keys))
    return Problem(str(document.path), document.line(*keys), field, value, expected, message)


def _known(keys: list[Any]) -> list[str]:
    """Return the keys known at a place of the schema."""
    at: Any = HistoryFile
    for key in keys:
        model = _model(at)
        at = model.model_fields[key].annotation if model and key in model.model_fields else _inside(at)
    model = _model(at)
    return list(model.model_fields) if model else []


def _model(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if typing.get_origin(kind) is dict:
        return None
    return next((found for found in map(_model, typing.get_args(kind)) if found), None)


def _inside(kind: Any) -> Any:
    return typing.get_args(kind)[-1] if typing.get_args(kind) else None
