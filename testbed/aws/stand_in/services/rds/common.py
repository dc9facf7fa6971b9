"""What several parts of RDS need."""

from __future__ import annotations

from typing import Any

from moto.rds.models import rds_backends

from ...call import Call


def rds_of(call: Call) -> Any:
    """moto's RDS of the account and Region of a call."""
    return rds_backends[call.account][call.region]
