"""A clock that jumps: back, and forward by 25 hours, 37 hours and a year. Nobody comes back
because of it, stamps never go back, dates take effect once, and runs go on."""
import os
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from served import difference, rows                         # noqa: E402
from tap import check, equal, main, test                    # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
HOUR, DAY, YEAR = 3600, 86400, 365 * 86400
SANDBOX = Sandbox(WORLD, "id=lucca:clock,people=60,seed=31")
HOUSE = House(WORLD)
HOUSE.write_main("[sync]\ninterval = 1h\n")
HOUSE.source("fr", SANDBOX, "lucca:clock")


def look():
    return {"rows": rows(HOUSE)}


def shown():
    """Who is in the LDAP view."""
    return {row[0] for row in HOUSE.query(
        "SELECT p.uid FROM v_shown s JOIN view v ON v.id = s.view JOIN v_person p"
        " ON p.id = s.person WHERE v.name = 'ldap'")}


def runs():
    return HOUSE.query("SELECT count(*) FROM run WHERE kind = 'pull' AND ended IS NOT NULL")[0][0]


def leaver(days):
    """Somebody whose last day is so many days ahead; the uid."""
    mails = dict(HOUSE.query("SELECT work_email, uid FROM v_person WHERE work_email NOT NULL"))
    person = [p for p in SANDBOX.people() if p["record"]["work_email"] in mails
              and p["record"]["employment_status"] == "ACTIVE"
              and not p["record"]["termination_date"]][5]
    last = time.strftime("%Y-%m-%d", time.gmtime(WORLD.now() + days * DAY))
    SANDBOX.control("POST", "/people/leave", who=person["index"], date=last)
    HOUSE.rollcall("sync", "fr", "--full")
    return mails[person["record"]["work_email"]]


def said(since, event):
    wait_until(lambda: event in HOUSE.daemon.text()[since:], event)


def stamps():
    return HOUSE.query("SELECT max(stamp), max(revision) FROM view")[0]


@test("a directory, and somebody who leaves today")
def first():
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    check(len(shown()) > 30, "people")


@test("back by a year: nobody comes back, nothing moves, and the schedule goes on")
def back():
    uid = leaver(0)
    since, done = len(HOUSE.daemon.text()), runs()
    WORLD.advance(DAY)
    said(since, "clock.flips")
    wait_until(lambda: runs() > done, "the run of the next day")
    check(uid not in shown(), "the leaver is gone")
    before, at = look(), stamps()
    done = runs()
    WORLD.advance(-YEAR)
    wait_until(lambda: runs() > done, "a run by schedule")
    HOUSE.rollcall("sync", "fr", "--full")
    check(uid not in shown(), "the leaver came back")
    equal(difference(before, look()), "", "what is served")
    HOUSE.stop()
    HOUSE.start()
    equal(difference(before, look()), "", "what is served after a start in the past")
    equal(stamps(), at, "stamps")
    WORLD.advance(YEAR)
    HOUSE.rollcall("sync", "fr", "--full")
    check(uid not in shown(), "the leaver came back")


@test("a change while the clock is behind gets a stamp above all others")
def behind():
    at = stamps()
    WORLD.advance(-3 * DAY)
    HOUSE.rollcall("hide", sorted(shown())[3])
    check(stamps() > at, f"{stamps()} after {at}")
    newest = HOUSE.query("SELECT max(modified) FROM v_shown")[0][0]
    check(newest <= stamps()[0], "an entry ahead of its view")
    WORLD.advance(3 * DAY)


@test("forward by 25 hours: whose day has come leaves, once")
def day():
    uid = leaver(0)
    check(uid in shown(), "before the last day is over")
    since = len(HOUSE.daemon.text())
    WORLD.advance(25 * HOUR)
    said(since, "clock.flips")
    check(uid not in shown(), "after it")
    HOUSE.rollcall("sync", "fr", "--full")
    equal(HOUSE.daemon.text()[since:].count("clock.flips"), 1, "how often")


def doubt_test(name, ahead):
    @test(f"forward by {name}: no date takes effect until somebody confirms the clock")
    def doubt():
        uid = leaver(0)
        SANDBOX.control("POST", "/failures", kind="error", code="REMOTE.SERVICE_UNAVAILABLE",
                        status=503, times=0)
        HOUSE.stop()
        before = look()
        WORLD.advance(ahead)
        HOUSE.start()
        time.sleep(0.3)
        equal(difference(before, look()), "", "what is served")
        check(uid in shown(), "the leaver, while in doubt")
        WORLD.advance(-ahead)
        SANDBOX.control("DELETE", "/failures")
        HOUSE.rollcall("sync", "fr", "--full")
        check(uid in shown(), "the leaver, after the clock was put right")


doubt_test("37 hours", 37 * HOUR)
doubt_test("a year", YEAR)

main()
