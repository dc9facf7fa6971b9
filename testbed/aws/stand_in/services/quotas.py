"""Service Quotas: what an account may have, and the refusals of more.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html; values are the
defaults of https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html,
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html and
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import settings
from ..call import Call
from ..errors import Refusal
from ..registry import operation


@dataclass(frozen=True)
class Quota:
    """A quota; ``value`` is what an account has unless a test changes it."""

    service: str
    code: str
    name: str
    value: float
    adjustable: bool = True


_NAMES = {
    "eks": "Amazon Elastic Kubernetes Service (Amazon EKS)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "rds": "Amazon Relational Database Service (Amazon RDS)",
    "elasticfilesystem": "Amazon Elastic File System (EFS)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "iam": "AWS Identity and Access Management (IAM)",
    "ebs": "Amazon Elastic Block Store (Amazon EBS)",
}
ALL = [
    Quota("eks", "L-1194D53C", "Clusters", 100),
    Quota("eks", "L-6D54EA21", "Managed node groups per cluster", 30),
    Quota("eks", "L-BD136A63", "Nodes per managed node group", 450),
    Quota("eks", "L-33415657", "Fargate profiles per cluster", 10),
    Quota("eks", "L-11C4A5C7", "Public endpoint access CIDR ranges per cluster", 40, False),
    Quota("eks", "L-2EC1A5C2", "Pod Identity associations per cluster", 5000, False),
    Quota("vpc", "L-F678F1CE", "VPCs per Region", 5),
    Quota("vpc", "L-407747CB", "Subnets per VPC", 200),
    Quota("vpc", "L-A4707A72", "Internet gateways per Region", 5),
    Quota("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5),
    Quota("vpc", "L-83CA0A9D", "IPv4 CIDR blocks per VPC", 5),
    Quota("vpc", "L-E79EC296", "VPC security groups per Region", 2500),
    Quota("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60),
    Quota("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", 50),
    Quota("vpc", "L-DF5E4CA3", "Network interfaces per Region", 5000),
    Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5),
    Quota("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64),
    Quota("ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 64),
    Quota("ebs", "L-7A658B76", "Storage for General Purpose SSD (gp3) volumes, in TiB", 50),
    Quota("rds", "L-7B6409FD", "DB instances", 40),
    Quota("rds", "L-48C6BF61", "DB subnet groups", 50),
    Quota("rds", "L-DE55804A", "Parameter groups", 50),
    Quota("elasticfilesystem", "L-848C634D", "File systems per account", 1000),
    Quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50),
    Quota("elasticloadbalancing", "L-69A177A2", "Network Load Balancers per Region", 50),
    Quota("iam", "L-FE177D64", "Roles per account", 1000),
    Quota("iam", "L-0DA4ABF3", "Managed policies per role", 10),
]


def value_of(account: str, code: str) -> float:
    """What an account has of a quota: the code is unique over the services."""
    changed = settings.of(account).quotas
    default = next(quota.value for quota in ALL if quota.code == code)
    return float(changed.get(code, default))


def check(call: Call, service: str, code: str, count: int, error: str) -> None:
    """Refuse what would be one too many."""
    if not settings.of(call.account).enforce_quotas:
        return
    limit = value_of(call.account, code)
    if count > limit:
        name = next(quota.name for quota in ALL if (quota.service, quota.code) == (service, code))
        raise Refusal(error, f"The maximum number of {name} has been reached: {limit:g}.")


def _describe(call: Call, quota: Quota, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": quota.service,
        "ServiceName": _NAMES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": value,
        "Unit": "None",
        "Adjustable": quota.adjustable,
        "GlobalQuota": quota.service == "iam",
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


def _of_service(call: Call) -> list[Quota]:
    found = [quota for quota in ALL if quota.service == call.params["ServiceCode"]]
    if not found:
        raise Refusal(
            "NoSuchResourceException", "The request failed because the service does not exist."
        )
    return found


def _one(call: Call) -> Quota:
    for quota in _of_service(call):
        if quota.code == call.params["QuotaCode"]:
            return quota
    raise Refusal("NoSuchResourceException", "The request failed because the quota does not exist.")


@operation("service-quotas", "ListServiceQuotas")
def list_service_quotas(call: Call) -> dict[str, Any]:
    """What the account has."""
    wanted = call.params.get("QuotaCode")
    found = [quota for quota in _of_service(call) if wanted in (None, quota.code)]
    return {"Quotas": [_describe(call, q, value_of(call.account, q.code)) for q in found]}


@operation("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call) -> dict[str, Any]:
    """What the account has of one quota."""
    quota = _one(call)
    return {"Quota": _describe(call, quota, value_of(call.account, quota.code))}


@operation("service-quotas", "ListAWSDefaultServiceQuotas")
def list_default_quotas(call: Call) -> dict[str, Any]:
    """What every account begins with."""
    return {"Quotas": [_describe(call, quota, quota.value) for quota in _of_service(call)]}


@operation("service-quotas", "GetAWSDefaultServiceQuota")
def get_default_quota(call: Call) -> dict[str, Any]:
    """What every account begins with of one quota."""
    quota = _one(call)
    return {"Quota": _describe(call, quota, quota.value)}


@operation("service-quotas", "ListServices")
def list_services(_: Call) -> dict[str, Any]:
    """The services that have quotas here."""
    return {"Services": [{"ServiceCode": code, "ServiceName": name} for code, name in _NAMES.items()]}
