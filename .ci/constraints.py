"""Keep ``constraints.txt``: the exact versions the project was last tested with.

Without arguments it is written from the environment this runs in: what omolab and its tested extras
need, directly or not. With ``--check`` it is only read: each line a name and a version, in order, and
every dependency that ``pyproject.toml`` names listed, at a version it allows.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "constraints.txt"
EXTRAS = ("test", "notebooks", "excel", "dashboard", "browser", "docs")  # the others are installed by hand
HEAD = """\
# Versions omolab was tested with (Python {python}); written by `make constraints`.
# pip install -e ".[test]" -c constraints.txt
"""
PIN = re.compile(r"(?P<name>[a-z0-9]+(-[a-z0-9]+)*)==(?P<version>[A-Za-z0-9.!+_]+)")


def main() -> None:
    """Write the file, or check it."""
    if "--check" not in sys.argv[1:]:
        python = ".".join(map(str, sys.version_info[:3]))
        pins = [f"{name}=={version}" for name, version in sorted(needed().items())]
        FILE.write_text(HEAD.format(python=python) + "\n".join(pins) + "\n", encoding="utf-8")
        print(f"{FILE.name}: {len(pins)} packages")
        return
    problems = list(complaints(FILE.read_text(encoding="utf-8")))
    print("\n".join(problems) or f"{FILE.name} covers pyproject.toml")
    sys.exit(1 if problems else 0)


def needed() -> dict[str, str]:
    """Return name and installed version of all that omolab and its tested extras need here."""
    found: dict[str, str] = {}
    waiting = [requirement for _, requirement in declared()]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"{name} is not installed here: `uv sync` first")
        new = name not in found
        found[name] = package.version
        inner = [Requirement(text) for text in package.requires or []]
        extras = requirement.extras or {""}
        wanted = [need for need in inner if any(applies(need, extra) for extra in extras)]
        waiting += [need for need in wanted if new or canonicalize_name(need.name) not in found]
    return found


def declared() -> Iterator[tuple[str, Requirement]]:
    """Yield (where, requirement) of the dependencies and tested extras that apply here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"dependencies": project["dependencies"]}
    groups |= {extra: project["optional-dependencies"].get(extra, []) for extra in EXTRAS}
    for where, texts in groups.items():
        yield from ((where, need) for need in map(Requirement, texts) if applies(need, ""))


def applies(requirement: Requirement, extra: str) -> bool:
    """Tell whether a requirement's marker holds here."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def complaints(text: str) -> Iterator[str]:
    """Yield what is wrong with the file's text."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pins: dict[str, str] = {}
    for line in lines:
        if (pin := PIN.fullmatch(line)) is None:
            yield f"{line!r} is not name==version"
        else:
            pins[pin["name"]] = pin["version"]
    names = [line.split("==")[0] for line in lines]
    if names != sorted(set(names)):
        yield "lines are not sorted, or are repeated"
    for where, requirement in declared():
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{requirement.name} ({where}) is not listed"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} {version} is not allowed by {requirement.specifier} ({where})"


if __name__ == "__main__":
    main()
