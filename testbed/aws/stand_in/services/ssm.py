"""Systems Manager: the public parameters that tell images for nodes.

https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html,
https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from ..call import Call
from ..registry import operation
from .eks import versions
from .eks.nodegroups import release_of

_EKS = re.compile(
    r"/aws/service/eks/optimized-ami/1\.(\d+)/(amazon-linux-2023/(?:x86_64|arm64)/(?:standard|nvidia|neuron)"
    r"|amazon-linux-2(?:-arm64|-gpu)?)/recommended(/image_id|/release_version)?"
)
_BOTTLEROCKET = re.compile(
    r"/aws/service/bottlerocket/aws-k8s-1\.(\d+)(?:-nvidia|-fips)?/(?:x86_64|arm64)/(?:latest|[\d.]+-?\w*)/"
    r"(image_id|image_version)"
)


def _value(name: str) -> str | None:
    """The value of a public parameter, the same each time."""
    found = _EKS.fullmatch(name) or _BOTTLEROCKET.fullmatch(name)
    known = {version.minor for version in versions.ALL}
    if found is None or int(found[1]) not in known:
        return None
    last_of_linux_2 = 32
    if "amazon-linux-2/" in name and int(found[1]) > last_of_linux_2:
        return None
    stem = name.rsplit("/", 1)[0]
    image = f"ami-{hashlib.sha256(stem.encode()).hexdigest()[:17]}"
    release = release_of(f"1.{found[1]}", "BOTTLEROCKET" if "bottlerocket" in name else "AL2023")
    if name.endswith("image_id"):
        return image
    if name.endswith(("release_version", "image_version")):
        return release
    return json.dumps({"schema_version": "2", "image_id": image, "release_version": release})


def _parameter(call: Call, name: str, value: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Type": "String",
        "Value": value,
        "Version": 1,
        "DataType": "text",
        "ARN": f"arn:aws:ssm:{call.region}::parameter{name}",
        "LastModifiedDate": 1762300800,
    }


@operation("ssm", "GetParameter")
def get_parameter(call: Call) -> dict[str, Any]:
    """Public ones are ours; the others are moto's."""
    from moto.ssm.exceptions import ParameterNotFound
    from moto.ssm.models import ssm_backends

    name = call.params["Name"]
    value = _value(name)
    if value is not None:
        return {"Parameter": _parameter(call, name, value)}
    found = ssm_backends[call.account][call.region].get_parameter(name)
    if found is None:
        raise ParameterNotFound(f"Parameter {name} not found.")
    decrypt = bool(call.params.get("WithDecryption"))
    return {"Parameter": found.response_object(decrypt, call.region)}
