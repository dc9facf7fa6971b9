"""VPC and all that is in it. What every account has from its beginning, the default VPC, is left out."""

from __future__ import annotations

from typing import Any

from ..account import Account, tags_of

_AREA = "network"


def read(account: Account) -> None:
    """Everything of EC2 but launch templates and what runs."""
    for item in account.all("ec2", "describe_vpcs", "Vpcs"):
        if not item["IsDefault"]:
            _vpc(account, item)
    for item in account.all("ec2", "describe_subnets", "Subnets"):
        if not item["DefaultForAz"]:
            _subnet(account, item)
    for item in account.all("ec2", "describe_internet_gateways", "InternetGateways"):
        vpcs = [account.names.get(a["VpcId"]) for a in item["Attachments"]]
        if None in vpcs:
            continue
        name = _name(account, item["InternetGatewayId"], item["Tags"], "internet gateway")
        account.add(_AREA, name, item["Tags"], attached=vpcs)
    for item in account.all("ec2", "describe_addresses", "Addresses"):
        name = _name(account, item["AllocationId"], item["Tags"], "elastic ip")
        account.add(_AREA, name, item["Tags"], in__use="AssociationId" in item, domain=item["Domain"])
    for item in account.all("ec2", "describe_nat_gateways", "NatGateways"):
        if item["State"] != "deleted":
            _nat(account, item)
    for item in account.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        _name(account, item["VpcEndpointId"], item["Tags"], "vpc endpoint")
    for item in account.all("ec2", "describe_route_tables", "RouteTables"):
        if item["VpcId"] in account.names:
            _table(account, item)
    for item in account.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        account.add(
            _AREA,
            account.name(item["VpcEndpointId"]),
            item["Tags"],
            service=item["ServiceName"],
            type=item["VpcEndpointType"],
            route__tables=[account.name(number) for number in item["RouteTableIds"]],
        )
    for item in account.all("ec2", "describe_network_acls", "NetworkAcls"):
        if item["VpcId"] in account.names:
            account.add(_AREA, f"network acl of {account.name(item['VpcId'])}", default=item["IsDefault"])


def _name(account: Account, number: str, tags: Any, kind: str) -> str:
    known = tags_of(tags).get("Name") or number
    account.names[number] = f"{kind} {known}"
    return account.names[number]


def _vpc(account: Account, item: dict[str, Any]) -> None:
    name = _name(account, item["VpcId"], item.get("Tags", []), "vpc")
    ask = account.client("ec2").describe_vpc_attribute
    account.add(
        _AREA,
        name,
        item.get("Tags", []),
        primary__cidr=item["CidrBlock"],
        cidrs=[
            a["CidrBlock"]
            for a in item["CidrBlockAssociationSet"]
            if a["CidrBlockState"]["State"] == "associated"
        ],
        tenancy=item["InstanceTenancy"],
        dns__hostnames=ask(VpcId=item["VpcId"], Attribute="enableDnsHostnames")["EnableDnsHostnames"][
            "Value"
        ],
        dns__support=ask(VpcId=item["VpcId"], Attribute="enableDnsSupport")["EnableDnsSupport"]["Value"],
    )


def _subnet(account: Account, item: dict[str, Any]) -> None:
    name = _name(account, item["SubnetId"], item.get("Tags", []), "subnet")
    account.add(
        _AREA,
        name,
        item.get("Tags", []),
        vpc=account.name(item["VpcId"]),
        cidr=item["CidrBlock"],
        zone=item["AvailabilityZone"],
        public__ip=item["MapPublicIpOnLaunch"],
    )


def _nat(account: Account, item: dict[str, Any]) -> None:
    name = _name(account, item["NatGatewayId"], item["Tags"], "nat gateway")
    account.add(
        _AREA,
        name,
        item["Tags"],
        state=item["State"],
        type=item["ConnectivityType"],
        subnet=account.name(item["SubnetId"]),
        address=[account.name(address["AllocationId"]) for address in item["NatGatewayAddresses"]],
    )


def _table(account: Account, item: dict[str, Any]) -> None:
    main = any(a.get("Main") for a in item["Associations"])
    if main:
        account.names[item["RouteTableId"]] = f"main route table of {account.name(item['VpcId'])}"
    name = account.names.get(item["RouteTableId"]) or _name(
        account, item["RouteTableId"], item["Tags"], "route table"
    )
    account.add(
        _AREA,
        name,
        item["Tags"],
        subnets=[account.name(a["SubnetId"]) for a in item["Associations"] if "SubnetId" in a],
    )
    for route in item["Routes"]:
        to = route.get("DestinationCidrBlock") or "prefix list"
        via = route.get("NatGatewayId") or route.get("GatewayId") or "another target"
        account.add(_AREA, name, **{f"route {to}": account.name(via)})
