"""Starts the stand-in portal: python -m onboarding.portal_sandbox --port 8600.

For: one process, ready in about a second, that ends on SIGTERM and survives kill -9. Not for: the internet;
it is the standard library's small server because faults need the bare socket.
"""

import argparse
import errno
import os
import signal
import socket
import socketserver
import sys
import threading
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer


class QuietHandler(ServerHandler):
    """A handler that takes a cut connection for what it is: planned."""

    def log_exception(self, exc_info: Any) -> None:
        """Say nothing: Django reports its own exceptions, and the others are the faults we play."""

    def error_output(self, environ: Any, start_response: Any) -> list[bytes]:
        """Answer nothing more on a connection that is gone."""
        return []


class Request(WSGIRequestHandler):
    """One request, with its socket in reach of faults.py."""

    server_version = "SandboxPortal"
    timeout = 120  # a client that connects and says nothing must not hold a thread for ever

    def get_environ(self) -> dict[str, Any]:
        """Return the WSGI environment with the connection added."""
        return {**super().get_environ(), "sandbox.socket": self.connection}

    def handle(self) -> None:
        """Serve one request; a connection that breaks is no event."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if len(self.raw_requestline) <= 65536 and self.parse_request():
                handler = QuietHandler(self.rfile, self.wfile, sys.stderr, self.get_environ())  # type: ignore[arg-type]
                handler.request_handler = self  # type: ignore[attr-defined]
                handler.run(self.server.get_app())  # type: ignore[attr-defined]
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Write no access log: /dieu-khien/nhat-ky has the calls."""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread for each connection, so that a hanging one never blocks the others."""

    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking DNS for our own name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that were cut."""


def main() -> int:
    """Parse the arguments, migrate the own database, listen. Returns the exit code."""
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.portal_sandbox.settings"
    if options.advance is not None:
        os.environ["SANDBOX_ADVANCE_SECONDS"] = str(options.advance)
    if options.dir:
        os.environ["SANDBOX_DIR"] = options.dir
    if _somebody_listens(options.host, options.port):
        return _port_taken(options.port)
    # Only now: both read the settings chosen above.
    from django.core.management import call_command

    from onboarding.portal_sandbox.wsgi import application

    call_command("migrate", verbosity=0, interactive=False)
    try:
        server = Server((options.host, options.port), Request)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _port_taken(options.port)
        raise
    server.set_app(application)
    _serve(server)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m onboarding.portal_sandbox", description="The stand-in portal.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8600, help="0 takes any free port")
    parser.add_argument("--advance", type=float, metavar="SECONDS", help="move dossiers on by themselves")
    parser.add_argument("--dir", default="", help="folder of the database (default: VAR_DIR/sandbox)")
    return parser.parse_args()


def _somebody_listens(host: str, port: int) -> bool:
    """Ask by connecting: a server that listens with port sharing would not make bind() fail."""
    if not port:
        return False
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _port_taken(port: int) -> int:
    sys.stderr.write(f"Port {port} is taken by another process. Stop it or choose another --port.\n")
    return 1


def _serve(server: Server) -> None:
    def stop(signum: int, frame: Any) -> None:
        # shutdown() waits for the loop, and the loop runs in this thread: it must be asked from another one.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Portal sandbox listens on http://{server.server_name}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    sys.exit(main())
