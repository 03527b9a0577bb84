"""Failed logins: whoever goes on failing is told to wait, by token first and by address second; a
good token never waits; behind proxies the client counts, and only trusted ones are believed."""
import os
import secrets
import socket
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import TOKEN, Answer, Scim, UnixConnection      # noqa: E402
from tap import check, equal, holds, lacks, main, test          # noqa: E402
from world import World, sanitized                              # noqa: E402

import http.client                                              # noqa: E402

WORLD = World()
LIMIT = 5


def make(name, scim="", **more):
    server = Scim(WORLD, 5, name=name, scim=f"failed_logins = {LIMIT}\n{scim}", **more)
    server.start()
    return server


class Caller:
    """Somebody who asks from an address of his own, on a connection of his own each time."""

    def __init__(self, server, source="127.0.0.1", path=None, **headers):
        self.server, self.source, self.path = server, source, path
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def ask(self, token=None):
        if self.path is not None:
            connection = UnixConnection(self.path)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30,
                                                    source_address=(self.source, 0))
        headers = dict(self.headers)
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        connection.request("GET", "/scim/v2/Users?count=1", None, headers)
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer

    def statuses(self, times, token=None):
        """A new token each time, unless one is given."""
        return [self.ask(token or "rcs_" + secrets.token_urlsafe(32)).status
                for _ in range(times)]


def waits(caller, token=None):
    """All failures are answered 401, and the next ones 429."""
    equal(caller.statuses(LIMIT + 3, token), [401] * LIMIT + [429] * 3, "statuses")


