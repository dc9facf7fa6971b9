"""What AWS does and moto does not: one module, or package, a service."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Import every module here, which registers what it has."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
