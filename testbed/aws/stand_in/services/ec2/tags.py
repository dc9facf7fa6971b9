"""DescribeTags and CreateTags for everything that has an id.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html. moto keeps the tags of what is
deleted, and takes tags for what never existed.
"""

from __future__ import annotations

from typing import Any

from ...call import Call
from ...errors import Refusal
from ...registry import before, operation
from .common import ec2_of

_KINDS = {
    "acl": ("network-acl", "network_acls"),
    "dopt": ("dhcp-options", "dhcp_options_sets"),
    "eigw": ("egress-only-internet-gateway", "egress_only_internet_gateways"),
    "eni": ("network-interface", "enis"),
    "fl": ("vpc-flow-log", "flow_logs"),
    "igw": ("internet-gateway", "internet_gateways"),
    "lt": ("launch-template", "launch_templates"),
    "nat": ("natgateway", "nat_gateways"),
    "pl": ("prefix-list", "managed_prefix_lists"),
    "rtb": ("route-table", "route_tables"),
    "snap": ("snapshot", "snapshots"),
    "vol": ("volume", "volumes"),
    "vpc": ("vpc", "vpcs"),
    "vpce": ("vpc-endpoint", "vpc_end_points"),
}


def _things(ec2: Any) -> dict[str, str]:
    """The kind of every thing by its id."""
    found = {number: kind for kind, attribute in _KINDS.values() for number in getattr(ec2, attribute)}
    found |= {number: "subnet" for subnets in ec2.subnets.values() for number in subnets}
    found |= {address.allocation_id: "elastic-ip" for address in ec2.addresses}
    for groups in ec2.groups.values():
        for group in groups.values():
            found[group.id] = "security-group"
            rules = (*group.ingress_rules, *group.egress_rules)
            found |= {rule.id: "security-group-rule" for rule in rules}
    for reservation in ec2.reservations.values():
        found |= {instance.id: "instance" for instance in reservation.instances}
    found |= {pair.id: "key-pair" for pair in ec2.key_pairs.values()}
    return found


@operation("ec2", "DescribeTags")
def describe_tags(call: Call) -> dict[str, Any]:
    """The tags of what exists."""
    ec2 = ec2_of(call)
    kinds = _things(ec2)
    filters = [(item["Name"], item["Values"]) for item in call.params.get("Filters") or []]
    found = [
        {"ResourceId": number, "ResourceType": kinds[number], "Key": key, "Value": value}
        for number, tags in sorted(ec2.tags.items())
        if number in kinds
        for key, value in tags.items()
    ]
    found = [tag for tag in found if all(_matches(tag, *item) for item in filters)]
    start, size = int(call.params.get("NextToken") or 0), int(call.params.get("MaxResults") or 1000)
    end = start + size
    return {"Tags": found[start:end], "NextToken": str(end) if end < len(found) else None}


def _matches(tag: dict[str, str], name: str, values: list[str]) -> bool:
    if name.startswith("tag:"):
        return tag["Key"] == name.removeprefix("tag:") and tag["Value"] in values
    members = {
        "key": "Key",
        "value": "Value",
        "resource-id": "ResourceId",
        "resource-type": "ResourceType",
    }
    if name not in members:
        raise Refusal("InvalidParameterValue", f"The filter '{name}' is invalid")
    return any(_like(pattern, tag[members[name]]) for pattern in values)


def _like(pattern: str, text: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(text, pattern.replace("[", "[[]"))


@before("ec2", "CreateTags")
def _check_things_exist(call: Call) -> None:
    kinds = _things(ec2_of(call))
    for number in call.params.get("Resources") or []:
        prefix = number.split("-")[0]
        known = prefix in _KINDS or prefix in ("subnet", "sg", "sgr", "eipalloc", "i")
        if known and number not in kinds:
            raise Refusal(
                f"Invalid{_ERRORS.get(prefix, 'ID')}.NotFound", f"The ID '{number}' does not exist"
            )


_ERRORS = {
    "vpc": "VpcID",
    "subnet": "SubnetID",
    "sg": "Group",
    "igw": "InternetGatewayID",
    "rtb": "RouteTableID",
    "eni": "NetworkInterfaceID",
    "eipalloc": "AllocationID",
    "lt": "LaunchTemplateId",
    "vpce": "VpcEndpointId",
    "i": "InstanceID",
    "vol": "Volume",
}
