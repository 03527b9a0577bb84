"""rollcall-sandbox fails as it is told, sends webhooks, counts, prerecords and ends cleanly."""
import hashlib
import hmac
import base64
import http.client
import http.server
import json
import os
import socket
import sys
import threading
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/sandbox")]

from tap import Skip, check, equal, holds, main, test    # noqa: E402
from world import World, free_port, port_open, program, wait_until   # noqa: E402
from client import KEY, Sandbox, fix_clock               # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMAS = os.path.join(SOURCE, "tests/sandbox/schemas")

world = World()
fix_clock(world)
sandbox = Sandbox(world, "id=sandbox:a,people=60,seed=5", "id=lucca:b,people=60,seed=6",
                  options=["--webhook-secret", "unused"])


def script(*failures):
    sandbox.control("DELETE", "/failures")
    sandbox.control_raw("POST", "/failures", list(failures))


def get(**parameters):
    return sandbox.get("/hris/employees", **parameters)


@test("errors with any code and status, the old envelope, HTML, nothing at all")
def failures():
    script({"kind": "error", "code": "REMOTE.SERVICE_UNAVAILABLE", "message": "away"},
           {"kind": "error", "code": "PLATFORM.UNKNOWN_ERROR", "status": 599, "title": "T"},
           {"kind": "error", "status": 503},
           {"kind": "old_error", "status": 503, "message": "old"},
           {"kind": "html"}, {"kind": "empty"},
           {"kind": "body", "status": 418, "text": "tea", "content_type": "text/plain"})
    answer = get()
    equal((answer.status, answer.code, answer.json["error"]["message"]),
          (503, "REMOTE.SERVICE_UNAVAILABLE", "away"))
    answer = get()
    equal((answer.status, answer.json["error"]["title"]), (599, "T"))
    answer = get()
    equal((answer.status, answer.code), (503, None))
    answer = get()
    equal((answer.status, answer.json["error"]), (503, {"message": "old"}))
    answer = get()
    equal((answer.status, answer.headers["content-type"]), (502, "text/html"))
    holds(answer.body, b"<html>")
    answer = get()
    equal((answer.status, answer.body, answer.headers.get("content-type")), (503, b"", None))
    answer = get()
    equal((answer.status, answer.body, answer.headers["content-type"]),
          (418, b"tea", "text/plain"))
    equal(get().status, 200, "the script is over")
    equal(sandbox.control("GET", "/failures"), [])


@test("rate-limit headers are on failures, too; a scripted 429 says when")
def rate_limit():
    script({"kind": "html"}, {"kind": "rate_limit", "reset": 17})
    equal(get().headers["ratelimit-limit"], "300")
    answer = get()
    equal((answer.status, answer.code), (429, "PLATFORM.RATE_LIMIT_EXCEEDED"))
    equal((answer.headers["ratelimit-remaining"], answer.headers["ratelimit-reset"]),
          ("0", "17"))


@test("a limit that is enforced refuses beyond it, until the minute is over")
def rate_limit_enforced():
    sandbox.control("POST", "/rate-limit", limit=3)
    equal([get().status for _ in range(5)], [200, 200, 200, 429, 429])
    answer = get()
    check(0 < int(answer.headers["ratelimit-reset"]) <= 60)
    sandbox.control("POST", "/time", advance=61)
    equal(get().status, 200)
    sandbox.control("POST", "/rate-limit", limit=300, enforced=False)


@test("scripts strike the n-th request, so many times, by path and integration")
def failure_choice():
    script({"kind": "empty", "path": "/v1/hris/groups", "integration": "lucca:b", "skip": 2,
            "times": 2, "status": 500})
    wanted = [200, 200, 500, 500, 200]
    for status in wanted:
        equal(get().status, 200)
        equal(sandbox.get("/hris/groups").status, 200)
        equal(sandbox.get("/hris/groups", "lucca:b").status, status)
    script({"kind": "empty", "times": 0})
    equal([get().status for _ in range(4)], [503] * 4, "for ever")
    sandbox.control("DELETE", "/failures")
    equal(get().status, 200)


