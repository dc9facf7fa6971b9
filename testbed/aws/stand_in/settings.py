"""How the stand-in behaves: delays, limits, faults. Every account may have settings of its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import Refusal


@dataclass
class Settings:
    """What ``POST /stand-in/settings`` changes; see :mod:`stand_in.controls` for their meaning."""

    delays: dict[str, float] = field(default_factory=dict)
    scale: float = 1.0
    throttle: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    unavailable_zones: list[str] = field(default_factory=list)
    quotas: dict[str, float] = field(default_factory=dict)
    enforce_quotas: bool = False
    role_propagation: float = 0.0
    nodes_must_join: bool = True
    latency: float = 0.0
    secret_access_key: str | None = None
    cluster_endpoint: str | None = None
    cluster_certificate_authority: str | None = None


NAMES = frozenset(item.name for item in fields(Settings))
_everyone: dict[str, Any] = {}
_own: dict[str, dict[str, Any]] = {}


def of(account: str) -> Settings:
    """The settings of an account: its own, else those of everyone, else the defaults."""
    return Settings(**{**_everyone, **_own.get(account, {})})


def change(values: dict[str, Any], account: str | None) -> None:
    """Change the named settings of an account, or of everyone. ``null`` takes one back."""
    unknown = sorted(set(values) - NAMES)
    if unknown:
        raise Refusal("UnknownSetting", f"there is no setting {unknown}; there are {sorted(NAMES)}")
    target = _everyone if account is None else _own.setdefault(account, {})
    for name, value in values.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value


def delay(account: str, kind: str) -> float:
    """How long a phase lasts, such as that of ``eks:cluster`` or ``eks:cluster:delete``."""
    own = of(account)
    return float(own.delays.get(kind, own.delays.get("*", 0.0))) * own.scale


def take_failure(account: str, kind: str, name: str) -> dict[str, Any] | None:
    """The failure that a test asked for, of a thing of this kind and name, once for each ``times``."""
    return _take(of(account).failures, lambda wanted: _matches(wanted, kind, name))


def _matches(wanted: dict[str, Any], kind: str, name: str) -> bool:
    return wanted.get("kind") == kind and wanted.get("name", "*") in ("*", name)


def _take(wanted: list[dict[str, Any]], matches: Any) -> dict[str, Any] | None:
    for item in wanted:
        if item.get("times", 1) > 0 and matches(item):
            item["times"] = item.get("times", 1) - 1
            return item
    return None


def take_fault(account: str, matches: Any) -> dict[str, Any] | None:
    """The first fault of an account that matches, once for each ``times``."""
    return _take(of(account).faults, matches)


def document(account: str | None) -> dict[str, Any]:
    """The settings of an account, or of everyone, as JSON."""
    return asdict(of(account or ""))


def reset(account: str | None = None) -> None:
    """Back to the defaults."""
    if account is None:
        _everyone.clear()
        _own.clear()
    else:
        _own.pop(account, None)
