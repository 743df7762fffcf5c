"""Small versions of `make random`: what would see a flaw in how luck is addressed, and that it would."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.luck import debian, page, properties
from benchmarks.luck.addresses import NAMED, ORDERS, draws, plain
from benchmarks.random_battery import shown
from sim.customers.exchange import STREAMS
from sim.engine.randomness import GAMMA, stream_key, word

# Fixed addresses: these either hold or do not. Corrected for the 70 values asked for below.
ENOUGH = 1e-4
SEED_ZERO = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)


def test_published_vectors_of_seed_zero() -> None:
    """SplitMix64 from seed 0: the vectors by which generators seeded with it are checked (Vigna 2015)."""
    assert tuple(word(0, i) for i in range(3)) == SEED_ZERO


@pytest.mark.parametrize("part", properties.USED)
def test_every_bit_of_an_address_flips_half_of_the_word(part: str) -> None:
    found = properties.avalanche(part, 2_000, np.random.default_rng(5))
    assert min(found.values()) > ENOUGH, found


def test_addresses_are_worked_out_as_the_market_does() -> None:
    seed, day, customer, alternative = 7, 40, 123_456, 3
    parts = {"seed": seed, "stream": properties.checksum("buy"), "day": day, "customer": customer}
    arrays = {
        name: np.array([value], np.uint64) for name, value in (parts | {"alternative": alternative}).items()
    }
    expected = word(word(stream_key(seed, "buy", day), customer), alternative)
    assert properties.addressed(arrays).tolist() == [expected]


@pytest.mark.parametrize("name", ["customer", "day", "alternative", "person", "stream", "seed"])
def test_batteries_read_the_draws_of_the_public_functions(name: str) -> None:
    for first in (0, 3_700_000):
        halves = draws(NAMED[name], 2 * first, 400).astype(np.uint64)
        words = halves[0::2] | (halves[1::2] << np.uint64(32))
        assert words.tolist() == [plain(NAMED[name], first + n) for n in range(200)]


def test_slices_are_four_days_of_a_word() -> None:
    halves = draws(NAMED["slice"], 0, 50_000 * 4).astype(np.int64)
    sixteen = np.column_stack([halves & 0xFFFF, halves >> 16]).reshape(4, 100_000)  # [day, customer]
    for customer in (0, 99_999):
        whole = word(stream_key(6, "visit", 0), customer)
        assert sixteen[:, customer].tolist() == [(whole >> (16 * k)) & 0xFFFF for k in range(4)]


def test_small_statistics_find_nothing() -> None:
    grid = properties.lattice(40, 200, 10)
    found = {
        **properties.serial(grid, 8),
        **properties.two_way(grid, 16),
        **properties.crossed(4_000),
        **properties.laws(20_000),
        **properties.slices(20_000, 20),
    }
    assert len(found) > 40
    assert min(found.values()) > ENOUGH, min(found.items(), key=lambda item: item[1])


def test_careless_addressing_would_be_found() -> None:
    """Days added to the key give a customer the luck of another's yesterday; so does a shared slice."""
    days, customers = np.arange(40, dtype=np.uint64)[:, None], np.arange(200, dtype=np.uint64)[None, :]
    added = np.asarray(word(np.uint64(9) + (days + customers) * np.uint64(GAMMA), np.uint64(0)))
    found = properties.two_way(np.repeat(added[:, :, None], 2, axis=2), 16)
    assert found["neighbouring alternatives"] < 1e-100
    assert properties.serial(added[:, :, None].repeat(2, axis=2), 1)["by alternative"] < 1e-100
    uneven = np.arange(1, 1_000) / 1_000.0
    assert properties.anderson_darling(uneven**1.3, 1.0 - uneven**1.3) < 1e-6


def test_anderson_darling_has_its_published_levels() -> None:
    """Uniform draws reject at their rate (critical values 2.492 and 3.857 of 5 and 1 %)."""
    luck = np.random.default_rng(3).random((2_000, 100))
    levels = np.array([properties.anderson_darling(row, 1.0 - row) for row in luck])
    assert (levels < 0.05).mean() == pytest.approx(0.05, abs=0.015)
    assert (levels < 0.5).mean() == pytest.approx(0.5, abs=0.035)


def test_plain_array_and_compiled_words_are_equal() -> None:
    assert properties.unequal(500) == 0


def test_streams_in_use_have_names_apart() -> None:
    sources = (Path(__file__).parents[3] / "sim").rglob("*.py")
    texts = [source.read_text(encoding="utf-8") for source in sources]
    names = {name for text in texts for name in re.findall(r'stream_key\([^"\n]*"([^"]+)"', text)} | {
        *STREAMS
    }
    assert len(names) > 15
    assert len({properties.checksum(name) for name in names}) == len(names)


def test_page_tells_failures_controls_and_what_was_skipped() -> None:
    rows = [
        shown("two-way tables", "own", [("a", 0.3), ("b", 0.6)]),
        shown("day", "Rabbit", [("Runs", 0.4), ("Ranks", 1e-12)]),
        shown("control", "Rabbit", [("Runs", 0.0)]) | {"control": True},
        {"name": "day", "battery": "dieharder", "skipped": "no apt"},
    ]
    text = "\n".join(page.lines(rows))
    assert "failed: Rabbit on day (Ranks)." in text
    assert "The flawed control failed in Rabbit." in text
    assert "dieharder was skipped: no apt." in text
    assert "none failed" in page.verdict(rows[:1])


def test_overlaps_are_the_birthday_bound() -> None:
    assert page.overlap(2, 1) == pytest.approx(2.0**-64)
    assert page.overlap(1e6, 1e6) == pytest.approx(1e18 / 2.0**64, rel=1e-5)


def test_a_battery_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(debian, "FOLDER", tmp_path)
    monkeypatch.setattr(debian.shutil, "which", lambda _: None)
    with pytest.raises(debian.Missing, match="apt-get"):
        debian.unpacked("libtestu01-0", "non-free")


def test_every_layout_is_described() -> None:
    assert {order.name for order in ORDERS if order.control} == {"control"}
    assert all(order.says for order in ORDERS)
