"""RDS: phases, refusals, versions."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def group(aws: Any) -> str:
    """A subnet group."""
    _, subnets = aws.network()
    aws.rds.create_db_subnet_group(
        DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    return "g"


def _instance(aws: Any, **values: Any) -> Any:
    params = {
        "DBInstanceIdentifier": "db",
        "DBInstanceClass": "db.t4g.medium",
        "Engine": "postgres",
        "EngineVersion": "16.9",
        "AllocatedStorage": 20,
        "MasterUsername": "airflow",
        "ManageMasterUserPassword": True,
        "DBSubnetGroupName": "g",
    }
    return aws.rds.create_db_instance(**params | values)["DBInstance"]


def _found(aws: Any) -> Any:
    return aws.rds.describe_db_instances(DBInstanceIdentifier="db")["DBInstances"][0]


def test_an_instance_is_creating_first(aws: Any, group: str) -> None:
    aws.settings(delays={"rds:instance": 60, "rds:instance:delete": 60})
    made = _instance(aws, EnablePerformanceInsights=True, EnableCloudwatchLogsExports=["postgresql"])
    assert made["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in _found(aws)
    aws.control("POST", "clock", {"advance": 60})
    found = _found(aws)
    assert found["DBInstanceStatus"] == "available"
    assert found["Endpoint"]["Port"] == 5432
    assert found["PerformanceInsightsEnabled"] is True
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    aws.rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert _found(aws)["DBInstanceStatus"] == "deleting"
    aws.control("POST", "clock", {"advance": 60})
    assert aws.rds.describe_db_instances()["DBInstances"] == []


def test_an_instance_holds_its_network(aws: Any, group: str, refused: Any) -> None:
    found = aws.rds.describe_db_subnet_groups()["DBSubnetGroups"][0]
    subnets = [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]
    own = aws.ec2.create_security_group(GroupName="db", Description="d", VpcId=found["VpcId"])
    _instance(aws, VpcSecurityGroupIds=[own["GroupId"]])
    _found(aws)
    refused("DependencyViolation", aws.ec2.delete_security_group, GroupId=own["GroupId"])
    refused("DependencyViolation", aws.ec2.delete_subnet, SubnetId=subnets[0])
    delete_group = aws.rds.delete_db_subnet_group
    refused("InvalidDBSubnetGroupStateFault", delete_group, DBSubnetGroupName="g")
    aws.rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    aws.rds.describe_db_instances()
    delete_group(DBSubnetGroupName="g")
    aws.ec2.delete_security_group(GroupId=own["GroupId"])
    aws.ec2.delete_subnet(SubnetId=subnets[0])


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("InvalidParameterCombination", {"EngineVersion": "9.6"}),
        ("InvalidParameterValue", {"DBInstanceClass": "db.x"}),
        ("InvalidParameterValue", {"MasterUsername": "admin"}),
        ("InvalidParameterCombination", {"MasterUserPassword": "longenough"}),
        ("DBSubnetGroupNotFoundFault", {"DBSubnetGroupName": "none"}),
        ("InvalidParameterValue", {"VpcSecurityGroupIds": ["sg-00000000000000000"]}),
        (
            "InvalidParameterValue",
            {"MonitoringInterval": 60, "MonitoringRoleArn": "arn:aws:iam::1:role/x"},
        ),
    ],
)
def test_what_rds_does_not_take(aws: Any, group: str, refused: Any, code: str, values: Any) -> None:
    refused(code, lambda **kwargs: _instance(aws, **kwargs), **values)


def test_a_deletion_says_what_becomes_of_the_data(aws: Any, group: str, refused: Any) -> None:
    _instance(aws, DeletionProtection=True)
    _found(aws)
    delete = aws.rds.delete_db_instance
    refused("InvalidParameterCombination", delete, DBInstanceIdentifier="db")
    refused("InvalidParameterCombination", delete, DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    aws.rds.modify_db_instance(
        DBInstanceIdentifier="db", DeletionProtection=False, ApplyImmediately=True
    )
    delete(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    snapshots = aws.rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"]
    assert snapshots[0]["Status"] == "available"


def test_a_change_waits_unless_it_is_to_be_done_at_once(aws: Any, group: str, refused: Any) -> None:
    _instance(aws)
    _found(aws)
    modify = aws.rds.modify_db_instance
    modify(DBInstanceIdentifier="db", DBInstanceClass="db.m6g.large", CopyTagsToSnapshot=True)
    found = _found(aws)
    assert found["DBInstanceClass"] == "db.t4g.medium"
    assert found["PendingModifiedValues"] == {"DBInstanceClass": "db.m6g.large"}
    assert found["CopyTagsToSnapshot"] is True
    modify(DBInstanceIdentifier="db", ApplyImmediately=True, AllocatedStorage=50)
    found = _found(aws)
    assert (found["DBInstanceClass"], found["AllocatedStorage"]) == ("db.m6g.large", 50)
    assert found.get("PendingModifiedValues", {}) == {}
    values = {"DBInstanceIdentifier": "db", "EngineVersion": "17.6", "ApplyImmediately": True}
    refused("InvalidParameterCombination", modify, **values)
    aws.settings(delays={"rds:instance:update": 60})
    modify(**values, AllowMajorVersionUpgrade=True)
    assert _found(aws)["DBInstanceStatus"] == "modifying"
    refused("InvalidDBInstanceState", modify, DBInstanceIdentifier="db", AllocatedStorage=60)
    aws.control("POST", "clock", {"advance": 60})
    assert _found(aws)["EngineVersion"] == "17.6"


def test_groups_are_checked(aws: Any, group: str, refused: Any) -> None:
    rds = aws.rds
    found = rds.describe_db_subnet_groups()["DBSubnetGroups"][0]
    subnets = [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]
    create = rds.create_db_subnet_group
    values = {"DBSubnetGroupDescription": "d", "SubnetIds": subnets}
    refused("DBSubnetGroupAlreadyExists", create, DBSubnetGroupName="g", **values)
    one = values | {"SubnetIds": subnets[:1]}
    refused("DBSubnetGroupDoesNotCoverEnoughAZs", create, DBSubnetGroupName="h", **one)
    for family in ("postgres15", "postgres16"):
        rds.create_db_parameter_group(
            DBParameterGroupName=family, DBParameterGroupFamily=family, Description="d"
        )
    refused("InvalidParameterCombination", lambda: _instance(aws, DBParameterGroupName="postgres15"))
    _instance(aws, DBParameterGroupName="postgres16")
    delete = rds.delete_db_parameter_group
    refused("InvalidDBParameterGroupState", delete, DBParameterGroupName="postgres16")
    delete(DBParameterGroupName="postgres15")


def test_parameters_have_defaults_and_are_checked(aws: Any, refused: Any) -> None:
    rds = aws.rds
    rds.create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d"
    )
    change = rds.modify_db_parameter_group

    def parameter(name: str, method: str) -> dict[str, Any]:
        one = {"ParameterName": name, "ParameterValue": "7", "ApplyMethod": method}
        return {"DBParameterGroupName": "p", "Parameters": [one]}

    refused("InvalidParameterValue", change, **parameter("no_such_thing", "immediate"))
    refused("InvalidParameterCombination", change, **parameter("max_connections", "immediate"))
    change(**parameter("max_connections", "pending-reboot"))
    shown = rds.describe_db_parameters(DBParameterGroupName="p")["Parameters"]
    by_name = {item["ParameterName"]: item for item in shown}
    assert by_name["max_connections"]["ParameterValue"] == "7"
    assert by_name["max_connections"]["Source"] == "user"
    assert by_name["rds.force_ssl"]["ParameterValue"] == "1"


def test_versions_options_and_certificates_are_told(aws: Any) -> None:
    rds = aws.rds
    versions = rds.describe_db_engine_versions(Engine="postgres")["DBEngineVersions"]
    assert {version["MajorEngineVersion"] for version in versions} >= {"14", "15", "16", "17"}
    newest = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="16", DefaultOnly=True)
    assert newest["DBEngineVersions"][0]["EngineVersion"].startswith("16.")
    assert newest["DBEngineVersions"][0]["ValidUpgradeTarget"]
    options = rds.describe_orderable_db_instance_options(
        Engine="postgres", EngineVersion="16.9", DBInstanceClass="db.t4g.medium"
    )["OrderableDBInstanceOptions"]
    assert options[0]["StorageType"]
    assert rds.describe_certificates()["Certificates"]
    assert rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"] == []


def test_a_major_version_alone_is_enough(aws: Any, group: str) -> None:
    _instance(aws, EngineVersion="15")
    assert _found(aws)["EngineVersion"].startswith("15.")


def test_a_changed_subnet_group_is_still_there(aws: Any) -> None:
    _, subnets = aws.network()
    named = {"DBSubnetGroupName": "g", "SubnetIds": subnets}
    aws.rds.create_db_subnet_group(DBSubnetGroupDescription="d", **named)
    aws.rds.modify_db_subnet_group(DBSubnetGroupDescription="e", **named)
    found = aws.rds.describe_db_subnet_groups(DBSubnetGroupName="g")["DBSubnetGroups"][0]
    assert found["DBSubnetGroupDescription"] == "e"


def test_parameters_are_reset(aws: Any, refused: Any) -> None:
    name = {"DBParameterGroupName": "g"}
    aws.rds.create_db_parameter_group(DBParameterGroupFamily="postgres17", Description="d", **name)
    parameters = [
        {"ParameterName": parameter, "ParameterValue": "0", "ApplyMethod": "immediate"}
        for parameter in ("rds.force_ssl", "autovacuum")
    ]
    aws.rds.modify_db_parameter_group(Parameters=parameters, **name)

    def own() -> list[str]:
        found = aws.rds.describe_db_parameters(Source="user", **name)["Parameters"]
        return [parameter["ParameterName"] for parameter in found]

    one = [{"ParameterName": "autovacuum", "ApplyMethod": "immediate"}]
    aws.rds.reset_db_parameter_group(Parameters=one, **name)
    assert own() == ["rds.force_ssl"]
    both = {"Parameters": one, "ResetAllParameters": True}
    refused("InvalidParameterCombination", aws.rds.reset_db_parameter_group, **both, **name)
    aws.rds.reset_db_parameter_group(ResetAllParameters=True, **name)
    assert own() == []
    none = {"DBParameterGroupName": "none", "ResetAllParameters": True}
    refused("DBParameterGroupNotFound", aws.rds.reset_db_parameter_group, **none)
