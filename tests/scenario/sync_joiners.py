"""Joiners and leavers: release, ignored onboardings, the lists of both, and midnights in every
zone, also those that passed while nobody was running."""
import calendar
import os
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)                                            # 2026-11-20T12:00:00Z
SANDBOX = Sandbox(WORLD, "id=kenjo:a,people=20,seed=3", "id=kenjo:b,people=20,seed=4",
                  "id=kenjo:c,people=20,seed=5")
MAIN = """[sync]
interval = 30d
full_interval = 30d
[zones]
Kiritimati = Pacific/Kiritimati
Pago Pago = Pacific/Pago_Pago
Cairo = Africa/Cairo
Lisbon = Europe/Lisbon
"""
HOUSE = House(WORLD, main=MAIN)
RELEASES = {"hand": ("kenjo:a", "release = manual"),
            "dated": ("kenjo:b", "release = start-date\nrelease_days_before = 3"),
            "now": ("kenjo:c", "")}


def write(source, lines):
    HOUSE.source(source, SANDBOX, RELEASES[source][0], body=f"[lifecycle]\n{lines}\n")


def integration(source):
    return RELEASES[source][0]


def hire(source, name, **members):
    members = {"first_name": "Test", "last_name": name, "display_full_name": None,
               "work_email": f"{name}@{source}.example", "employment_status": "PENDING",
               **members}
    SANDBOX.control("POST", "/people/hire", integration=integration(source), set=members)
    return name


def change(source, name, **members):
    SANDBOX.control("POST", "/people/set", integration=integration(source),
                    who=f"{name}@{source}.example", set=members)


def views(uid):
    """The views a person is in, with the LDAP view's name first."""
    return [row[0] for row in HOUSE.query(
        "SELECT v.name FROM v_shown s JOIN v_person p ON p.id = s.person JOIN view v ON"
        " v.id = s.view WHERE p.uid = ? ORDER BY 1", uid)]


def status(uid):
    return HOUSE.query("SELECT status FROM person WHERE uid = ?", uid)[0][0]


def coming():
    return {row["uid"]: row for row in HOUSE.rows("onboardings")}


def reasons(uid):
    return [r["code"] for r in HOUSE.ask("why", uid)["records"][0]["reasons"]]


@test("the policy of each source decides when a joiner appears")
def policies():
    for source, (_, lines) in RELEASES.items():
        write(source, lines)
        hire(source, f"{source}.far", start_date="2027-03-01")
        hire(source, f"{source}.near", start_date="2026-11-23")
    hire("dated", "dated.undated", start_date=None)
    hire("hand", "hand.later", start_date="2026-11-21")
    hire("now", "now.never", start_date="2026-11-22")
    HOUSE.start()
    for source in RELEASES:
        HOUSE.rollcall("source", "approve", source)
    equal([views(u) for u in ("hand.far", "hand.near", "dated.far", "dated.undated")],
          [[], [], [], []], "before the release")
    equal([views(u) for u in ("dated.near", "now.far", "now.near")], [["scim"]] * 3, "released")
    equal([reasons(u) for u in ("hand.near", "dated.far", "dated.undated", "now.far")],
          [["not-released"], ["before-release-date"], ["before-release-date"], []], "reasons")
    equal(HOUSE.query("SELECT active FROM v_person WHERE uid = 'dated.near'"), [(0,)], "active")


@test("onboardings lists all of them by date, with what they wait for")
def onboardings():
    rows = HOUSE.rows("onboardings")
    equal([row["uid"] for row in rows][-1], "dated.undated", "the undated one comes last")
    dates = [row["start_date"] for row in rows if row["start_date"]]
    equal(dates, sorted(dates), "order")
    people = coming()
    equal({uid: (row["release"], row["release_date"], row["days"])
           for uid, row in people.items() if uid.split(".")[1] in ("far", "near", "undated")},
          {"hand.far": ("manual", None, 101), "hand.near": ("manual", None, 3),
           "dated.far": ("dated", "2027-02-26", 101), "dated.near": ("released", None, 3),
           "dated.undated": ("undated", None, None), "now.far": ("released", None, 101),
           "now.near": ("released", None, 3)}, "release")
    near = {row["uid"] for row in HOUSE.rows("onboardings", "--within", "3")}
    equal(near, {"hand.near", "dated.near", "now.near", "hand.later", "now.never"}, "--within 3")
    equal({row["uid"] for row in HOUSE.rows("onboardings", "--within", "1w")}, near, "1w")
    text = HOUSE.rollcall("onboardings")
    for part in ("waits for rollcall release", "appears on 2027-02-26", "waits for a start date",
                 "in 3 days", "tomorrow", "to come"):
        holds(text, part)
    equal(HOUSE.rollcall("onboardings", "--within", "soon", status=None)[0], 2, "no number")


