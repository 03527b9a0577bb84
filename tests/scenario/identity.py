"""Whose record is whose: conversion, rehire, the same address twice, cases that an admin decides,
deletion upstream, integrations made anew (semantics 3.3 to 3.5)."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World                                     # noqa: E402

DAY = 86400
WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:fr,people=12,seed=3", "id=personio:de,people=12,seed=4")
HOUSE = House(WORLD, main="[sync]\nretry_for = 30s\n[privacy]\nretain_departed = 30d\ngone_grace = 14d")
FREE = "[safeguards]\nremovals = 1000 100%\nout_of_filter = 1000 100%\ncreations = 1000 100%"


def sources(fr="", de=""):
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields="job_title = import-once",
                 body=f"[lifecycle]\n{fr}\n{FREE}")
    HOUSE.source("de", SANDBOX, "personio:de", body=f"[lifecycle]\n{de}\n{FREE}")


def served():
    return {row["uid"]: row for row in HOUSE.rows("list")}


def sync(name, full=True):
    """A run, and the same again: nothing may change by itself."""
    answer = HOUSE.ask("sync", name, *(("--full",) if full else ()))["runs"][0]
    again = HOUSE.ask("sync", name, "--full")["runs"][0]
    equal(again["revision"], 0, "revision of the run that repeats")
    return answer


def hire(integration="lucca:fr", **members):
    values = {"employment_status": "ACTIVE", "start_date": "2026-01-05"}
    values.update(members)
    return SANDBOX.control("POST", "/people/hire", integration=integration,
                           set=values)["record"]


def change(record, integration="lucca:fr", **members):
    SANDBOX.control("POST", "/people/set", integration=integration,
                    who=record["remote_id"], set=members)


def leave(record, date, integration="lucca:fr"):
    SANDBOX.control("POST", "/people/leave", integration=integration,
                    who=record["remote_id"], date=date)


def person(mail):
    """The one who is served under an address."""
    found = [row for row in served().values() if row["mail"] == mail]
    equal(len(found), 1, f"people with {mail}")
    return found[0]


def reasons(record, source="fr"):
    """Why a record is Excluded, as stored; "" when it is not."""
    rows = HOUSE.query("SELECT r.reasons FROM record r JOIN source s ON s.id = r.source"
                       " WHERE r.kombo = ? AND s.name = ?", record["id"], source)
    equal(len(rows), 1, "rows of the record")
    return rows[0][0] or ""


def same(row, other):
    equal((row["uid"], row["id"]), (other["uid"], other["id"]), "uid and UUID")


@test("two sources are approved")
def start():
    sources()
    HOUSE.start()
    for name in ("fr", "de"):
        HOUSE.rollcall("source", "approve", name)
    check(len(served()) >= 20, "people")
    equal(HOUSE.rows("cases"), [], "cases")
    holds(HOUSE.rollcall("cases"), "nothing waits")


@test("a changed contract, a second record with the number and name, keeps the entry")
def conversion():
    old = hire(employee_number="C1", first_name="Ada", last_name="Byron",
               work_email="ada@example.com", job_title="Analyst")
    sync("fr")
    before = person("ada@example.com")
    new = hire(employee_number="C1", first_name="Ada", last_name="BYRON",
               work_email="ada@example.com", start_date="2026-06-01", job_title="Engineer")
    sync("fr")
    same(person("ada@example.com"), before)
    equal((reasons(old), reasons(new)), ("superseded", ""), "reasons")
    equal(HOUSE.query("SELECT work_email, last_name, job_title FROM v_person WHERE uid = ?",
                      before["uid"]), [("ada@example.com", "BYRON", "Analyst")], "values")
    leave(old, "2026-11-10")
    sync("fr")
    same(person("ada@example.com"), before)
    why = HOUSE.ask("why", before["uid"])
    equal(len(why["records"]), 2, "records behind the person")
    equal({row["record"]: row["joined"]["rule"] for row in why["records"]},
          {old["id"]: "new", new["id"]: "number"}, "by which rule")
    text = HOUSE.rollcall("why", before["uid"])
    holds(text, "of this person: the same employee number in the same source")
    holds(text, "of this person: the person was made of it")


@test("a rehire under a new record revives the entry; what was taken once stays")
def rehire():
    old = hire(employee_number="R1", last_name="Curie", work_email="marie@example.com",
               job_title="Chemist")
    sync("fr")
    before = person("marie@example.com")
    HOUSE.rollcall("set", before["uid"], "job_title", "Physicist")
    leave(old, "2026-11-18")
    sync("fr")
    equal(person("marie@example.com")["status"], "departed", "status")
    new = hire(employee_number="R1", last_name="Skłodowska", job_title="Director",
               work_email="msk@example.com", start_date="2026-11-19")
    equal(sync("fr")["conditions"].get("linked-by-email", 0), 0, "linked by e-mail")
    after = person("msk@example.com")
    same(after, before)
    equal((after["status"], reasons(old), reasons(new)), ("active", "superseded", ""), "state")
    equal(HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", before["uid"]),
          [("Physicist",)], "the title set by hand")


@test("without a number, address and family name tell a rehire, and that is reported")
def rehire_by_mail():
    old = hire(employee_number="M1", last_name="Noether", work_email="emmy@example.com")
    sync("fr")
    before = person("emmy@example.com")
    leave(old, "2026-12-10")            # within 31 days
    hire(employee_number="M2", last_name="noether", work_email="emmy@example.com",
         start_date="2026-11-19")
    equal(sync("fr")["conditions"]["linked-by-email"], 1, "linked by e-mail")
    same(person("emmy@example.com"), before)


@test("who has left long ago gives up the address; the next one is somebody new")
def reuse():
    old = hire(employee_number="U1", last_name="Turing", work_email="alan@example.com")
    sync("fr")
    before = person("alan@example.com")
    leave(old, "2026-11-18")
    sync("fr")
    hire(employee_number="U2", last_name="Kay", work_email="alan@example.com")
    sync("fr")
    people = served()
    after = next(row for row in people.values() if row["mail"] == "alan@example.com" and
                 row["status"] == "active")
    check(after["id"] != before["id"] and after["uid"] != before["uid"], "another person")
    equal(people[before["uid"]]["mail"], None, "address of who has left")


@test("a changed address is data: the entry stays")
def renamed():
    record = hire(employee_number="E1", last_name="Hopper", work_email="grace@example.com")
    sync("fr")
    before = person("grace@example.com")
    change(record, work_email="amazing.grace@example.com")
    sync("fr", full=False)
    same(person("amazing.grace@example.com"), before)


@test("one number, two names, both without an end: held for an admin, nobody else waits")
def ambiguous():
    hire(employee_number="A1", last_name="Lovelace", work_email="a1@example.com")
    sync("fr")
    before = person("a1@example.com")
    second = hire(employee_number="A1", last_name="Babbage", work_email="a2@example.com")
    hire(employee_number="A3", last_name="Menabrea", work_email="a3@example.com")
    sync("fr")
    equal(reasons(second), "ambiguous-match", "reason")
    check("a3@example.com" in {row["mail"] for row in served().values()}, "the others")
    check("a2@example.com" not in {row["mail"] for row in served().values()}, "held")
    case = HOUSE.rows("cases")[0]
    equal((case["reason"], case["record"], case["uids"]),
          ("ambiguous-match", "fr/" + second["id"], [before["uid"]]), "case")
    for value in ("Babbage", "a2@example.com"):
        check(value.encode() not in HOUSE.bytes(), f"{value} is stored")
    holds(HOUSE.rollcall("cases"), "fr/" + second["id"])


@test("unlink says that a held record is somebody new; the decision lasts")
def unlink_held():
    record = HOUSE.rows("cases")[0]["record"]
    answer = HOUSE.ask("unlink", record, "--reason", "a new colleague")
    check(answer["revision"] > 0, "published")
    check(person("a2@example.com")["id"] != person("a1@example.com")["id"], "two people")
    equal(HOUSE.rows("cases"), [], "cases")
    sync("fr")


@test("one address in two sources: the second is held, link makes them one")
def two_sources():
    hire(employee_number="T1", last_name="Lamarr", work_email="hedy@example.com")
    sync("fr")
    before = person("hedy@example.com")
    other = hire("personio:de", employee_number="T9", last_name="Lamarr",
                 work_email="hedy@example.com", job_title="Inventor")
    sync("de")
    same(person("hedy@example.com"), before)
    equal(reasons(other, "de"), "duplicate-email", "reason")
    equal(HOUSE.rows("cases")[0]["uids"], [before["uid"]], "candidates")
    answer = HOUSE.ask("link", "de/" + other["id"], before["uid"], "--reason", "the same")
    equal((answer["uid"], answer["fetched"]), (before["uid"], "de"), "answer")
    equal(reasons(other, "de"), "", "Included with the person")
    same(person("hedy@example.com"), before)
    equal(person("hedy@example.com")["source"], "de", "by priority, then name")
    groups = HOUSE.query("SELECT g.source FROM v_member m JOIN v_group g ON g.id = m.grp"
                         " JOIN v_person p ON p.id = m.person WHERE p.uid = ?", before["uid"])
    equal({row[0] for row in groups} <= {"fr", "de"}, True, "groups of both")
    sync("de")
    sync("fr")


@test("who leaves in one country is still there in the other")
def best_status():
    before = person("hedy@example.com")
    row = HOUSE.query("SELECT r.remote FROM record r JOIN source s ON s.id = r.source JOIN"
                      " person p ON p.id = r.person WHERE p.uid = ? AND s.name = 'de'",
                      before["uid"])[0][0]
    leave({"remote_id": row}, "2026-11-17", "personio:de")
    sync("de")
    after = person("hedy@example.com")
    same(after, before)
    equal((after["status"], after["source"]), ("active", "fr"), "status and owner")


@test("unlink parts them again, each under its own name; link by person joins them")
def unlink_known():
    before = person("hedy@example.com")
    row = HOUSE.query("SELECT r.kombo, r.remote FROM record r JOIN source s ON s.id = r.source"
                      " JOIN person p ON p.id = r.person WHERE p.uid = ? AND s.name = 'de'",
                      before["uid"])[0]
    HOUSE.rollcall("unlink", "de/" + row[0])
    SANDBOX.control("POST", "/people/set", integration="personio:de", who=row[1],
                    set={"termination_date": None, "employment_status": "ACTIVE",
                         "work_email": "hedy.de@example.com"})
    sync("de")
    mine, other = person("hedy@example.com"), person("hedy.de@example.com")
    same(mine, before)
    check(other["id"] != mine["id"] and other["uid"] != mine["uid"], "two people")
    HOUSE.rollcall("hide", other["uid"])
    HOUSE.rollcall("unhide", other["uid"])
    answer = HOUSE.ask("link", other["uid"], mine["uid"])
    equal((answer["uid"], answer["records"]), (mine["uid"], 1), "answer")
    check(other["uid"] not in served(), "the other entry is gone")
    equal(HOUSE.query("SELECT count(*) FROM v_tombstone WHERE hex(uuid) = ?",
                      other["id"].replace("-", "").upper()), [(2,)], "tombstones")
    sync("de")
    HOUSE.rollcall("unlink", "de/" + row[0])
    same(person("hedy.de@example.com"), other)


@test("who reports to a record that unlink parts reports to the new person at once")
def unlink_manager():
    hire(employee_number="W1", last_name="Wu", work_email="wu@example.com")
    boss = hire(employee_number="W1", last_name="Wu", work_email="wu.sr@example.com",
                start_date="2025-06-01")
    hire(employee_number="W2", last_name="Yang", work_email="yang@example.com",
         manager_id=boss["id"])
    sync("fr")

    def manager():
        return HOUSE.query("SELECT DISTINCT m.uid FROM v_shown s JOIN v_person p ON p.id ="
                           " s.person JOIN v_person m ON m.id = s.manager"
                           " WHERE p.work_email = 'yang@example.com'")

    before = person("wu@example.com")["uid"]
    equal(manager(), [(before,)], "manager")
    known = set(served())
    HOUSE.rollcall("unlink", "fr/" + boss["id"])
    new = set(served()) - known
    equal((len(new), manager()), (1, [(uid,) for uid in new]), "manager")
    sync("fr")
    HOUSE.rollcall("link", "fr/" + boss["id"], before)
    equal(manager(), [(before,)], "manager")


@test("who may not be linked is told so")
def refused():
    uid = person("a1@example.com")["uid"]
    status, _, errors = HOUSE.rollcall("link", uid, uid, status=None)
    equal(status, 3, "exit status")
    holds(errors, "already")
    kombo = HOUSE.query("SELECT s.name || '/' || r.kombo FROM record r JOIN person p ON p.id ="
                        " r.person JOIN source s ON s.id = r.source WHERE p.uid = ?", uid)[0][0]
    status, _, errors = HOUSE.rollcall("unlink", kombo, status=None)
    equal(status, 3, "exit status")
    holds(errors, "only record")
    equal(HOUSE.rollcall("unlink", "fr/nothing", status=None)[0], 4, "unknown record")


@test("with duplicate_email = link, address and family name are enough")
def link_setting():
    sources(de="duplicate_email = link")
    HOUSE.reload()
    hire(employee_number="L1", last_name="Johnson", work_email="katherine@example.com")
    sync("fr")
    before = person("katherine@example.com")
    record = hire("personio:de", last_name="JOHNSON", work_email="katherine@example.com")
    stranger = hire("personio:de", last_name="Vaughan", work_email="a1@example.com")
    sync("de")
    same(person("katherine@example.com"), before)
    equal((reasons(record, "de"), reasons(stranger, "de")), ("", "duplicate-email"), "reasons")


@test("deleted upstream: inactive for the grace and the retention; a return resets everything")
def gone():
    record = hire(employee_number="G1", last_name="Gone", work_email="gone@example.com")
    sync("fr")
    before = person("gone@example.com")
    SANDBOX.control("POST", "/people/delete", integration="lucca:fr",
                    who=record["remote_id"])
    sync("fr")
    after = person("gone@example.com")
    equal((after["status"], after["active"], after["views"]), ("departed", False, ["scim"]),
          "state")
    equal(reasons(record), "gone-upstream", "reason")
    SANDBOX.control("POST", "/people/undelete", integration="lucca:fr",
                    who=record["remote_id"])
    sync("fr")
    same(person("gone@example.com"), before)
    equal(person("gone@example.com")["status"], "active", "status after the return")
    equal(HOUSE.query("SELECT departed_on, gone_on FROM person WHERE uid = ?", before["uid"]),
          [(None, None)], "clocks")


@test("a hire that is taken back before the first day leaves at once, with all values")
def rescinded():
    record = hire(employee_number="N1", last_name="Nevercame", work_email="never@example.com",
                  employment_status="PENDING", start_date="2026-12-01")
    sync("fr")
    before = person("never@example.com")
    equal(before["status"], "onboarding", "status")
    SANDBOX.control("POST", "/people/delete", integration="lucca:fr",
                    who=record["remote_id"])
    sync("fr")
    check(before["uid"] not in served(), "still served")
    equal(HOUSE.query("SELECT count(*) FROM employee WHERE last_name = 'Nevercame'"), [(0,)],
          "values")


@test("a person made anew in the HR system, and an integration made anew, change no name")
def made_anew():
    record = hire(employee_number="Z1", last_name="Anew", work_email="anew@example.com")
    sync("fr")
    before = person("anew@example.com")
    SANDBOX.control("POST", "/people/recreate", integration="lucca:fr",
                    who=record["remote_id"], remote_id="anew-2")
    sync("fr")
    same(person("anew@example.com"), before)
    people = {uid: row["id"] for uid, row in served().items()}
    groups = HOUSE.query("SELECT hex(uuid), cn FROM v_group ORDER BY 1")
    views = HOUSE.query("SELECT view, person, manager, version FROM v_shown ORDER BY 1, 2")
    SANDBOX.control("POST", "/integrations/recreate", integration="lucca:fr", id="lucca:new")
    HOUSE.source("fr", SANDBOX, "lucca:new", fields="job_title = import-once", body=FREE)
    HOUSE.reload()
    answer = HOUSE.ask("sync", "fr", "--full")["runs"][0]
    equal({uid: row["id"] for uid, row in served().items()}, people, "uids and UUIDs")
    equal(HOUSE.query("SELECT hex(uuid), cn FROM v_group ORDER BY 1"), groups, "groups")
    equal(HOUSE.query("SELECT view, person, manager, version FROM v_shown ORDER BY 1, 2"),
          views, "entries")
    equal((answer["entered"], answer["left"]), (0, 0), "who came and went")


@test("a source that fails stops no other")
def independent():
    SANDBOX.control_raw("POST", "/failures", {"kind": "error", "integration": "lucca:new",
                                              "code": "REMOTE.SERVICE_UNAVAILABLE",
                                              "times": 1000})
    hire("personio:de", last_name="Goes-on", work_email="goes.on@example.com")
    status, _, _ = HOUSE.rollcall_hasty("sync")
    check(status != 0, "exit status of a failing source")
    person("goes.on@example.com")
    state = {s["name"]: s["error"] for s in HOUSE.ask("source", "list")["sources"]}
    check(state["fr"] != "" and state["de"] == "", f"{state}")
    SANDBOX.control("DELETE", "/failures")


main()
