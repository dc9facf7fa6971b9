"""Clusters: phases, refusals, updates."""

from __future__ import annotations

import base64
from typing import Any

from cryptography import x509


def test_a_cluster_becomes_active_and_has_a_real_certificate(aws: Any) -> None:
    created = aws.cluster()
    assert created["status"] == "CREATING"
    assert "endpoint" not in created
    found = aws.eks.describe_cluster(name="demo")["cluster"]
    assert found["status"] == "ACTIVE"
    assert found["endpoint"].startswith("https://")
    pem = base64.b64decode(found["certificateAuthority"]["data"])
    assert x509.load_pem_x509_certificate(pem).subject.rfc4514_string() == "CN=kubernetes"
    issuer = found["identity"]["oidc"]["issuer"].rsplit("/", 1)[-1]
    assert issuer == found["endpoint"].removeprefix("https://").split(".")[0]
    assert found["health"] == {"issues": []}
    assert found["upgradePolicy"] == {"supportType": "EXTENDED"}


def test_two_clusters_have_different_endpoints(aws: Any) -> None:
    aws.cluster("one")
    aws.cluster("two")
    one, two = (aws.eks.describe_cluster(name=name)["cluster"] for name in ("one", "two"))
    assert one["endpoint"] != two["endpoint"]
    assert one["identity"] != two["identity"]


def test_a_cluster_makes_its_security_group_and_interfaces(aws: Any, refused: Any) -> None:
    config = aws.cluster()["resourcesVpcConfig"]
    group = config["clusterSecurityGroupId"]
    found = aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert found["VpcId"] == config["vpcId"]
    assert {"Key": "aws:eks:cluster-name", "Value": "demo"} in found["Tags"]
    interfaces = aws.ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])[
        "NetworkInterfaces"
    ]
    assert [i["Description"] for i in interfaces] == ["Amazon EKS demo"] * 2
    assert {i["SubnetId"] for i in interfaces} == set(config["subnetIds"])
    aws.eks.delete_cluster(name="demo")
    aws.eks.list_clusters()
    refused("InvalidGroup.NotFound", aws.ec2.describe_security_groups, GroupIds=[group])


def test_what_eks_does_not_take_is_refused(aws: Any, refused: Any) -> None:
    role = aws.role("r", "eks.amazonaws.com")
    wrong_role = aws.role("w", "ec2.amazonaws.com")
    _, subnets = aws.network()
    good = {"name": "c", "roleArn": role, "resourcesVpcConfig": {"subnetIds": subnets}}
    create = aws.eks.create_cluster
    refused("InvalidParameterException", create, **good | {"version": "1.12"})
    refused("InvalidParameterException", create, **good | {"roleArn": f"{role}x"})
    refused("InvalidParameterException", create, **good | {"roleArn": wrong_role})
    one_zone = {"subnetIds": subnets[:1]}
    error = refused("InvalidParameterException", create, **good | {"resourcesVpcConfig": one_zone})
    assert "two different AZs" in str(error)
    unknown = {"subnetIds": [*subnets, "subnet-00000000"]}
    refused("InvalidParameterException", create, **good | {"resourcesVpcConfig": unknown})
    aws.settings(unavailable_zones=["us-west-2b"])
    error = refused("UnsupportedAvailabilityZoneException", create, **good)
    assert "us-west-2a" in error.response["validZones"]
    assert "us-west-2b" not in error.response["validZones"]
    assert aws.eks.list_clusters()["clusters"] == []


def test_a_repeated_token_makes_no_second_cluster(aws: Any, refused: Any) -> None:
    role = aws.role("r", "eks.amazonaws.com")
    _, subnets = aws.network()
    values = {"name": "c", "roleArn": role, "resourcesVpcConfig": {"subnetIds": subnets}}
    first = aws.eks.create_cluster(**values, clientRequestToken="t1")["cluster"]
    second = aws.eks.create_cluster(**values, clientRequestToken="t1")["cluster"]
    assert first["arn"] == second["arn"]
    refused("ResourceInUseException", aws.eks.create_cluster, **values, clientRequestToken="t2")


