"""The WSGI application: every request comes in here."""

from __future__ import annotations

import re
import socket
import threading
import time
import traceback
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from . import accounts, clock, controls, faults, journal, registry, settings, throttle, wire
from .call import Call, understand
from .errors import Refusal

# Held while a request is dealt with: neither moto's models nor ours know concurrency.
_LOCK = threading.RLock()
_NOT_IMPLEMENTED = re.compile(r"NotImplementedError|not been implemented|NotYetImplemented")


class Dropped(Exception):
    """The connection is to end without an answer."""


class Front:
    """Our operations before moto's: a WSGI application."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = Request(environ).get_data(cache=False, parse_form_data=False)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        if environ.get("PATH_INFO", "").startswith(controls.PREFIX):
            with _LOCK:
                clock.run_due()
                response = controls.answer(Request(environ))
        else:
            response = self._answer(environ, body)
        return response(environ, start_response)

    def _answer(self, environ: dict[str, Any], body: bytes) -> Response:
        arrived = time.monotonic()
        with _LOCK:
            clock.run_due()
            call = understand(environ, body)
            latency = settings.of(call.account).latency
            try:
                response = self._deal_with(call)
            except Dropped:
                _hang_up(environ)
                response = Response(status=500)
            journal.note(call, response, arrived)
        if latency:
            time.sleep(latency)
        return response

    def _deal_with(self, call: Call) -> Response:
        try:
            accounts.check_key(call.access_key, call.service, call.protocol)
            throttle.check(call)
            _fail_if_asked(call, "before")
            registry.run_checks(call)
            handler = registry.handler_of(call)
            response = wire.answer(call, handler(call)) if handler else self._ask_moto(call)
            if response.status_code < 400:
                _fail_if_asked(call, "after")
            return response
        except (ServiceException, HTTPException) as error:
            return wire.refusal(call, error)
        except Dropped:
            raise
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the client gets an answer
            traceback.print_exc()
            return _our_fault(call, f"{type(error).__name__}: {error}")

    def _ask_moto(self, call: Call) -> Response:
        try:
            response = Response.from_app(self._moto, call.fresh_environ(), buffered=True)
        except NotImplementedError as error:
            return _our_fault(call, str(error))
        text = response.get_data(as_text=True) if response.status_code >= 404 else ""
        if response.status_code >= 500 and _NOT_IMPLEMENTED.search(text):
            return _our_fault(call, "neither moto nor the stand-in has it")
        if response.status_code == 404 and "<title>404 Not Found</title>" in text:
            return _our_fault(call, "neither moto nor the stand-in has it")
        return response


def _fail_if_asked(call: Call, when: str) -> None:
    fault = faults.take(call, when)
    if fault is None:
        return
    if fault.get("drop"):
        raise Dropped
    raise faults.error_of(fault)


def _hang_up(environ: dict[str, Any]) -> None:
    """End the connection, so that the client sees it reset."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _our_fault(call: Call, message: str) -> Response:
    """501, which no SDK tries again: what is missing is missing."""
    error = Refusal(
        "NotInTheStandIn", f"{call.service}:{call.operation} cannot be answered: {message}", 501
    )
    return wire.refusal(call, error)
