"""IAM, KMS, Secrets Manager and Systems Manager."""

from __future__ import annotations

from typing import Any

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from ... import inventory
from ...inventory import Items, source, used


@inventory.regions
def _regions(account: str) -> set[str]:
    backends = (kms_backends, secretsmanager_backends, ssm_backends)
    return {region for backend in backends for region in list(backend.get(account, {}))}


@source("iam")
def _iam(account: str, region: str) -> Items:
    if region != "global":
        return
    for iam in used(iam_backends, account, "aws"):
        yield from _entities(iam, account)


def _entities(iam: Any, account: str) -> Items:
    for role in iam.roles.values():
        shown = {
            "attached": sorted(role.managed_policies),
            "inline": sorted(role.policies),
            "tags": {tag["Key"]: tag["Value"] for tag in role.tags},
        }
        yield "role", role.name, shown
    for arn, policy in iam.managed_policies.items():
        if f"::{account}:" in arn:
            yield "policy", arn, {"versions": len(policy.versions)}
    for name in iam.instance_profiles.values():
        yield "instance-profile", name.name, {"roles": sorted(role.name for role in name.roles)}
    for arn in iam.open_id_providers:
        yield "oidc-provider", arn, {}
    for name in iam.users:
        yield "user", name, {}


@source("kms")
def _kms(account: str, region: str) -> Items:
    for kms in used(kms_backends, account, region):
        for number, key in kms.keys.items():
            # Keys that AWS manages are made when something is first encrypted, and stay.
            names = sorted(key.aliases)
            managed = any(name.startswith("alias/aws/") for name in names)
            if not managed and key.key_state != "PendingDeletion":
                yield "key", number, {"description": key.description, "aliases": names}


@source("secretsmanager")
def _secrets(account: str, region: str) -> Items:
    secrets = [
        one
        for backend in used(secretsmanager_backends, account, region)
        for one in backend.secrets.values()
    ]
    for secret in secrets:
        if getattr(secret, "deleted_date", None) is None:
            yield (
                "secret",
                secret.name,
                {"tags": {tag["Key"]: tag["Value"] for tag in secret.tags or []}},
            )


@source("ssm")
def _parameters(account: str, region: str) -> Items:
    for name in [n for ssm in used(ssm_backends, account, region) for n in ssm._parameters.keys()]:
        if not name.startswith("/aws/"):
            yield "parameter", name, {}
