"""Batteries from Debian's own archive, unpacked in a folder of their own: nothing installed, no root."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "batteries"
MIRROR = "http://deb.debian.org/debian"


class Missing(Exception):
    """A battery cannot be had here; the message says why."""


def unpacked(package: str, component: str = "main") -> Path:
    """Return a folder that holds ``package`` and what it needs, fetched by apt where it is not there yet.

    Raises
    ------
    Missing
        Where there is no apt, no Debian, or no way to its archive.
    """
    folder = FOLDER / package
    if (folder / "complete").exists():
        return folder
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Missing("needs Debian's apt-get and dpkg-deb")
    for part in ("lists/partial", "cache/archives/partial", "root"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    source = folder / "sources.list"
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    source.write_text(f"deb [signed-by={keys}] {MIRROR} {_codename()} {component} main\n")
    options = (
        "-o", f"Dir::Etc::sourcelist={source}", "-o", "Dir::Etc::sourceparts=/dev/null",
        "-o", f"Dir::State::lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}",
    )  # fmt: skip
    _run("apt-get", *options, "update", cwd=folder)
    names = _run("apt-cache", *options, "pkgnames", package, cwd=folder).split()
    chosen = min((n for n in names if "-dev" not in n), key=len, default=None)
    if chosen is None:
        raise Missing(f"{package} is not in Debian {_codename()}")
    wanted = _run(
        "apt-get",
        *options,
        "install",
        "--print-uris",
        "-qq",
        "-y",
        "--no-install-recommends",
        chosen,
        cwd=folder,
    )
    needed = [line.split()[1].split("_")[0] for line in wanted.splitlines() if line.startswith("'")]
    _run("apt-get", *options, "download", *(needed or [chosen]), cwd=folder)
    for archive in folder.glob("*.deb"):
        _run("dpkg-deb", "-x", str(archive), str(folder / "root"), cwd=folder)
    (folder / "complete").touch()
    return folder


def libraries(folder: Path) -> Path:
    """Return the folder of shared libraries inside an unpacked package."""
    return next((folder / "root" / "usr" / "lib").glob("*-linux-gnu*"))


def _codename() -> str:
    release = Path("/etc/os-release")
    told = (
        dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
        if release.exists()
        else {}
    )
    if told.get("ID") != "debian":
        raise Missing("the archive is Debian's, and this is another system")
    return told["VERSION_CODENAME"].strip('"')


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C"},
        timeout=300,
    )
    if done.returncode:
        raise Missing(f"{command[0]}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    return done.stdout
