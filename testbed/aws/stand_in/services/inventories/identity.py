"""IAM, KMS, Secrets Manager and Systems Manager."""

from __future__ import annotations

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from ... import inventory
from ...inventory import Items, source


@inventory.regions
def _regions(account: str) -> set[str]:
    backends = (kms_backends, secretsmanager_backends, ssm_backends)
    return {region for backend in backends for region in list(backend.get(account, {}))}


@source("iam")
def _iam(account: str, region: str) -> Items:
    if region != "global" or "aws" not in iam_backends.get(account, {}).keys():
        return
    iam = iam_backends[account]["aws"]
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
    if region not in kms_backends.get(account, {}).keys():
        return
    kms = kms_backends[account][region]
    for number, key in kms.keys.items():
        if key.key_manager == "CUSTOMER" and key.key_state != "PendingDeletion":
            aliases = (
                sorted(name for name, alias in kms.aliases.items() if alias.key_id == number)
                if hasattr(kms, "aliases")
                else []
            )
            yield "key", number, {"description": key.description, "aliases": aliases}


@source("secretsmanager")
def _secrets(account: str, region: str) -> Items:
    if region not in secretsmanager_backends.get(account, {}).keys():
        return
    for secret in secretsmanager_backends[account][region].secrets.values():
        if secret.deleted_date is None:
            yield (
                "secret",
                secret.name,
                {"tags": {tag["Key"]: tag["Value"] for tag in secret.tags or []}},
            )


@source("ssm")
def _parameters(account: str, region: str) -> Items:
    if region not in ssm_backends.get(account, {}).keys():
        return
    for name in list(ssm_backends[account][region]._parameters.keys()):
        if not name.startswith("/aws/"):
            yield "parameter", name, {}
