"""Managed node groups: create, describe, list, delete.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html,
https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html.
"""

from __future__ import annotations

import copy
from typing import Any

from ... import phases, settings
from ...call import Call
from ...registry import operation
from .. import quotas
from . import access, launch_templates, network, roles
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

_KIND = "eks:nodegroup"
_DEFAULTS: Document = {
    "amiType": "AL2023_x86_64_STANDARD",
    "capacityType": "ON_DEMAND",
    "updateConfig": {"maxUnavailable": 1},
    "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 2},
}


def release_of(version: str, ami_type: str) -> str:
    """The newest AMI release of a Kubernetes version."""
    minor = version.split(".")[1]
    if ami_type.startswith("BOTTLEROCKET"):
        return "1.49.0-713f44ce"
    return f"1.{minor}.3-20261105"


@operation("eks", "CreateNodegroup")
def create_nodegroup(call: Call) -> dict[str, Any]:
    """Make a node group, in the background."""
    cluster = active_cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"nodegroup": earlier}
    params, name = call.params, call.params["nodegroupName"]
    about = {"clusterName": cluster.name, "nodegroupName": name}
    if name in cluster.nodegroups:
        raise in_use(
            f"NodeGroup already exists with name {name} and cluster name {cluster.name}", **about
        )
    quotas.check(
        call, "eks", "L-6D54EA21", len(cluster.nodegroups) + 1, "ResourceLimitExceededException"
    )
    _check_scaling(params.get("scalingConfig"), about)
    _check_version(cluster, params, about)
    roles.check_node_role(call, params["nodeRole"])
    template = launch_templates.resolve(call, params)
    subnets = network.existing_subnets(call, params["subnets"])
    if any(subnet.vpc_id != cluster.document["resourcesVpcConfig"]["vpcId"] for subnet in subnets):
        raise invalid("Subnets are not tagged or not in the VPC of the cluster", **about)
    document = _new_document(cluster, params, template)
    cluster.nodegroups[name] = document
    access.add_nodes_entry(cluster, params["nodeRole"])
    reply = copy.deepcopy(document)
    remember(cluster.tokens, call, reply)
    phases.later(call.account, _KIND, lambda: _settle(cluster, document, subnets))
    return {"nodegroup": reply}


def _check_scaling(scaling: dict[str, int] | None, about: dict[str, str]) -> None:
    sizes = {**_DEFAULTS["scalingConfig"], **(scaling or {})}
    check_sizes(sizes, about)


def check_sizes(sizes: dict[str, Any], about: dict[str, str]) -> None:
    """Refuse sizes that contradict each other."""
    least, most, wanted = sizes["minSize"], sizes["maxSize"], sizes["desiredSize"]
    if least > most:
        raise invalid(f"Minimum capacity {least} can't be greater than maximum size {most}", **about)
    if wanted > most:
        raise invalid(f"Desired capacity {wanted} can't be greater than max size {most}", **about)
    if wanted < least:
        raise invalid(f"Minimum capacity {least} can't be greater than desired size {wanted}", **about)


def _check_version(cluster: Cluster, params: dict[str, Any], about: dict[str, str]) -> None:
    version = params.get("version")
    if version is None:
        return
    own = int(cluster.document["version"].split(".")[1])
    asked = int(version.split(".")[1])
    if not own - 3 <= asked <= own:
        raise invalid(
            f"Requested Nodegroup version {version} is not supported by the cluster's version "
            f"{cluster.document['version']}",
            **about,
        )


def _new_document(cluster: Cluster, params: dict[str, Any], template: dict[str, Any] | None) -> Document:
    given = {key: copy.deepcopy(value) for key, value in params.items() if value is not None}
    given.pop("clientRequestToken", None)
    name, number = params["nodegroupName"], identifier()
    document: Document = {**copy.deepcopy(_DEFAULTS), **given}
    document.setdefault("version", cluster.document["version"])
    document.setdefault("releaseVersion", release_of(document["version"], document["amiType"]))
    document.setdefault("labels", {})
    document.setdefault("taints", [])
    document.setdefault("tags", {})
    if template is None:
        document.setdefault("instanceTypes", ["t3.medium"])
        document.setdefault("diskSize", 20)
    else:
        document["launchTemplate"] = template
    now = timestamp()
    document.update(
        clusterName=cluster.name,
        nodegroupArn=cluster.arn("nodegroup", name, number),
        createdAt=now,
        modifiedAt=now,
        status="CREATING",
        health={"issues": []},
        resources={"autoScalingGroups": [{"name": f"eks-{name}-{number}"}]},
    )
    return document


