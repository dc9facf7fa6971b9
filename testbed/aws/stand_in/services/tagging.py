"""Resource Groups Tagging API: the kinds that AWS answers with and moto does not.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html,
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html. IAM's roles and
policies are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.amp.models import amp_backends
from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from ..inventory import used
from ..patch import wrap
from .eks.store import stores_of
from .eks.tags import arn_of, documents

_EC2 = {"vpc_end_points": "vpc-endpoint", "launch_templates": "launch-template"}


@wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
def _get_resources(
    generate: Any,
    api: Any,
    tag_filters: Any = None,
    resource_type_filters: Any = None,
    resource_arn_list: Any = None,
) -> Iterator[TaggedResource]:
    yield from generate(api, tag_filters, resource_type_filters, resource_arn_list)
    matches = make_tag_matcher(tag_filters)
    for kind, arn, tags in _others(api.account_id, api.region_name):
        if not tags or not matches(tags) or not match_resource_type(kind, resource_type_filters):
            continue
        if not resource_arn_list or arn in resource_arn_list:
            yield TaggedResource(arn=arn, tags=tags, resource_type=kind)


def _others(account: str, region: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for ec2 in used(ec2_backends, account, region):
        things = [(kind, number) for name, kind in _EC2.items() for number in getattr(ec2, name)]
        things += [("elastic-ip", address.allocation_id) for address in ec2.addresses]
        for kind, number in things:
            arn = f"arn:aws:ec2:{region}:{account}:{kind}/{number}"
            yield f"ec2:{kind}", arn, dict(ec2.tags.get(number, {}))
    for rds in used(rds_backends, account, region):
        groups = (("subgrp", rds.subnet_groups), ("pg", rds.db_parameter_groups))
        for kind, there in groups:
            for group in there.values():
                tags = {tag["Key"]: tag["Value"] for tag in group.tags or []}
                yield f"rds:{kind}", group.arn, tags
    store = stores_of(account).get(region)
    for cluster in store.clusters.values() if store else ():
        for document in documents(cluster):
            arn = arn_of(document)
            yield f"eks:{arn.split(':')[5].split('/')[0]}", arn, document["tags"]
    for amp in used(amp_backends, account, region):
        for workspace in amp.workspaces.values():
            yield "aps:workspace", workspace.arn, amp.list_tags_for_resource(workspace.arn)
