"""The model's page is current."""

from __future__ import annotations

import pytest

from sim.parameters import collected
from sim.tables import PAGE, page, parameters_table


def test_page_holds_the_current_parameters() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run `python -m sim.tables`"


def test_every_parameter_stands_in_the_table() -> None:
    table = parameters_table()
    for name in collected():
        head, _, member = name.partition(".")
        assert f"`{head}" in table and member in table


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        page("# The model")
