"""S3 as the AWS SDKs read it: roots of answers, tags, a policy that wants TLS."""

from __future__ import annotations

import json
from typing import Any

import pytest

REGION = "us-west-2"


@pytest.fixture
def bucket(aws: Any) -> str:
    name = f"roots-{aws.account}"
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def _root(aws: Any, operation: str, **params: Any) -> str:
    """The name of the body's first element, as it goes over the wire."""
    bodies: list[bytes] = []
    client = aws.client("s3", api_version="2006-03-01")
    events = client.meta.events
    events.register("before-parse.s3", lambda response_dict, **_: bodies.append(response_dict["body"]))
    getattr(client, operation)(**params)
    text = bodies[-1].decode().split("?>", 1)[-1].lstrip()
    return text[1:].split(">")[0].split()[0].rstrip("/")


@pytest.mark.parametrize(
    ("operation", "root"),
    [
        ("get_bucket_acl", "AccessControlPolicy"),
        ("get_bucket_encryption", "ServerSideEncryptionConfiguration"),
        ("get_bucket_lifecycle_configuration", "LifecycleConfiguration"),
        ("get_bucket_location", "LocationConstraint"),
        ("get_bucket_ownership_controls", "OwnershipControls"),
        ("get_bucket_policy_status", "PolicyStatus"),
        ("get_bucket_tagging", "Tagging"),
        ("get_bucket_versioning", "VersioningConfiguration"),
        ("get_public_access_block", "PublicAccessBlockConfiguration"),
        ("list_multipart_uploads", "ListMultipartUploadsResult"),
        ("list_object_versions", "ListVersionsResult"),
        ("list_objects", "ListBucketResult"),
        ("list_objects_v2", "ListBucketResult"),
    ],
)
def test_roots_are_named_as_documented(aws: Any, bucket: str, operation: str, root: str) -> None:
    s3 = aws.s3
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket)))
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
    assert _root(aws, operation, Bucket=bucket) == root


def test_other_roots_are_named_as_documented(aws: Any, bucket: str) -> None:
    assert _root(aws, "list_buckets") == "ListAllMyBucketsResult"
    assert _root(aws, "create_multipart_upload", Bucket=bucket, Key="k") == "InitiateMultipartUploadResult"
    number = aws.s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    part = aws.s3.upload_part(Bucket=bucket, Key="k", UploadId=number, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    named = {"Bucket": bucket, "Key": "k", "UploadId": number}
    assert _root(aws, "list_parts", **named) == "ListPartsResult"
    assert (
        _root(aws, "complete_multipart_upload", **named, MultipartUpload=parts)
        == "CompleteMultipartUploadResult"
    )
    assert _root(aws, "delete_objects", Bucket=bucket, Delete={"Objects": [{"Key": "k"}]}) == "DeleteResult"


def test_a_location_is_told(aws: Any, bucket: str) -> None:
    assert aws.s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == REGION


def test_tags_end_with_their_bucket(aws: Any, bucket: str, refused: Any) -> None:
    aws.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    aws.s3.delete_bucket(Bucket=bucket)
    aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    refused("NoSuchTagSet", aws.s3.get_bucket_tagging, Bucket=bucket)


def test_requests_count_as_made_over_tls(aws: Any, bucket: str, refused: Any) -> None:
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket)))
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert aws.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    deny = _tls_only(bucket)
    del deny["Statement"][0]["Condition"]
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(deny))
    refused("403", aws.s3.put_object, Bucket=bucket, Key="k", Body=b"x")


def _tls_only(bucket: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
