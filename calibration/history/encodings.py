"""How the text of a file is saved: UTF-8 unless the mapping says otherwise, and what else it may be."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal, get_args

from calibration.history import words
from calibration.history.complaints import Complaints

Encoding = Literal["utf-8", "utf-16", "gb18030", "big5", "shift_jis", "euc_kr", "windows-1252"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
_ASIAN: tuple[Encoding, ...] = ("gb18030", "shift_jis", "euc_kr", "big5")
_READ_AS = {"shift_jis": "cp932", "euc_kr": "cp949", "utf-8": "utf-8-sig"}
"""Wider forms of an encoding, which its own programs write."""
_LOOKED_AT = 20_000


def decoded(path: Path, content: bytes, complaints: Complaints, encoding: str | None) -> str | None:
    """Return the text of a file; ``None``, with complaints, if it is saved otherwise."""
    marked = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    told = encoding or ("utf-16" if marked else "utf-8")
    try:
        text = content.decode(_READ_AS.get(told, told))
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        found = f"byte 0x{content[error.start]:02x}"
        likely = None if encoding else likely_encoding(content)
        saved = "UTF-8" if encoding is None else encoding
        expected = f"text saved as {saved}"
        if likely:
            expected = f"text saved as UTF-8, or encoding: {likely} beside the table's file in history.yaml"
        complaints.add(path, row, "", found, expected, f"is not {saved} text")
        return None
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        complaints.add(path, row, "", "a zero byte", "text saved as UTF-8", "is not text")
        return None
    return text


def likely_encoding(content: bytes) -> Encoding | None:
    """Return how text that is not UTF-8 is likely saved; ``None`` where nothing speaks for any.

    The languages of Asia by the most words of retail that come out of their encoding; those of Western Europe
    where nearly all strange letters stand alone among plain ones, as accents do.
    """
    if b"\x00" in content:
        return None
    known = {word for word in words.without_blanks() if len(word) > 1}
    found: dict[Encoding, int] = {}
    for name in _ASIAN:
        try:
            text = content.decode(_READ_AS.get(name, name))[:_LOOKED_AT]
        except UnicodeDecodeError:
            continue
        found[name] = sum(len(word) * text.count(word) for word in known)
    best = max(found, key=lambda name: found[name], default=None)
    if best is not None and found[best]:
        return best
    part = content[:_LOOKED_AT]
    strange = [k for k, byte in enumerate(part) if byte > 127]
    alone = [k for k in strange if not {k - 1, k + 1} & set(strange)]
    western = bool(strange) and len(alone) > 0.8 * len(strange)
    return "windows-1252" if western and not any(127 < byte < 160 and byte != 128 for byte in part) else None
