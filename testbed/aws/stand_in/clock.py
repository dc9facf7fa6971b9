"""Time, and what becomes true later. Every account has a clock of its own, which can be moved forward.

Everything that AWS does in the background is an action here, due at a time. Actions that are due are
done before a request is looked at, in the order of their times, so that one thread and one lock are
enough, and a delay of zero means "at the next request".
"""

from __future__ import annotations

import itertools
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(order=True)
class _Action:
    due: float
    number: int
    account: str
    do: Callable[[], object]


_actions: list[_Action] = []
_number = itertools.count()
_skipped: dict[str, float] = {}


def now(account: str) -> float:
    """Seconds on the clock of an account."""
    return time.monotonic() + _skipped.get(account, 0.0)


def advance(account: str | None, seconds: float) -> None:
    """Move the clock of an account forward, or those of all that wait for something."""
    accounts = {action.account for action in _actions} if account is None else {account}
    for name in accounts:
        _skipped[name] = _skipped.get(name, 0.0) + max(0.0, seconds)


def after(account: str, seconds: float, action: Callable[[], object]) -> None:
    """Do something once that many seconds have passed for an account."""
    _actions.append(_Action(now(account) + seconds, next(_number), account, action))


def run_due() -> None:
    """Do everything that is due. What becomes due by that waits for the next request."""
    due = sorted(action for action in _actions if action.due <= now(action.account))
    if not due:
        return
    numbers = {action.number for action in due}
    _actions[:] = [action for action in _actions if action.number not in numbers]
    for action in due:
        _do(action.do)


def _do(action: Callable[[], object]) -> None:
    """One action that fails must not keep requests from being answered."""
    try:
        action()
    except Exception:  # noqa: BLE001 - told in the log, where a failing test is looked into
        traceback.print_exc()


def pending(account: str | None) -> int:
    """How many actions are still to be done."""
    return sum(account in (None, action.account) for action in _actions)


def reset() -> None:
    """Forget everything that was to be done."""
    _actions.clear()
    _skipped.clear()
