"""A real receiver of webhooks on loopback that can be told to misbehave."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """What arrived, as (headers, body). ``answers`` are used up one by one; without, it is 200."""

    url: str = ""
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def next_answer(self) -> tuple[int, float]:
        """The status, and the seconds it takes to say so."""
        return (self.answers.pop(0) if self.answers else 200), 0.0

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """The events whose signature the field's own library accepts."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.got]


@contextmanager
def receiving(
    given: Receiver | None = None, *, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    receiver = given or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append(({name.lower(): text for name, text in self.headers.items()}, body))
            status, seconds = receiver.next_answer()
            time.sleep(seconds)
            self.send_response(status)
            self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"http{'s' * (tls is not None)}://127.0.0.1:{server.server_port}/in?a=1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
