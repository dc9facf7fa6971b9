"""IAM, STS, credentials and accounts."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.signers import RequestSigner


def _trust(**principal: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "text",
    [
        "{not json",
        "{}",
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}),
        json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}),
    ],
)
def test_a_trust_policy_is_read(aws: Any, refused: Any, text: str) -> None:
    values = {"RoleName": "r", "AssumeRolePolicyDocument": text}
    refused("MalformedPolicyDocument", aws.iam.create_role, **values)


def test_a_principal_has_to_exist(aws: Any, refused: Any) -> None:
    missing = _trust(AWS=f"arn:aws:iam::{aws.account}:role/none")
    values = {"RoleName": "r", "AssumeRolePolicyDocument": missing}
    refused("MalformedPolicyDocument", aws.iam.create_role, **values)
    aws.iam.create_role(RoleName="none", AssumeRolePolicyDocument=_trust(Service="ec2.amazonaws.com"))
    aws.iam.create_role(**values)


def test_an_attached_policy_stays(aws: Any, refused: Any) -> None:
    aws.role("r", "ec2.amazonaws.com")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = aws.iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    refused("DeleteConflict", aws.iam.delete_policy, PolicyArn=arn)
    aws.iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    aws.iam.delete_policy(PolicyArn=arn)


def test_a_service_linked_role_is_made_once(aws: Any, refused: Any) -> None:
    create = aws.iam.create_service_linked_role
    create(AWSServiceName="spot.amazonaws.com")
    refused("InvalidInput", create, AWSServiceName="spot.amazonaws.com")


@pytest.mark.parametrize(
    "name",
    [
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy",
        "AmazonEKSFargatePodExecutionRolePolicy",
        "AmazonEKSVPCResourceController",
        "service-role/AmazonEBSCSIDriverPolicy",
        "service-role/AmazonEFSCSIDriverPolicy",
        "service-role/AmazonRDSEnhancedMonitoringRole",
        "AmazonPrometheusRemoteWriteAccess",
    ],
)
def test_the_managed_policies_of_a_deployment_are_there(aws: Any, name: str) -> None:
    aws.role("r", "ec2.amazonaws.com", name)


def test_a_new_role_is_seen_after_a_while(aws: Any, refused: Any) -> None:
    aws.settings(role_propagation=600)
    with pytest.raises(ClientError) as caught:
        aws.cluster()
    assert "could not be assumed" in str(caught.value)
    aws.control("POST", "clock", {"advance": 600})
    found = aws.iam.get_role(RoleName="demo-cluster")["Role"]["Arn"]
    _, subnets = aws.network()
    aws.eks.create_cluster(name="demo", roleArn=found, resourcesVpcConfig={"subnetIds": subnets})


def test_permissions_are_simulated(aws: Any) -> None:
    fault = {"service": "eks", "operation": "CreateCluster", "error": "AccessDeniedException"}
    aws.settings(faults=[fault])
    results = aws.iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{aws.account}:user/x",
        ActionNames=["eks:CreateCluster", "ec2:CreateVpc"],
    )["EvaluationResults"]
    assert [item["EvalDecision"] for item in results] == ["implicitDeny", "allowed"]


def test_the_access_key_is_the_account(aws: Any) -> None:
    assert aws.sts.get_caller_identity()["Account"] == aws.account


def test_keys_of_an_assumed_role_stay_in_the_account(aws: Any) -> None:
    arn = aws.role("r", "ec2.amazonaws.com")
    keys = aws.sts.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    other = boto3.client(
        "sts",
        endpoint_url=aws.endpoint,
        region_name="us-west-2",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    found = other.get_caller_identity()
    assert found["Account"] == aws.account
    assert found["Arn"].endswith("assumed-role/r/session")


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("eks", "list_clusters", "UnrecognizedClientException"),
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("iam", "list_roles", "InvalidClientTokenId"),
        ("secretsmanager", "list_secrets", "UnrecognizedClientException"),
    ],
)
def test_a_wrong_key_is_refused(aws: Any, refused: Any, service: str, operation: str, code: str) -> None:
    refused(code, getattr(aws.client(service, key="AKIAINVALID000000000"), operation))


def _token_url(aws: Any, headers: dict[str, str], expires: int = 60) -> str:
    session = boto3.Session(aws.account, "stand-in", region_name="us-west-2")
    signer = RequestSigner(
        aws.sts.meta.service_model.service_id,
        "us-west-2",
        "sts",
        "v4",
        session.get_credentials(),
        session.events,
    )
    request = {
        "method": "GET",
        "url": f"{aws.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": headers,
        "context": {},
    }
    return str(signer.generate_presigned_url(request, "", expires, "us-west-2"))


def _get(url: str, headers: dict[str, str]) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_token_for_a_cluster_is_a_presigned_request(aws: Any) -> None:
    headers = {"x-k8s-aws-id": "demo"}
    url = _token_url(aws, headers)
    status, text = _get(url, headers)
    assert status == 200
    assert f"<Account>{aws.account}</Account>" in text
    aws.settings(secret_access_key="stand-in")
    assert _get(url, headers)[0] == 200
    assert _get(url, {"x-k8s-aws-id": "other"})[0] == 403
    status, text = _get(url, {})
    assert status == 403
    assert "SignatureDoesNotMatch" in text
    status, text = _get(url, headers | {"Accept": "application/json"})
    identity = json.loads(text)["GetCallerIdentityResponse"]["GetCallerIdentityResult"]
    assert identity["Account"] == aws.account


def test_clients_of_a_provider_are_added_and_removed(aws: Any) -> None:
    made = aws.iam.create_open_id_connect_provider(
        Url="https://oidc.example.com/id/1", ClientIDList=["one"], ThumbprintList=["a" * 40]
    )
    arn = made["OpenIDConnectProviderArn"]
    for _ in range(2):
        aws.iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="two")
    found = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert found["ClientIDList"] == ["one", "two"]
    aws.iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="one")
    found = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert found["ClientIDList"] == ["two"]


def test_tags_of_an_instance_profile_are_told(aws: Any, refused: Any) -> None:
    tags = [{"Key": "k", "Value": "v"}]
    aws.iam.create_instance_profile(InstanceProfileName="p", Tags=tags)
    assert aws.iam.list_instance_profile_tags(InstanceProfileName="p")["Tags"] == tags
    refused("NoSuchEntity", aws.iam.list_instance_profile_tags, InstanceProfileName="none")
