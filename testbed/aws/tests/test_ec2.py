"""EC2: phases, refusals, tags."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def nat(aws: Any) -> dict[str, str]:
    """A NAT gateway in a VPC that has a way out."""
    vpc, subnets = aws.network()
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = aws.ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address, ClientToken="t")
    assert made["NatGateway"]["State"] == "pending"
    number = made["NatGateway"]["NatGatewayId"]
    return {"vpc": vpc, "subnet": subnets[0], "address": address, "nat": number}


def _nat(aws: Any, number: str) -> Any:
    return aws.ec2.describe_nat_gateways(NatGatewayIds=[number])["NatGateways"][0]


def test_a_vpc_is_pending_first(aws: Any) -> None:
    vpc = aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    assert vpc["State"] == "pending"
    found = aws.ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])["Vpcs"][0]
    assert found["State"] == "available"


def test_a_nat_gateway_has_phases_and_leaves_nothing(aws: Any, nat: Any) -> None:
    assert _nat(aws, nat["nat"])["State"] == "available"
    assert aws.ec2.delete_nat_gateway(NatGatewayId=nat["nat"])
    assert _nat(aws, nat["nat"])["State"] == "deleted"
    filters = [{"Name": "subnet-id", "Values": [nat["subnet"]]}]
    assert aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"] == []
    aws.ec2.release_address(AllocationId=nat["address"])
    aws.ec2.delete_subnet(SubnetId=nat["subnet"])


def test_a_nat_gateway_is_deleted_while_it_takes(aws: Any, nat: Any) -> None:
    aws.settings(delays={"ec2:natgateway:delete": 60})
    aws.ec2.delete_nat_gateway(NatGatewayId=nat["nat"])
    assert _nat(aws, nat["nat"])["State"] == "deleting"
    aws.control("POST", "clock", {"advance": 60})
    assert _nat(aws, nat["nat"])["State"] == "deleted"


def test_the_same_token_gives_the_same_nat_gateway(aws: Any, nat: Any) -> None:
    create = aws.ec2.create_nat_gateway
    again = create(SubnetId=nat["subnet"], AllocationId=nat["address"], ClientToken="t")
    assert again["NatGateway"]["NatGatewayId"] == nat["nat"]
    filters = [{"Name": "subnet-id", "Values": [nat["subnet"]]}]
    assert len(aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]) == 1


def test_what_a_nat_gateway_needs_stays(aws: Any, nat: Any, refused: Any) -> None:
    ec2 = aws.ec2
    refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=nat["address"])
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=nat["subnet"])
    found = ec2.describe_internet_gateways()["InternetGateways"]
    gateway = next(g["InternetGatewayId"] for g in found if g["Attachments"][0]["VpcId"] == nat["vpc"])
    values = {"InternetGatewayId": gateway, "VpcId": nat["vpc"]}
    refused("DependencyViolation", ec2.detach_internet_gateway, **values)
    refused("DependencyViolation", ec2.delete_vpc, VpcId=nat["vpc"])


def test_a_nat_gateway_without_internet_gateway_fails(aws: Any) -> None:
    vpc = aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    found = _nat(aws, made["NatGatewayId"])
    assert (found["State"], found["FailureCode"]) == ("failed", "Gateway.NotAttached")
    aws.ec2.release_address(AllocationId=address)


def test_what_does_not_exist_is_not_found(aws: Any, refused: Any) -> None:
    ec2 = aws.ec2
    refused("NatGatewayNotFound", ec2.describe_nat_gateways, NatGatewayIds=["nat-0123"])
    refused("NatGatewayNotFound", ec2.delete_nat_gateway, NatGatewayId="nat-0123")
    describe = ec2.describe_launch_templates
    refused("InvalidLaunchTemplateId.NotFound", describe, LaunchTemplateIds=["lt-0123"])
    names = {"LaunchTemplateNames": ["none"]}
    refused("InvalidLaunchTemplateName.NotFoundException", describe, **names)
    endpoints = {"VpcEndpointIds": ["vpce-0123"]}
    refused("InvalidVpcEndpointId.NotFound", ec2.describe_vpc_endpoints, **endpoints)


def test_a_dry_run_makes_nothing(aws: Any, refused: Any) -> None:
    before = len(aws.ec2.describe_vpcs()["Vpcs"])
    refused("DryRunOperation", aws.ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before


def test_a_security_group_that_is_used_stays(aws: Any, refused: Any) -> None:
    ec2 = aws.ec2
    vpc, subnets = aws.network()
    one, two = (
        ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]
        for name in ("one", "two")
    )
    pair = [{"GroupId": two}]
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": pair}
    ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[permission])
    refused("DependencyViolation", ec2.delete_security_group, GroupId=two)
    refused(
        "InvalidPermission.Duplicate",
        ec2.authorize_security_group_ingress,
        GroupId=one,
        IpPermissions=[permission],
    )
    ec2.revoke_security_group_ingress(GroupId=one, IpPermissions=[permission])
    eni = ec2.create_network_interface(SubnetId=subnets[0], Groups=[two])["NetworkInterface"]
    refused("DependencyViolation", ec2.delete_security_group, GroupId=two)
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnets[0])
    ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=two)
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)


def test_every_rule_of_a_call_is_answered_and_tagged(aws: Any) -> None:
    vpc, _ = aws.network()
    ec2 = aws.ec2
    group = ec2.create_security_group(
        GroupName="g",
        Description="d",
        VpcId=vpc,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "a", "Value": "b"}]}],
    )
    assert group["Tags"] == [{"Key": "a", "Value": "b"}]
    permissions = [
        {
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": f"port {port}"}],
        }
        for port in (80, 443)
    ]
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "k", "Value": "v"}]}]
    made = ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpPermissions=permissions, TagSpecifications=tags
    )["SecurityGroupRules"]
    assert sorted(rule["FromPort"] for rule in made) == [80, 443]
    found = ec2.describe_security_group_rules(Filters=[{"Name": "tag:k", "Values": ["v"]}])
    assert {rule["Description"] for rule in found["SecurityGroupRules"]} == {"port 80", "port 443"}
    assert all(rule["Tags"] == [{"Key": "k", "Value": "v"}] for rule in found["SecurityGroupRules"])
    shown = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["k"]}])["Tags"]
    assert {tag["ResourceType"] for tag in shown} == {"security-group-rule"}


def test_a_launch_template_version_inherits_from_its_source(aws: Any) -> None:
    ec2 = aws.ec2
    data = {"MetadataOptions": {"HttpTokens": "required"}, "InstanceType": "m5.large"}
    tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}]
    made = ec2.create_launch_template(
        LaunchTemplateName="t", LaunchTemplateData=data, TagSpecifications=tags
    )["LaunchTemplate"]
    assert made["Tags"] == [{"Key": "a", "Value": "b"}]
    number = made["LaunchTemplateId"]
    second = ec2.create_launch_template_version(
        LaunchTemplateId=number, SourceVersion="1", LaunchTemplateData={"InstanceType": "m6i.large"}
    )["LaunchTemplateVersion"]
    assert second["VersionNumber"] == 2
    found = ec2.describe_launch_template_versions(LaunchTemplateId=number, Versions=["$Latest"])
    shown = found["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert shown["InstanceType"] == "m6i.large"
    assert shown["MetadataOptions"]["HttpTokens"] == "required"
    assert "TagSpecifications" not in shown
    assert ec2.describe_launch_templates()["LaunchTemplates"][0]["LatestVersionNumber"] == 2


def test_an_interface_endpoint_has_phases_and_interfaces(aws: Any, refused: Any) -> None:
    ec2 = aws.ec2
    vpc, subnets = aws.network()
    values = {
        "VpcId": vpc,
        "ServiceName": "com.amazonaws.us-west-2.sts",
        "VpcEndpointType": "Interface",
        "SubnetIds": subnets,
        "TagSpecifications": [{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "a", "Value": "b"}]}],
    }
    refused("InvalidParameter", ec2.create_vpc_endpoint, **values)
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    made = ec2.create_vpc_endpoint(**values)["VpcEndpoint"]
    assert made["State"] == "pending"
    number = made["VpcEndpointId"]
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[number])["VpcEndpoints"][0]
    assert found["State"] == "available"
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]
    assert found["PrivateDnsEnabled"] is True
    enis = ec2.describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])
    assert {eni["SubnetId"] for eni in enis["NetworkInterfaces"]} == set(subnets)
    refused("InvalidParameter", ec2.create_vpc_endpoint, **values)
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnets[0])
    assert ec2.delete_vpc_endpoints(VpcEndpointIds=[number])["Unsuccessful"] == []
    refused("InvalidVpcEndpointId.NotFound", ec2.describe_vpc_endpoints, VpcEndpointIds=[number])
    ec2.delete_subnet(SubnetId=subnets[0])
    failed = ec2.delete_vpc_endpoints(VpcEndpointIds=[number])["Unsuccessful"]
    assert failed[0]["Error"]["Code"] == "InvalidVpcEndpoint.NotFound"


def test_a_gateway_endpoint_comes_and_goes(aws: Any) -> None:
    vpc, _ = aws.network()
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    made = aws.ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3", RouteTableIds=[table]
    )["VpcEndpoint"]
    assert made["State"] == "available"
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [r["GatewayId"] for r in routes if "DestinationPrefixListId" in r] == [made["VpcEndpointId"]]
    aws.ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert len(routes) == 1
    aws.ec2.delete_route_table(RouteTableId=table)


@pytest.mark.parametrize(
    ("operation", "kind", "values"),
    [
        ("create_vpc", "vpc", {"CidrBlock": "10.0.0.0/16"}),
        ("allocate_address", "elastic-ip", {"Domain": "vpc"}),
        ("create_internet_gateway", "internet-gateway", {}),
        ("create_route_table", "route-table", {"VpcId": "$vpc"}),
        ("create_subnet", "subnet", {"VpcId": "$vpc", "CidrBlock": "10.0.99.0/24"}),
        ("create_network_interface", "network-interface", {"SubnetId": "$subnet"}),
    ],
)
def test_tags_are_given_at_creation_and_described(
    aws: Any, refused: Any, operation: str, kind: str, values: dict[str, str]
) -> None:
    vpc, subnets = aws.network()
    values = {k: {"$vpc": vpc, "$subnet": subnets[0]}.get(v, v) for k, v in values.items()}
    tags = [{"Key": "owner", "Value": "a test"}]
    specification = [{"ResourceType": kind, "Tags": tags}]
    getattr(aws.ec2, operation)(**values, TagSpecifications=specification)
    found = aws.ec2.describe_tags(Filters=[{"Name": "tag:owner", "Values": ["a test"]}])["Tags"]
    assert [tag["ResourceType"] for tag in found] == [kind]
    wrong = [{"ResourceType": "snapshot", "Tags": tags}]
    refused("InvalidParameterValue", getattr(aws.ec2, operation), **values, TagSpecifications=wrong)


def test_an_account_is_empty_again_afterwards(aws: Any, nat: Any) -> None:
    aws.ec2.delete_nat_gateway(NatGatewayId=nat["nat"])
    aws.ec2.release_address(AllocationId=nat["address"])
    gateway = next(
        g["InternetGatewayId"]
        for g in aws.ec2.describe_internet_gateways()["InternetGateways"]
        if g["Attachments"][0]["VpcId"] == nat["vpc"]
    )
    aws.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=nat["vpc"])
    aws.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    filters = [{"Name": "vpc-id", "Values": [nat["vpc"]]}]
    for subnet in aws.ec2.describe_subnets(Filters=filters)["Subnets"]:
        aws.ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    aws.ec2.delete_vpc(VpcId=nat["vpc"])
    assert aws.control("GET", "dump") == {}


def test_quotas_refuse_when_they_are_asked_to(aws: Any, refused: Any) -> None:
    aws.settings(enforce_quotas=True, quotas={"L-F678F1CE": 2, "L-0263D0A3": 1})
    aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    refused("VpcLimitExceeded", aws.ec2.create_vpc, CidrBlock="10.1.0.0/16")
    aws.ec2.allocate_address(Domain="vpc")
    refused("AddressLimitExceeded", aws.ec2.allocate_address, Domain="vpc")


def test_a_zone_of_another_region_is_refused(aws: Any, refused: Any) -> None:
    vpc, _ = aws.network()
    values = {"VpcId": vpc, "CidrBlock": "10.0.9.0/24", "AvailabilityZone": "eu-west-1a"}
    refused("InvalidParameterValue", aws.ec2.create_subnet, **values)


def test_an_instance_takes_its_primary_interface_along(aws: Any) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.run_instances(
        ImageId="ami-12c6146b", InstanceType="m5.large", MinCount=1, MaxCount=1, SubnetId=subnet
    )
    ec2.terminate_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.delete_subnet(SubnetId=subnet)
