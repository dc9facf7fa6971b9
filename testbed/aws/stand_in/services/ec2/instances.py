"""Instances.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html: the primary interface of an instance that is
launched without one goes with the instance; moto keeps it, and with it the subnet.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

from ...patch import wrap


@wrap(Instance, "terminate")
def _take_the_primary_interface_along(terminate: Any, instance: Instance) -> Any:
    state = terminate(instance)
    made_with_it = [eni for eni in instance.nics.values() if eni.description == "Primary network interface"]
    for eni in made_with_it:
        instance.ec2_backend.enis.pop(eni.id, None)
    return state
