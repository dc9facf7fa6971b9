"""Faults that a test asks for: an operation fails so many times, before or after it took effect."""

from __future__ import annotations

from typing import Any

from . import settings
from .call import Call
from .errors import Refusal


def take(call: Call, when: str) -> dict[str, Any] | None:
    """The fault of this call, if one was asked for."""

    def matches(fault: dict[str, Any]) -> bool:
        return (
            fault.get("service", "*") in ("*", call.service)
            and fault.get("operation", "*") in ("*", call.operation)
            and fault.get("when", "before") == when
            and _where(call, fault.get("where", {}))
        )

    return settings.take_fault(call.account, matches)


def _where(call: Call, wanted: dict[str, Any]) -> bool:
    """Whether the parameters hold what the fault asks for; only calls of a known operation can."""
    return not wanted or all(call.params.get(name) == value for name, value in wanted.items())


def error_of(fault: dict[str, Any]) -> Refusal:
    """The error of a fault."""
    return Refusal(
        fault.get("error", "InternalFailure"),
        fault.get("message", "this failure was asked for by a test"),
        int(fault.get("status", 400)),
    )
