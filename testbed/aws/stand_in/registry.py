"""Operations of our own, and checks that go before moto's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .call import Call

Handler = Callable[[Call], dict[str, Any]]
Check = Callable[[Call], None]

_operations: dict[tuple[str, str], Handler] = {}
_checks: dict[tuple[str, str], list[Check]] = {}
_resets: list[Callable[[], None]] = []


def operation(service: str, name: str) -> Callable[[Handler], Handler]:
    """Answer an operation in place of moto."""

    def register(handler: Handler) -> Handler:
        _operations[service, name] = handler
        return handler

    return register


def before(service: str, *names: str) -> Callable[[Check], Check]:
    """Look at a call before moto (or our own operation) does; a :class:`Refusal` ends it; ``*`` is every operation."""

    def register(check: Check) -> Check:
        for name in names:
            _checks.setdefault((service, name), []).append(check)
        return check

    return register


def on_reset(action: Callable[[], None]) -> Callable[[], None]:
    """Do something whenever everything is forgotten."""
    _resets.append(action)
    return action


def handler_of(call: Call) -> Handler | None:
    """The operation of our own for a call."""
    return _operations.get((call.service, call.operation))


def run_checks(call: Call) -> None:
    """Every check of a call."""
    for name in ("*", call.operation):
        for check in _checks.get((call.service, name), []):
            check(call)


def reset() -> None:
    """Forget everything that operations of our own know."""
    for action in _resets:
        action()
