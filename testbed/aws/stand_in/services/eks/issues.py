"""Health issues, as clusters, node groups, profiles and add-ons have them."""

from __future__ import annotations

from typing import Any


def issue_of(failure: dict[str, Any]) -> dict[str, Any]:
    """A failure that a test asked for, as a health issue."""
    return {
        "code": failure.get("code", "InternalFailure"),
        "message": failure.get("message", "this failure was asked for by a test"),
        "resourceIds": failure.get("resourceIds", []),
    }
