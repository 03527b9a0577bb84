"""rollcall-scimd as a program: how it starts, what stops it from starting, what it survives, TLS,
sockets, signals and the log."""
import grp
import http.client
import os
import shutil
import signal
import socket
import ssl
import stat
import sys
import warnings

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_keys import (CERTIFICATE_ONE, CERTIFICATE_TWO, KEY_ONE, KEY_TWO)  # noqa: E402
from scim_tools import ERROR, ROLLCALL, TOKEN, TYPE, Scim, Tls, UnixConnection   # noqa: E402
from tap import Skip, check, equal, holds, lacks, main, test                # noqa: E402
from world import World, free_port, program                                 # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)     # old TLS is asked for on purpose
WORLD = World()


def fails(scim, status, *parts):
    """The program ends with that status and one message that holds the parts."""
    code, output, errors = WORLD.run(scim.arguments(), None)
    equal(code, status, output + errors)
    for part in parts:
        holds(errors, part)
    equal(errors.count("start.failed"), 1, errors)
    return errors


@test("help, version, wrong usage")
def usage():
    binary = program("rollcall-scimd")
    holds(WORLD.run([binary, "--help"]), "usage: rollcall-scimd")
    holds(WORLD.run([binary, "--version"]), "rollcall-scimd ")
    for words in [["--nothing"], ["-c"], ["x"]]:
        code, output, errors = WORLD.run([binary, *words], None)
        equal((code, output), (2, ""), errors)
        holds(errors, "usage: rollcall-scimd")


@test("without a database everything is unavailable, and served as soon as it is there")
def missing():
    scim = Scim(WORLD, name="missing")
    scim.start()
    holds(scim.process.text(), "DB_MISSING")
    for path in ["/Users", "/Users/x", "/ServiceProviderConfig", "/Schemas", "/Nothing"]:
        for token in [TOKEN, None]:
            answer = scim.get(path, token=token)
            scim.refused(answer, 503)
            check(int(answer.headers["Retry-After"]) > 0, "Retry-After")
    scim.create(30)
    scim.client("app")
    scim.wait(lambda: scim.get("/Users?count=0").status == 200, "served")
    equal(scim.list("/Users")["totalResults"], 30, "people")
    holds(scim.process.text(), "can be read again")
    equal(scim.stop(), 0, "exit status")


@test("a database that is none, or of another release, is waited for as well")
def broken():
    scim = Scim(WORLD, name="broken")
    with open(scim.database, "wb") as stream:
        stream.write(b"this is no database" * 1000)
    scim.start()
    scim.refused(scim.get("/Users"), 503)
    holds(scim.process.text(), "DB_CORRUPT")
    os.remove(scim.database)
    scim.create(10)
    scim.client("app")
    scim.wait(lambda: scim.get("/Users?count=0").status == 200, "served")
    scim.stop()


@test("a database that vanishes does not empty the directory, until max_age")
def vanished():
    scim = Scim(WORLD, 40, name="vanished")
    scim.start()
    before = scim.get("/Users").body
    away = WORLD.path("vanished", "away")
    os.rename(os.path.dirname(scim.database), away)
    scim.process.wait_log("DB_MISSING")
    scim.process.wait_log("scim.view")
    equal(scim.get("/Users").body, before, "the last good view")
    WORLD.advance(3 * 86400)
    scim.process.wait_log("scim.view")
    equal(scim.get("/Users").body, before, "for ever, when there is no max_age")
    os.rename(away, os.path.dirname(scim.database))
    scim.process.wait_log("can be read again", count=2)
    scim.setting(max_age="3600")
    scim.change("set", 5, "job_title", "Back")
    scim.wait(lambda: "Back" in scim.get("/Users").body.decode(), "follows again")
    os.rename(os.path.dirname(scim.database), away)
    scim.process.wait_log("DB_MISSING", count=2)
    equal(scim.get("/Users").status, 200, "before max_age")
    WORLD.advance(3700)
    scim.wait(lambda: scim.get("/Users").status == 503, "unavailable after max_age")
    os.rename(away, os.path.dirname(scim.database))
    scim.wait(lambda: scim.get("/Users").status == 200, "available again")
    scim.stop()


