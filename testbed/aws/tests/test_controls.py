"""Controls: faults, limits, requests, the clock."""

from __future__ import annotations

import urllib.error
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError


def test_a_fault_before_makes_nothing_and_one_after_makes_it(aws: Any, refused: Any) -> None:
    fault = {"service": "ec2", "operation": "CreateVpc", "error": "InternalError", "status": 500}
    for when, there in (("before", 0), ("after", 1)):
        aws.settings(faults=[fault | {"when": when}])
        refused("InternalError", aws.ec2.create_vpc, CidrBlock="10.0.0.0/16")
        filters = [{"Name": "cidr", "Values": ["10.0.0.0/16"]}]
        assert len(aws.ec2.describe_vpcs(Filters=filters)["Vpcs"]) == there


def test_a_fault_concerns_what_it_names(aws: Any, refused: Any) -> None:
    where = {"service": "eks", "operation": "DescribeCluster", "where": {"name": "bad"}, "times": 2}
    aws.settings(faults=[where | {"error": "ServerException", "status": 500}])
    refused("ResourceNotFoundException", aws.eks.describe_cluster, name="good")
    refused("ServerException", aws.eks.describe_cluster, name="bad")
    refused("ServerException", aws.eks.describe_cluster, name="bad")
    refused("ResourceNotFoundException", aws.eks.describe_cluster, name="bad")


def test_a_connection_can_be_dropped(aws: Any) -> None:
    aws.settings(faults=[{"service": "eks", "operation": "ListClusters", "drop": True}])
    with pytest.raises(ConnectionClosedError):
        aws.eks.list_clusters()
    aws.eks.list_clusters()


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_security_groups", "RequestLimitExceeded"),
        ("iam", "list_roles", "Throttling"),
        ("eks", "list_clusters", "ThrottlingException"),
        ("secretsmanager", "list_secrets", "ThrottlingException"),
    ],
)
def test_too_many_requests_are_refused(aws: Any, service: str, operation: str, code: str) -> None:
    aws.settings(throttle={"enabled": True, "scale": 0.0})
    call = getattr(aws.client(service), operation)
    with pytest.raises(ClientError) as caught:
        for _ in range(101):
            call()
    assert caught.value.response["Error"]["Code"] == code
    assert aws.control("GET", "throttled")["count"] == 1


def test_endpoints_are_limited_as_ec2_limits_them(aws: Any, refused: Any) -> None:
    aws.settings(throttle={"enabled": True})
    delete = aws.ec2.delete_vpc_endpoints
    for _ in range(4):
        delete(VpcEndpointIds=["vpce-1"])
    refused("RequestLimitExceeded", delete, VpcEndpointIds=["vpce-1"])
    aws.control("POST", "clock", {"advance": 4})
    delete(VpcEndpointIds=["vpce-1"])


def test_requests_are_written_down(aws: Any, refused: Any) -> None:
    aws.s3.list_buckets()
    refused("ResourceNotFoundException", aws.eks.delete_cluster, name="none")
    entries = aws.control("GET", "requests")
    shown = [(e["service"], e["operation"], e["mutating"], e["status"], e["error"]) for e in entries]
    assert shown == [
        ("s3", "ListBuckets", False, 200, None),
        ("eks", "DeleteCluster", True, 404, "ResourceNotFoundException"),
    ]
    aws.control("DELETE", "requests")
    assert aws.control("GET", "requests") == []


def test_a_setting_that_there_is_not_is_refused(aws: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        aws.settings(delay=1)
    assert "there is no setting" in caught.value.read().decode()


def test_what_is_missing_is_told_as_missing(aws: Any, refused: Any) -> None:
    error = refused("NotInTheStandIn", aws.client("cloudtrail").lookup_events)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_many_requests_at_once(aws: Any) -> None:
    def make(number: int) -> str:
        made = aws.ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
        return str(made["Vpc"]["VpcId"])

    with ThreadPoolExecutor(16) as pool:
        names = list(pool.map(make, range(64)))
    assert len(set(names)) == 64
    assert len(aws.ec2.describe_vpcs(VpcIds=names)["Vpcs"]) == 64
