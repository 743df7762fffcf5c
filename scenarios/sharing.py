"""Who works on a study: one search alone, or several that share it in PostgreSQL.

A journal in a run's folder and an SQLite file belong to one search at a time. On PostgreSQL every search
holds an advisory lock of its own while it lives, which the server lets go of however it dies: so the others
know whose unfinished trials nobody will finish. They ask for trials in turn, so no two are at the same one.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.files import fingerprint, owned
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

OPTION = "--storage"
EXPECTED = "sqlite:///search.db, or postgresql://user@host/database where several searches share a study"
DRIVER = "driver"


class Hold:
    """One search's hold on a study.

    Parameters
    ----------
    url
        What Optuna opens; ``None`` for the run's own journal.
    study
        Its name.
    connection
        To a database that others may use too; ``None`` where this search is alone.
    """

    def __init__(self, url: str | None, study: str, connection: Any = None) -> None:
        self.url, self._connection = url, connection
        self.name, self._study = secrets.randbits(62), int(fingerprint(study)[:15], 16)
        if connection is not None:
            self._asked("select pg_advisory_lock(:name)", self.name)

    @property
    def shared(self) -> bool:
        """Whether other searches may work on the study."""
        return self._connection is not None

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other searches from asking for a trial while inside."""
        if not self.shared:
            yield
            return
        self._asked("select pg_advisory_lock(:name)", self._study)
        try:
            yield
        finally:
            self._asked("select pg_advisory_unlock(:name)", self._study)

    def gone(self, trial: FrozenTrial) -> bool:
        """Tell, in turn, whether the search that a running trial belongs to is no more."""
        name = trial.user_attrs.get(DRIVER)
        if not self.shared or name is None:  # killed before it could mark its trial
            return True
        if name == self.name:
            return False
        if not self._asked("select pg_try_advisory_lock(:name)", name):
            return False
        self._asked("select pg_advisory_unlock(:name)", name)
        return True

    def _asked(self, statement: str, name: int) -> Any:
        from sqlalchemy import text

        return self._connection.execute(text(statement), {"name": name}).scalar()


@contextlib.contextmanager
def held(storage: str | None, study: str) -> Iterator[Hold]:
    """Take hold of a study in a storage while inside.

    Raises
    ------
    BadInput
        If another search works on it where only one can, the database does not answer, or is of a kind that
        a search cannot use.
    """
    if storage is None:
        yield Hold(None, study)
        return
    scheme, _, rest = storage.partition(":")
    if scheme.split("+")[0] in ("postgresql", "postgres"):
        with _connected(f"postgresql+psycopg:{rest}", storage) as connection:
            yield Hold(f"postgresql+psycopg:{rest}", study, connection)
    elif scheme == "sqlite":
        place = rest.removeprefix("///")
        path = Path(place.partition("?")[0] or "memory")
        with owned(path.with_name(f"{path.name}.{study}.lock"), "the same search"):
            yield Hold(storage, study)
    else:
        raise refused(storage, "searches keep their trials in SQLite or PostgreSQL")


def refused(storage: str, why: str) -> BadInput:
    """Return the refusal of a storage, its password hidden."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    with contextlib.suppress(ArgumentError):
        storage = make_url(storage).render_as_string(hide_password=True)
    return BadInput(Problem(OPTION, None, "", storage, EXPECTED, f"cannot be used: {why}"))


@contextlib.contextmanager
def _connected(url: str, storage: str) -> Iterator[Any]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, DBAPIError

    try:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        connection = engine.connect()
    except ModuleNotFoundError as error:
        why = f'needs {error.name}, of the extra `postgres`: pip install "omolab[postgres]"'
        raise refused(storage, why) from None
    except (DBAPIError, ArgumentError) as error:
        raise refused(storage, str(error).splitlines()[0]) from None
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()
