"""The schema that editors use is current, and takes what the plan takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from scenarios import schema
from scenarios.plan import bundled
from scenarios.plan.loading import LIBRARY


def test_the_file_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_stale_file_is_told_and_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FILE", tmp_path / "plan.schema.json")
    assert schema.main(["--check"]) == 1
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0


def test_every_key_is_described() -> None:
    document = schema.json_schema()
    parts = [document, *document["$defs"].values()]
    bare = [
        (part["title"], key)
        for part in parts
        for key, field in part["properties"].items()
        if "description" not in field
    ]
    assert bare == []


@pytest.mark.parametrize("name", bundled())
def test_bundled_plans_agree_with_it(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    plan = json.loads(json.dumps(yaml.safe_load(text), default=str))
    jsonschema.Draft202012Validator(schema.json_schema()).validate(plan)


def test_a_plan_that_extends_may_leave_keys_out() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(schema.json_schema())
    assert check.is_valid({"extends": "ecommerce_dept", "budget": {"year_1": {"total": 1}}})
    assert not check.is_valid({"budget": {"year_1": {"total": 1}}})
    assert not check.is_valid({"extends": "ecommerce_dept", "targets": [{"kpi": "conversion"}]})
