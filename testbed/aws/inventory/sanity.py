"""``python -m inventory.sanity --account 111122223333``: whether the comparison can fail, and says where.

The account is one where the preset self-managed-airflow was applied. One thing is changed by hand, the
differences that this adds have to be exactly those that are to be expected, and it is changed back. 0 if all
of that is so, else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from .__main__ import read_all
from .account import Account
from .table import differences, rows_of

_NAME = "self-managed-airflow"
_REGION = "us-west-2"
_DATABASE = f"{_NAME}-database"
_ROLE = f"{_NAME}-{_REGION}-airflow-worker"
_GROUP = f"/aws/eks/{_NAME}/cluster"
_RULE = f"{_NAME}-karpenter-health"
_PORT = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
}
# What the stand-in has kinds for, and the readers know. A new kind needs a reader.
_KNOWN = {
    "amp workspace",
    *(
        f"ec2 {kind}"
        for kind in ("elastic-ip", "internet-gateway", "launch-template", "natgateway", "network-acl")
    ),
    *(
        f"ec2 {kind}"
        for kind in ("network-interface", "route-table", "security-group", "subnet", "vpc", "vpc-endpoint")
    ),
    *(
        "efs file-system",
        "efs mount-target",
        "events rule",
        "iam oidc-provider",
        "iam role",
        "kms key",
        "logs log-group",
    ),
    *(
        f"eks {kind}"
        for kind in ("access-entry", "access-policy", "addon", "cluster", "fargate-profile", "nodegroup")
    ),
    *("rds instance", "rds parameter-group", "rds snapshot", "rds subnet-group", "s3 bucket"),
    *("secretsmanager secret", "sqs queue"),
}


@dataclass(frozen=True)
class Change:
    """Something done by hand, its undoing, and how the differences that it adds begin."""

    what: str
    do: Callable[[Account], object]
    undo: Callable[[Account], object]
    told: tuple[str, ...]


def _node_group(account: Account) -> str:
    found = account.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": [f"{_NAME}-node"]}]
    )
    return str(found["SecurityGroups"][0]["GroupId"])


def _key(account: Account) -> str:
    return str(account.client("kms").describe_key(KeyId=f"alias/airflow-eks/{_NAME}")["KeyMetadata"]["KeyId"])


def _vpc(account: Account) -> str:
    found = account.client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [_NAME]}])
    return str(found["Vpcs"][0]["VpcId"])


def _protect(yes: bool) -> Callable[[Account], object]:
    return lambda a: a.client("rds").modify_db_instance(
        DBInstanceIdentifier=_DATABASE, DeletionProtection=yes, ApplyImmediately=True
    )


def _block(yes: bool) -> Callable[[Account], object]:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return lambda a: a.client("s3").put_public_access_block(
        Bucket=f"{_NAME}-airflow-logs-{a.number}-{_REGION}",
        PublicAccessBlockConfiguration={name: yes or name != "BlockPublicPolicy" for name in names},
    )


def _keep(days: int) -> Callable[[Account], object]:
    return lambda a: a.client("logs").put_retention_policy(logGroupName=_GROUP, retentionInDays=days)


_MARK = {"Key": "airflow-eks/stack", "Value": _NAME}
_CHANGES = (
    Change(
        "the database's deletion protection is off",
        _protect(False),
        _protect(True),
        (f"rds | instance {_DATABASE} | deletion protection: expected yes, is no",),
    ),
    Change(
        "one of four public access blocks is off",
        _block(False),
        _block(True),
        (f"s3 | bucket {_NAME}-airflow-logs-{{account}}-{_REGION} | public access blocks: expected",),
    ),
    Change(
        "the log of the control plane is kept shorter",
        _keep(30),
        _keep(90),
        (f"logs | group {_GROUP} | kept for days: expected 90, is 30",),
    ),
    Change(
        "the key is not rotated",
        lambda a: a.client("kms").disable_key_rotation(KeyId=_key(a)),
        lambda a: a.client("kms").enable_key_rotation(KeyId=_key(a)),
        (f"kms | key alias/airflow-eks/{_NAME} | rotated: expected yes, is no",),
    ),
    Change(
        "SSH to nodes is open",
        lambda a: a.client("ec2").authorize_security_group_ingress(
            GroupId=_node_group(a), IpPermissions=[_PORT]
        ),
        lambda a: a.client("ec2").revoke_security_group_ingress(
            GroupId=_node_group(a), IpPermissions=[_PORT]
        ),
        (f"no row speaks of security group | {_NAME}-node | in tcp 22 0.0.0.0/0",),
    ),
    Change(
        "workers may write to every bucket",
        lambda a: a.client("iam").put_role_policy(
            RoleName=_ROLE, PolicyName="more", PolicyDocument=json.dumps(_POLICY)
        ),
        lambda a: a.client("iam").delete_role_policy(RoleName=_ROLE, PolicyName="more"),
        (
            "iam | role * | changes anything: expected none, is s3:PutObject",
            f"no row speaks of iam | role {_ROLE} | more 1 | Allow s3:PutObject on *",
        ),
    ),
    Change(
        "the VPC has lost its mark",
        lambda a: a.client("ec2").delete_tags(Resources=[_vpc(a)], Tags=[_MARK]),
        lambda a: a.client("ec2").create_tags(Resources=[_vpc(a)], Tags=[_MARK]),
        ("* | * | marks: expected",),
    ),
    Change(
        "a rule is switched off",
        lambda a: a.client("events").disable_rule(Name=_RULE),
        lambda a: a.client("events").enable_rule(Name=_RULE),
        ("events | rule * | state: expected ENABLED, is DISABLED",),
    ),
    Change(
        "there is a queue that nobody asked for",
        lambda a: a.client("sqs").create_queue(QueueName="more"),
        lambda a: a.client("sqs").delete_queue(
            QueueUrl=a.client("sqs").get_queue_url(QueueName="more")["QueueUrl"]
        ),
        ("no row speaks of sqs | queue more",),
    ),
    Change(
        "the add-on metrics-server is gone",
        lambda a: a.client("eks").delete_addon(clusterName=_NAME, addonName="metrics-server"),
        lambda a: a.client("eks").create_addon(
            clusterName=_NAME,
            addonName="metrics-server",
            tags={"airflow-eks/stack": _NAME, "airflow-eks/resource": "x", "project": "airflow"},
        ),
        ("eks | add-on metrics-server | role: expected none, and there is no such thing",),
    ),
)


def _differences(number: str) -> list[str]:
    account = Account(number, _REGION)
    read_all(account)
    rows = rows_of(_NAME, {"name": _NAME, "region": _REGION, "account": number})
    return list(differences(rows, account.found))


def _unknown_kinds(number: str) -> list[str]:
    """Kinds that are in the account and that no reader knows."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/stand-in/dump?account={number}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        dump = json.load(answer)
    kinds = {
        f"{service} {kind}" for region in dump.values() for service, kinds in region.items() for kind in kinds
    }
    return sorted(kinds - _KNOWN)


def _wrong(change: Change, number: str, before: list[str]) -> str | None:
    account = Account(number, _REGION)
    change.do(account)
    added = [line for line in _differences(number) if line not in before]
    change.undo(account)
    told = [text.replace("{account}", number) for text in change.told]
    # A row's line begins with where it is in the table.
    if len(added) == len(told) and all(any(text in line for line in added) for text in told):
        return None
    return f"{change.what}: expected {told}, was told {added}"


def main() -> int:
    """Every change, one after another."""
    parser = argparse.ArgumentParser(prog="inventory.sanity", description=__doc__)
    parser.add_argument("--account", required=True, help="twelve digits")
    number = parser.parse_args().account
    before = _differences(number)
    wrong = [f"no reader for {kind}" for kind in _unknown_kinds(number)]
    wrong += [said for change in _CHANGES if (said := _wrong(change, number, before)) is not None]
    if _differences(number) != before:
        wrong.append("the account is not as it was")
    for line in wrong:
        print(line)
    print(f"{len(_CHANGES)} changes by hand, {len(wrong)} of them not told as they are to be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
