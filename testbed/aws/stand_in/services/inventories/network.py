"""EC2 and load balancers."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends

from ... import inventory
from ...inventory import Items, source, used


@inventory.regions
def _regions(account: str) -> set[str]:
    backends = (ec2_backends, elb_backends, elbv2_backends)
    return {region for backend in backends for region in list(backend.get(account, {}))}


# Attribute of the backend, and what tells most about a thing of it.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "vpc": ("vpcs", ("cidr_block",)),
    "internet-gateway": ("internet_gateways", ()),
    "natgateway": ("nat_gateways", ("subnet_id", "connectivity_type")),
    "vpc-endpoint": ("vpc_end_points", ("vpc_id", "service_name")),
    "route-table": ("route_tables", ("vpc_id",)),
    "network-interface": ("enis", ("subnet_id", "description")),
    "network-acl": ("network_acls", ("vpc_id",)),
    "launch-template": ("launch_templates", ("name",)),
    "key-pair": ("key_pairs", ("name",)),
    "volume": ("volumes", ("size",)),
    "snapshot": ("snapshots", ()),
    "flow-log": ("flow_logs", ()),
    "dhcp-options": ("dhcp_options_sets", ()),
    "transit-gateway": ("transit_gateways", ()),
    "vpc-peering-connection": ("vpc_pcxs", ()),
}


@source("ec2")
def _ec2(account: str, region: str) -> Items:
    for ec2 in used(ec2_backends, account, region):
        yield from _of_ec2(ec2)


def _of_ec2(ec2: Any) -> Items:
    own = {vpc.id for vpc in ec2.vpcs.values() if not vpc.is_default}
    for kind, (attribute, members) in _KINDS.items():
        for number, thing in getattr(ec2, attribute).items():
            if _is_there(thing) and _is_own(thing, own):
                yield kind, number, _describe(ec2, thing, number, members)
    yield from _grouped(ec2, own)
    for address in ec2.addresses:
        yield "elastic-ip", address.allocation_id, _describe(ec2, address, address.id, ())
    for reservation in ec2.reservations.values():
        for instance in reservation.instances:
            if instance.state != "terminated":
                yield "instance", instance.id, _describe(ec2, instance, instance.id, ())


def _grouped(ec2: Any, own: set[str]) -> Items:
    for subnets in ec2.subnets.values():
        for subnet in subnets.values():
            if subnet.vpc_id in own:
                members = ("vpc_id", "cidr_block", "availability_zone")
                yield "subnet", subnet.id, _describe(ec2, subnet, subnet.id, members)
    for groups in ec2.groups.values():
        for group in groups.values():
            if group.vpc_id in own or not group.is_default:
                rules = sorted(_rule(rule) for rule in group.ingress_rules + group.egress_rules)
                shown = _describe(ec2, group, group.id, ("vpc_id", "name"))
                yield "security-group", group.id, shown | {"rules": rules}


def _rule(rule: Any) -> str:
    way = "egress" if rule.is_egress else "ingress"
    end = rule.ip_range.get("CidrIp") or rule.source_group.get("GroupId") or rule.prefix_list_id
    return f"{way} {rule.ip_protocol} {rule.from_port}-{rule.to_port} {end}"


def _is_there(thing: Any) -> bool:
    return getattr(thing, "state", "") not in ("deleted", "terminated")


def _is_own(thing: Any, own: set[str]) -> bool:
    """Whether it is not part of the VPC that every account begins with."""
    if getattr(thing, "is_default", False) is True:
        return False
    vpc = getattr(thing, "vpc_id", None) or getattr(getattr(thing, "vpc", None), "id", None)
    return vpc is None or vpc in own or getattr(thing, "description", "") != ""


def _describe(ec2: Any, thing: Any, number: str, members: tuple[str, ...]) -> dict[str, Any]:
    shown = {member: str(getattr(thing, member, "")) for member in members}
    return shown | {"tags": dict(ec2.tags.get(number, {}))}


@source("elasticloadbalancing")
def _load_balancers(account: str, region: str) -> Items:
    for modern in used(elbv2_backends, account, region):
        for arn in modern.load_balancers:
            yield "load-balancer", arn, {}
        for arn in modern.target_groups:
            yield "target-group", arn, {}
    for classic in used(elb_backends, account, region):
        for name in classic.load_balancers:
            yield "classic-load-balancer", name, {}
