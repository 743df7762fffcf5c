"""A rule replaced: the loops are compiled with it inside, and as they were after."""

from __future__ import annotations

from types import FunctionType
from typing import cast

import pytest

from sim.customers import learning
from sim.customers.learning import learn_range
from sim.customers.lifecycle import dropout_probability
from sim.customers.shopping import shop_range
from sim.engine.compilation import sources_hash
from sim.rules import replaced

LEARNING, SHOPPING = cast(FunctionType, learn_range), cast(FunctionType, shop_range)


def nobody_leaves(proneness: float, satisfaction: float, relief: float, hold: float) -> float:
    return 0.0


def test_the_loop_that_calls_it_is_another_inside_and_the_same_after() -> None:
    before = sources_hash(LEARNING), sources_hash(SHOPPING)
    with replaced(dropout_probability, nobody_leaves):
        assert learning.dropout_probability is nobody_leaves
        assert sources_hash(LEARNING) != before[0]
        assert sources_hash(SHOPPING) == before[1]  # it does not call this rule
    assert learning.dropout_probability is dropout_probability
    assert (sources_hash(LEARNING), sources_hash(SHOPPING)) == before


def test_it_is_put_back_when_something_fails() -> None:
    with pytest.raises(RuntimeError), replaced(dropout_probability, nobody_leaves):
        raise RuntimeError
    assert learning.dropout_probability is dropout_probability


def test_what_cannot_stand_for_a_rule_is_refused() -> None:
    with pytest.raises(TypeError, match="4 arguments"), replaced(dropout_probability, lambda x: x):
        pass
    with pytest.raises(TypeError, match="plain function"), replaced(dropout_probability, print):
        pass
    with pytest.raises(ValueError, match=r"a rule of sim\.customers"), replaced(nobody_leaves, nobody_leaves):
        pass
