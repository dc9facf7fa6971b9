"""What EKS looks for, and makes, in the VPC of a cluster.

https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html and
https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from ... import settings
from ...call import Call
from ...errors import Refusal
from .store import Cluster, invalid


def ec2_of(owner: Call | Cluster) -> Any:
    """EC2 of the same account and Region."""
    return ec2_backends[owner.account][owner.region]


def subnet_of(owner: Call | Cluster, name: str) -> Any | None:
    """A subnet, or none."""
    zones = ec2_of(owner).subnets.values()
    return next((subnets[name] for subnets in zones if name in subnets), None)


def subnets_for_cluster(call: Call, names: list[str]) -> list[Any]:
    """The subnets of a new control plane: existing ones, of one VPC, in two zones that EKS serves."""
    subnets = existing_subnets(call, names)
    vpcs = {subnet.vpc_id for subnet in subnets}
    if len(vpcs) > 1:
        raise invalid(f"Subnets are not all in the same VPC: {', '.join(sorted(vpcs))}")
    _check_zones(call, subnets)
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs")
    return subnets


def existing_subnets(owner: Call | Cluster, names: list[str]) -> list[Any]:
    """Subnets that have to exist."""
    found = {name: subnet_of(owner, name) for name in names}
    missing = sorted(name for name, subnet in found.items() if subnet is None)
    if missing:
        raise invalid(f"The subnet ID '{missing[0]}' does not exist")
    return list(found.values())


def _check_zones(call: Call, subnets: list[Any]) -> None:
    closed = set(settings.of(call.account).unavailable_zones)
    refused = sorted(
        {s.availability_zone for s in subnets if closed & {s.availability_zone, zone_id(s)}}
    )
    if not refused:
        return
    zones = ec2_of(call).describe_availability_zones()
    valid = sorted(z.name for z in zones if not closed & {z.name, z.zone_id})
    raise Refusal(
        "UnsupportedAvailabilityZoneException",
        f"Cannot create cluster '{call.params.get('name')}' because {', '.join(refused)}, the targeted "
        f"availability zone, does not currently have sufficient capacity to support the cluster. "
        f"Retry and choose from these availability zones: {', '.join(valid)}",
        clusterName=call.params.get("name"),
        validZones=valid,
    )


def zone_id(subnet: Any) -> str:
    """The id of a subnet's zone, such as ``use1-az3``."""
    return str(getattr(subnet, "availability_zone_id", "") or subnet._availability_zone.zone_id)


def check_groups(call: Call, names: list[str], vpc: str) -> None:
    """Refuse security groups that are not there, or of another VPC."""
    for name in names:
        group = ec2_of(call).get_security_group_from_id(name)
        if group is None:
            raise invalid(f"The security group '{name}' does not exist")
        if group.vpc_id != vpc:
            raise invalid(f"Security group {name} is not in the VPC {vpc} of the subnets")


def make_cluster_group(cluster: Cluster, vpc: str) -> str:
    """The security group that EKS makes for control plane and nodes: everything within it is allowed."""
    ec2 = ec2_of(cluster)
    group = ec2.create_security_group(
        f"eks-cluster-sg-{cluster.name}-{int(cluster.document['id'][:8], 16)}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
        "as well as any managed workloads.",
        vpc_id=vpc,
        tags={
            "Name": f"eks-cluster-sg-{cluster.name}",
            f"kubernetes.io/cluster/{cluster.name}": "owned",
            "aws:eks:cluster-name": cluster.name,
        },
        is_default=False,
    )
    ec2.authorize_security_group_ingress(
        group_name_or_id=group.id,
        ip_protocol="-1",
        from_port=None,
        to_port=None,
        ip_ranges=[],
        source_groups=[{"GroupId": group.id}],
    )
    return str(group.id)


def make_interfaces(cluster: Cluster, subnets: list[Any]) -> None:
    """The interfaces of the control plane, of which there are two to four."""
    config = cluster.document["resourcesVpcConfig"]
    groups = [config["clusterSecurityGroupId"], *config["securityGroupIds"]]
    zones: dict[str, Any] = {}
    for subnet in subnets:
        zones.setdefault(subnet.availability_zone, subnet)
    cluster.interfaces = [
        interface(cluster, subnet, groups, f"Amazon EKS {cluster.name}")
        for subnet in list(zones.values())[:2]
    ]


def interface(cluster: Cluster, subnet: Any, groups: list[str], description: str) -> str:
    """A network interface that EKS holds."""
    made = ec2_of(cluster).create_network_interface(
        subnet, [], group_ids=groups, description=description, tags={}
    )
    made.requester_managed = True
    made.status = "in-use"
    return str(made.id)


def remove_interfaces(cluster: Cluster, names: list[str]) -> None:
    """Take interfaces away."""
    for name in names:
        ec2_of(cluster).enis.pop(name, None)


def remove_cluster_group(cluster: Cluster) -> None:
    """Take the cluster's security group away. EKS leaves one that others use."""
    name = cluster.document["resourcesVpcConfig"].get("clusterSecurityGroupId")
    ec2 = ec2_of(cluster)
    group = ec2.get_security_group_from_id(name) if name else None
    if group is None:
        return
    users = (eni for eni in ec2.enis.values() if group.id in [g.id for g in eni._group_set])
    if next(users, None) is None:
        ec2.groups[group.vpc_id].pop(group.id, None)
        ec2.tags.pop(group.id, None)


def has_way_out(cluster: Cluster, subnet: Any) -> bool:
    """Whether a node in a subnet reaches the registries: by a default route, or by interface endpoints."""
    ec2 = ec2_of(cluster)
    tables = [t for t in ec2.route_tables.values() if t.vpc_id == subnet.vpc_id]
    own = [t for t in tables if subnet.id in t._associations.values()]
    main = [t for t in tables if t.main_association_id]
    for table in own or main:
        for route in table.routes:
            if route.destination_cidr_block == "0.0.0.0/0" and _leads_out(route):
                return True
    wanted = {"ecr.api", "ecr.dkr", "ec2", "sts"}
    there = {
        endpoint.service_name.split(".", 3)[-1]
        for endpoint in ec2.vpc_end_points.values()
        if endpoint.vpc_id == subnet.vpc_id and endpoint.state == "available"
    }
    return wanted <= there


def _leads_out(route: Any) -> bool:
    nat = getattr(route, "nat_gateway", None)
    if nat is not None:
        return bool(nat.state == "available")
    return bool(route.gateway or route.transit_gateway or route.interface or route.instance)
