"""Load balancers: their interfaces, which hold subnets and security groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html. Names are
unique in a Region, which moto does not check because its ARNs hold a random part.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend
from moto.elbv2.models import ELBv2Backend

from .. import phases
from ..errors import Refusal
from ..patch import wrap


def _make(backend: Any, balancer: Any, subnets: list[Any], groups: list[str], label: str) -> None:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    balancer._interfaces = []
    for subnet in subnets:
        made = ec2.create_network_interface(
            subnet, [], group_ids=groups or None, description=f"ELB {label}"
        )
        made.requester_managed = True
        made.status = "in-use"
        balancer._interfaces.append(made.id)


def _remove(backend: Any, balancer: Any) -> None:
    """AWS lets the interfaces go a while after the load balancer is gone."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]

    def finish() -> None:
        for name in getattr(balancer, "_interfaces", []):
            ec2.enis.pop(name, None)

    phases.later(backend.account_id, "elb:interface:delete", finish)


@wrap(ELBv2Backend, "create_load_balancer")
def _create_modern(create: Any, backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    if name in {known.name for known in backend.load_balancers.values()}:
        raise Refusal("DuplicateLoadBalancerName", f"A load balancer with name '{name}' exists already")
    made = create(backend, name, *args, **kwargs)
    kind = "net" if made.type == "network" else "app"
    label = f"{kind}/{name}/{made.arn.rsplit('/', 1)[-1]}"
    _make(backend, made, made.subnets, made.security_groups or [], label)
    return made


@wrap(ELBv2Backend, "delete_load_balancer")
def _delete_modern(delete: Any, backend: Any, arn: str) -> Any:
    balancer = backend.load_balancers.get(arn)
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise Refusal(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    result = delete(backend, arn)
    if balancer is not None:
        _remove(backend, balancer)
    return result


@wrap(ELBBackend, "create_load_balancer")
def _create_classic(create: Any, backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    made = create(backend, name, *args, **kwargs)
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    subnets = [ec2.get_subnet(number) for number in made.subnets]
    _make(backend, made, subnets, made.security_groups or [], name)
    return made


@wrap(ELBBackend, "delete_load_balancer")
def _delete_classic(delete: Any, backend: Any, name: str) -> Any:
    balancer = backend.load_balancers.get(name)
    result = delete(backend, name)
    if balancer is not None:
        _remove(backend, balancer)
    return result
