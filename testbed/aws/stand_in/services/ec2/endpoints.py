"""VPC endpoints.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from ... import phases
from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before, operation
from .. import quotas
from .common import ec2_of

_KIND = "ec2:vpcendpoint"


@before("ec2", "CreateVpcEndpoint")
def _check_endpoint(call: Call) -> None:
    ec2, params = ec2_of(call), call.params
    there = [e for e in ec2.vpc_end_points.values() if e.vpc_id == params["VpcId"]]
    if params.get("ClientToken") and params["ClientToken"] in {e.client_token for e in there}:
        return
    service, kind = params.get("ServiceName", ""), params.get("VpcEndpointType") or "Gateway"
    if not service.startswith((f"com.amazonaws.{call.region}.", "com.amazonaws.vpce.")):
        raise Refusal("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    if kind == "Interface":
        _check_interfaces(call, ec2, service, there)
    _check_tables(ec2, params)
    for endpoint in there:
        if kind == "Gateway" and endpoint.service_name == service:
            same = set(params.get("RouteTableIds") or []) & set(endpoint.route_table_ids)
            if same:
                raise Refusal(
                    "RouteAlreadyExists",
                    f"route table {min(same)} already has a route with destination-prefix-list-id",
                )


def _check_interfaces(call: Call, ec2: Any, service: str, there: list[Any]) -> None:
    params = call.params
    count = 1 + sum(e.vpc_endpoint_type == "Interface" for e in there)
    quotas.check(call, "vpc", "L-29B6F2EB", count, "VpcEndpointLimitExceeded")
    zones: set[str] = set()
    for name in params.get("SubnetIds") or []:
        zone = ec2.get_subnet(name).availability_zone
        if zone in zones:
            raise Refusal(
                "DuplicateSubnetsInSameZone",
                "Found another VPC endpoint subnet in the availability zone of "
                f"{name}. VPC endpoint subnets should be in different availability zones supported by the "
                "VPC endpoint service.",
            )
        zones.add(zone)
    for name in params.get("SecurityGroupIds") or []:
        if ec2.get_security_group_from_id(name) is None:
            raise Refusal("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
    private = params.get("PrivateDnsEnabled") is not False
    vpc = ec2.get_vpc(params["VpcId"])
    if private and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise Refusal(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
            f"set to true for {vpc.id}",
        )
    for endpoint in there:
        if private and endpoint.service_name == service and endpoint.private_dns_enabled:
            raise Refusal(
                "InvalidParameter",
                f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{service} in the VPC {vpc.id}",
            )


def _check_tables(ec2: Any, params: dict[str, Any]) -> None:
    for name in params.get("RouteTableIds") or []:
        if ec2.get_route_table(name).vpc_id != params["VpcId"]:
            raise Refusal("InvalidParameter", f"route table {name} is not in the VPC")


@wrap(EC2Backend, "create_vpc_endpoint")
def _create_vpc_endpoint(create: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    kind = kwargs["endpoint_type"] = kwargs.get("endpoint_type") or "Gateway"
    token = kwargs.get("client_token")
    for endpoint in ec2.vpc_end_points.values():
        if token and endpoint.client_token == token:
            return endpoint
    if kind == "Interface" and kwargs.get("private_dns_enabled") is None:
        kwargs["private_dns_enabled"] = True
    endpoint = create(ec2, *args, **kwargs)
    if kind != "Interface":
        return endpoint
    if not endpoint.security_group_ids:
        endpoint.security_group_ids = [ec2.get_default_security_group(endpoint.vpc_id).id]
    groups = [ec2.get_security_group_from_id(name) for name in endpoint.security_group_ids]
    for name in endpoint.network_interface_ids:
        eni = ec2.enis[name]
        eni.description = f"VPC Endpoint Interface {endpoint.id}"
        eni.interface_type = "vpc_endpoint"
        eni.requester_managed = True
        eni.status = "in-use"
        eni._group_set = groups
    phases.enter(ec2, _KIND, endpoint, "pending", "available")
    return endpoint


@before("ec2", "DescribeVpcEndpoints")
def _check_ids(call: Call) -> None:
    there = ec2_of(call).vpc_end_points
    for name in call.params.get("VpcEndpointIds") or []:
        if name not in there:
            raise Refusal(
                "InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{name}' does not exist"
            )


@operation("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call: Call) -> dict[str, Any]:
    """Those that cannot be deleted are told; the others go, and then are shown no more."""
    ec2, unsuccessful = ec2_of(call), []
    for name in call.params["VpcEndpointIds"]:
        endpoint = ec2.vpc_end_points.get(name)
        if endpoint is None:
            problem = {
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": f"The Vpc Endpoint Id '{name}' does not exist",
            }
            unsuccessful.append({"ResourceId": name, "Error": problem})
        elif endpoint.state != "deleting":
            _delete(ec2, endpoint)
    return {"Unsuccessful": unsuccessful}


def _delete(ec2: Any, endpoint: Any) -> None:
    def finish() -> None:
        for name in endpoint.network_interface_ids:
            ec2.enis.pop(name, None)
        prefix = endpoint.destination_prefix_list_id
        for table in ec2.route_tables.values():
            for number, route in list(table._routes.items()):
                if prefix and route.gateway_id == endpoint.id:
                    del table._routes[number]
        ec2.vpc_end_points.pop(endpoint.id, None)
        ec2.tags.pop(endpoint.id, None)

    endpoint.state = "deleting"
    if endpoint.vpc_endpoint_type == "Interface":
        phases.later(ec2.account_id, f"{_KIND}:delete", finish)
    else:
        finish()
