"""A disk that is full, broken or read-only, at the n-th call of a pass: what is served is what
was served before or what is served after, the daemon lives, the next run repairs all, and the
report says why."""
import os
import re
import sqlite3
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from fault import DISK, Fault                               # noqa: E402
from house import House                                     # noqa: E402
from served import difference, rows                         # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, program, wait_until                            # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:disk,people=50,seed=12")
FAULT = Fault(WORLD)
HOUSE = House(WORLD)
HOUSE.rollcalld = program("tests/faults/rollcalld")
HOUSE.main = "[sync]\ninterval = 1d\n"
HOUSE.write_main(HOUSE.main)
HOUSE.source("fr", SANDBOX, "lucca:disk")
PLACES = 8         # of each row that are tried, at equal distances
STATE = {"turn": 0, "uid": None}

# What fails, for how long, and the codes that may be reported.
DISKS = (
    ("full", False, None, ("DB_FULL", "DB_IO")),
    ("full", True, None, ("DB_FULL", "DB_IO")),
    ("io", False, ("write", "sync", "truncate"), ("DB_IO",)),
    ("io", True, DISK, ("DB_IO", "DB_MISSING", "DB_LOCKED", "DB_OTHER")),
    ("readonly", True, None, ("DB_READONLY",)),
)


def people():
    """Whom the sandbox can change so that it shows."""
    mails = {row[0] for row in HOUSE.query("SELECT work_email FROM v_person")}
    return [p["index"] for p in SANDBOX.people() if p["record"]["work_email"] in mails
            and p["record"]["employment_status"] == "ACTIVE"
            and not p["record"]["termination_date"]]


def prepare():
    if STATE["uid"] is None:
        HOUSE.start(FAULT.environment)
        HOUSE.rollcall("source", "approve", "fr")
        STATE["people"] = people()
        STATE["uid"] = sorted(row[0] for row in HOUSE.query("SELECT uid FROM v_person"))[7]


def sync():
    return HOUSE.request("sync", source="fr", full=True)


def hidden():
    return HOUSE.query("SELECT count(*) FROM decision WHERE kind = 'hide'")[0][0] > 0


def hide():
    """Hides or unhides somebody, as the turn has it."""
    if hidden() == STATE["hide"]:
        return {}, None
    return HOUSE.request("hide" if STATE["hide"] else "unhide", person=STATE["uid"])


def reload():
    """What the log says of it, as a request's answer."""
    HOUSE.write_main(HOUSE.main + f"[scim]\nuser_name = {STATE['name']}\n")
    before = len(HOUSE.daemon.text())
    HOUSE.reload()
    line = next(x for x in HOUSE.daemon.text()[before:].splitlines() if " reload." in x)
    failed = re.search(r" reload.failed .* error=(\w+) ", line)
    return ({}, None) if failed is None else (None, {"code": failed.group(1), "text": line})


def look():
    return {"rows": rows(HOUSE)}


def change():
    """Somebody new, and other values: enough for every table to be written."""
    STATE["turn"] += 1
    STATE["hide"] = not hidden()
    in_force = HOUSE.query("SELECT value FROM v_setting WHERE name LIKE '%user_name'")
    STATE["name"] = "work-email" if in_force == [("uid",)] else "uid"
    for index in STATE["people"][3:6]:
        SANDBOX.control("POST", "/people/set", who=index,
                        set={"job_title": f"Turn {STATE['turn']}"})


