"""Kombo's webhooks are hints: signed ones bring the next run forward, several bring one, and
nothing else does."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World, free_port, wait_until              # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:hints,people=40,seed=21", "id=personio:other,people=30,seed=22")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:hints", body="[lifecycle]\n")
HOUSE.source("de", SANDBOX, "personio:other")
PORT = free_port()
SECRETS = [WORLD.write(f"{name}.secret", name, 0o600) for name in ("old one", "new one")]
MAIN = "".join(["[webhook]\n", f"listen = 127.0.0.1:{PORT}\n"] +
               [f"secret = file:{path}\n" for path in SECRETS])


def sign(body, secret="new one"):
    mac = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def post(body, signature=None, path="/kombo", method="POST", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    try:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if signature is not None:
            sent["X-Kombo-Signature"] = signature
        connection.request(method, path, body=body, headers=sent)
        return connection.getresponse().status
    finally:
        connection.close()


def message(name, kind="data-changed", **data):
    return json.dumps({"id": name, "type": kind, "data": {
        "integration_id": "lucca:hints", **data}}).encode()


def send(name, **members):
    body = message(name, **members)
    return post(body, sign(body))


def figures():
    found = HOUSE.ask("status")["webhooks"]
    return found["accepted"], found["repeated"], found["refused"]


def runs(source="fr", actor="webhook"):
    return HOUSE.query("SELECT count(*) FROM run WHERE source = ? AND actor = ? AND"
                       " ended IS NOT NULL", source, actor)[0][0]


def hinted(count, seconds=6):
    """The delay passes; so many runs have followed webhooks then."""
    WORLD.advance(seconds)
    wait_until(lambda: runs() == count, f"{count} runs")


def quiet(count):
    """Nothing follows, although time passes."""
    WORLD.advance(6)
    time.sleep(0.3)
    equal((runs(), runs("de")), (count, 0), "runs that followed webhooks")


@test("there is no listener unless the configuration says so, and none without a secret")
def off():
    HOUSE.write_main(f"[webhook]\nlisten = 127.0.0.1:{PORT}\n")
    status, output, _ = HOUSE.rollcall("check-config", status=None)
    equal(status, 2, output)
    holds(output, "listen needs secret beside it")
    HOUSE.write_main(MAIN.replace("127.0.0.1", "0.0.0.0"))
    status, output, _ = HOUSE.rollcall("check-config", status=None)
    equal(status, 2, output)
    holds(output, "unencrypted")
    HOUSE.write_main(MAIN)
    holds(HOUSE.rollcall("check-config"), "no errors")
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    HOUSE.rollcall("source", "approve", "de")
    equal(HOUSE.ask("status")["webhooks"]["listening"], True, "listening")


@test("a change in the HR system arrives by the sandbox's own webhook, within seconds")
def change():
    SANDBOX.control("POST", "/webhook", url=f"http://127.0.0.1:{PORT}/kombo", secret="old one",
                    automatic=True)
    person = [p for p in SANDBOX.people("lucca:hints") if p["exists"]
              and p["record"]["employment_status"] == "ACTIVE" and p["record"]["work_email"]][2]
    SANDBOX.control("POST", "/people/set", integration="lucca:hints", who=person["index"],
                    set={"job_title": "Hinted at"})
    wait_until(lambda: figures()[0] >= 1, "the webhook")
    hinted(1)
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = 'Hinted at'"), [(1,)],
          "the title")
    equal(HOUSE.query("SELECT complete FROM run WHERE actor = 'webhook'"), [(0,)], "incremental")
    SANDBOX.control("POST", "/webhook", url=None)
    quiet(1)


@test("several webhooks start one run, of their source alone")
def coalesced():
    for number in range(20):
        equal(send(f"many-{number}"), 200, "status")
    hinted(2)
    quiet(2)


@test("a webhook that arrives during a run starts another one after it")
def during():
    SANDBOX.control_raw("POST", "/failures", [{"kind": "slow", "delay_ms": 700, "times": 1}])
    equal(send("first"), 200, "status")
    WORLD.advance(6)
    wait_until(lambda: any(s["running"] for s in HOUSE.ask("source", "list")["sources"]), "a run")
    equal(send("second"), 200, "status")
    hinted(4, 10)
    SANDBOX.control("DELETE", "/failures")


@test("the same webhook again is answered and ignored")
def replay():
    before = figures()
    equal(send("first"), 200, "status")
    body = message("first", kind="integration-state-changed")
    equal(post(body, sign(body)), 200, "another body with the same id")
    equal(figures(), (before[0], before[1] + 2, before[2]), "figures")
    quiet(4)


@test("what is not signed with a secret of ours starts nothing and is told")
def unsigned():
    before = figures()
    body = message("bad")
    good = sign(body)
    for signature in (None, "", sign(body, "another"), good[:-1], good + "A", "ü" * 43,
                      good[:20] + "." + good[21:], good.lower(), good + "=" * 3 + "x",
                      hashlib.sha256(body).hexdigest()):
        equal(post(body, signature and signature.encode("utf-8").decode("latin-1")), 401,
              f"signature {signature}")
    equal(post(body + b" ", good), 401, "another body")
    equal(figures()[2], before[2] + 11, "refused")
    holds(HOUSE.daemon.text(), "webhook.refused")
    lacks(HOUSE.daemon.text(), "new one")
    equal(post(body, good + "="), 200, "padding is tolerated")
    hinted(5)


@test("types, models and integrations that do not concern us are answered and start nothing")
def others():
    for number, (kind, data) in enumerate((
            ("issue-status-changed", {}), ("something-new", {"x": [1]}),
            ("data-changed", {"integration_id": "somebody:else"}),
            ("data-changed", {"integration_id": None}),
            ("data-changed", {"integration_id": 7}),
            ("data-changed", {"changed_models": [{"name": "hris_absences"},
                                                 {"name": "hris_timesheets"}]}),
            ("connection-flow-failed", {}), ("sync-finished", {"sync_state": "SUCCEEDED"}))):
        equal(send(f"other-{number}", kind=kind, **data), 200, kind)
    quiet(5)
    equal(send("models", changed_models=[{"name": "hris_absences"}, {"name": "hris_new"}]), 200,
          "a model that is not known")
    hinted(6)


@test("what is no message, too large, or not a POST to /kombo is refused, and nothing breaks")
def refused():
    for body in (b"", b"[]", b"{", b'{"id":1,"type":"x"}', b"\xff", b"[" * 5000):
        equal(post(body, sign(body)), 400, repr(body[:20]))
    large = b'{"id":"' + b"x" * 70000 + b'"}'
    equal(post(large, sign(large)), 413, "too large")
    just = message("just", filler="x" * (65536 - len(message("just", filler=""))))
    equal((len(just), post(just, sign(just))), (65536, 200), "just not too large")
    hinted(7)
    equal(post(None, None, method="GET"), 405, "GET")
    equal(post(b"{}", sign(b"{}"), path="/"), 404, "another path")
    with socket.create_connection(("127.0.0.1", PORT)) as raw:
        raw.sendall(b"POST /kombo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                    (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 40)
        try:
            check(raw.recv(100) == b"", "an endless body is hung up on")
        except ConnectionResetError:
            pass
    with socket.create_connection(("127.0.0.1", PORT)) as raw:
        raw.sendall(b"\x16\x03\x01" + bytes(200))
        raw.shutdown(socket.SHUT_WR)  # else the server waits for more of it, ten seconds
        raw.recv(10)
    equal(send("after"), 200, "still there")
    hinted(8)


@test("a disabled source follows no webhook; one that is enabled again does")
def disabled():
    HOUSE.rollcall("source", "disable", "fr")
    equal(send("disabled"), 200, "status")
    quiet(8)
    HOUSE.rollcall("source", "enable", "fr")
    hinted(9)


@test("a reload takes over another secret; a webhook is answered while the database is locked")
def reload():
    HOUSE.write_main(MAIN.replace(f"secret = file:{SECRETS[0]}\n", ""))
    HOUSE.reload()
    body = message("old")
    equal(post(body, sign(body, "old one")), 401, "the old secret")
    begun = time.monotonic()
    job = WORLD.start(["/usr/bin/python3", "-c", f"""
import sqlite3, time
database = sqlite3.connect({HOUSE.database!r})
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(2)
"""], "locker")
    job.wait_log("locked")
    equal(send("locked"), 200, "status")
    check(time.monotonic() - begun < 2, "answered at once")
    job.stop()
    hinted(10)


main()
