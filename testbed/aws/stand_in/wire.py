"""Answers, written as the protocol of the request wants them."""

from __future__ import annotations

import json
from typing import Any

from moto.core.model import OperationModel
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .call import Call
from .errors import Refusal

_REQUEST_ID = "00000000-0000-4000-8000-000000000000"


def answer(call: Call, result: dict[str, Any]) -> Response:
    """An answer of success."""
    if call.service == "sts" and "application/json" in call.environ.get("HTTP_ACCEPT", ""):
        return _query_as_json(call, result)
    operation = get_service_model(call.service).operation_model(call.operation)
    return _write(call, operation, result)


def _query_as_json(call: Call, result: dict[str, Any]) -> Response:
    """What STS answers whoever accepts JSON only, as authenticators of Kubernetes do."""
    answered = {f"{call.operation}Result": result, "ResponseMetadata": {"RequestId": _REQUEST_ID}}
    text = json.dumps({f"{call.operation}Response": answered})
    return Response(text, mimetype="application/json")


def refusal(call: Call, error: Exception) -> Response:
    """An answer with an error."""
    if isinstance(error, HTTPException):
        return Response(error.get_body(), status=error.code or 400, headers=error.get_headers())
    if not call.service:
        return Response(str(error), status=400)
    service = get_service_model(call.service)
    if call.operation in service.operation_names:
        operation = service.operation_model(call.operation)
    else:
        operation = OperationModel({}, service)
    response = _write(call, operation, error)
    if isinstance(error, Refusal) and error.status is not None:
        response.status_code = error.status
    return response


def _write(call: Call, operation: OperationModel, result: Any) -> Response:
    serializer = get_serializer_class(call.service, call.protocol)(operation_model=operation)
    written = serializer.serialize(result)
    headers = dict(written["headers"])
    headers["x-amzn-requestid"] = _REQUEST_ID
    return Response(written["body"], status=written["status_code"], headers=headers)
