"""What exists in an account: ``GET /stand-in/dump``.

Only what an account does not have from its beginning is told, without times, so that two dumps are equal
if nothing was made or left between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Items = Iterator[tuple[str, str, Any]]
_SOURCES: dict[str, Callable[[str, str], Items]] = {}
_REGIONS: list[Callable[[str], set[str]]] = []


def source(service: str) -> Callable[[Callable[[str, str], Items]], Callable[[str, str], Items]]:
    """Register what a service has: kind, id and a description, by account and Region."""

    def register(items: Callable[[str, str], Items]) -> Callable[[str, str], Items]:
        _SOURCES[service] = items
        return items

    return register


def regions(find: Callable[[str], set[str]]) -> Callable[[str], set[str]]:
    """Register a way to the Regions in which an account has anything."""
    _REGIONS.append(find)
    return find


def of(account: str) -> dict[str, Any]:
    """Everything, by Region, service, kind and id. Services without Regions are under ``global``."""
    found: dict[str, Any] = {}
    used = set().union(*(find(account) for find in _REGIONS)) | {"global"}
    for region in sorted(used):
        for service, items in _SOURCES.items():
            for kind, number, description in items(account, region):
                place = found.setdefault(region, {}).setdefault(service, {}).setdefault(kind, {})
                place[number] = description
    return found


def used(backends: Any, account: str, region: str) -> list[Any]:
    """moto's backend of a Region, if the account ever used it: looking must not make one."""
    there = backends.get(account, {})
    return [dict.__getitem__(there, region)] if region in list(there) else []
