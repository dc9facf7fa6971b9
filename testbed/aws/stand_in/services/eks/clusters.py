"""Clusters: create, describe, list, delete.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html.
"""

from __future__ import annotations

import copy
import re
import string
from typing import Any

from ... import phases, settings
from ...call import Call
from ...errors import Refusal
from ...registry import operation
from .. import quotas
from . import access, certificate, network, roles, versions
from .issues import issue_of
from .store import (
    Cluster,
    Document,
    characters,
    cluster_of,
    identifier,
    in_use,
    invalid,
    page,
    remember,
    repeated,
    store_of,
    timestamp,
)

_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
# Members that are kept as they were said.
_AS_SAID = (
    "encryptionConfig",
    "upgradePolicy",
    "zonalShiftConfig",
    "remoteNetworkConfig",
    "computeConfig",
    "storageConfig",
    "controlPlaneScalingConfig",
)


@operation("eks", "CreateCluster")
def create_cluster(call: Call) -> dict[str, Any]:
    """Make a cluster, in the background."""
    store, params = store_of(call), call.params
    earlier = repeated(store.tokens, call)
    if earlier is not None:
        return {"cluster": earlier}
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise invalid(f"The cluster name {name!r} has characters that it must not have")
    if name in store.clusters:
        raise in_use(f"Cluster already exists with name: {name}", clusterName=name)
    quotas.check(call, "eks", "L-1194D53C", len(store.clusters) + 1, "ResourceLimitExceededException")
    version = versions.find(params.get("version", versions.DEFAULT))
    roles.check_cluster_role(call, params["roleArn"])
    asked = params["resourcesVpcConfig"]
    subnets = network.subnets_for_cluster(call, asked.get("subnetIds", []))
    network.check_groups(call, asked.get("securityGroupIds", []), subnets[0].vpc_id)
    if not asked.get("endpointPublicAccess", True) and not asked.get("endpointPrivateAccess", False):
        raise invalid("Private and public endpoint access cannot both be turned off")
    cluster = Cluster(_new_document(call, version, subnets), call.account, call.region)
    store.clusters[name] = cluster
    cluster.document["resourcesVpcConfig"]["clusterSecurityGroupId"] = network.make_cluster_group(
        cluster, subnets[0].vpc_id
    )
    reply = _shown(cluster.document)
    remember(store.tokens, call, reply)
    _begin(call, cluster, subnets)
    return {"cluster": reply}


def _new_document(call: Call, version: versions.Version, subnets: list[Any]) -> Document:
    params, name = call.params, call.params["name"]
    asked = params["resourcesVpcConfig"]
    document = {
        "name": name,
        "arn": f"arn:aws:eks:{call.region}:{call.account}:cluster/{name}",
        "createdAt": timestamp(),
        "version": version.name,
        "platformVersion": version.platform,
        "roleArn": params["roleArn"],
        "status": "CREATING",
        "id": identifier(),
        "tags": dict(params.get("tags") or {}),
        "health": {"issues": []},
        "clientRequestToken": params.get("clientRequestToken"),
        "deletionProtection": bool(params.get("deletionProtection", False)),
        "upgradePolicy": {"supportType": "EXTENDED"},
        "encryptionConfig": [],
        "logging": logging_of(params.get("logging")),
        "resourcesVpcConfig": {
            "subnetIds": list(asked["subnetIds"]),
            "securityGroupIds": list(asked.get("securityGroupIds") or []),
            "vpcId": subnets[0].vpc_id,
            "endpointPublicAccess": asked.get("endpointPublicAccess", True),
            "endpointPrivateAccess": asked.get("endpointPrivateAccess", False),
            "publicAccessCidrs": list(asked.get("publicAccessCidrs") or ["0.0.0.0/0"]),
        },
        "kubernetesNetworkConfig": {
            "ipFamily": "ipv4",
            "serviceIpv4Cidr": _service_cidr(subnets[0]),
            "elasticLoadBalancing": {"enabled": False},
            **(params.get("kubernetesNetworkConfig") or {}),
        },
        "accessConfig": {
            "authenticationMode": "CONFIG_MAP",
            "bootstrapClusterCreatorAdminPermissions": True,
            **(params.get("accessConfig") or {}),
        },
        **_endpoint(call),
    }
    document.update({member: copy.deepcopy(params[member]) for member in _AS_SAID if member in params})
    return document


