"""Access entries and the policies associated with them.

https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html,
https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html.
"""

from __future__ import annotations

import re
from typing import Any

from ...call import Call
from ...errors import Refusal
from ...registry import operation
from . import roles
from .store import (
    Cluster,
    Document,
    cluster_of,
    identifier,
    in_use,
    invalid,
    not_found,
    page,
    remember,
    repeated,
    timestamp,
)

_TYPES = {
    "STANDARD",
    "EC2_LINUX",
    "EC2_WINDOWS",
    "FARGATE_LINUX",
    "EC2",
    "HYBRID_LINUX",
    "HYPERPOD_LINUX",
}
_PRINCIPAL = re.compile(r"arn:aws[\w-]*:(iam|sts)::\d{12}:(role|user|assumed-role|root)(/.*)?")
_POLICY = "arn:aws:eks::aws:cluster-access-policy/"
_POLICIES = [
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingClusterPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingClusterPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSViewPolicy",
]


def _has_api(cluster: Cluster) -> bool:
    return str(cluster.document["accessConfig"]["authenticationMode"]) != "CONFIG_MAP"


def _cluster_with_api(call: Call) -> Cluster:
    cluster = cluster_of(call)
    if not _has_api(cluster):
        raise Refusal(
            "InvalidRequestException",
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform "
            "this operation.",
            clusterName=cluster.name,
        )
    return cluster


def bootstrap(cluster: Cluster, creator: str) -> None:
    """The entry of whoever made the cluster, if it was asked for."""
    wanted = cluster.document["accessConfig"]["bootstrapClusterCreatorAdminPermissions"]
    if not _has_api(cluster) or not wanted:
        return
    _add(cluster, creator, "STANDARD", creator, [], {})
    policy = f"{_POLICY}AmazonEKSClusterAdminPolicy"
    _set_policy(cluster, creator, policy, {"type": "cluster", "namespaces": []})


def add_nodes_entry(cluster: Cluster, role: str) -> None:
    """The entry that EKS makes for the nodes of a managed node group."""
    if _has_api(cluster) and role not in cluster.access_entries:
        name = "system:node:{{EC2PrivateDNSName}}"
        _add(cluster, role, "EC2_LINUX", name, ["system:nodes"], {})


def add_fargate_entry(cluster: Cluster, role: str) -> None:
    """The entry that EKS makes for the pods of a Fargate profile."""
    if _has_api(cluster) and role not in cluster.access_entries:
        name = "system:node:{{SessionName}}"
        _add(cluster, role, "FARGATE_LINUX", name, ["system:node-proxier"], {})


def _add(
    cluster: Cluster, principal: str, kind: str, username: str, groups: list[str], tags: Document
) -> Document:
    now = timestamp()
    account, name = principal.split(":")[4], principal.rsplit("/", 1)[-1]
    entry = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": groups,
        "accessEntryArn": cluster.arn(
            "access-entry", principal.split(":")[5].split("/")[0], account, name, identifier()
        ),
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(tags),
        "username": username,
        "type": kind,
    }
    cluster.access_entries[principal] = entry
    cluster.access_policies[principal] = {}
    return entry


