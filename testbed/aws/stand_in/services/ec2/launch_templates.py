"""Launch templates.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html: a version inherits
from its source. moto also tags instances with the tags of the template, shows fifteen templates at most
and never refuses an unknown id.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.utils import parse_user_data

from ...call import Call
from ...errors import Refusal
from ...registry import before, operation
from .common import ec2_of, tag_list, tags_for


def _creator(call: Call) -> str:
    return f"arn:aws:iam::{call.account}:root"


def _of(call: Call) -> Any:
    ec2, params = ec2_of(call), call.params
    number, name = params.get("LaunchTemplateId"), params.get("LaunchTemplateName")
    if number and name:
        raise Refusal(
            "InvalidParameterCombination", "Name the template by its id or by its name, not both."
        )
    _check_exists(ec2, [number] if number else [], [name] if name else [])
    return ec2.launch_templates[number or ec2.launch_template_name_to_ids[name]]


def _check_exists(ec2: Any, numbers: list[str], names: list[str]) -> None:
    for number in numbers:
        if number not in ec2.launch_templates:
            raise Refusal(
                "InvalidLaunchTemplateId.NotFound",
                f"The specified launch template, with template ID {number}, does not exist.",
            )
    for name in names:
        if name not in ec2.launch_template_name_to_ids:
            raise Refusal(
                "InvalidLaunchTemplateName.NotFoundException",
                f"The specified launch template, with template name {name}, does not exist.",
            )


def _data(call: Call) -> dict[str, Any]:
    data = copy.deepcopy(dict(call.params.get("LaunchTemplateData") or {}))
    if data.get("UserData") is not None:
        data["UserData"] = parse_user_data(data["UserData"])
    return data


@operation("ec2", "CreateLaunchTemplate")
def create_launch_template(call: Call) -> dict[str, Any]:
    """Make a template with its first version."""
    ec2, params = ec2_of(call), call.params
    tags = {"launch-template": tags_for(call, "launch-template")}
    template = ec2.create_launch_template(
        params["LaunchTemplateName"], params.get("VersionDescription"), _data(call), tags
    )
    return {"LaunchTemplate": _describe(call, template)}


def _describe(call: Call, template: Any) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "CreateTime": template.create_time,
        "CreatedBy": _creator(call),
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.latest_version_number,
        "Tags": tag_list(ec2_of(call), template.id),
    }


@operation("ec2", "DescribeLaunchTemplates")
def describe_launch_templates(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html."""
    ec2, params = ec2_of(call), call.params
    numbers, names = params.get("LaunchTemplateIds") or [], params.get("LaunchTemplateNames") or []
    _check_exists(ec2, numbers, names)
    filters = {item["Name"]: item["Values"] for item in params.get("Filters") or []}
    found = ec2.describe_launch_templates(names, numbers, filters)
    start, size = int(params.get("NextToken") or 0), int(params.get("MaxResults") or 200)
    end = start + size
    return {
        "LaunchTemplates": [_describe(call, template) for template in found[start:end]],
        "NextToken": str(end) if end < len(found) else None,
    }


@operation("ec2", "CreateLaunchTemplateVersion")
def create_launch_template_version(call: Call) -> dict[str, Any]:
    """Add a version: what it does not say is taken from the source version, if one is named."""
    template, params = _of(call), call.params
    data = _data(call)
    source = params.get("SourceVersion")
    if source:
        data = copy.deepcopy(template.get_version(source).data) | data
    version = template.create_version(data, params.get("VersionDescription"))
    shown = {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description,
        "CreateTime": version.create_time,
        "CreatedBy": _creator(call),
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": data,
    }
    return {"LaunchTemplateVersion": shown}


@before("ec2", "DeleteLaunchTemplate", "DescribeLaunchTemplateVersions", "ModifyLaunchTemplate")
def _check_template(call: Call) -> None:
    if call.params.get("LaunchTemplateId") or call.params.get("LaunchTemplateName"):
        _of(call)


@operation("ec2", "DeleteLaunchTemplateVersions")
def delete_launch_template_versions(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html."""
    template = _of(call)
    done, failed = [], []
    for wanted in call.params["Versions"]:
        found = [v for v in template.versions if str(v.number) == wanted]
        item = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
        item["VersionNumber"] = wanted
        if not found or template.is_default(found[0]):
            code = "launchTemplateVersionDoesNotExist" if not found else "unexpectedError"
            failed.append(item | {"ResponseError": {"Code": code, "Message": "it cannot be deleted"}})
        else:
            template.versions.remove(found[0])
            done.append(item)
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": done,
        "UnsuccessfullyDeletedLaunchTemplateVersions": failed,
    }
