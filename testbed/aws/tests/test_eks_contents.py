"""What is in a cluster: node groups, profiles, add-ons, access, identities, tags."""

from __future__ import annotations

import json
from typing import Any


def _group(aws: Any, name: str = "core") -> Any:
    return aws.eks.describe_nodegroup(clusterName="demo", nodegroupName=name)["nodegroup"]


def test_a_node_group_has_phases_and_holds_its_network(aws: Any, refused: Any) -> None:
    cluster = aws.cluster()
    aws.settings(delays={"eks:nodegroup": 60, "eks:nodegroup:delete": 60})
    sizes = {"minSize": 1, "maxSize": 3, "desiredSize": 3}
    made = aws.nodegroup(cluster, scalingConfig=sizes, tags={"a": "b"}, labels={"l": "m"})
    assert made["status"] == "CREATING"
    aws.control("POST", "clock", {"advance": 60})
    found = _group(aws)
    assert (found["status"], found["health"]) == ("ACTIVE", {"issues": []})
    assert found["version"] == cluster["version"]
    assert found["labels"] == {"l": "m"}
    subnet = cluster["resourcesVpcConfig"]["subnetIds"][0]
    filters = [{"Name": "subnet-id", "Values": [subnet]}]
    assert len(aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]) == 3
    entries = aws.eks.list_access_entries(clusterName="demo")["accessEntries"]
    assert found["nodeRole"] in entries
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="core")
    assert _group(aws)["status"] == "DELETING"
    aws.control("POST", "clock", {"advance": 60})
    assert aws.eks.list_nodegroups(clusterName="demo")["nodegroups"] == []
    assert len(aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]) == 1


def test_nodes_that_cannot_join_fail_their_group(aws: Any) -> None:
    cluster = aws.cluster()
    role = aws.role("bare", "ec2.amazonaws.com")
    subnets = cluster["resourcesVpcConfig"]["subnetIds"]
    values = {"clusterName": "demo", "nodeRole": role, "subnets": subnets}
    aws.eks.create_nodegroup(nodegroupName="bare", **values)
    found = _group(aws, "bare")
    assert found["status"] == "CREATE_FAILED"
    assert found["health"]["issues"][0]["code"] == "NodeCreationFailure"
    aws.settings(nodes_must_join=False)
    aws.eks.create_nodegroup(nodegroupName="again", **values)
    assert _group(aws, "again")["status"] == "ACTIVE"


def test_a_failure_can_be_asked_for(aws: Any) -> None:
    cluster = aws.cluster()
    aws.settings(failures=[{"kind": "eks:nodegroup", "code": "AsgInstanceLaunchFailures"}])
    aws.nodegroup(cluster)
    assert _group(aws)["health"]["issues"][0]["code"] == "AsgInstanceLaunchFailures"


