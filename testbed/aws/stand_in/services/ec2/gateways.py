"""Internet gateways and Elastic IP addresses.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html.
"""

from __future__ import annotations

from ...call import Call
from ...errors import Refusal
from ...registry import before
from .. import quotas
from .common import ec2_of, violation


@before("ec2", "AllocateAddress")
def _check_number_of_addresses(call: Call) -> None:
    count = len(ec2_of(call).addresses) + 1
    quotas.check(call, "ec2", "L-0263D0A3", count, "AddressLimitExceeded")


@before("ec2", "CreateInternetGateway")
def _check_number_of_gateways(call: Call) -> None:
    count = len(ec2_of(call).internet_gateways) + 1
    quotas.check(call, "vpc", "L-A4707A72", count, "InternetGatewayLimitExceeded")


@before("ec2", "AttachInternetGateway")
def _check_one_gateway(call: Call) -> None:
    vpc = call.params["VpcId"]
    for gateway in ec2_of(call).internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == vpc and gateway.id != call.params["InternetGatewayId"]:
            raise Refusal(
                "InvalidParameterValue", f"Network {vpc} already has an internet gateway attached"
            )


@before("ec2", "DetachInternetGateway")
def _check_nothing_is_mapped(call: Call) -> None:
    ec2, vpc = ec2_of(call), call.params["VpcId"]
    if any(eni.public_ip for eni in ec2.enis.values() if eni.vpc_id == vpc):
        raise violation(
            f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) "
            "before detaching the gateway."
        )


@before("ec2", "ReleaseAddress")
def _check_address_is_free(call: Call) -> None:
    number = call.params.get("AllocationId")
    for address in ec2_of(call).addresses:
        if address.allocation_id == number and address.association_id:
            raise Refusal(
                "InvalidIPAddress.InUse",
                f"Address {address.public_ip} is in use: disassociate it first",
            )
