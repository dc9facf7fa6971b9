"""``/stand-in/…``: how a test looks at the stand-in and changes it. Bodies are JSON.

Every path takes ``?account=``, which narrows it to an account.

``GET /stand-in/health``
    ``{"ready": true}``.
``GET``, ``POST``, ``DELETE /stand-in/settings``
    Read them, change those that are named (``null`` takes one back), take all back.

    * ``delays``: seconds that a phase lasts, by kind, such as ``eks:cluster``, ``eks:nodegroup``,
      ``eks:fargateprofile``, ``eks:addon``, ``rds:instance``, ``ec2:vpc``, ``ec2:natgateway``,
      ``ec2:vpcendpoint``, ``efs:filesystem``, ``efs:mounttarget``, ``efs:accesspoint``,
      ``amp:workspace``; ``<kind>:delete`` and ``<kind>:update`` for those phases; ``*`` for every
      kind not named. Zero means until the next request.
    * ``scale``: a factor on all delays.
    * ``throttle``: ``{"enabled": true, "scale": 1.0}``; the scale is how much faster buckets refill.
    * ``faults``: ``[{"service", "operation", "times": 1, "error", "status": 400, "message",
      "when": "before"|"after", "where": {parameter: value}, "drop": false}]``. ``after`` means that the
      operation took effect; ``drop`` ends the connection instead of answering.
    * ``failures``: ``[{"kind": "eks:nodegroup", "name": "*", "times": 1, "code", "message"}]``: the
      phase ends in failure.
    * ``unavailable_zones``: zone ids (``use1-az3``) or names where EKS makes no control plane.
    * ``quotas``: ``{quota code: value}``; ``enforce_quotas``: whether they refuse anything (they do not).
    * ``role_propagation``: seconds for which services do not see a new IAM role.
    * ``nodes_must_join``: whether a node group fails whose role or routes would keep nodes away.
    * ``secret_access_key``: the secret with which presigned identity requests (tokens for clusters) have to be
      signed; unset, any signature is right.
    * ``latency``: seconds that every answer takes longer.
    * ``cluster_endpoint``, ``cluster_certificate_authority`` (base64 of PEM): what DescribeCluster tells.
``POST /stand-in/clock``
    ``{"advance": seconds}`` moves the clock of the account, or of all: phases end, buckets refill.
``GET``, ``DELETE /stand-in/requests``
    Every request since the last clearing.
``GET /stand-in/throttled``
    ``{"count": n}``: how many of them were refused for their number.
``GET /stand-in/dump?account=…``
    Everything that exists in the account, without times.
``POST /stand-in/reset``
    Forget everything: all accounts, settings and requests.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.base_backend import BackendDict
from werkzeug.wrappers import Request, Response

from . import clock, inventory, journal, registry, settings, throttle
from .errors import Refusal

PREFIX = "/stand-in"


def answer(request: Request) -> Response:
    """Answer a request to a path below the prefix."""
    account = request.args.get("account")
    path = request.path.removeprefix(PREFIX).strip("/")
    try:
        found = _ANSWERS.get((request.method, path))
        if found is None:
            there_is = sorted(f"{method} {PREFIX}/{name}" for method, name in _ANSWERS)
            return _json({"error": f"no {request.method} {request.path}; there is {there_is}"}, 404)
        return _json(found(account, request))
    except (Refusal, ValueError, TypeError) as error:
        return _json({"error": str(error)}, 400)


def _json(document: Any, status: int = 200) -> Response:
    return Response(
        json.dumps(document, sort_keys=True, default=str), status, mimetype="application/json"
    )


def _body(request: Request) -> dict[str, Any]:
    document = json.loads(request.get_data(as_text=True) or "{}")
    if not isinstance(document, dict):
        raise ValueError("the body has to be a JSON object")
    return document


def _change_settings(account: str | None, request: Request) -> Any:
    values = _body(request)
    settings.change(values, values.pop("account", None) or account)
    return settings.document(account)


def _take_settings_back(account: str | None, _: Request) -> Any:
    settings.reset(account)
    return settings.document(account)


def _advance(account: str | None, request: Request) -> Any:
    clock.advance(account, float(_body(request).get("advance", 0)))
    clock.run_due()
    return {"pending": clock.pending(account)}


def _clear_requests(account: str | None, _: Request) -> Any:
    journal.clear(account)
    return {}


def _dump(account: str | None, _: Request) -> Any:
    if account is None:
        raise ValueError("say which account: ?account=123456789012")
    return inventory.of(account)


def reset() -> None:
    """Forget everything."""
    clock.reset()
    settings.reset()
    throttle.reset()
    journal.clear(None)
    BackendDict.reset()
    registry.reset()


def _reset(_: str | None, __: Request) -> Any:
    reset()
    return {}


_ANSWERS: dict[tuple[str, str], Any] = {
    ("GET", "health"): lambda *_: {"ready": True},
    ("GET", "settings"): lambda account, _: settings.document(account),
    ("POST", "settings"): _change_settings,
    ("DELETE", "settings"): _take_settings_back,
    ("POST", "clock"): _advance,
    ("GET", "requests"): lambda account, _: journal.entries(account),
    ("DELETE", "requests"): _clear_requests,
    ("GET", "throttled"): lambda account, _: {"count": journal.throttled(account)},
    ("GET", "dump"): _dump,
    ("POST", "reset"): _reset,
}
