"""IAM roles, as other services look at them."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from . import clock, settings


def find(account: str, arn: str) -> Any | None:
    """The role with an ARN, or none; a very new one is not seen yet.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
    """
    roles = iam_backends[account]["aws"].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None or _is_too_new(account, role):
        return None
    return role


def _is_too_new(account: str, role: Any) -> bool:
    wait = settings.of(account).role_propagation
    return wait > 0 and clock.now(account) - getattr(role, "made_at", 0.0) < wait


def trusts(role: Any, service: str) -> bool:
    """Whether the trust policy lets an AWS service assume the role."""
    try:
        document = json.loads(role.assume_role_policy_document)
    except (TypeError, ValueError):
        return False
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return any(
        statement.get("Effect") == "Allow" and service in _services(statement)
        for statement in statements
    )


def _services(statement: dict[str, Any]) -> list[str]:
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    return services if isinstance(services, list) else [services]


def policy_names(role: Any) -> set[str]:
    """The names of the policies that a role has, attached or inline."""
    attached = {arn.rsplit("/", 1)[-1] for arn in role.managed_policies}
    return attached | set(role.policies)
