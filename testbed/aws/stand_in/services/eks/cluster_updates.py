"""Changes of clusters: configuration, version, encryption.

https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterVersion.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateEncryptionConfig.html.
"""

from __future__ import annotations

from typing import Any

from ...call import Call
from ...registry import operation
from . import network, updates, versions
from .clusters import logging_of
from .store import Cluster, cluster_of, in_use, invalid, remember, repeated

_PHASE = "eks:cluster:update"
_MODES = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
_ENDPOINT = {"endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"}
# What is asked by a member, the type of its update, and the name of its parameter.
_KINDS = {
    "logging": ("LoggingUpdate", "ClusterLogging"),
    "accessConfig": ("AccessConfigUpdate", "AuthenticationMode"),
    "upgradePolicy": ("UpgradePolicyUpdate", "UpgradePolicy"),
    "zonalShiftConfig": ("ZonalShiftConfigUpdate", "ZonalShiftConfig"),
    "remoteNetworkConfig": ("RemoteNetworkConfigUpdate", "RemoteNodeNetworks"),
    "computeConfig": ("AutoModeUpdate", "ComputeConfig"),
    "storageConfig": ("AutoModeUpdate", "StorageConfig"),
    "kubernetesNetworkConfig": ("AutoModeUpdate", "KubernetesNetworkConfig"),
    "deletionProtection": ("DeletionProtectionUpdate", "DeletionProtection"),
    "controlPlaneScalingConfig": ("ControlPlaneScalingConfigUpdate", "ControlPlaneScalingConfig"),
}


def _ready(call: Call) -> Cluster:
    cluster = cluster_of(call)
    if cluster.document["status"] != "ACTIVE":
        raise in_use(
            f"Cannot update cluster {cluster.name}: its status is {cluster.document['status']}",
            clusterName=cluster.name,
        )
    return cluster


@operation("eks", "UpdateClusterConfig")
def update_cluster_config(call: Call) -> dict[str, Any]:
    """Change one kind of setting; what is not named stays."""
    cluster = cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"update": earlier}
    _ready(call)
    asked = {
        name: value
        for name, value in call.params.items()
        if name not in ("name", "clientRequestToken") and value is not None
    }
    kinds = {"AutoMode" if name in _AUTO_MODE else name for name in asked}
    if not kinds:
        raise invalid("No changes needed for the update: it names nothing", clusterName=cluster.name)
    if len(kinds) > 1:
        raise invalid(
            f"Only one type of update can be allowed, not {sorted(kinds)}", clusterName=cluster.name
        )
    if "resourcesVpcConfig" in asked:
        update = _update_vpc_config(call, cluster, asked["resourcesVpcConfig"])
    else:
        update = _update_members(cluster, asked)
    remember(cluster.tokens, call, update)
    return {"update": update}


_AUTO_MODE = {"computeConfig", "storageConfig", "kubernetesNetworkConfig"}


def _update_members(cluster: Cluster, asked: dict[str, Any]) -> dict[str, Any]:
    document = cluster.document
    wanted = {name: _merged(document.get(name), name, value) for name, value in asked.items()}
    if all(document.get(name) == value for name, value in wanted.items()):
        raise invalid("No changes needed for the update", clusterName=cluster.name)
    if "accessConfig" in wanted:
        _check_mode(cluster, wanted["accessConfig"]["authenticationMode"])
    kind = _KINDS.get(next(iter(asked)), ("ConfigUpdate", ""))[0]
    params = {_KINDS[name][1]: value for name, value in asked.items() if name in _KINDS}
    return updates.begin(cluster, kind, params, document, _PHASE, lambda: document.update(wanted))


def _merged(before: Any, name: str, asked: Any) -> Any:
    if name == "logging":
        return logging_of(asked, before)
    return {**before, **asked} if isinstance(before, dict) and isinstance(asked, dict) else asked