def test_phases_last_as_long_as_they_are_set_to(aws: Any, refused: Any) -> None:
    aws.settings(delays={"eks:cluster": 1000, "eks:cluster:delete": 1000})
    aws.cluster()
    found = aws.eks.describe_cluster(name="demo")["cluster"]
    assert found["status"] == "CREATING"
    assert "certificateAuthority" not in found
    role = aws.role("n", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
    values = {"clusterName": "demo", "nodegroupName": "n", "nodeRole": role, "subnets": ["subnet-1"]}
    refused("InvalidRequestException", aws.eks.create_nodegroup, **values)
    refused("ResourceInUseException", aws.eks.delete_cluster, name="demo")
    aws.control("POST", "clock", {"advance": 1000})
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "ACTIVE"
    assert aws.eks.delete_cluster(name="demo")["cluster"]["status"] == "DELETING"
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "DELETING"
    aws.control("POST", "clock", {"advance": 1000})
    refused("ResourceNotFoundException", aws.eks.describe_cluster, name="demo")


def test_a_change_merges_and_is_an_update(aws: Any, refused: Any) -> None:
    cluster = aws.cluster()
    aws.settings(delays={"eks:cluster:update": 1000})
    change = aws.eks.update_cluster_config
    config = {"endpointPrivateAccess": True, "publicAccessCidrs": ["192.0.2.0/24"]}
    update = change(name="demo", resourcesVpcConfig=config)["update"]
    assert (update["status"], update["type"]) == ("InProgress", "EndpointAccessUpdate")
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "UPDATING"
    refused("ResourceInUseException", change, name="demo", upgradePolicy={"supportType": "STANDARD"})
    aws.control("POST", "clock", {"advance": 1000})
    found = aws.eks.describe_update(name="demo", updateId=update["id"])["update"]
    assert found["status"] == "Successful"
    assert aws.eks.list_updates(name="demo")["updateIds"] == [update["id"]]
    after = aws.eks.describe_cluster(name="demo")["cluster"]
    assert after["status"] == "ACTIVE"
    assert after["resourcesVpcConfig"]["endpointPrivateAccess"] is True
    assert after["resourcesVpcConfig"]["publicAccessCidrs"] == ["192.0.2.0/24"]
    assert after["resourcesVpcConfig"]["subnetIds"] == cluster["resourcesVpcConfig"]["subnetIds"]
    refused("InvalidParameterException", change, name="demo", resourcesVpcConfig=config)


def test_logs_are_switched_one_by_one(aws: Any) -> None:
    aws.cluster(logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]})
    asked = {"clusterLogging": [{"types": ["audit"], "enabled": False}]}
    aws.eks.update_cluster_config(name="demo", logging=asked)
    setups = aws.eks.describe_cluster(name="demo")["cluster"]["logging"]["clusterLogging"]
    assert setups[0] == {"types": ["api"], "enabled": True}
    assert "audit" in setups[1]["types"]


def test_a_version_goes_up_by_one(aws: Any, refused: Any) -> None:
    aws.cluster(version="1.34")
    upgrade = aws.eks.update_cluster_version
    refused("InvalidParameterException", upgrade, name="demo", version="1.36")
    refused("InvalidParameterException", upgrade, name="demo", version="1.34")
    update = upgrade(name="demo", version="1.35")["update"]
    assert update["type"] == "VersionUpdate"
    assert aws.eks.describe_cluster(name="demo")["cluster"]["version"] == "1.35"


def test_protection_and_contents_keep_a_cluster(aws: Any, refused: Any) -> None:
    cluster = aws.cluster(deletionProtection=True)
    refused("InvalidRequestException", aws.eks.delete_cluster, name="demo")
    aws.eks.update_cluster_config(name="demo", deletionProtection=False)
    aws.eks.list_clusters()
    aws.nodegroup(cluster)
    refused("ResourceInUseException", aws.eks.delete_cluster, name="demo")
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="core")
    aws.eks.delete_cluster(name="demo")
    assert aws.eks.list_clusters()["clusters"] == []


def test_encryption_is_for_once_and_for_good(aws: Any, refused: Any) -> None:
    aws.cluster()
    config = [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:us-west-2:1:key/k"}}]
    associate = aws.eks.associate_encryption_config
    associate(clusterName="demo", encryptionConfig=config)
    assert aws.eks.describe_cluster(name="demo")["cluster"]["encryptionConfig"] == config
    refused("ResourceInUseException", associate, clusterName="demo", encryptionConfig=config)


def test_the_authentication_mode_does_not_go_back(aws: Any, refused: Any) -> None:
    aws.cluster()
    change = aws.eks.update_cluster_config
    change(name="demo", accessConfig={"authenticationMode": "API"})
    found = aws.eks.describe_cluster(name="demo")["cluster"]["accessConfig"]
    assert found["authenticationMode"] == "API"
    back = {"authenticationMode": "API_AND_CONFIG_MAP"}
    refused("InvalidParameterException", change, name="demo", accessConfig=back)


def test_versions_have_terms_of_support(aws: Any) -> None:
    versions = aws.eks.describe_cluster_versions()["clusterVersions"]
    assert sum(version["defaultVersion"] for version in versions) == 1
    newest = versions[0]
    assert newest["versionStatus"] == "STANDARD_SUPPORT"
    assert newest["endOfExtendedSupportDate"] > newest["endOfStandardSupportDate"]
    extended = aws.eks.describe_cluster_versions(versionStatus="EXTENDED_SUPPORT")["clusterVersions"]
    assert extended
    assert all(version["versionStatus"] == "EXTENDED_SUPPORT" for version in extended)


def test_endpoint_and_certificate_can_be_those_of_a_real_server(aws: Any) -> None:
    aws.settings(cluster_endpoint="https://127.0.0.1:6443", cluster_certificate_authority="YQ==")
    aws.cluster()
    found = aws.eks.describe_cluster(name="demo")["cluster"]
    assert found["endpoint"] == "https://127.0.0.1:6443"
    assert found["certificateAuthority"]["data"] == "YQ=="


def test_insights_tell_of_add_ons_that_do_not_fit(aws: Any) -> None:
    aws.cluster(version="1.34")
    aws.eks.create_addon(clusterName="demo", addonName="kube-proxy")
    insights = aws.eks.list_insights(clusterName="demo", filter={"statuses": ["ERROR"]})["insights"]
    assert [insight["name"] for insight in insights] == ["EKS add-on version compatibility"]
    found = aws.eks.describe_insight(clusterName="demo", id=insights[0]["id"])["insight"]
    assert found["recommendation"]
