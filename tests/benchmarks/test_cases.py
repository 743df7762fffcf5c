"""The worked cases say what the plans say today."""

from __future__ import annotations

import pytest

from benchmarks.cases import ORDER, PAGES, command, declared
from results.language import Language
from scenarios.plan import bundled, load_plan


def test_every_bundled_plan_has_a_case() -> None:
    assert sorted(ORDER) == sorted(bundled())


@pytest.mark.parametrize("name", ORDER)
def test_a_page_begins_with_the_plan_as_it_stands(name: str) -> None:
    plan, page = load_plan(name), (PAGES / f"{name}.md").read_text(encoding="utf-8")
    # Else: `make cases` renews it, or `python benchmarks/cases.py --words` where no figure changed.
    assert page.startswith(declared(plan, Language("en", plan.currency)))
    assert command(name) in page
    assert "## How far to trust it" in page
