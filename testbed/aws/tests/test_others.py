"""S3, Secrets Manager, logs, metrics workspaces, load balancers, images, quotas."""

from __future__ import annotations

from typing import Any

import pytest

REGION = "us-west-2"


def test_a_bucket_of_ones_own_is_known(aws: Any, refused: Any) -> None:
    name = f"bucket-{aws.account}"
    values = {"Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": REGION}}
    aws.s3.create_bucket(**values)
    refused("BucketAlreadyOwnedByYou", aws.s3.create_bucket, **values)
    other = {"Bucket": f"{name}-x", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    refused("IllegalLocationConstraintException", aws.s3.create_bucket, **other)


def test_a_secret_that_is_being_deleted_keeps_its_name(aws: Any, refused: Any) -> None:
    aws.secretsmanager.create_secret(Name="s", SecretString="x")
    aws.secretsmanager.delete_secret(SecretId="s", RecoveryWindowInDays=7)
    refused("InvalidRequestException", aws.secretsmanager.create_secret, Name="s", SecretString="x")


def test_logs_are_kept_for_certain_times_only(aws: Any, refused: Any) -> None:
    aws.logs.create_log_group(logGroupName="g")
    put = aws.logs.put_retention_policy
    refused("InvalidParameterException", put, logGroupName="g", retentionInDays=31)
    put(logGroupName="g", retentionInDays=90)


def test_a_workspace_has_phases_and_tokens(aws: Any, refused: Any) -> None:
    aws.settings(delays={"amp:workspace": 60, "amp:workspace:delete": 60})
    made = aws.amp.create_workspace(alias="a", clientToken="t", tags={"k": "v"})
    assert made["status"]["statusCode"] == "CREATING"
    number = made["workspaceId"]
    assert aws.amp.create_workspace(alias="a", clientToken="t")["workspaceId"] == number
    refused("ConflictException", aws.amp.delete_workspace, workspaceId=number)
    aws.control("POST", "clock", {"advance": 60})
    found = aws.amp.describe_workspace(workspaceId=number)["workspace"]
    assert (found["status"]["statusCode"], found["tags"]) == ("ACTIVE", {"k": "v"})
    aws.amp.create_alert_manager_definition(workspaceId=number, data=b"x: y")
    shown = aws.amp.describe_alert_manager_definition(workspaceId=number)
    assert shown["alertManagerDefinition"]["data"] == b"x: y"
    aws.amp.delete_workspace(workspaceId=number)
    found = aws.amp.describe_workspace(workspaceId=number)["workspace"]
    assert found["status"]["statusCode"] == "DELETING"
    aws.control("POST", "clock", {"advance": 60})
    assert aws.amp.list_workspaces()["workspaces"] == []


def test_a_load_balancer_holds_its_network(aws: Any, refused: Any) -> None:
    vpc, subnets = aws.network()
    group = aws.ec2.create_security_group(GroupName="lb", Description="d", VpcId=vpc)["GroupId"]
    values = {"Name": "lb", "Subnets": subnets, "SecurityGroups": [group]}
    made = aws.elbv2.create_load_balancer(**values)["LoadBalancers"][0]
    refused("DuplicateLoadBalancerName", aws.elbv2.create_load_balancer, **values)
    refused("DependencyViolation", aws.ec2.delete_security_group, GroupId=group)
    refused("DependencyViolation", aws.ec2.delete_subnet, SubnetId=subnets[0])
    filters = [
        {"Name": "description", "Values": [f"ELB app/lb/{made['LoadBalancerArn'].split('/')[-1]}"]}
    ]
    found = aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert len(found) == 2
    aws.elbv2.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    aws.ec2.delete_security_group(GroupId=group)


@pytest.mark.parametrize(
    "name",
    [
        "eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id",
        "bottlerocket/aws-k8s-1.34/x86_64/latest/image_id",
    ],
)
def test_images_for_nodes_are_told(aws: Any, name: str) -> None:
    found = aws.ssm.get_parameter(Name=f"/aws/service/{name}")["Parameter"]
    assert found["Value"].startswith("ami-")


def test_own_parameters_are_still_read(aws: Any, refused: Any) -> None:
    aws.ssm.put_parameter(Name="/own", Value="v", Type="SecureString")
    found = aws.ssm.get_parameter(Name="/own", WithDecryption=True)["Parameter"]
    assert found["Value"] == "v"
    refused("ParameterNotFound", aws.ssm.get_parameter, Name="/none")


def test_quotas_are_told(aws: Any) -> None:
    client = aws.client("service-quotas")
    aws.settings(quotas={"L-1194D53C": 7})
    found = {q["QuotaCode"]: q["Value"] for q in client.list_service_quotas(ServiceCode="eks")["Quotas"]}
    assert found["L-1194D53C"] == 7
    one = client.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert one["Value"] == 5
    assert client.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]["Value"] == 5


def test_the_tagging_api_knows_what_aws_would_tell(aws: Any) -> None:
    tags = [{"Key": "owner", "Value": "t"}]
    cluster = aws.cluster(tags={"owner": "t"})
    aws.nodegroup(cluster, tags={"owner": "t"})
    specification = [{"ResourceType": "elastic-ip", "Tags": tags}]
    aws.ec2.allocate_address(Domain="vpc", TagSpecifications=specification)
    subnets = cluster["resourcesVpcConfig"]["subnetIds"]
    aws.rds.create_db_subnet_group(
        DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets, Tags=tags
    )
    aws.amp.create_workspace(alias="a", tags={"owner": "t"})
    api = aws.client("resourcegroupstaggingapi")
    wanted = [{"Key": "owner", "Values": ["t"]}]
    found = api.get_resources(TagFilters=wanted)["ResourceTagMappingList"]
    kinds = sorted(item["ResourceARN"].split(":", 5)[5].split("/")[0].split(":")[0] for item in found)
    assert kinds == ["cluster", "elastic-ip", "nodegroup", "subgrp", "workspace"]
    only = api.get_resources(TagFilters=wanted, ResourceTypeFilters=["eks:cluster"])
    assert [item["ResourceARN"] for item in only["ResourceTagMappingList"]] == [cluster["arn"]]
