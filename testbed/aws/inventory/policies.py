"""Policy documents, one line a statement."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from .account import text

_READS = re.compile(
    r"[\w-]+:(Describe|List|Get|BatchGet|Search|Query|View|Select|StartQuery|StopQuery|Filter)"
)
# What cannot be told apart by resource, says the service authorization reference.
_WITHOUT_RESOURCES = re.compile(r"(pricing|sts|ssmmessages):")


def statements(document: Any) -> dict[str, str]:
    """By statement id (or number), what it says."""
    if isinstance(document, str):
        document = json.loads(unquote(document) if document.startswith("%7B") else document)
    found = {}
    for number, statement in enumerate(listed(document["Statement"]), 1):
        found[statement.get("Sid") or str(number)] = line(statement)
    return found


def line(statement: dict[str, Any]) -> str:
    """``Allow a:B, a:C on arn… when StringEquals k=v``."""
    parts = [statement["Effect"], _inverse(statement, "Action")]
    principal = statement.get("Principal")
    if principal is not None:
        parts += ["to", text(principal)]
    if "Resource" in statement or "NotResource" in statement:
        parts += ["on", _inverse(statement, "Resource")]
    for operator, keys in sorted((statement.get("Condition") or {}).items()):
        parts += ["when", operator, text(keys)]
    return " ".join(parts)


def _inverse(statement: dict[str, Any], member: str) -> str:
    if f"Not{member}" in statement:
        return f"all but {text(statement[f'Not{member}'])}"
    return text(statement[member])


def mutating_everywhere(document: Any) -> set[str]:
    """Actions that change something, and are allowed on every resource on no condition."""
    if isinstance(document, str):
        document = json.loads(document)
    found = set()
    for statement in listed(document["Statement"]):
        everywhere = any(
            re.fullmatch(r"\*|arn:aws:[\w-]+:\*:\*:\*", item) for item in listed(statement.get("Resource"))
        )
        if statement["Effect"] != "Allow" or not everywhere or statement.get("Condition"):
            continue
        for action in listed(statement.get("Action")):
            if not _READS.match(action) and not _WITHOUT_RESOURCES.match(action):
                found.add(action)
    return found


def listed(value: Any) -> list[Any]:
    """One or several, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
