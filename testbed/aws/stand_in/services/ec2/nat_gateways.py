"""NAT gateways.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html,
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from ... import clock, phases, settings
from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before, on_reset, operation
from .. import quotas
from .common import ec2_of, tag_list, tags_for

_KIND = "ec2:natgateway"
# How long a deleted gateway is still shown.
_SHOWN_AFTER = 3600
_tokens: dict[tuple[str, str, str], str] = {}
on_reset(_tokens.clear)


@operation("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call) -> dict[str, Any]:
    """Make a gateway; the same client token gives the same one."""
    ec2, params = ec2_of(call), call.params
    token = params.get("ClientToken")
    key = (call.account, call.region, token or "")
    if token and _tokens.get(key) in ec2.nat_gateways:
        return {"NatGateway": _describe(ec2, ec2.nat_gateways[_tokens[key]]), "ClientToken": token}
    subnet, kind = ec2.get_subnet(params["SubnetId"]), params.get("ConnectivityType") or "public"
    allocation = params.get("AllocationId")
    if kind == "public":
        _check_address(ec2, allocation)
    _check_number(call, ec2, subnet)
    gateway = ec2.create_nat_gateway(
        subnet_id=subnet.id,
        allocation_id=allocation,
        tags=tags_for(call, "natgateway"),
        connectivity_type=kind,
    )
    gateway.failure = None
    if token:
        _tokens[key] = gateway.id
    _begin(ec2, gateway, subnet, kind)
    return {"NatGateway": _describe(ec2, gateway), "ClientToken": token}


def _check_address(ec2: Any, allocation: str | None) -> None:
    if not allocation:
        raise Refusal("MissingParameter", "The request must include the AllocationId parameter.")
    address = ec2.address_by_allocation([allocation])[0]
    if address.association_id:
        raise Refusal(
            "Resource.AlreadyAssociated",
            f"Elastic IP address [{allocation}] is already associated",
        )


def _check_number(call: Call, ec2: Any, subnet: Any) -> None:
    there = [g for g in ec2.nat_gateways.values() if g.state in ("pending", "available")]
    zone = subnet.availability_zone
    count = 1 + sum(ec2.get_subnet(g.subnet_id).availability_zone == zone for g in there)
    quotas.check(call, "vpc", "L-FE5A380F", count, "NatGatewayLimitExceeded")


def _begin(ec2: Any, gateway: Any, subnet: Any, kind: str) -> None:
    gateway._eni.description = f"Interface for NAT Gateway {gateway.id}"
    gateway._eni.interface_type = "nat_gateway"
    gateway._eni.requester_managed = True
    gateway._eni.status = "in-use"
    gateway.state = "pending"

    def finish() -> None:
        if gateway.state != "pending":
            return
        failure = settings.take_failure(ec2.account_id, _KIND, gateway.id)
        reason = failure or _reason_to_fail(ec2, subnet, kind)
        gateway.failure = reason
        gateway.state = "failed" if reason else "available"
        if reason:
            _let_go(ec2, gateway)

    phases.later(ec2.account_id, _KIND, finish)


def _reason_to_fail(ec2: Any, subnet: Any, kind: str) -> dict[str, str] | None:
    """A public gateway needs the internet gateway of its VPC."""
    attached = (g for g in ec2.internet_gateways.values() if g.vpc and g.vpc.id == subnet.vpc_id)
    if kind == "public" and next(attached, None) is None:
        message = f"Network {subnet.vpc_id} has no Internet gateway attached"
        return {"code": "Gateway.NotAttached", "message": message}
    return None


def _let_go(ec2: Any, gateway: Any) -> None:
    """Give the address and the interface back."""
    for address in ec2.addresses:
        if address.eni is not None and address.eni.id == gateway._eni.id:
            ec2.disassociate_address(association_id=address.association_id)
    ec2.enis.pop(gateway._eni.id, None)


def _of(call: Call, name: str) -> Any:
    gateway = ec2_of(call).nat_gateways.get(name)
    if gateway is None:
        raise Refusal("NatGatewayNotFound", f"The Nat Gateway {name} was not found")
    return gateway


@before("ec2", "DescribeNatGateways")
def _check_ids(call: Call) -> None:
    for name in call.params.get("NatGatewayIds") or []:
        _of(call, name)


@operation("ec2", "DeleteNatGateway")
def delete_nat_gateway(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html."""
    ec2, gateway = ec2_of(call), _of(call, call.params["NatGatewayId"])
    if gateway.state in ("deleting", "deleted"):
        return {"NatGatewayId": gateway.id}
    held = gateway.state != "failed"

    def finish() -> None:
        gateway.state = "deleted"
        if held:
            _let_go(ec2, gateway)
        clock.after(ec2.account_id, _SHOWN_AFTER, lambda: ec2.nat_gateways.pop(gateway.id, None))

    phases.leave(ec2, _KIND, gateway, "deleting", finish)
    return {"NatGatewayId": gateway.id}


def _describe(ec2: Any, gateway: Any) -> dict[str, Any]:
    addresses = [
        {
            "AllocationId": address.get("allocationId"),
            "NetworkInterfaceId": address.get("networkInterfaceId"),
            "PrivateIp": address.get("privateIp"),
            "IsPrimary": True,
            "Status": "associating" if gateway.state == "pending" else "succeeded",
        }
        for address in gateway.address_set
    ]
    return {
        "NatGatewayId": gateway.id,
        "SubnetId": gateway.subnet_id,
        "VpcId": gateway.vpc_id,
        "State": gateway.state,
        "ConnectivityType": gateway.connectivity_type,
        "CreateTime": gateway._created_at,
        "NatGatewayAddresses": addresses,
        "Tags": tag_list(ec2, gateway.id),
    }


@wrap(EC2Backend, "describe_nat_gateways")
def _describe_nat_gateways(describe: Any, ec2: Any, filters: Any, names: Any) -> Any:
    """moto forgets filters by tag, and tells no failure."""
    found = describe(ec2, filters, names)
    for gateway in found:
        failure = getattr(gateway, "failure", None) or {}
        gateway.failure_code = failure.get("code")
        gateway.failure_message = failure.get("message")
    for name, values in (filters or {}).items():
        if name.startswith("tag:"):
            key = name.removeprefix("tag:")
            found = [g for g in found if ec2.tags.get(g.id, {}).get(key) in values]
        elif name == "tag-key":
            found = [g for g in found if set(values) & set(ec2.tags.get(g.id, {}))]
    return found
