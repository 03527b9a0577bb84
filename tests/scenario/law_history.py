"""What is told of changes, what is erased, and that nothing of it is left: off, erase, restore."""
import os
import shutil
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:law,people=60,seed=11")
HOUSE = House(WORLD)
FIELDS = "job_title = import-once\npersonal_email = continuous\nmobile_phone = continuous\n"


def write(fields=FIELDS, audit="full", body=""):
    HOUSE.write_main(f"[privacy]\naudit_values = {audit}\n")
    HOUSE.source("fr", SANDBOX, "lucca:law", fields=fields, body=body)


def served():
    return {row["uid"]: row for row in HOUSE.rows("list")}


def log(*words, status=0):
    return HOUSE.ask("log", *words, status=status)


def everything():
    """Every byte that is kept anywhere: database, log files of it, lists, what was logged."""
    content = HOUSE.bytes()
    for name in sorted(os.listdir(WORLD.folder)):
        if name.endswith(".log") and "sandbox" not in name:
            with open(WORLD.path(name), "rb") as stream:
                content += stream.read()
    return content


def nowhere(values, what):
    content = everything()
    for value in values:
        at = content.find(value.encode())
        check(at < 0, f"{what}: a value is still there: {content[max(0, at - 60):at + 60]!r}")


def active(count=1, skip=0):
    rows = sorted(u for u, row in served().items() if row["status"] == "active")
    return rows[skip:skip + count]


@test("a person's creation is one row with all values; a run tells itself in one")
def created():
    write()
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    answer = log()
    equal([(r["reason"], r["actor"]) for r in answer["rows"] if r["what"] == "source.approve"],
          [("fr", "root")], "approval")
    rows = [row for row in answer["rows"] if row["what"] == "created"]
    equal(len(rows), HOUSE.query("SELECT count(*) FROM person")[0][0], "rows")
    equal(len({row["id"] for row in rows}), len(rows), "one each")
    uid = active()[0]
    mine = [row for row in log(uid)["rows"] if row["what"] == "created"]
    equal(mine[0]["new"]["work_email"], served()[uid]["mail"], "e-mail")
    equal((mine[0]["cause"], mine[0]["source"], mine[0]["actor"]), ("sync", "fr", "root"), "act")
    equal(answer["chain"]["whole"], True, "chain")
    before = len(answer["rows"])
    HOUSE.rollcall("sync", "fr", "--full")
    rows = log()["rows"][before:]
    equal([(row["what"], row["reason"]) for row in rows], [("run", "unchanged")], "rows of it")


@test("a change tells old, new and who; a decision tells itself and what it did")
def changed():
    uid, other = active(2)
    SANDBOX.control("POST", "/people/set", who=served()[uid]["mail"],
                    set={"last_name": "Oldenburg", "display_full_name": None})
    HOUSE.rollcall("sync", "fr")
    row = [r for r in log(uid)["rows"] if r["field"] == "last_name"][-1]
    equal((row["what"], row["new"], row["cause"]), ("changed", "Oldenburg", "sync"), "row")
    check(row["old"], "no old value")
    HOUSE.rollcall("set", other, "job_title", "Captain of Nothing")
    HOUSE.rollcall("hide", other, "--reason", "a test")
    rows = log(other)["rows"][1:]
    equal([(r["what"], r["field"], r["new"], r["reason"]) for r in rows],
          [("set", "job_title", None, None),
           ("changed", "job_title", "Captain of Nothing", None),
           ("hide", None, None, "a test"), ("views", None, None, "hidden")], "rows")
    equal({r["actor"] for r in rows}, {"root"}, "actor")
    holds(HOUSE.rollcall("log", other), "Captain of Nothing")
    HOUSE.rollcall("unhide", other)
    equal(log("--since", "2026-11-22")["rows"] if "rows" in log("--since", "2026-11-22") else [],
          [], "later rows")