def places(ask, kind, calls):
    """Which calls of a pass that goes well are to fail."""
    change()
    FAULT.count(kind, calls)
    equal(ask()[1], None, "a pass that goes well")
    total = FAULT.counted
    check(total > 0, "no such call")
    return range(1, total + 1, max(1, total // PLACES))


def reported(ask, error):
    """A run has nobody who waits for its answer: the report must say why it failed."""
    status = HOUSE.request("status")[0]
    told = [status["sources"][0]["error"], (status["trouble"] or {}).get("code", "")]
    if ask == sync and error is not None:
        check(any(told), f"the report says nothing of {error}")


def fail_once(ask, order, codes):
    before = look()
    change()
    FAULT.order(**order)
    error = ask()[1]
    struck = FAULT.clear()
    after = look()
    reported(ask, error)
    check(HOUSE.daemon.running(), "the daemon ended")
    if error is not None:
        check(error["code"] in codes, f"{order}: {error}")
        check(struck > 0, f"an error of another kind: {error}")
        equal(difference(before, after), "", f"{order}: a failed pass")
    equal(ask()[1], None, "the next run")
    if ask == sync:
        equal(HOUSE.request("status")[0]["trouble"], None, "trouble after a good run")
    done = look()
    check(after in (before, done), f"{order}: a mix:\n{difference(before, after)}")
    return error


def matrix_test(name, ask, kind, forever, calls, codes):
    length = "and whatever follows" if forever else "once"

    @test(f"{name}: {kind}, {' '.join(calls or ['writes'])}, {length}")
    def matrix():
        prepare()
        errors = [fail_once(ask, {"kind": kind, "nth": nth, "forever": forever, "calls": calls},
                            codes) for nth in places(ask, kind, calls)]
        check(any(errors), "nothing ever failed")
        equal(HOUSE.ask("source", "list")["sources"][0]["error"], "", "the error in the end")
        with sqlite3.connect(f"file:{HOUSE.database}?mode=ro", uri=True) as database:
            equal(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "database")


for row in DISKS:
    matrix_test("a run", sync, *row)
    matrix_test("a decision", hide, *row)
    matrix_test("a reload", reload, *row)
matrix_test("a run", sync, "io", False, ("share", "lock", "open"),
            ("DB_IO", "DB_MISSING", "DB_LOCKED", "DB_OTHER"))
# A run reads on a connection of its own; the writer has all of so small a database in memory.
matrix_test("a run", sync, "io", False, ("read", "size"), ("DB_IO", "DB_CORRUPT"))


@test("a start on a disk that fails: refused with a reason, or done")
def start():
    prepare()
    HOUSE.stop()
    before = look()
    FAULT.count("io")
    HOUSE.start(FAULT.environment)
    total = FAULT.counted
    HOUSE.stop()
    refused = 0
    for nth in range(1, total + 1, max(1, total // PLACES)):
        for forever in (False, True):
            FAULT.order("io", nth=nth, forever=forever)
            HOUSE.start_with(environment=FAULT.environment, wait=False)
            wait_until(lambda: HOUSE.daemon.child.poll() is not None or
                       "info start " in HOUSE.daemon.text()[STATE.get("said", 0):], "a start")
            FAULT.clear()
            if HOUSE.daemon.child.poll() is not None:
                refused += 1
                equal(HOUSE.daemon.child.returncode, 11, f"exit status at {nth}")
                holds(HOUSE.daemon.text()[STATE.get("said", 0):], "start.failed")
            else:
                HOUSE.stop()
            STATE["said"] = os.path.getsize(WORLD.path("house-rollcalld.log"))
            equal(difference(before, look()), "", f"what is served after {nth}")
    check(refused > 0, "no start was ever refused")
    HOUSE.start(FAULT.environment)


@test("a disk that stays full does not drive the schedule mad, and midnight comes late")
def schedule():
    prepare()
    today = time.strftime("%Y-%m-%d", time.gmtime(WORLD.now()))
    SANDBOX.control("POST", "/people/leave", who=STATE["people"][9], date=today)
    equal(sync()[1], None, "a run")
    before = look()
    FAULT.order("full", forever=True)
    said = len(HOUSE.daemon.text())
    WORLD.advance(30 * 3600)    # more would make the clock doubtful
    for event in ("clock.failed", "run.failed"):
        wait_until(lambda e=event: e in HOUSE.daemon.text()[said:], event)
    time.sleep(0.5)
    lines = HOUSE.daemon.text()[said:].splitlines()
    check(len(lines) < 12, "\n".join(lines))
    equal(HOUSE.request("status")[0]["trouble"]["code"], "DB_FULL", "the report")
    holds(HOUSE.rollcall("status"), "make room")
    equal(look(), before, "what is served")
    FAULT.clear()
    WORLD.advance(900)
    wait_until(lambda: "clock.flips" in HOUSE.daemon.text()[said:], "the leaver's day")
    equal(HOUSE.request("status")[0]["trouble"], None, "the report")
    check(look() != before, "the leaver")


@test("the installed program holds none of this")
def installed():
    for name in ("rollcalld", "rollcall", "rollcall-scimd"):
        for path in (program(name), program(f".libs/{name}")):
            if os.path.exists(path):
                with open(path, "rb") as stream:
                    check(b"ROLLCALL_FAULT" not in stream.read(), path)


main()
