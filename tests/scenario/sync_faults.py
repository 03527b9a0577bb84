"""Whatever goes wrong: one clear message that says what, where and what to do, and the served
view stays as it was."""
import os
import shutil
import signal
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, free_port, program                 # noqa: E402

WORLD = World()
fix_clock(WORLD)
ID = "lucca:faults"
SANDBOX = Sandbox(WORLD, f"id={ID},people=300,seed=5")
HOUSE = House(WORLD, main="", name="main")
HOUSE.write_main(server="", main="[sync]\nretry_for = 8s\ntimeout = 5s\n")
HOUSE.source("fr", SANDBOX, ID)


def view():
    return HOUSE.query("SELECT view, person, version, modified FROM v_shown ORDER BY 1, 2")


def fails(status, *parts, words=("sync", "fr", "--full")):
    """The run fails with that status and a message holding the parts; the view stays."""
    before = view()
    code, output, errors = HOUSE.rollcall_hasty(*words)
    said = output + errors
    equal(code, status, said)
    for part in parts:
        holds(said, part)
    equal(view(), before, "the served view")
    equal(HOUSE.ask("source", "list")["sources"][0]["error"] != "", True, "told in the list")


def works():
    code, output, errors = HOUSE.rollcall_hasty("sync", "fr", "--full")
    equal(code, 0, output + errors)
    equal(HOUSE.ask("source", "list")["sources"][0]["error"], "", "error in the list")


def script(*failures):
    SANDBOX.control("DELETE", "/failures")
    SANDBOX.control_raw("POST", "/failures", list(failures))


@test("the first run is well")
def first():
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    check(len(view()) > 400, "people in two views")


@test("a wrong key")
def wrong_key():
    HOUSE.source("fr", SANDBOX, ID, key="wrong-key")
    HOUSE.reload()
    fails(12, "PLATFORM.AUTHENTICATION_INVALID", "HTTP 401", "check `api_key`")
    HOUSE.source("fr", SANDBOX, ID)
    HOUSE.reload()
    works()


@test("a wrong integration")
def wrong_integration():
    HOUSE.source("fr", SANDBOX, "lucca:other")
    HOUSE.reload()
    fails(12, "PLATFORM.INTEGRATION_NOT_FOUND", "check `integration`")
    HOUSE.source("fr", SANDBOX, ID)
    HOUSE.reload()
    works()


@test("a Kombo that cannot be reached")
def unreachable():
    HOUSE.source("fr", SANDBOX, ID, api=f"http://127.0.0.1:{free_port()}/v1")
    HOUSE.reload()
    fails(13, "connect", "firewall")
    HOUSE.source("fr", SANDBOX, ID)
    HOUSE.reload()
    works()


CODES = {
    "PLATFORM.UNKNOWN_ERROR": 13,
    "PLATFORM.IP_NOT_WHITELISTED": 12,
    "PLATFORM.TASK_TIMED_OUT": 13,
    "INTEGRATION.PERMISSION_MISSING": 12,
    "INTEGRATION.AUTHENTICATION_INVALID": 12,
    "INTEGRATION.QA_FAILED": 13,
    "INTEGRATION.SETUP_SYNC_PENDING": 13,
    "INTEGRATION.SETUP_INCOMPLETE": 13,
    "INTEGRATION.INACTIVE": 12,
    "REMOTE.SERVICE_UNAVAILABLE": 13,
    "REMOTE.RATE_LIMIT_EXCEEDED": 13,
    "REMOTE.INPUT_INVALID": 13,
    "REMOTE.UNKNOWN_HTTP_ERROR": 13,
    "SOMETHING.NEW": 12,
}


def code_test(code, status):
    @test(f"Kombo answers {code} on the last page")
    def answer():
        script({"kind": "error", "code": code, "path": "/v1/hris/employees", "skip": 1,
                "times": 0})
        fails(status, code, ";")
        SANDBOX.control("DELETE", "/failures")
        works()


for one, exit_status in CODES.items():
    code_test(one, exit_status)


@test("a code that is safe to repeat is repeated within the run")
def repeated():
    script({"kind": "error", "code": "REMOTE.SERVICE_UNAVAILABLE", "times": 2},
           {"kind": "rate_limit", "reset": 1, "times": 1})
    works()
    script({"kind": "drop", "size": 1000, "times": 1, "path": "/v1/hris/employees"})
    works()


@test("a rate limit longer than the run's patience")
def rate_limit():
    script({"kind": "rate_limit", "reset": 600, "times": 0})
    fails(13, "PLATFORM.RATE_LIMIT_EXCEEDED", "next interval")
    SANDBOX.control("DELETE", "/failures")


@test("a setup that is still running is asked again, not counted as broken")
def setup():
    SANDBOX.control("POST", "/integrations/life", state="SETUP_SYNC_PENDING")
    fails(13, "first sync into Kombo is still running")
    SANDBOX.control("POST", "/integrations/life", state="SETUP_INCOMPLETE")
    fails(13, "not finished")
    SANDBOX.control("POST", "/integrations/life", state="ACTIVE")
    works()


