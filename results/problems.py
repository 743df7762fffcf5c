"""Bad input, said so that its author can mend it: where it stands, what was found, what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from results.language import Language

# What a terminal would obey instead of showing it: control characters, and those that turn text around.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

NEAREST = "; did you mean "


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    file
        Name of the file or option that holds it.
    line
        Line (YAML) or row (tables, the header being row 1), 1-based; ``None`` where there is none.
    field
        Dotted path of the field or the column's name.
    value
        What was found, as text.
    expected
        What would have been accepted.
    message
        One sentence for a person.
    """

    file: str
    line: int | None
    field: str
    value: str
    expected: str
    message: str

    def __str__(self) -> str:
        field = f" {self.field}:" if self.field else ""
        found = f" (found {self.value!r}; expected {self.expected})" if self.expected else ""
        return _shown(f"{self._where}:{field} {self.message}{found}")

    @property
    def _where(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def told(self, words: Language) -> str:
        """Return the problem in the reader's language; a message that the catalogue lacks stays English."""
        if words.lang == "en":
            return str(self)
        from results.phrases.problems import FOUND, PROBLEMS

        usual = tuple(PROBLEMS)
        message, meant, name = self.message.partition(NEAREST)
        said = words.translated(message, usual)
        if meant:
            said = words.say("problem.nearest", said=said, name=name.removesuffix("?"))
        if self.expected:
            value = words.translated(self.value, tuple(FOUND))
            fields = {"value": repr(value), "expected": words.translated(self.expected, usual)}
            said = words.say("problem.found", said=said, **fields)
        place = {"where": self._where, "field": self.field, "said": said}
        return _shown(words.say("problem.field" if self.field else "problem.line", **place))

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the form that ``--json`` prints."""
        return asdict(self)


class BadInput(Exception):
    """Raised when inputs cannot be used; the command line answers it with exit code 2."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[BadInput], tuple[tuple[Problem, ...]]]:
        return (type(self), (self.problems,))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name closest to ``name``, or an empty string."""
    found = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    return f"{NEAREST}{found[0]!r}?" if found else ""


def _shown(text: str) -> str:
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
