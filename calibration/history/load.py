"""``history.yaml`` and the files it names, read together; whatever is wrong in them is told at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from calibration.history.complaints import Complaints
from calibration.history.evidence import Evidence, read_evidence
from calibration.history.files import Raw, locate, read_raw
from calibration.history.history import History
from calibration.history.mapping import read_mapping
from calibration.history.others import (
    Timed,
    read_drivers,
    read_experiment,
    read_media,
    read_prices,
    read_service,
    read_traffic,
)
from calibration.history.periods import Calendar
from calibration.history.sales import SalesTable, read_sales
from calibration.history.schema import HistoryFile, Table
from calibration.history.sheet import Issue, Sheet, missing_columns
from calibration.history.transactions import Log, read_transactions
from scenarios.reading import Document, read_yaml

TABLES = ("sales", "transactions", "media", "prices", "traffic", "service", "experiment", "drivers")


def load_history(path: str | Path) -> History:
    """Read a company's history.

    Parameters
    ----------
    path
        A ``history.yaml``; paths in it are relative to its folder.

    Returns
    -------
    History
        Tidy tables, and findings in ``issues``.

    Raises
    ------
    BadInput
        With every problem of the mapping, or of all its files: file, row (the header is row 1), column,
        value, and what was expected.
    """
    document = read_yaml(path)
    reading = Reading(document, read_mapping(document))
    reading.open_all()
    sales, log = reading.sales(), None
    channels = tuple(dict.fromkeys(sales.sales["channel"])) if sales else ()
    if "transactions" in reading.sheets:
        log = reading.log(channels[0] if len(channels) == 1 else None)
    if log and not channels:
        channels = tuple(dict.fromkeys(log.orders["channel"]))
    timed = reading.timed()
    experiment, evidence = reading.experiment(), read_evidence(reading)
    reading.complaints.raise_if_any()
    return _assemble(reading, channels, sales, log, timed, experiment, evidence)


def _assemble(
    reading: Reading,
    channels: tuple[str, ...],
    sales: SalesTable | None,
    log: Log | None,
    timed: dict[str, Timed],
    experiment: pd.DataFrame | None,
    evidence: Evidence,
) -> History:
    document, mapping = reading.document, reading.mapping
    span = sales.calendar if sales else log.weeks if log else None
    issues = [*reading.issues, *_outside(span, log if sales else None, timed)]
    issues += _strangers(channels, log, timed)
    if not mapping.currency:
        issues.append(
            Issue("", "no currency", 1, (), "no currency is named: amounts are compared as they stand")
        )
    frames = {name: part.frame for name, part in timed.items()}
    return History(
        name=mapping.name if "name" in document.data else document.path.stem,
        currency=mapping.currency,
        file=document.path,
        span=span,
        channels=channels,
        sales=sales.sales if sales else None,
        total=sales.total if sales else None,
        transactions=log.orders if log else None,
        media=frames.get("media"),
        media_span=timed["media"].calendar if "media" in timed else None,
        prices=frames.get("prices"),
        traffic=frames.get("traffic"),
        service=frames.get("service"),
        experiment=experiment,
        drivers=frames.get("drivers"),
        drivers_span=timed["drivers"].calendar if "drivers" in timed else None,
        issues=tuple(issues),
        rows={name: len(sheet.frame) for name, sheet in reading.sheets.items()} | dict(evidence.rows),
        hashes=reading.hashes,
        evidence=evidence,
    )


@dataclass
class Reading:
    """The state of one reading: opened tables, complaints and findings."""

    document: Document
    mapping: HistoryFile
    complaints: Complaints = field(default_factory=Complaints)
    issues: list[Issue] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def scale(self) -> dict[str, float]:
        """File units to currency units, by measure."""
        return {str(measure): factor for measure, factor in self.mapping.scale.items()}

    def open_all(self) -> None:
        """Read every file once and check that the mapped columns are there."""
        self.hashes[self.document.path.name] = hashlib.sha256(self.document.path.read_bytes()).hexdigest()
        files: dict[tuple[str, str | None, str | None], Raw | None] = {}
        for name in TABLES:
            table: Table | None = getattr(self.mapping.tables, name)
            if table is None:
                continue
            where = locate(table.file, self.document.path.parent)
            if isinstance(where, str):
                line = self.document.line("tables", name, "file")
                expected = "a path, or one that begins with ${OMOLAB_DATA}"
                self.complaints.add(
                    self.document.path, line, f"tables.{name}.file", table.file, expected, where
                )
                continue
            key = (table.file, table.sheet, table.encoding)
            if key not in files:
                files[key] = read_raw(where, self.complaints, table.sheet, table.encoding)
            raw = files[key]
            if raw is None:
                continue
            self.hashes[table.file] = raw.sha256
            columns = _columns(table)
            sheet = Sheet(name, where, raw.frame, self.complaints, self.issues, table.dates)
            if not missing_columns(sheet, columns, f"tables.{name}"):
                sheet.frame = raw.frame[list(columns.values())]
                self.sheets[name] = sheet

    def sales(self) -> SalesTable | None:
        """Return the sales table, if it was opened."""
        table = self.mapping.tables.sales
        if table is None or "sales" not in self.sheets:
            return None
        return read_sales(self.sheets["sales"], table, self.scale, self.mapping.remainder)

    def log(self, only_channel: str | None) -> Log | None:
        """Return the customer log, if it was opened."""
        table = self.mapping.tables.transactions
        if table is None:
            return None
        return read_transactions(self.sheets["transactions"], table, self.scale, only_channel)

    def timed(self) -> dict[str, Timed]:
        """Return the other tables that have dates."""
        tables, scale = self.mapping.tables, self.scale
        found: dict[str, Timed | None] = {}
        if tables.media and "media" in self.sheets:
            found["media"] = read_media(self.sheets["media"], tables.media, scale)
        if tables.prices and "prices" in self.sheets:
            found["prices"] = read_prices(self.sheets["prices"], tables.prices, scale)
        if tables.traffic and "traffic" in self.sheets:
            found["traffic"] = read_traffic(self.sheets["traffic"], tables.traffic, scale)
        if tables.service and "service" in self.sheets:
            found["service"] = read_service(self.sheets["service"], tables.service, scale)
        if tables.drivers and "drivers" in self.sheets:
            found["drivers"] = read_drivers(self.sheets["drivers"], tables.drivers, scale)
        return {name: part for name, part in found.items() if part is not None}

    def experiment(self) -> pd.DataFrame | None:
        """Return the experiment, if it was opened."""
        table = self.mapping.tables.experiment
        if table is None or "experiment" not in self.sheets:
            return None
        return read_experiment(self.sheets["experiment"], table, self.scale)


def _columns(table: Table) -> dict[str, str]:
    """Return every column a table names, by its dotted field."""
    columns = {f"columns.{name}": column for name, column in table.columns.given().items()}  # type: ignore[attr-defined]
    for group in ("channels", "sources"):
        for name, measures in getattr(table, group, {}).items():
            columns |= {f"{group}.{name}.{key}": column for key, column in measures.given().items()}
    for group in ("drivers", "traits"):
        columns |= {f"{group}.{name}": column for name, column in getattr(table, group, {}).items()}
    return columns


def _outside(span: Calendar | None, log: Log | None, timed: dict[str, Timed]) -> list[Issue]:
    """Return how many rows lie before or after the history; drivers may run past its end."""
    if span is None:
        return []
    dates = {name: part.frame["date"].set_axis(part.rows) for name, part in timed.items()}
    if log:
        dates["transactions"] = log.orders["date"].set_axis(log.rows)
    issues = []
    first, last = pd.Timestamp(span.first), pd.Timestamp(span.last)
    for name, days in dates.items():
        early, late = days < first, (days > last) & (name != "drivers")
        rows = days.index[early | late].unique().sort_values()
        if len(rows):
            counts = f"entries before {span.first}: {early.sum()}, after {span.last}: {late.sum()}"
            message = f"{counts}, outside the history"
            issues.append(Issue(name, "outside", len(rows), tuple(map(int, rows[:20])), message))
    return issues


def _strangers(channels: tuple[str, ...], log: Log | None, timed: dict[str, Timed]) -> list[Issue]:
    """Return channels that other tables name and the sales do not."""
    frames = {name: part.frame for name, part in timed.items() if "channel" in part.frame}
    if log:
        frames["transactions"] = log.orders
    issues = []
    for name, frame in frames.items():
        strange = sorted(set(frame["channel"].dropna()) - set(channels) - {"all", "total"})
        if channels and strange:
            message = f"names channels without sales: {', '.join(strange[:10])}"
            issues.append(Issue(name, "unknown channel", len(strange), (), message))
    return issues