@test("no JSON: HTML, nothing, something else, a redirect")
def no_json():
    for failure, status, part in (
            ({"kind": "html", "status": 502}, 13, "HTTP 502"),
            ({"kind": "html", "status": 200}, 13, "no JSON"),
            ({"kind": "empty", "status": 503}, 13, "HTTP 503"),
            ({"kind": "body", "text": "[]", "content_type": "application/json"}, 13, "byte 0"),
            ({"kind": "content_type", "content_type": "text/plain"}, 13, "no JSON"),
            ({"kind": "redirect", "location": "http://127.0.0.1:1/"}, 13, "HTTP 302")):
        script({**failure, "path": "/v1/hris/employees", "times": 0})
        fails(status, part)
    SANDBOX.control("DELETE", "/failures")
    works()


@test("a page cut off in the middle, and one that is no JSON")
def truncated():
    for failure in ({"kind": "truncated"}, {"kind": "invalid_json"}, {"kind": "drop", "size": 5000}):
        script({**failure, "path": "/v1/hris/employees", "skip": 1, "times": 0})
        fails(13, "/hris/employees")
    SANDBOX.control("DELETE", "/failures")
    works()


@test("a cursor that is refused begins the listing again")
def cursor():
    script({"kind": "error", "code": "PLATFORM.INPUT_INVALID", "path": "/v1/hris/employees",
            "skip": 1, "times": 1})
    works()
    script({"kind": "error", "code": "PLATFORM.INPUT_INVALID", "path": "/v1/hris/employees",
            "times": 0})
    fails(12, "PLATFORM.INPUT_INVALID")
    SANDBOX.control("DELETE", "/failures")


@test("what JSON cannot hold, in a member nobody asked for, costs nothing at all")
def poison():
    people = [p for p in SANDBOX.people() if p["exists"] and p["record"]["work_email"] and
              p["record"]["employment_status"] == "ACTIVE"][20:26]
    kinds = ("big_integer", "huge_real", "nul", "nul_key", "surrogate", "utf8")
    for person, kind in zip(people, kinds):
        SANDBOX.control("POST", "/people/set", who=person["index"],
                        set={"job_title": f"Tester of {kind}"})
        SANDBOX.control("POST", "/people/poison", who=person["index"], poison=kind)
    answer = HOUSE.ask("sync", "fr", "--full")["runs"][0]
    equal((answer["left"], answer["refused"]), (0, 0), "left, refused")
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title LIKE 'Tester of %'"),
          [(6,)], "titles that arrived")
    for person in people:
        SANDBOX.control("POST", "/people/poison", who=person["index"], poison="none")
    works()


def replace_page(text, change):
    """Has the sandbox send one page of employees with something changed in its bytes."""
    page = SANDBOX.get("/hris/employees", page_size=250, include_deleted="true").text.decode()
    script({"kind": "body", "path": "/v1/hris/employees", "times": 1, "status": 200,
            "text": page.replace(text, change, 1), "content_type": "application/json"})


@test("a record that cannot be decoded costs itself, is named, keeps its last good state")
def refused():
    person = [p for p in SANDBOX.people() if p["exists"] and p["record"]["work_email"]
              and p["record"]["employment_status"] == "ACTIVE"][30]["record"]
    before = view()
    for change in ('"work_email":"\\u0000"', '"work_email":"\\ud83d"',
                   '"work_email":123456789012345678901234567890', '"work_email":1e999'):
        replace_page(f'"work_email":"{person["work_email"]}"', change)
        answer = HOUSE.ask("sync", "fr", "--full")["runs"][0]
        equal((answer["refused"], answer["left"]), (1, 0), change)
        problems = HOUSE.ask("source", "list")["sources"][0]["problems"]
        equal([p["record"] for p in problems if p["code"] == "refused"], [person["id"]], change)
        equal(view(), before, "the served view")
    works()
    equal(HOUSE.ask("source", "list")["sources"][0]["problems"], [], "problems")


@test("a model that is switched off deletes nothing")
def model_off():
    before = view()
    SANDBOX.control("POST", "/integrations/model", model="hris_teams", setting="DISABLED")
    HOUSE.rollcall("sync", "fr", "--full", status=6)      # all memberships at once: held
    equal(view(), before, "the served view")
    kept = HOUSE.query("SELECT count(*) FROM unit WHERE gone = 0 AND model = 'G'")[0][0]
    check(kept > 0, "groups are gone")
    SANDBOX.control("POST", "/integrations/model", model="hris_teams", setting="ENABLED")
    works()
    equal([row[:3] for row in view()], [row[:3] for row in before], "the served view")


@test("while Kombo's data are stale, nobody is removed")
def expired():
    before = len(view())
    victim = [p for p in SANDBOX.people() if p["exists"] and p["record"]["work_email"]][40]
    SANDBOX.control("POST", "/people/delete", who=victim["index"])
    SANDBOX.control("POST", "/integrations/expire", expired=True)
    answer = HOUSE.ask("sync", "fr", "--full")["runs"][0]
    holds(answer["doubt"], "nobody is removed")
    equal(len(view()), before, "entries")
    SANDBOX.control("POST", "/integrations/expire", expired=False)
    SANDBOX.control("POST", "/people/undelete", who=victim["index"])
    works()


