"""IAM: trust policies that are read, policies that are attached, service-linked roles.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.iam.models import IAMBackend, iam_backends

from .. import clock
from ..call import Call
from ..errors import Refusal
from ..patch import wrap
from ..registry import before, operation
from . import quotas

_ROLE = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):role/(?:.*/)?([^/]+)")
_USER = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):user/(?:.*/)?([^/]+)")


def _iam_of(call: Call) -> Any:
    return iam_backends[call.account]["aws"]


@before("iam", "CreateRole")
def _check_trust_of_new_role(call: Call) -> None:
    quotas.check(call, "iam", "L-FE177D64", len(_iam_of(call).roles) + 1, "LimitExceeded")
    _check_trust(call, call.params["AssumeRolePolicyDocument"])


@wrap(IAMBackend, "create_role")
def _create_role(create: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
    """Other services see a new role only after a while: when it was made is kept."""
    role = create(iam, *args, **kwargs)
    role.made_at = clock.now(iam.account_id)
    return role


@before("iam", "UpdateAssumeRolePolicy")
def _check_changed_trust(call: Call) -> None:
    _check_trust(call, call.params["PolicyDocument"])


def _check_trust(call: Call, text: str) -> None:
    try:
        document = json.loads(text)
    except ValueError:
        raise _malformed("This policy contains invalid Json") from None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise _malformed("Syntax errors in policy.")
    if document.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        raise _malformed("The policy must contain a valid version string")
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        _check_statement(call, statement)


def _check_statement(call: Call, statement: dict[str, Any]) -> None:
    if "Resource" in statement:
        raise _malformed("Has prohibited field Resource")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("Syntax error: Effect has to be Allow or Deny")
    if "Principal" not in statement and "NotPrincipal" not in statement:
        raise _malformed("Missing required field Principal")
    actions = statement.get("Action", [])
    for action in actions if isinstance(actions, list) else [actions]:
        if not action.startswith("sts:") and action != "*":
            raise _malformed("AssumeRole policy may only specify STS AssumeRole actions.")
    principal = statement.get("Principal", {})
    if isinstance(principal, dict):
        for name in _listed(principal.get("AWS")) + _listed(principal.get("Federated")):
            _check_principal(call, name)


def _check_principal(call: Call, name: str) -> None:
    """A role, user or provider of this account has to exist."""
    iam = _iam_of(call)
    for pattern, there in ((_ROLE, iam.roles.values()), (_USER, iam.users.values())):
        found = pattern.fullmatch(name)
        if found and found[1] == call.account and found[2] not in {thing.name for thing in there}:
            raise _malformed(f'Invalid principal in policy: "AWS":"{name}"')


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _malformed(message: str) -> Refusal:
    return Refusal("MalformedPolicyDocument", message)


@before("iam", "DeletePolicy")
def _check_unattached(call: Call) -> None:
    iam, arn = _iam_of(call), call.params["PolicyArn"]
    policy = iam.managed_policies.get(arn)
    if policy is None:
        return
    holders = [*iam.roles.values(), *iam.users.values(), *iam.groups.values()]
    if any(arn in holder.managed_policies for holder in holders):
        raise Refusal("DeleteConflict", "Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise Refusal(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy.",
        )


@before("iam", "AttachRolePolicy")
def _check_number_of_policies(call: Call) -> None:
    for role in _iam_of(call).roles.values():
        if role.name == call.params["RoleName"]:
            count = len(set(role.managed_policies) | {call.params["PolicyArn"]})
            quotas.check(call, "iam", "L-0DA4ABF3", count, "LimitExceeded")


@before("iam", "CreateServiceLinkedRole")
def _check_new_linked_role(call: Call) -> None:
    service = call.params["AWSServiceName"]
    for role in _iam_of(call).roles.values():
        if f"/aws-service-role/{service}/" in role.arn:
            raise Refusal(
                "InvalidInput",
                f"Service role name {role.name} has been taken in this account, please try a different suffix.",
            )


@before("iam", "CreateOpenIDConnectProvider")
def _check_issuer(call: Call) -> None:
    url = call.params.get("Url", "")
    if not url.startswith("https://"):
        raise Refusal("ValidationError", "The provider URL has to begin with https://")


@operation("iam", "AddClientIDToOpenIDConnectProvider")
def add_client_id(call: Call) -> dict[str, Any]:
    """One that is there already stays: "idempotent", says
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html.
    """
    provider = _iam_of(call).get_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    if call.params["ClientID"] not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, call.params["ClientID"]]
    return {}


@operation("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_client_id(call: Call) -> dict[str, Any]:
    """One that is not there may be removed.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html
    """
    provider = _iam_of(call).get_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    provider.client_id_list = [n for n in provider.client_id_list if n != call.params["ClientID"]]
    return {}


@operation("iam", "ListInstanceProfileTags")
def list_instance_profile_tags(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfileTags.html."""
    profile = _iam_of(call).get_instance_profile(call.params["InstanceProfileName"])
    return {"Tags": list(profile.tags), "IsTruncated": False}


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """Everything is allowed, as everything is: moto enforces no policies either."""
    actions = call.params.get("ActionNames") or []
    resources = call.params.get("ResourceArns") or ["*"]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _decision(call, action),
        }
        for action in actions
        for resource in resources
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def _decision(call: Call, action: str) -> str:
    """Denied if a fault for AccessDenied is waiting for the operation."""
    from .. import settings

    service, name = action.split(":")
    for fault in settings.of(call.account).faults:
        wanted = (fault.get("service"), fault.get("operation"))
        if "AccessDenied" in fault.get("error", "") and wanted == (service, name):
            return "implicitDeny" if fault.get("times", 1) > 0 else "allowed"
    return "allowed"
