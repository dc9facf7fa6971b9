"""EKS add-ons.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from ... import phases, settings
from ...call import Call
from ...registry import operation
from . import addon_catalogue, pod_identity, updates
from .addon_catalogue import Addon
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

_KIND = "eks:addon"
# Where nothing can run without nodes: the add-on is degraded until there are some.
_NEED_NODES = {"coredns", "metrics-server", "aws-ebs-csi-driver", "aws-efs-csi-driver"}


def _minor(cluster: Cluster) -> int:
    return int(cluster.document["version"].split(".")[1])


def _known(name: str) -> Addon:
    addon = addon_catalogue.ALL.get(name)
    if addon is None:
        raise invalid(f"Addon {name} specified is not supported", addonName=name)
    return addon


def _version(cluster: Cluster, addon: Addon, wanted: str | None) -> str:
    offered = addon.versions_for(_minor(cluster))
    version = wanted or addon.default_for(_minor(cluster))
    if version not in offered:
        raise invalid(
            f"Addon version specified is not supported: {version} of {addon.name} with Kubernetes "
            f"{cluster.document['version']}",
            addonName=addon.name,
            clusterName=cluster.name,
        )
    return version


def _check_configuration(addon: Addon, text: str | None) -> None:
    """JSON or YAML by the schema: https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html."""
    if not text:
        return
    try:
        import yaml

        values = yaml.safe_load(text)
    except yaml.YAMLError:
        values = None
    if not isinstance(values, dict):
        raise invalid("ConfigurationValue provided in request is not a valid JSON or YAML document")
    unknown = sorted(set(values) - set(addon.properties))
    if unknown:
        raise invalid(
            "ConfigurationValue provided in request is not supported: Json schema validation failed with "
            f"error: [$.{unknown[0]}: is not defined in the schema and the schema does not allow additional "
            "properties]",
            addonName=addon.name,
        )


@operation("eks", "CreateAddon")
def create_addon(call: Call) -> dict[str, Any]:
    """Install an add-on, in the background."""
    cluster = active_cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"addon": earlier}
    params, name = call.params, call.params["addonName"]
    addon = _known(name)
    if name in cluster.addons:
        raise in_use("Addon already exists.", clusterName=cluster.name, addonName=name)
    version = _version(cluster, addon, params.get("addonVersion"))
    _check_configuration(addon, params.get("configurationValues"))
    pod_identity.check_addon_role(call, params.get("serviceAccountRoleArn"))
    document = _new_document(cluster, addon, version, params)
    document["podIdentityAssociations"] = _associate(
        call, cluster, addon, params.get("podIdentityAssociations") or []
    )
    cluster.addons[name] = document
    reply = copy.deepcopy(document)
    remember(cluster.tokens, call, reply)
    phases.later(call.account, _KIND, lambda: _settle(cluster, document))
    return {"addon": reply}


def _new_document(cluster: Cluster, addon: Addon, version: str, params: dict[str, Any]) -> Document:
    now = timestamp()
    document: Document = {
        "addonName": addon.name,
        "clusterName": cluster.name,
        "status": "CREATING",
        "addonVersion": version,
        "health": {"issues": []},
        "addonArn": cluster.arn("addon", addon.name, identifier()),
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(params.get("tags") or {}),
        "publisher": "eks",
        "owner": "aws",
        "podIdentityAssociations": [],
        "namespaceConfig": params.get("namespaceConfig") or {"namespace": addon.namespace},
    }
    for member in ("serviceAccountRoleArn", "configurationValues"):
        if params.get(member):
            document[member] = params[member]
    return document


def _settle(cluster: Cluster, document: Document) -> None:
    failure = settings.take_failure(cluster.account, _KIND, document["addonName"])
    if failure is not None:
        document["status"] = failure.get("status", "CREATE_FAILED")
        document["health"]["issues"].append(issue_of(failure))
        return
    document["status"] = "ACTIVE"
    refresh(cluster, document)


def refresh(cluster: Cluster, document: Document) -> None:
    """An add-on whose pods have nowhere to run is degraded, and recovers with the first nodes.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html (InsufficientNumberOfReplicas)
    """
    if document["addonName"] not in _NEED_NODES or document["status"] not in ("ACTIVE", "DEGRADED"):
        return
    runs = bool(cluster.fargate_profiles) or any(
        group["status"] == "ACTIVE" and group["scalingConfig"]["desiredSize"] > 0
        for group in cluster.nodegroups.values()
    )
    runs = runs or bool(cluster.document.get("computeConfig", {}).get("enabled"))
    document["status"] = "ACTIVE" if runs else "DEGRADED"
    document["health"]["issues"] = [] if runs else [_NO_NODES]


_NO_NODES = {
    "code": "InsufficientNumberOfReplicas",
    "message": "The add-on is unhealthy because it doesn't have the desired number of replicas.",
    "resourceIds": [],
}


def _associate(call: Call, cluster: Cluster, addon: Addon, wanted: list[dict[str, str]]) -> list[str]:
    return [
        pod_identity.associate(
            call, cluster, addon.namespace, item["serviceAccount"], item["roleArn"], addon.name
        )
        for item in wanted
    ]


def _addon_of(call: Call, cluster: Cluster) -> Document:
    name = call.params["addonName"]
    if name not in cluster.addons:
        raise not_found(
            f"No addon: {name} found in cluster: {cluster.name}",
            clusterName=cluster.name,
            addonName=name,
        )
    return cluster.addons[name]


@operation("eks", "DescribeAddon")
def describe_addon(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddon.html."""
    cluster = cluster_of(call)
    document = _addon_of(call, cluster)
    refresh(cluster, document)
    return {"addon": document}