@test("release lets a joiner in under every policy, once and for ever, and does not activate")
def release():
    for uid in ("hand.far", "dated.far", "dated.undated"):
        HOUSE.rollcall("release", uid, "--reason", "needs a laptop")
        equal(views(uid), ["scim"], uid)
        equal(HOUSE.query("SELECT active FROM v_person WHERE uid = ?", uid), [(0,)], "active")
    equal(coming()["hand.far"]["release"], "released", "listed")
    revision = HOUSE.revision()
    holds(HOUSE.rollcall("release", "hand.far"), "nothing that is served changed")
    equal(HOUSE.revision(), revision, "revision")
    # a joiner who waits is found by her name too, though nobody is served by it
    HOUSE.rollcall("ignore-onboarding", "Test hand.near")
    equal(reasons("hand.near"), ["onboarding-ignored", "not-released"], "reasons")
    HOUSE.rollcall("unhide", "hand.near")
    equal(reasons("hand.near"), ["not-released"], "reasons")


@test("an ignored onboarding stays hidden after the first day; an employee is not ignored")
def ignore():
    HOUSE.rollcall("ignore-onboarding", "now.never", "--reason", "a contractor")
    equal((views("now.never"), reasons("now.never")), ([], ["onboarding-ignored"]), "hidden")
    equal(coming()["now.never"]["release"], "ignored", "listed")
    check("now.never" in {row["uid"] for row in HOUSE.rows("list", "--hidden")}, "--hidden")
    served = next(row["uid"] for row in HOUSE.rows("list") if row["status"] == "active")
    code, _, errors = HOUSE.rollcall("ignore-onboarding", served, status=None)
    equal(code, 3, "exit status")
    holds(errors, f"rollcall hide {served}")
    equal(views(served), ["ldap", "scim"], "the employee stays")


def settle():
    """Waits until no date that has come waits for its tick."""
    now = int(WORLD.now() * 1e6)
    if HOUSE.daemon is not None:
        wait_until(lambda: not HOUSE.query("SELECT 1 FROM person WHERE due <= ?", now),
                   "dates take effect")


def midnight(text):
    """Moves every clock to an instant of UTC, in steps that nobody takes for a broken clock."""
    target = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))
    while target - WORLD.now() > 20 * 3600:
        WORLD.advance(20 * 3600)
        settle()
    WORLD.set_clock(target - time.time())


@test("on the first day joiners begin by themselves, but for those who wait for a hand")
def first_day():
    midnight("2026-11-23T08:00:00")
    settle()
    equal([views(u) for u in ("dated.near", "now.near")], [["ldap", "scim"]] * 2, "they began")
    equal([(views(u), status(u)) for u in ("hand.near", "hand.later")], [([], 1)] * 2, "they wait")
    equal(coming()["hand.near"]["status"], "active", "who has begun and waits is listed")
    holds(HOUSE.rollcall("onboardings"), "2 days ago")
    equal((views("now.never"), status("now.never")), ([], 1), "the ignored one")
    HOUSE.rollcall("release", "hand.near")
    equal(views("hand.near"), ["ldap", "scim"], "released after the first day")
    HOUSE.rollcall("unhide", "now.never")
    equal(views("now.never"), ["ldap", "scim"], "unhidden after the first day")


PLACES = {"kiri": "Kiritimati", "pago": "Pago Pago", "cairo": "Cairo", "lisbon": "Lisbon",
          "none": None}


