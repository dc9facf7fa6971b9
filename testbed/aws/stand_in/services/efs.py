"""Amazon EFS: phases, refusals, backup policy, changes of throughput.

https://docs.aws.amazon.com/efs/latest/ug/api-reference.html. moto settles everything at once, names no owner
of its interfaces, and lacks PutBackupPolicy and UpdateFileSystem.
"""

from __future__ import annotations

from typing import Any

from moto.efs.models import AccessPoint, EFSBackend, FileSystem, efs_backends

from .. import phases
from ..call import Call
from ..errors import Refusal
from ..patch import wrap
from ..registry import before, operation
from . import quotas

_ATTRIBUTE = "life_cycle_state"


def _efs_of(call: Call) -> Any:
    return efs_backends[call.account][call.region]


def _file_system(call: Call) -> Any:
    number = call.params["FileSystemId"]
    found = _efs_of(call).file_systems_by_id.get(number)
    if found is None:
        raise Refusal("FileSystemNotFound", f"File system '{number}' does not exist.")
    return found


@before("efs", "CreateFileSystem")
def _check_file_system(call: Call) -> None:
    """https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html."""
    efs, params = _efs_of(call), call.params
    for known in efs.file_systems_by_id.values():
        if known.creation_token == params.get("CreationToken"):
            raise Refusal(
                "FileSystemAlreadyExists",
                f"File system '{known.file_system_id}' already exists with creation token "
                f"'{known.creation_token}'",
                FileSystemId=known.file_system_id,
                ErrorCode="FileSystemAlreadyExists",
            )
    mode, amount = params.get("ThroughputMode"), params.get("ProvisionedThroughputInMibps")
    if (mode == "provisioned") != bool(amount):
        raise Refusal(
            "BadRequest",
            "ProvisionedThroughputInMibps goes with ThroughputMode provisioned, and only with it",
        )
    if params.get("KmsKeyId") and not params.get("Encrypted"):
        raise Refusal("BadRequest", "KmsKeyId is for encrypted file systems")
    count = len(efs.file_systems_by_id) + 1
    quotas.check(call, "elasticfilesystem", "L-848C634D", count, "FileSystemLimitExceeded")


@wrap(EFSBackend, "create_file_system")
def _create_file_system(create: Any, efs: Any, *args: Any, **kwargs: Any) -> Any:
    made = create(efs, *args, **kwargs)
    phases.enter(efs, "efs:filesystem", made, "creating", "available", _ATTRIBUTE)
    return made


@wrap(EFSBackend, "delete_file_system")
def _delete_file_system(delete: Any, efs: Any, number: str) -> None:
    """It is shown as deleting for a while; its access points go with it."""
    found = efs.file_systems_by_id.get(number)
    delete(efs, number)
    efs.file_systems_by_id[number] = found
    found.life_cycle_state = "deleting"

    def finish() -> None:
        efs.file_systems_by_id.pop(number, None)
        for name in [n for n, p in efs.access_points.items() if p.file_system_id == number]:
            del efs.access_points[name]

    phases.later(efs.account_id, "efs:filesystem:delete", finish)


@before("efs", "CreateMountTarget", "CreateAccessPoint", "PutLifecycleConfiguration", "DeleteFileSystem")
def _check_available(call: Call) -> None:
    found = _file_system(call)
    if found.life_cycle_state != "available":
        raise Refusal(
            "IncorrectFileSystemLifeCycleState",
            f"File system '{found.file_system_id}' is {found.life_cycle_state}, not available.",
        )


@wrap(EFSBackend, "create_mount_target")
def _create_mount_target(create: Any, efs: Any, *args: Any, **kwargs: Any) -> Any:
    made = create(efs, *args, **kwargs)
    interface = efs.ec2_backend.enis[made.network_interface_id]
    interface.description = f"EFS mount target for {made.file_system_id} ({made.mount_target_id})"
    interface.interface_type = "efs"
    interface.requester_managed = True
    interface.status = "in-use"
    if not made.security_groups:
        made.security_groups = [group.id for group in interface._group_set]
    phases.enter(efs, "efs:mounttarget", made, "creating", "available", _ATTRIBUTE)
    return made


