"""DB instances: create and delete.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import DBInstance, RDSBackend

from ... import phases, roles, settings
from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before
from .. import quotas
from ..eks.store import characters
from . import engine_versions
from .common import rds_of
from .groups import check_family_of

_KIND = "rds:instance"
_RESERVED = {"admin", "postgres_admin", "rdsadmin", "rdsrepladmin", "user", "public"}


@before("rds", "CreateDBInstance")
def _check_instance(call: Call) -> None:
    params, rds = call.params, rds_of(call)
    if params.get("Engine") != engine_versions.ENGINE:
        return
    quotas.check(call, "rds", "L-7B6409FD", len(rds.databases) + 1, "InstanceQuotaExceeded")
    version = engine_versions.resolve(params.get("EngineVersion") or engine_versions.DEFAULT)
    engine_versions.check_class(params["DBInstanceClass"])
    check_family_of(rds, params.get("DBParameterGroupName"), engine_versions.major_of(version))
    _check_password(params)
    _check_network(call, rds)
    if int(params.get("AllocatedStorage") or 20) < 20:
        raise Refusal(
            "InvalidParameterValue",
            "Invalid storage size for engine name postgres and storage type: the least is 20 GiB",
        )
    _check_monitoring(call)


def _check_password(params: dict[str, Any]) -> None:
    password, managed = params.get("MasterUserPassword"), params.get("ManageMasterUserPassword")
    name = params.get("MasterUsername") or ""
    if not name:
        raise Refusal("InvalidParameterValue", "MasterUsername must be provided")
    if name.lower() in _RESERVED:
        raise Refusal(
            "InvalidParameterValue",
            f"MasterUsername {name} cannot be used as it is a reserved word used by the engine",
        )
    if managed and password:
        raise Refusal(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.",
        )
    if not managed and not password:
        raise Refusal("InvalidParameterValue", "MasterUserPassword must be provided")
    if password and len(password) < 8:
        raise Refusal(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
        )


def _check_network(call: Call, rds: Any) -> None:
    params, ec2 = call.params, ec2_backends[call.account][call.region]
    name = params.get("DBSubnetGroupName")
    if name and name not in rds.subnet_groups:
        raise Refusal("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' not found.")
    vpc = rds.subnet_groups[name].vpc_id if name else ec2.default_vpc.id
    for number in params.get("VpcSecurityGroupIds") or []:
        group = ec2.get_security_group_from_id(number)
        if group is None:
            raise Refusal(
                "InvalidParameterValue", f"Invalid security group , groupId= {number}, groupName=."
            )
        if group.vpc_id != vpc:
            raise Refusal(
                "InvalidParameterCombination",
                f"The DB instance and EC2 security group are in different VPCs. The DB instance is in {vpc} "
                f"and the EC2 security group is in {group.vpc_id}",
            )


def _check_monitoring(call: Call) -> None:
    arn = call.params.get("MonitoringRoleArn")
    if not arn:
        return
    role = roles.find(call.account, arn)
    if role is None or not roles.trusts(role, "monitoring.rds.amazonaws.com"):
        raise Refusal(
            "InvalidParameterValue",
            "IAM role ARN value is invalid or does not include the required permissions for: "
            "ENHANCED_MONITORING",
        )


@wrap(RDSBackend, "create_db_instance")
def _create_db_instance(create: Any, rds: Any, params: Any) -> Any:
    if params.get("engine") == engine_versions.ENGINE and params.get("engine_version"):
        params["engine_version"] = engine_versions.resolve(params["engine_version"])
    instance = create(rds, params)
    _complete(instance, params)
    _attach(rds, instance)
    instance.status = "creating"

    def finish() -> None:
        failure = settings.take_failure(rds.account_id, _KIND, instance.db_instance_identifier)
        if instance.status == "creating":
            instance.status = failure.get("status", "failed") if failure else "available"

    phases.later(rds.account_id, _KIND, finish)
    return instance


def _complete(instance: Any, params: Any) -> None:
    """What moto does not keep, and what is the same for all of its instances."""
    instance.dbi_resource_id = f"db-{characters(26).upper()}"
    instance.performance_insights_enabled = bool(params.get("enable_performance_insights"))
    if instance.performance_insights_enabled:
        kept = params.get("performance_insights_retention_period") or 7
        instance.performance_insights_retention_period = kept
    instance.pending_modified_values = {}
    instance.license_model = "postgresql-license"
    if instance.ca_certificate_identifier == "rds-ca-default":
        instance.ca_certificate_identifier = "rds-ca-rsa2048-g1"
    if instance.multi_az:
        instance.secondary_availability_zone = f"{instance.region}b"


def _attach(rds: Any, instance: Any) -> None:
    """The interface by which an instance is reached holds its subnet and its security groups."""
    group = getattr(instance, "db_subnet_group", None)
    instance._interfaces = []
    if group is None:
        return
    ec2 = ec2_backends[rds.account_id][rds.region_name]
    for subnet in group._subnets[: 2 if instance.multi_az else 1]:
        made = ec2.create_network_interface(
            subnet, [], group_ids=instance.vpc_security_group_ids, description="RDSNetworkInterface"
        )
        made.requester_managed = True
        made.status = "in-use"
        instance._interfaces.append(made.id)


def _endpoint(instance: Any) -> dict[str, Any] | None:
    """An instance that is being made has none yet."""
    if instance.status == "creating":
        return None
    zone = getattr(instance, "dbi_resource_id", "")[3:15].lower()
    host = f"{instance.db_instance_identifier}.c{zone}.{instance.region}.rds.amazonaws.com"
    return {"Address": host, "Port": instance.port, "HostedZoneId": "Z1PVIF0B656C1W"}


setattr(DBInstance, "endpoint", property(_endpoint))  # noqa: B010 - it is a property there too


@before("rds", "DeleteDBInstance")
def _check_deletion(call: Call) -> None:
    params = call.params
    instance = rds_of(call).databases.get(params["DBInstanceIdentifier"])
    final, skip = params.get("FinalDBSnapshotIdentifier"), params.get("SkipFinalSnapshot")
    if instance is None:
        return
    if instance.status == "deleting":
        raise Refusal(
            "InvalidDBInstanceState",
            f"Instance {instance.db_instance_identifier} is already being deleted.",
        )
    if not final and not skip:
        raise Refusal(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    if final and skip:
        raise Refusal(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier can not be specified when deleting an instance with "
            "SkipFinalSnapshot",
        )
    if final and instance.status == "creating":
        raise Refusal(
            "InvalidDBInstanceState",
            "Cannot create a snapshot because the database instance is not in available state.",
        )


@wrap(RDSBackend, "delete_db_instance")
def _delete_db_instance(delete: Any, rds: Any, *args: Any, **kwargs: Any) -> Any:
    instance = delete(rds, *args, **kwargs)
    name = instance.db_instance_identifier
    rds.databases[name] = instance

    def finish() -> None:
        rds.databases.pop(name, None)
        ec2 = ec2_backends[rds.account_id][rds.region_name]
        for interface in getattr(instance, "_interfaces", []):
            ec2.enis.pop(interface, None)

    phases.later(rds.account_id, f"{_KIND}:delete", finish)
    return instance
