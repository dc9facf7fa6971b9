"""Token buckets: how many requests an account may send to a Region.

EC2's are those of
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html; other services publish none or
few, so theirs are modest: a client that holds these holds the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import clock, settings
from .call import Call
from .errors import Refusal


@dataclass(frozen=True)
class Limit:
    """How many requests at once, and how many more each second."""

    burst: float
    refill: float


_EC2_READ = Limit(100, 20)
_EC2_READ_ALL = Limit(50, 10)
_EC2_WRITE = Limit(50, 5)
_EC2_OWN = {
    "CreateTags": Limit(100, 10),
    "DeleteTags": Limit(100, 10),
    "CreateNatGateway": Limit(10, 1),
    "DeleteNatGateway": Limit(10, 1),
    "CreateVpcEndpoint": Limit(4, 0.3),
    "ModifyVpcEndpoint": Limit(4, 0.3),
    "DeleteVpcEndpoints": Limit(4, 0.3),
    "RunInstances": Limit(5, 2),
    "TerminateInstances": Limit(100, 5),
    "AuthorizeSecurityGroupIngress": _EC2_WRITE,
    "AuthorizeSecurityGroupEgress": _EC2_WRITE,
    "RevokeSecurityGroupIngress": _EC2_WRITE,
    "RevokeSecurityGroupEgress": _EC2_WRITE,
}
_EC2_UNFILTERED = {
    "DescribeInstances",
    "DescribeInstanceStatus",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeSpotInstanceRequests",
    "DescribeVolumes",
}
# IAM is a global service with one bucket for everything.
_OTHERS = {
    "iam": (Limit(40, 15), Limit(20, 8)),
    "eks": (Limit(40, 15), Limit(20, 5)),
    "rds": (Limit(40, 15), Limit(20, 5)),
    "efs": (Limit(40, 15), Limit(20, 5)),
    "sts": (Limit(200, 100), Limit(200, 100)),
    "s3": (Limit(1000, 500), Limit(500, 200)),
}
_DEFAULT = (Limit(60, 20), Limit(30, 10))

_buckets: dict[tuple[str, str, str], tuple[float, float]] = {}


def check(call: Call) -> None:
    """Take a token for a call, or refuse it."""
    wanted = settings.of(call.account).throttle
    if not wanted.get("enabled") or not call.service:
        return
    name, limit = _limit(call)
    speed = float(wanted.get("scale", 1.0))
    key = (call.account, call.region, name)
    now = clock.now(call.account)
    tokens, since = _buckets.get(key, (limit.burst, now))
    tokens = min(limit.burst, tokens + (now - since) * limit.refill * speed)
    _buckets[key] = (max(0.0, tokens - 1), now)
    if tokens < 1:
        raise _refusal(call)


def _limit(call: Call) -> tuple[str, Limit]:
    if call.service != "ec2":
        reads, writes = _OTHERS.get(call.service, _DEFAULT)
        kind = "write" if call.mutating else "read"
        return f"{call.service}:{kind}", writes if call.mutating else reads
    if call.operation in _EC2_OWN:
        return f"ec2:{call.operation}", _EC2_OWN[call.operation]
    if call.mutating:
        return "ec2:write", _EC2_WRITE
    if call.operation in _EC2_UNFILTERED and not _is_narrow(call):
        return "ec2:unfiltered", _EC2_READ_ALL
    return "ec2:read", _EC2_READ


def _is_narrow(call: Call) -> bool:
    """Whether a read of EC2 is filtered or paged."""
    return any(name not in ("DryRun", "NextToken") for name in call.params)


def _refusal(call: Call) -> Refusal:
    if call.service == "ec2":
        return Refusal("RequestLimitExceeded", "Request limit exceeded.", 503)
    if call.service == "s3":
        return Refusal("SlowDown", "Please reduce your request rate.", 503)
    if call.protocol in ("query", "rest-xml"):
        return Refusal("Throttling", "Rate exceeded", 400)
    return Refusal("ThrottlingException", "Rate exceeded", 429)


def reset() -> None:
    """Fill every bucket."""
    _buckets.clear()
