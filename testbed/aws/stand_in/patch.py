"""Replacing a method of moto by one that is given the old one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def wrap(owner: type, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function in place of a method: it gets the method, then what that would get.

    >>> class Greeter:
    ...     def greet(self): return "hello"
    >>> @wrap(Greeter, "greet")
    ... def louder(greet, self): return greet(self).upper()
    >>> Greeter().greet()
    'HELLO'
    """

    def register(replacement: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, name)

        @functools.wraps(original)
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            return replacement(original, self, *args, **kwargs)

        setattr(owner, name, method)
        return replacement

    return register
