"""``python -m stand_in``: start the stand-in."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path


def main() -> int:
    """Start it, tell its port, and serve until it is ended."""
    arguments = _arguments()
    # moto reads its settings when it is imported.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    os.environ.setdefault("MOTO_PORT", str(arguments.port))
    from .server import serve

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if arguments.until_input_ends:
        threading.Thread(target=_exit_with_input, daemon=True).start()
    serve(arguments.port, lambda port: _tell(port, arguments.port_file))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="stand_in", description="A stand-in for AWS.")
    parser.add_argument("--port", type=int, default=0, help="the port; 0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port once it answers")
    parser.add_argument(
        "--until-input-ends",
        action="store_true",
        help="end with standard input: whoever started this cannot leave it behind",
    )
    return parser.parse_args()


def _tell(port: int, file: Path | None) -> None:
    if file is None:
        print(port, flush=True)
        return
    unfinished = file.with_suffix(".new")
    unfinished.write_text(f"{port}\n")
    unfinished.replace(file)


def _exit_with_input() -> None:
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
