"""DB subnet groups and parameter groups.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import RDSBackend

from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before
from .. import quotas
from .common import rds_of
from .engine_versions import ENGINE, VERSIONS


def _check_zones(call: Call) -> None:
    ec2 = ec2_backends[call.account][call.region]
    there = {name: subnet for subnets in ec2.subnets.values() for name, subnet in subnets.items()}
    names = call.params.get("SubnetIds") or []
    missing = [name for name in names if name not in there]
    if missing:
        raise Refusal("InvalidSubnet", f"Some input subnets in :{missing} are invalid.")
    if len({there[name].vpc_id for name in names}) > 1:
        raise Refusal("InvalidSubnet", "The DB subnet group's subnets are not all in the same VPC.")
    if len({there[name].availability_zone for name in names}) < 2:
        raise Refusal(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Please add "
            "subnets to cover at least 2 AZs.",
        )


@before("rds", "CreateDBSubnetGroup")
def _check_new_subnet_group(call: Call) -> None:
    rds, name = rds_of(call), call.params["DBSubnetGroupName"]
    if name in rds.subnet_groups:
        raise Refusal("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    quotas.check(call, "rds", "L-48C6BF61", len(rds.subnet_groups) + 1, "DBSubnetGroupQuotaExceeded")
    _check_zones(call)


@before("rds", "ModifyDBSubnetGroup")
def _check_changed_subnet_group(call: Call) -> None:
    name = call.params["DBSubnetGroupName"]
    if name not in rds_of(call).subnet_groups:
        raise Refusal("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' not found.")
    _check_zones(call)


@wrap(RDSBackend, "modify_db_subnet_group")
def _modify_subnet_group(modify: Any, rds: Any, *args: Any, **kwargs: Any) -> Any:
    """moto takes the group out of its list and does not put it back."""
    group = modify(rds, *args, **kwargs)
    rds.subnet_groups[group.name] = group
    return group


@before("rds", "DeleteDBSubnetGroup")
def _check_unused_subnet_group(call: Call) -> None:
    name = call.params["DBSubnetGroupName"].lower()
    for instance in rds_of(call).databases.values():
        group = getattr(instance, "db_subnet_group", None)
        if group is not None and group.name == name:
            raise Refusal(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{name}' because at least one database instance: "
                f"{instance.db_instance_identifier} is still using it.",
            )


@before("rds", "CreateDBParameterGroup")
def _check_family(call: Call) -> None:
    family = call.params["DBParameterGroupFamily"]
    known = {f"{ENGINE}{major}" for major in VERSIONS}
    if family.startswith(ENGINE) and family not in known:
        raise Refusal(
            "InvalidParameterValue",
            f"ParameterGroupFamily {family} is not a valid parameter group family",
        )


@before("rds", "DeleteDBParameterGroup")
def _check_unused_parameter_group(call: Call) -> None:
    rds, name = rds_of(call), call.params["DBParameterGroupName"]
    if name not in rds.db_parameter_groups:
        raise Refusal("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    for instance in rds.databases.values():
        if instance.db_parameter_group_name == name:
            raise Refusal(
                "InvalidDBParameterGroupState",
                "One or more database instances are still members of this parameter group "
                f"{name}, so the group cannot be deleted",
            )


def check_family_of(rds: Any, name: str | None, major: str) -> None:
    """The parameter group of an instance has to be for its version."""
    group = rds.db_parameter_groups.get(name) if name else None
    if group is None or name is None or name.startswith("default."):
        return
    if group.family != f"{ENGINE}{major}":
        raise Refusal(
            "InvalidParameterCombination",
            f"The parameter group {name} with DBParameterGroupFamily {group.family} "
            f"can't be used for this instance. Please use a parameter group with DBParameterGroupFamily "
            f"{ENGINE}{major}",
        )