def test_a_node_group_is_changed_by_updates(aws: Any, refused: Any) -> None:
    aws.nodegroup(aws.cluster())
    update = aws.eks.update_nodegroup_config(
        clusterName="demo",
        nodegroupName="core",
        scalingConfig={"maxSize": 5},
        labels={"addOrUpdateLabels": {"x": "y"}},
        taints={"addOrUpdateTaints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]},
    )["update"]
    assert (update["status"], update["type"]) == ("InProgress", "ConfigUpdate")
    about = {"name": "demo", "nodegroupName": "core"}
    found = aws.eks.describe_update(updateId=update["id"], **about)["update"]
    assert found["status"] == "Successful"
    refused("ResourceNotFoundException", aws.eks.describe_update, name="demo", updateId=update["id"])
    group = _group(aws)
    assert group["scalingConfig"] == {"minSize": 1, "maxSize": 5, "desiredSize": 2}
    assert group["labels"] == {"x": "y"}
    assert group["taints"][0]["effect"] == "NO_SCHEDULE"


def test_a_launch_template_version_is_rolled_out(aws: Any, refused: Any) -> None:
    cluster = aws.cluster()
    aws.eks.list_clusters()
    data = {"MetadataOptions": {"HttpTokens": "required"}}
    template = aws.ec2.create_launch_template(LaunchTemplateName="t", LaunchTemplateData=data)
    number = template["LaunchTemplate"]["LaunchTemplateId"]
    wrong = {"launchTemplate": {"id": number, "version": "9"}}
    refused("InvalidParameterException", lambda: aws.nodegroup(cluster, "wrong", **wrong))
    aws.nodegroup(cluster, launchTemplate={"id": number})
    assert _group(aws)["launchTemplate"] == {"id": number, "name": "t", "version": "1"}
    aws.ec2.create_launch_template_version(
        LaunchTemplateId=number, SourceVersion="1", LaunchTemplateData={"KeyName": "k"}
    )
    aws.eks.update_nodegroup_version(
        clusterName="demo", nodegroupName="core", launchTemplate={"id": number, "version": "2"}
    )
    assert _group(aws)["launchTemplate"]["version"] == "2"


def test_nodes_follow_the_version_of_the_cluster(aws: Any, refused: Any) -> None:
    aws.nodegroup(aws.cluster(version="1.34"))
    upgrade = aws.eks.update_nodegroup_version
    values = {"clusterName": "demo", "nodegroupName": "core"}
    refused("InvalidParameterException", upgrade, **values, version="1.35")
    aws.eks.update_cluster_version(name="demo", version="1.35")
    aws.eks.list_clusters()
    update = upgrade(**values)["update"]
    assert update["type"] == "VersionUpdate"
    assert _group(aws)["version"] == "1.35"


def test_profiles_come_and_go_one_at_a_time(aws: Any, refused: Any) -> None:
    aws.cluster()
    vpc = aws.eks.describe_cluster(name="demo")["cluster"]["resourcesVpcConfig"]["vpcId"]
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    private = aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.50.0/24")["Subnet"]["SubnetId"]
    aws.ec2.associate_route_table(RouteTableId=table, SubnetId=private)
    role = aws.role("pods", "eks-fargate-pods.amazonaws.com")
    values = {
        "clusterName": "demo",
        "podExecutionRoleArn": role,
        "subnets": [private],
        "selectors": [{"namespace": "airflow"}],
    }
    aws.settings(delays={"eks:fargateprofile": 60, "eks:fargateprofile:delete": 60})
    create, delete = aws.eks.create_fargate_profile, aws.eks.delete_fargate_profile
    assert create(fargateProfileName="one", **values)["fargateProfile"]["status"] == "CREATING"
    refused("ResourceInUseException", create, fargateProfileName="two", **values)
    aws.control("POST", "clock", {"advance": 60})
    create(fargateProfileName="two", **values)
    aws.control("POST", "clock", {"advance": 60})
    delete(clusterName="demo", fargateProfileName="one")
    two = {"clusterName": "demo", "fargateProfileName": "two"}
    refused("ResourceInUseException", delete, **two)
    refused("ResourceInUseException", aws.eks.delete_cluster, name="demo")
    aws.control("POST", "clock", {"advance": 60})
    found = aws.eks.list_fargate_profiles(clusterName="demo")["fargateProfileNames"]
    assert found == ["two"]
    wrong = values | {"podExecutionRoleArn": aws.role("x", "ec2.amazonaws.com")}
    refused("InvalidParameterException", create, fargateProfileName="three", **wrong)


def test_add_ons_have_versions_for_each_cluster_version(aws: Any) -> None:
    found = aws.eks.describe_addon_versions(kubernetesVersion="1.35", addonName="vpc-cni")["addons"]
    versions = found[0]["addonVersions"]
    assert len(versions) > 1
    defaults = [
        version["addonVersion"]
        for version in versions
        if version["compatibilities"][0]["defaultVersion"]
    ]
    assert len(defaults) == 1
    everything = aws.eks.describe_addon_versions()["addons"]
    names = {addon["addonName"] for addon in everything}
    assert names >= {"vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent", "metrics-server"}
    schema = aws.eks.describe_addon_configuration(
        addonName="vpc-cni", addonVersion=versions[0]["addonVersion"]
    )
    assert "env" in schema["configurationSchema"]
    assert schema["podIdentityConfiguration"][0]["serviceAccount"] == "aws-node"


def test_an_add_on_comes_changes_and_goes(aws: Any, refused: Any) -> None:
    aws.cluster()
    create = aws.eks.create_addon
    values = {"clusterName": "demo", "addonName": "vpc-cni"}
    refused("InvalidParameterException", create, clusterName="demo", addonName="none")
    refused("InvalidParameterException", create, **values, addonVersion="v0.0.1")
    refused("InvalidParameterException", create, **values, configurationValues='{"no": 1}')
    made = create(**values, tags={"a": "b"}, configurationValues='{"env": {"X": "1"}}')["addon"]
    assert made["status"] == "CREATING"
    found = aws.eks.describe_addon(**values)["addon"]
    assert found["status"] == "ACTIVE"
    refused("ResourceInUseException", create, **values)
    versions = aws.eks.describe_addon_versions(kubernetesVersion="1.35", addonName="vpc-cni")
    newest = versions["addons"][0]["addonVersions"][0]["addonVersion"]
    update = aws.eks.update_addon(**values, addonVersion=newest)["update"]
    assert update["type"] == "AddonUpdate"
    after = aws.eks.describe_addon(**values)["addon"]
    assert after["addonVersion"] == newest
    assert after["configurationValues"] == found["configurationValues"]
    assert aws.eks.delete_addon(**values)["addon"]["status"] == "DELETING"
    refused("ResourceNotFoundException", aws.eks.describe_addon, **values)


def test_an_add_on_without_nodes_is_degraded(aws: Any) -> None:
    cluster = aws.cluster()
    aws.eks.create_addon(clusterName="demo", addonName="coredns")
    about = {"clusterName": "demo", "addonName": "coredns"}
    found = aws.eks.describe_addon(**about)["addon"]
    assert found["status"] == "DEGRADED"
    assert found["health"]["issues"][0]["code"] == "InsufficientNumberOfReplicas"
    aws.nodegroup(cluster)
    assert aws.eks.describe_addon(**about)["addon"]["status"] == "ACTIVE"


def test_an_add_on_brings_its_associations(aws: Any, refused: Any) -> None:
    aws.cluster()
    role = aws.role("cni", "pods.eks.amazonaws.com")
    wanted = [{"serviceAccount": "aws-node", "roleArn": role}]
    values = {"clusterName": "demo", "addonName": "vpc-cni"}
    made = aws.eks.create_addon(**values, podIdentityAssociations=wanted)["addon"]
    found = aws.eks.list_pod_identity_associations(clusterName="demo")["associations"]
    assert [item["associationArn"] for item in found] == made["podIdentityAssociations"]
    number = found[0]["associationId"]
    delete = aws.eks.delete_pod_identity_association
    refused("InvalidRequestException", delete, clusterName="demo", associationId=number)
    aws.eks.delete_addon(**values)
    assert aws.eks.list_pod_identity_associations(clusterName="demo")["associations"] == []


def test_pod_identity_associations(aws: Any, refused: Any) -> None:
    aws.cluster()
    role = aws.role("pods", "pods.eks.amazonaws.com")
    values = {"clusterName": "demo", "namespace": "airflow", "serviceAccount": "worker"}
    create = aws.eks.create_pod_identity_association
    wrong = aws.role("wrong", "ec2.amazonaws.com")
    refused("InvalidParameterException", create, **values, roleArn=wrong)
    made = create(**values, roleArn=role, tags={"a": "b"})["association"]
    refused("ResourceInUseException", create, **values, roleArn=role)
    about = {"clusterName": "demo", "associationId": made["associationId"]}
    other = aws.role("other", "pods.eks.amazonaws.com")
    aws.eks.update_pod_identity_association(**about, roleArn=other)
    found = aws.eks.describe_pod_identity_association(**about)["association"]
    assert (found["roleArn"], found["tags"]) == (other, {"a": "b"})
    aws.eks.delete_pod_identity_association(**about)
    refused("ResourceNotFoundException", aws.eks.describe_pod_identity_association, **about)


def test_access_entries_and_policies(aws: Any, refused: Any) -> None:
    aws.cluster()
    role = aws.role("admin", "ec2.amazonaws.com")
    about = {"clusterName": "demo", "principalArn": role}
    aws.eks.create_access_entry(**about, kubernetesGroups=["readers"], tags={"a": "b"})
    refused("ResourceInUseException", aws.eks.create_access_entry, **about)
    none = {"clusterName": "demo", "principalArn": f"arn:aws:iam::{aws.account}:role/none"}
    refused("InvalidParameterException", aws.eks.create_access_entry, **none)
    policies = aws.eks.list_access_policies()["accessPolicies"]
    arn = next(p["arn"] for p in policies if p["name"] == "AmazonEKSClusterAdminPolicy")
    scope = {"type": "cluster"}
    aws.eks.associate_access_policy(**about, policyArn=arn, accessScope=scope)
    found = aws.eks.list_associated_access_policies(**about)["associatedAccessPolicies"]
    assert [policy["policyArn"] for policy in found] == [arn]
    aws.eks.update_access_entry(**about, kubernetesGroups=["writers"])
    entry = aws.eks.describe_access_entry(**about)["accessEntry"]
    assert (entry["kubernetesGroups"], entry["type"]) == (["writers"], "STANDARD")
    aws.eks.disassociate_access_policy(**about, policyArn=arn)
    assert aws.eks.list_associated_access_policies(**about)["associatedAccessPolicies"] == []
    aws.eks.delete_access_entry(**about)
    refused("ResourceNotFoundException", aws.eks.describe_access_entry, **about)


def test_access_entries_need_their_mode(aws: Any, refused: Any) -> None:
    aws.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    refused("InvalidRequestException", aws.eks.list_access_entries, clusterName="demo")


def test_everything_with_an_arn_is_tagged(aws: Any, refused: Any) -> None:
    cluster = aws.cluster(tags={"a": "b"})
    group = aws.nodegroup(cluster, tags={"a": "b"})
    addon = aws.eks.create_addon(clusterName="demo", addonName="vpc-cni", tags={"a": "b"})["addon"]
    for arn in (cluster["arn"], group["nodegroupArn"], addon["addonArn"]):
        aws.eks.tag_resource(resourceArn=arn, tags={"c": "d"})
        aws.eks.untag_resource(resourceArn=arn, tagKeys=["a"])
        assert aws.eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "d"}
    missing = cluster["arn"].replace("demo", "none")
    refused("NotFoundException", aws.eks.list_tags_for_resource, resourceArn=missing)


