"""What was asked and answered since the journal was last cleared."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from werkzeug.wrappers import Response

from .call import Call

_THROTTLING = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "SlowDown",
}


@dataclass
class Entry:
    """A request and its answer; ``seconds`` counts from the start or the last clearing."""

    account: str
    region: str
    service: str
    operation: str
    mutating: bool
    status: int
    error: str | None
    seconds: float
    took: float


# A shared stand-in runs for days: the oldest entries go.
_entries: deque[Entry] = deque(maxlen=200_000)
_began = time.monotonic()


def note(call: Call, response: Response, arrived: float) -> None:
    """Write a request down."""
    status = response.status_code
    _entries.append(
        Entry(
            account=call.account,
            region=call.region,
            service=call.service,
            operation=call.operation,
            mutating=call.mutating,
            status=status,
            error=error_code(response) if status >= 400 else None,
            seconds=round(arrived - _began, 4),
            took=round(time.monotonic() - arrived, 4),
        )
    )


_CODE_IN_XML = re.compile(r"<Code>([^<]*)</Code>")
_CODE_IN_JSON = re.compile(r'"(?:__type|code)"\s*:\s*"([^"]*)"')


def error_code(response: Response) -> str | None:
    """The error code of an answer, in whichever protocol."""
    text = response.get_data(as_text=True)
    header = response.headers.get("x-amzn-errortype")
    found = _CODE_IN_XML.search(text) or _CODE_IN_JSON.search(text)
    code = header or (found[1] if found else None)
    return code.split("#")[-1].split(":")[0] if code else None


def entries(account: str | None) -> list[dict[str, Any]]:
    """All entries, or those of an account."""
    return [asdict(entry) for entry in _entries if account in (None, entry.account)]


def throttled(account: str | None) -> int:
    """How many requests were refused for their number."""
    return sum(entry["error"] in _THROTTLING for entry in entries(account))


def clear(account: str | None) -> None:
    """Forget all entries, or those of an account."""
    global _began  # noqa: PLW0603 - there is one journal
    if account is None:
        _entries.clear()
        _began = time.monotonic()
    else:
        kept = [entry for entry in _entries if entry.account != account]
        _entries.clear()
        _entries.extend(kept)
