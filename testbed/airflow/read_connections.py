#!/usr/bin/env python3
"""Print, as JSON, the connections that Airflow itself finds under the ids given as arguments.

They are looked up the way a task's hook looks them up, so that ``AIRFLOW_CONN_*`` variables
pass through Airflow's own reader.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any


def describe(connection_id: str) -> dict[str, Any]:
    """Look one connection up."""
    from airflow.models.connection import Connection

    connection = Connection.get_connection_from_secrets(connection_id)
    members = ("conn_id", "conn_type", "host", "login", "password")
    return {**{name: getattr(connection, name) for name in members}, "extra": connection.extra_dejson}


def main() -> int:
    """Print one JSON array; everything that Airflow logs goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        connections = [describe(connection_id) for connection_id in sys.argv[1:]]
    json.dump(connections, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
