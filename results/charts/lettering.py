"""Text in lines: broken at blanks or between wide letters, so that Chinese and English fit one width."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from results.language import clean


def wrap(text: str, width: int) -> list[str]:
    """Break text at spaces, or between wide letters, after at most ``width`` columns.

    Among wide letters numbers and words stay whole, and no line begins with closing punctuation.
    """
    if not any(unicodedata.east_asian_width(letter) in "WF" for letter in text):
        return textwrap.wrap(text, width) or [""]
    lines = [""]
    for part in _UNBROKEN.findall(text):
        if _columns(lines[-1]) + _columns(part.rstrip(" ")) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip(" ")
            lines.append("")
            part = part.lstrip(" ")
        while _columns(part) > width and part.isascii():  # a word longer than a line
            lines[-1:] = [part[:width], ""]
            part = part[width:]
        lines[-1] += part
    return lines


_UNBROKEN = re.compile(
    r"[（“《]*(?:[^ \u2e80-\uffff（“《，。；：、）”》]+|.)[，。；：、）”》！？%元万亿次名]* *", re.DOTALL
)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def tick(text: str, width: int = 26) -> str:
    """Return a label on at most two lines."""
    lines = wrap(text, width)
    return "\n".join(lines if len(lines) < 3 else [lines[0], clean(" ".join(lines[1:]), width)])
