"""VPCs and subnets.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from ... import phases
from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before
from .. import quotas
from .common import ec2_of, interfaces_in, violation


@before("ec2", "CreateVpc")
def _check_number_of_vpcs(call: Call) -> None:
    count = len(ec2_of(call).vpcs) + 1
    quotas.check(call, "vpc", "L-F678F1CE", count, "VpcLimitExceeded")


@wrap(EC2Backend, "create_vpc")
def _create_vpc(create: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    vpc = create(ec2, *args, **kwargs)
    if not vpc.is_default:
        phases.enter(ec2, "ec2:vpc", vpc, "pending", "available")
    return vpc


@before("ec2", "DeleteVpc")
def _check_vpc_is_empty(call: Call) -> None:
    ec2, name = ec2_of(call), call.params["VpcId"]
    gateways = [g.id for g in ec2.internet_gateways.values() if g.vpc and g.vpc.id == name]
    groups = [g.id for g in ec2.groups.get(name, {}).values() if not g.is_default]
    nats = [n.id for n in ec2.nat_gateways.values() if n.vpc_id == name and n.state != "deleted"]
    endpoints = [e.id for e in ec2.vpc_end_points.values() if e.vpc_id == name]
    interfaces = [e.id for e in ec2.enis.values() if e.vpc_id == name]
    needed_by = [*gateways, *groups, *nats, *endpoints, *interfaces]
    if needed_by:
        raise violation(f"The vpc '{name}' has dependencies and cannot be deleted.")


@wrap(EC2Backend, "delete_vpc")
def _delete_vpc(delete: Any, ec2: Any, name: str) -> Any:
    """What AWS made with the VPC goes with it."""
    vpc = delete(ec2, name)
    for number in [n for n, acl in ec2.network_acls.items() if acl.vpc_id == name]:
        del ec2.network_acls[number]
    ec2.groups.pop(name, None)
    ec2.tags.pop(name, None)
    return vpc


@before("ec2", "CreateSubnet")
def _check_zone(call: Call) -> None:
    """moto takes a zone of any Region."""
    zones = ec2_of(call).describe_availability_zones()
    name, number = call.params.get("AvailabilityZone"), call.params.get("AvailabilityZoneId")
    if name and name not in {zone.name for zone in zones}:
        raise Refusal(
            "InvalidParameterValue",
            f"Value ({name}) for parameter availabilityZone is invalid. Subnets can currently only be "
            f"created in the following availability zones: {', '.join(z.name for z in zones)}.",
        )
    if number and number not in {zone.zone_id for zone in zones}:
        raise Refusal("InvalidParameterValue", f"Value ({number}) for availabilityZoneId is invalid.")


@wrap(EC2Backend, "create_subnet")
def _create_subnet(create: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    """A zone may be named by its id; and outside of the default VPC no subnet is a default."""
    number = kwargs.get("availability_zone_id")
    if number and not kwargs.get("availability_zone"):
        found = [z.name for z in ec2.describe_availability_zones() if z.zone_id == number]
        kwargs["availability_zone"] = found[0]
    subnet = create(ec2, *args, **kwargs)
    if not ec2.get_vpc(subnet.vpc_id).is_default:
        subnet.default_for_az = False
        subnet.map_public_ip_on_launch = False
        phases.enter(ec2, "ec2:subnet", subnet, "pending", "available")
    return subnet


@before("ec2", "DeleteSubnet")
def _check_subnet_is_empty(call: Call) -> None:
    name = call.params["SubnetId"]
    if next(interfaces_in(ec2_of(call), name), None) is not None:
        raise violation(f"The subnet '{name}' has dependencies and cannot be deleted.")


@wrap(EC2Backend, "delete_subnet")
def _delete_subnet(delete: Any, ec2: Any, name: str) -> Any:
    """The subnet leaves its route table and its network ACL; moto keeps both associations."""
    subnet = delete(ec2, name)
    for table in ec2.route_tables.values():
        for association in [a for a, s in table._associations.items() if s == name]:
            del table._associations[association]
    for acl in ec2.network_acls.values():
        for association in [a for a, s in acl._associations.items() if s.subnet_id == name]:
            del acl._associations[association]
    ec2.tags.pop(name, None)
    return subnet