@test("drift lists what was set by hand or taken once and differs; reset ends it")
def drift():
    uid, other = active(2, 10)
    title = HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid)[0][0]
    SANDBOX.control("POST", "/people/set", who=served()[other]["mail"],
                    set={"job_title": "Later Title"})
    HOUSE.rollcall("set", uid, "job_title", "Set Here")
    HOUSE.rollcall("sync", "fr")
    rows = {row["uid"]: row for row in HOUSE.rows("drift")}
    equal((rows[uid]["served"], rows[uid]["hr"], rows[uid]["since"]),
          ("Set Here", title, "set by hand"), uid)
    equal((rows[other]["hr"], rows[other]["since"]), ("Later Title", "imported once"), other)
    equal(HOUSE.ask("drift", uid)["count"], 1, "of one person")
    HOUSE.rollcall("reset", uid, "job_title")
    check(uid not in {row["uid"] for row in HOUSE.rows("drift")}, "after reset")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid), [(title,)], "title")


@test("an export has everything that is held, with origin, mode, purpose and end")
def export():
    uid = active(1, 10)[0]
    HOUSE.rollcall("set", uid, "job_title", "Exported Title")
    answer = HOUSE.ask("export", uid)
    fields = {row["field"]: row for row in answer["person"]["fields"]}
    equal((fields["job_title"]["value"], fields["job_title"]["origin"],
           fields["job_title"]["mode"]), ("Exported Title", "set by hand", "import-once"), "title")
    equal(fields["work_email"]["origin"], "fr", "origin")
    check(all(row["purpose"] and row["until"] for row in fields.values()), "purpose, until")
    stored = HOUSE.query("SELECT e.* FROM employee e JOIN person p ON p.owner = e.id"
                         " WHERE p.uid = ?", uid)[0]
    whole = str(answer)
    for value in stored[4:]:
        check(not isinstance(value, str) or "\x1f" in value or "\x1e" in value or
              repr(value)[1:-1] in whole, f"{value!r} is held and not told")
    equal([r["what"] for r in answer["history"]][:1], ["created"], "history")
    holds(HOUSE.rollcall("export", uid), "Exported Title")


@test("masked values tell the first letter, none tells nothing; overwriting by hand is told whole")
def masked():
    write(audit="masked")
    HOUSE.reload()
    uid = active(1, 3)[0]
    mail = served()[uid]["mail"]
    SANDBOX.control("POST", "/people/set", who=mail, set={"last_name": "Quarterdeck"})
    HOUSE.rollcall("sync", "fr")
    equal([r["new"] for r in log(uid)["rows"] if r["field"] == "last_name"], ["Q…"], "masked")
    HOUSE.rollcall("set", uid, "job_title", "Boatswain Extraordinary")
    write(audit="masked", fields=FIELDS.replace("import-once", "continuous"))
    HOUSE.reload()


@test("a field that is switched off is nowhere: database, its log, history, what was logged")
def off():
    values = {row[0] for row in HOUSE.query(
        "SELECT personal_email FROM employee WHERE personal_email IS NOT NULL")}
    check(len(values) > 10, "no addresses to look for")
    write(fields=FIELDS.replace("personal_email = continuous", "personal_email = off"))
    HOUSE.reload()
    nowhere(values, "personal_email")
    row = [r for r in log()["rows"] if r["what"] == "off"][-1]
    equal((row["field"], row["reason"]), ("personal_email", "fr"), "row")
    check(int(row["new"]) >= len(values), "count")
    equal(log()["chain"]["whole"], True, "chain")


@test("an erased person is nowhere, does not come back, and nobody gets the uid")
def erase():
    uid = active(1, 5)[0]
    row = served()[uid]
    backup = WORLD.path("backup.db")
    HOUSE.rollcall("backup", backup)
    equal(os.stat(backup).st_mode & 0o777, 0o600, "mode of the backup")
    equal(HOUSE.rollcall("backup", backup, status=None)[0], 5, "over a file")
    record = HOUSE.query("SELECT r.kombo, r.remote FROM record r JOIN person p ON p.id = r.person"
                         " WHERE p.uid = ?", uid)[0]
    answer = HOUSE.ask("erase", uid, "--reason", "asked for it")
    equal(answer["id"], row["id"], "id")
    nowhere([row["mail"], row["name"], uid, record[1]], uid)
    equal(log()["chain"]["whole"], True, "chain")
    HOUSE.rollcall("sync", "fr", "--full")
    check(row["id"] not in {r["id"] for r in served().values()}, "came back")
    excluded = {r["record"]: r["reasons"] for r in HOUSE.rows("list", "--excluded")}
    equal(excluded.get(record[0]), "erased", "reasons")
    nowhere([row["mail"], row["name"], uid, record[1]], uid + " after a fetch")
    WORLD.row, WORLD.record, WORLD.uid = row, record, uid


