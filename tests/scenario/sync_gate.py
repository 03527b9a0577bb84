"""Safeguards: runs and reloads that are held, approved, let through in part; nothing leaks."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)                                            # 2026-11-20T12:00:00Z
ID, OTHER = "personio:a", "kenjo:b"
SANDBOX = Sandbox(WORLD, f"id={ID},people=60,seed=7", f"id={OTHER},people=30,seed=8")
MAIN = "[sync]\ninterval = 30d\nfull_interval = 30d\n"
HOUSE = House(WORLD, main=MAIN)
HELD = 6


def write(body="", fields=""):
    HOUSE.source("fr", SANDBOX, ID, body=body, fields=fields)


def view():
    return HOUSE.query("SELECT s.view, p.uid, s.version, s.modified FROM v_shown s"
                       " JOIN v_person p ON p.id = s.person ORDER BY 1, 2")


def ldap():
    return {row[0] for row in HOUSE.query("SELECT p.uid FROM v_shown s JOIN v_person p"
                                          " ON p.id = s.person WHERE s.view = 1")}


def workers(integration=ID):
    """People of the sandbox who work there, with a uid in the directory."""
    served = {row["kombo"]: row["uid"] for row in (
        dict(zip(("kombo", "uid"), r)) for r in HOUSE.query(
            "SELECT r.kombo, p.uid FROM record r JOIN person p ON p.id = r.person"
            " JOIN v_person v ON v.id = p.id WHERE v.status IN (1, 2)"))}
    people = SANDBOX.control("GET", "/people", count=1000, integration=integration)["people"]
    return [dict(p, uid=served[p["record"]["id"]]) for p in people
            if p["exists"] and not p["deleted_at"] and p["record"]["id"] in served]


def change(person, integration=ID, **members):
    SANDBOX.control("POST", "/people/set", who={"id": person["record"]["id"]},
                    integration=integration, set=members)


def plans():
    return HOUSE.ask("plans")["plans"]


def sync(*words, source="fr"):
    """A complete run; (exit status, the answer)."""
    status, output, errors = HOUSE.rollcall("sync", source, "--full", *words, status=None)
    return status, output + errors


def settle():
    """Whatever the last test left behind is approved."""
    status, _ = sync()
    if status == HELD:
        HOUSE.rollcall("approve", plans()[0]["short"])
    equal(sync()[0], 0, "exit status")
    equal(plans(), [], "held plans")


@test("the first run of a source is free, whatever its size")
def first():
    write()
    HOUSE.source("de", SANDBOX, OTHER)
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    HOUSE.rollcall("source", "approve", "de")
    check(len(ldap()) > 60, "people")
    equal(plans(), [], "held plans")
    equal(HOUSE.rollcall("plans"), "nothing is held\n", "output")


def many_leave(count, integration=ID):
    """So many leave without an end date that was known before."""
    gone = workers(integration)[:count]
    for person in gone:
        change(person, integration, employment_status="INACTIVE", termination_date=None)
    return gone


GONE = []


@test("more removals than the allowance: nothing of the run is visible")
def removals():
    before = view()
    GONE.extend(many_leave(8))
    other = workers()[20]
    change(other, job_title="Told meanwhile")
    status, output = sync()
    equal(status, HELD, output)
    equal(view(), before, "the served view")
    holds(output, "removals: 8, at most 2 pass")
    holds(output, "rollcall plan show")
    held = plans()
    equal(len(held), 1, "held plans")
    equal([(c["class"], c["number"]) for c in held[0]["classes"]], [("removals", 8)], "classes")
    shown = HOUSE.ask("plan", "show", held[0]["short"])
    equal({c["uid"] for c in shown["changes"]}, {p["uid"] for p in GONE}, "changes")
    holds(HOUSE.rollcall("plan", "show", held[0]["short"]), GONE[0]["uid"])
    lacks(HOUSE.daemon.text(), GONE[0]["record"]["last_name"], )


@test("status, its exit status, the source and the other source tell")
def told():
    code, output, _ = HOUSE.rollcall("status", status=None)
    equal(code, HELD, "exit status")
    holds(output, plans()[0]["short"])
    status = HOUSE.ask("status", status=HELD)
    equal([s["error"] for s in status["sources"]], ["", "HELD"], "errors")
    equal(status["held"][0]["source"], "fr", "source")
    check(all(c["name"] for c in status["held"][0]["changes"]), "names")
    equal(sync(source="de")[0], 0, "the other source is not stopped")
    run = HOUSE.query("SELECT outcome FROM run WHERE source = 'fr' ORDER BY id DESC LIMIT 1")
    equal(run, [("held",)], "outcome")


@test("decisions work on what is accepted; the same run again is the same plan")
def decisions():
    name = plans()[0]["id"]
    other = workers()[21]
    HOUSE.rollcall("hide", other["uid"])
    check(other["uid"] not in ldap(), "hidden")
    HOUSE.rollcall("unhide", other["uid"])
    equal(sync()[0], HELD, "exit status")
    equal([p["id"] for p in plans()], [name], "plan")
    titles = HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = 'Told meanwhile'")
    equal(titles, [(0,)], "a value of the held run")


@test("a person who works until midnight leaves although the run is held")
def midnight():
    leaver = workers()[30]
    HOUSE.source("de", SANDBOX, OTHER)
    settled = HOUSE.query("SELECT termination_date FROM v_person WHERE uid = ?", leaver["uid"])
    if settled == [("2026-11-20",)]:
        return
    # An end date that is accepted first: the eight come back for one run.
    for person in GONE:
        change(person, employment_status="ACTIVE", termination_date=None)
    change(leaver, employment_status="ACTIVE", termination_date="2026-11-20T00:00:00.000Z")
    equal(sync()[0], 0, "exit status")
    equal(plans(), [], "held plans")
    for person in GONE:
        change(person, employment_status="INACTIVE", termination_date=None)
    equal(sync()[0], HELD, "exit status")
    check(leaver["uid"] in ldap(), "too early")
    WORLD.advance(12 * 3600)
    wait_until(lambda: leaver["uid"] not in ldap(), "midnight")
    check(GONE[0]["uid"] in ldap(), "the held ones stay")


@test("the approval of one plan does not release another")
def other_plan():
    equal(sync()[0], HELD, "exit status")
    first = plans()[0]
    more = many_leave(9)[8:]
    GONE.extend(p for p in more if p["uid"] not in {g["uid"] for g in GONE})
    before = view()
    # The plan is approved, but what came since is more: a new plan.
    equal(sync()[0], HELD, "exit status")
    code, _, errors = HOUSE.rollcall("approve", first["short"], status=None)
    equal(code, 3, errors)
    holds(errors, "took its place")
    equal(view(), before, "the served view")
    second = plans()[0]
    check(second["id"] != first["id"], "id")


@test("one urgent leaver is let through, the rest stays held")
def only():
    held = plans()[0]
    urgent, rest = GONE[0], GONE[1:]
    # A run is under way, and finds what is held again: it is waited for.
    SANDBOX.control_raw("POST", "/failures", {"kind": "slow", "delay_ms": 700, "times": 1,
                                              "path": "/v1/hris/groups"})
    run = WORLD.start(HOUSE.command("sync", "fr", "--full"), "slow-sync")
    wait_until(lambda: HOUSE.query("SELECT 1 FROM run WHERE ended IS NULL"), "a run")
    output = HOUSE.rollcall("apply", held["short"], "--only", urgent["uid"])
    holds(output, "the rest is held")
    equal(run.child.wait(20), HELD, "the run")
    check(urgent["uid"] not in ldap(), "the leaver")
    check({p["uid"] for p in rest} <= ldap(), "the rest")
    fresh = plans()
    equal(len(fresh), 1, "held plans")
    check(fresh[0]["id"] != held["id"], "the rest is another plan")
    equal([(c["class"], c["earlier"]) for c in fresh[0]["classes"]], [("removals", 1)],
          "the leaver counts among the removals of the day")
    equal(HOUSE.query("SELECT count(*) FROM incoming_employee WHERE kombo = ?",
                      urgent["record"]["id"]), [(0,)], "what is held of the leaver")
    equal(sync()[0], HELD, "exit status")
    code, _, errors = HOUSE.rollcall("apply", fresh[0]["short"], "--only", "nobody", status=None)
    equal(code, 4, errors)
    code, _, errors = HOUSE.rollcall("apply", fresh[0]["short"], status=None)
    equal(code, 2, errors)


@test("approving applies exactly that; who approved is known")
def approve():
    held = plans()[0]
    gone = {p["uid"] for p in GONE}
    before = ldap()
    output = HOUSE.rollcall("approve", held["short"])
    holds(output, "applied")
    equal(ldap(), before - gone, "people")
    titles = HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = 'Told meanwhile'")
    equal(titles, [(1,)], "the rest of the run")
    equal(plans(), [], "held plans")
    equal(HOUSE.query("SELECT count(*) FROM incoming_employee"), [(0,)], "incoming rows")
    done = [p for p in HOUSE.ask("plans", "--all")["plans"] if p["id"] == held["id"]][0]
    equal(done["state"], "applied", "state")
    code, _, errors = HOUSE.rollcall("approve", held["short"], status=None)
    equal(code, 3, errors)
    equal(sync()[0], 0, "exit status")
    equal(HOUSE.rollcall("status", status=None)[0], 0, "health")


@test("removals of one day count together, an hour at a time")
def hourly():
    WORLD.advance(24 * 3600)
    for hour in range(2):
        many_leave(1)
        equal(sync()[0], 0, f"run {hour}")
        WORLD.advance(3600)
    many_leave(1)
    status, output = sync()
    equal(status, HELD, output)
    holds(output, "of them in the 24 hours before")
    WORLD.advance(24 * 3600)
    equal(sync()[0], 0, "the day after")


@test("an approval ends after 24 hours; it serves a later run that does not more")
def expiry():
    gone = many_leave(7)
    equal(sync()[0], HELD, "exit status")
    held = plans()[0]
    SANDBOX.control("POST", "/people/set", who=gone[0]["index"], integration=ID,
                    set={"employment_status": "ACTIVE"})
    HOUSE.rollcall("approve", held["short"])
    check(gone[1]["uid"] not in ldap(), "applied")
    equal(sync()[0], 0, "the one who came back")
    check(gone[0]["uid"] in ldap(), "back")


@test("an empty answer is never believed, and never approved")
def empty():
    before = view()
    SANDBOX.control_raw("POST", "/failures", [{
        "kind": "body", "path": "/v1/hris/employees", "times": 1, "status": 200,
        "content_type": "application/json",
        "text": '{"status":"success","data":{"next":null,"results":[]}}'}])
    status, output = sync()
    equal(status, HELD, output)
    holds(output, "cannot be approved")
    code, _, errors = HOUSE.rollcall("approve", plans()[0]["short"], status=None)
    equal(code, 3, errors)
    equal(view(), before, "the served view")
    SANDBOX.control("DELETE", "/failures")
    settle()


@test("a field that is emptied everywhere is held, with the hint")
def nulls():
    before = view()
    for person in workers():
        change(person, job_title=None)
    status, output = sync()
    equal(status, HELD, output)
    holds(output, "nulls of job_title")
    holds(output, "Kombo scope config")
    equal(view(), before, "the served view")
    for person in workers():
        change(person, job_title="Back again")
    equal(sync()[0], 0, "exit status")


@test("a reload that would take people out is held; the old configuration stays in force")
def reload():
    before = view()
    types = [row[0] for row in HOUSE.query("SELECT employment_type FROM v_person"
                                           " WHERE source = 'fr' AND employment_type NOT NULL")]
    most = max(sorted(set(types)), key=types.count)
    digest = HOUSE.ask("status")["configuration"]
    write(body=f"[exclude]\nemployment_type = {most}\n[safeguards]\nout_of_filter = 2 0%\n")
    HOUSE.reload()
    held = HOUSE.ask("status", status=HELD)
    equal(held["configuration"], digest, "configuration in force")
    equal(view(), before, "the served view")
    equal(held["held"][0]["source"], "", str(types))
    equal([c["class"] for c in held["held"][0]["classes"]], ["out_of_filter"], "classes")
    holds(HOUSE.daemon.text(), "reload.failed")
    # Runs go on under the old one.
    equal(sync()[0], 0, "exit status")
    HOUSE.stop()
    HOUSE.start()
    equal(HOUSE.ask("status", status=HELD)["configuration"], digest, "after a restart")
    equal(view(), before, "the served view after a restart")


@test("approving a held configuration puts it in force; files that changed are refused")
def approve_reload():
    held = plans()[0]
    good = open(f"{HOUSE.conf}/sources.d/fr.conf", encoding="utf-8").read()
    write()
    code, _, errors = HOUSE.rollcall("approve", held["short"], status=None)
    equal(code, 3, errors)
    holds(errors, "have changed")
    WORLD.write("house/conf/sources.d/fr.conf", good)
    before = ldap()
    HOUSE.rollcall("approve", held["short"])
    check(len(ldap()) < len(before) - 5, "people left")
    equal(plans(), [], "held plans")
    write()
    HOUSE.reload()
    settle()
    equal(ldap(), before, "people came back")


@test("a field that a held configuration switches off is erased all the same")
def off():
    values = {p["record"]["job_title"] for p in workers()}
    check(any(v.encode() in HOUSE.bytes() for v in values if v), "job titles")
    write(fields="job_title = off", body="[exclude]\nemployment_type = FULL_TIME\n"
          "[safeguards]\nout_of_filter = 1 0%\n")
    before = ldap()
    HOUSE.reload()
    equal(HOUSE.ask("status", status=HELD)["held"][0]["source"], "", "held")
    equal(ldap(), before, "people")
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title IS NOT NULL"
                      " AND source = 'fr'"), [(0,)], "job titles")
    write()
    HOUSE.reload()
    settle()


@test("a raised allowance in the file releases what is held")
def raised():
    gone = many_leave(9)
    equal(sync()[0], HELD, "exit status")
    write(body="[safeguards]\nremovals = 20 5%\n")
    HOUSE.reload()
    equal(plans(), [], "held plans")
    check(not {p["uid"] for p in gone} & ldap(), "people")


@test("a unit is renamed in HR and the filter follows: either alone is held, both pass")
def renamed():
    write(body="[safeguards]\nremovals = 20 5%\n")
    HOUSE.reload()
    row = HOUSE.query("SELECT u.name, u.kombo FROM unit u JOIN employee e ON e.legal_entity ="
                      " u.kombo WHERE u.model = 'E' AND u.source = (SELECT id FROM source WHERE name = 'fr') AND u.gone = 0"
                      " GROUP BY u.id ORDER BY count(*) DESC LIMIT 1")
    if not row:
        return
    name = row[0][0]
    include = "[safeguards]\nremovals = 20 5%\nout_of_filter = 60 100%\n[include]\n"
    write(body=f"{include}legal_entity = {name}\n")
    HOUSE.reload()
    settle()
    before = ldap()
    SANDBOX.control("POST", "/legal-entities/set", integration=ID, which=row[0][1],
                    set={"name": "Renamed SAS"})
    status, output = sync()
    equal(status, HELD, output)
    holds(output, "unmatched")
    equal(ldap(), before, "people")
    write(body=f"{include}legal_entity = Renamed SAS\n")
    HOUSE.reload()
    equal(plans(), [], "held plans")
    equal(ldap(), before, "people")


@test("a clock that jumped turns no dates until a run confirms it, or an admin does")
def clock():
    write()
    HOUSE.reload()
    settle()
    for uid, confirm in (("tick.one", sync), ("tick.two",
                                              lambda: HOUSE.rollcall("confirm-clock"))):
        day = HOUSE.ask("status")["now"][:10]
        SANDBOX.control("POST", "/people/hire", set={
            "work_email": f"{uid}@x.example", "termination_date": day,
            "employment_status": "ACTIVE"})
        equal(sync()[0], 0, "exit status")
        check(uid in ldap(), "the last day has come")
        WORLD.advance(37 * 3600)
        wait_until(lambda: HOUSE.ask("status")["clock"], "the doubt")
        equal(HOUSE.ask("status")["clock"]["doubt"], "jump", "doubt")
        holds(HOUSE.rollcall("status"), "the clock is in doubt")
        check(uid in ldap(), "a date has taken effect")
        confirm()
        wait_until(lambda: uid not in ldap(), "the date")
        equal(HOUSE.ask("status")["clock"], None, "doubt")
    equal(HOUSE.rollcall("confirm-clock", status=None)[0], 3, "nothing to confirm")


main()
