"""Updates: what an Update operation answers with, and what can be asked about it later.

https://docs.aws.amazon.com/eks/latest/APIReference/API_Update.html.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ... import phases, settings
from ...call import Call
from ...registry import operation
from .store import Cluster, Document, cluster_of, identifier, not_found, page, timestamp

Finish = Callable[[], object]


def begin(
    cluster: Cluster,
    kind: str,
    params: dict[str, Any],
    owner: Document,
    phase: str,
    finish: Finish,
    **about: str,
) -> Document:
    """Start an update: the owner is UPDATING until it is done."""
    update: Document = {
        "id": identifier(),
        "status": "InProgress",
        "type": kind,
        "params": [{"type": name, "value": _text(value)} for name, value in params.items()],
        "createdAt": timestamp(),
        "errors": [],
    }
    cluster.updates.append({"update": update, **about})
    owner["status"] = "UPDATING"
    reply = dict(update)

    def done() -> None:
        failure = settings.take_failure(cluster.account, phase, owner.get("name", "*"))
        if failure is None:
            finish()
        else:
            update["status"] = "Failed"
            update["errors"].append(
                {
                    "errorCode": failure.get("code", "Unknown"),
                    "errorMessage": failure.get("message", "this failure was asked for by a test"),
                    "resourceIds": failure.get("resourceIds", []),
                }
            )
        if update["status"] == "InProgress":
            update["status"] = "Successful"
        if owner["status"] == "UPDATING":
            owner["status"] = "ACTIVE"

    phases.later(cluster.account, phase, done)
    return reply


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _about(call: Call) -> dict[str, str]:
    wanted = ("nodegroupName", "addonName")
    return {name: call.params[name] for name in wanted if call.params.get(name)}


def _concerns(entry: Document, about: dict[str, str]) -> bool:
    return {name: value for name, value in entry.items() if name != "update"} == about


@operation("eks", "DescribeUpdate")
def describe_update(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeUpdate.html."""
    about, wanted = _about(call), call.params["updateId"]
    for entry in cluster_of(call).updates:
        if entry["update"]["id"] == wanted and _concerns(entry, about):
            return {"update": entry["update"]}
    raise not_found(f"No update found for ID: {wanted}", **about)


@operation("eks", "ListUpdates")
def list_updates(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/eks/latest/APIReference/API_ListUpdates.html."""
    about = _about(call)
    entries = [entry for entry in cluster_of(call).updates if _concerns(entry, about)]
    names, token = page(call, [entry["update"]["id"] for entry in entries])
    return {"updateIds": names, "nextToken": token}
