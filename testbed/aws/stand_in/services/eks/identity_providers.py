"""OIDC identity providers of clusters.

A cluster has one:
https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateIdentityProviderConfig.html.
"""

from __future__ import annotations

from typing import Any

from ...call import Call
from ...registry import operation
from . import updates
from .store import Cluster, Document, active_cluster_of, cluster_of, identifier, in_use, not_found


@operation("eks", "AssociateIdentityProviderConfig")
def associate(call: Call) -> dict[str, Any]:
    """Let users of a provider in."""
    cluster, asked = active_cluster_of(call), dict(call.params["oidc"])
    name = asked["identityProviderConfigName"]
    if cluster.identity_providers:
        raise in_use("Cluster has an identity provider configuration already", clusterName=cluster.name)
    arn = cluster.arn("identityproviderconfig", "oidc", name, identifier())
    document: Document = asked | {
        "identityProviderConfigArn": arn,
        "clusterName": cluster.name,
        "status": "CREATING",
        "tags": dict(call.params.get("tags") or {}),
    }
    cluster.identity_providers[name] = document
    update = updates.begin(
        cluster,
        "AssociateIdentityProviderConfig",
        {"IdentityProviderConfig": asked},
        cluster.document,
        "eks:identityprovider",
        lambda: document.update(status="ACTIVE"),
    )
    return {"update": update, "tags": document["tags"]}


def _named(call: Call) -> tuple[Cluster, Document]:
    cluster, wanted = cluster_of(call), call.params["identityProviderConfig"]["name"]
    if wanted not in cluster.identity_providers:
        raise not_found(f"Identity provider config not found: {wanted}", clusterName=cluster.name)
    return cluster, cluster.identity_providers[wanted]


@operation("eks", "DescribeIdentityProviderConfig")
def describe(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeIdentityProviderConfig.html."""
    return {"identityProviderConfig": {"oidc": _named(call)[1]}}


@operation("eks", "ListIdentityProviderConfigs")
def list_all(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListIdentityProviderConfigs.html."""
    names = sorted(cluster_of(call).identity_providers)
    return {"identityProviderConfigs": [{"type": "oidc", "name": name} for name in names]}


@operation("eks", "DisassociateIdentityProviderConfig")
def disassociate(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DisassociateIdentityProviderConfig.html."""
    cluster, document = _named(call)
    document["status"] = "DELETING"
    name = document["identityProviderConfigName"]
    update = updates.begin(
        cluster,
        "DisassociateIdentityProviderConfig",
        {"IdentityProviderConfig": name},
        cluster.document,
        "eks:identityprovider:delete",
        lambda: cluster.identity_providers.pop(name, None),
    )
    return {"update": update}
