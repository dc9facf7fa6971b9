"""The signature of a presigned request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

_EMPTY = hashlib.sha256(b"").hexdigest()


def is_right(path: str, query: Mapping[str, str], headers: Mapping[str, str], secret: str) -> bool:
    """Whether a presigned GET request was signed with a secret."""
    signed = query["X-Amz-SignedHeaders"].split(";")
    wanted = query["X-Amz-Signature"]
    pairs = sorted(
        (_encoded(name), _encoded(value)) for name, value in query.items() if name != "X-Amz-Signature"
    )
    text = "&".join(f"{name}={value}" for name, value in pairs)
    lines = [f"{name}:{' '.join(headers[name].split())}" for name in signed]
    for payload in (_EMPTY, "UNSIGNED-PAYLOAD"):
        parts = ["GET", quote(path), text, *lines, "", ";".join(signed), payload]
        if hmac.compare_digest(_signature("\n".join(parts), query, secret), wanted):
            return True
    return False


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _signature(request: str, query: Mapping[str, str], secret: str) -> str:
    scope = query["X-Amz-Credential"].split("/", 1)[1]
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, digest])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
