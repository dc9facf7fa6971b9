"""A whole deployment, made with many calls at once and taken away again: nothing may be left."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

REGION = "us-west-2"


class Deployment:
    """What a stack consists of, in the order in which it has to be made."""

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.pool = ThreadPoolExecutor(8)

    def network(self) -> None:
        ec2 = self.aws.ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        ec2.associate_vpc_cidr_block(VpcId=self.vpc, CidrBlock="100.64.0.0/16")
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        blocks = [f"10.0.{n}.0/24" for n in range(2)] + ["100.64.0.0/17", "100.64.128.0/17"]
        made = self.pool.map(self._subnet, enumerate(blocks))
        self.subnets = [subnet["Subnet"]["SubnetId"] for subnet in made]
        self.public, self.private = self.subnets[:2], self.subnets[2:]
        self.tables = [self._table(names) for names in (self.public, self.private)]
        ec2.create_route(
            RouteTableId=self.tables[0],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=self.gateway,
        )
        self.address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = ec2.create_nat_gateway(SubnetId=self.public[0], AllocationId=self.address)
        self.nat = made["NatGateway"]["NatGatewayId"]
        ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[self.nat])
        ec2.create_route(
            RouteTableId=self.tables[1],
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=self.nat,
        )
        self.endpoint = ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.s3",
            RouteTableIds=[self.tables[1]],
        )["VpcEndpoint"]["VpcEndpointId"]
        group = ec2.create_security_group(GroupName="data", Description="d", VpcId=self.vpc)
        self.group = group["GroupId"]

    def _subnet(self, numbered: tuple[int, str]) -> Any:
        number, block = numbered
        zone = f"{REGION}{'ab'[number % 2]}"
        return self.aws.ec2.create_subnet(VpcId=self.vpc, CidrBlock=block, AvailabilityZone=zone)

    def _table(self, subnets: list[str]) -> str:
        table = self.aws.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            self.aws.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return str(table)

    def cluster(self) -> None:
        eks = self.aws.eks
        self.key = self.aws.kms.create_key()["KeyMetadata"]
        self.aws.logs.create_log_group(logGroupName="/aws/eks/demo/cluster")
        role = self.aws.role("cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
        eks.create_cluster(
            name="demo",
            roleArn=role,
            resourcesVpcConfig={"subnetIds": self.private},
            accessConfig={"authenticationMode": "API"},
            encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": self.key["Arn"]}}],
        )
        eks.get_waiter("cluster_active").wait(name="demo")
        issuer = eks.describe_cluster(name="demo")["cluster"]["identity"]["oidc"]["issuer"]
        provider = self.aws.iam.create_open_id_connect_provider(
            Url=issuer, ClientIDList=["sts.amazonaws.com"]
        )
        self.provider = provider["OpenIDConnectProviderArn"]
        template = self.aws.ec2.create_launch_template(
            LaunchTemplateName="demo", LaunchTemplateData={"MetadataOptions": {"HttpTokens": "required"}}
        )["LaunchTemplate"]
        node = self.aws.role("node", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
        eks.create_nodegroup(
            clusterName="demo",
            nodegroupName="core",
            nodeRole=node,
            subnets=self.private,
            launchTemplate={"id": template["LaunchTemplateId"]},
        )
        eks.get_waiter("nodegroup_active").wait(clusterName="demo", nodegroupName="core")
        for name in ("vpc-cni", "coredns", "kube-proxy"):
            eks.create_addon(clusterName="demo", addonName=name)
            eks.get_waiter("addon_active").wait(clusterName="demo", addonName=name)

    def database(self) -> None:
        rds = self.aws.rds
        rds.create_db_subnet_group(
            DBSubnetGroupName="demo", DBSubnetGroupDescription="d", SubnetIds=self.private
        )
        rds.create_db_instance(
            DBInstanceIdentifier="demo",
            DBInstanceClass="db.t4g.medium",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="airflow",
            ManageMasterUserPassword=True,
            DBSubnetGroupName="demo",
            VpcSecurityGroupIds=[self.group],
        )

    def files(self) -> None:
        efs = self.aws.efs
        self.files_id = efs.create_file_system(CreationToken="demo")["FileSystemId"]
        efs.describe_file_systems(FileSystemId=self.files_id)
        for subnet in self.private:
            efs.create_mount_target(
                FileSystemId=self.files_id, SubnetId=subnet, SecurityGroups=[self.group]
            )
        name = f"demo-{self.aws.account}"
        self.aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.aws.sqs.create_queue(QueueName="demo")
        self.aws.events.put_rule(Name="demo", EventPattern=json.dumps({"source": ["aws.ec2"]}))
        self.aws.amp.create_workspace(alias="demo")

    def make(self) -> None:
        self.network()
        for done in [self.pool.submit(part) for part in (self.cluster, self.database, self.files)]:
            done.result()

    def destroy(self) -> None:
        self._destroy_cluster()
        self._destroy_data()
        self._destroy_network()
        self._destroy_roles()

    def _destroy_cluster(self) -> None:
        eks = self.aws.eks
        eks.delete_nodegroup(clusterName="demo", nodegroupName="core")
        eks.get_waiter("nodegroup_deleted").wait(clusterName="demo", nodegroupName="core")
        for name in eks.list_addons(clusterName="demo")["addons"]:
            eks.delete_addon(clusterName="demo", addonName=name)
        eks.delete_cluster(name="demo")
        eks.get_waiter("cluster_deleted").wait(name="demo")
        self.aws.ec2.delete_launch_template(LaunchTemplateName="demo")
        self.aws.logs.delete_log_group(logGroupName="/aws/eks/demo/cluster")
        self.aws.kms.schedule_key_deletion(KeyId=self.key["KeyId"], PendingWindowInDays=7)

    def _destroy_data(self) -> None:
        self.aws.rds.delete_db_instance(DBInstanceIdentifier="demo", SkipFinalSnapshot=True)
        self.aws.rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="demo")
        self.aws.rds.delete_db_subnet_group(DBSubnetGroupName="demo")
        targets = self.aws.efs.describe_mount_targets(FileSystemId=self.files_id)["MountTargets"]
        for target in targets:
            self.aws.efs.delete_mount_target(MountTargetId=target["MountTargetId"])
        self.aws.efs.describe_mount_targets(FileSystemId=self.files_id)
        self.aws.efs.delete_file_system(FileSystemId=self.files_id)
        self.aws.s3.delete_bucket(Bucket=f"demo-{self.aws.account}")
        self.aws.sqs.delete_queue(QueueUrl=self.aws.sqs.get_queue_url(QueueName="demo")["QueueUrl"])
        self.aws.events.delete_rule(Name="demo")
        workspace = self.aws.amp.list_workspaces()["workspaces"][0]["workspaceId"]
        self.aws.amp.delete_workspace(workspaceId=workspace)

    def _destroy_network(self) -> None:
        ec2 = self.aws.ec2
        ec2.delete_vpc_endpoints(VpcEndpointIds=[self.endpoint])
        ec2.delete_nat_gateway(NatGatewayId=self.nat)
        ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[self.nat])
        ec2.release_address(AllocationId=self.address)
        ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        ec2.delete_internet_gateway(InternetGatewayId=self.gateway)
        for subnet in self.subnets:
            ec2.delete_subnet(SubnetId=subnet)
        for table in self.tables:
            ec2.delete_route_table(RouteTableId=table)
        ec2.delete_security_group(GroupId=self.group)
        ec2.delete_vpc(VpcId=self.vpc)

    def _destroy_roles(self) -> None:
        iam = self.aws.iam
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=self.provider)
        for name in ("cluster", "node"):
            attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
            for policy in attached:
                iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
            iam.delete_role(RoleName=name)


@pytest.fixture
def deployment(aws: Any) -> Deployment:
    """One that is yet to be made; clients are made beforehand, because boto3 is not safe there."""
    for service in ("ec2", "eks", "iam", "rds", "efs", "s3", "sqs", "events", "amp", "kms", "logs"):
        aws.client(service)
    return Deployment(aws)


def test_a_deployment_leaves_nothing(aws: Any, deployment: Deployment) -> None:
    deployment.make()
    found = aws.control("GET", "dump")
    assert set(found[REGION]) >= {"ec2", "eks", "rds", "efs", "kms", "logs", "sqs", "events", "amp"}
    deployment.destroy()
    assert aws.control("GET", "dump") == {}
    refused = [entry for entry in aws.control("GET", "requests") if entry["status"] >= 400]
    assert {entry["error"] for entry in refused} <= {
        "ResourceNotFoundException",
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
    }
