"""STS: the presigned GetCallerIdentity that is an EKS token.

moto looks for the service in the Authorization header only, and takes a presigned request for one to S3.
https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from moto.sts.models import sts_backends

from .. import settings, signatures
from ..call import Call
from ..errors import Refusal
from ..registry import operation

_LONGEST = timedelta(days=7)


@operation("sts", "GetCallerIdentity")
def get_caller_identity(call: Call) -> dict[str, Any]:
    """Who asks; a presigned request has to be in time and to carry the headers that it signed."""
    query = call.request().args
    if "X-Amz-Signature" in query:
        _check_presigned(call, query)
    user, arn, account = sts_backends[call.account]["aws"].get_caller_identity(
        call.access_key or "", call.region
    )
    return {"UserId": user, "Arn": arn, "Account": account}


def _check_presigned(call: Call, query: Any) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html."""
    try:
        began = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        lasts = timedelta(seconds=int(query.get("X-Amz-Expires", "300")))
    except (KeyError, ValueError):
        raise Refusal("IncompleteSignature", "X-Amz-Date or X-Amz-Expires is wrong", 400) from None
    if lasts > _LONGEST or began + lasts < datetime.now(timezone.utc):
        raise Refusal("SignatureDoesNotMatch", "Signature expired", 403)
    headers = call.request().headers
    missing = [name for name in query.get("X-Amz-SignedHeaders", "").split(";") if name not in headers]
    if missing:
        raise Refusal("SignatureDoesNotMatch", f"the request lacks the signed header {missing[0]}", 403)
    secret = settings.of(call.account).secret_access_key
    path = call.request().path
    if secret is not None and not signatures.is_right(path, query, _lowered(headers), secret):
        message = "The request signature we calculated does not match the signature you provided."
        raise Refusal("SignatureDoesNotMatch", message, 403)


def _lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
