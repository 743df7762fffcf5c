"""Verbs on what goes in: plans and histories listed, copied, checked and drafted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omolab import desk
from omolab.desk import Given


def plans() -> list[dict[str, Any]]:
    """Return the bundled plans: name, title, number of targets and months.

    Examples
    --------
    >>> [plan["name"] for plan in plans()][:2]
    ['ecommerce_dept', 'manufacturer']
    """
    from scenarios.plan import bundled, load_plan

    found = []
    for name in bundled():
        plan = load_plan(name)
        found.append({"name": name, "title": plan.title, "targets": len(plan.targets), "months": plan.months})
    return found


def new(directory: Given, plan: str) -> Path:
    """Copy a bundled plan into a folder; return the file."""
    from scenarios.plan import copy_plan

    return copy_plan(plan, directory)


def check(files: Sequence[Given] = (), plan: str | None = None) -> list[dict[str, Any]]:
    """Validate plans and histories; return one document each.

    Returns
    -------
    list
        Documents with name, errors (file, line, field, value, expected, message), not_modelled, warnings.

    Examples
    --------
    >>> check(plan="online_mall")[0]["errors"]
    []
    """
    from scenarios.plan import check_plan

    names: list[Given] = [*files, *([plan] if plan else [])]
    return [desk.check_history(Path(name)) if desk.is_history(name) else check_plan(name) for name in names]


def history(files: Sequence[Given], out: Given | None = None, lang: str = "en") -> dict[str, Any]:
    """Draft a ``history.yaml`` from tables; return its ``text`` and the data's ``quality``.

    Raises
    ------
    BadInput
        Where the tables cannot be read as drafted; ``out`` is written all the same, to be mended.
    """
    import tempfile
    from dataclasses import replace

    from calibration.history import load_history
    from calibration.history.draft import draft
    from calibration.history.quality import quality
    from results.files import write_text
    from results.problems import BadInput, Problem

    home = None if out is None else Path(out)
    if home is not None and home.exists():
        raise BadInput(Problem("--out", None, "", str(out), "a new file", "exists already"))
    text = draft(files, home.parent if home else Path.cwd(), lang)
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / "history.yaml"
        trial.write_text(draft(files, Path(scratch)), encoding="utf-8")
        if home is not None:
            write_text(home, text)
        try:
            found = quality(load_history(trial))
        except BadInput as bad:
            place = {str(trial): str(home or trial.name)}
            raise BadInput([replace(p, file=place.get(p.file, p.file)) for p in bad.problems]) from None
    return {"text": text, "quality": found}
