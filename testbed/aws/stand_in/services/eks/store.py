"""What exists, by account and Region."""

from __future__ import annotations

import secrets
import string
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ...call import Call
from ...errors import Refusal
from ...registry import on_reset

Document = dict[str, Any]


@dataclass
class Cluster:
    """A cluster and everything in it."""

    document: Document
    account: str
    region: str
    nodegroups: dict[str, Document] = field(default_factory=dict)
    fargate_profiles: dict[str, Document] = field(default_factory=dict)
    addons: dict[str, Document] = field(default_factory=dict)
    access_entries: dict[str, Document] = field(default_factory=dict)
    access_policies: dict[str, dict[str, Document]] = field(default_factory=dict)
    associations: dict[str, Document] = field(default_factory=dict)
    identity_providers: dict[str, Document] = field(default_factory=dict)
    updates: list[Document] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)
    node_interfaces: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, tuple[Any, Document]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.document["name"])

    def arn(self, kind: str, *parts: str) -> str:
        """The ARN of something in the cluster."""
        path = "/".join((kind, self.name, *parts))
        return f"arn:aws:eks:{self.region}:{self.account}:{path}"


@dataclass
class Store:
    """The clusters of an account in a Region."""

    clusters: dict[str, Cluster] = field(default_factory=dict)
    tokens: dict[str, tuple[Any, Document]] = field(default_factory=dict)


_stores: dict[tuple[str, str], Store] = {}
on_reset(_stores.clear)


def store_of(call: Call) -> Store:
    """The store that a call is about."""
    return _stores.setdefault((call.account, call.region), Store())


def stores_of(account: str) -> dict[str, Store]:
    """The stores of an account by Region."""
    return {region: store for (owner, region), store in _stores.items() if owner == account}


def cluster_of(call: Call, name: str | None = None) -> Cluster:
    """The cluster that a call names."""
    name = name or call.params.get("clusterName") or call.params["name"]
    cluster = store_of(call).clusters.get(name)
    if cluster is None:
        raise not_found(f"No cluster found for name: {name}.", clusterName=name)
    return cluster


def active_cluster_of(call: Call) -> Cluster:
    """The cluster that a call names, which has to be usable."""
    cluster = cluster_of(call)
    status = cluster.document["status"]
    if status not in ("ACTIVE", "UPDATING"):
        raise Refusal(
            "InvalidRequestException",
            f"Cluster '{cluster.name}' is not in ACTIVE status (it is {status})",
            clusterName=cluster.name,
        )
    return cluster


def not_found(message: str, **members: Any) -> Refusal:
    """A refusal for what does not exist."""
    return Refusal("ResourceNotFoundException", message, **members)


def in_use(message: str, **members: Any) -> Refusal:
    """A refusal for what exists, or is busy."""
    return Refusal("ResourceInUseException", message, **members)


def invalid(message: str, **members: Any) -> Refusal:
    """A refusal of a parameter."""
    return Refusal("InvalidParameterException", message, **members)


def repeated(tokens: dict[str, tuple[Any, Document]], call: Call) -> Document | None:
    """What an earlier call with the same client request token made.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html#AmazonEKS-CreateCluster-request-clientRequestToken
    """
    found = tokens.get(call.params.get("clientRequestToken", ""))
    if found is None:
        return None
    request, document = found
    if request != call.params:
        raise invalid("The client request token was used with other parameters before.")
    return document


def remember(tokens: dict[str, tuple[Any, Document]], call: Call, document: Document) -> None:
    """Keep what a call made, for a repetition."""
    token = call.params.get("clientRequestToken")
    if token:
        tokens[token] = (call.params, document)


def page(call: Call, names: list[Any], largest: int = 100) -> tuple[list[Any], str | None]:
    """The part of a list that a call asks for, and the token of the next part."""
    size = min(int(call.params.get("maxResults") or largest), largest)
    token = call.params.get("nextToken")
    try:
        start = int(token) if token else 0
    except ValueError:
        raise invalid("The next token is not one that was given out.") from None
    end = start + size
    return names[start:end], str(end) if end < len(names) else None


def timestamp() -> datetime:
    """Now, as documents have it."""
    return datetime.now(timezone.utc)


def identifier() -> str:
    """A new id such as those of updates and node groups."""
    return str(uuid.uuid4())


def characters(count: int, alphabet: str = string.ascii_lowercase + string.digits) -> str:
    """Random characters."""
    return "".join(secrets.choice(alphabet) for _ in range(count))