@test("bodies: truncated, not JSON, of another type, after a byte order mark")
def bodies():
    whole = get().body
    script({"kind": "truncated"}, {"kind": "truncated", "size": 10}, {"kind": "invalid_json"},
           {"kind": "content_type", "content_type": "text/html"}, {"kind": "content_type"},
           {"kind": "bom"})
    equal(get().body, whole[:len(whole) // 2])
    equal(get().body, whole[:10])
    answer = get()
    equal(answer.status, 200)
    try:
        json.loads(answer.body)
        raise AssertionError("it is JSON")
    except json.JSONDecodeError:
        pass
    answer = get()
    equal((answer.headers["content-type"], answer.body), ("text/html", whole))
    equal(get().headers.get("content-type"), None)
    equal(get().body, b"\xef\xbb\xbf" + whole)


@test("a redirect, and a body as large as one likes that is still JSON")
def redirect_oversize():
    script({"kind": "redirect", "location": "http://127.0.0.1:9/x"},
           {"kind": "oversize", "size": 5_000_000})
    answer = get()
    equal((answer.status, answer.headers["location"]), (302, "http://127.0.0.1:9/x"))
    answer = get()
    equal((len(answer.body), len(answer.rows)), (5_000_000, len(get().rows)))


@test("a slow answer comes late, and nobody else waits for it")
def slow():
    script({"kind": "slow", "delay_ms": 400, "path": "/v1/hris/groups"})
    begin = time.monotonic()
    done = []
    thread = threading.Thread(target=lambda: done.append(sandbox.get("/hris/groups").status))
    thread.start()
    wait_until(lambda: sandbox.control("GET", "/failures") == [], "the script to strike")
    equal(get().status, 200)
    check(not done, "the slow one is not done yet")
    thread.join()
    equal(done, [200])
    check(time.monotonic() - begin >= 0.4)


@test("a connection dropped at once, and in the middle of the body")
def drop():
    script({"kind": "drop"}, {"kind": "drop", "size": 5000})
    try:
        get()
        raise AssertionError("an answer came")
    except (http.client.RemoteDisconnected, ConnectionResetError):
        pass
    try:
        get()
        raise AssertionError("the whole answer came")
    except http.client.IncompleteRead as partial:
        equal(len(partial.partial), 5000)
    equal(get().status, 200)


POISONS = {"big_integer": b"123456789012345678901234567890", "huge_real": b"1e400",
           "nul": b"\\u0000", "nul_key": b'"poi\\u0000son"', "surrogate": b"\\ud83d ",
           "deep": b"[" * 3000, "utf8": b"caf\xe9"}


@test("poison: one record cannot be read, the others of the page can")
def poison():
    clean = get(page_size=250).json
    for name, bytes_ in POISONS.items():
        since = sandbox.tick()
        sandbox.control("POST", "/people/poison", who=5, poison=name)
        answer = get(page_size=250)
        holds(answer.body, bytes_)
        equal(answer.body.count(b'"id"'), get(page_size=250).body.count(b'"id"'))
        found = sandbox.get("/hris/employees", updated_after=since).body
        holds(found, bytes_)
        lone = get(remote_ids="1007")
        equal(lone.rows[0]["remote_id"], "1007", "another record")
        sandbox.control("POST", "/people/poison", who=5, poison="none")
    again = get(page_size=250).json
    rows = [[row for row in page["data"]["results"] if row["remote_id"] != "1005"]
            for page in (clean, again)]
    equal(len(rows[0]), len(rows[1]))
    sandbox.control("POST", "/people/poison", 400, who=5, poison="arsenic")


@test("time: advanced, set, and a Date header that is wrong by itself")
def clock():
    def date():
        return get(page_size=1).headers["date"]
    before = sandbox.now()
    sandbox.control("POST", "/time", offset=0)
    check(date().startswith("Fri, 20 Nov 2026 12:"), date())
    sandbox.control("POST", "/time", advance=86400)
    check(date().startswith("Sat, 21 Nov 2026 12:"), date())
    check(sandbox.now().startswith("2026-11-21"))
    sandbox.control("POST", "/time", date_skew=-7 * 86400)
    check(date().startswith("Sat, 14 Nov 2026 12:"), date())
    check(sandbox.now().startswith("2026-11-21"))
    sandbox.control("POST", "/time", offset=0, date_skew=0)
    check(sandbox.now()[:10] <= before[:10])


@test("the clock file that all tests share moves it as well")
def shared_clock():
    offset = world.offset / 1e6
    world.advance(3600)
    check(get(page_size=1).headers["date"].startswith("Fri, 20 Nov 2026 13:"))
    world.set_clock(offset)


@test("requests are counted by path and status, and kept with their parameters")
def traffic():
    sandbox.control("DELETE", "/traffic")
    get(page_size=3, updated_after="2026-01-01")
    get(page_size=0)
    sandbox.get("/hris/absences")
    counts = sandbox.control("GET", "/traffic")
    equal(counts, {"total": 3, "paths": {"GET /v1/hris/employees": 2,
                                         "GET /v1/hris/absences": 1},
                   "statuses": {"200": 1, "400": 1, "404": 1}})
    requests = sandbox.control("GET", "/traffic/requests")
    equal([r["status"] for r in requests], [200, 400, 404])
    equal(requests[0]["parameters"], {"page_size": "3", "updated_after": "2026-01-01"})
    equal(requests[0]["integration"], "sandbox:a")


class Receiver(http.server.BaseHTTPRequestHandler):
    got = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append((self.headers, body))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


def receiver():
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Receiver.got = []
    return server


def signature(secret, body):
    mac = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


@test("webhooks of every type meet the schemas and are signed over the raw bytes")
def webhooks():
    if jsonschema is None:
        raise Skip("python3-jsonschema is not installed")
    server = receiver()
    sandbox.control("POST", "/webhook", secret="test-secret-1",
                    url=f"http://127.0.0.1:{server.server_port}/hook")
    for kind in ["data-changed", "sync-finished", "integration-state-changed",
                 "integration-created", "integration-deleted", "connection-flow-failed"]:
        answer = sandbox.control("POST", "/webhook/send", type=kind)
        equal(answer["status"], 202)
        headers, body = Receiver.got[-1]
        equal(headers["X-Kombo-Signature"], signature("test-secret-1", body))
        equal(len(headers["X-Kombo-Signature"]), 43)
        equal(headers["Content-Type"], "application/json")
        with open(os.path.join(SCHEMAS, f"webhook-{kind}.json"), encoding="utf-8") as stream:
            jsonschema.Draft202012Validator(json.load(stream)).validate(json.loads(body))
    server.shutdown()
    server.server_close()


@test("webhooks gone wrong: signature, replay, same id, unknown type, unknown model")
def webhooks_wrong():
    server = receiver()
    sandbox.control("POST", "/webhook", secret="s",
                    url=f"http://127.0.0.1:{server.server_port}/hook")

    def send(**members):
        sandbox.control("POST", "/webhook/send", **members)
        headers, body = Receiver.got[-1]
        good = headers["X-Kombo-Signature"] == signature("s", body)
        return headers["X-Kombo-Signature"], good, body

    first = send(models=["hris_teams", "hris_join_employees_teams"])
    check(first[1])
    equal([m["name"] for m in json.loads(first[2])["data"]["changed_models"]],
          ["hris_teams", "hris_join_employees_teams"])
    equal(send(variant="replay"), first, "byte for byte")
    again = send(variant="duplicate_id", type="sync-finished", state="FAILED")
    equal(json.loads(again[2])["id"], json.loads(first[2])["id"])
    equal(json.loads(again[2])["data"]["sync_state"], "FAILED")
    wrong = send(variant="wrong_signature")
    check(not wrong[1] and len(wrong[0]) == 43)
    equal(send(variant="no_signature")[0], None)
    unknown = send(type="issue-status-changed")
    equal((unknown[1], json.loads(unknown[2])["data"]), (True, {}))
    holds(send(model="hris_moon_phases")[2], b"hris_moon_phases")
    server.shutdown()
    server.server_close()
    sandbox.control("POST", "/webhook/send", 503)
    sandbox.control("POST", "/webhook", url=None)


@test("data-changed can follow every change by itself, and names the models")
def webhooks_automatic():
    server = receiver()
    sandbox.control("POST", "/people/set", who=1, set={"job_title": "before"})
    sandbox.control("POST", "/webhook", secret="s", automatic=True,
                    url=f"http://127.0.0.1:{server.server_port}/")
    sandbox.control("GET", "/time")
    equal(Receiver.got, [], "nothing changed")
    sandbox.control("POST", "/people/set", who=1, set={"groups": ["T1"], "ssn": "1"},
                    integration="lucca:b")
    equal(len(Receiver.got), 1)
    data = json.loads(Receiver.got[0][1])["data"]
    equal(data["integration_id"], "lucca:b")
    equal({m["name"] for m in data["changed_models"]},
          {"hris_employees", "hris_join_employees_teams"})
    sandbox.control("POST", "/webhook", url=None)
    server.shutdown()
    server.server_close()


@test("churn: plausible events, the same for the same seed, all of them updates")
def churn():
    def run():
        box = Sandbox(world, "id=sandbox:a,people=80,seed=5")
        since = box.tick()
        events = box.control("POST", "/churn", events=60)
        rows = box.all("/hris/employees", updated_after=since)
        before = len(box.employees())
        box.stop()
        return events, {r["remote_id"] for r in rows}, before
    events, changed, total = run()
    equal(run(), (events, changed, total))
    equal(len(events), 60)
    names = {e["event"] for e in events}
    check(len(names) >= 7, str(names))
    check(total > 80 and len(changed) >= 20)


@test("the control interface says what it has, and what was wrong")
def control():
    calls = sandbox.control("GET", "/")
    check(len(calls) > 40 and "POST /people/hire" in calls)
    sandbox.control("GET", "/nothing", 404)
    sandbox.control("POST", "/traffic", 405)
    sandbox.control("POST", "/people/set", 404, integration="sandbox:none", who=1)
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.control_port)
    connection.request("POST", "/people/set", body="{")
    equal(connection.getresponse().status, 400)
    connection.close()
    equal(sandbox.request("GET", "/people").status, 404, "not on the API's port")
    new = sandbox.control("POST", "/integrations/add", spec="id=personio:new,people=4,key=k")
    equal(new["people"], 4)
    equal(len(sandbox.all("/hris/employees", "lucca:b")), 60)
    equal(sandbox.get("/hris/employees", "personio:new", "k").status, 200)
    sandbox.control("POST", "/integrations/key", integration="personio:new", key="k2")
    equal(sandbox.get("/hris/employees", "personio:new", "k").status, 401)
    sandbox.control("POST", "/integrations/add", 409, spec="id=personio:new")


@test("prerecorded pages are the very bytes, plain and packed, until something changes")
def prerecord():
    live = Sandbox(world, "id=sandbox:a,people=700,seed=5", "id=lucca:b,people=300")
    taped = Sandbox(world, "id=sandbox:a,people=700,seed=5", "id=lucca:b,people=300",
                    options=["--prerecord"])
    check(taped.control("GET", "/tape")["pages"] >= 15)

    def pages(box, integration, headers=None):
        found = []
        for path in ["employees", "employments", "groups", "legal-entities", "locations"]:
            cursor = {}
            while True:
                answer = box.get("/hris/" + path, integration, page_size=250,
                                 include_deleted="true", headers=headers, **cursor)
                found.append(answer.text)
                if answer.next is None:
                    break
                cursor = {"cursor": answer.next}
        return found

    def stored():
        return [r["stored"] for r in taped.control("GET", "/traffic/requests")]

    for integration in ["sandbox:a", "lucca:b"]:
        wanted = pages(live, integration)
        equal(pages(taped, integration), wanted, "plain")
        equal(pages(taped, integration, {"Accept-Encoding": "gzip"}), wanted, "packed")
    check(all(stored()), "some pages were rendered")
    taped.control("DELETE", "/traffic")
    taped.get("/hris/employees", page_size=250)
    taped.get("/hris/employees", page_size=249, include_deleted="true")
    taped.control("POST", "/people/set", who=2, set={"job_title": "New"})
    answer = taped.get("/hris/employees", page_size=250, include_deleted="true")
    equal(answer.rows[2]["job_title"], "New")
    equal(stored(), [False] * 3)
    taped.control("POST", "/tape")
    equal(taped.get("/hris/employees", page_size=250, include_deleted="true").text,
          answer.text)
    equal(stored()[-1], True)
    taped.control("DELETE", "/tape")
    equal(taped.get("/hris/employees", page_size=250, include_deleted="true").text,
          answer.text)


@test("it listens on loopback alone")
def loopback():
    path = program("tests/sandbox/rollcall-sandbox")
    for address in ["0.0.0.0", "192.0.2.1", "::", "localhost", "2001:db8::1"]:
        status, _, errors = world.run([path, "--address", address], status=None)
        equal(status, 2, address)
        holds(errors, "no loopback address")
    port = free_port()
    box = Sandbox(world, options=["--port", str(port)])
    equal(box.port, port)
    status, _, errors = world.run([path, "--port", str(port)], status=None)
    check(status != 0)
    holds(errors, "cannot listen")
    mine = socket.gethostbyname(socket.gethostname())
    if not mine.startswith("127."):
        with socket.socket() as probe:
            probe.settimeout(1)
            check(probe.connect_ex((mine, port)) != 0, "reachable from elsewhere")


@test("ports are told, options checked, and SIGTERM ends it while requests wait")
def life():
    path = program("tests/sandbox/rollcall-sandbox")
    box = Sandbox(world, options=["--print-ports", world.path("ports"), "--churn", "3600"])
    with open(world.path("ports"), encoding="ascii") as stream:
        equal(stream.read(), f"api {box.port}\ncontrol {box.control_port}\n")
    box.control("POST", "/failures", kind="slow", delay_ms=600000)
    connection = http.client.HTTPConnection("127.0.0.1", box.port)
    connection.request("GET", "/v1/check-api-key", headers={"Authorization": f"Bearer {KEY}"})
    wait_until(lambda: box.control("GET", "/failures") == [], "the request to wait")
    equal(box.stop(), 0)
    check(not port_open(box.port))
    connection.close()
    for wrong in [["--no-such"], ["x"], ["--port"], ["--port", "x"], ["--port", "70000"],
                  ["--integration", "people=2"], ["--integration", "id=nocolon"],
                  ["--integration", "countries=FR:XX"], ["--integration", "colour=red"],
                  ["--today", "soon"], ["--no-gzip=1"],
                  ["--integration", "id=a:b", "--integration", "id=a:b"]]:
        status, _, errors = world.run([path] + wrong, status=None)
        check(status != 0 and errors.startswith("rollcall-sandbox: "), str(wrong))
    holds(world.run([path, "--help"]), "--integration")


@test("every sandbox of these tests ends with status 0")
def ends():
    for process in world.processes:
        if process.running():
            equal(process.stop(), 0, process.text()[-2000:])


main()
