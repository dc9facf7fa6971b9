"""``python -m inventory --preset minimal --account 111122223333``: 0 if the table is met, else 1.

Reads ``AWS_ENDPOINT_URL``. The account's number is the access key too, as the stand-in has it.
"""

from __future__ import annotations

import argparse
import sys

from .account import Account
from .read import cluster, data, identity, network, others, security_groups
from .table import differences, rows_of

_REGIONS = {"fargate": "ap-southeast-2"}
_NAMES = {"self-managed-airflow": "self-managed-airflow"}


def main() -> int:
    """Compare, and tell every difference."""
    arguments = _arguments()
    preset = arguments.preset
    name = arguments.name or _NAMES.get(preset, f"airflow-{preset}")
    account = Account(arguments.account, arguments.region or _REGIONS.get(preset, "us-west-2"))
    read_all(account)
    if arguments.show:
        for (area, thing), attributes in sorted(account.found.items()):
            for attribute, value in sorted(attributes.items()):
                print(f"{area} | {thing} | {attribute} | {value}")
        return 0
    rows = rows_of(preset, {"name": name, "region": account.region, "account": account.number})
    wrong = list(differences(rows, account.found))
    for line in wrong:
        print(line)
    print(f"{preset}: {len(rows)} rows, {len(account.found)} things, {len(wrong)} differences")
    return 1 if wrong else 0


def read_all(account: Account) -> None:
    """Everything: what others refer to comes first."""
    network.read(account)
    security_groups.read(account)
    identity.keys(account)
    cluster.read(account)
    data.read(account)
    others.read(account)
    identity.read(account)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="inventory", description=__doc__)
    parser.add_argument("--preset", required=True, help="whose table")
    parser.add_argument("--account", required=True, help="twelve digits")
    parser.add_argument("--region", help="the Region; the preset's otherwise")
    parser.add_argument("--name", help="the stack's name; the preset's otherwise")
    parser.add_argument("--show", action="store_true", help="only tell what is there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
