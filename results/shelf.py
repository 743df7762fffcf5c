"""Finished runs: found, read and deleted."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.files import inside
from results.problems import BadInput, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MANIFEST = "manifest.json"
PARTIAL = ".partial"
RUNS = Path("results/runs")


@dataclass(frozen=True)
class Run:
    """A finished run, read.

    `summary` and `plot` say what it found; `kpis`, `daily`, `targets`, `compare` and `read` hold the tables.

    Parameters
    ----------
    path
        Its folder.
    manifest
        What ``manifest.json`` says.
    """

    path: Path
    manifest: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<run {self.name!r} of {self.manifest.get('name', '?')}: {', '.join(self.tables())}>"

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """Indicators by scenario, draw, replicate, period and channel."""
        return self.read("kpis")

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Measures by scenario, draw, replicate, date and channel."""
        return self.read("daily")

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Odds of each target by scenario."""
        return self.read("targets")

    @cached_property
    def compare(self) -> pd.DataFrame:
        """Differences between scenarios."""
        return self.read("compare")

    def summary(self) -> pd.DataFrame:
        """Return the run's answer as a table: what it says first, in rows that sort and filter.

        Of a simulated plan one row a target and scenario (baseline, target, the middle and ends of 8 of 10
        futures, odds 0-1); else the differences, levers, scores or parameters that the run is about.

        Returns
        -------
        DataFrame
            Empty where the run holds no such table. Source: `results.summary`.

        Examples
        --------
        >>> run.summary()[["scenario", "kpi", "odds"]].columns.tolist()
        ['scenario', 'kpi', 'odds']
        """
        from results.summary import summary

        return summary(self)

    def plot(self, name: str | None = None, lang: str = "en") -> Figure:
        """Return a chart of the run's report as a Matplotlib figure.

        Parameters
        ----------
        name
            Its name, as the files in ``charts/`` are called; the report's first unless given.
        lang
            ``en`` or ``zh``.

        Raises
        ------
        BadInput
            If the run has no such chart.

        Examples
        --------
        >>> figure = run.plot()
        >>> len(figure.axes) > 0
        True
        """
        from results.summary import plot

        return plot(self, name, lang)

    def tables(self) -> list[str]:
        """Return the names of the run's tables (``"kpis"``, ``"fit/ensemble"``)."""
        return sorted(
            path.relative_to(self.path).with_suffix("").as_posix() for path in self.path.rglob("*.parquet")
        )

    def has(self, name: str) -> bool:
        """Tell whether the run holds the table."""
        return inside(self.path, f"{name}.parquet").is_file()

    def read(self, name: str) -> pd.DataFrame:
        """Read a table.

        Raises
        ------
        BadInput
            If the run holds no such table, or it cannot be read.
        """
        import pandas as pd

        known = self.tables()
        if name not in known:
            message = f"this run has no table {name!r}{nearest(name, known)}"
            raise BadInput(Problem(str(self.path), None, "", name, ", ".join(known) or "tables", message))
        try:
            return pd.read_parquet(inside(self.path, f"{name}.parquet"))
        except (OSError, ValueError) as error:
            message = f"table {name!r} cannot be read"
            raise BadInput(Problem(str(self.path), None, name, str(error), "Parquet", message)) from None

    def sweep(self, kpis: Sequence[str] = (), scenarios: Sequence[str] = ()) -> pd.DataFrame:
        """Indicators of a sweep's runs with their points' values (see `results.sweeps.sweep_kpis`)."""
        from results.sweeps import sweep_kpis

        return sweep_kpis(self, kpis, scenarios)

    def json(self, name: str) -> Any:
        """Read ``<name>.json``, or return ``None`` where the run has none."""
        path = inside(self.path, f"{name.removesuffix('.json')}.json")
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def open_run(path: Path | str, root: Path | None = None) -> Run:
    """Open a finished run by its folder, or by its name under ``root`` (``results/runs`` if not given).

    Raises
    ------
    BadInput
        If there is no such folder or it holds no complete run.
    """
    folder = Path(path)
    if not folder.exists() and not folder.is_absolute() and ".." not in folder.parts:
        folder = (root or RUNS) / folder
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["status"] != "complete":
            raise KeyError("status")
    except (OSError, ValueError, KeyError, TypeError):
        known = [run.name for run in runs(root)]
        raise BadInput(
            Problem(
                str(path),
                None,
                "",
                "" if folder.exists() else "nothing there",
                f"a run's folder with a complete {MANIFEST}",
                f"is not a run{nearest(folder.name, known)}",
            )
        ) from None
    return Run(folder, manifest)


def runs(root: Path | None = None) -> list[Run]:
    """Return the finished runs under ``root``, oldest first; unfinished work does not count."""
    found = []
    folder = root or RUNS
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            if manifest["status"] == "complete":
                found.append(Run(path, manifest))
    return sorted(found, key=lambda run: (str(run.manifest.get("started", "")), run.name))


def delete(path: Path | str, root: Path | None = None) -> None:
    """Delete one finished run, first its name and then its files.

    Raises
    ------
    BadInput
        If it is not a run, is reached through a link, or does not lie directly under ``root``.
    """
    run = open_run(path, root)
    home = (root or RUNS).resolve()
    if run.path.is_symlink() or run.path.resolve().parent != home:
        raise BadInput(
            Problem(
                str(path), None, "", str(run.path), f"a run in {home}", "is not deleted: it lies elsewhere"
            )
        )
    bin_ = home / PARTIAL / f"deleted-{run.name}-{os.getpid()}"
    bin_.parent.mkdir(exist_ok=True)
    run.path.resolve().rename(bin_)
    shutil.rmtree(bin_)
    with contextlib.suppress(OSError):
        bin_.parent.rmdir()
