"""Where data is: RDS, EFS, S3, Secrets Manager."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from botocore.exceptions import ClientError

from ..account import Account, text
from ..policies import statements

_RDS = {
    "status": "DBInstanceStatus",
    "engine": "Engine",
    "class": "DBInstanceClass",
    "database": "DBName",
    "user": "MasterUsername",
    "storage": "AllocatedStorage",
    "storage up to": "MaxAllocatedStorage",
    "storage type": "StorageType",
    "encrypted": "StorageEncrypted",
    "multi-az": "MultiAZ",
    "public": "PubliclyAccessible",
    "deletion protection": "DeletionProtection",
    "backups kept": "BackupRetentionPeriod",
    "backup window": "PreferredBackupWindow",
    "maintenance window": "PreferredMaintenanceWindow",
    "copies tags": "CopyTagsToSnapshot",
    "minor upgrades": "AutoMinorVersionUpgrade",
    "iam authentication": "IAMDatabaseAuthenticationEnabled",
    "log exports": "EnabledCloudwatchLogsExports",
    "performance insights": "PerformanceInsightsEnabled",
    "performance insights kept": "PerformanceInsightsRetentionPeriod",
    "monitoring interval": "MonitoringInterval",
}


def read(account: Account) -> None:
    """All four."""
    values: dict[str, str] = {}
    _rds(account)
    _efs(account)
    for item in account.client("s3").list_buckets()["Buckets"]:
        _bucket(account, item["Name"])
    for item in account.all("secretsmanager", "list_secrets", "SecretList", IncludePlannedDeletion=True):
        value = _secret(account, item)
        if value in values:
            account.add("secret", f"secret {item['Name']}", repeats=values[value])
        values[value] = item["Name"]


def _rds(account: Account) -> None:
    for item in account.all("rds", "describe_db_instances", "DBInstances"):
        account.add(
            "rds",
            f"instance {item['DBInstanceIdentifier']}",
            item["TagList"],
            **{name: item.get(member) for name, member in _RDS.items()},
            major__version=item["EngineVersion"].split(".")[0],
            port=(item.get("Endpoint") or {}).get("Port"),
            subnet__group=item["DBSubnetGroup"]["DBSubnetGroupName"],
            security__groups=[account.name(g["VpcSecurityGroupId"]) for g in item["VpcSecurityGroups"]],
            parameter__group=[g["DBParameterGroupName"] for g in item["DBParameterGroups"]],
            monitoring__role=(item.get("MonitoringRoleArn") or "").split("/")[-1],
        )
    for item in account.all("rds", "describe_db_subnet_groups", "DBSubnetGroups"):
        tags = account.client("rds").list_tags_for_resource(ResourceName=item["DBSubnetGroupArn"])["TagList"]
        subnets = [account.name(s["SubnetIdentifier"]) for s in item["Subnets"]]
        account.add("rds", f"subnet group {item['DBSubnetGroupName']}", tags, subnets=subnets)
    for item in account.all("rds", "describe_db_parameter_groups", "DBParameterGroups"):
        name = item["DBParameterGroupName"]
        if name.startswith("default."):
            continue
        tags = account.client("rds").list_tags_for_resource(ResourceName=item["DBParameterGroupArn"])[
            "TagList"
        ]
        account.add("rds", f"parameter group {name}", tags, family=item["DBParameterGroupFamily"])
        for parameter in account.all(
            "rds", "describe_db_parameters", "Parameters", DBParameterGroupName=name
        ):
            if parameter["Source"] == "user" or parameter["ParameterName"] == "rds.force_ssl":
                account.add(
                    "rds",
                    f"parameter group {name}",
                    **{parameter["ParameterName"]: parameter["ParameterValue"]},
                )
    for item in account.all("rds", "describe_db_snapshots", "DBSnapshots"):
        known = f"{item['SnapshotType']} snapshot of {item['DBInstanceIdentifier']}"
        account.add("rds", known, encrypted=item["Encrypted"])


def _efs(account: Account) -> None:
    efs = account.client("efs")
    for item in account.all("efs", "describe_file_systems", "FileSystems"):
        number = item["FileSystemId"]
        name = f"file system {item['CreationToken']}"
        rules = efs.describe_lifecycle_configuration(FileSystemId=number)["LifecyclePolicies"]
        account.add(
            "efs",
            name,
            item["Tags"],
            state=item["LifeCycleState"],
            encrypted=item["Encrypted"],
            performance=item["PerformanceMode"],
            throughput=item["ThroughputMode"],
            one__zone=item.get("AvailabilityZoneName"),
            backup=efs.describe_backup_policy(FileSystemId=number)["BackupPolicy"]["Status"],
            lifecycle=[text(rule) for rule in rules],
        )
        try:
            policy = efs.describe_file_system_policy(FileSystemId=number)["Policy"]
            for sid, said in statements(policy).items():
                account.add("efs", name, **{f"policy {sid}": said.replace(number, "ID")})
        except ClientError as error:
            if error.response["Error"]["Code"] != "PolicyNotFound":
                raise
        for target in account.all("efs", "describe_mount_targets", "MountTargets", FileSystemId=number):
            groups = efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])
            account.add(
                "efs",
                f"mount target in {account.name(target['SubnetId'])}",
                state=target["LifeCycleState"],
                security__groups=[account.name(g) for g in groups["SecurityGroups"]],
            )
    for item in account.all("efs", "describe_access_points", "AccessPoints"):
        account.add("efs", f"access point {item['AccessPointId']}", there=True)


def _bucket(account: Account, name: str) -> None:
    s3, known = account.client("s3"), f"bucket {name}"

    def ask(operation: str, member: str) -> Any:
        try:
            return getattr(s3, operation)(Bucket=name).get(member)
        except ClientError as error:
            if error.response["Error"]["Code"].startswith(
                ("NoSuch", "ServerSideEncryptionConfigurationNotFound", "OwnershipControlsNotFound")
            ):
                return None
            raise

    rules = (ask("get_bucket_encryption", "ServerSideEncryptionConfiguration") or {}).get("Rules", [])
    owners = (ask("get_bucket_ownership_controls", "OwnershipControls") or {}).get("Rules", [])
    account.add(
        "s3",
        known,
        ask("get_bucket_tagging", "TagSet") or [],
        region=ask("get_bucket_location", "LocationConstraint"),
        public__access__blocks=ask("get_public_access_block", "PublicAccessBlockConfiguration"),
        encryption=[rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules],
        ownership=[rule["ObjectOwnership"] for rule in owners],
        versioning=ask("get_bucket_versioning", "Status"),
        objects=[item["Key"] for item in account.all("s3", "list_objects_v2", "Contents", Bucket=name)],
    )
    for number, rule in enumerate(ask("get_bucket_lifecycle_configuration", "Rules") or [], 1):
        about = {k: v for k, v in rule.items() if k not in ("ID", "Prefix")}
        account.add("s3", known, **{f"lifecycle {rule.get('ID') or number}": _flat(about)})
    policy = ask("get_bucket_policy", "Policy")
    for sid, said in statements(policy).items() if policy else ():
        account.add("s3", known, **{f"policy {sid}": said})


def _flat(value: Any, path: str = "") -> str:
    if not isinstance(value, dict):
        return f"{path}={text(value)}"
    return ", ".join(_flat(value[key], f"{path}.{key}".lstrip(".")) for key in sorted(value))


def _secret(account: Account, item: dict[str, Any]) -> str:
    value = account.client("secretsmanager").get_secret_value(SecretId=item["ARN"]).get("SecretString", "")
    account.add(
        "secret",
        f"secret {item['Name']}",
        item.get("Tags", []),
        shape=shape(value),
        key=item.get("KmsKeyId"),
        rotated=item.get("RotationEnabled") or None,
        deleted=item.get("DeletedDate"),
    )
    account.names[item["ARN"]] = f"secret {item['Name']}"
    return value


def shape(value: str) -> str:
    """What a secret looks like, without telling it."""
    if value.startswith("{"):
        keys = json.loads(value)
        return "{" + ", ".join(f"{name}: {shape(str(keys[name]))}" for name in sorted(keys)) + "}"
    if re.fullmatch(r"[\w-]{43}=", value) and len(base64.urlsafe_b64decode(value)) == 32:
        return "base64 of 32 bytes"
    for letters, called in (
        ("[0-9a-f]", "hex"),
        ("[A-Za-z0-9]", "letters and digits"),
        ("[!-~]", "printable"),
    ):
        if re.fullmatch(f"{letters}+", value):
            return f"{len(value)} {called}"
    return f"{len(value)} characters" if value else "empty"
