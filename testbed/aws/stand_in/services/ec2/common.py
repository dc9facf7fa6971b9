"""What several parts of EC2 need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends

from ...call import Call
from ...errors import Refusal
from ...registry import before


def ec2_of(call: Call) -> Any:
    """moto's EC2 of the account and Region of a call."""
    return ec2_backends[call.account][call.region]


def violation(message: str) -> Refusal:
    """A refusal because something else needs the thing."""
    return Refusal("DependencyViolation", message)


def interfaces_in(ec2: Any, subnet: str) -> Iterator[Any]:
    """The network interfaces in a subnet."""
    return (eni for eni in ec2.enis.values() if eni.subnet.id == subnet)


def tags_for(call: Call, kind: str) -> dict[str, str]:
    """The tags that a call gives to what it makes."""
    found: dict[str, str] = {}
    for specification in call.params.get("TagSpecifications") or []:
        if specification.get("ResourceType") == kind:
            for tag in specification.get("Tags") or []:
                found[tag["Key"]] = tag.get("Value", "")
    return found


def tag_list(ec2: Any, number: str) -> list[dict[str, str]]:
    """The tags of a thing as answers have them."""
    return [{"Key": key, "Value": value} for key, value in ec2.tags.get(number, {}).items()]


# What a TagSpecification may name, for the operations that a deployment uses: another type is refused, see
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagSpecification.html.
_TAGGED = {
    "AllocateAddress": {"elastic-ip"},
    "AuthorizeSecurityGroupEgress": {"security-group-rule"},
    "AuthorizeSecurityGroupIngress": {"security-group-rule"},
    "CreateFlowLogs": {"vpc-flow-log"},
    "CreateInternetGateway": {"internet-gateway"},
    "CreateLaunchTemplate": {"launch-template"},
    "CreateNatGateway": {"natgateway"},
    "CreateNetworkInterface": {"network-interface"},
    "CreateRouteTable": {"route-table"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSubnet": {"subnet"},
    "CreateVpc": {"vpc"},
    "CreateVpcEndpoint": {"vpc-endpoint"},
}


@before("ec2", *_TAGGED)
def _check_tagged_types(call: Call) -> None:
    for specification in call.params.get("TagSpecifications") or []:
        kind = specification.get("ResourceType")
        if kind not in _TAGGED[call.operation]:
            raise Refusal(
                "InvalidParameterValue",
                f"'{kind}' is not a valid taggable resource type for this operation.",
            )
        _check_tags(specification.get("Tags") or [])


def _check_tags(tags: list[dict[str, str]]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions."""
    keys = [tag.get("Key", "") for tag in tags]
    if len(set(keys)) < len(keys):
        raise Refusal("InvalidParameterValue", "Duplicate tag key specified.")
    for key in keys:
        if key.startswith("aws:"):
            raise Refusal(
                "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use"
            )


@before("ec2", "*")
def _dry_run(call: Call) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html."""
    if b"DryRun=true" in call.body:
        raise Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
