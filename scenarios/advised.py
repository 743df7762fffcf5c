"""The advice as a plan: what it changes, laid on the plan that was searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from results.files import plain
from scenarios.plan import Plan, bundled, load_plan, with_overrides
from scenarios.plan.overrides import written

if TYPE_CHECKING:
    from results.writer import RunWriter


def write_plan(plan: Plan, values: Mapping[str, Any], message: str, writer: RunWriter) -> None:
    """Write ``search/advice.yaml``, a plan that extends the searched one and runs as it is.

    A bundled plan is extended by its name; any other is copied beside the advice as it was searched, so
    that the advice still says the same when the folder moves or the plan's file changes.
    """
    source = plan.name
    if plan.name not in bundled() or load_plan(plan.name) != plan:
        source = "searched_plan.yaml"
        whole = {key: value for key, value in plain(written(plan)).items() if key != "extends"}
        about = "The plan that was searched, with all it inherits."
        writer.text(f"search/{source}", _yaml(whole, about))
    changed = patch(plain(written(plan)), plain(written(with_overrides(plan, values)))) if values else {}
    name = f"{plan.name.removesuffix('_advice')[:53]}_advice"
    writer.text("search/advice.yaml", _yaml({"name": name, "extends": source, **changed}, message))


def patch(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to lay on ``old`` to get ``new``: what changed, ``None`` for what is gone (RFC 7396)."""
    changed: dict[str, Any] = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old or not (isinstance(value, Mapping) and isinstance(old[key], Mapping)):
            if key not in old or value != old[key]:
                changed[key] = value
        elif inner := patch(old[key], value):
            changed[key] = inner
    return changed


def _yaml(data: Mapping[str, Any], comment: str) -> str:
    import textwrap

    import yaml

    lines = "\n".join(f"# {line}" for line in textwrap.wrap(comment, 100))
    return f"{lines}\n{yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=100)}"
