#!/usr/bin/env python3
"""Tell which of the command lines on standard input Airflow's own command line would refuse.

Standard input is a JSON array of arrays of words, each without the program's name. Printed is
a JSON array of one message for each, or null where it is accepted. Nothing is run.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys


def refusal(words: list[str]) -> str | None:
    """Parse one command line, and return what the parser says against it."""
    from airflow.cli.cli_parser import get_parser

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            arguments = get_parser().parse_args(words)
    except SystemExit:
        return said.getvalue().strip() or "refused without a word"
    return None if hasattr(arguments, "func") else "names no command"


def main() -> int:
    """Read, and print."""
    commands = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answers = [refusal(words) for words in commands]
    json.dump(answers, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
