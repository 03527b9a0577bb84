"""What befalls a running rollcall-scimd: its database damaged, cut off, replaced or given another
epoch under it; its clients' tokens revoked and run out in the middle of what they do."""
import json
import os
import shutil
import socket
import sqlite3
import sys
import uuid

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import TOKEN, Scim                              # noqa: E402
from tap import check, equal, main, test                        # noqa: E402
from world import World                                         # noqa: E402

WORLD = World()
SCIM = Scim(WORLD, 2000)
SCIM.start()


def stays(before, what):
    for _ in range(5):
        equal(SCIM.get("/Users?count=50").body, before, what)
    check(SCIM.process.running(), "it runs")


def put(path):
    """Another file in the database's place, at once."""
    for ending in ("-wal", "-shm"):
        if os.path.exists(SCIM.database + ending):
            os.remove(SCIM.database + ending)
    os.replace(path, SCIM.database)


def copy(name):
    """The database as it is, in one file."""
    path = WORLD.path("scim", "db", name)
    with sqlite3.connect(SCIM.database) as source, sqlite3.connect(path) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")
    source.close()
    target.close()
    return path


@test("a database that is damaged, cut off, or none any more: the last good view goes on")
def damaged():
    good = copy("good.db")
    before = SCIM.get("/Users?count=50").body
    with open(good, "rb") as stream:
        content = stream.read()
    damages = [b"this is no database" * 5000, content[:len(content) // 2], b""]
    path = WORLD.path("scim", "db", "bad.db")
    for number, damage in enumerate(damages, 1):
        with open(path, "wb") as stream:
            stream.write(damage)
        log = SCIM.process.text().count("error scim.view")
        put(path)
        SCIM.process.wait_log("error scim.view", count=log + 1)
        stays(before, f"damage {number}")
        shutil.copy(good, path)
        put(path)
        title = f"After damage {number}"
        SCIM.change("set", 30, "job_title", title)
        SCIM.wait(lambda t=title: SCIM.list("/Users", filter=f'title eq "{t}"')["totalResults"] == 1,
                  "changes are followed again")
        before = SCIM.get("/Users?count=50").body


@test("another epoch: everything is read anew, and cursors of before are told so")
def epoch():
    page = SCIM.list("/Users", cursor="", count=10)
    with sqlite3.connect(SCIM.database) as database:
        database.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (str(uuid.uuid4()),))
    SCIM.wait(lambda: SCIM.get("/Users", cursor=page["nextCursor"], count=10).status == 400, "it")
    SCIM.refused(SCIM.get("/Users", cursor=page["nextCursor"], count=10), 400, "expiredCursor")
    equal(SCIM.list("/Users", count=10)["Resources"], page["Resources"], "people")


def begin(token, path):
    """A request whose answer is read slowly: the socket."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", SCIM.port))
    ask(connection, token, path)
    return connection


def ask(connection, token, path):
    connection.sendall(f"GET /scim/v2{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}"
                       "\r\n\r\n".encode())


def read(connection, start=b""):
    """One answer: its status and body."""
    got = start
    while b"\r\n\r\n" not in got:
        got += connection.recv(2000)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(next(line for line in head.split(b"\r\n")
                      if line.lower().startswith(b"content-length")).split()[1])
    while len(body) < length:
        part = connection.recv(2000)
        check(part, "the answer is whole")
        body += part
    return int(head.split()[1]), body


@test("a token that is revoked while an answer is sent: that one is whole, and it was the last")
def revoked():
    SCIM.client("leaver", token="rcs_leaver")
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token="rcs_leaver").status == 200, "the client")
    connection = begin("rcs_leaver", "/Users?count=500")
    start = connection.recv(2000)
    SCIM.client("leaver", action="delete")
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token="rcs_leaver").status == 401, "revoked")
    status, body = read(connection, start)
    equal((status, len(json.loads(body)["Resources"])), (200, 500), "the answer under way")
    ask(connection, "rcs_leaver", "/Users?count=1")
    equal(read(connection)[0], 401, "the next one on this connection")
    ask(connection, TOKEN, "/Users?count=0")
    equal(read(connection)[0], 200, "another client's on it")
    connection.close()


@test("a token that runs out ends at its second, on a connection that is kept")
def expired():
    SCIM.client("guest", token="rcs_guest", expires=3600)
    end = SCIM.query("SELECT expires FROM client WHERE name = 'guest'")[0][0] / 1e6
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token="rcs_guest").status == 200, "the client")
    connection = begin("rcs_guest", "/Users?count=0")
    equal(read(connection)[0], 200, "good")
    WORLD.advance(end - WORLD.now() - 5)
    ask(connection, "rcs_guest", "/Users?count=0")
    equal(read(connection)[0], 200, "five seconds before")
    WORLD.advance(end - WORLD.now())
    ask(connection, "rcs_guest", "/Users?count=0")
    equal(read(connection)[0], 401, "at its end")
    connection.close()


main()
