"""Kubernetes versions and their terms of support.

https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar. The
dates of 1.36 are assumed from the usual distance of four months. A version past its extended term can
be had no longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ...call import Call
from ...registry import operation
from .store import invalid, page


@dataclass(frozen=True)
class Version:
    """A minor version as EKS offers it."""

    name: str
    patch: str
    platform: str
    released: str
    standard_until: str
    extended_until: str

    @property
    def minor(self) -> int:
        """35 of ``1.35``."""
        return int(self.name.split(".")[1])

    @property
    def support(self) -> str:
        """Its term of support today."""
        today = datetime.now(timezone.utc)
        if today < _date(self.standard_until):
            return "STANDARD_SUPPORT"
        return "EXTENDED_SUPPORT" if today < _date(self.extended_until) else "UNSUPPORTED"


ALL = [
    Version("1.30", "1.30.14", "eks.58", "2024-05-23", "2025-07-23", "2026-07-23"),
    Version("1.31", "1.31.14", "eks.50", "2024-09-26", "2025-11-26", "2026-11-26"),
    Version("1.32", "1.32.11", "eks.34", "2025-01-23", "2026-03-23", "2027-03-23"),
    Version("1.33", "1.33.7", "eks.27", "2025-05-29", "2026-07-29", "2027-07-29"),
    Version("1.34", "1.34.3", "eks.13", "2025-10-02", "2026-12-02", "2027-12-02"),
    Version("1.35", "1.35.1", "eks.8", "2026-01-27", "2027-03-27", "2028-03-27"),
    Version("1.36", "1.36.0", "eks.3", "2026-06-02", "2027-08-02", "2028-08-02"),
]
DEFAULT = "1.35"


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def find(name: str) -> Version:
    """The version of a name, which a cluster may have."""
    for version in ALL:
        if version.name == name and version.support != "UNSUPPORTED":
            return version
    raise invalid(f"unsupported Kubernetes version {name}")


@operation("eks", "DescribeClusterVersions")
def describe_cluster_versions(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html."""
    versions = [version for version in reversed(ALL) if _is_wanted(call.params, version)]
    part, token = page(call, versions)
    return {"clusterVersions": [_describe(version) for version in part], "nextToken": token}


def _is_wanted(params: dict[str, Any], version: Version) -> bool:
    status = params.get("versionStatus") or params.get("status", "").upper().replace("-", "_")
    names = params.get("clusterVersions")
    if names and version.name not in names:
        return False
    if params.get("defaultOnly") and version.name != DEFAULT:
        return False
    if status:
        return version.support == status
    return bool(params.get("includeAll") or names) or version.support != "UNSUPPORTED"


def _describe(version: Version) -> dict[str, Any]:
    return {
        "clusterVersion": version.name,
        "clusterType": "eks",
        "defaultPlatformVersion": version.platform,
        "defaultVersion": version.name == DEFAULT,
        "releaseDate": _date(version.released),
        "endOfStandardSupportDate": _date(version.standard_until),
        "endOfExtendedSupportDate": _date(version.extended_until),
        "status": version.support.lower().replace("_", "-"),
        "versionStatus": version.support,
        "kubernetesPatchVersion": version.patch,
    }
