"""What a request asks: service, operation, account, Region and parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

from .accounts import account_of

# Where the name under which requests are signed is not that of botocore's model.
_BY_SIGNING_NAME = {
    "airflow": "mwaa",
    "aps": "amp",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elb",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
_ELB_V2_VERSION = "2015-12-01"
_READS = re.compile(
    r"(Describe|List|Get|Head|Lookup|Search|Select|BatchGet|Simulate|Assume|Receive|Filter|Decode"
    r"|Validate|Test|GenerateDataKey|Encrypt|Decrypt)"
)
_UNKNOWN = "Unknown"


@dataclass
class Call:
    """A request that was understood."""

    service: str
    operation: str
    account: str
    region: str
    access_key: str | None
    environ: dict[str, Any]
    body: bytes
    path_parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def mutating(self) -> bool:
        """Whether the operation changes anything, by its name."""
        return _READS.match(self.operation) is None

    @cached_property
    def protocol(self) -> str:
        """The protocol that the client speaks, such as ``ec2`` or ``rest-json``."""
        if not self.service:
            return "rest-xml"
        try:
            return determine_request_protocol(
                get_service_model(self.service), self.environ.get("CONTENT_TYPE")
            )
        except NotImplementedError:
            return str(get_service_model(self.service).protocol)

    @cached_property
    def params(self) -> dict[str, Any]:
        """The parameters, by the names of the API."""
        request = self.request()
        operation = get_service_model(self.service).operation_model(self.operation)
        parser = PROTOCOL_PARSERS[self.protocol](operation, map_type=dict)
        return parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": self.path_parameters,
            }
        )

    def request(self) -> Request:
        """The request, unread."""
        return Request(self.fresh_environ())

    def fresh_environ(self) -> dict[str, Any]:
        """The WSGI environment, with the body still to be read."""
        environ = dict(self.environ)
        environ.pop("werkzeug.request", None)
        environ["wsgi.input"] = BytesIO(self.body)
        return environ


def understand(environ: dict[str, Any], body: bytes) -> Call:
    """Find out what a request asks."""
    access_key, region, signing_name = _credential(environ)
    service = _BY_SIGNING_NAME.get(signing_name, signing_name)
    if service == "elb" and _ELB_V2_VERSION.encode() in body:
        service = "elbv2"
    header = environ.get("HTTP_X_MOTO_ACCOUNT_ID")
    call = Call(
        service=service,
        operation=_UNKNOWN,
        account=account_of(access_key, header),
        region=region,
        access_key=access_key,
        environ=environ,
        body=body,
    )
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
    if service:
        _route(call)
    return call


def _route(call: Call) -> None:
    """Note the operation; one that no model has stays unknown, and is for moto to judge."""
    try:
        operation, parameters = get_service_router(call.service).match(call.request())
    except Exception:  # noqa: BLE001 - whatever the router makes of odd requests, moto gets them
        return
    if operation is not None:
        call.operation = str(operation.name)
        call.path_parameters = parameters


_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


def _credential(environ: dict[str, Any]) -> tuple[str | None, str, str]:
    """Access key, Region and signing name, from the header or from a presigned URL.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
    """
    text = environ.get("HTTP_AUTHORIZATION", "")
    found = _SCOPE.search(text)
    if found is None:
        query = unquote(environ.get("QUERY_STRING", ""))
        found = _SCOPE.search(query)
    if found is None:
        return None, "us-east-1", ""
    return found[1], found[2], found[3].lower()
