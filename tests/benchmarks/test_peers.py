"""Peers: pins read, installed once, refused by name, asked block by block."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed import environments, peers, simulators
from benchmarks.speed.cores import _options
from benchmarks.speed.environments import NotInstalled, pins, python_of
from benchmarks.speed.peers import Broken, Peer

HERE = Path(sys.executable)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every installer call fail, as without a network."""
    failing = [sys.executable, "-c", "import sys; sys.exit('error: no such package')"]
    monkeypatch.setattr(environments, "_uv", lambda: failing)


def written(folder: Path, text: str) -> Path:
    path = folder / "peers.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_pins_name_a_version_for_every_package() -> None:
    assert set(pins()) == {"numpy", "mesa-frames", "starsim", "covasim"}
    assert all("==" in requirement for wanted in pins().values() for requirement in wanted)


def test_what_cannot_be_installed_is_refused_by_name(tmp_path: Path, nowhere: None) -> None:
    with pytest.raises(NotInstalled, match="nothing cannot be installed: error: no such package"):
        python_of("nothing", tmp_path, written(tmp_path, "nothing: nothing==1\n"))


def test_an_environment_is_made_once_for_its_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []

    def run(peer: str, command: list[str]) -> None:
        done.append(command)
        (tmp_path / peer).mkdir(exist_ok=True)

    monkeypatch.setattr(environments, "_run", run)
    for text, calls in (("a: x==1\n", 2), ("a: x==1\n", 2), ("# newer\na: x==2\n", 4)):
        python_of("a", tmp_path, written(tmp_path, text))
        assert len(done) == calls
    assert done[-1][-1] == "x==2"


def test_a_peer_lives_a_block_whenever_it_is_asked() -> None:
    options = _options({"bits": 16, "chunk": 500}, 2_000, 3)
    with Peer(HERE, "numpy_core", options) as peer:
        before = sum(peer.told["orders"])
        assert peer.block() > 0.0
        assert sum(peer.told["orders"]) > before and "numpy" in peer.told["versions"]


def test_a_peer_that_breaks_tells_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "SCRIPTS", tmp_path)
    (tmp_path / "bad.py").write_text("print('hello')\nimport nowhere_to_be_found\n", encoding="utf-8")
    with pytest.raises(Broken, match="nowhere_to_be_found"):
        Peer(HERE, "bad", {})


def test_simulators_that_cannot_be_installed_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in with the scripts' protocol serves for Starsim; Covasim is absent."""

    def python(package: str) -> Path:
        if package == "covasim":
            raise NotInstalled("covasim cannot be installed: gone")
        return HERE

    class Standing:
        def __init__(self, python: Path, script: str, options: dict[str, Any]) -> None:
            self.nanoseconds = {"random": 200.0, "static": 80.0, "pool": 5.0}[options["style"]]
            self.told = {"versions": {"starsim": "1"}}

        def block(self) -> float:
            return self.nanoseconds

        def close(self) -> None:
            self.nanoseconds = 0.0

    monkeypatch.setattr(simulators, "python_of", python)
    monkeypatch.setattr(simulators, "Peer", Standing)
    models = [("starsim", "s", style) for style in ("random", "static", "pool")] + [
        ("covasim", "c", "random")
    ]
    found = {row["name"]: row for row in simulators.starsim_rows(1_000, 1, 2, models)}
    assert found["covasim_random"] == {
        "name": "covasim_random",
        "skipped": "covasim cannot be installed: gone",
    }
    assert (found["starsim"]["peer"], found["starsim"]["how"]) == (80.0, "starsim, static")
    assert found["starsim_pool"]["peer"] == 5.0
    with pytest.raises(RuntimeError, match="gone"):
        simulators.starsim_rows(1_000, 1, 1, models[3:])
