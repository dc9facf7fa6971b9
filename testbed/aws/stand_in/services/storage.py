"""S3, Secrets Manager, KMS and CloudWatch Logs: the few refusals that moto has otherwise.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html,
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html,
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html.
"""

from __future__ import annotations

from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends

from ..call import Call
from ..errors import Refusal
from ..registry import before

_RETENTIONS = {
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
}


@before("s3", "CreateBucket")
def _check_bucket(call: Call) -> None:
    """A bucket of one's own is told apart from one of somebody else."""
    name = call.params["Bucket"]
    place = (call.params.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if name not in s3_backends[call.account]["aws"].buckets:
        _check_place(call, place)
        return
    there = s3_backends[call.account]["aws"].buckets[name].region_name
    if not (there == "us-east-1" and call.region == "us-east-1"):
        raise Refusal(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            409,
            BucketName=name,
        )


def _check_place(call: Call, place: str | None) -> None:
    if call.region != "us-east-1" and (place or "us-east-1") != call.region:
        raise Refusal(
            "IllegalLocationConstraintException",
            f"The {place or 'unspecified'} location constraint is incompatible for the region specific "
            "endpoint this request was sent to.",
            400,
        )
    if call.region == "us-east-1" and place == "us-east-1":
        raise Refusal("InvalidLocationConstraint", "The specified location-constraint is not valid", 400)


@before("secretsmanager", "CreateSecret")
def _check_secret(call: Call) -> None:
    """A name is taken until its secret is gone for good."""
    for secret in secretsmanager_backends[call.account][call.region].secrets.values():
        if secret.name == call.params["Name"] and getattr(secret, "deleted_date", None) is not None:
            raise Refusal(
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled for "
                "deletion.",
            )


@before("logs", "PutRetentionPolicy")
def _check_retention(call: Call) -> None:
    days = int(call.params["retentionInDays"])
    if days not in _RETENTIONS:
        raise Refusal(
            "InvalidParameterException",
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
            f"Member must satisfy enum value set: {sorted(_RETENTIONS)}",
        )


@before("logs", "CreateLogGroup", "AssociateKmsKey")
def _check_key(call: Call) -> None:
    """A log group may be encrypted only with a key that is there."""
    arn = call.params.get("kmsKeyId")
    if arn and arn.rsplit("/", 1)[-1] not in kms_backends[call.account][call.region].keys:
        raise Refusal(
            "InvalidParameterException", f"The specified KMS key does not exist or is not allowed: {arn}"
        )