@operation("eks", "CreateAccessEntry")
def create_access_entry(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html."""
    cluster, params = _cluster_with_api(call), call.params
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"accessEntry": earlier}
    principal, kind = params["principalArn"], params.get("type") or "STANDARD"
    if not _PRINCIPAL.fullmatch(principal):
        raise invalid("The specified principalArn is invalid: invalid principal.")
    if kind not in _TYPES:
        raise invalid(f"The access entry type {kind} is not one of {sorted(_TYPES)}")
    groups = params.get("kubernetesGroups") or []
    if kind != "STANDARD" and (groups or params.get("username")):
        raise invalid(f"Groups and username cannot be specified for access entries of type {kind}")
    if any(group.startswith("system:") for group in groups):
        raise invalid("The kubernetes group name is invalid, it cannot start with system:")
    if principal in cluster.access_entries:
        raise in_use(
            "The specified access entry resource is already in use on this cluster.",
            clusterName=cluster.name,
        )
    roles.check_principal(call, principal)
    username = params.get("username") or _username(kind, principal)
    if kind in ("EC2_LINUX", "EC2_WINDOWS"):
        groups = ["system:nodes"]
    entry = _add(cluster, principal, kind, username, list(groups), params.get("tags") or {})
    remember(cluster.tokens, call, entry)
    return {"accessEntry": entry}


def _username(kind: str, principal: str) -> str:
    if kind.startswith("EC2"):
        return "system:node:{{EC2PrivateDNSName}}"
    if ":role/" in principal:
        account, name = principal.split(":")[4], principal.rsplit("/", 1)[-1]
        return f"arn:aws:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"
    return principal


def _entry_of(call: Call) -> tuple[Cluster, Document]:
    cluster, principal = _cluster_with_api(call), call.params["principalArn"]
    if principal not in cluster.access_entries:
        raise not_found(
            f"The specified principalArn could not be found. You must specify a valid principalArn "
            f"({principal})",
            clusterName=cluster.name,
        )
    return cluster, cluster.access_entries[principal]


@operation("eks", "DescribeAccessEntry")
def describe_access_entry(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAccessEntry.html."""
    return {"accessEntry": _entry_of(call)[1]}


@operation("eks", "ListAccessEntries")
def list_access_entries(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html."""
    cluster = _cluster_with_api(call)
    policy = call.params.get("associatedPolicyArn")
    principals = [
        principal
        for principal in sorted(cluster.access_entries)
        if not policy or policy in cluster.access_policies[principal]
    ]
    part, token = page(call, principals)
    return {"accessEntries": part, "nextToken": token}


@operation("eks", "UpdateAccessEntry")
def update_access_entry(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAccessEntry.html."""
    _, entry = _entry_of(call)
    if entry["type"] != "STANDARD":
        raise invalid(f"An access entry of type {entry['type']} cannot be changed")
    if call.params.get("kubernetesGroups") is not None:
        entry["kubernetesGroups"] = list(call.params["kubernetesGroups"])
    if call.params.get("username"):
        entry["username"] = call.params["username"]
    entry["modifiedAt"] = timestamp()
    return {"accessEntry": entry}


@operation("eks", "DeleteAccessEntry")
def delete_access_entry(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteAccessEntry.html."""
    cluster, entry = _entry_of(call)
    del cluster.access_entries[entry["principalArn"]]
    del cluster.access_policies[entry["principalArn"]]
    return {}


@operation("eks", "ListAccessPolicies")
def list_access_policies(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessPolicies.html."""
    part, token = page(call, [{"name": name, "arn": f"{_POLICY}{name}"} for name in _POLICIES])
    return {"accessPolicies": part, "nextToken": token}


def _set_policy(cluster: Cluster, principal: str, policy: str, scope: Document) -> Document:
    now = timestamp()
    known = cluster.access_policies[principal].get(policy, {})
    associated = {
        "policyArn": policy,
        "accessScope": {"type": scope["type"], "namespaces": scope.get("namespaces") or []},
        "associatedAt": known.get("associatedAt", now),
        "modifiedAt": now,
    }
    cluster.access_policies[principal][policy] = associated
    return associated


@operation("eks", "AssociateAccessPolicy")
def associate_access_policy(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateAccessPolicy.html."""
    cluster, entry = _entry_of(call)
    policy, scope = call.params["policyArn"], call.params["accessScope"]
    if policy.removeprefix(_POLICY) not in _POLICIES:
        raise invalid(f"The specified policyArn is invalid: {policy}", clusterName=cluster.name)
    if entry["type"] != "STANDARD" and entry["type"] != "EC2":
        raise invalid(f"Access policies cannot be associated with entries of type {entry['type']}")
    if scope["type"] == "namespace" and not scope.get("namespaces"):
        raise invalid("A scope of type namespace needs namespaces", clusterName=cluster.name)
    associated = _set_policy(cluster, entry["principalArn"], policy, scope)
    return {
        "clusterName": cluster.name,
        "principalArn": entry["principalArn"],
        "associatedAccessPolicy": associated,
    }


@operation("eks", "ListAssociatedAccessPolicies")
def list_associated_access_policies(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAssociatedAccessPolicies.html."""
    cluster, entry = _entry_of(call)
    policies = cluster.access_policies[entry["principalArn"]]
    part, token = page(call, [policies[name] for name in sorted(policies)])
    return {
        "clusterName": cluster.name,
        "principalArn": entry["principalArn"],
        "associatedAccessPolicies": part,
        "nextToken": token,
    }


@operation("eks", "DisassociateAccessPolicy")
def disassociate_access_policy(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DisassociateAccessPolicy.html."""
    cluster, entry = _entry_of(call)
    policies, policy = cluster.access_policies[entry["principalArn"]], call.params["policyArn"]
    if policy not in policies:
        raise not_found(f"The policy {policy} is not associated", clusterName=cluster.name)
    del policies[policy]
    return {}