def test_a_dump_tells_everything_and_no_time(aws: Any) -> None:
    aws.nodegroup(aws.cluster())
    text = json.dumps(aws.control("GET", "dump"))
    assert all(
        word in text for word in ('"cluster": {"demo"', "demo/core", "demo-cluster", "10.0.0.0/16")
    )
    assert "2026-" not in text and "createdAt" not in text


def test_an_identity_provider_comes_and_goes(aws: Any, refused: Any) -> None:
    aws.cluster()
    config = {
        "identityProviderConfigName": "sso",
        "issuerUrl": "https://issuer.example.com",
        "clientId": "kubernetes",
    }
    aws.eks.associate_identity_provider_config(clusterName="demo", oidc=config)
    about = {"clusterName": "demo", "identityProviderConfig": {"type": "oidc", "name": "sso"}}
    found = aws.eks.describe_identity_provider_config(**about)["identityProviderConfig"]["oidc"]
    assert (found["status"], found["issuerUrl"]) == ("ACTIVE", "https://issuer.example.com")
    aws.eks.disassociate_identity_provider_config(**about)
    refused("ResourceNotFoundException", aws.eks.describe_identity_provider_config, **about)


def test_an_update_without_a_role_gives_an_addon_the_nodes_role(aws: Any) -> None:
    aws.cluster()
    role = aws.role("cni", "pods.eks.amazonaws.com")
    named = {"clusterName": "demo", "addonName": "vpc-cni"}
    aws.eks.create_addon(serviceAccountRoleArn=role, **named)
    assert aws.eks.describe_addon(**named)["addon"]["serviceAccountRoleArn"] == role
    aws.eks.update_addon(resolveConflicts="OVERWRITE", **named)
    assert "serviceAccountRoleArn" not in aws.eks.describe_addon(**named)["addon"]
