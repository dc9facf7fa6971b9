"""Refusals, as an operation raises them and as :mod:`stand_in.wire` writes them."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):
    """An answer with an error code.

    ``members`` are those that the API's model gives the error beside its message, such as
    ``clusterName`` or ``validZones`` of EKS.
    """

    def __init__(self, code: str, message: str, status: int | None = None, **members: Any) -> None:
        super().__init__(code, message)
        self.status = status
        for name, value in members.items():
            setattr(self, name, value)


class NotInTheStandIn(Exception):
    """Neither moto nor we have the operation."""
