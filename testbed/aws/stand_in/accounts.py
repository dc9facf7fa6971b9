"""Which account a request belongs to, and whose keys are refused.

An access key id of twelve digits *is* the account number, so that every test has an account of its own
on one shared server by nothing but its environment variables. The header ``x-moto-account-id`` and
keys made by IAM or STS are understood as moto understands them. Everything else is in account
123456789012. Keys that begin with ``AKIAINVALID`` are refused as AWS refuses unknown ones.
"""

from __future__ import annotations

import re

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from .errors import Refusal

_ACCOUNT = re.compile(r"\d{12}")
_INVALID = "AKIAINVALID"
# Services whose protocol has no InvalidClientTokenId, by
# https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
_UNRECOGNIZED_CLIENT = "UnrecognizedClientException"


def account_of(access_key: str | None, header: str | None) -> str:
    """The account of a request by its key and its ``x-moto-account-id``."""
    if header:
        return header
    if access_key is None:
        return DEFAULT_ACCOUNT_ID
    if _ACCOUNT.fullmatch(access_key):
        return access_key
    return _owner_of(access_key)


def _owner_of(access_key: str) -> str:
    """The account in which IAM or STS made a key. moto's own search makes what it looks for, in seconds."""
    for account, partitions in iam_backends.items():
        if any(access_key in iam.access_keys for iam in list(partitions.values())):
            return account
    return DEFAULT_ACCOUNT_ID


def check_key(access_key: str | None, service: str, protocol: str) -> None:
    """Refuse a key that no account has.

    The codes are those of each protocol: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (AuthFailure) and
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidAccessKeyId).
    """
    if access_key is None or not access_key.startswith(_INVALID):
        return
    message = "The security token included in the request is invalid."
    if service == "ec2":
        raise Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if service == "s3":
        raise Refusal(
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            403,
        )
    if protocol in ("query", "rest-xml"):
        raise Refusal("InvalidClientTokenId", message, 403)
    raise Refusal(_UNRECOGNIZED_CLIENT, message, 403)
