"""Outgoing events: what is told, in which order, signed, again and again until it is taken, and
never at anybody else's cost."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:hooks,people=60,seed=11")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:hooks")
SECRET = "whsec_" + base64.b64encode(b"a key of several bytes").decode()


class Receiver:
    """Takes POSTs; `status` is what it answers."""

    def __init__(self):
        self.status = 200
        self.posts = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.posts.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"

    @property
    def events(self):
        return [json.loads(body) for _, body in self.posts]


RECEIVER = Receiver()
LINES = WORLD.path("lines")
COMMAND = WORLD.write("take", f"""#!/bin/sh
cat >> {LINES}
{{ env; ls -l /proc/$$/fd; pwd; }} > {LINES}.around
test ! -e {LINES}.refuse
""", 0o755)
SLOW = WORLD.write("slow", f"""#!/bin/sh
sleep 300 &
echo $! > {LINES}.child
sleep 300
""", 0o755)
HOOKS = f"""[sync]
retry_for = 0s
[hook/all]
events = joined onboarding started changed offboarding left held failed recovered
command = {COMMAND} one two
[hook/http]
events = left failed recovered
url = {RECEIVER.url}
secret = file:{WORLD.write("hook.secret", SECRET, 0o600)}
give_up = 1d
"""
SLOW_HOOK = f"""[hook/slow]
events = left
command = {SLOW}
timeout = 1s
"""


def lines():
    """What the command took so far, and a mark for what follows."""
    if not os.path.exists(LINES):
        return []
    with open(LINES, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def told(condition, what):
    return wait_until(lambda: condition(lines()), what)


def hook(name):
    return next(row for row in HOUSE.ask("hooks")["hooks"] if row["name"] == name)


def drained(name="all"):
    wait_until(lambda: hook(name)["waiting"] == 0, f"the queue of {name}")
    return lines()


def somebody(status="active", skip=0):
    return [row for row in HOUSE.rows("list", "--status", status)][skip]


@test("there is no hook unless the configuration says so")
def off():
    HOUSE.start()
    holds(HOUSE.rollcall("hooks"), "no hooks")
    HOUSE.rollcall("source", "approve", "fr")
    equal(HOUSE.query("SELECT count(*) FROM event"), [(0,)], "events")


@test("hooks begin with a reload, and are told what happens from then on")
def begin():
    HOUSE.write_main(HOOKS)
    holds(HOUSE.rollcall("check-config"), "no errors")
    HOUSE.reload()
    equal([(row["name"], row["state"], row["waiting"]) for row in HOUSE.ask("hooks")["hooks"]],
          [("all", "well", 0), ("http", "well", 0)], "hooks")
    equal(lines(), [], "events")


@test("hide and unhide: left with its reason, then joined; ids and reasons only")
def hide():
    person = somebody()
    HOUSE.rollcall("hide", person["uid"])
    HOUSE.rollcall("unhide", person["uid"])
    events = told(lambda all: all if len(all) > 1 else None, "two events")
    about = [event for event in events if event["person"] == person["id"]]
    equal([(e["event"], e["reasons"], e["source"], e["hook"]) for e in about],
          [("left", ["hidden"], "fr", "all"), ("joined", [], "fr", "all")], "events")
    equal(sorted(about[0]), ["event", "hook", "id", "person", "reasons", "revision", "source",
                             "status", "time"], "members")
    text = json.dumps(events)
    for value in (person["uid"], person["name"], person["mail"]):
        lacks(text, value)
    check(about[0]["revision"] < about[1]["revision"], "revisions ascend")


@test("a command gets a clean environment, three descriptors, and nothing of a shell")
def around():
    drained()
    with open(LINES + ".around", encoding="utf-8") as stream:
        said = stream.read()
    names = {line.split("=")[0] for line in said.splitlines() if "=" in line}
    check(names <= {"PATH", "PWD", "ROLLCALL_HOOK", "ROLLCALL_EVENT", "ROLLCALL_ID", "OLDPWD",
                    "SHLVL", "_"}, said)
    holds(said, "ROLLCALL_HOOK=all")
    equal(said.splitlines()[-1], "/", "its folder")
    for open_file in ("rollcall.db", "socket:", "anon_inode:", "house/sock"):
        lacks(said, open_file)


@test("a POST is signed over id, time and body, and every id is another one")
def signed():
    drained("http")
    equal([event["event"] for event in RECEIVER.events], ["left"], "events")
    headers, body = RECEIVER.posts[0]
    key = base64.b64decode(SECRET[6:])
    signature = hmac.new(key, f"{headers['webhook-id']}.{headers['webhook-timestamp']}."
                         .encode() + body, hashlib.sha256).digest()
    equal(headers["webhook-signature"], "v1," + base64.b64encode(signature).decode(), "v1")
    check(abs(int(headers["webhook-timestamp"]) - WORLD.now()) < 60, "time of the attempt")
    equal(headers["webhook-id"], RECEIVER.events[0]["id"], "id")
    ids = [event["id"] for event in lines()]
    equal(len(set(ids)), len(ids), "ids")


@test("changed, offboarding, left by date, and what a joiner goes through")
def lives():
    before = len(drained())
    people = [p for p in SANDBOX.people() if p["exists"] and not p["deleted_at"]
              and p["record"]["employment_status"] == "ACTIVE" and p["record"]["work_email"]
              and not p["record"]["termination_date"]]
    kombo = {row[0]: row[1] for row in HOUSE.query(
        "SELECT r.kombo, p.uuid FROM record r JOIN v_person p ON p.id = r.person")}
    people = [p for p in people if p["record"]["id"] in kombo]
    first, second = people[3], people[4]
    SANDBOX.control("POST", "/people/set", who=first["index"], set={"job_title": "Hooked"})
    SANDBOX.control("POST", "/people/set", who=second["index"],
                    set={"termination_date": "2026-11-22T00:00:00.000Z"})
    SANDBOX.control("POST", "/people/hire", set={
        "employment_status": "PENDING", "start_date": "2026-11-23T00:00:00.000Z"})
    HOUSE.rollcall("sync", "fr")
    events = drained()[before:]

    def kinds(uuid):
        return [event["event"] for event in lines()[before:]
                if event["person"] and event["person"].replace("-", "") == uuid.hex()]

    equal(kinds(kombo[first["record"]["id"]]), ["changed"], "a new job")
    equal(kinds(kombo[second["record"]["id"]]), ["changed", "offboarding"], "an end date")
    joiner = [event for event in events if event["event"] == "onboarding"]
    check(len(joiner) >= 1, f"an onboarding: {events}")
    WORLD.advance(4 * 86400)
    told(lambda all: any(e["event"] == "started" and e["person"] == joiner[0]["person"]
                         for e in all), "the first day")
    told(lambda all: any(e["event"] == "left" and
                         e["person"].replace("-", "") == kombo[second["record"]["id"]].hex()
                         for e in all if e["person"]), "the last day")
    drained()


@test("a source that begins to fail is told once, and once that it is well again")
def failing():
    before = len(drained())
    SANDBOX.control_raw("POST", "/failures", [{"kind": "error", "times": 0,
                                               "code": "PLATFORM.AUTHENTICATION_INVALID"}])
    for _ in range(2):
        HOUSE.rollcall("sync", "fr", status=None)
    SANDBOX.control("DELETE", "/failures")
    for _ in range(2):
        HOUSE.rollcall("sync", "fr")
    events = drained()[before:]
    equal([(e["event"], e["source"], e["person"], e["reasons"]) for e in events
           if e["person"] is None],
          [("failed", "fr", None, ["KOMBO_KEY"]), ("recovered", "fr", None, [])], "events")


@test("a run that is held is told, and once it is approved that all is well again")
def held():
    before = len(drained())
    kept = HOUSE.query("SELECT count(*) FROM v_person")[0][0]
    gone = sorted(row["mail"] for row in HOUSE.rows("list")
                  if row["status"] == "active" and row["mail"])[-6:]
    for mail in gone:
        SANDBOX.control("POST", "/people/delete", who=mail)
    for _ in range(2):
        HOUSE.rollcall("sync", "fr", "--full", status=6)
    equal(HOUSE.query("SELECT count(*) FROM v_person")[0][0], kept, "served while held")
    told(lambda all: any(e["event"] == "held" for e in all[before:]), "held")
    equal([(e["event"], e["source"], e["person"], e["reasons"]) for e in drained()[before:]],
          [("held", "fr", None, ["removals"])], "told once")
    HOUSE.rollcall("approve", HOUSE.ask("plans")["plans"][0]["id"])
    events = drained()[before + 1:]
    equal([(e["event"], e["source"], e["reasons"]) for e in events if e["person"] is None],
          [("recovered", "fr", [])], "recovered")
    equal(sorted({e["event"] for e in events if e["person"]}), ["left"], "and who left")
    equal(len([e for e in events if e["person"]]), len(gone), "left")


@test("what is not taken is sent again, in its order, and nobody else waits for it")
def again():
    drained("http")
    before, taken = len(RECEIVER.posts), len(drained())
    RECEIVER.status = 500
    people = [somebody(skip=5), somebody(skip=6)]
    for person in people:
        HOUSE.rollcall("hide", person["uid"])
    wait_until(lambda: len(RECEIVER.posts) > before, "the first attempt")
    wait_until(lambda: hook("http")["state"] == "failing", "a failure")
    row = hook("http")
    equal((row["waiting"], row["attempts"]), (2, 1), "waiting, attempts")
    holds(row["error"], "HTTP 500")
    holds(HOUSE.rollcall("status"), "hook http: failing")
    wait_until(lambda: len(lines()) >= taken + 2, "the other hook")
    equal(len(RECEIVER.posts), before + 1, "attempts before the time has come")
    WORLD.advance(6)
    wait_until(lambda: len(RECEIVER.posts) == before + 2, "the second attempt")
    wait_until(lambda: hook("http")["attempts"] == 2, "two attempts")
    RECEIVER.status = 204
    WORLD.advance(11)
    wait_until(lambda: hook("http")["waiting"] == 0, "all are taken")
    events = RECEIVER.events[before:]
    equal([e["person"] for e in events], [people[0]["id"]] * 3 + [people[1]["id"]], "order")
    equal(len({e["id"] for e in events[:3]}), 1, "the same id again")
    equal(hook("http")["state"], "well", "state")
    for person in people:
        HOUSE.rollcall("unhide", person["uid"])


@test("a hook that fails for give_up is parked and reported, until it is set going again")
def parked():
    drained("http")
    before = len(RECEIVER.posts)
    RECEIVER.status = 503
    person = somebody(skip=7)
    HOUSE.rollcall("hide", person["uid"])
    wait_until(lambda: hook("http")["attempts"] == 1, "the first attempt")
    WORLD.advance(86401)
    wait_until(lambda: hook("http")["state"] == "parked", "parked")
    holds(HOUSE.rollcall("status"), "rollcall hooks retry http")
    holds(HOUSE.daemon.text(), "hook.parked")
    count = len(RECEIVER.posts)
    WORLD.advance(2 * 86400)
    HOUSE.rollcall("unhide", person["uid"])
    time.sleep(0.4)
    equal(len(RECEIVER.posts), count, "attempts while parked")
    RECEIVER.status = 200
    HOUSE.rollcall("hooks", "retry", "http")
    wait_until(lambda: hook("http")["waiting"] == 0, "taken at last")
    check(person["id"] in [e["person"] for e in RECEIVER.events[count:]], "the one that waited")
    check(len(RECEIVER.posts) > before + 2, "attempts")
    status, _, errors = HOUSE.rollcall("hooks", "retry", "nothing", status=None)
    equal(status, 4, errors)


@test("what waits too long for a parked hook is dropped, and that is told")
def dropped():
    RECEIVER.status = 503
    person = somebody(skip=8)
    HOUSE.rollcall("hide", person["uid"])
    wait_until(lambda: hook("http")["attempts"] == 1, "the first attempt")
    WORLD.advance(86401)
    wait_until(lambda: hook("http")["state"] == "parked", "parked")
    WORLD.advance(31 * 86400)
    wait_until(lambda: hook("http")["dropped"] >= 1, "dropped")
    holds(HOUSE.rollcall("hooks"), "waited too long")
    count, RECEIVER.status = len(RECEIVER.posts), 200
    HOUSE.rollcall("hooks", "retry", "http")
    drained("http")
    check(person["id"] not in [e["person"] for e in RECEIVER.events[count:]], "it was sent")
    HOUSE.rollcall("unhide", person["uid"])


@test("a command that takes too long is killed with all it started")
def slow():
    HOUSE.write_main(HOOKS + SLOW_HOOK)
    HOUSE.reload()
    person = somebody(skip=9)
    HOUSE.rollcall("hide", person["uid"])
    wait_until(lambda: hook("slow")["attempts"] >= 1, "an attempt")
    holds(hook("slow")["error"], "longer than 1 s")
    with open(LINES + ".child", encoding="utf-8") as stream:
        child = int(stream.read())
    wait_until(lambda: not os.path.exists(f"/proc/{child}") or
               open(f"/proc/{child}/stat", encoding="utf-8").read().split()[2] == "Z",
               "the child's end")
    WORLD.advance(6)
    wait_until(lambda: os.path.exists(LINES + ".child"), "the next attempt")
    begun = time.monotonic()
    HOUSE.stop()
    check(time.monotonic() - begun < 5, "stopping does not wait for commands")
    HOUSE.rollcall("unhide", person["uid"])


@test("events that were not taken outlive the daemon; a hook that is gone leaves nothing")
def restart():
    with open(LINES + ".refuse", "w", encoding="utf-8"):
        pass
    HOUSE.write_main(HOOKS)
    HOUSE.start()
    equal([row["name"] for row in HOUSE.ask("hooks")["hooks"]], ["all", "http"], "hooks")
    person = somebody(skip=10)
    HOUSE.rollcall("hide", person["uid"])
    wait_until(lambda: hook("all")["attempts"] >= 1, "an attempt")
    HOUSE.stop()
    os.unlink(LINES + ".refuse")
    HOUSE.start()
    HOUSE.rollcall("hooks", "retry", "all")
    events = drained()
    # Those of the command with the daemon down are told as well.
    equal([e["event"] for e in events if e["person"] == person["id"]][-1], "left", "told again")
    HOUSE.rollcall("hooks", "test", "all")
    told(lambda all: all[-1]["event"] == "test", "a test")
    HOUSE.write_main("")
    HOUSE.reload()
    equal(HOUSE.query("SELECT (SELECT count(*) FROM hook), (SELECT count(*) FROM event)"),
          [(0, 0)], "hooks and events")


main()
