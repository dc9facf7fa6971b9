"""The HTTP server around :class:`stand_in.front.Front`."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from . import managed_policies
from .front import Front


class _Quiet(MotoRequestHandler):
    """Requests are kept in the journal, not in a log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def serve(port: int, started: Callable[[int], None]) -> None:
    """Serve on the loopback interface for ever."""
    # Codes such as AccessDenied are in no service's model, and are answered all the same.
    warnings.filterwarnings("ignore", message=".*does not match an error shape.*")
    managed_policies.keep_few()
    from . import services

    services.load()
    server = make_server("127.0.0.1", port, Front(), threaded=True, request_handler=_Quiet)
    started(server.server_port)
    server.serve_forever()
