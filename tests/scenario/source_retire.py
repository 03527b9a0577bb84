"""A source whose file is no more: frozen, then kept or purged (semantics 3.3, rulings B9)."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World                                     # noqa: E402

DAY = 86400
WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:fr,people=8,seed=3", "id=personio:de,people=8,seed=4",
                  "id=bamboo:uk,people=8,seed=5")
HOUSE = House(WORLD, main="[privacy]\nretain_departed = 3d")
FREE = "[safeguards]\nremovals = 1000 100%\nout_of_filter = 1000 100%\ncreations = 1000 100%"


def source(name, integration):
    HOUSE.source(name, SANDBOX, integration, body="[lifecycle]\nduplicate_email = link\n" + FREE)


def take_away(name):
    os.unlink(os.path.join(HOUSE.conf, "sources.d", name + ".conf"))
    HOUSE.reload()


def served(name=None):
    return {row["uid"]: row for row in HOUSE.rows("list") if name in (None, row["source"])}


def hire(integration, **members):
    values = {"employment_status": "ACTIVE", "start_date": "2026-01-05"}
    values.update(members)
    return SANDBOX.control("POST", "/people/hire", integration=integration,
                           set=values)["record"]


def mine(mail):
    return next((row for row in served().values() if row["mail"] == mail), None)


@test("three sources, one person in two of them")
def start():
    for name, integration in (("fr", "lucca:fr"), ("de", "personio:de"), ("uk", "bamboo:uk")):
        source(name, integration)
        for number in (1, 2):
            hire(integration, last_name=f"{name}{number}", employee_number=f"{name}-{number}",
                 work_email=f"{name}{number}@example.com")
    hire("lucca:fr", last_name="Both", work_email="both@example.com", employee_number="B1",
         job_title="In France")
    hire("personio:de", last_name="Both", work_email="both@example.com", employee_number="B2",
         job_title="In Germany")
    hire("personio:de", last_name="Leaver", work_email="leaver@example.com",
         termination_date="2026-11-25")
    HOUSE.start()
    for name in ("fr", "de", "uk"):
        HOUSE.rollcall("source", "approve", name)
    equal(mine("both@example.com")["source"], "de", "the owner")


@test("its people stay as they are, it is not fetched, and what to do is said")
def vanished():
    views = HOUSE.query("SELECT * FROM v_shown ORDER BY 1, 2")
    take_away("de")
    equal(HOUSE.query("SELECT * FROM v_shown ORDER BY 1, 2"), views, "entries")
    holds(HOUSE.daemon.text(), "source.vanished source=de")
    holds(HOUSE.rollcall("source", "list"), "file is gone: frozen")
    holds(HOUSE.rollcall("check-config"), "[W106]")
    hire("personio:de", last_name="Too-late", work_email="late@example.com")
    hire("lucca:fr", last_name="In-time", work_email="time@example.com")
    HOUSE.rollcall("sync", "--full")
    check(mine("late@example.com") is None, "the source was fetched")
    check(mine("time@example.com") is not None, "the others are fetched")
    status, _, errors = HOUSE.rollcall("sync", "de", status=None)
    equal(status, 3, "exit status")
    holds(errors, "rollcall source retire de")


@test("it stays so when the daemon starts again, and dates take effect")
def dates():
    HOUSE.stop()
    WORLD.advance(8 * DAY)
    HOUSE.start()
    HOUSE.rollcall("sync", "fr")
    row = mine("leaver@example.com")
    equal(row["status"] if row is not None else "departed", "departed", "the leaver")
    equal(mine("de1@example.com")["status"], "active", "the others")
    holds(HOUSE.rollcall("source", "list"), "file is gone: frozen")


@test("a file that comes back goes on as if nothing had been")
def back():
    source("de", "personio:de")
    HOUSE.reload()
    lacks(HOUSE.rollcall("source", "list"), "frozen")
    HOUSE.rollcall("sync", "de", "--full")
    check(mine("late@example.com") is not None, "not fetched")


@test("what is in force cannot be retired; which end must be said")
def refused():
    status, _, errors = HOUSE.rollcall("source", "retire", "de", "--keep", status=None)
    equal(status, 3, "exit status")
    holds(errors, "reload first")
    equal(HOUSE.rollcall("source", "retire", "nobody", "--keep", status=None)[0], 4, "unknown")
    take_away("de")
    status, _, errors = HOUSE.rollcall("source", "retire", "de", status=None)
    equal(status, 2, "exit status")
    holds(errors, "--purge")


@test("purge takes out who is in no other source, with every value, and keeps names for them")
def purge():
    before = served()
    both = mine("both@example.com")
    uids = {uid for uid, row in before.items() if row["source"] == "de"} - {both["uid"]}
    ids = dict(HOUSE.query("SELECT uid, hex(uuid) FROM person"))
    holds(HOUSE.rollcall("source", "retire", "de", "--purge"), "purged")
    equal(set(served()) & uids, set(), "still served")
    after = mine("both@example.com")
    equal((after["uid"], after["id"], after["source"]), (both["uid"], both["id"], "fr"),
          "who is known to another source")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", both["uid"]),
          [("In France",)], "values of the other source")
    equal(HOUSE.query("SELECT count(*) FROM employee e JOIN record r ON r.id = e.id JOIN source"
                      " s ON s.id = r.source WHERE s.name = 'de'"), [(0,)], "values")
    equal(HOUSE.query("SELECT count(*) FROM unit u JOIN source s ON s.id = u.source WHERE"
                      " s.name = 'de'"), [(0,)], "units")
    equal(HOUSE.query("SELECT count(*) FROM v_group WHERE source = 'de'"), [(0,)], "groups")
    before = HOUSE.revision()
    HOUSE.stop()
    HOUSE.start()
    equal(HOUSE.revision(), before, "a start that changes nothing")
    source("de", "personio:de")
    HOUSE.reload()
    equal(served("de"), {}, "before it is approved again")
    HOUSE.rollcall("source", "approve", "de")
    equal({uid: row["id"].replace("-", "").upper() for uid, row in served().items()
           if uid in uids and uid in ids}, {uid: ids[uid] for uid in uids & set(served())},
          "the same records, the same names")
    check(mine("de1@example.com")["uid"] in uids, "uid")


@test("keep lets them stay, and another source adopts them")
def keep():
    take_away("uk")
    before = {name: mine(f"{name}@example.com") for name in ("uk1", "uk2")}
    holds(HOUSE.rollcall("source", "retire", "uk", "--keep"), "kept")
    equal(mine("uk1@example.com"), before["uk1"], "who was kept")
    hire("lucca:fr", last_name="Adopted", work_email="uk1@example.com", employee_number="F9",
         job_title="Adopted")
    hire("lucca:fr", last_name="Numbered", work_email="other@example.com",
         employee_number="uk-2")
    HOUSE.rollcall("sync", "fr", "--full")
    for old, mail in (("uk1", "uk1@example.com"), ("uk2", "other@example.com")):
        row = mine(mail)
        equal((row["uid"], row["id"], row["source"]),
              (before[old]["uid"], before[old]["id"], "fr"), old)
    equal(HOUSE.ask("sync", "fr", "--full")["runs"][0]["revision"], 0, "again")
    HOUSE.stop()
    HOUSE.start()
    check(len(served("uk")) >= 6, "the others of the source")
    holds(HOUSE.rollcall("source", "list"), "kept")


main()
