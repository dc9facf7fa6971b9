"""RDS, EFS, S3, logs, queues, rules, metrics workspaces."""

from __future__ import annotations

from typing import Any

from moto.amp.models import amp_backends
from moto.efs.models import efs_backends
from moto.events.models import events_backends
from moto.logs.models import logs_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from ... import inventory
from ...inventory import Items, source, used


@inventory.regions
def _regions(account: str) -> set[str]:
    backends = (
        amp_backends,
        efs_backends,
        events_backends,
        logs_backends,
        rds_backends,
        sqs_backends,
    )
    return {region for backend in backends for region in list(backend.get(account, {}))}


@source("rds")
def _rds(account: str, region: str) -> Items:
    for rds in used(rds_backends, account, region):
        for name, instance in rds.databases.items():
            shown = {"class": instance.db_instance_class, "version": instance.engine_version}
            yield "instance", name, shown | {"tags": _tags(instance.tags)}
        for kind, things in (
            ("snapshot", rds.database_snapshots),
            ("cluster", rds.clusters),
            ("subnet-group", rds.subnet_groups),
            ("parameter-group", rds.db_parameter_groups),
            ("option-group", rds.option_groups),
        ):
            for name in things:
                if not name.startswith("default"):
                    yield kind, name, {}


@source("efs")
def _efs(account: str, region: str) -> Items:
    for efs in used(efs_backends, account, region):
        for kind, things in (
            ("file-system", efs.file_systems_by_id),
            ("mount-target", efs.mount_targets_by_id),
            ("access-point", efs.access_points),
        ):
            for number in things:
                yield kind, number, {}


@source("s3")
def _s3(account: str, region: str) -> Items:
    if region != "global":
        return
    for s3 in used(s3_backends, account, "aws"):
        for name, bucket in s3.buckets.items():
            yield (
                "bucket",
                name,
                {"region": bucket.region_name, "objects": len(list(bucket.keys.keys()))},
            )


@source("logs")
def _logs(account: str, region: str) -> Items:
    for logs in used(logs_backends, account, region):
        for name, group in logs.groups.items():
            yield "log-group", name, {"retention": group.retention_in_days}


@source("sqs")
def _sqs(account: str, region: str) -> Items:
    for sqs in used(sqs_backends, account, region):
        for name, queue in sqs.queues.items():
            yield "queue", name, {"tags": _tags(queue.tags)}


@source("events")
def _events(account: str, region: str) -> Items:
    for events in used(events_backends, account, region):
        for name, bus in events.event_buses.items():
            if name != "default":
                yield "bus", name, {}
            for rule in bus.rules:
                yield "rule", f"{name}/{rule}", {}


@source("amp")
def _amp(account: str, region: str) -> Items:
    for amp in used(amp_backends, account, region):
        for number, workspace in amp.workspaces.items():
            yield "workspace", number, {"alias": workspace.alias}


def _tags(tags: Any) -> dict[str, str]:
    if isinstance(tags, dict):
        return dict(tags)
    return {tag["Key"]: tag["Value"] for tag in tags or []}
