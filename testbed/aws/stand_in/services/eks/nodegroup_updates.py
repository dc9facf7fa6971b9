"""Changes of node groups: configuration and version.

https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupVersion.html.
"""

from __future__ import annotations

import copy
from typing import Any

from ...call import Call
from ...registry import operation
from . import launch_templates, updates
from .nodegroups import check_sizes, make_nodes, nodegroup_of, release_of
from .store import Cluster, Document, active_cluster_of, in_use, invalid, remember, repeated, timestamp


def _ready(call: Call) -> tuple[Cluster, Document, dict[str, str]]:
    cluster = active_cluster_of(call)
    document = nodegroup_of(call, cluster)
    about = {"clusterName": cluster.name, "nodegroupName": document["nodegroupName"]}
    if document["status"] not in ("ACTIVE", "DEGRADED"):
        raise in_use(f"Nodegroup cannot be updated as it is currently {document['status']}", **about)
    return cluster, document, about


@operation("eks", "UpdateNodegroupConfig")
def update_nodegroup_config(call: Call) -> dict[str, Any]:
    """Change sizes, labels, taints and how updates are done."""
    cluster = active_cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"update": earlier}
    cluster, document, about = _ready(call)
    asked = call.params
    wanted = {
        "scalingConfig": {**document["scalingConfig"], **(asked.get("scalingConfig") or {})},
        "labels": _labels(document["labels"], asked.get("labels") or {}),
        "taints": _taints(document["taints"], asked.get("taints") or {}),
        "updateConfig": asked.get("updateConfig") or document["updateConfig"],
    }
    if asked.get("nodeRepairConfig"):
        wanted["nodeRepairConfig"] = asked["nodeRepairConfig"]
    check_sizes(wanted["scalingConfig"], about)

    def finish() -> None:
        document.update(wanted, modifiedAt=timestamp())
        make_nodes(cluster, document)

    update = updates.begin(
        cluster,
        "ConfigUpdate",
        _params(asked),
        document,
        "eks:nodegroup:update",
        finish,
        nodegroupName=document["nodegroupName"],
    )
    remember(cluster.tokens, call, update)
    return {"update": update}


def _labels(before: dict[str, str], asked: dict[str, Any]) -> dict[str, str]:
    labels = {**before, **(asked.get("addOrUpdateLabels") or {})}
    for name in asked.get("removeLabels") or []:
        labels.pop(name, None)
    return labels


def _taints(before: list[Document], asked: dict[str, Any]) -> list[Document]:
    def which(taint: Document) -> tuple[Any, Any]:
        return taint.get("key"), taint.get("effect")

    taints = {which(taint): taint for taint in before}
    taints |= {which(taint): taint for taint in asked.get("addOrUpdateTaints") or []}
    for taint in asked.get("removeTaints") or []:
        taints.pop(which(taint), None)
    return list(taints.values())


def _params(asked: dict[str, Any]) -> dict[str, Any]:
    scaling = asked.get("scalingConfig") or {}
    params: dict[str, Any] = {name[0].upper() + name[1:]: str(size) for name, size in scaling.items()}
    labels, taints = asked.get("labels") or {}, asked.get("taints") or {}
    found = {
        "LabelsToAdd": labels.get("addOrUpdateLabels"),
        "LabelsToRemove": labels.get("removeLabels"),
        "TaintsToAdd": taints.get("addOrUpdateTaints"),
        "TaintsToRemove": taints.get("removeTaints"),
    }
    return params | {name: value for name, value in found.items() if value}


@operation("eks", "UpdateNodegroupVersion")
def update_nodegroup_version(call: Call) -> dict[str, Any]:
    """Replace the nodes: by those of a newer version, or of another launch template version."""
    cluster, document, about = _ready(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"update": earlier}
    asked = call.params
    wanted: dict[str, Any] = {}
    params: dict[str, Any] = {}
    if asked.get("launchTemplate"):
        wanted["launchTemplate"] = _template(call, document, about)
        params["LaunchTemplateVersion"] = wanted["launchTemplate"]["version"]
    if asked.get("version") or not asked.get("launchTemplate"):
        version = asked.get("version") or cluster.document["version"]
        _check_version(cluster, document, version, about)
        release = asked.get("releaseVersion") or release_of(version, document["amiType"])
        wanted |= {"version": version, "releaseVersion": release}
        params |= {"Version": version, "ReleaseVersion": release}
    elif asked.get("releaseVersion"):
        wanted["releaseVersion"] = params["ReleaseVersion"] = asked["releaseVersion"]

    def finish() -> None:
        document.update(copy.deepcopy(wanted), modifiedAt=timestamp())
        make_nodes(cluster, document)

    update = updates.begin(
        cluster,
        "VersionUpdate",
        params,
        document,
        "eks:nodegroup:version",
        finish,
        nodegroupName=document["nodegroupName"],
    )
    remember(cluster.tokens, call, update)
    return {"update": update}


def _template(call: Call, document: Document, about: dict[str, str]) -> dict[str, Any]:
    """A node group keeps its template; only the version changes."""
    before = document.get("launchTemplate")
    if before is None:
        raise invalid("A node group without launch template cannot be given one", **about)
    template = launch_templates.resolve(call, {"launchTemplate": call.params["launchTemplate"]})
    if template is None or template["id"] != before["id"]:
        raise invalid("You must use the same launch template that the node group was made with", **about)
    return template


def _check_version(cluster: Cluster, document: Document, version: str, about: dict[str, str]) -> None:
    before = int(document["version"].split(".")[1])
    wanted = int(version.split(".")[1])
    own = int(cluster.document["version"].split(".")[1])
    if wanted > own:
        raise invalid(
            f"Nodegroup Kubernetes version {version} should be equal to or lower than the cluster's "
            f"{cluster.document['version']}",
            **about,
        )
    if wanted < before and not _is_rollback(wanted, before):
        raise invalid(f"Unsupported version update from {document['version']} to {version}", **about)


def _is_rollback(wanted: int, before: int) -> bool:
    """A version rollback goes back by one minor: node groups first.

    https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html
    """
    return wanted == before - 1
