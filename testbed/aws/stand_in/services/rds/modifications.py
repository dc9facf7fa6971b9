"""Changes of DB instances.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html says which are made
when.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import RDSBackend

from ... import clock, phases
from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before, operation
from . import engine_versions
from .common import rds_of
from .groups import check_family_of

# What waits for the maintenance window unless it is to be done at once, as the API shows it meanwhile.
_WAITS = {
    "allocated_storage": "AllocatedStorage",
    "backup_retention_period": "BackupRetentionPeriod",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "master_user_password": "MasterUserPassword",
    "multi_az": "MultiAZ",
    "port": "Port",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
_WINDOW = 7 * 24 * 3600


@before("rds", "ModifyDBInstance", "RebootDBInstance", "CreateDBSnapshot")
def _check_available(call: Call) -> None:
    instance = rds_of(call).databases.get(call.params["DBInstanceIdentifier"])
    if instance is not None and instance.status != "available":
        raise Refusal(
            "InvalidDBInstanceState",
            f"Database instance {instance.db_instance_identifier} is not in available state.",
        )


@before("rds", "ModifyDBInstance")
def _check_change(call: Call) -> None:
    rds, params = rds_of(call), call.params
    instance = rds.databases.get(params["DBInstanceIdentifier"])
    if instance is None:
        return
    version = params.get("EngineVersion")
    if version and engine_versions.resolve(version) != instance.engine_version:
        _check_upgrade(instance, engine_versions.resolve(version), params)
    if params.get("DBInstanceClass"):
        engine_versions.check_class(params["DBInstanceClass"])
    major = engine_versions.major_of(version or instance.engine_version)
    check_family_of(rds, params.get("DBParameterGroupName"), major)
    storage = params.get("AllocatedStorage")
    if storage and int(storage) < int(instance.allocated_storage):
        raise Refusal(
            "InvalidParameterCombination",
            "Requested allocated storage cannot be less than the current one",
        )


def _check_upgrade(instance: Any, version: str, params: dict[str, Any]) -> None:
    if version not in engine_versions.targets_of(instance.engine_version):
        raise Refusal(
            "InvalidParameterCombination",
            f"Cannot upgrade postgres from {instance.engine_version} to {version}",
        )
    major = engine_versions.major_of(version) != engine_versions.major_of(instance.engine_version)
    if major and not params.get("AllowMajorVersionUpgrade"):
        raise Refusal(
            "InvalidParameterCombination",
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
        )


@wrap(RDSBackend, "modify_db_instance")
def _modify_db_instance(modify: Any, rds: Any, name: str, params: Any) -> Any:
    instance = rds.databases.get(name)
    if instance is None:
        return modify(rds, name, params)
    if params.get("engine_version"):
        params["engine_version"] = engine_versions.resolve(params["engine_version"])
    waiting = {member: params[member] for member in _WAITS if params.get(member) is not None}
    waiting = {
        k: v
        for k, v in waiting.items()
        if k == "master_user_password" or getattr(instance, k, None) != v
    }
    at_once = bool(params.get("apply_immediately"))
    for member in waiting:
        del params[member]
    instance = modify(rds, name, params)
    if params.get("enable_performance_insights") is not None:
        instance.performance_insights_enabled = params["enable_performance_insights"]
    _move_groups(rds, instance)
    shown = {_WAITS[k]: "****" if "password" in k else v for k, v in waiting.items()}
    instance.pending_modified_values = {**getattr(instance, "pending_modified_values", {}), **shown}
    kept = getattr(instance, "_waiting", {}) | waiting
    instance._waiting = kept
    if at_once and kept:
        _apply(rds, instance)
    elif kept:
        clock.after(rds.account_id, _WINDOW, lambda: _apply(rds, instance))
    return instance


def _apply(rds: Any, instance: Any) -> None:
    waiting, instance._waiting = instance._waiting, {}
    if not waiting or instance.status != "available":
        return
    instance.status = "modifying"

    def finish() -> None:
        for member, value in waiting.items():
            setattr(instance, member, value)
        instance.pending_modified_values = {}
        if instance.status == "modifying":
            instance.status = "available"

    phases.later(rds.account_id, "rds:instance:update", finish)


def _move_groups(rds: Any, instance: Any) -> None:
    """The interfaces have the security groups of the instance."""
    ec2 = ec2_backends[rds.account_id][rds.region_name]
    groups = [ec2.get_security_group_from_id(name) for name in instance.vpc_security_group_ids]
    for number in getattr(instance, "_interfaces", []):
        if number in ec2.enis:
            ec2.enis[number]._group_set = [group for group in groups if group is not None]


@wrap(RDSBackend, "create_db_snapshot")
def _create_db_snapshot(create: Any, rds: Any, *args: Any, **kwargs: Any) -> Any:
    """A snapshot takes a while too."""
    snapshot = create(rds, *args, **kwargs)
    snapshot.status = "creating"

    def finish() -> None:
        snapshot.status = "available"

    phases.later(rds.account_id, "rds:snapshot", finish)
    return snapshot


@operation("rds", "DescribePendingMaintenanceActions")
def describe_pending_maintenance_actions(_: Call) -> dict[str, Any]:
    """There are none."""
    return {"PendingMaintenanceActions": []}


@operation("rds", "DescribeCertificates")
def describe_certificates(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html."""
    names = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]
    wanted = call.params.get("CertificateIdentifier")
    if wanted and wanted not in names:
        raise Refusal("CertificateNotFound", f"Certificate {wanted} not found")
    found = [
        {
            "CertificateIdentifier": name,
            "CertificateType": "CA",
            "Thumbprint": f"{number:040x}",
            "ValidFrom": "2021-05-25T00:00:00Z",
            "ValidTill": "2061-05-25T00:00:00Z" if "2048" in name else "2121-05-25T00:00:00Z",
            "CertificateArn": f"arn:aws:rds:{call.region}::cert:{name}",
            "CustomerOverride": False,
        }
        for number, name in enumerate(names, 1)
        if wanted in (None, name)
    ]
    return {"Certificates": found, "DefaultCertificateForNewLaunches": names[0]}
