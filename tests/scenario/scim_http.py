"""HTTP itself, with curl and with bare sockets: versions, methods, bodies in all their forms, TLS,
IPv6, connections that are kept, dropped or half closed, and heads that are too large."""
import http.client
import json
import os
import re
import shutil
import socket
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import TOKEN, TYPE, Scim, Tls                   # noqa: E402
from tap import Skip, check, equal, holds, lacks, main, test    # noqa: E402
from world import World                                         # noqa: E402

WORLD = World()
SCIM = Scim(WORLD, 60, scim="failed_logins = 10000\n")
SCIM.start()
HEAD = f"Host: x\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
SEARCH = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                     "count": 1})


class Curl:
    """What curl saw: the last status, its headers in small letters, and the body."""

    def __init__(self, *words, server=SCIM, path="/Users?count=1", token=TOKEN, status=0):
        if shutil.which("curl") is None:
            raise Skip("there is no curl")
        head, body = WORLD.path("curl.head"), WORLD.path("curl.body")
        arguments = ["curl", "-sS", "-g", "--max-time", "30", "-D", head, "-o", body, "-w",
                     "%{http_code} %{http_version} %{num_connects}", *words]
        if token is not None:
            arguments += ["-H", f"Authorization: Bearer {token}"]
        code, output, errors = WORLD.run([*arguments, server.base + path], None)
        equal(code, status, errors)
        self.status, self.version, self.connects = output.split()[:3]
        self.status = int(self.status)
        with open(head, encoding="latin-1") as stream:
            last = stream.read().strip().split("\n\n")[-1].splitlines()[1:]
        self.headers = {name.lower(): value.strip() for name, _, value in
                        (line.partition(":") for line in last)}
        with open(body, "rb") as stream:
            self.body = stream.read()


