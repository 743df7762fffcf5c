"""Compiled twins: what they compute, and that an edited rule is never served stale."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from sim.engine.compilation import cache_root, compiled, sources_hash
from sim.market import Market
from tests.sim.markets import eventful, simple

RULE = """
LEVEL = {level}
def rule(x, bonus={bonus}):
    return x * {factor} + LEVEL + bonus
"""
KERNEL = """
import sys
from rules import rule
from sim.engine.compilation import compiled
def kernel(n):
    total = 0.0
    for i in range(n):
        total += rule(float(i))
    return total
if __name__ == "__main__":
    twin = compiled(kernel)
    value = twin(int(sys.argv[1]))
    assert value == kernel(int(sys.argv[1]))
    print(value, sum(twin.stats.cache_hits.values()))
"""


def run(folder: Path, level: float, factor: float, bonus: float) -> tuple[float, int]:
    """Write the rule, run the kernel in a new process; return the result and how often the cache served."""
    (folder / "rules.py").write_text(RULE.format(level=level, factor=factor, bonus=bonus))
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"OMOLAB_CACHE": str(folder / "cache"), "PYTHONPATH": f"{folder}:{root}"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # edits within a second must not meet an old .pyc
    done = subprocess.run(
        [sys.executable, str(folder / "kernel.py"), "5"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    value, hits = done.stdout.split()
    return float(value), int(hits)


def test_an_edited_rule_in_another_file_is_compiled_again(tmp_path: Path) -> None:
    """Numba's own cache looks at the kernel's file only, and served stale loops."""
    (tmp_path / "kernel.py").write_text(textwrap.dedent(KERNEL))
    assert run(tmp_path, 0.0, 2.0, 0.0) == (20.0, 0)
    assert run(tmp_path, 0.0, 2.0, 0.0) == (20.0, 1)
    assert run(tmp_path, 1.0, 3.0, 2.0) == (45.0, 0)  # its code, a constant beside it, a default


TABLE = np.array([1.0, 2.0])


def leaf(x: float, bonus: float = 0.0) -> float:
    return x + TABLE[0] + bonus


def root(x: float) -> float:
    return leaf(x) * 2.0


def test_hash_sees_everything_that_is_compiled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sources_hash(root)
    assert before == sources_hash(root)
    assert before != sources_hash(leaf)
    monkeypatch.setattr(leaf, "__defaults__", (1.0,))
    assert sources_hash(root) != before
    monkeypatch.undo()
    monkeypatch.setitem(root.__globals__, "TABLE", TABLE + 1.0)
    assert sources_hash(root) != before
    monkeypatch.undo()
    assert sources_hash(root) == before


def test_twin_leaves_the_originals_alone() -> None:
    assert compiled(root)(1.0) == root(1.0) == 4.0
    assert type(root) is type(leaf)
    assert compiled(root) is compiled(root)


def test_only_plain_functions_are_compiled() -> None:
    with pytest.raises(TypeError, match="plain function"):
        compiled(len)


def test_an_unwritable_cache_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("OMOLAB_CACHE", str(blocked / "below"))

    def kernel(x: float) -> float:
        return x + 0.25

    assert compiled(kernel)(1.0) == 1.25


def test_cache_folder_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OMOLAB_CACHE", str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.delenv("OMOLAB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "omolab"


def test_markets_of_every_make_share_one_compiled_loop() -> None:
    """A second signature would cost every user a second compilation of many seconds."""
    markets = [
        Market(customers=50, days=3),
        Market.from_setup(simple(50, 3, "own", {"borrow_days": 20.0})),
        Market.from_setup(eventful(customers=50, days=5, entry=np.zeros(50, np.int64))),
    ]
    for market in markets:
        market.run()
    for kernel in (markets[0]._shop, markets[0]._learn, markets[0]._welcome):
        assert len(kernel.signatures) <= 1  # type: ignore[attr-defined]
