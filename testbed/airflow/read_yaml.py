#!/usr/bin/env python3
"""Print the YAML documents on standard input as one JSON array, as PyYAML reads them.

Airflow loads its pod template with this reader, which follows YAML 1.1. What JSON has no
type for, such as a date, is printed as ``{"python": TYPE, "text": ...}`` so that a string
which was read as something else stands out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml


def foreign(value: Any) -> dict[str, str]:
    """Show a value which no JSON document can hold."""
    return {"python": type(value).__name__, "text": str(value)}


def main() -> int:
    """Read, and print."""
    documents = list(yaml.safe_load_all(sys.stdin.buffer.read()))
    json.dump(documents, sys.stdout, default=foreign)
    return 0


if __name__ == "__main__":
    sys.exit(main())