def _endpoint(call: Call) -> Document:
    own = settings.of(call.account)
    secret = characters(32, string.hexdigits.upper()[6:])
    endpoint = f"https://{secret}.{characters(3)}.{call.region}.eks.amazonaws.com"
    return {
        "endpoint": own.cluster_endpoint or endpoint,
        "certificateAuthority": {"data": own.cluster_certificate_authority or certificate.new()},
        "identity": {"oidc": {"issuer": f"https://oidc.eks.{call.region}.amazonaws.com/id/{secret}"}},
    }


def _service_cidr(subnet: Any) -> str:
    """EKS takes the one of two blocks that the VPC does not have."""
    return "172.20.0.0/16" if subnet.cidr_block.startswith("10.") else "10.100.0.0/16"


def logging_of(asked: Document | None, before: Document | None = None) -> Document:
    """Which logs are on: every type is named once, under true or false."""
    on: set[str] = set()
    for setup in (before or {}).get("clusterLogging", []):
        if setup["enabled"]:
            on |= set(setup["types"])
    for setup in (asked or {}).get("clusterLogging") or []:
        types = set(setup.get("types", []))
        on = on | types if setup.get("enabled") else on - types
    off = [name for name in _LOG_TYPES if name not in on]
    setups = [
        {"types": [name for name in _LOG_TYPES if name in on], "enabled": True},
        {"types": off, "enabled": False},
    ]
    return {"clusterLogging": [setup for setup in setups if setup["types"]]}


def _shown(document: Document) -> Document:
    """A cluster that is being made has neither endpoint nor certificate yet; ids are for clusters on Outposts."""
    hidden = {"id"}
    if document["status"] == "CREATING":
        hidden |= {"endpoint", "certificateAuthority", "identity"}
    shown = {member: value for member, value in document.items() if member not in hidden}
    return copy.deepcopy(shown)


def _begin(call: Call, cluster: Cluster, subnets: list[Any]) -> None:
    creator = f"arn:aws:iam::{call.account}:user/stand-in"

    def finish() -> None:
        failure = settings.take_failure(cluster.account, "eks:cluster", cluster.name)
        if failure is not None:
            cluster.document["status"] = "FAILED"
            cluster.document["health"]["issues"].append(issue_of(failure))
            return
        cluster.document["status"] = "ACTIVE"

    network.make_interfaces(cluster, subnets)
    access.bootstrap(cluster, creator)
    phases.later(call.account, "eks:cluster", finish)


@operation("eks", "DescribeCluster")
def describe_cluster(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html."""
    return {"cluster": _shown(cluster_of(call).document)}


@operation("eks", "ListClusters")
def list_clusters(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html."""
    names, token = page(call, sorted(store_of(call).clusters))
    return {"clusters": names, "nextToken": token}


@operation("eks", "DeleteCluster")
def delete_cluster(call: Call) -> dict[str, Any]:
    """Delete a cluster that holds no nodes and is not protected."""
    cluster = cluster_of(call)
    document, name = cluster.document, cluster.name
    if document["status"] == "CREATING":
        raise in_use(f"Cluster {name} has status CREATING", clusterName=name)
    if document["status"] == "DELETING":
        raise in_use(f"Cluster {name} is being deleted already", clusterName=name)
    if document["deletionProtection"]:
        raise Refusal(
            "InvalidRequestException",
            f"Cluster {name} has deletion protection: turn it off before deleting the cluster",
            clusterName=name,
        )
    if cluster.nodegroups:
        raise in_use("Cluster has nodegroups attached", clusterName=name)
    if cluster.fargate_profiles:
        raise in_use("Cluster has Fargate profiles attached", clusterName=name)
    document["status"] = "DELETING"

    def finish() -> None:
        network.remove_interfaces(cluster, cluster.interfaces)
        network.remove_cluster_group(cluster)
        store_of(call).clusters.pop(name, None)

    phases.later(call.account, "eks:cluster:delete", finish)
    return {"cluster": _shown(document)}