@test("everybody leaves and begins on the calendar date of the place of work, exactly once")
def zones():
    for name in filter(None, PLACES.values()):
        SANDBOX.control("POST", "/locations/add", integration="kenjo:c",
                        remote_id=f"place-{name}", set={"name": name})
    for place, name in PLACES.items():
        hire("now", f"out.{place}", start_date="2020-01-01", termination_date="2026-11-25",
             employment_status="ACTIVE", work_location_id=name)
        hire("now", f"in.{place}", start_date="2026-11-26", work_location_id=name)
    HOUSE.rollcall("sync", "now", "--full")
    rows = {row["uid"]: row for row in HOUSE.rows("offboardings", "--within", "3")}
    equal({uid: (row["zone"], row["last_day"]) for uid, row in rows.items() if
           uid.startswith("out.")},
          {"out.kiri": ("Pacific/Kiritimati", "2026-11-25"),
           "out.pago": ("Pacific/Pago_Pago", "2026-11-25"),
           "out.cairo": ("Africa/Cairo", "2026-11-25"),
           "out.lisbon": ("Europe/Lisbon", "2026-11-25"),
           "out.none": ("Europe/Paris", "2026-11-25")}, "offboardings")
    holds(HOUSE.rollcall("offboardings", "--within", "2d"), "in 2 days")
    # midnight begins there at (UTC): +14, +2, +1, +0, -11
    changes = {}
    for instant, place in (("2026-11-25T10:00:00", "kiri"), ("2026-11-25T22:00:00", "cairo"),
                           ("2026-11-25T23:00:00", "none"), ("2026-11-26T00:00:00", "lisbon"),
                           ("2026-11-26T11:00:00", "pago")):
        midnight(instant)
        WORLD.advance(-30)
        settle()
        equal((status(f"out.{place}"), status(f"in.{place}")), (2, 0), f"before {instant}")
        before = HOUSE.revision()
        WORLD.advance(60)
        settle()
        wait_until(lambda: HOUSE.revision() > before, "a revision")
        equal((status(f"out.{place}"), status(f"in.{place}")), (3, 1), f"after {instant}")
        equal((views(f"out.{place}"), views(f"in.{place}")), (["scim"], ["ldap", "scim"]), place)
        equal(HOUSE.revision(), before + 1, "one change for all of a zone")
        changes[place] = HOUSE.query("SELECT version, revision FROM v_shown s JOIN v_person p ON"
                                     " p.id = s.person WHERE p.uid IN (?, ?) ORDER BY person,"
                                     " view", f"out.{place}", f"in.{place}")
    for place, then in changes.items():
        equal(HOUSE.query("SELECT version, revision FROM v_shown s JOIN v_person p ON"
                          " p.id = s.person WHERE p.uid IN (?, ?) ORDER BY person, view",
                          f"out.{place}", f"in.{place}"), then, f"{place}: once")
    lacks(HOUSE.rollcall("offboardings"), "out.kiri")


@test("a midnight that passed while nothing ran takes effect at the start, once, without Kombo")
def down():
    for place, name in PLACES.items():
        change("now", f"in.{place}", termination_date="2026-11-27")
    midnight("2026-11-27T00:30:00")     # a clock that jumps by more than 36 hours is not believed
    HOUSE.rollcall("sync", "now")
    wait_until(lambda: HOUSE.query("SELECT value FROM meta WHERE name = 'tick'")[0][0] >
               (WORLD.now() - 600) * 1e6, "a tick")
    HOUSE.stop()
    midnight("2026-11-28T11:30:00")
    SANDBOX.control("POST", "/failures", kind="drop", count=1000)
    before = HOUSE.revision()
    HOUSE.start()
    wait_until(lambda: all(status(f"in.{p}") == 3 for p in PLACES), "all have left")
    equal({tuple(views(f"in.{p}")) for p in PLACES}, {("scim",)}, "views")
    equal(HOUSE.revision(), before + 1, "one revision")
    HOUSE.stop()
    HOUSE.start()
    settle()
    equal(HOUSE.revision(), before + 1, "a second start changes nothing")
    SANDBOX.control("DELETE", "/failures")


@test("a midnight that the zone's summer time skips is no exception")
def summer():
    # Cairo's clocks go from 2027-04-29T23:59 to 2027-04-30T01:00: its 30th begins at 22:00 UTC.
    HOUSE.stop()
    midnight("2027-04-29T12:00:00")
    hire("now", "dst.out", start_date="2020-01-01", termination_date="2027-04-29",
         employment_status="ACTIVE", work_location_id="Cairo")
    hire("now", "dst.in", start_date="2027-04-30", work_location_id="Cairo")
    HOUSE.start()
    HOUSE.rollcall("sync", "now", "--full")
    midnight("2027-04-29T21:59:30")
    settle()
    equal((status("dst.out"), status("dst.in")), (2, 0), "half a minute before")
    WORLD.advance(60)
    settle()
    equal((status("dst.out"), status("dst.in")), (3, 1), "after")


@test("a tightened release takes joiners out, and what waits is said with its line")
def tightened():
    hire("now", "tight.one", start_date="2027-12-01")
    HOUSE.rollcall("sync", "now")
    equal(views("tight.one"), ["scim"], "released at once")
    write("now", "release = manual")
    HOUSE.reload()
    wait_until(lambda: views("tight.one") == [], "out")
    why = HOUSE.ask("why", "tight.one")["records"][0]["reasons"][0]
    equal((why["code"], why["lines"]), ("not-released", ["sources.d/now.conf:10"]), "reason")


main()
