"""From a fresh machine to a directory: check, test, preview, approve, sync, look, decide."""
import contextlib
import os
import signal
import sys
import threading

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:first,people=120,seed=7", "id=personio:second,people=60,seed=8")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:first", fields="job_title = import-once")
HOUSE.source("de", SANDBOX, "personio:second")


def person(uid):
    return next(row for row in HOUSE.rows("list") if row["uid"] == uid)


@contextlib.contextmanager
def wakeful():
    """Meanwhile the daemon looks at its schedule again and again."""
    done = threading.Event()

    def wake():
        while not done.is_set():
            HOUSE.daemon.send(signal.SIGUSR1)

    thread = threading.Thread(target=wake)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def served():
    return {row["uid"]: row for row in HOUSE.rows("list")}


@test("a configuration without mistakes is said to be so")
def configuration():
    holds(HOUSE.rollcall("check-config"), "no errors, 0 warnings")
    holds(HOUSE.rollcall("show-config", "fr"), "import-once")


@test("the fields are listed before there is any key")
def fields():
    listed = HOUSE.rollcall("-c", "/nowhere", "fields")
    holds(listed, "employee_number")
    holds(listed, "rollcallPersonalMail")
    lacks(listed, "bank")


@test("the daemon starts without a database and serves nothing")
def start():
    HOUSE.start()
    equal(HOUSE.rows("list"), [], "people")
    status = HOUSE.ask("status")
    equal([s["approved"] for s in status["sources"]], [None, None], "approved")


@test("a source can be tested before anything of it is stored")
def source_test():
    report = HOUSE.rollcall("source", "test", "fr")
    holds(report, "accepted")
    holds(report, "Lucca")
    holds(report, "employees     readable")


@test("a preview says Included or Excluded of every record, and stores nothing personal")
def preview():
    answer = HOUSE.ask("preview", "fr")
    truth = SANDBOX.control("GET", "/people", count=1000)["people"]
    visible = [p for p in truth if p["exists"]]
    equal({row["verdict"] for row in answer["rows"]}, {"Included", "Excluded"}, "verdicts")
    equal(answer["included"] + answer["excluded"], len(answer["rows"]), "count")
    equal({row["record"] for row in answer["rows"]}, {p["record"]["id"] for p in visible
                                                      if not p["deleted_at"]}, "records")
    for row in answer["rows"]:
        equal(row["verdict"] == "Excluded", bool(row["reasons"]), row["record"])
        equal(row["verdict"] == "Included", row["dn"] is not None, row["record"])
    content = HOUSE.bytes()
    for found in visible:
        for field in ("work_email", "last_name", "remote_id"):
            value = found["record"][field]
            if value and len(value) > 5:
                check(value.encode() not in content, f"{field} is in the database")


@test("a source that is not approved is not fetched")
def unapproved():
    status, _, errors = HOUSE.rollcall("sync", "fr", status=None)
    equal(status, 3, "exit status")
    holds(errors, "rollcall source approve fr")


@test("approving starts the first run; what the preview promised is served")
def approve():
    promised = {row["uid"]: row for row in HOUSE.rows("preview", "fr")
                if row["verdict"] == "Included"}
    with wakeful():     # the schedule must not be there first
        holds(HOUSE.rollcall("source", "approve", "fr"), "complete fetch")
    people = served()
    equal(set(people), set(promised), "uids")
    equal({uid: row["id"] for uid, row in people.items()},
          {uid: row["id"] for uid, row in promised.items()}, "ids")


@test("the same again changes nothing: no revision, no stamp")
def again():
    before = (HOUSE.revision(), HOUSE.query("SELECT * FROM v_shown ORDER BY 1, 2"))
    for words in ((), ("--full",)):
        answer = HOUSE.ask("sync", "fr", *words)
        equal(answer["runs"][0]["revision"], 0, "revision of the run")
    equal((HOUSE.revision(), HOUSE.query("SELECT * FROM v_shown ORDER BY 1, 2")), before, "views")


@test("a second source is added to the first")
def second():
    before = served()
    HOUSE.rollcall("source", "approve", "de")
    after = served()
    check(set(before) < set(after), "the first source's people stay")
    equal({row["source"] for row in after.values()}, {"fr", "de"}, "sources")


@test("nothing beyond the listed fields is kept")
def minimal():
    content = HOUSE.bytes()
    for found in SANDBOX.control("GET", "/people", count=1000)["people"]:
        record = found["record"]
        for field in ("ssn", "personal_email", "mobile_phone_number", "tax_id"):
            if record.get(field):
                check(record[field].encode() not in content, field)
        for account in record.get("bank_accounts") or []:
            check(account["iban"].encode() not in content, "iban")


def a_reportee():
    """Somebody served who has a served manager, and that manager."""
    row = HOUSE.query("SELECT p.uid, m.uid FROM v_shown s JOIN v_person p ON p.id = s.person"
                      " JOIN v_person m ON m.id = s.manager WHERE s.view = 1 AND"
                      " p.uid <> m.uid ORDER BY p.uid LIMIT 1")[0]
    return row


