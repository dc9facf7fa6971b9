"""Security groups: an attribute a rule."""

from __future__ import annotations

from typing import Any

from ..account import Account, tags_of

_AREA = "security group"


def read(account: Account) -> None:
    """Every group of every VPC that is not the default one."""
    groups = [
        group
        for group in account.all("ec2", "describe_security_groups", "SecurityGroups")
        if group["VpcId"] in account.names
    ]
    for group in groups:
        account.names[group["GroupId"]] = _called(group)
    for group in groups:
        name = account.name(group["GroupId"])
        account.add(_AREA, name, group.get("Tags", []), vpc=account.name(group["VpcId"]))
        for direction, member in (("in", "IpPermissions"), ("out", "IpPermissionsEgress")):
            for permission in group[member]:
                for peer in _peers(account, permission):
                    account.add(_AREA, name, **{f"{direction} {_ports(permission)} {peer}": True})


def _called(group: dict[str, Any]) -> str:
    """Groups that AWS makes have random endings."""
    if group["GroupName"].startswith("eks-cluster-sg-"):
        return str(group["GroupName"].rsplit("-", 1)[0])
    if group["GroupName"] == "default":
        return "default"
    return tags_of(group.get("Tags", [])).get("Name") or str(group["GroupName"])


def _ports(permission: dict[str, Any]) -> str:
    if permission["IpProtocol"] == "-1":
        return "all"
    first, last = permission["FromPort"], permission["ToPort"]
    return f"{permission['IpProtocol']} {first if first == last else f'{first}-{last}'}"


def _peers(account: Account, permission: dict[str, Any]) -> list[str]:
    peers = [account.name(pair["GroupId"]) for pair in permission.get("UserIdGroupPairs", [])]
    peers += [item["CidrIp"] for item in permission.get("IpRanges", [])]
    peers += [item["CidrIpv6"] for item in permission.get("Ipv6Ranges", [])]
    return peers + [item["PrefixListId"] for item in permission.get("PrefixListIds", [])]
