"""S3: answers under the names that S3 documents, tags that end with their bucket, policies about TLS.

moto calls the root of most answers ``<operation>Response``; botocore takes any name there, the AWS SDK for
Rust only the right one. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.core.serialize import S3Serializer
from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket, S3Backend

from ..patch import wrap

# By operation, the root of the body ("Response Syntax" of each), which botocore's model does not have.
_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CreateSession": "CreateSessionResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotification": "NotificationConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectTagging": "Tagging",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}


@wrap(S3Serializer, "_serialize_body")
def _body(write: Any, serializer: Any, body: Mapping[str, Any]) -> str:
    operation = serializer.operation_model.name
    wrong = f"{operation}Response"
    if wrong not in body or operation not in _ROOTS:
        return str(write(serializer, body))
    content = body[wrong]
    if operation == "GetBucketLocation":
        # The value is the root's own text, and nothing for us-east-1.
        content = {name: value for name, value in content.items() if name.startswith("@")}
        content |= body[wrong].get("body") or {}
    return str(write(serializer, {_ROOTS[operation]: content}))


@wrap(S3Backend, "delete_bucket")
def _delete_bucket(delete: Any, s3: Any, bucket_name: str) -> Any:
    """The next bucket of the name begins without tags."""
    deleted = delete(s3, bucket_name)
    if deleted is not None:
        s3.tagger.delete_all_tags_for_resource(deleted.arn)
    return deleted


@wrap(FakeBucket, "get_permission")
def _permission(decide: Any, bucket: Any, action: str, resource: str) -> Any:
    """Requests count as made over TLS, although the stand-in itself speaks plain HTTP on loopback.

    moto looks at no condition, and would refuse everything that a policy denies without TLS.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
    """
    if bucket.policy is None:
        return decide(bucket, action, resource)
    document = json.loads(bucket.policy)
    statements = document["Statement"]
    every = statements if isinstance(statements, list) else [statements]
    heeded = [statement for statement in every if not _is_about_plain_http(statement)]
    return IAMPolicy(json.dumps(document | {"Statement": heeded})).is_action_permitted(action, resource)


def _is_about_plain_http(statement: dict[str, Any]) -> bool:
    wanted = (statement.get("Condition") or {}).get("Bool", {}).get("aws:SecureTransport")
    return str(wanted[0] if isinstance(wanted, list) else wanted).lower() == "false"
