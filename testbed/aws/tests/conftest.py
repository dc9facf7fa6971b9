"""A stand-in for the tests, and an account of its own for each of them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-west-2"
_accounts = itertools.count(100000000000 + os.getpid() * 1000)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a stand-in answers: one for all tests."""
    file = tmp_path_factory.mktemp("stand-in") / "port"
    command = [sys.executable, "-m", "stand_in", "--port-file", str(file), "--until-input-ends"]
    folder = Path(__file__).parent.parent
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=folder) as server:
        deadline = time.monotonic() + 60
        while not file.exists():
            assert server.poll() is None, "the stand-in ended while it was starting"
            assert time.monotonic() < deadline, "the stand-in does not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{file.read_text().strip()}"
        server.terminate()


class Aws:
    """An account of the stand-in."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.account = f"{next(_accounts):012d}"
        self._clients: dict[str, Any] = {}

    def client(self, service: str, **options: Any) -> Any:
        """A client that tries nothing twice."""
        if options or service not in self._clients:
            client = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=options.pop("region_name", REGION),
                aws_access_key_id=options.pop("key", self.account),
                aws_secret_access_key="stand-in",
                config=Config(retries={"total_max_attempts": 1}),
                **options,
            )
            if options:
                return client
            self._clients[service] = client
        return self._clients[service]

    def __getattr__(self, service: str) -> Any:
        return self.client(service.replace("_", "-"))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask ``/stand-in/…`` about this account."""
        request = urllib.request.Request(
            f"{self.endpoint}/stand-in/{path}?account={self.account}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def settings(self, **values: Any) -> Any:
        """Change settings of this account."""
        return self.control("POST", "settings", values)

    def role(self, name: str, service: str, *policies: str) -> str:
        """A role that a service may assume, by its ARN."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                }
            ],
        }
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        for policy in policies:
            arn = f"arn:aws:iam::aws:policy/{policy}"
            self.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        return str(made["Role"]["Arn"])

    def network(self) -> tuple[str, list[str]]:
        """A VPC with two subnets that have a way out."""
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}"
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        main = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        table = main["RouteTables"][0]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        return vpc, subnets

    def cluster(self, name: str = "demo", **params: Any) -> dict[str, Any]:
        """A cluster that was asked for; it is active at the next request."""
        role = self.role(f"{name}-cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
        _, subnets = self.network()
        values: dict[str, Any] = {
            "name": name,
            "roleArn": role,
            "resourcesVpcConfig": {"subnetIds": subnets},
            "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        } | params
        return dict(self.eks.create_cluster(**values)["cluster"])

    def nodegroup(self, cluster: dict[str, Any], name: str = "core", **params: Any) -> Any:
        """A node group that was asked for."""
        role = self.role(f"{name}-node", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
        return self.eks.create_nodegroup(
            clusterName=cluster["name"],
            nodegroupName=name,
            nodeRole=role,
            subnets=cluster["resourcesVpcConfig"]["subnetIds"],
            **params,
        )["nodegroup"]


@pytest.fixture
def aws(endpoint: str) -> Aws:
    """A new account."""
    return Aws(endpoint)


@pytest.fixture
def refused() -> Callable[..., ClientError]:
    """Assert that a call is refused with a code, and give the error."""

    def check(code: str, call: Callable[..., Any], **params: Any) -> ClientError:
        with pytest.raises(ClientError) as caught:
            call(**params)
        assert caught.value.response["Error"]["Code"] == code, caught.value
        return caught.value

    return check
