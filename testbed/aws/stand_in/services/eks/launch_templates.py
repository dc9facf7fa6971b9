"""Launch templates as node groups use them.

https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
"""

from __future__ import annotations

from typing import Any

from ...call import Call
from . import network
from .store import Cluster, Document, invalid


def resolve(call: Call, params: dict[str, Any]) -> dict[str, Any] | None:
    """Name, id and version of the template that a call asks for, which has to exist."""
    asked = params.get("launchTemplate")
    if not asked:
        return None
    template = _find(call, asked)
    if template is None:
        raise invalid(f"Launch template {asked.get('id') or asked.get('name')} was not found")
    version = str(asked.get("version") or template.default_version_number)
    if version in ("$Latest", "$Default"):
        number = (
            template.latest_version_number if version == "$Latest" else template.default_version_number
        )
        version = str(number)
    if version not in {str(known.number) for known in template.versions}:
        raise invalid(f"Launch template {template.id} has no version {version}")
    _check_overlap(params, _data(template, version))
    return {"id": template.id, "name": template.name, "version": version}


def _find(owner: Call | Cluster, asked: dict[str, Any]) -> Any | None:
    for template in network.ec2_of(owner).launch_templates.values():
        if asked.get("id") == template.id or asked.get("name") == template.name:
            return template
    return None


def _data(template: Any, version: str) -> dict[str, Any]:
    found = next(known for known in template.versions if str(known.number) == version)
    return dict(found.data)


def _check_overlap(params: dict[str, Any], data: dict[str, Any]) -> None:
    """What the template says must not be said beside it."""
    if params.get("diskSize"):
        raise invalid("Disk size must be specified within the launch template")
    if params.get("remoteAccess"):
        raise invalid("Remote access configuration cannot be specified with a launch template")
    if params.get("instanceTypes") and data.get("InstanceType"):
        raise invalid(
            "Instance types cannot be specified both in the launch template and in the API request"
        )
    if data.get("IamInstanceProfile"):
        raise invalid("Launch template should not specify an instance profile")
    for interface in _listed(data.get("NetworkInterfaces")):
        if interface.get("SubnetId"):
            raise invalid("Launch template should not specify subnets")


def groups_of(cluster: Cluster, document: Document) -> list[str]:
    """The security groups that the template of a node group gives its nodes."""
    asked = document.get("launchTemplate")
    template = _find(cluster, asked) if asked else None
    if template is None or not asked:
        return []
    data = _data(template, str(asked["version"]))
    groups = list(_listed(data.get("SecurityGroupIds")))
    for interface in _listed(data.get("NetworkInterfaces")):
        groups += _listed(interface.get("Groups"))
    there = network.ec2_of(cluster)
    return [group for group in groups if there.get_security_group_from_id(group) is not None]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value or [])
