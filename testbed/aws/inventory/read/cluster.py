"""EKS: cluster, nodes, add-ons, who may enter."""

from __future__ import annotations

from typing import Any

from ..account import Account, tags_of, text

_AREA = "eks"


def read(account: Account) -> None:
    """Every cluster, and launch templates and instances, which are about nodes."""
    for name in account.all("eks", "list_clusters", "clusters"):
        _cluster(account, account.client("eks").describe_cluster(name=name)["cluster"])
        _contents(account, name)
    for item in account.all("ec2", "describe_launch_templates", "LaunchTemplates"):
        _template(account, item)


def _cluster(account: Account, item: dict[str, Any]) -> None:
    vpc = item["resourcesVpcConfig"]
    account.add(
        _AREA,
        f"cluster {item['name']}",
        item["tags"],
        status=item["status"],
        version=item["version"],
        role=_role(item["roleArn"]),
        endpoint__private=vpc["endpointPrivateAccess"],
        endpoint__public=vpc["endpointPublicAccess"],
        endpoint__public__from=vpc["publicAccessCidrs"] if vpc["endpointPublicAccess"] else None,
        subnets=[account.name(number) for number in vpc["subnetIds"]],
        security__groups=[account.name(number) for number in vpc["securityGroupIds"]],
        authentication=item["accessConfig"]["authenticationMode"],
        creator__is__admin=item["accessConfig"].get("bootstrapClusterCreatorAdminPermissions"),
        logs=[t for part in item["logging"]["clusterLogging"] if part["enabled"] for t in part["types"]],
        encrypted__with=[
            account.name(part["provider"]["keyArn"]) for part in item.get("encryptionConfig", [])
        ],
        ip__family=item["kubernetesNetworkConfig"]["ipFamily"],
        support=item["upgradePolicy"]["supportType"],
        deletion__protection=item.get("deletionProtection"),
        issues=[issue["code"] for issue in item["health"]["issues"]],
    )


def _contents(account: Account, cluster: str) -> None:
    eks = account.client("eks")
    named = {"clusterName": cluster}
    for name in account.all("eks", "list_nodegroups", "nodegroups", **named):
        _nodes(account, eks.describe_nodegroup(nodegroupName=name, **named)["nodegroup"])
    for name in account.all("eks", "list_addons", "addons", **named):
        item = eks.describe_addon(addonName=name, **named)["addon"]
        account.add(
            _AREA,
            f"add-on {name}",
            item["tags"],
            status=item["status"],
            version=item["addonVersion"],
            role=_role(item.get("serviceAccountRoleArn")),
            pod__identities=item.get("podIdentityAssociations"),
            configuration=item.get("configurationValues"),
        )
    for arn in account.all("eks", "list_access_entries", "accessEntries", **named):
        item = eks.describe_access_entry(principalArn=arn, **named)["accessEntry"]
        policies = account.all(
            "eks", "list_associated_access_policies", "associatedAccessPolicies", principalArn=arn, **named
        )
        account.add(
            _AREA,
            f"access of {arn.split(':', 5)[5]}",
            item["tags"],
            type=item["type"],
            groups=item["kubernetesGroups"],
            policies=[f"{p['policyArn'].split('/')[-1]} in {p['accessScope']['type']}" for p in policies],
        )
    for name in account.all("eks", "list_fargate_profiles", "fargateProfileNames", **named):
        item = eks.describe_fargate_profile(fargateProfileName=name, **named)["fargateProfile"]
        account.add(
            _AREA,
            f"fargate profile {name}",
            item["tags"],
            status=item["status"],
            role=_role(item["podExecutionRoleArn"]),
            subnets=[account.name(number) for number in item["subnets"]],
            selectors=[
                s["namespace"] + (f" with {text(s['labels'])}" if s.get("labels") else "")
                for s in item["selectors"]
            ],
        )
    for item in account.all("eks", "list_pod_identity_associations", "associations", **named):
        account.add(_AREA, f"pod identity of {item['namespace']}/{item['serviceAccount']}", there=True)


def _nodes(account: Account, item: dict[str, Any]) -> None:
    account.add(
        _AREA,
        f"node group {item['nodegroupName']}",
        item["tags"],
        status=item["status"],
        version=item["version"],
        capacity=item["capacityType"],
        instance__types=item["instanceTypes"],
        ami=item["amiType"],
        role=_role(item["nodeRole"]),
        subnets=[account.name(number) for number in item["subnets"]],
        sizes=item["scalingConfig"],
        labels=item["labels"],
        taints=[text(taint) for taint in item.get("taints", [])],
        update=item.get("updateConfig"),
        launch__template=item.get("launchTemplate", {}).get("name"),
        ssh=item.get("remoteAccess"),
        issues=[issue["code"] for issue in item["health"]["issues"]],
    )


def _template(account: Account, item: dict[str, Any]) -> None:
    shown = account.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=item["LaunchTemplateId"], Versions=["$Default"]
    )
    data = shown["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    metadata = data.get("MetadataOptions", {})
    disks = {d["DeviceName"]: d["Ebs"] for d in data.get("BlockDeviceMappings", [])}
    for device, disk in disks.items():
        shown_disk = {
            k: disk.get(k) for k in ("VolumeSize", "VolumeType", "Encrypted", "DeleteOnTermination")
        }
        account.add(_AREA, f"launch template {item['LaunchTemplateName']}", **{f"disk {device}": shown_disk})
    account.add(
        _AREA,
        f"launch template {item['LaunchTemplateName']}",
        item.get("Tags", []),
        imds__tokens=metadata.get("HttpTokens"),
        imds__hop__limit=metadata.get("HttpPutResponseHopLimit"),
        imds__endpoint=metadata.get("HttpEndpoint"),
        monitoring=data.get("Monitoring", {}).get("Enabled"),
        security__groups=[account.name(number) for number in data.get("SecurityGroupIds", [])],
        **{
            f"tags of {spec['ResourceType']}": tags_of(spec["Tags"])
            for spec in data.get("TagSpecifications", [])
        },
        image=data.get("ImageId"),
        instance__type=data.get("InstanceType"),
        key=data.get("KeyName"),
        user__data=bool(data.get("UserData")) or None,
    )


def _role(arn: str | None) -> str | None:
    return arn.split("/")[-1] if arn else None
