"""A made-up run that can be given any of the tables of customers, money, scorecards and risks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from results.pages import Material
from results.store import open_run

Told = Callable[..., Material]


@pytest.fixture
def told(full_run: Path, tmp_path: Path) -> Told:
    """Return a function from tables by name to the material of a run that holds them too."""
    path = Path(shutil.copytree(full_run, tmp_path / full_run.name))

    def material(lang: str = "en", **tables: pd.DataFrame) -> Material:
        for name, table in tables.items():
            table.to_parquet(path / f"{name}.parquet")
        return Material(open_run(path), lang)

    return material
