"""Rows: what a ratio means, what misses its aim, what is skipped and why; and the page made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import bench
from benchmarks.speed.environments import NotInstalled
from benchmarks.speed.machine import machine, processor
from benchmarks.speed.page import number, page
from benchmarks.speed.rows import AIMS, Row, above, extra, faster, measured, missed, plain

NAMES = {
    *("mesa_reference", "mesa_frames", "numpy", "starsim", "floor", "floor_full", "bytes_per_customer"),
    *("growth_10k_10m", "threads_2", "import_seconds", "help_seconds", "first_result_seconds"),
    "variance_ratio",
}
PLACE: dict[str, Any] = {
    "processor": "Some CPU", "cores": 2, "system": "Linux x86_64", "python": "3.11.7",
    "versions": {"numpy": "2.4.6"}, "load": 0.5, "minutes": 12.5,
}  # fmt: skip


def rows() -> list[Row]:
    return [
        faster("mesa_reference", 8.0, 2560.0),
        faster("numpy", 4.0, 6.0, versions={"numpy": "2.4.6"}, customers=100_000, how="bits 16"),
        {"name": "mesa_frames", "skipped": "mesa-frames cannot be installed: no such version"},
        above("floor_full", 12.0, 4.0),
        plain("bytes_per_customer", 58.0, "bytes"),
        faster("variance_ratio", 2.0, 200.0, "variance", low=40.0, high=190.0),
        extra("full_10k", 12.3456),
    ]


def test_ratios_mean_what_they_say() -> None:
    found = {row["name"]: row.get("ratio") for row in rows()}
    assert found == {
        "mesa_reference": 320.0, "numpy": 1.5, "mesa_frames": None, "floor_full": 3.0,
        "bytes_per_customer": 58.0, "variance_ratio": 100.0, "full_10k": None,
    }  # fmt: skip
    assert rows()[0].keys() >= {"name", "ours", "peer", "unit", "ratio"}


def test_every_row_that_is_asked_for_has_an_aim_and_a_part() -> None:
    made = {name for names, _ in bench.PARTS.values() for name in names}
    assert set(AIMS) >= NAMES
    assert made >= NAMES and made - {"variance_ratio_stockouts"} == set(AIMS)


def test_what_misses_and_what_is_skipped_is_named() -> None:
    assert missed(rows()) == ["numpy", "mesa_frames"]


def test_a_part_that_breaks_is_skipped_by_its_rows_names() -> None:
    def absent() -> list[Row]:
        raise NotInstalled("x cannot be installed: no network")

    def fails() -> list[Row]:
        command = [sys.executable, "-c", "import nowhere_to_be_found"]
        subprocess.run(command, check=True, capture_output=True, text=True)
        return []

    assert [row["name"] for row in measured(["a", "b"], absent)] == ["a", "b"]
    assert measured(["a"], absent)[0]["skipped"] == "NotInstalled: x cannot be installed: no network"
    assert "nowhere_to_be_found" in measured(["a"], fails)[0]["skipped"]


def test_the_page_tells_what_is_reached_what_falls_short_and_what_is_missing() -> None:
    text = page({"rows": rows(), "machine": PLACE})
    assert "| 8 | 2\u00a0560 | **320** | ≥\u00a0300 | reached |" in text
    assert (
        "- `numpy` (times faster than chunked NumPy on the choice core): 1.5; the aim is at least 2." in text
    )
    assert "choice core (100\u00a0000 customers; bits 16) |" in text
    assert "- `mesa_frames` was skipped: mesa-frames cannot be installed: no such version." in text
    assert "**100** (40 to 190)" in text
    assert "| full_10k | 12.3 |" in text
    assert "busy" not in text and "busy" in page({"rows": rows(), "machine": PLACE | {"load": 3.0}})
    assert "Some CPU, 2 cores" in text and "numpy 2.4.6" in text and "12.5 minutes" in text


def test_rows_print_as_they_are() -> None:
    printed = [bench.line(row) for row in rows()]
    assert printed[1].split() == ["numpy", "4", "6", "1.5", "ns", "per", "customer-day", "aim", "2"]
    assert printed[2].startswith("mesa_frames") and "skipped: mesa-frames" in printed[2]


def test_a_whole_measurement_leaves_rows_and_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks() -> list[Row]:
        raise RuntimeError("no luck")

    monkeypatch.setattr(bench, "PARTS", {"all": ([], rows), "bad": (["starsim"], breaks)})
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "OUT", tmp_path / "results" / "benchmark.json")
    monkeypatch.setattr(bench, "PAGE", tmp_path / "performance.md")
    monkeypatch.setattr(sys, "argv", ["bench.py", "--only", "all"])
    bench.main()
    assert "mesa_reference" in capsys.readouterr().out and not bench.OUT.exists()
    monkeypatch.setattr(sys, "argv", ["bench.py"])
    bench.main()
    document = json.loads(bench.OUT.read_text(encoding="utf-8"))
    assert document["rows"] == [*rows(), {"name": "starsim", "skipped": "RuntimeError: no luck"}]
    assert bench.PAGE.read_text(encoding="utf-8") == page(document)
    assert "`starsim` was skipped: RuntimeError: no luck." in page(document)


def test_without_memory_for_ten_million_the_other_sizes_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed() -> dict[str, Any]:
        raise subprocess.CalledProcessError(-9, "year", stderr="")

    monkeypatch.setattr(bench.year, "lived", killed)
    monkeypatch.setattr(bench.sizes, "size_rows", lambda known: [above("floor_full", 9.0, 3.0)])
    found = {row["name"]: row for row in bench.large()}
    assert found["memory_10m_gb"]["skipped"] == found["growth_10k_10m"]["skipped"] == "exit -9"
    assert found["floor_full"]["ratio"] == 3.0


@pytest.mark.parametrize(("value", "text"), [(0.0123, "0.0123"), (58.0, "58"), (1234.5, "1\u00a0230")])
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_machine_is_named() -> None:
    place = machine()
    assert place["cores"] >= 1 and place["processor"] and {"numpy", "numba"} <= set(place["versions"])


def test_the_processor_is_read_off_the_system(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("vendor\t: x\nmodel name\t: Some CPU\n", encoding="utf-8")
    assert processor(info) == "Some CPU"
