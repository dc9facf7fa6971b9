#!/usr/bin/env python3
"""Log in as ``LOG_IN_USERNAME`` with ``LOG_IN_PASSWORD``, by the code behind Airflow's login form.

Prints a JSON object: ``roles`` of the user, or null if there is none; ``logged_in`` with the
password; ``logged_in_otherwise`` with another one, which must be false.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any


def log_in(username: str, password: str) -> dict[str, Any]:
    """Ask the security manager."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
    from flask import current_app

    # The security manager writes the time of the attempt into the request's session.
    with get_application_builder() as builder, current_app.test_request_context():
        user = builder.sm.find_user(username=username)
        return {
            "roles": sorted(role.name for role in user.roles) if user else None,
            "email": user.email if user else None,
            "logged_in": builder.sm.auth_user_db(username, password) is not None,
            "logged_in_otherwise": builder.sm.auth_user_db(username, f"{password}x") is not None,
        }


def main() -> int:
    """Print the answer; everything that Airflow logs goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        answer = log_in(os.environ["LOG_IN_USERNAME"], os.environ["LOG_IN_PASSWORD"])
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
