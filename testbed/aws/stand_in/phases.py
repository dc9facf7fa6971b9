"""Phases: a state that becomes another one after a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import clock, settings


def later(account: str, kind: str, action: Callable[[], object]) -> None:
    """Do something when a phase of this kind ends."""
    clock.after(account, settings.delay(account, kind), action)


def enter(owner: Any, kind: str, thing: Any, state: str, then: str, attribute: str = "state") -> None:
    """Put a thing of a backend into a state, and into another one when the phase ends."""
    setattr(thing, attribute, state)

    def finish() -> None:
        # It may be on its way somewhere else by now.
        if getattr(thing, attribute) == state:
            setattr(thing, attribute, then)

    later(owner.account_id, kind, finish)


def leave(owner: Any, kind: str, thing: Any, state: str, remove: Callable[[], None]) -> None:
    """Put a thing that is deleted into a state, and take it away when the phase ends."""
    thing.state = state
    later(owner.account_id, f"{kind}:delete", remove)