@operation("eks", "ListAddons")
def list_addons(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAddons.html."""
    names, token = page(call, sorted(cluster_of(call).addons))
    return {"addons": names, "nextToken": token}


@operation("eks", "UpdateAddon")
def update_addon(call: Call) -> dict[str, Any]:
    """Change an add-on. What is not named stays, but the role: without one the node's role is used.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html
    """
    cluster = active_cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"update": earlier}
    document, params = _addon_of(call, cluster), call.params
    addon = _known(params["addonName"])
    if document["status"] in ("CREATING", "UPDATING", "DELETING"):
        raise in_use(
            f"Addon {addon.name} is {document['status']}", clusterName=cluster.name, addonName=addon.name
        )
    wanted: Document = {}
    if params.get("addonVersion"):
        wanted["addonVersion"] = _version(cluster, addon, params["addonVersion"])
    if params.get("configurationValues") is not None:
        _check_configuration(addon, params["configurationValues"])
        wanted["configurationValues"] = params["configurationValues"]
    if params.get("serviceAccountRoleArn"):
        pod_identity.check_addon_role(call, params["serviceAccountRoleArn"])
        wanted["serviceAccountRoleArn"] = params["serviceAccountRoleArn"]
    if params.get("podIdentityAssociations") is not None:
        pod_identity.release(cluster, addon.name)
        wanted["podIdentityAssociations"] = _associate(
            call, cluster, addon, params["podIdentityAssociations"]
        )

    def finish() -> None:
        document.pop("serviceAccountRoleArn", None)
        document.update(wanted, modifiedAt=timestamp())

    shown = {name[0].upper() + name[1:]: value for name, value in wanted.items()}
    shown["ResolveConflicts"] = params.get("resolveConflicts") or "NONE"
    update = updates.begin(
        cluster, "AddonUpdate", shown, document, "eks:addon:update", finish, addonName=addon.name
    )
    remember(cluster.tokens, call, update)
    return {"update": update}


@operation("eks", "DeleteAddon")
def delete_addon(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteAddon.html."""
    cluster = cluster_of(call)
    document, name = _addon_of(call, cluster), call.params["addonName"]
    document["status"] = "DELETING"

    def finish() -> None:
        pod_identity.release(cluster, name)
        cluster.addons.pop(name, None)

    phases.later(call.account, f"{_KIND}:delete", finish)
    return {"addon": document}


@operation("eks", "DescribeAddonVersions")
def describe_addon_versions(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html."""
    params = call.params
    version = params.get("kubernetesVersion")
    minor = int(version.split(".")[1]) if version else None
    name = params.get("addonName")
    wanted = [_known(name)] if name else list(addon_catalogue.ALL.values())
    shown = [addon_catalogue.describe(addon, minor) for addon in wanted]
    types, owners = params.get("types"), params.get("owners")
    shown = [item for item in shown if not types or item["type"] in types]
    shown = [item for item in shown if not owners or item["owner"] in owners]
    part, token = page(call, shown)
    return {"addons": part, "nextToken": token}


@operation("eks", "DescribeAddonConfiguration")
def describe_addon_configuration(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonConfiguration.html."""
    addon, version = _known(call.params["addonName"]), call.params["addonVersion"]
    if version not in addon.all_versions:
        raise invalid(f"Addon version specified is not supported: {version}", addonName=addon.name)
    schema = {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$ref": "#/definitions/Configuration",
        "definitions": {
            "Configuration": {
                "type": "object",
                "additionalProperties": False,
                "properties": {name: {} for name in addon.properties},
            }
        },
    }
    identities = [
        {"serviceAccount": account, "recommendedManagedPolicies": list(policies)}
        for account, policies in addon.accounts.items()
    ]
    return {
        "addonName": addon.name,
        "addonVersion": version,
        "configurationSchema": json.dumps(schema),
        "podIdentityConfiguration": identities,
    }
