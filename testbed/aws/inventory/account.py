"""Clients of one account, and what they found: things, each with attributes as text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config

Thing = tuple[str, str]
Found = dict[Thing, dict[str, str]]
_MARKS = ("airflow-eks/stack", "airflow-eks/resource")


class Account:
    """An account in one Region, and the names of what was found in it."""

    def __init__(self, account: str, region: str) -> None:
        self.number, self.region = account, region
        self.found: Found = {}
        # By id, what a person would call it, so that rows need no ids.
        self.names: dict[str, str] = {}
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A client of a service."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=os.environ["AWS_ENDPOINT_URL"],
                region_name=self.region,
                aws_access_key_id=self.number,
                aws_secret_access_key="x",
                config=Config(s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    def all(self, service: str, operation: str, member: str, **params: Any) -> Iterator[Any]:
        """Every item of a list, over all its pages."""
        client = self.client(service)
        if client.can_paginate(operation):
            for page in client.get_paginator(operation).paginate(**params):
                yield from page.get(member) or []
        else:
            yield from getattr(client, operation)(**params).get(member) or []

    def add(self, area: str, thing: str, tags: Any = None, **attributes: Any) -> None:
        """Note a thing: an attribute that is empty is none."""
        place = self.found.setdefault((area, thing), {})
        values = {name.replace("__", " "): text(value) for name, value in attributes.items()}
        if tags is not None:
            values |= _tags(tags)
        place.update({name: value for name, value in values.items() if value not in ("", "none")})

    def name(self, number: str) -> str:
        """What an id is called; an unknown one stays."""
        return self.names.get(number, number)


def _tags(tags: Any) -> dict[str, str]:
    """The marks that everything carries, with the user's tag, apart from what is the thing's own."""
    pairs = tags_of(tags)
    marks = [f"{key}={pairs[key]}" for key in (_MARKS[0], "project") if key in pairs]
    marks += [_MARKS[1]] if pairs.get(_MARKS[1]) else []
    own = {key: value for key, value in pairs.items() if key not in (*_MARKS, "project", "Name")}
    return {"marks": ", ".join(marks), "tags": text(own)}


def tags_of(tags: Any) -> dict[str, str]:
    """Tags, in whichever of AWS's forms they come."""
    if isinstance(tags, Mapping):
        return dict(tags)
    return {(tag.get("Key") or tag.get("key")): tag.get("Value", tag.get("value")) for tag in tags}


def text(value: Any) -> str:
    """A value as rows have it: lists in order, maps as ``a=b``."""
    if value is None or value == "" or value == [] or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={text(value[key])}" for key in sorted(value))
    if isinstance(value, (list, tuple, set)):
        return ", ".join(sorted(text(item) for item in value))
    return str(value)