def raw(data, half=False, server=SCIM):
    """Everything that comes back; `half`: our side is closed at once."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as one:
        one.sendall(data)
        if half:
            one.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while chunk := one.recv(65536):
                got += chunk
        except OSError:
            pass
        return got


def statuses(answers):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


# ---- curl --------------------------------------------------------------------------------------

@test("HTTP/1.1 and HTTP/1.0: the same answer, and the connection as each has it")
def versions():
    one, zero = Curl(), Curl("--http1.0")
    equal([one.status, zero.status], [200, 200], "statuses")
    equal(one.body, zero.body, "bodies")
    equal(one.headers["content-type"], TYPE, "type")
    check("close" not in one.headers.get("connection", ""), "HTTP/1.1 is kept")
    check("keep-alive" not in zero.headers.get("connection", "").lower(), "HTTP/1.0 is not")
    equal(statuses(raw(b"GET /scim/v2/Users?count=1 HTTP/1.0\r\n" + HEAD + b"\r\n")), [200],
          "closed by the server")


@test("HEAD is GET without its body")
def head():
    get, only = Curl(path="/Users?count=3"), Curl("-I", path="/Users?count=3")
    equal(only.status, 200, "status")
    equal(int(only.headers["content-length"]), len(get.body), "its length")
    for name in ["content-type", "etag", "rollcall-stamp"]:
        equal(only.headers.get(name), get.headers.get(name), name)
    user = json.loads(get.body)["Resources"][0]
    equal(Curl("-I", path=f"/Users/{user['id']}").headers["etag"], user["meta"]["version"],
          "the tag")
    equal(Curl("-I", token=None).status, 401, "not without a token")


@test("methods that are not there: 405 with those that are, never a change")
def methods():
    for method, path in [("OPTIONS", "/Users"), ("TRACE", "/Users"), ("PROPFIND", "/Users"),
                         ("DELETE", "/Users"), ("PATCH", "/Groups"), ("OPTIONS", "/Schemas"),
                         ("POST", "/ServiceProviderConfig"), ("BREW", "/Users"),
                         ("get", "/Users")]:
        answer = Curl("-X", method, path=path)
        equal(answer.status, 405, f"{method} {path}")
        holds(answer.headers["allow"], "GET, HEAD")
        equal(json.loads(answer.body)["status"], "405", "a SCIM error")
    equal(Curl("-X", "OPTIONS", token=None).status, 401, "not without a token")
    equal(Curl("-X", "CONNECT", path="/Nothing").status, 404, "CONNECT")


@test("nothing is compressed, whatever is offered")
def compression():
    plain, offered = Curl(), Curl("-H", "Accept-Encoding: gzip, deflate, br, zstd")
    equal(offered.body, plain.body, "bodies")
    check("content-encoding" not in offered.headers, "no encoding")
    equal(Curl("--compressed").body, plain.body, "as curl asks")


@test("bodies: with a length, in chunks, after 100 Continue, and too large ones")
def bodies():
    for words in [[], ["-H", "Transfer-Encoding: chunked"],
                  ["-H", "Expect: 100-continue", "--expect100-timeout", "20"],
                  ["-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue"],
                  ["--http1.0"]]:
        answer = Curl("-X", "POST", "-H", f"Content-Type: {TYPE}", "-d", SEARCH, *words,
                      path="/Users/.search")
        equal(answer.status, 200, f"{words}: {answer.body[:200]}")
        equal(json.loads(answer.body)["itemsPerPage"], 1, "one")
    large = WORLD.write("large.json", '{"schemas":["' + "x" * (2 << 20) + '"]}')
    for words in [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]]:
        answer = Curl("-X", "POST", "-H", f"Content-Type: {TYPE}", "--data-binary",
                      "@" + large, *words, path="/Users/.search")
        equal(answer.status, 413, f"{words}")
    # who may not ask is told so, body or not
    answer = Curl("-X", "POST", "-d", SEARCH, "-H", "Expect: 100-continue", path="/Users/.search",
                  token=None)
    equal(answer.status, 401, "without a token")


@test("one connection serves many requests, and a token that is revoked stops on it")
def kept():
    SCIM.client("kept", token="rcs_kept")
    SCIM.wait(lambda: SCIM.get("/Users?count=1", token="rcs_kept").status == 200, "a client")
    connection = http.client.HTTPConnection("127.0.0.1", SCIM.port, timeout=30)

    def ask():
        connection.request("GET", "/scim/v2/Users?count=1", None,
                           {"Authorization": "Bearer rcs_kept"})
        response = connection.getresponse()
        response.read()
        check(not response.will_close, "it is kept")
        return response.status

    connection.connect()
    local = connection.sock.getsockname()
    for _ in range(500):
        equal(ask(), 200, "asked again")
    SCIM.client("kept", action="delete")
    SCIM.wait(lambda: ask() == 401, "revoked")
    equal(connection.sock.getsockname(), local, "the same connection")
    connection.close()
    # curl reuses it as well
    url = f"{SCIM.base}/Users?count=1"
    output = WORLD.run(["curl", "-sS", "-g", "-o", WORLD.path("a"), "-o", WORLD.path("b"), "-w",
                        "%{num_connects} ", "-H", f"Authorization: Bearer {TOKEN}", url, url]) \
        if shutil.which("curl") else "1 0"
    equal(output.split(), ["1", "0"], "connections that curl made")


@test("TLS as curl speaks it: checked against the certificate, 1.2 and 1.3 only")
def tls():
    server = Tls(WORLD, "curl-tls", 5)
    server.start()
    for words in [["--tlsv1.2", "--tls-max", "1.2"], ["--tlsv1.3"], []]:
        equal(Curl("-k", *words, server=server).status, 200, f"{words}")
    code = WORLD.run(["curl", "-sS", "-k", "--ciphers", "DEFAULT@SECLEVEL=0", "--tls-max", "1.1",
                      server.base + "/Users"], None)[0]
    check(code != 0, "TLS 1.1 is refused")
    code = WORLD.run(["curl", "-sS", server.base + "/Users"], None)[0]
    equal(code, 60, "a certificate that is not trusted")
    server.stop()


@test("IPv6")
def six():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        raise Skip("this machine has no IPv6") from None
    server = Scim(WORLD, 5, name="six")
    server.listen = [f"[::1]:{server.port}"]
    server.base = f"http://[::1]:{server.port}/scim/v2"
    server.configure()
    server.start()
    answer = Curl(server=server)
    equal(answer.status, 200, "status")
    holds(json.loads(answer.body)["Resources"][0]["meta"]["location"], server.base)
    server.stop()


# ---- bare sockets ------------------------------------------------------------------------------

@test("heads that are too large: 431, or 414 when it is the URL; the server goes on")
def heads():
    for data, status in [
            (b"GET /scim/v2/Users HTTP/1.1\r\n" + HEAD + b"X: " + b"y" * 100000 + b"\r\n\r\n", 431),
            (b"GET /scim/v2/Users HTTP/1.1\r\n" + HEAD + b"a: b\r\n" * 20000 + b"\r\n", 431),
            (b"GET /scim/v2/Users?filter=" + b"x" * 100000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
             414)]:
        equal(statuses(raw(data))[:1], [status], data[:40])
        equal(SCIM.get("/Users?count=0").status, 200, "still there")
    # what fits is served
    equal(statuses(raw(b"GET /scim/v2/Users?count=1 HTTP/1.1\r\nConnection: close\r\n" + HEAD +
                       b"X: " + b"y" * 12000 + b"\r\n\r\n")), [200], "twelve kilobytes")


@test("a client that closes its half has its answers, and one that drops has none")
def halves():
    ask = b"GET /scim/v2/Users?count=5 HTTP/1.1\r\n" + HEAD + b"\r\n"
    equal(statuses(raw(ask, half=True)), [200], "one")
    equal(statuses(raw(ask * 20, half=True)), [200] * 20, "twenty, one behind the other")
    for part in [b"", b"G", ask[:30], ask[:-2],
                 b"POST /scim/v2/Users/.search HTTP/1.1\r\n" + HEAD + b"Content-Length: 9\r\n\r\n{",
                 b"POST /scim/v2/Users/.search HTTP/1.1\r\n" + HEAD +
                 b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"]:
        lacks(raw(part, half=True).decode("latin-1"), " 200 ")
        for _ in range(20):             # with a reset, in the middle of it
            one = socket.create_connection(("127.0.0.1", SCIM.port))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            one.sendall(part)
            one.close()
        equal(SCIM.get("/Users?count=0").status, 200, "still there")


@test("garbage behind a request costs the one who sent it")
def garbage():
    ask = b"GET /scim/v2/Users?count=1 HTTP/1.1\r\n" + HEAD + b"\r\n"
    for rest in [b"\x00\x01\x02\xff" * 1000, b"GET\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
                 b"\x16\x03\x01\x02\x00\x01\x00", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                 b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                 b"POST /scim/v2/Users HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                 b"Content-Length: 5\r\n\r\n0\r\n\r\n", b"\r\n" * 5000]:
        got = statuses(raw(ask + rest, half=True))
        equal(got[:1], [200], "what stood before is answered")
        check(all(code < 500 or code == 505 for code in got), f"{rest[:30]}: {got}")
        check(200 not in got[1:], f"{rest[:30]}: {got}")
        equal(SCIM.get("/Users?count=0").status, 200, "still there")


main()
