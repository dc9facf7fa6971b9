"""Time, and what becomes true later.

Everything that AWS does in the background is an action here, due at a time. Actions that are due are
done before a request is looked at, in the order of their times, so that one thread and one lock are
enough, and a delay of zero means "at the next request".
"""

from __future__ import annotations

import heapq
import itertools
import time
import traceback
from collections.abc import Callable

_queue: list[tuple[float, int, Callable[[], None]]] = []
_number = itertools.count()
_skipped = 0.0


def now() -> float:
    """Seconds on a clock that can be moved forward."""
    return time.monotonic() + _skipped


def skipped() -> float:
    """How far it was moved forward."""
    return _skipped


def advance(seconds: float) -> None:
    """Move the clock forward."""
    global _skipped  # noqa: PLW0603 - there is one clock
    _skipped += max(0.0, seconds)


def after(seconds: float, action: Callable[[], None]) -> None:
    """Do something once that many seconds have passed."""
    heapq.heappush(_queue, (now() + seconds, next(_number), action))


def run_due() -> None:
    """Do everything that is due. What becomes due by that waits for the next request."""
    limit = now()
    last = next(_number)
    postponed = []
    while _queue and _queue[0][0] <= limit:
        item = heapq.heappop(_queue)
        if item[1] > last:
            postponed.append(item)
        else:
            _do(item[2])
    for item in postponed:
        heapq.heappush(_queue, item)


def _do(action: Callable[[], None]) -> None:
    """One action that fails must not keep requests from being answered."""
    try:
        action()
    except Exception:  # noqa: BLE001 - told in the log, where a failing test is looked into
        traceback.print_exc()


def pending() -> int:
    """How many actions are still to be done."""
    return len(_queue)


def reset() -> None:
    """Forget everything that was to be done."""
    _queue.clear()
