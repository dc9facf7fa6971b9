"""EKS."""

from __future__ import annotations

from ... import inventory
from ...inventory import Items, source
from ..eks.store import stores_of


@inventory.regions
def _regions(account: str) -> set[str]:
    return set(stores_of(account))


@source("eks")
def _eks(account: str, region: str) -> Items:
    store = stores_of(account).get(region)
    for cluster in store.clusters.values() if store else ():
        name = cluster.name
        document = cluster.document
        yield "cluster", name, {"version": document["version"], "tags": document["tags"]}
        for kind, documents in (
            ("nodegroup", cluster.nodegroups),
            ("fargateprofile", cluster.fargate_profiles),
            ("addon", cluster.addons),
            ("access-entry", cluster.access_entries),
            ("podidentityassociation", cluster.associations),
            ("identityproviderconfig", cluster.identity_providers),
        ):
            for number, thing in documents.items():
                yield kind, f"{name}/{number}", {"tags": thing["tags"]}
        for principal, policies in cluster.access_policies.items():
            for policy in policies:
                yield "access-policy", f"{name}/{principal}/{policy}", {}
