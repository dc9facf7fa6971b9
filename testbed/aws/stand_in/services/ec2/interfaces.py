"""Network interfaces.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html: one that a service holds
cannot be deleted by its user.
"""

from __future__ import annotations

from ...call import Call
from ...errors import Refusal
from ...registry import before
from .common import ec2_of


@before("ec2", "DeleteNetworkInterface")
def _check_it_is_free(call: Call) -> None:
    eni = ec2_of(call).enis.get(call.params["NetworkInterfaceId"])
    if eni is not None and (eni.requester_managed or eni.attachment_id):
        raise Refusal("InvalidParameterValue", f"Network interface '{eni.id}' is currently in use.")
