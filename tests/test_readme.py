"""The README keeps its word: its commands exist, its example loads, its links lead somewhere."""

from __future__ import annotations

import re
import textwrap
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner

from omolab.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_stand_alone() -> None:
    fences = re.findall(r"```\n(.*?)\n```", README, re.DOTALL)
    assert "python -m pip install -q uv && python -m uv run omolab demo" in fences
    assert "python -m pip install -q uv && python -m uv run pytest -q -n 2 --dist loadfile" in fences


def test_every_command_and_option_exists() -> None:
    for verb, rest in set(re.findall(r"omolab ([a-z]+)((?: [^`#\n]*)?)", README)):
        page = CliRunner().invoke(app, [verb, "--help"])
        assert page.exit_code == 0, f"omolab {verb}"
        for option in re.findall(r"--[a-z]+", rest):
            assert option in page.stdout, f"omolab {verb} {option}"


def test_the_history_example_loads(tmp_path: Path) -> None:
    from calibration.history import load_history

    found = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert found is not None
    (tmp_path / "history.yaml").write_text(textwrap.dedent("   " + found[1].lstrip()), encoding="utf-8")
    months = [f"{2024 + i // 12}-{i % 12 + 1:02d},{100 + i},{500 - i}" for i in range(24)]
    weeks = [f"{date(2024, 1, 1) + timedelta(weeks=i)},10,20" for i in range(104)]
    _table(tmp_path / "sales.csv", "month,online_sales,store_sales", months)
    _table(tmp_path / "media.csv", "week,sem_cost,feed_cost", weeks)
    history = load_history(tmp_path / "history.yaml")
    assert set(history.channels) == {"online", "store"}


def test_links_lead_somewhere() -> None:
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in _titles()}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in anchors
        else:
            assert (ROOT / target).exists(), target


def _titles() -> list[str]:
    return re.findall(r"^#+ (.*)$", README, re.MULTILINE)


def _table(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
