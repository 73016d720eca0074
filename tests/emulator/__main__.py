"""The emulator as a process: `python -m tests.emulator` prints its port, and ends when its standard input does."""

from __future__ import annotations

import logging
import os
import sys
import threading

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from tests.emulator.app import EmulatorApp


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, EmulatorApp(), threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def _end_with_parent() -> None:
    """The parent holds the other end of standard input, which closes with it however it ends."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
