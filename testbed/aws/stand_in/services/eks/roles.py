"""Roles as EKS checks them when something is made with them.

https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html and
https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting_iam.html.
"""

from __future__ import annotations

from typing import Any

from ... import roles
from ...call import Call
from .store import invalid

NODE_POLICIES = {"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"}


def check_cluster_role(call: Call, arn: str) -> None:
    """The role of a control plane."""
    role = roles.find(call.account, arn)
    if role is None or not roles.trusts(role, "eks.amazonaws.com"):
        raise invalid(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted "
            "entity is not correct",
            clusterName=call.params.get("name"),
        )


def check_node_role(call: Call, arn: str) -> None:
    """The role of a node group."""
    role = _existing(call, arn, "nodeRole")
    if not roles.trusts(role, "ec2.amazonaws.com"):
        raise invalid(
            "Following required service principals [ec2.amazonaws.com] were not found in the trust "
            f"relationships of nodeRole {arn}",
            clusterName=call.params.get("clusterName"),
            nodegroupName=call.params.get("nodegroupName"),
        )


def check_pod_execution_role(call: Call, arn: str) -> None:
    """The role of a Fargate profile."""
    role = _existing(call, arn, "podExecutionRoleArn")
    if not roles.trusts(role, "eks-fargate-pods.amazonaws.com"):
        raise invalid(
            "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com "
            "Service Principal",
            fargateProfileName=call.params.get("fargateProfileName"),
        )


def check_pod_identity_role(call: Call, arn: str) -> None:
    """The role of a Pod Identity association.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    role = _existing(call, arn, "roleArn")
    if not roles.trusts(role, "pods.eks.amazonaws.com"):
        raise invalid(
            f"Trust relationship between role {arn} and the service principal pods.eks.amazonaws.com is "
            "missing or does not allow sts:AssumeRole and sts:TagSession",
            clusterName=call.params.get("clusterName"),
        )


def check_principal(call: Call, arn: str) -> None:
    """The principal of an access entry, if it is a role of this account."""
    if f"::{call.account}:role/" in arn and roles.find(call.account, arn) is None:
        raise invalid(
            f"The specified principalArn is invalid: invalid principal. {arn} does not exist",
            clusterName=call.params.get("clusterName"),
        )


def lacks_node_policy(account: str, arn: str) -> bool:
    """Whether a node with this role could not join the cluster."""
    role = roles.find(account, arn)
    if role is None:
        return True
    return not (NODE_POLICIES & roles.policy_names(role) or role.policies)


def _existing(call: Call, arn: str, member: str) -> Any:
    role = roles.find(call.account, arn)
    if role is None:
        raise invalid(
            f"The {member} {arn} is not found or cannot be assumed: check that it exists",
            clusterName=call.params.get("clusterName"),
        )
    return role
