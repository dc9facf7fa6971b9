"""IAM and KMS."""

from __future__ import annotations

import json
import re
from typing import Any

from ..account import Account, text
from ..policies import line, listed, mutating_everywhere, statements

_AREA = "iam"


def read(account: Account) -> None:
    """Roles with trust and policies, providers, and what nobody is to make; keys."""
    for item in account.all("iam", "list_roles", "Roles"):
        _role(account, item["RoleName"])
    for item in account.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        shown = account.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=item["Arn"])
        account.add(
            _AREA,
            "oidc provider " + "/".join(shown["Url"].split("/")[:-1]),
            shown.get("Tags", []),
            clients=shown["ClientIDList"],
        )
    for kind, operation, member, key in (
        ("policy", "list_policies", "Policies", "PolicyName"),
        ("user", "list_users", "Users", "UserName"),
        ("group", "list_groups", "Groups", "GroupName"),
        ("instance profile", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ):
        params: dict[str, Any] = {"Scope": "Local"} if kind == "policy" else {}
        for item in account.all("iam", operation, member, **params):
            account.add(_AREA, f"{kind} {item[key]}", there=True)


def _role(account: Account, name: str) -> None:
    iam = account.client("iam")
    role = iam.get_role(RoleName=name)["Role"]
    known = f"role {name}"
    if role["Path"].startswith("/aws-service-role/"):
        account.add(_AREA, f"service-linked role of {role['Path'].split('/')[2]}", there=True)
        return
    account.add(
        _AREA,
        known,
        role.get("Tags", []),
        path=role["Path"],
        session=role["MaxSessionDuration"],
        managed=[
            p["PolicyArn"].split("policy/")[-1]
            for p in account.all("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        ],
    )
    if not role["AssumeRolePolicyDocument"]:
        return
    for number, statement in enumerate(listed(role["AssumeRolePolicyDocument"]["Statement"]), 1):
        suffix = f" {number}" if number > 1 else ""
        account.add(_AREA, known, **{f"trust{suffix}": _trust(account, statement)})
    everywhere: set[str] = set()
    for policy in account.all("iam", "list_role_policies", "PolicyNames", RoleName=name):
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        everywhere |= mutating_everywhere(document)
        for sid, said in statements(document).items():
            account.add(_AREA, known, **{f"{policy} {sid}": _called(account, said)})
    account.add(_AREA, known, changes__anything=everywhere)


def _trust(account: Account, statement: dict[str, Any]) -> str:
    """Who may take a role; service accounts by name, if the trust is exactly that of IRSA.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    found = re.fullmatch(
        rf"arn:aws:iam::{account.number}:oidc-provider/(oidc\.eks\.{account.region}\.amazonaws\.com/id/[0-9A-F]+)",
        str(statement.get("Principal", {}).get("Federated")),
    )
    if found is None:
        return line(statement).replace(f":{account.region}:{account.number}:", ":here:")
    accounts = statement.get("Condition", {}).get("StringEquals", {}).get(f"{found[1]}:sub")
    exactly = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": found[0]},
        "Condition": {"StringEquals": {f"{found[1]}:aud": "sts.amazonaws.com", f"{found[1]}:sub": accounts}},
    }
    if {name: value for name, value in statement.items() if name != "Sid"} != exactly:
        return line(statement)
    return f"only {text([str(name).removeprefix('system:serviceaccount:') for name in listed(accounts)])}"


def _called(account: Account, said: str) -> str:
    """ARNs that hold random ids by the names of what they are; ``here`` is the Region and the account."""
    for number, name in account.names.items():
        if number.startswith("arn:"):
            said = said.replace(number, f"<{name}>")
    return said.replace(f":{account.region}:{account.number}:", ":here:")


def keys(account: Account) -> None:
    """Keys of the account's own; before whatever is encrypted with them."""
    kms = account.client("kms")
    aliases = {a.get("TargetKeyId"): a["AliasName"] for a in account.all("kms", "list_aliases", "Aliases")}
    for item in account.all("kms", "list_keys", "Keys"):
        key = kms.describe_key(KeyId=item["KeyId"])["KeyMetadata"]
        if key["KeyManager"] != "CUSTOMER":
            continue
        name = f"key {aliases.get(item['KeyId'], item['KeyId'])}"
        account.names[key["Arn"]] = account.names[item["KeyId"]] = name
        tags = [
            {"Key": t["TagKey"], "Value": t["TagValue"]}
            for t in kms.list_resource_tags(KeyId=item["KeyId"])["Tags"]
        ]
        account.add(
            "kms",
            name,
            tags,
            state=key["KeyState"],
            usage=key.get("KeyUsage", "ENCRYPT_DECRYPT"),
            rotated=kms.get_key_rotation_status(KeyId=item["KeyId"])["KeyRotationEnabled"],
        )
        policy = json.loads(kms.get_key_policy(KeyId=item["KeyId"], PolicyName="default")["Policy"])
        for sid, said in statements(policy).items():
            account.add("kms", name, **{f"policy {sid}": said})