@test("a database that is replaced is served anew, with its own clients")
def replaced():
    scim = Scim(WORLD, 40, name="replaced")
    scim.client("old", token="rcs_old")
    other = Scim(WORLD, 25, name="other", seed=9)
    scim.start()
    equal(scim.list("/Users", token="rcs_old")["totalResults"], 40, "people")
    first = scim.list("/Users", count=1)["Resources"][0]["id"]
    for ending in ["-wal", "-shm"]:
        shutil.rmtree(scim.database + ending, ignore_errors=True)
    folder = os.path.dirname(scim.database)
    os.rename(folder, folder + ".old")
    os.rename(os.path.dirname(other.database), folder)
    scim.wait(lambda: scim.get("/Users?count=0").json.get("totalResults") == 25, "the other")
    equal(scim.get(f"/Users/{first}").status, 404, "nobody of the old one")
    scim.refused(scim.get("/Users", token="rcs_old"), 401)
    scim.stop()


@test("an address that is taken, or not ours: one message and no start")
def taken():
    scim = Scim(WORLD, 5, name="taken")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", scim.port))
        holder.listen()
        fails(scim, 9, f"listen = 127.0.0.1:{scim.port}", "another program has it")
    scim.listen = [f"203.0.113.77:{scim.port}"]
    scim.configure("plain_http_on_public_addresses = yes\n")
    fails(scim, 9, f"listen = 203.0.113.77:{scim.port}")
    scim.listen = ["unix:/nonexistent/scim.sock"]
    scim.configure()
    fails(scim, 9, "unix:/nonexistent/scim.sock")


@test("mistakes in the configuration: each with its line; sources are not looked at")
def mistakes():
    scim = Scim(WORLD, 5, name="mistakes")
    scim.configure("page_size = 0\nnonsense = 1\ntls_certificate = relative.pem\n")
    errors = fails(scim, 2, "error=CONFIG")
    for part in ["rollcall.conf:8: error: ", "rollcall.conf:9: error: ",
                 "rollcall.conf:10: error: "]:
        holds(errors, part)
    scim.listen = [f"0.0.0.0:{scim.port}"]
    scim.configure()
    fails(scim, 2, "unencrypted")
    scim.listen = [f"127.0.0.1:{scim.port}"]
    scim.configure()
    WORLD.write("mistakes/conf/sources.d/fr.conf", "[nonsense\n", 0o000)
    scim.start()
    equal(scim.get("/Users?count=0").status, 200, "served")
    scim.stop()
    os.remove(os.path.join(scim.conf, "rollcall.conf"))
    fails(scim, 2, "rollcall.conf", "no such file")


# ---- TLS ---------------------------------------------------------------------------------------

@test("TLS 1.2 and 1.3, nothing older")
def tls():
    scim = Tls(WORLD, "tls", 20)
    scim.start()
    equal(scim.list("/Users")["totalResults"], 20, "people")
    one = scim.list("/Users", count=1)["Resources"][0]
    check(one["meta"]["location"].startswith(scim.base), one["meta"]["location"])
    equal(scim.shown(ssl.TLSVersion.TLSv1_2)[1], "TLSv1.2", "version")
    equal(scim.shown(ssl.TLSVersion.TLSv1_3)[1], "TLSv1.3", "version")
    for old in [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]:
        try:
            scim.shown(old)
            raise AssertionError(f"{old} is spoken")
        except (ssl.SSLError, OSError, ValueError):
            pass
    with socket.create_connection(("127.0.0.1", scim.port), timeout=10) as plain:
        plain.sendall(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\n\r\n")
        lacks(plain.recv(4096).decode("latin-1"), "200")
    equal(scim.get("/Users?count=0").status, 200, "still there")
    scim.stop()


@test("a certificate is read again on SIGHUP; one that cannot be used is not taken")
def reload():
    scim = Tls(WORLD, "reload", 20)
    scim.start()
    equal(scim.shown()[0].strip(), CERTIFICATE_ONE.strip(), "the first")
    for path, text in zip(scim.files, [CERTIFICATE_TWO, KEY_TWO]):
        WORLD.write(os.path.relpath(path, WORLD.folder), text, 0o600)
    equal(scim.shown()[0].strip(), CERTIFICATE_ONE.strip(), "before SIGHUP")
    scim.process.send(signal.SIGHUP)
    scim.process.wait_log("reload.done")
    equal(scim.shown()[0].strip(), CERTIFICATE_TWO.strip(), "the second")
    WORLD.write(os.path.relpath(scim.files[1], WORLD.folder), KEY_ONE, 0o600)
    scim.process.send(signal.SIGHUP)
    scim.process.wait_log("reload.failed")
    equal(scim.shown()[0].strip(), CERTIFICATE_TWO.strip(), "still the second")
    equal(scim.get("/Users?count=0").status, 200, "served")
    scim.stop()


@test("a certificate that is missing, none, or another's: one message and no start")
def certificates():
    for name, certificate, key, part in [
            ("nocert", "", KEY_ONE, "nocert.crt"),
            ("garbage", "garbage", KEY_ONE, "garbage.crt"),
            ("other", CERTIFICATE_ONE, KEY_TWO, "other2.key")]:
        scim = Tls(WORLD, name + "2" if name == "other" else name, 20, "", certificate, key)
        fails(scim, 2, part)
        os.remove(scim.files[1])
        fails(scim, 2, scim.files[1])


# ---- addresses ---------------------------------------------------------------------------------

@test("IPv4, IPv6 and a Unix socket at once")
def several():
    path = WORLD.path("several.sock")
    listen = [f"127.0.0.1:{free_port()}", f"unix:{path}"]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        listen.append(f"[::1]:{listen[0].rpartition(':')[2]}")
    except OSError:
        pass
    scim = Scim(WORLD, 7, name="several", listen=listen)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(path)                # left behind by a program that was killed
    scim.start()
    port = int(listen[0].rpartition(":")[2])
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30),
                   UnixConnection(path)]
    if len(listen) == 3:
        connections.append(http.client.HTTPConnection("::1", port, timeout=30))
    for scim.connection in connections:
        equal(scim.list("/Users")["totalResults"], 7, "people")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o660, "mode of the socket")
    second = Scim(WORLD, 5, name="second", listen=[f"unix:{path}"])
    fails(second, 9, path, "another program has it")
    equal(scim.stop(), 0, "exit status")
    check(not os.path.exists(path), "the socket is gone")
    if len(listen) < 3:
        raise Skip("this machine has no IPv6: the others are good")


