"""EFS: phases, refusals, policies."""

from __future__ import annotations

from typing import Any


def _made(aws: Any, **values: Any) -> str:
    made = aws.efs.create_file_system(CreationToken="t", Encrypted=True, **values)
    assert made["LifeCycleState"] == "creating"
    return str(made["FileSystemId"])


def _found(aws: Any, number: str) -> Any:
    return aws.efs.describe_file_systems(FileSystemId=number)["FileSystems"][0]


def test_a_file_system_is_creating_first(aws: Any, refused: Any) -> None:
    aws.settings(delays={"efs:filesystem": 60})
    number = _made(aws)
    _, subnets = aws.network()
    create = aws.efs.create_mount_target
    values = {"FileSystemId": number, "SubnetId": subnets[0]}
    refused("IncorrectFileSystemLifeCycleState", create, **values)
    error = refused("FileSystemAlreadyExists", aws.efs.create_file_system, CreationToken="t")
    assert error.response["FileSystemId"] == number
    aws.control("POST", "clock", {"advance": 60})
    assert _found(aws, number)["LifeCycleState"] == "available"
    create(**values)


def test_a_mount_target_has_phases_and_holds_its_network(aws: Any, refused: Any) -> None:
    vpc, subnets = aws.network()
    number = _made(aws)
    group = aws.ec2.create_security_group(GroupName="efs", Description="d", VpcId=vpc)["GroupId"]
    made = aws.efs.create_mount_target(FileSystemId=number, SubnetId=subnets[0], SecurityGroups=[group])
    assert made["LifeCycleState"] == "creating"
    target = made["MountTargetId"]
    refused("FileSystemInUse", aws.efs.delete_file_system, FileSystemId=number)
    found = aws.efs.describe_mount_targets(FileSystemId=number)["MountTargets"][0]
    assert found["LifeCycleState"] == "available"
    interface = found["NetworkInterfaceId"]
    shown = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])
    description = shown["NetworkInterfaces"][0]["Description"]
    assert description == f"EFS mount target for {number} ({target})"
    refused("DependencyViolation", aws.ec2.delete_security_group, GroupId=group)
    aws.settings(delays={"efs:mounttarget:delete": 60})
    aws.efs.delete_mount_target(MountTargetId=target)
    found = aws.efs.describe_mount_targets(FileSystemId=number)["MountTargets"][0]
    assert found["LifeCycleState"] == "deleting"
    aws.control("POST", "clock", {"advance": 60})
    aws.ec2.delete_security_group(GroupId=group)
    aws.efs.delete_file_system(FileSystemId=number)
    assert aws.efs.describe_file_systems()["FileSystems"] == []


def test_an_access_point_is_made_once_for_a_token(aws: Any, refused: Any) -> None:
    number = _made(aws)
    _found(aws, number)
    create = aws.efs.create_access_point
    made = create(FileSystemId=number, ClientToken="one")
    assert made["LifeCycleState"] == "creating"
    error = refused("AccessPointAlreadyExists", create, FileSystemId=number, ClientToken="one")
    assert error.response["AccessPointId"] == made["AccessPointId"]
    found = aws.efs.describe_access_points(FileSystemId=number)["AccessPoints"]
    assert [point["LifeCycleState"] for point in found] == ["available"]


def test_backups_and_throughput_can_be_changed(aws: Any, refused: Any) -> None:
    number = _made(aws)
    policy = aws.efs.describe_backup_policy(FileSystemId=number)["BackupPolicy"]
    assert policy == {"Status": "DISABLED"}
    aws.efs.put_backup_policy(FileSystemId=number, BackupPolicy={"Status": "ENABLED"})
    policy = aws.efs.describe_backup_policy(FileSystemId=number)["BackupPolicy"]
    assert policy == {"Status": "ENABLED"}
    update = aws.efs.update_file_system
    refused("BadRequest", update, FileSystemId=number, ThroughputMode="provisioned")
    changed = update(FileSystemId=number, ThroughputMode="elastic")
    assert changed["LifeCycleState"] == "updating"
    found = _found(aws, number)
    assert (found["ThroughputMode"], found["LifeCycleState"]) == ("elastic", "available")
