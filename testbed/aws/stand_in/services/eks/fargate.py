"""Fargate profiles. A cluster makes or deletes one at a time.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateFargateProfile.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteFargateProfile.html.
"""

from __future__ import annotations

import copy
from typing import Any

from ... import phases, settings
from ...call import Call
from ...registry import operation
from .. import quotas
from . import access, network, roles
from .issues import issue_of
from .store import (
    Cluster,
    Document,
    active_cluster_of,
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

_KIND = "eks:fargateprofile"


def _check_none_busy(cluster: Cluster) -> None:
    for name, profile in cluster.fargate_profiles.items():
        if profile["status"] in ("CREATING", "DELETING"):
            raise in_use(
                f"Cannot create or delete a Fargate profile because cluster {cluster.name} currently has "
                f"Fargate profile {name} in status {profile['status']}",
                clusterName=cluster.name,
            )


@operation("eks", "CreateFargateProfile")
def create_fargate_profile(call: Call) -> dict[str, Any]:
    """Make a profile, in the background."""
    cluster = active_cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"fargateProfile": earlier}
    params, name = call.params, call.params["fargateProfileName"]
    if name in cluster.fargate_profiles:
        raise in_use(f"A Fargate Profile already exists with this name in this cluster: {name}.")
    _check_none_busy(cluster)
    quotas.check(
        call, "eks", "L-33415657", len(cluster.fargate_profiles) + 1, "ResourceLimitExceededException"
    )
    roles.check_pod_execution_role(call, params["podExecutionRoleArn"])
    _check_selectors(params.get("selectors") or [])
    _check_subnets(cluster, params.get("subnets") or [])
    document: Document = {
        "fargateProfileName": name,
        "fargateProfileArn": cluster.arn("fargateprofile", name, identifier()),
        "clusterName": cluster.name,
        "createdAt": timestamp(),
        "podExecutionRoleArn": params["podExecutionRoleArn"],
        "subnets": params.get("subnets") or [],
        "selectors": params.get("selectors") or [],
        "status": "CREATING",
        "tags": dict(params.get("tags") or {}),
        "health": {"issues": []},
    }
    cluster.fargate_profiles[name] = document
    access.add_fargate_entry(cluster, params["podExecutionRoleArn"])
    reply = copy.deepcopy(document)
    remember(cluster.tokens, call, reply)

    def finish() -> None:
        failure = settings.take_failure(cluster.account, _KIND, name)
        document["status"] = "CREATE_FAILED" if failure else "ACTIVE"
        if failure:
            document["health"]["issues"].append(issue_of(failure))

    phases.later(call.account, _KIND, finish)
    return {"fargateProfile": reply}


def _check_selectors(selectors: list[Document]) -> None:
    """https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html: five, each with a namespace."""
    if not selectors:
        raise invalid("Fargate Profile must have at least one selector.")
    if len(selectors) > 5:
        raise invalid("Fargate Profile must have at most 5 selectors.")
    for selector in selectors:
        if not selector.get("namespace"):
            raise invalid(
                "Fargate Profile must have at least one selector with at least one namespace value."
            )
        if len(selector.get("labels") or {}) > 5:
            raise invalid("Request contains Selector with more than 5 Labels")


def _check_subnets(cluster: Cluster, names: list[str]) -> None:
    """Pods run in private subnets only: none may have a direct route to an internet gateway."""
    for subnet in network.existing_subnets(cluster, names):
        if subnet.vpc_id != cluster.document["resourcesVpcConfig"]["vpcId"]:
            raise invalid(f"Subnet {subnet.id} is not in the VPC of the cluster")
        if _is_public(cluster, subnet):
            raise invalid(f"Subnet {subnet.id} provided in Fargate Profile is not a private subnet")


def _is_public(cluster: Cluster, subnet: Any) -> bool:
    tables = network.ec2_of(cluster).route_tables.values()
    own = [table for table in tables if subnet.id in table._associations.values()]
    routes = [route for table in own for route in table.routes]
    return any(getattr(route.gateway, "id", "").startswith("igw-") for route in routes if route.gateway)


def _profile_of(call: Call, cluster: Cluster) -> Document:
    name = call.params["fargateProfileName"]
    if name not in cluster.fargate_profiles:
        raise not_found(f"No Fargate Profile found with name: {name}.")
    return cluster.fargate_profiles[name]


@operation("eks", "DescribeFargateProfile")
def describe_fargate_profile(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeFargateProfile.html."""
    return {"fargateProfile": _profile_of(call, cluster_of(call))}


@operation("eks", "ListFargateProfiles")
def list_fargate_profiles(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListFargateProfiles.html."""
    names, token = page(call, sorted(cluster_of(call).fargate_profiles))
    return {"fargateProfileNames": names, "nextToken": token}


@operation("eks", "DeleteFargateProfile")
def delete_fargate_profile(call: Call) -> dict[str, Any]:
    """Delete a profile; only one may be on its way at a time."""
    cluster = cluster_of(call)
    document = _profile_of(call, cluster)
    _check_none_busy(cluster)
    document["status"] = "DELETING"
    name = call.params["fargateProfileName"]
    phases.later(
        call.account,
        f"{_KIND}:delete",
        lambda: cluster.fargate_profiles.pop(name, None),
    )
    return {"fargateProfile": document}