@test("who is hidden is gone, from references too; unhide brings all of it back")
def hide():
    report, manager = a_reportee()
    groups = HOUSE.query("SELECT count(*) FROM v_member")
    before = HOUSE.query("SELECT view, person, manager, version FROM v_shown ORDER BY 1, 2")
    HOUSE.rollcall("hide", manager, "--reason", "a test")
    check(manager not in served(), "still listed")
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE uid = ?", manager), [(0,)], "row")
    equal(HOUSE.query("SELECT s.manager FROM v_shown s JOIN v_person p ON p.id = s.person"
                      " WHERE p.uid = ?", report), [(None,), (None,)], "manager")
    check(HOUSE.query("SELECT count(*) FROM v_member") < groups, "memberships")
    check(manager in {row["uid"] for row in HOUSE.rows("list", "--hidden")}, "not in --hidden")
    why = HOUSE.ask("why", manager)
    equal([r["code"] for r in why["records"][0]["reasons"]], ["hidden"], "reasons")
    HOUSE.rollcall("unhide", manager)
    equal(HOUSE.query("SELECT view, person, manager, version FROM v_shown ORDER BY 1, 2"),
          before, "views after unhide")


@test("an import-once field is set and reset; one that follows HR is refused with the line")
def edit():
    uid = sorted(u for u, row in served().items() if row["source"] == "fr")[0]
    title = HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid)
    HOUSE.rollcall("set", uid, "job_title", "Chef de cuisine")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid),
          [("Chef de cuisine",)], "title")
    HOUSE.rollcall("sync", "fr", "--full")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid),
          [("Chef de cuisine",)], "title after a full fetch")
    HOUSE.rollcall("reset", uid, "job_title")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid), title, "title")
    status, _, errors = HOUSE.rollcall("set", uid, "last_name", "X", status=None)
    equal(status, 3, "exit status")
    holds(errors, "sources.d/fr.conf:7")


@test("a change in the HR system arrives with the next run, a deletion too")
def changes():
    uid = sorted(u for u, row in served().items() if row["source"] == "fr")[3]
    mail = person(uid)["mail"]
    SANDBOX.control("POST", "/people/set", who=mail, set={"last_name": "Neumann-Ñandú",
                                                                "display_full_name": None})
    gone = sorted(u for u, row in served().items()
                  if row["source"] == "fr" and row["status"] == "active")[5]
    SANDBOX.control("POST", "/people/delete", who=person(gone)["mail"])
    answer = HOUSE.ask("sync", "fr")["runs"][0]
    equal(answer["complete"], False, "complete")
    holds(person(uid)["name"], "Neumann-Ñandú")
    row = person(gone)
    equal((row["status"], row["active"], row["views"]), ("departed", False, ["scim"]), gone)


@test("answers are found by any of a person's names, and a typing mistake gets a hint")
def names():
    row = sorted(served().items())[10][1]
    for text in (row["uid"], row["id"], row["mail"], row["name"]):
        equal(HOUSE.ask("why", text)["person"]["uid"], row["uid"], text)
    status, _, errors = HOUSE.rollcall("why", "nobody.at.all", status=None)
    equal(status, 4, "exit status")
    holds(errors, "rollcall find")
    holds(HOUSE.rollcall("set", row["uid"], "phone", "1", status=None)[2], "mobile_phone")


@test("a widened filter lets people in at once, a narrowed one out; a bad file changes nothing")
def reload():
    everybody = set(served())
    entity = HOUSE.query("SELECT legal_entity, count(*) FROM v_person WHERE source = 'fr' AND"
                         " legal_entity IS NOT NULL GROUP BY 1 ORDER BY 2 LIMIT 1")[0][0]
    HOUSE.source("fr", SANDBOX, "lucca:first", fields="job_title = import-once",
                 body=f"[exclude]\nlegal_entity = {entity}\n")
    HOUSE.reload()
    narrowed = set(served())
    check(narrowed < everybody, "nobody left")
    listed = HOUSE.rows("list", "--excluded", "--reason-code", "exclude.legal_entity")
    equal(len(everybody - narrowed) <= len(listed), True, "listed as excluded")
    HOUSE.source("fr", SANDBOX, "lucca:first", fields="job_title = importonce")
    HOUSE.reload()
    holds(HOUSE.daemon.text(), "did you mean import-once?")
    equal(set(served()), narrowed, "served under the old configuration")
    HOUSE.source("fr", SANDBOX, "lucca:first", fields="job_title = import-once")
    HOUSE.reload()
    wait_until(lambda: set(served()) == everybody, "everybody is back")


@test("a field that is switched off is nowhere any more")
def off():
    numbers = [row[0] for row in HOUSE.query("SELECT employee_number FROM v_person WHERE"
                                             " source = 'de' AND length(employee_number) > 4")]
    check(numbers, "no numbers to look for")
    HOUSE.source("de", SANDBOX, "personio:second", fields="employee_number = off")
    HOUSE.reload()
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE source = 'de' AND"
                      " employee_number IS NOT NULL"), [(0,)], "served")
    equal(HOUSE.query("SELECT count(*) FROM employee e JOIN record r ON r.id = e.id JOIN source s"
                      " ON s.id = r.source WHERE s.name = 'de' AND employee_number IS NOT NULL"),
          [(0,)], "stored")


@test("the daemon ends cleanly; the command goes on without it, and a reader still opens the file")
def down():
    uid = sorted(served())[0]
    equal(HOUSE.stop(), 0, "exit status")
    status, _, errors = HOUSE.rollcall("hide", uid, status=None)
    equal(status, 0, "exit status")
    holds(errors, "rollcalld is not running")
    check(uid not in served(), "still listed")
    HOUSE.rollcall("unhide", uid)
    check(os.path.exists(HOUSE.database + "-wal"), "the write-ahead log stays")


@test("only one process publishes")
def alone():
    HOUSE.start()
    second_daemon = WORLD.run([HOUSE.daemon.arguments[0], "-c", HOUSE.conf], None)
    equal(second_daemon[0], 7, "exit status")
    holds(second_daemon[2], "is the publisher already")


main()
