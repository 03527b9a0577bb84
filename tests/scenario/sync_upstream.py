"""Each error of Kombo's and each failure of the network, on each page of each model: the run
fails whole with one clear error, what is served stays as it was byte by byte, and the next run
repairs all."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from served import difference, rows                         # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
PEOPLE = 504        # three pages
ID = "lucca:upstream"
SLOW = [f"lucca:slow{n}" for n in range(5)]
SANDBOX = Sandbox(WORLD, f"id={ID},people={PEOPLE},seed=21",
                  *(f"id={name},people=20,seed={n}" for n, name in enumerate(SLOW)))
HOUSE = House(WORLD)
HOUSE.write_main("[sync]\ninterval = 1d\nretry_for = 0s\ntimeout = 5s\n")
HOUSE.source("fr", SANDBOX, ID)
STATE = {"turn": 0}

# What can fail: a path, and how many requests for it pass first.
PLACES = {
    "the integration": ("/v1/integrations", 0),
    "legal entities": ("/v1/hris/legal-entities", 0),
    "locations": ("/v1/hris/locations", 0),
    "groups": ("/v1/hris/groups", 0),
    "the first page of employees": ("/v1/hris/employees", 0),
    "the second page of employees": ("/v1/hris/employees", 1),
    "the last page of employees": ("/v1/hris/employees", 2),
}

# kombo/api.md §5.2: what each code means to whoever reads the report.
CODES = {
    "PLATFORM.RATE_LIMIT_EXCEEDED": "KOMBO_LIMIT",
    "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED": "KOMBO_LIMIT",
    "PLATFORM.INTEGRATION_NOT_FOUND": "KOMBO_INTEGRATION",
    "PLATFORM.INPUT_INVALID": "KOMBO_CONFIG",
    "PLATFORM.UNKNOWN_ERROR": "KOMBO_SERVER",
    "PLATFORM.IP_NOT_WHITELISTED": "KOMBO_KEY",
    "PLATFORM.AUTHENTICATION_INVALID": "KOMBO_KEY",
    "PLATFORM.TASK_TIMED_OUT": "KOMBO_SERVER",
    "INTEGRATION.PERMISSION_MISSING": "KOMBO_RECONNECT",
    "INTEGRATION.AUTHENTICATION_INVALID": "KOMBO_RECONNECT",
    "INTEGRATION.QA_FAILED": "KOMBO_NOT_READY",
    "INTEGRATION.SETUP_SYNC_PENDING": "KOMBO_NOT_READY",
    "INTEGRATION.SETUP_INCOMPLETE": "KOMBO_NOT_READY",
    "INTEGRATION.INACTIVE": "KOMBO_INTEGRATION",
    "INTEGRATION.MODEL_NOT_AVAILABLE": "KOMBO_CONFIG",
    "INTEGRATION.MODEL_DISABLED": "KOMBO_CONFIG",
    "INTEGRATION.ACTION_NOT_AVAILABLE": "KOMBO_CONFIG",
    "INTEGRATION.ACTION_DISABLED": "KOMBO_CONFIG",
    "REMOTE.SERVICE_UNAVAILABLE": "KOMBO_REMOTE",
    "REMOTE.RATE_LIMIT_EXCEEDED": "KOMBO_REMOTE",
    "REMOTE.INPUT_INVALID": "KOMBO_REMOTE",
    "REMOTE.UNKNOWN_HTTP_ERROR": "KOMBO_REMOTE",
    "HRIS.STAFFING_ENTITY_CLOSED": "KOMBO_CONFIG",
    "HRIS.EMPLOYEE_ALREADY_EXISTS": "KOMBO_CONFIG",
}
# Without a model there is nothing to fetch, and nothing is deleted for that.
NO_MODEL = ("INTEGRATION.MODEL_NOT_AVAILABLE", "INTEGRATION.MODEL_DISABLED")

# Answers without a code, old envelopes, and codes nobody has heard of: by the HTTP status.
STATUSES = {400: "KOMBO_CONFIG", 401: "KOMBO_KEY", 403: "KOMBO_KEY", 404: "KOMBO_CONFIG",
            409: "KOMBO_NOT_READY", 418: "KOMBO_CONFIG", 429: "KOMBO_LIMIT",
            500: "KOMBO_SERVER", 502: "KOMBO_SERVER", 503: "KOMBO_SERVER",
            504: "KOMBO_SERVER"}

# The network and what stands in it.
FAILURES = (
    ({"kind": "drop"}, "NETWORK"),
    ({"kind": "reset"}, "NETWORK"),
    ({"kind": "drop", "size": 300}, "NETWORK"),
    ({"kind": "truncated"}, "KOMBO_ANSWER"),
    ({"kind": "truncated", "size": 1}, "KOMBO_ANSWER"),
    ({"kind": "gzip"}, "NETWORK KOMBO_ANSWER"),
    ({"kind": "gzip", "size": 40}, "NETWORK KOMBO_ANSWER"),
    ({"kind": "body", "status": 200, "text": "", "content_type": "application/json"},
     "KOMBO_ANSWER"),
    ({"kind": "body", "status": 200, "text": "{}", "content_type": "application/json"},
     "KOMBO_ANSWER"),
    ({"kind": "body", "status": 200, "text": "null", "content_type": "application/json"},
     "KOMBO_ANSWER"),
    ({"kind": "body", "status": 204, "text": "", "content_type": "application/json"},
     "KOMBO_ANSWER"),
    ({"kind": "html", "status": 200}, "KOMBO_ANSWER"),
    ({"kind": "html", "status": 502}, "KOMBO_SERVER"),
    ({"kind": "empty", "status": 200}, "KOMBO_ANSWER"),
    ({"kind": "empty", "status": 503}, "KOMBO_SERVER"),
    ({"kind": "invalid_json"}, "KOMBO_ANSWER"),
    ({"kind": "redirect", "location": "http://127.0.0.1:1/"}, "KOMBO_ANSWER"),
    ({"kind": "redirect", "status": 308, "location": "http://127.0.0.1:1/"}, "KOMBO_ANSWER"),
    ({"kind": "content_type", "content_type": "text/plain"}, "KOMBO_ANSWER"),
    ({"kind": "content_type"}, "KOMBO_ANSWER"),
)


def look():
    return {"rows": rows(HOUSE)}


def sync():
    return HOUSE.request("sync", source="fr", full=True)


def change():
    STATE["turn"] += 1
    for index in STATE["people"]:
        SANDBOX.control("POST", "/people/set", who=index,
                        set={"job_title": f"Turn {STATE['turn']}"})


def prepare():
    if "people" not in STATE:
        HOUSE.start()
        SANDBOX.control("POST", "/integrations/shape", keys="required")
        HOUSE.rollcall("source", "approve", "fr")
        mails = {row[0] for row in HOUSE.query("SELECT work_email FROM v_person")}
        found = [p["index"] for p in SANDBOX.people() if p["record"]["work_email"] in mails]
        STATE["people"] = [found[3], found[len(found) // 2], found[-3]]    # on all three pages


def script(failure, place):
    path, skip = PLACES[place]
    SANDBOX.control("DELETE", "/failures")
    SANDBOX.control_raw("POST", "/failures", [{**failure, "path": path, "skip": skip,
                                               "times": 0}])


def repaired():
    SANDBOX.control("DELETE", "/failures")
    equal(sync()[1], None, "the next run")
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = ?",
                      f"Turn {STATE['turn']}"), [(3,)], "what the failed runs did not bring")
    equal(HOUSE.request("status")[0]["sources"][0]["error"], "", "the report afterwards")


def fails(failure, place, codes, before):
    script(failure, place)
    error = sync()[1]
    what = f"{failure} at {place}"
    check(error is not None, f"{what}: no error")
    check(error["code"] in codes.split(), f"{what}: {error}")
    check(len(error["text"]) > 40 and "source fr" in error["text"], f"{what}: {error}")
    source = HOUSE.request("status")[0]["sources"][0]
    equal(source["error"], error["code"], f"{what}: the report")
    holds(error["text"], source["error_text"])
    equal(difference(before, look()), "", f"{what}: what is served")
    return error


def row_test(place):
    @test(f"everything that can fail, at {place}")
    def failures():
        prepare()
        change()
        before = look()
        whole = place in ("the integration", "the first page of employees")
        seen = set()
        for code, wanted in CODES.items():
            if not whole and (wanted in seen or code in NO_MODEL):
                continue    # each code where it can come first, each meaning everywhere
            seen.add(wanted)
            holds(fails({"kind": "error", "code": code}, place, wanted, before)["text"], code)
        for status, wanted in STATUSES.items() if whole else ():
            text = fails({"kind": "error", "status": status}, place, wanted, before)["text"]
            holds(text, f"HTTP {status}")
        for failure, wanted in (({"kind": "old_error", "status": 503}, "KOMBO_SERVER"),
                                ({"kind": "error", "code": "NEW.THING", "status": 400},
                                 "KOMBO_CONFIG"), *FAILURES):
            fails(failure, place, wanted, before)
        repaired()


for one in PLACES:
    row_test(one)


@test("a model that is not to be had deletes nothing")
def no_model():
    prepare()
    for place in ("legal entities", "locations", "groups"):
        for code in NO_MODEL:
            before = look()
            script({"kind": "error", "code": code}, place)
            equal(sync()[1], None, f"{code} at {place}")
            equal(difference(before, look()), "", f"{code} at {place}")
    SANDBOX.control("DELETE", "/failures")
    equal(sync()[1], None, "the next run")


@test("an answer that does not come in time, wherever it is: after timeout, and only that source")
def slow():
    prepare()
    for at, name in enumerate(SLOW):
        HOUSE.source(f"s{at}", SANDBOX, name)
    HOUSE.reload()
    for at in range(len(SLOW)):
        HOUSE.rollcall("source", "approve", f"s{at}")
    before = look()
    SANDBOX.control_raw("POST", "/failures", [
        {"kind": "slow", "delay_ms": 30000, "times": 0, "path": path, "integration": SLOW[at]}
        for at, path in enumerate(sorted({path for path, _ in PLACES.values()}))
        if path != "/v1/integrations"] + [
        {"kind": "slow", "delay_ms": 30000, "times": 0, "path": f"/v1/integrations/{name}"}
        for name in [SLOW[4]]])
    jobs = [WORLD.start(HOUSE.command("sync", f"s{at}", "--full"), f"slow-{at}")
            for at in range(len(SLOW))]
    equal(sync()[1], None, "another source meanwhile")
    wait_until(lambda: not any(job.running() for job in jobs), "the slow ones", 15)
    equal([job.child.returncode for job in jobs], [13] * len(SLOW), "how they ended")
    for job in jobs:
        holds(job.text(), "Timeout")
    equal(difference(before, look()), "", "what is served")
    SANDBOX.control("DELETE", "/failures")
    HOUSE.rollcall("sync")


main()
