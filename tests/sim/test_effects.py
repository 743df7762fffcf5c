"""Initiatives and capabilities move behaviour and operations; no indicator is ever written by anybody."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.indicators import INDICATORS, evaluate
from sim.ledger import Ledger
from sim.market import Market
from sim.setup import Effect, Setup
from tests.sim.whole import whole

ROOT = Path(sim.__file__).parent
# Who writes into the books, and what: the day's close, and the days on which undertakings begin and how late.
CLERKS = {"ledger.py", "market.py"}
WRITTEN_BY_EXECUTION = {"begun", "late_days"}


def written_into_books(file: Path) -> set[str]:
    """Return the names of the ledger's arrays that a module assigns to, or assigns into."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets += [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        for target in targets:
            inner: ast.expr = target
            while isinstance(inner, ast.Subscript | ast.Starred):
                inner = inner.value
            owner = ast.unparse(inner.value) if isinstance(inner, ast.Attribute) else ""
            if isinstance(inner, ast.Attribute) and owner.split(".")[-1] in ("ledger", "book", "books"):
                found.add(inner.attr)
    return found


def test_only_the_day_s_close_writes_into_the_books() -> None:
    for file in ROOT.rglob("*.py"):
        if file.parent != ROOT or file.name not in CLERKS:
            allowed = WRITTEN_BY_EXECUTION if file.name == "execution.py" else set()
            assert written_into_books(file) <= allowed, file
    assert "costs" in written_into_books(ROOT / "market.py"), "the search finds what there is"


def test_indicators_are_read_off_the_books_alone() -> None:
    """The same books give the same indicators, whatever was undertaken while they were kept."""
    ledger = Market.from_setup(whole(300), seed=1).run()
    idle = dataclasses.replace(ledger.setup, effects=(), programme=None, policies=(), trial=None)
    other = Ledger(idle)
    for name, values in vars(ledger).items():
        if name != "setup":
            setattr(other, name, values)
    windows = [(0, 79), (12, 39), (40, 70)]
    acted, told = evaluate(ledger, windows), evaluate(other, windows)
    assert set(acted.kpi) == {key for key, indicator in INDICATORS.items() if indicator.formula is not None}
    assert acted.equals(told)


def everything_ripe() -> tuple[Effect, ...]:
    """Return effects that make all that can be made attractive very attractive, at once."""
    lifted = ("appeal", "pull", "intent", "page_worth", "payment", "registration", "search_success", "fit")
    return tuple(Effect(name, name, 5.0) for name in lifted)


def shut(setup: Setup) -> Setup:
    """Return a market that nobody can enter."""
    programme, usual = setup.programme, setup.usual
    assert programme is not None and usual is not None
    closed = [dataclasses.replace(d, access=0.0 * d.access) for d in (setup.drivers, programme.base, usual)]
    undertakings = tuple(dataclasses.replace(one, opens=()) for one in programme.undertakings)
    return dataclasses.replace(
        setup,
        drivers=closed[0],
        programme=dataclasses.replace(programme, base=closed[1], undertakings=undertakings),
        usual=closed[2],
    )


def test_whatever_is_undertaken_sells_nothing_where_nobody_can_come() -> None:
    market = Market.from_setup(shut(whole(300, effects=everything_ripe())), seed=1)
    ledger = market.run()
    assert market.effects and ledger.invest.sum() > 0.0 and ledger.levels.max() > 0.0
    assert ledger.visits.sum() == 0 and ledger.events.sum() == 0 and ledger.credited.sum() == 0
    money = ledger.money()
    assert not any(values.any() for values in money.values())
    told = evaluate(ledger, [(0, 79)]).query("channel == 'all'").set_index("kpi").value
    for name in ("visits", "orders", "net_sales", "new_customers", "contribution"):
        assert told[name] == pytest.approx(0.0) or told[name] < 0.0, name


def test_what_has_not_begun_moves_no_decision() -> None:
    """Up to the day on which they begin, the strongest effects leave every bit as it is."""
    late = tuple(dataclasses.replace(effect, start=28) for effect in everything_ripe())
    first, second = (Market.from_setup(whole(300, effects=effects), seed=2).run() for effects in ((), late))
    begun = 28 + first.setup.burn_in
    for name in ("visits", "events", "credited", "takings"):
        ours, theirs = getattr(first, name), getattr(second, name)
        np.testing.assert_array_equal(ours[:begun], theirs[:begun], err_msg=name)
        assert (ours[begun:] != theirs[begun:]).any(), name
