"""Tags of everything that EKS has an ARN for.

https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...call import Call
from ...errors import Refusal
from ...registry import operation
from .store import Cluster, Document, store_of

_ARNS = (
    "arn",
    "nodegroupArn",
    "fargateProfileArn",
    "addonArn",
    "accessEntryArn",
    "associationArn",
    "identityProviderConfigArn",
)


def documents(cluster: Cluster) -> Iterator[Document]:
    """Everything of a cluster that has tags, and the cluster."""
    yield cluster.document
    for kind in (
        cluster.nodegroups,
        cluster.fargate_profiles,
        cluster.addons,
        cluster.access_entries,
        cluster.associations,
        cluster.identity_providers,
    ):
        yield from kind.values()


def arn_of(document: Document) -> str:
    """The ARN of what a document describes."""
    return next(str(document[name]) for name in _ARNS if name in document)


def _tags_of(call: Call) -> dict[str, str]:
    arn = call.params["resourceArn"]
    for cluster in store_of(call).clusters.values():
        for document in documents(cluster):
            if arn == arn_of(document):
                return document["tags"]
    raise Refusal("NotFoundException", f"No resource has the ARN {arn}")


@operation("eks", "TagResource")
def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags, or give those that are there another value."""
    _tags_of(call).update(call.params["tags"])
    return {}


@operation("eks", "UntagResource")
def untag_resource(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_UntagResource.html."""
    tags = _tags_of(call)
    for name in call.params["tagKeys"]:
        tags.pop(name, None)
    return {}


@operation("eks", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListTagsForResource.html."""
    return {"tags": _tags_of(call)}
