"""Limits on what one request may bring: at the limit it is served, one beyond it is refused with
the error that says so, and nothing else suffers."""
import json
import os
import socket
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import TOKEN, TYPE, USER, Scim                  # noqa: E402
from tap import check, equal, main, test                        # noqa: E402
from world import World                                         # noqa: E402

API = "urn:ietf:params:scim:api:messages:2.0:"
WORLD = World()
SCIM = Scim(WORLD, 30)
SCIM.start()
MEGABYTE = 1 << 20
JSON = {"Content-Type": TYPE}


def search(text):
    return SCIM.ask("POST", "/Users/.search", headers=JSON, body=json.dumps(
        {"schemas": [API + "SearchRequest"], "filter": text, "count": 0}))


def both_ways(text, status, part=""):
    """A filter in the URL and in a body."""
    for answer in (search(text), SCIM.get("/Users", filter=text, count=0)):
        if status == 200:
            equal(answer.status, 200, answer.body[:300])
        else:
            SCIM.refused(answer, status, "invalidFilter", part)


@test("a filter: 8192 bytes, 200 terms, 64 brackets in one another")
def filters():
    longest = 'userName eq "{}"'
    room = 8192 - len(longest.format(""))
    both_ways(longest.format("x" * room), 200)
    both_ways(longest.format("x" * (room + 1)), 400, "8192 bytes")
    both_ways(longest.format("é" * (room // 2)), 200)
    both_ways(longest.format("é" * (room // 2 + 1)), 400, "8192 bytes")
    both_ways(" or ".join(["id pr"] * 100), 200)        # 100 and what joins them
    both_ways(" or ".join(["id pr"] * 101), 400, "200 terms")
    both_ways("(" * 64 + "id pr" + ")" * 64, 200)
    both_ways("(" * 65 + "id pr" + ")" * 65, 400, "64 brackets")
    both_ways("not (" * 65 + "id pr" + ")" * 65, 400, "64 brackets")


@test("a body: one megabyte, 32 objects and lists in one another")
def bodies():
    message = json.dumps({"schemas": [API + "SearchRequest"], "count": 0}).encode()
    fits = message + b" " * (MEGABYTE - len(message))
    equal(SCIM.ask("POST", "/Users/.search", headers=JSON, body=fits).status, 200, "a megabyte")
    for body in (fits + b" ", fits * 3):
        SCIM.refused(SCIM.ask("POST", "/Users/.search", headers=JSON, body=body), 413, None,
                     str(MEGABYTE))

    def pieces(body):
        yield from (body[at:at + 4096] for at in range(0, len(body), 4096))

    chunked = dict(JSON, **{"Transfer-Encoding": "chunked", "Authorization": "Bearer " + TOKEN})
    for body, status in ((fits, 200), (fits + b" ", 413)):
        connection = SCIM.connect()
        connection.request("POST", "/scim/v2/Users/.search", pieces(body), chunked,
                           encode_chunked=True)
        equal(connection.getresponse().status, status, "a megabyte in pieces")
        connection.close()
    for depth, status in ((31, 200), (32, 400)):        # within the object of the message
        body = json.dumps({"schemas": [API + "SearchRequest"], "count": 0, "x": "DEEP"}).replace(
            '"DEEP"', "[" * depth + "]" * depth)
        answer = SCIM.ask("POST", "/Users/.search", headers=JSON, body=body)
        equal(answer.status, status, answer.body)
        if status == 400:
            SCIM.refused(answer, 400, "invalidSyntax", "more than 32 objects")


@test("a PATCH and a bulk request: 1000 operations")
def operations():
    SCIM.client("owner", token="rcs_owner")
    SCIM.seed("client", SCIM.database, "delete", "owner", "--protocol", "scim")
    SCIM.seed("client", SCIM.database, "add", "owner", "--view", "scim", "--rights", "local",
              "--secret", "rcs_owner", "--protocol", "scim")
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token="rcs_owner").status == 200, "the client")
    user = SCIM.list("/Users", count=1)["Resources"][0]
    same = {"op": "replace", "path": "userName", "value": user["userName"]}
    for count, status in ((1000, 200), (1001, 413)):
        answer = SCIM.ask("PATCH", "/Users/" + user["id"], "rcs_owner", JSON, json.dumps(
            {"schemas": [API + "PatchOp"], "Operations": [same] * count}))
        check(answer.status == status or (status == 200 and answer.status < 300), answer.body)
        if status == 413:
            SCIM.refused(answer, 413, None, "1000")
        answer = SCIM.ask("POST", "/Bulk", "rcs_owner", JSON, json.dumps(
            {"schemas": [API + "BulkRequest"], "Operations": [
                {"method": "PATCH", "path": "/Users/nobody", "data": {}}] * count}))
        if status == 200:
            equal((answer.status, len(answer.json["Operations"])), (200, 1000), "bulk")
        else:
            SCIM.refused(answer, 413, None, "1000")
    provider = SCIM.get("/ServiceProviderConfig").json
    equal((provider["bulk"]["maxOperations"], provider["bulk"]["maxPayloadSize"]),
          (1000, MEGABYTE), "as declared")


def raw(target, headers=b""):
    """The answer to one request on a connection of its own: (size of the head, status, body)."""
    with socket.create_connection(("127.0.0.1", SCIM.port), timeout=20) as connection:
        request = b"".join((b"GET /scim/v2", target, b" HTTP/1.1\r\nHost: x\r\nConnection: close"
                            b"\r\nAuthorization: Bearer ", TOKEN.encode(), b"\r\n", headers,
                            b"\r\n"))
        connection.sendall(request)
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
        except ConnectionResetError:
            pass
    head, _, body = got.partition(b"\r\n\r\n")
    return len(request), int(head.split()[1]) if head else 0, body


HEAD = 28 * 1024


@test("a head: 28 kilobytes; a URL that makes it longer gets 414, headers 431")
def heads():
    for status, ask in ((414, lambda n: raw(b"/Users?count=0&x=" + b"y" * n)),
                        (431, lambda n: raw(b"/Users?count=0", b"X: " + b"y" * n + b"\r\n"))):
        room = HEAD - ask(0)[0]
        for size, wanted in ((room, 200), (room + 1, status), (room + 1000, status)):
            sent, got, body = ask(size)
            equal((sent, got), (HEAD + size - room, wanted), "size and status")
            if wanted != 200:
                equal(json.loads(body)["status"], str(wanted), "a SCIM error")
        for size in (*range(31500, 33000, 50), 40000, 10**6):
            check(ask(size)[1] in (414, 431, 0), f"{size} bytes")       # at once, whoever answers
    check(HEAD > 3 * 8192 + 1024, "a filter of 8192 bytes fits, all of them encoded")
    equal(SCIM.get("/Users", filter="userName eq " + json.dumps("é" * 4000, ensure_ascii=False)).status, 200, "fits")
    many = b"".join(b"X-%d: y\r\n" % n for n in range(4000))
    equal(raw(b"/Users?count=0", many)[1], 431, "many headers")
    equal(SCIM.get("/Users?count=0").status, 200, "others are served")


@test("parameters by the hundred, attributes by the thousand, and values that are too large")
def parameters():
    names = ",".join(f"{USER}:name.x{n}" for n in range(150))
    equal(SCIM.get("/Users", attributes=names, count=1).status, 200, "attributes")
    body = {"schemas": [API + "SearchRequest"], "count": 0,
            "attributes": [f"name{n}" for n in range(5000)]}
    check(SCIM.ask("POST", "/.search", headers=JSON, body=json.dumps(body)).status in (200, 400),
          "many")
    for count, status in ((300, 200), (600, 414), (5000, 414)):
        target = "/Users?count=0&" + "&".join(f"a{n}=b" for n in range(count))
        equal(raw(target.encode())[1], status, f"{count} parameters")
    for count in ("99999999999999999999", "2147483648"):
        answer = SCIM.list("/Users", count=count, startIndex=count)
        equal(answer["Resources"], [], "past the end")
    SCIM.refused(SCIM.get("/Users", cursor="", count=10**6), 400, "invalidCount")
    SCIM.refused(SCIM.get("/Users", cursor="A" * 20000), 400, "invalidCursor")


main()