def _check_mode(cluster: Cluster, mode: str) -> None:
    """The mode goes from the config map to the API and never back."""
    before = cluster.document["accessConfig"]["authenticationMode"]
    if _MODES.index(mode) < _MODES.index(before):
        raise invalid(
            f"Unsupported authentication mode update from {before} to {mode}", clusterName=cluster.name
        )


def _update_vpc_config(call: Call, cluster: Cluster, asked: dict[str, Any]) -> dict[str, Any]:
    before = cluster.document["resourcesVpcConfig"]
    wanted = {**before, **asked}
    if wanted == before:
        raise invalid("Cluster is already at the desired configuration", clusterName=cluster.name)
    if not wanted["endpointPublicAccess"] and not wanted["endpointPrivateAccess"]:
        raise invalid("Private and public endpoint access cannot both be turned off")
    if _ENDPOINT & set(asked):
        names = {name: name[0].upper() + name[1:] for name in asked}
        kind, params = "EndpointAccessUpdate", {names[name]: value for name, value in asked.items()}
    else:
        network.subnets_for_cluster(call, wanted["subnetIds"])
        network.check_groups(call, wanted["securityGroupIds"], before["vpcId"])
        params = {"Subnets": wanted["subnetIds"], "SecurityGroups": wanted["securityGroupIds"]}
        kind = "VpcConfigUpdate"

    def finish() -> None:
        before.update(asked)
        network.remove_interfaces(cluster, cluster.interfaces)
        network.make_interfaces(cluster, network.existing_subnets(cluster, before["subnetIds"]))

    return updates.begin(cluster, kind, params, cluster.document, _PHASE, finish)


@operation("eks", "UpdateClusterVersion")
def update_cluster_version(call: Call) -> dict[str, Any]:
    """Upgrade the control plane by one minor version; nodes may be three behind at most."""
    cluster = cluster_of(call)
    earlier = repeated(cluster.tokens, call)
    if earlier is not None:
        return {"update": earlier}
    _ready(call)
    document, name = cluster.document, call.params["version"]
    wanted = versions.find(name)
    now = int(document["version"].split(".")[1])
    if wanted.minor == now:
        raise invalid(f"Cluster is already at version {name}", clusterName=cluster.name)
    if wanted.minor != now + 1:
        raise invalid(
            f"Unsupported Kubernetes minor version update from {document['version']} to {name}",
            clusterName=cluster.name,
        )
    _check_node_skew(cluster, wanted.minor)

    def finish() -> None:
        document.update(version=wanted.name, platformVersion=wanted.platform)

    params = {"Version": wanted.name, "PlatformVersion": wanted.platform}
    update = updates.begin(cluster, "VersionUpdate", params, document, "eks:cluster:version", finish)
    remember(cluster.tokens, call, update)
    return {"update": update}


def _check_node_skew(cluster: Cluster, minor: int) -> None:
    """https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html: kubelets three minors behind."""
    for group in cluster.nodegroups.values():
        if minor - int(group["version"].split(".")[1]) > 3:
            raise invalid(
                f"Nodegroup {group['nodegroupName']} must be updated to match the cluster version before "
                "the cluster can be updated",
                clusterName=cluster.name,
                nodegroupName=group["nodegroupName"],
            )


@operation("eks", "AssociateEncryptionConfig")
def associate_encryption_config(call: Call) -> dict[str, Any]:
    """Encrypt secrets with a key; that is done once and for good."""
    cluster = _ready(call)
    document = cluster.document
    if document["encryptionConfig"]:
        raise in_use(
            f"Encryption is already enabled for cluster {cluster.name}", clusterName=cluster.name
        )
    config = call.params["encryptionConfig"]
    update = updates.begin(
        cluster,
        "AssociateEncryptionConfig",
        {"EncryptionConfig": config},
        document,
        _PHASE,
        lambda: document.update(encryptionConfig=config),
    )
    return {"update": update}
