"""The house rules a reader relies on: which room may know which, what an import costs, what git holds."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"sim": 0, "results": 1, "scenarios": 2, "calibration": 3, "omolab": 4}
HEAVY = {"numba", "pandas", "mesa", "statsmodels", "matplotlib", "scipy", "optuna", "pyarrow"}
# Which part of the market may not know which, and what the market as a whole leaves to other rooms.
STRANGERS = {
    "sim/customers": ("sim.retailer", "sim.world"),
    "sim/engine": ("sim.customers", "sim.retailer", "sim.world", "sim.market", "sim.ledger"),
    "sim": ("yaml", "matplotlib", "jinja2", "pyarrow", "pydantic"),
}
TABLES = {".csv", ".tsv", ".parquet", ".feather", ".xls", ".xlsx", ".rda", ".rdata", ".gz", ".zip", ".db"}


def sources(folder: str) -> list[Path]:
    found = sorted(path for path in (ROOT / folder).rglob("*.py") if "runs" not in path.parts)
    assert found, f"{folder} holds no Python"
    return found


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, module) of every import in a file, those inside functions and type checks too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written in full"
            module = str(node.module)
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("room", FLOORS)
def test_imports_run_one_way(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(room)
        for line, module in imported(path)
        if FLOORS.get(module.split(".")[0], -1) > FLOORS[room]
    ]
    assert not wrong


@pytest.mark.parametrize("folder", STRANGERS)
def test_parts_do_not_know_strangers(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(folder)
        for line, module in imported(path)
        for stranger in STRANGERS[folder]
        if f"{module}.".startswith(f"{stranger}.")
    ]
    assert not wrong


@pytest.mark.parametrize("room", FLOORS)
def test_the_rooms_are_ours(room: str) -> None:
    module = __import__(room)
    assert Path(str(module.__file__)).resolve() == ROOT / room / "__init__.py"


def calling(*line: str) -> str:
    """Return the code that runs a command line."""
    return f"from omolab.cli import app\ntry:\n    app({list(line)!r})\nexcept SystemExit:\n    pass"


def modules_after(code: str) -> set[str]:
    """Return the top-level modules loaded after running ``code`` in a fresh interpreter."""
    ending = (
        "\nimport sys, json\nprint('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + ending], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_omolab_loads_next_to_nothing() -> None:
    assert not HEAVY & modules_after("import omolab")
    assert not {"typer", "rich", "yaml", "numpy"} & modules_after("import omolab")


@pytest.mark.parametrize("line", [["--help"], ["run", "--help"], ["--version"]], ids=" ".join)
def test_the_help_loads_nothing_heavy(line: list[str]) -> None:
    assert not (HEAVY | {"rich", "yaml", "numpy"}) & modules_after(calling(*line))


def test_bad_options_are_refused_before_anything_heavy_loads() -> None:
    assert not HEAVY & modules_after(calling("run", "ecommerce_dept", "--customers", "0"))


def test_every_public_name_exists() -> None:
    import omolab

    pytest.importorskip("omolab.api")
    missing = [name for name in omolab.__all__ if getattr(omolab, name, None) is None]
    assert not missing
    assert set(omolab.__all__) <= set(dir(omolab))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = omolab.nonsense


def test_the_version_is_written_once() -> None:
    import omolab

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == omolab.__version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert omolab.__version__ in changes


@pytest.mark.parametrize("script", ["generated.py", "constraints.py"])
def test_files_made_from_others_are_current(script: str) -> None:
    line = [sys.executable, f".ci/{script}", "--check"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def tracked() -> list[Path]:
    """Return the files git holds, or skip where this is no clone."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone")
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_git_holds_no_data_folder_and_no_run() -> None:
    wrong = [
        path
        for path in tracked()
        if path.relative_to(ROOT).parts[0] == "data"
        or path.relative_to(ROOT).parts[:2] == ("results", "runs")
        or path.name == "uv.lock"
    ]
    assert not wrong


def test_tables_in_git_are_small() -> None:
    """What is shipped are made-up samples and golden figures; real histories stay outside."""
    big = [p for p in tracked() if p.suffix.lower() in TABLES and p.is_file() and p.stat().st_size > 256_000]
    assert not big


def test_git_holds_no_extract_of_the_real_histories(data_dir: Path) -> None:
    ours: dict[str, Path] = {}
    for path in tracked():
        if path.suffix.lower() in {".csv", ".tsv"} and path.is_file():
            rows = path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
            ours |= {row.strip(): path for row in rows if len(row) >= 16}
    if not ours:
        pytest.skip("git holds no text table")
    shared: dict[Path, int] = {}
    for real in data_dir.rglob("*.csv"):
        with real.open(encoding="utf-8", errors="replace") as rows:
            for row in rows:
                if (path := ours.get(row.strip())) is not None:
                    shared[path] = shared.get(path, 0) + 1
    assert not {path: count for path, count in shared.items() if count > 2}
