"""Rows, and what is otherwise than they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .account import Found

_FOLDER = Path(__file__).parent / "tables"
_LIKE = "like "


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    area: str
    thing: str
    attribute: str
    expected: str
    where: str

    def holds(self, actual: str) -> bool:
        """Whether the account is as the row says; ``~`` begins a regular expression."""
        if self.expected.startswith("~"):
            return re.fullmatch(self.expected[1:].strip(), actual) is not None
        # Lists have no order: that of ids' names depends on the stack's name.
        return sorted(actual.split(", ")) == sorted(self.expected.split(", "))

    def __str__(self) -> str:
        return f"{self.where}: {self.area} | {self.thing} | {self.attribute}"


Rows = dict[tuple[str, str, str], Row]


def rows_of(preset: str, values: dict[str, str]) -> Rows:
    """The rows of a preset: a file may begin with those of another, and change them.

    ``area | thing | attribute | expected`` is a row, ``- area | thing`` takes all of a thing away,
    ``- area | thing | attribute`` one row, and ``#`` begins a remark.
    """
    rows: Rows = {}
    file = _FOLDER / f"{preset}.txt"
    for number, raw in enumerate(file.read_text().splitlines(), 1):
        said = re.split(r"(?:^|\s)# ", raw, maxsplit=1)[0].strip()
        if not said or said.startswith("#"):
            continue
        if said.startswith(_LIKE):
            rows |= rows_of(said.removeprefix(_LIKE), values)
            continue
        for name, value in values.items():
            said = said.replace("{" + name + "}", value)
        parts = [part.strip() for part in said.removeprefix("- ").split(" | ")]
        if said.startswith("- "):
            gone = [key for key in rows if list(key[: len(parts)]) == parts]
            if not gone:
                raise SystemExit(f"{file}:{number}: takes away what is not there")
            for key in gone:
                del rows[key]
            continue
        if len(parts) != 4:
            raise SystemExit(f"{file}:{number}: not `area | thing | attribute | expected`")
        rows[parts[0], parts[1], parts[2]] = Row(*parts, where=f"{file.name}:{number}")
    return rows


def differences(rows: Rows, found: Found) -> Iterator[str]:
    """What a row says and is not so, and what is there and no row speaks of.

    A thing of a row may end with ``*``, which is about every thing that begins so; the closest row counts.
    Such a row does not say that there is to be anything: a thing that only they speak of is one too many.
    """
    general = [row for row in rows.values() if row.thing.endswith("*")]
    for row in rows.values():
        if row not in general and (row.area, row.thing) not in found:
            yield f"{row}: expected {row.expected}, and there is no such thing"
    spoken = {(row.area, row.thing) for row in rows.values()}
    for (area, thing), attributes in sorted(found.items()):
        if (area, thing) not in spoken:
            yield f"no row speaks of {area} | {thing}"
            continue
        about = sorted(
            (row for row in general if _is_about(row, area, thing)), key=lambda row: len(row.thing)
        )
        wanted = {row.attribute: row for row in about}
        wanted |= {row.attribute: row for row in rows.values() if (row.area, row.thing) == (area, thing)}
        for attribute, row in wanted.items():
            actual = attributes.get(attribute, "none")
            if not row.holds(actual):
                yield f"{row}: expected {row.expected}, is {actual}" + (f" ({thing})" if row in about else "")
        for attribute in sorted(set(attributes) - set(wanted)):
            yield f"no row speaks of {area} | {thing} | {attribute} | {attributes[attribute]}"


def _is_about(row: Row, area: str, thing: str) -> bool:
    return row.area in (area, "*") and thing.startswith(row.thing[:-1])