@test("a Unix socket has the mode and the group it is given, or there is no start")
def owned():
    path = WORLD.path("owned.sock")
    scim = Scim(WORLD, 5, name="owned", listen=[f"unix:{path}"])
    groups = [group for group in grp.getgrall() if group.gr_gid != os.getegid() and
              (os.geteuid() == 0 or group.gr_gid in os.getgroups())]
    for mode in ["0600", "0660", "0666"]:
        extra = f"socket_group = {groups[0].gr_name}\n" if groups and mode == "0660" else ""
        scim.configure(f"socket_mode = {mode}\n{extra}")
        scim.start()
        found = os.stat(path)
        equal(stat.S_IMODE(found.st_mode), int(mode, 8), "mode")
        equal(found.st_gid, groups[0].gr_gid if extra else os.getegid(), "group")
        scim.stop()
    scim.configure("socket_group = no-such-group\n")
    fails(scim, 2, "no-such-group")
    check(not os.path.exists(path), "nothing is left behind")


@test("the base URL is the configured one, whatever Host says")
def base_url():
    scim = Scim(WORLD, 5, name="base",
                scim="base_url = https://directory.example.com/api/people/v2\n")
    scim.start()
    answer = scim.ask("GET", "/Users", root="/api/people/v2", headers={"Host": "evil.example"})
    for user in answer.resources:
        equal(user["meta"]["location"],
              f"https://directory.example.com/api/people/v2/Users/{user['id']}", "location")
    lacks(answer.body.decode(), "evil")
    scim.refused(scim.ask("GET", "/Users"), 404)
    scim.refused(scim.ask("GET", "/Users", root="/api/people/v1"), 400, "invalidVers")
    scim.refused(scim.ask("GET", "/Users", root="/api/people/v2x"), 404)
    scim.stop()
    tag = answer.resources[0]["meta"]["version"]
    scim.configure("base_url = https://directory.example.com/scim\n")
    scim.start()
    found = scim.ask("GET", "/Users?count=1", root="/scim").resources[0]
    check(found["meta"]["version"] != tag, "another representation has another version")
    scim.stop()


# ---- the process -------------------------------------------------------------------------------

