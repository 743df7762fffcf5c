"""The documentation's examples do what they say: every command and every block of Python, page by page.

They run in order, in one folder a page, with fewer customers, draws and trials than written.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from omolab.cli import app
from tests.docs.pages import DOCS, ENDS, NOT_RUN, PAGES, PRINTED, commands, examples

FEWER = {
    "run": ["--customers", "120", "--replicates", "1"],
    "track": ["--customers", "120", "--replicates", "1"],
    "search": ["--trials", "2"],
    "backtest": ["--origins", "1", "--horizon", "2"],
    "forecast": ["--horizon", "3"],
}
ALONE = ("run", "track", "search", "backtest", "sweep", "forecast", "calibrate", "levers", "demo")
cli = CliRunner()


def named(page: Path) -> str:
    return str(page.relative_to(DOCS).with_suffix(""))


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if "```" in page.read_text()], ids=named)
def test_a_pages_examples_run(page: Path, place: Path) -> None:
    names: dict[str, Any] = {"__name__": "examples"}
    for example in examples(page):
        where = f"{page.name}:{example.line}"
        if example.left_out:
            continue
        if example.kind == "yaml" and (found := re.match(r"# (\S+\.yaml)\n", example.text)):
            file = place / found[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(example.text, encoding="utf-8")
        elif example.kind == "python":
            exec(compile(example.text, where, "exec"), names)
        elif example.kind == "sh":
            codes = [run(command) for command in commands(example.text)]
            assert codes[-1][0] in example.codes, f"{where}: {codes[-1][1]}"
            for code, said in codes[:-1]:
                assert code == 0, f"{where}: {said}"


def run(command: str) -> tuple[int, str]:
    """Run one command of a page; return its exit code and all it said."""
    words = shlex.split(command)
    words = words[4:] if words[:4] == ["python", "-m", "uv", "run"] else words
    if words[0] != "omolab":
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    targets = {sign: words[words.index(sign) + 1] for sign in (">", "2>") if sign in words}
    verb, *rest = words[1 : min([words.index(sign) for sign in targets], default=len(words))]
    if "--out" in rest and verb not in ("report", "history"):
        shutil.rmtree(rest[rest.index("--out") + 1], ignore_errors=True)  # a page before made it
    rest += FEWER.get(verb, [])  # the last of two counts
    rest += ["--threads", "1"] if verb in ALONE else []
    if verb == "history" and "--out" in rest:
        Path(rest[rest.index("--out") + 1]).unlink(missing_ok=True)
    done = cli.invoke(app, [verb, *rest])
    for sign, file in targets.items():
        Path(file).write_text(done.stdout if sign == ">" else done.stderr, encoding="utf-8")
    return done.exit_code, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_is_left_out_says_why(page: Path) -> None:
    for example in examples(page):
        assert not example.note or example.note.startswith((NOT_RUN, ENDS, PRINTED)), example.note
        assert not example.note.startswith(NOT_RUN) or len(example.left_out) > 20
        assert example.kind in ("sh", "python", "yaml", "text"), f"{page.name}:{example.line}"


def test_a_page_that_is_wrong_fails(place: Path) -> None:
    assert run("omolab run no_such_plan")[0] == 2
    assert run("omolab plans --no-such-option")[0] == 2
    assert run("cp no_such_file there")[0] != 0
    with contextlib.suppress(SystemExit), pytest.raises(FileNotFoundError):
        Path("plans.json").read_text()
    assert run("omolab plans --json > plans.json")[0] == 0
    assert "ecommerce_dept" in Path("plans.json").read_text(encoding="utf-8")