def _settle(cluster: Cluster, document: Document, subnets: list[Any]) -> None:
    failure = settings.take_failure(cluster.account, _KIND, document["nodegroupName"])
    issue = issue_of(failure) if failure else _reason_not_to_join(cluster, document, subnets)
    if issue is None:
        document["status"] = "ACTIVE"
        document["modifiedAt"] = timestamp()
        make_nodes(cluster, document)
    else:
        document["status"] = "CREATE_FAILED"
        document["health"]["issues"].append(issue)


def _reason_not_to_join(cluster: Cluster, document: Document, subnets: list[Any]) -> Document | None:
    """Why no node would join, which EKS finds out after fifteen minutes.

    https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html#worker-node-fail
    """
    if not settings.of(cluster.account).nodes_must_join:
        return None
    if document["scalingConfig"]["desiredSize"] == 0:
        return None
    reason = None
    if roles.lacks_node_policy(cluster.account, document["nodeRole"]):
        reason = f"the node role {document['nodeRole']} has no policy that lets nodes join"
    else:
        cut_off = [subnet.id for subnet in subnets if not network.has_way_out(cluster, subnet)]
        if cut_off:
            reason = f"nodes in {', '.join(cut_off)} reach neither a NAT gateway nor endpoints"
    if reason is None:
        return None
    message = f"Instances failed to join the kubernetes cluster: {reason}"
    return {"code": "NodeCreationFailure", "message": message, "resourceIds": []}


def make_nodes(cluster: Cluster, document: Document) -> None:
    """The interfaces of as many nodes as are wanted: they hold subnets and security groups."""
    name = document["nodegroupName"]
    network.remove_interfaces(cluster, cluster.node_interfaces.pop(name, []))
    own = cluster.document["resourcesVpcConfig"]["clusterSecurityGroupId"]
    groups = launch_templates.groups_of(cluster, document) or [own]
    subnets = network.existing_subnets(cluster, document["subnets"])
    cluster.node_interfaces[name] = [
        network.interface(cluster, subnets[number % len(subnets)], groups, "")
        for number in range(document["scalingConfig"]["desiredSize"])
    ]


def nodegroup_of(call: Call, cluster: Cluster) -> Document:
    """The node group that a call names."""
    name = call.params["nodegroupName"]
    if name not in cluster.nodegroups:
        raise not_found(
            f"No node group found for name: {name}.", clusterName=cluster.name, nodegroupName=name
        )
    return cluster.nodegroups[name]


@operation("eks", "DescribeNodegroup")
def describe_nodegroup(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeNodegroup.html."""
    return {"nodegroup": nodegroup_of(call, cluster_of(call))}


@operation("eks", "ListNodegroups")
def list_nodegroups(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListNodegroups.html."""
    names, token = page(call, sorted(cluster_of(call).nodegroups))
    return {"nodegroups": names, "nextToken": token}


@operation("eks", "DeleteNodegroup")
def delete_nodegroup(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteNodegroup.html."""
    cluster = cluster_of(call)
    document, name = nodegroup_of(call, cluster), call.params["nodegroupName"]
    if document["status"] in ("DELETING", "UPDATING"):
        raise in_use(
            f"Nodegroup {name} is {document['status']}", clusterName=cluster.name, nodegroupName=name
        )
    document["status"] = "DELETING"

    def finish() -> None:
        network.remove_interfaces(cluster, cluster.node_interfaces.pop(name, []))
        cluster.nodegroups.pop(name, None)

    phases.later(call.account, f"{_KIND}:delete", finish)
    return {"nodegroup": document}
