"""Queues, events, logs, metrics; and kinds of which there is to be nothing."""

from __future__ import annotations

import json

from ..account import Account, text
from ..policies import statements

# Service, call, member of the answer, name: what a stack leaves to others or nobody.
_NOTHING = (
    ("ec2", "describe_instances", "Reservations", "ReservationId"),
    ("ec2", "describe_volumes", "Volumes", "VolumeId"),
    ("ec2", "describe_key_pairs", "KeyPairs", "KeyName"),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections", "VpcPeeringConnectionId"),
    (
        "ec2",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
    ),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    ("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier"),
    ("cloudformation", "list_stacks", "StackSummaries", "StackName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("ssm", "describe_parameters", "Parameters", "Name"),
    ("route53", "list_hosted_zones", "HostedZones", "Name"),
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn"),
)
# Who makes interfaces, by how their descriptions begin.
_INTERFACES = ("EFS mount target", "Interface for NAT Gateway", "RDSNetworkInterface", "Amazon EKS ")


def read(account: Account) -> None:
    """All of it."""
    _queues(account)
    _rules(account)
    for item in account.all("logs", "describe_log_groups", "logGroups"):
        tags = account.client("logs").list_tags_log_group(logGroupName=item["logGroupName"])["tags"]
        account.add(
            "logs",
            f"group {item['logGroupName']}",
            tags,
            kept__for__days=item.get("retentionInDays"),
            key=account.name(item["kmsKeyId"]) if item.get("kmsKeyId") else None,
        )
    for item in account.all("amp", "list_workspaces", "workspaces"):
        name = f"workspace {item.get('alias')}"
        account.names[item["arn"]] = name
        account.add("amp", name, item.get("tags", {}), status=item["status"]["statusCode"])
    for service, operation, member, key in _NOTHING:
        for item in account.all(service, operation, member):
            account.add(service, f"{member} {item[key] if key else item}", there=True)
    _interfaces(account)


def _queues(account: Account) -> None:
    sqs, here = account.client("sqs"), f":{account.region}:{account.number}:"
    for url in account.all("sqs", "list_queues", "QueueUrls"):
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        name = f"queue {url.split('/')[-1]}"
        account.names[found["QueueArn"]] = name
        account.add(
            "sqs",
            name,
            sqs.list_queue_tags(QueueUrl=url).get("Tags", {}),
            kept__for__seconds=found["MessageRetentionPeriod"],
            encrypted=found.get("SqsManagedSseEnabled") == "true",
        )
        for sid, said in statements(found["Policy"]).items() if "Policy" in found else ():
            account.add("sqs", name, **{f"policy {sid}": said.replace(here, ":here:")})


def _rules(account: Account) -> None:
    events = account.client("events")
    for item in events.list_rules()["Rules"]:
        if item.get("ManagedBy"):
            continue
        pattern = json.loads(item["EventPattern"])
        targets = events.list_targets_by_rule(Rule=item["Name"])["Targets"]
        account.add(
            "events",
            f"rule {item['Name']}",
            events.list_tags_for_resource(ResourceARN=item["Arn"])["Tags"],
            state=item["State"],
            pattern="; ".join(f"{key}: {text(pattern[key])}" for key in sorted(pattern)),
            targets=[account.name(target["Arn"]) for target in targets],
        )


def _interfaces(account: Account) -> None:
    """Interfaces belong to what made them; one that nothing made is a leak."""
    for item in account.all("ec2", "describe_network_interfaces", "NetworkInterfaces"):
        about = item.get("Description", "")
        if not item.get("RequesterManaged") and not about.startswith(_INTERFACES):
            account.add("ec2", f"interface {item['NetworkInterfaceId']} ({about})", there=True)
