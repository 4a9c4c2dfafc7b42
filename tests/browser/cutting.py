"""A way to a server that can be cut: what is sent goes through it, until it does not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65_536


class Line:
    """Passes connections on to a server; `cut` breaks all of them and takes no others."""

    def __init__(self, server_url: str) -> None:
        where = urlsplit(server_url)
        self._server = (where.hostname or "", where.port or 80)
        self._listens = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._is_cut = False
        self.url = f"http://127.0.0.1:{self._listens.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        """Break every connection; new ones break at once."""
        self._is_cut = True
        for end in tuple(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Pass connections on again."""
        self._is_cut = False

    def close(self) -> None:
        """Cut it for good."""
        self.cut()
        self._listens.close()

    def _take(self) -> None:
        while True:
            try:
                here, _ = self._listens.accept()
            except OSError:
                return
            if self._is_cut:
                here.close()
                continue
            there = socket.create_connection(self._server)
            self._ends |= {here, there}
            for source, sink in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(CHUNK):
                sink.sendall(part)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._ends.discard(end)


@contextmanager
def line_to(server_url: str) -> Iterator[Line]:
    """Give a line to the server at `server_url`."""
    line = Line(server_url)
    try:
        yield line
    finally:
        line.close()