@test("a client that repeats a wrong token waits alone")
def repeated():
    server = make("repeated")
    bad, beside = Caller(server), Caller(server)
    waits(bad, "rcs_revoked-token")
    answer = bad.ask("rcs_revoked-token")
    server.refused(answer, 429)
    check(0 < int(answer.headers["Retry-After"]) <= 60 // LIMIT, "Retry-After")
    holds(answer.headers["WWW-Authenticate"], "invalid_token")
    equal(beside.ask(TOKEN).status, 200, "a good token from that address")
    waits(beside, "rcs_another-one")
    WORLD.advance(int(answer.headers["Retry-After"]))
    equal(bad.statuses(2, "rcs_revoked-token"), [401, 429], "after the time it was told")
    WORLD.advance(3600)
    equal(bad.statuses(LIMIT, "rcs_revoked-token"), [401] * LIMIT, "after an hour")
    server.stop()
    lacks(server.process.text(), "rcs_revoked")


@test("an address that tries many tokens waits, and nobody elsewhere does")
def guessed():
    server = make("guessed")
    waits(Caller(server, "127.0.0.7"))
    equal(Caller(server, "127.0.0.7").ask(TOKEN).status, 200, "a good token never waits")
    equal(Caller(server, "127.0.0.8").statuses(LIMIT), [401] * LIMIT, "another address")
    equal(Caller(server, "127.0.0.7").ask().status, 401, "no token is no login")
    server.stop()


@test("a token that was just made is let in, whatever failed with it before")
def early():
    server = make("early")
    waits(Caller(server), "rcs_soon-to-be-good")
    server.client("soon", token="rcs_soon-to-be-good")
    server.wait(lambda: Caller(server).ask("rcs_soon-to-be-good").status == 200, "let in at once")
    server.stop()


@test("behind a trusted proxy each client waits for himself")
def proxied():
    server = make("proxied", "trusted_proxy = 127.0.1.0/24\n")

    def behind(client, proxy="127.0.1.1"):
        return Caller(server, proxy, X_Forwarded_For=client)

    waits(behind("192.0.2.1"))
    equal(behind("192.0.2.2").statuses(LIMIT), [401] * LIMIT, "another client of that proxy")
    equal(behind("192.0.2.1", "127.0.1.2").statuses(1), [429], "that client by another proxy")
    equal(behind("203.0.113.5, 192.0.2.1").statuses(1), [429], "what a client says is nothing")
    equal(behind("192.0.2.1, 127.0.1.9").statuses(1), [429], "behind two proxies")
    equal(behind("192.0.2.1").ask(TOKEN).status, 200, "a good token")
    # whoever is no proxy is not believed
    liar = Caller(server, "127.0.2.1", X_Forwarded_For="192.0.2.77")
    waits(liar)
    liar.headers["X-Forwarded-For"] = "192.0.2.78"
    equal(liar.statuses(1), [429], "its own address counts")
    equal(behind("192.0.2.77").statuses(1), [401], "and not the one it names")
    # nor is the other header
    equal(Caller(server, "127.0.1.1", Forwarded="for=192.0.2.1").statuses(1), [401], "Forwarded")
    server.stop()


@test("Forwarded is read instead where it is configured")
def forwarded():
    server = make("forwarded", "trusted_proxy = 127.0.1.1\nproxy_header = forwarded\n")
    waits(Caller(server, "127.0.1.1", Forwarded='for="[2001:db8::1]:4711";proto=https'))
    equal(Caller(server, "127.0.1.1", Forwarded="for=[2001:db8::2]").statuses(1), [429],
          "the same network")
    equal(Caller(server, "127.0.1.1", Forwarded="for=192.0.2.2").statuses(1), [401], "another")
    server.stop()


@test("a Unix socket is a proxy when it is told so")
def local():
    path = WORLD.path("login.sock")
    server = make("local", "trusted_proxy = unix\n", listen=[f"unix:{path}"])
    waits(Caller(server, path=path, X_Forwarded_For="192.0.2.1"))
    equal(Caller(server, path=path, X_Forwarded_For="192.0.2.2").statuses(1), [401], "another")
    server.stop()
    server = make("untold", listen=[f"unix:{path}"])
    waits(Caller(server, path=path, X_Forwarded_For="192.0.2.1"))
    equal(Caller(server, path=path, X_Forwarded_For="192.0.2.2").statuses(1), [429],
          "all are one, when it is not")
    equal(Caller(server, path=path).ask(TOKEN).status, 200, "a good token")
    server.stop()


@test("a flood of tokens takes no memory")
def flood():
    server = make("flood")
    with socket.create_connection(("127.0.0.1", server.port)) as one:
        one.settimeout(30)

        def send(count):
            data = b"".join(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rcs_"
                            + secrets.token_hex(16).encode() + b"\r\n\r\n" for _ in range(count))
            one.sendall(data)
            got = 0
            while got < count:
                got += one.recv(65536).count(b"HTTP/1.1 4")
            return got

        def memory():
            with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as stream:
                return int(stream.read().split()[1]) * 4

        for _ in range(10):
            send(100)
        before = memory()
        for _ in range(100):
            send(100)
        check(memory() - before < 2048 or sanitized(), f"{memory() - before} kB")
    equal(Caller(server).ask(TOKEN).status, 200, "a good token")
    server.stop()


@test("settings that are none are refused, with their line")
def mistakes():
    for line, part in [("trusted_proxy = localhost", "is no address"),
                       ("trusted_proxy = 10.0.0.1/8", "write 10.0.0.0/8"),
                       ("trusted_proxy = 10.0.0.0/40", "0..32"),
                       ("proxy_header = x-real-ip", "forwarded"),
                       ("failed_logins = 0", "between 1 and"),
                       ("socket_mode = 0777", "0660"),
                       ("max_connections = 1", "between 16 and"),
                       ("request_timeout = 0s", "between 1s and")]:
        server = Scim(WORLD, 5, name="mistakes-" + line.split()[0] + str(len(line)),
                      scim=line + "\n")
        code, _, errors = WORLD.run(server.arguments(), None)
        equal(code, 2, errors)
        holds(errors, "rollcall.conf:8: error: ")
        holds(errors, part)


main()
