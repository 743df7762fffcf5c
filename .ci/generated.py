"""Write the files that are made from the code, or with ``--check`` tell which are not current.

They are the JSON schemas that editors use to complete and check ``plan.yaml`` and ``history.yaml``, the
glossary of both languages, and the reference pages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def pages() -> dict[Path, Callable[[], str]]:
    """Return each generated file and the function that makes its text."""
    import glossary
    import reference

    from calibration.history.mapping import schema_text as history_schema
    from scenarios.schema import FILE
    from scenarios.schema import text as plan_schema

    return {
        FILE: plan_schema,
        ROOT / "calibration" / "history.schema.json": history_schema,
        ROOT / "docs" / "glossary.md": glossary.text,
        **{
            ROOT / "docs" / "reference" / f"{name}.md": text
            for name, text in (
                ("cli", reference.command_line),
                ("plan", reference.plan_fields),
                ("history", reference.history_fields),
                ("indicators", reference.indicators),
                ("parameters", reference.parameters),
            )
        },
    }


def main() -> None:
    """Write what is not current, or only say so."""
    stale = [
        (path, text)
        for path, make in pages().items()
        if (text := make()) != (path.read_text(encoding="utf-8") if path.exists() else None)
    ]
    for path, text in stale:
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)}")
        else:
            print(f"{path.relative_to(ROOT)} is not current: run `make schema`")
    if stale and "--check" in sys.argv[1:]:
        sys.exit(1)


if __name__ == "__main__":
    main()
