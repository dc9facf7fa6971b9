"""Pod Identity associations.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html,
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html.
"""

from __future__ import annotations

from typing import Any

from ... import roles as iam_roles
from ...call import Call
from ...errors import Refusal
from ...registry import operation
from .. import quotas
from . import roles
from .store import (
    Cluster,
    Document,
    active_cluster_of,
    characters,
    cluster_of,
    in_use,
    invalid,
    not_found,
    page,
    remember,
    repeated,
    timestamp,
)

_SHOWN_IN_LISTS = (
    "clusterName",
    "namespace",
    "serviceAccount",
    "associationArn",
    "associationId",
    "ownerArn",
)


def check_addon_role(call: Call, arn: str | None) -> None:
    """The role that an add-on is given through its service account."""
    if arn and iam_roles.find(call.account, arn) is None:
        raise invalid(f"Role {arn} of the service account does not exist or cannot be assumed")


def _new(cluster: Cluster, params: dict[str, Any], owner: str | None) -> Document:
    number = f"a-{characters(17)}"
    now = timestamp()
    association = {
        "clusterName": cluster.name,
        "namespace": params["namespace"],
        "serviceAccount": params["serviceAccount"],
        "roleArn": params["roleArn"],
        "associationArn": cluster.arn("podidentityassociation", number),
        "associationId": number,
        "tags": dict(params.get("tags") or {}),
        "createdAt": now,
        "modifiedAt": now,
        "ownerArn": owner,
        "disableSessionTags": bool(params.get("disableSessionTags", False)),
        "targetRoleArn": params.get("targetRoleArn"),
        "policy": params.get("policy"),
    }
    cluster.associations[number] = association
    return association


def _check_free(cluster: Cluster, namespace: str, account: str) -> None:
    for association in cluster.associations.values():
        if (association["namespace"], association["serviceAccount"]) == (namespace, account):
            raise in_use(
                f"Association already exists: {association['associationId']} for service account "
                f"{namespace}/{account}",
                clusterName=cluster.name,
            )


def associate(call: Call, cluster: Cluster, namespace: str, account: str, role: str, addon: str) -> str:
    """The association that an add-on asks for, by its ARN."""
    _check_free(cluster, namespace, account)
    roles.check_pod_identity_role(call, role)
    params = {"namespace": namespace, "serviceAccount": account, "roleArn": role}
    return str(_new(cluster, params, cluster.arn("addon", addon))["associationArn"])


def release(cluster: Cluster, addon: str) -> None:
    """Take the associations of an add-on away."""
    owner = cluster.arn("addon", addon)
    for number in [n for n, a in cluster.associations.items() if a["ownerArn"] == owner]:
        del cluster.associations[number]


@operation("eks", "CreatePodIdentityAssociation")
def create_pod_identity_association(call: Call) -> dict[str, Any]:
    """Let a service account have a role."""
    cluster, params = active_cluster_of(call), call.params
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"association": earlier}
    quotas.check(
        call,
        "eks",
        "L-2EC1A5C2",
        len(cluster.associations) + 1,
        "ResourceLimitExceededException",
    )
    _check_free(cluster, params["namespace"], params["serviceAccount"])
    roles.check_pod_identity_role(call, params["roleArn"])
    association = _new(cluster, params, None)
    remember(cluster.tokens, call, association)
    return {"association": association}


def _association_of(call: Call) -> tuple[Cluster, Document]:
    cluster, number = cluster_of(call), call.params["associationId"]
    if number not in cluster.associations:
        raise not_found(f"No association found for ID: {number}", clusterName=cluster.name)
    return cluster, cluster.associations[number]


@operation("eks", "DescribePodIdentityAssociation")
def describe_pod_identity_association(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribePodIdentityAssociation.html."""
    return {"association": _association_of(call)[1]}


@operation("eks", "ListPodIdentityAssociations")
def list_pod_identity_associations(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListPodIdentityAssociations.html."""
    cluster, params = cluster_of(call), call.params
    found = [
        {member: association[member] for member in _SHOWN_IN_LISTS}
        for association in cluster.associations.values()
        if params.get("namespace") in (None, association["namespace"])
        and params.get("serviceAccount") in (None, association["serviceAccount"])
    ]
    part, token = page(call, found)
    return {"associations": part, "nextToken": token}


@operation("eks", "UpdatePodIdentityAssociation")
def update_pod_identity_association(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdatePodIdentityAssociation.html."""
    _, association = _association_of(call)
    params = call.params
    if params.get("roleArn"):
        roles.check_pod_identity_role(call, params["roleArn"])
    for member in ("roleArn", "disableSessionTags", "targetRoleArn", "policy"):
        if params.get(member) is not None:
            association[member] = params[member]
    association["modifiedAt"] = timestamp()
    return {"association": association}


@operation("eks", "DeletePodIdentityAssociation")
def delete_pod_identity_association(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeletePodIdentityAssociation.html."""
    cluster, association = _association_of(call)
    if association["ownerArn"]:
        raise Refusal(
            "InvalidRequestException",
            f"The association belongs to {association['ownerArn']}: change it there",
            clusterName=cluster.name,
        )
    return {"association": cluster.associations.pop(association["associationId"])}
