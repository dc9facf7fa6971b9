"""PostgreSQL as RDS offers it.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html and
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html; the numbers
are of the real form and order.
"""

from __future__ import annotations

from typing import Any

from moto.rds.models import DBInstance

from ...call import Call
from ...errors import Refusal
from ...registry import operation

ENGINE = "postgres"
VERSIONS = {
    "14": ["14.17", "14.18", "14.19", "14.20"],
    "15": ["15.12", "15.13", "15.14", "15.15"],
    "16": ["16.8", "16.9", "16.10", "16.11"],
    "17": ["17.4", "17.5", "17.6", "17.7"],
}
DEFAULT = "17.6"
_CLASSES = [
    f"db.{family}.{size}"
    for family in ("t3", "t4g", "m5", "m6g", "m6i", "m7g", "r6g", "r6i", "r7g")
    for size in ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge")
    if family.startswith("t") or "large" in size
]
_LOGS = ["postgresql", "upgrade", "iam-db-auth-error"]
DBInstance.default_engine_versions[ENGINE] = DEFAULT


def major_of(version: str) -> str:
    """16 of ``16.9``."""
    return version.split(".")[0]


def resolve(version: str) -> str:
    """The full version for one that may name the major version only."""
    minors = VERSIONS.get(major_of(version), [])
    if version in VERSIONS:
        return minors[-2]
    if version not in minors:
        raise Refusal("InvalidParameterCombination", f"Cannot find version {version} for postgres")
    return version


def check_class(name: str) -> None:
    """Refuse an instance class that there is not."""
    if name not in _CLASSES:
        raise Refusal("InvalidParameterValue", f"Invalid DB Instance class: {name}")


def targets_of(version: str) -> list[str]:
    """Where an instance of a version can be upgraded to."""
    everything = [minor for minors in VERSIONS.values() for minor in minors]
    return [other for other in everything if _number(other) > _number(version)]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@operation("rds", "DescribeDBEngineVersions")
def describe_engine_versions(call: Call) -> dict[str, Any]:
    """The versions of an engine, the oldest first."""
    params = call.params
    if params.get("Engine") not in (None, ENGINE):
        return {"DBEngineVersions": []}
    wanted = params.get("EngineVersion")
    found = [
        minor
        for major, minors in VERSIONS.items()
        for minor in minors
        if wanted in (None, major, minor)
        and params.get("DBParameterGroupFamily") in (None, f"{ENGINE}{major}")
    ]
    if params.get("DefaultOnly"):
        found = [resolve(wanted) if wanted else DEFAULT]
    start, size = int(params.get("Marker") or 0), int(params.get("MaxRecords") or 100)
    end = start + size
    return {
        "DBEngineVersions": [_describe(version) for version in found[start:end]],
        "Marker": str(end) if end < len(found) else None,
    }


def _describe(version: str) -> dict[str, Any]:
    family = f"{ENGINE}{major_of(version)}"
    return {
        "Engine": ENGINE,
        "EngineVersion": version,
        "MajorEngineVersion": major_of(version),
        "DBParameterGroupFamily": family,
        "DBEngineDescription": "PostgreSQL",
        "DBEngineVersionDescription": f"PostgreSQL {version}-R1",
        "DBEngineMediaType": "AWS Provided",
        "Status": "available",
        "ExportableLogTypes": _LOGS,
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": True,
        "SupportsCertificateRotationWithoutRestart": True,
        "SupportedCACertificateIdentifiers": [
            "rds-ca-rsa2048-g1",
            "rds-ca-rsa4096-g1",
            "rds-ca-ecc384-g1",
        ],
        "ValidUpgradeTarget": [
            {
                "Engine": ENGINE,
                "EngineVersion": target,
                "Description": f"PostgreSQL {target}-R1",
                "AutoUpgrade": False,
                "IsMajorVersionUpgrade": major_of(target) != major_of(version),
            }
            for target in targets_of(version)
        ],
    }


@operation("rds", "DescribeOrderableDBInstanceOptions")
def describe_orderable_options(call: Call) -> dict[str, Any]:
    """Every class with every version; moto has none for plain PostgreSQL."""
    params = call.params
    wanted, kind = params.get("EngineVersion"), params.get("DBInstanceClass")
    if params.get("Engine") != ENGINE:
        return {"OrderableDBInstanceOptions": []}
    versions = [v for minors in VERSIONS.values() for v in minors if wanted in (None, v, major_of(v))]
    options = [
        {
            "Engine": ENGINE,
            "EngineVersion": version,
            "DBInstanceClass": name,
            "LicenseModel": "postgresql-license",
            "AvailabilityZones": [{"Name": f"{call.region}{zone}"} for zone in "abc"],
            "MultiAZCapable": True,
            "ReadReplicaCapable": True,
            "Vpc": True,
            "SupportsStorageEncryption": True,
            "SupportsPerformanceInsights": True,
            "SupportsStorageAutoscaling": True,
            "SupportsIAMDatabaseAuthentication": True,
            "SupportsEnhancedMonitoring": True,
            "StorageType": storage,
            "SupportsIops": storage != "gp2",
            "MinStorageSize": 20,
            "MaxStorageSize": 65536,
        }
        for version in versions
        for name in _CLASSES
        if kind in (None, name)
        for storage in ("gp2", "gp3")
    ]
    start, size = int(params.get("Marker") or 0), int(params.get("MaxRecords") or 100)
    end = start + size
    return {
        "OrderableDBInstanceOptions": options[start:end],
        "Marker": str(end) if end < len(options) else None,
    }