@before("efs", "ModifyMountTargetSecurityGroups")
def _check_mount_target(call: Call) -> None:
    efs, number = _efs_of(call), call.params["MountTargetId"]
    found = efs.mount_targets_by_id.get(number)
    if found is not None and found.life_cycle_state != "available":
        raise Refusal("IncorrectMountTargetState", f"mount target {number} is {found.life_cycle_state}")
    for group in call.params.get("SecurityGroups") or []:
        if efs.ec2_backend.get_security_group_from_id(group) is None:
            raise Refusal("SecurityGroupNotFound", f"The SecurityGroup ID '{group}' does not exist")


@wrap(EFSBackend, "delete_mount_target")
def _delete_mount_target(delete: Any, efs: Any, number: str) -> None:
    found = efs.mount_targets_by_id.get(number)
    if found is None:
        delete(efs, number)
        return
    found.life_cycle_state = "deleting"

    def finish() -> None:
        if number in efs.mount_targets_by_id:
            delete(efs, number)

    phases.later(efs.account_id, "efs:mounttarget:delete", finish)


@wrap(EFSBackend, "create_access_point")
def _create_access_point(create: Any, efs: Any, client_token: str, **kwargs: Any) -> Any:
    """The same client token gives the same access point, and is refused with other parameters."""
    for known in efs.access_points.values():
        if client_token and known.client_token == client_token:
            if known.file_system_id == kwargs["file_system_id"]:
                raise Refusal(
                    "AccessPointAlreadyExists",
                    f"Access point already exists with client token {client_token}",
                    AccessPointId=known.access_point_id,
                    ErrorCode="AccessPointAlreadyExists",
                )
    made = create(efs, client_token, **kwargs)
    phases.enter(efs, "efs:accesspoint", made, "creating", "available", _ATTRIBUTE)
    return made


@wrap(AccessPoint, "info_json")
def _access_point(describe: Any, point: Any) -> Any:
    return describe(point) | {"LifeCycleState": getattr(point, _ATTRIBUTE, "available")}


@before("efs", "DeleteAccessPoint")
def _check_access_point(call: Call) -> None:
    number = call.params["AccessPointId"]
    if number not in _efs_of(call).access_points:
        raise Refusal("AccessPointNotFound", f"Access point '{number}' does not exist.")


@operation("efs", "PutBackupPolicy")
def put_backup_policy(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/efs/latest/ug/API_PutBackupPolicy.html."""
    status = call.params["BackupPolicy"]["Status"]
    _file_system(call)._backup = status in ("ENABLED", "ENABLING")
    return {"BackupPolicy": {"Status": status}}


@operation("efs", "DescribeBackupPolicy")
def describe_backup_policy(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/efs/latest/ug/API_DescribeBackupPolicy.html."""
    status = "ENABLED" if _file_system(call)._backup else "DISABLED"
    return {"BackupPolicy": {"Status": status}}


@operation("efs", "UpdateFileSystem")
def update_file_system(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/efs/latest/ug/API_UpdateFileSystem.html."""
    found, params = _file_system(call), call.params
    mode = params.get("ThroughputMode") or found.throughput_mode
    amount = params.get("ProvisionedThroughputInMibps")
    if mode == "provisioned" and not (amount or found.provisioned_throughput_in_mibps):
        raise Refusal("BadRequest", "ThroughputMode provisioned needs ProvisionedThroughputInMibps")
    found.throughput_mode = mode
    found.provisioned_throughput_in_mibps = amount if mode == "provisioned" else None
    phases.enter(_efs_of(call), "efs:filesystem:update", found, "updating", "available", _ATTRIBUTE)
    return dict(found.info_json())


@wrap(FileSystem, "info_json")
def _file_system_document(describe: Any, found: Any) -> Any:
    document = describe(found)
    protection = {"ReplicationOverwriteProtection": "ENABLED"}
    return {k: v for k, v in document.items() if v is not None} | {"FileSystemProtection": protection}