@test("systemd is told when it is ready, that it lives, and when it stops")
def notify():
    scim = Scim(WORLD, 5, name="notify")
    path = WORLD.path("notify.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(20)
        process = WORLD.start(scim.arguments(), "notify-scimd",
                              dict(WORLD.environment, NOTIFY_SOCKET=path))
        equal(listener.recv(100), b"READY=1", "first")
        equal(scim.get("/Users?count=0").status, 200, "ready")
        scim.close()
        equal(listener.recv(100), b"WATCHDOG=1", "then")
        process.send(signal.SIGTERM)
        while listener.recv(100) != b"STOPPING=1":
            pass
        equal(process.stop(), 0, "exit status")


@test("it ends at once, also with connections open and requests half sent")
def ends():
    scim = Scim(WORLD, 5, name="ends")
    scim.start()
    open_ones = [socket.create_connection(("127.0.0.1", scim.port)) for _ in range(20)]
    for number, one in enumerate(open_ones):
        one.sendall(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nX: "[:number * 3])
    equal(scim.get("/Users?count=0").status, 200, "served beside them")
    equal(scim.process.stop(seconds=5), 0, "exit status")
    for one in open_ones:
        one.close()


def raw(scim, data):
    """Bytes as they are; what comes back until the other side closes or stays silent."""
    with socket.create_connection(("127.0.0.1", scim.port), timeout=2) as connection:
        got = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                got += chunk
        except OSError:
            pass
        return got


@test("what is no HTTP, or too much of it, costs itself alone")
def garbage():
    scim = Scim(WORLD, 5, name="garbage-http")
    scim.start()
    head = f"Host: x\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
    for data in [b"\x00\xff\x01" * 500, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                 b"GET /scim/v2/Users" + b"x" * 100000 + b" HTTP/1.1\r\n" + head + b"\r\n",
                 b"GET /scim/v2/Users HTTP/1.1\r\n" + head + b"X: " + b"y" * 100000 + b"\r\n\r\n",
                 b"GET /scim/v2/Users HTTP/1.1\r\n" + head + b"a: b\r\n" * 20000 + b"\r\n",
                 b"POST /scim/v2/Users HTTP/1.1\r\n" + head + b"Content-Length: x\r\n\r\n",
                 b"POST /scim/v2/Users HTTP/1.1\r\n" + head + b"Content-Length: 50\r\n\r\nabc",
                 b"POST /scim/v2/Users HTTP/1.1\r\n" + head +
                 b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"GET /scim/v2/Users?" + b"a=%zz&%=%&=&&filter" * 100 + b" HTTP/1.1\r\n" +
                 head + b"\r\n",
                 b"DELETE * HTTP/1.1\r\n" + head + b"\r\n"]:
        got = raw(scim, data)
        check(not got.startswith((b"HTTP/1.1 500", b"HTTP/1.1 503")), got[:200])
        check(b" 200 " not in got.split(b"\r\n")[0] or b"filter" in data, data[:60])
        equal(scim.get("/Users?count=0").status, 200, "still there")
    piped = (b"GET /scim/v2/Users?count=1 HTTP/1.1\r\n" + head + b"\r\n") * 50
    equal(raw(scim, piped).count(b"HTTP/1.1 200 OK"), 50, "fifty requests at once")
    chunks = b"".join(b"8000\r\n" + b"x" * 0x8000 + b"\r\n" for _ in range(40)) + b"0\r\n\r\n"
    got = raw(scim, b"POST /scim/v2/Users HTTP/1.1\r\n" + head +
              b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    check(got.startswith(b"HTTP/1.1 413 "), got[:200])
    got = raw(scim, b"POST /scim/v2/Users HTTP/1.1\r\n" + head +
              b"Transfer-Encoding: chunked\r\n\r\n" + chunks[:-5] * 8)
    equal(got, b"", "a body without end is cut off")
    equal(scim.stop(), 0, "exit status")


@test("the log names nobody and shows no token, whatever its level")
def log():
    scim = Scim(WORLD, 50, name="log", server="log_level = debug\n")
    scim.start()
    users = scim.all("/Users")
    for user in users[:20]:
        scim.get("/Users", filter=f'userName eq "{user["userName"]}"')
        scim.get(f"/Users/{user['id']}")
        scim.get("/Users", filter=f'{user["userName"]} zz')
        scim.get(f"/Users/{user['userName'].encode().hex()}", token="rcs_wrong-token")
    scim.process.wait_log("scim.refused")
    scim.stop()
    written = scim.process.text()
    holds(written, "scim.request")
    for secret in [TOKEN, "rcs_wrong-token"]:
        lacks(written, secret)
    for user in users:
        for value in [user["userName"], user["displayName"], user["id"],
                      user[ROLLCALL]["uid"]]:
            check(len(value) < 3 or value not in written, f"{value} is in the log")


@test("errors are SCIM errors, also where nothing can be served")
def shape():
    scim = Scim(WORLD, name="shape")
    scim.start()
    answer = scim.get("/Users")
    equal((answer.status, answer.headers["Content-Type"], answer.json["schemas"]),
          (503, TYPE, [ERROR]), "error")
    scim.stop()


main()