@test("a configuration with many mistakes: all of them, each with file and line; the old one stays")
def mistakes():
    before = view()
    good = open(f"{HOUSE.conf}/rollcall.conf", encoding="utf-8").read()
    WORLD.write("main/conf/rollcall.conf", good.replace("[directory]", """timezne = x
[directory]
uid = email
group_types = TEAMS
[sync]
interval = often
[view/x]
""").replace("[sync]\nretry_for", "[privacy]\nretry_for"))
    HOUSE.reload()
    status, output, _ = HOUSE.rollcall("check-config", status=None)
    equal(status, 2, "exit status")
    found = [line for line in output.splitlines() if ": error: " in line]
    check(len(found) >= 6, output)
    for line in found:
        equal(line.split(":")[0], "rollcall.conf", line)
        check(int(line.split(":")[1]) > 0, line)
    holds(HOUSE.daemon.text(), "in_force=old")
    equal(view(), before, "the served view")
    WORLD.write("main/conf/rollcall.conf", good)
    HOUSE.reload()
    works()


@test("killed while it fetches or publishes: the view is the one before or the one after")
def killed():
    for delay in range(6):
        before = view()
        for index in range(60, 90):
            SANDBOX.control("POST", "/people/set", who=index,
                            set={"job_title": f"Title {delay}.{index}"})
        script({"kind": "slow", "delay_ms": 20 * delay, "times": 0})
        job = WORLD.start(HOUSE.command("sync", "fr", "--full"), f"sync-{delay}")
        HOUSE.daemon.wait_log("", 1)
        if delay < 5:
            while SANDBOX.control("GET", "/traffic")["total"] == 0:
                pass
        HOUSE.daemon.send(signal.SIGKILL)
        HOUSE.daemon.child.wait()
        job.child.wait()
        SANDBOX.control("DELETE", "/failures")
        after = view()
        HOUSE.start()
        works()
        done = view()
        check(after in (before, done), f"a mix after kill {delay}")
        titles = HOUSE.query("SELECT count(*) FROM v_person WHERE job_title LIKE ?",
                             f"Title {delay}.%")[0][0]
        check(titles > 20, "the next run repairs all")
        SANDBOX.control("DELETE", "/traffic")


# ---- the database ----------------------------------------------------------------------------

def other_house(name):
    house = House(WORLD, name=name)
    house.source("fr", SANDBOX, ID)
    return house


def refuses_start(house, status, *parts):
    code, _, errors = WORLD.run([program("rollcalld"), "-c", house.conf], None)
    equal(code, status, errors)
    for part in parts:
        holds(errors, part)


@test("a database of a newer release, one that is none, one that is damaged")
def database_forms():
    house = other_house("forms")
    house.start()
    house.stop()
    with sqlite3.connect(house.database) as database:
        database.execute("PRAGMA user_version = 999")
    refuses_start(house, 11, "newer release", house.database)
    WORLD.write("forms/db/rollcall.db", "this is no database, it only has the name" * 100)
    for tail in ("-wal", "-shm"):
        if os.path.exists(house.database + tail):
            os.unlink(house.database + tail)
    refuses_start(house, 11, house.database, "restore it with a backup")


@test("a database folder that is missing")
def database_folder():
    house = other_house("folder")
    shutil.rmtree(os.path.dirname(house.database))
    refuses_start(house, 9, house.database, "folder must exist")


@test("a database that another process has locked: told, and nothing is lost")
def locked():
    before = view()
    with sqlite3.connect(HOUSE.database) as database:
        database.execute("BEGIN IMMEDIATE")
        code, _, errors = HOUSE.rollcall("hide", HOUSE.rows("list")[0]["uid"], status=None)
        equal(code, 11, errors)
        holds(errors, "locked")
        database.rollback()
    equal(view(), before, "the served view")
    works()


@test("a full disk: told, nothing half done, and the next run repairs")
def full():
    small = WORLD.path("small")
    os.makedirs(small)
    if os.geteuid() != 0 or WORLD.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs",
                                       small], None)[0] != 0:
        from tap import Skip
        raise Skip("no file system of one's own can be mounted here")
    try:
        house = other_house("full")
        house.database = os.path.join(small, "rollcall.db")
        house.write_main()
        house.start()
        room = os.statvfs(small)
        used = (room.f_blocks - room.f_bfree) * room.f_frsize
        WORLD.run(["mount", "-o", f"remount,size={used + 200000}", small])
        code, output, errors = house.rollcall("source", "approve", "fr", status=None)
        equal(code, 11, output + errors)
        holds(errors, "make room")
        equal(house.query("SELECT count(*) FROM v_shown"), [(0,)], "entries")
        WORLD.run(["mount", "-o", "remount,size=64m", small])
        house.rollcall("sync", "fr")
        check(house.query("SELECT count(*) FROM v_shown")[0][0] > 400, "people")
        house.stop()
    finally:
        WORLD.run(["umount", "-l", small], None)


main()
