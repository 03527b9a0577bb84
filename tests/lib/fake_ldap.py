"""A server that only binds: what people's passwords are checked against (slapo-remoteauth). It
takes names that are no DNs, as Active Directory takes a userPrincipalName."""
import socketserver
import threading


def element(tag, content):
    """One BER element; everything here is shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content


def elements(data):
    """(tag, content) of elements side by side (X.690, definite lengths)."""
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7f
            length, at = int.from_bytes(data[at:at + size], "big"), at + size
        yield tag, data[at:at + length]
        at += length


class BindServer:
    """`passwords` maps a bind name to its password; `asked` lists the names that were tried."""

    def __init__(self, passwords):
        self.asked = []
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                while True:
                    data = self.request.recv(4096)
                    if not data:
                        return
                    (_, message), = elements(data)
                    (_, number), (tag, request), *_ = elements(message)
                    if tag != 0x60:
                        return
                    _, (_, name), (_, password) = elements(request)
                    outer.asked.append(name.decode())
                    good = passwords.get(name.decode()) == password.decode()
                    self.request.sendall(element(0x30, element(2, number) + element(
                        0x61, element(10, bytes([0 if good else 49])) + element(4, b"") +
                        element(4, b""))))

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.uri = f"ldap://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
