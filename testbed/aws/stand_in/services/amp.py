"""Amazon Managed Service for Prometheus: phases, idempotency, alert manager definitions.

https://docs.aws.amazon.com/prometheus/latest/APIReference/API_CreateWorkspace.html
"""

from __future__ import annotations

from typing import Any

from moto.amp.models import PrometheusServiceBackend, amp_backends

from .. import phases, settings
from ..call import Call
from ..errors import Refusal
from ..patch import wrap
from ..registry import before, on_reset, operation

_KIND = "amp:workspace"
_tokens: dict[tuple[str, str, str], str] = {}
_definitions: dict[str, dict[str, Any]] = {}
on_reset(_tokens.clear)
on_reset(_definitions.clear)


def _amp_of(call: Call) -> Any:
    return amp_backends[call.account][call.region]


def _workspace(call: Call) -> Any:
    number = call.params["workspaceId"]
    found = _amp_of(call).workspaces.get(number)
    if found is None:
        raise Refusal(
            "ResourceNotFoundException",
            f"Workspace not found: {number}",
            resourceId=number,
            resourceType="workspace",
        )
    return found


@operation("amp", "CreateWorkspace")
def create_workspace(call: Call) -> dict[str, Any]:
    """Make a workspace, in the background; the same client token gives the same one."""
    amp, params = _amp_of(call), call.params
    key = (call.account, call.region, params.get("clientToken") or "")
    workspace = amp.workspaces.get(_tokens.get(key, ""))
    if workspace is None or not key[2]:
        workspace = amp.create_workspace(params.get("alias"), params.get("tags") or {})
        _tokens[key] = workspace.workspace_id
    return workspace.to_dict()


@wrap(PrometheusServiceBackend, "create_workspace")
def _create(create: Any, amp: Any, *args: Any, **kwargs: Any) -> Any:
    workspace = create(amp, *args, **kwargs)
    workspace.status = {"statusCode": "CREATING"}

    def finish() -> None:
        failed = settings.take_failure(amp.account_id, _KIND, workspace.workspace_id)
        if workspace.status["statusCode"] == "CREATING":
            workspace.status = {"statusCode": "CREATION_FAILED" if failed else "ACTIVE"}

    phases.later(amp.account_id, _KIND, finish)
    return workspace


@before("amp", "DeleteWorkspace", "UpdateWorkspaceAlias")
def _check_ready(call: Call) -> None:
    workspace = _workspace(call)
    status = workspace.status["statusCode"]
    if status in ("CREATING", "UPDATING", "DELETING"):
        raise Refusal(
            "ConflictException",
            f"Workspace {workspace.workspace_id} is {status}",
            resourceId=workspace.workspace_id,
            resourceType="workspace",
        )


@wrap(PrometheusServiceBackend, "delete_workspace")
def _delete(delete: Any, amp: Any, workspace_id: str) -> None:
    number = workspace_id
    workspace = amp.workspaces.get(number)
    if workspace is None:
        return
    workspace.status = {"statusCode": "DELETING"}

    def finish() -> None:
        delete(amp, number)
        _definitions.pop(number, None)

    phases.later(amp.account_id, f"{_KIND}:delete", finish)


@operation("amp", "CreateAlertManagerDefinition")
def create_alert_manager_definition(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/prometheus/latest/APIReference/API_CreateAlertManagerDefinition.html."""
    workspace = _workspace(call)
    if workspace.workspace_id in _definitions:
        raise Refusal(
            "ConflictException",
            "An alert manager definition exists already",
            resourceId=workspace.workspace_id,
            resourceType="alertmanagerdefinition",
        )
    return _put(call, workspace)


@operation("amp", "PutAlertManagerDefinition")
def put_alert_manager_definition(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/prometheus/latest/APIReference/API_PutAlertManagerDefinition.html."""
    workspace = _workspace(call)
    _definition(workspace)
    return _put(call, workspace)


def _put(call: Call, workspace: Any) -> dict[str, Any]:
    from moto.core.utils import unix_time

    before_now = _definitions.get(workspace.workspace_id, {})
    _definitions[workspace.workspace_id] = {
        "data": call.params["data"],
        "status": {"statusCode": "ACTIVE"},
        "createdAt": before_now.get("createdAt", unix_time()),
        "modifiedAt": unix_time(),
    }
    return {"status": {"statusCode": "UPDATING" if before_now else "CREATING"}}


def _definition(workspace: Any) -> dict[str, Any]:
    if workspace.workspace_id not in _definitions:
        raise Refusal(
            "ResourceNotFoundException",
            "Alert manager definition not found",
            resourceId=workspace.workspace_id,
            resourceType="alertmanagerdefinition",
        )
    return _definitions[workspace.workspace_id]


@operation("amp", "DescribeAlertManagerDefinition")
def describe_alert_manager_definition(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/prometheus/latest/APIReference/API_DescribeAlertManagerDefinition.html."""
    return {"alertManagerDefinition": _definition(_workspace(call))}


@operation("amp", "DeleteAlertManagerDefinition")
def delete_alert_manager_definition(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/prometheus/latest/APIReference/API_DeleteAlertManagerDefinition.html."""
    workspace = _workspace(call)
    _definition(workspace)
    del _definitions[workspace.workspace_id]
    return {}