@test("after a backup is put back the erasure is done again, and readers see a new epoch")
def restore():
    epoch = HOUSE.query("SELECT value FROM meta WHERE name = 'epoch'")
    HOUSE.stop()
    for end in ("-wal", "-shm"):
        os.unlink(HOUSE.database + end)
    shutil.copy(WORLD.path("backup.db"), HOUSE.database + ".new")
    os.replace(HOUSE.database + ".new", HOUSE.database)
    check(WORLD.uid.encode() in HOUSE.bytes(), "the backup has the values")
    HOUSE.start()
    holds(HOUSE.daemon.text(), "warning restored")
    holds(HOUSE.daemon.text(), "erase.again people=1")
    nowhere([WORLD.row["mail"], WORLD.row["name"], WORLD.uid, WORLD.record[1]], "restored")
    check(HOUSE.query("SELECT value FROM meta WHERE name = 'epoch'") != epoch, "the same epoch")
    HOUSE.rollcall("sync", "fr", "--full")
    check(WORLD.row["id"] not in {r["id"] for r in served().values()}, "came back")
    HOUSE.stop()
    HOUSE.start()
    equal(HOUSE.daemon.text().count("erase.again"), 1, "done once")


@test("who may return does so with the next complete fetch, with the same id")
def returns():
    uid = active(1, 6)[0]
    row = served()[uid]
    HOUSE.rollcall("erase", uid, "--allow-return")
    check(row["id"] not in {r["id"] for r in served().values()}, "still served")
    HOUSE.rollcall("sync", "fr", "--full")
    equal(served()[uid]["id"], row["id"], "id")
    equal([r["what"] for r in log(uid)["rows"]], ["created"], "history")


@test("a leaver's values go after the retention, the identity with the tombstone, at night the room")
def retention():
    uid = active(1, 8)[0]
    row = served()[uid]
    SANDBOX.control("POST", "/people/delete", who=row["mail"])
    HOUSE.rollcall("sync", "fr", "--full")
    equal(served()[uid]["status"], "departed", "status")
    WORLD.advance(50 * 86400)
    wait_until(lambda: uid not in served(), "the end of the retention")
    equal(HOUSE.query("SELECT count(*) FROM retired r JOIN person p ON p.id = r.person"
                      " WHERE p.uid = ?", uid), [(1,)], "retired")
    check([r for r in log(uid)["rows"] if r["what"] == "purged"], "not told")
    wait_until(lambda: HOUSE.query("SELECT 1 FROM meta WHERE name = 'vacuum_wanted'") == [],
               "the night") if WORLD.advance(86400) is None else None
    HOUSE.daemon.wait_log("info vacuum")
    WORLD.advance(420 * 86400)
    HOUSE.rollcall("sync", "fr")        # a clock that jumps so far is believed by a run alone
    wait_until(lambda: HOUSE.query("SELECT 1 FROM person WHERE uid = ?", uid) == [], "forgotten")
    wait_until(lambda: row["mail"].encode() not in everything(), "the log is emptied")
    nowhere([row["mail"], uid], "forgotten")
    told = [r for r in log()["rows"] if r["what"] == "forgotten"]
    check(told and '"history"' in told[0]["new"], "not told")
    equal(log()["chain"]["whole"], True, "chain")


@test("a history that somebody changes is found out, and changing it is not made easy")
def tamper():
    HOUSE.stop()
    with sqlite3.connect(HOUSE.database) as database:
        row = database.execute("SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 1").fetchone()
        try:
            database.execute("UPDATE audit SET what = 'x' WHERE id = ?", row)
            raise AssertionError("the row was changed")
        except sqlite3.IntegrityError:
            pass
        database.execute("UPDATE audit SET new = 'x', old = 'y' WHERE id = ?", row)
    HOUSE.start()
    answer = log(status=11)
    equal(answer["chain"].get("broken"), row[0], "where")


main()
