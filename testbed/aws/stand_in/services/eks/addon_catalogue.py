"""Which add-ons there are, in which versions, for which clusters.

The names, namespaces, service accounts and policies are those of
https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html; the version numbers
are of the real form and order, and stand for whatever is current.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import versions


@dataclass(frozen=True)
class Addon:
    """An add-on; ``first`` is the oldest minor version that each of its versions serves."""

    name: str
    kind: str
    namespace: str
    releases: tuple[tuple[str, int], ...] = ()
    by_minor: dict[int, tuple[str, ...]] = field(default_factory=dict)
    accounts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    properties: tuple[str, ...] = ()
    compute: tuple[str, ...] = ("ec2", "auto")

    def versions_for(self, minor: int) -> list[str]:
        """Its versions for a minor version of Kubernetes, the newest first."""
        if self.by_minor:
            return list(self.by_minor.get(minor, ()))
        return [name for name, first in self.releases if minor >= first]

    def default_for(self, minor: int) -> str | None:
        """The version that is installed when none is named: not always the newest."""
        found = self.versions_for(minor)
        return found[min(1, len(found) - 1)] if found else None

    @property
    def all_versions(self) -> list[str]:
        """Every version, the newest first."""
        names = {name: None for name, _ in self.releases}
        for minor in sorted(self.by_minor, reverse=True):
            names |= dict.fromkeys(self.by_minor[minor])
        return list(names)


def _per_minor(pattern: str, builds: tuple[int, ...]) -> dict[int, tuple[str, ...]]:
    minors = [version.minor for version in versions.ALL]
    return {m: tuple(pattern.format(minor=m, build=build) for build in builds) for m in minors}


_COMMON = ("tolerations", "affinity", "nodeSelector", "resources", "podAnnotations")

ALL = {
    addon.name: addon
    for addon in (
        Addon(
            "vpc-cni",
            "networking",
            "kube-system",
            (("v1.21.1-eksbuild.3", 31), ("v1.20.4-eksbuild.1", 30), ("v1.19.6-eksbuild.7", 30)),
            accounts={"aws-node": ("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",)},
            properties=("env", "init", "enableNetworkPolicy", "nodeAgent", "eniConfig", *_COMMON),
            compute=("ec2",),
        ),
        Addon(
            "coredns",
            "networking",
            "kube-system",
            (("v1.12.4-eksbuild.1", 32), ("v1.12.1-eksbuild.2", 31), ("v1.11.4-eksbuild.28", 30)),
            properties=("replicaCount", "corefile", "computeType", "autoScaling", *_COMMON),
            compute=("ec2", "fargate", "hybrid"),
        ),
        Addon(
            "kube-proxy",
            "networking",
            "kube-system",
            by_minor=_per_minor("v1.{minor}.3-eksbuild.{build}", (5, 2)),
            properties=("ipvs", "mode", "resources", "tolerations"),
            compute=("ec2", "hybrid"),
        ),
        Addon(
            "eks-pod-identity-agent",
            "security",
            "kube-system",
            (("v1.3.10-eksbuild.2", 30), ("v1.3.9-eksbuild.5", 30)),
            properties=("agent", *_COMMON),
            compute=("ec2", "hybrid"),
        ),
        Addon(
            "aws-ebs-csi-driver",
            "storage",
            "kube-system",
            (("v1.54.0-eksbuild.1", 31), ("v1.53.0-eksbuild.1", 30), ("v1.51.1-eksbuild.1", 30)),
            accounts={
                "ebs-csi-controller-sa": (
                    "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
                )
            },
            properties=("controller", "node", "sidecars", "defaultStorageClass", "debugLogs"),
        ),
        Addon(
            "aws-efs-csi-driver",
            "storage",
            "kube-system",
            (("v2.2.0-eksbuild.1", 31), ("v2.1.15-eksbuild.1", 30), ("v2.1.13-eksbuild.1", 30)),
            accounts={
                "efs-csi-controller-sa": (
                    "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy",
                )
            },
            properties=("controller", "node", "sidecars", "storageClasses"),
        ),
        Addon(
            "aws-mountpoint-s3-csi-driver",
            "storage",
            "kube-system",
            (("v2.2.0-eksbuild.1", 30), ("v2.1.0-eksbuild.1", 30)),
            accounts={"s3-csi-driver-sa": ("arn:aws:iam::aws:policy/AmazonS3FullAccess",)},
            properties=("node", "controller"),
        ),
        Addon(
            "snapshot-controller",
            "storage",
            "kube-system",
            (("v8.4.0-eksbuild.1", 30), ("v8.3.0-eksbuild.1", 30)),
            properties=_COMMON,
        ),
        Addon(
            "metrics-server",
            "observability",
            "kube-system",
            (("v0.8.0-eksbuild.6", 30), ("v0.8.0-eksbuild.5", 30)),
            properties=("replicas", "addonResizer", "podDisruptionBudget", *_COMMON),
        ),
        Addon(
            "amazon-cloudwatch-observability",
            "observability",
            "amazon-cloudwatch",
            (("v4.8.0-eksbuild.1", 30), ("v4.7.0-eksbuild.1", 30)),
            accounts={
                "cloudwatch-agent": (
                    "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
                    "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess",
                )
            },
            properties=("agent", "containerLogs", "manager", *_COMMON),
        ),
        Addon(
            "adot",
            "observability",
            "opentelemetry-operator-system",
            (("v0.131.0-eksbuild.1", 30), ("v0.117.0-eksbuild.1", 30)),
            properties=("manager", "collector", *_COMMON),
        ),
        Addon(
            "prometheus-node-exporter",
            "observability",
            "prometheus-node-exporter",
            (("v1.10.2-eksbuild.3", 30), ("v1.9.1-eksbuild.4", 30)),
            properties=_COMMON,
        ),
        Addon(
            "kube-state-metrics",
            "observability",
            "kube-state-metrics",
            (("v2.17.0-eksbuild.3", 30), ("v2.16.0-eksbuild.2", 30)),
            properties=_COMMON,
        ),
        Addon(
            "cert-manager",
            "security",
            "cert-manager",
            (("v1.19.1-eksbuild.2", 30), ("v1.18.2-eksbuild.2", 30)),
            properties=("webhook", "cainjector", *_COMMON),
        ),
        Addon(
            "external-dns",
            "networking",
            "external-dns",
            (("v0.20.0-eksbuild.1", 30), ("v0.19.0-eksbuild.2", 30)),
            accounts={"external-dns": ("arn:aws:iam::aws:policy/AmazonRoute53FullAccess",)},
            properties=("policy", "sources", "domainFilters", *_COMMON),
        ),
        Addon(
            "eks-node-monitoring-agent",
            "observability",
            "kube-system",
            (("v1.4.1-eksbuild.1", 30), ("v1.4.0-eksbuild.2", 30)),
            properties=("monitoringAgent", "dcgmAgent"),
        ),
    )
}


def describe(addon: Addon, minor: int | None) -> dict[str, Any]:
    """An add-on as DescribeAddonVersions shows it."""
    minors = [v.minor for v in reversed(versions.ALL) if v.support != "UNSUPPORTED"]
    minors = [m for m in minors if minor in (None, m)]
    shown = []
    for name in addon.all_versions:
        compatible = [m for m in minors if name in addon.versions_for(m)]
        if compatible:
            shown.append(_describe_version(addon, name, compatible))
    return {
        "addonName": addon.name,
        "type": addon.kind,
        "addonVersions": shown,
        "publisher": "eks",
        "owner": "aws",
        "defaultNamespace": addon.namespace,
    }


def _describe_version(addon: Addon, name: str, minors: list[int]) -> dict[str, Any]:
    return {
        "addonVersion": name,
        "architecture": ["amd64", "arm64"],
        "computeTypes": list(addon.compute),
        "compatibilities": [
            {
                "clusterVersion": f"1.{minor}",
                "platformVersions": ["*"],
                "defaultVersion": addon.default_for(minor) == name,
            }
            for minor in minors
        ],
        "requiresConfiguration": False,
        "requiresIamPermissions": bool(addon.accounts),
    }
