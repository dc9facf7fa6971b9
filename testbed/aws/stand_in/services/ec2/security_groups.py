"""Security groups and their rules.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from ...call import Call
from ...errors import Refusal
from ...patch import wrap
from ...registry import before
from .common import ec2_of, violation


@wrap(SecurityGroups, "create_security_group")
def _create_security_group(create: Any, response: Any) -> Any:
    """moto's answer has no tags."""
    made = create(response)
    result = made.result
    tags = response.ec2_backend.tags.get(result["GroupId"], {})
    return ActionResult(result | {"Tags": [{"Key": k, "Value": v} for k, v in tags.items()]})


@before("ec2", "CreateSecurityGroup")
def _check_name(call: Call) -> None:
    name = call.params.get("GroupName", "")
    if name.startswith("sg-") or name == "default":
        raise Refusal("InvalidParameterValue", f"Invalid value '{name}' for groupName.")
    vpc = call.params.get("VpcId")
    if vpc:
        ec2_of(call).get_vpc(vpc)


@before("ec2", "DeleteSecurityGroup")
def _check_nothing_uses_it(call: Call) -> None:
    ec2, name = ec2_of(call), call.params.get("GroupId")
    group = ec2.get_security_group_from_id(name) if name else None
    if group is None or name is None:
        return
    if group.is_default:
        raise Refusal(
            "CannotDelete", f'the specified group: "{name}" name: "default" cannot be deleted by a user'
        )
    on_interfaces = any(name in [g.id for g in eni._group_set] for eni in ec2.enis.values())
    if on_interfaces or _is_referenced(ec2, name):
        raise violation(f"resource {name} has a dependent object")


def _is_referenced(ec2: Any, name: str) -> bool:
    others = (g for groups in ec2.groups.values() for g in groups.values() if g.id != name)
    rules = (rule for other in others for rule in (*other.ingress_rules, *other.egress_rules))
    return any(rule.source_group.get("GroupId") == name for rule in rules)


@before("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def _check_rules(call: Call) -> None:
    """A rule may refer to a group that exists only."""
    ec2 = ec2_of(call)
    for permission in call.params.get("IpPermissions") or []:
        for pair in permission.get("UserIdGroupPairs") or []:
            name = pair.get("GroupId")
            if name and ec2.get_security_group_from_id(name) is None:
                raise Refusal("InvalidGroup.NotFound", f"The security group '{name}' does not exist")


def _authorize(kind: str) -> None:
    """moto answers with the rules of the last permission only."""

    @wrap(SecurityGroups, f"authorize_security_group_{kind}")
    def authorize(_: Any, response: Any) -> Any:
        response.error_on_dryrun()
        add = getattr(response.ec2_backend, f"authorize_security_group_{kind}")
        asked = list(response._process_rules_from_querystring())
        rules = [rule for one in asked for rule in add(**one)[0]]
        return ActionResult({"Return": True, "SecurityGroupRules": rules})


_authorize("ingress")
_authorize("egress")


@wrap(SecurityGroupRule, "__init__")
def _new_rule(init: Any, rule: Any, *args: Any, **kwargs: Any) -> None:
    """Rules are filtered by their tags too."""
    init(rule, *args, **kwargs)
    rule.filters = dict(rule.filters)
    rule.filters.setdefault("tag-key", lambda values: bool(set(values) & set(_tags(rule))))


def _tags(rule: Any) -> dict[str, str]:
    return dict(rule.ec2_backend.tags.get(rule.id, {}))


@wrap(SecurityGroupRule, "matches_filter")
def _matches_filter(matches: Any, rule: Any, key: str, values: Any) -> Any:
    if key.startswith("tag:"):
        return _tags(rule).get(key.removeprefix("tag:")) in values
    return matches(rule, key, values)


def _description(rule: Any) -> str | None:
    """moto tells the description of ranges only."""
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


SecurityGroupRule.description = property(_description)  # type: ignore[assignment]
