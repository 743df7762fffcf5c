"""The plan's JSON Schema, from which editors complete and check plan files.

``python -m scenarios.schema`` writes it; with ``--check`` it only tells whether the file is current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

LIST_ITEMS = ("Target", "Phase", "PromotionEvent", "Rival", "Holiday")
FILE = Path(__file__).with_name("plan.schema.json")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan file.

    A file that ``extends`` another may leave out what it inherits, so keys are required only in items of
    lists, which are never inherited in part, and at the top of a file that extends nothing.
    """
    from scenarios.plan.model import Plan

    schema = Plan.model_json_schema()
    required = schema.pop("required")
    for name, part in schema["$defs"].items():
        if name not in LIST_ITEMS:
            part.pop("required", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema, or with ``--check`` return 1 where its file is not current."""
    if "--check" not in arguments:
        FILE.write_text(text(), encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text():
        return 0
    print(f"{FILE.name} is not current: run python -m scenarios.schema", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
