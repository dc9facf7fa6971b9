"""Insights: what EKS found out about upgrades.

https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html
"""

from __future__ import annotations

import uuid
from typing import Any

from ...call import Call
from ...registry import operation
from . import addon_catalogue
from .store import Cluster, Document, cluster_of, not_found, page


def _insights(cluster: Cluster) -> list[Document]:
    following = int(cluster.document["version"].split(".")[1]) + 1
    version = f"1.{following}"
    behind = [
        name
        for name, group in cluster.nodegroups.items()
        if following - int(group["version"].split(".")[1]) > 3
    ]
    unfit = [
        name
        for name, addon in cluster.addons.items()
        if addon["addonVersion"] not in addon_catalogue.ALL[name].versions_for(following)
    ]
    return [
        _insight(cluster, "Kubelet version skew", version, behind, "Update the node groups first."),
        _insight(
            cluster, "EKS add-on version compatibility", version, unfit, "Update the add-ons first."
        ),
        _insight(
            cluster,
            f"Deprecated APIs removed in Kubernetes v{version}",
            version,
            [],
            "Change manifests.",
        ),
    ]


def _insight(
    cluster: Cluster, name: str, version: str, wrong: list[str], recommendation: str
) -> Document:
    status = "ERROR" if wrong else "PASSING"
    created = cluster.document["createdAt"]
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cluster.document['id']}/{name}/{version}")),
        "name": name,
        "category": "UPGRADE_READINESS",
        "kubernetesVersion": version,
        "lastRefreshTime": created,
        "lastTransitionTime": created,
        "description": f"Checks whether the cluster is ready for Kubernetes {version}: {name}.",
        "insightStatus": {"status": status, "reason": ", ".join(wrong) or "Nothing stands against it."},
        "recommendation": recommendation,
        "resources": [],
        "additionalInfo": {},
    }


@operation("eks", "ListInsights")
def list_insights(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListInsights.html."""
    asked = call.params.get("filter") or {}
    found = [
        insight
        for insight in _insights(cluster_of(call))
        if insight["category"] in (asked.get("categories") or [insight["category"]])
        and insight["kubernetesVersion"]
        in (asked.get("kubernetesVersions") or [insight["kubernetesVersion"]])
        and insight["insightStatus"]["status"]
        in (asked.get("statuses") or [insight["insightStatus"]["status"]])
    ]
    part, token = page(call, found)
    return {"insights": part, "nextToken": token}


@operation("eks", "DescribeInsight")
def describe_insight(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeInsight.html."""
    for insight in _insights(cluster_of(call)):
        if insight["id"] == call.params["id"]:
            return {"insight": insight}
    raise not_found(f"No insight found for ID: {call.params['id']}")
