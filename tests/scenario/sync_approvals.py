"""Approvals that end, snapshots of exactly half, reloads while fetches are held, literal keys while
a configuration is held, and a clock that differs from Kombo's."""
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
HOUSE = House(WORLD, main="[sync]\ninterval = 30d\nfull_interval = 30d\n")
HELD, HOUR = 6, 3600


def write(body="", fields="", name="fr", integration=ID):
    HOUSE.source(name, SANDBOX, integration, body=body, fields=fields)


def shown():
    """Who is in the LDAP view, by uid."""
    return {row[0] for row in HOUSE.query("SELECT p.uid FROM v_shown s JOIN v_person p"
                                          " ON p.id = s.person WHERE s.view = 1")}


def workers():
    served = dict(HOUSE.query(
        "SELECT r.kombo, p.uid FROM record r JOIN person p ON p.id = r.person"
        " JOIN v_person v ON v.id = p.id WHERE v.status IN (1, 2)"))
    return [dict(p, uid=served[p["record"]["id"]]) for p in SANDBOX.people(ID)
            if p["exists"] and not p["deleted_at"] and p["record"]["id"] in served]


def change(people, **members):
    for person in people:
        SANDBOX.control("POST", "/people/set", who=person["index"], integration=ID, set=members)


def leave(people):
    change(people, employment_status="INACTIVE", termination_date=None)


def stay(people):
    change(people, employment_status="ACTIVE", termination_date=None)


def plans(*words):
    return HOUSE.ask("plans", *words)["plans"]


def sync(source="fr"):
    """A complete run; (exit status, what it said)."""
    status, output, errors = HOUSE.rollcall("sync", source, "--full", status=None)
    return status, output + errors


@test("two sources")
def first():
    write()
    write(name="de", integration=OTHER)
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    HOUSE.rollcall("source", "approve", "de")
    check(len(shown()) > 60, "people")


def approved_unused(gone, more):
    """A plan that is approved and not applied: while the run under way brings more."""
    leave(gone)
    equal(sync()[0], HELD, "exit status")
    plan = plans()[0]
    leave(more)
    SANDBOX.control("POST", "/failures", kind="slow", delay_ms=1500, times=1)
    job = WORLD.start(HOUSE.command("sync", "fr", "--full"), f"sync-{len(gone)}-{WORLD.now()}")
    wait_until(lambda: HOUSE.ask("status", status=None)["sources"][1]["running"], "the run")
    HOUSE.rollcall("approve", plan["short"])
    wait_until(lambda: not job.running(), "the end of the run")
    equal(job.stop(), HELD, "a run that brings more is held")
    check({p["uid"] for p in gone} <= shown(), "nothing is applied")
    states = {p["id"]: p["state"] for p in plans("--all")}
    equal(states[plan["id"]], "approved", "state")
    return plan


@test("an approval serves a later run that trips for less, for 24 hours")
def serves():
    gone, more = workers()[:6], workers()[6:9]
    plan = approved_unused(gone, more)
    WORLD.advance(23 * HOUR)
    stay(more + gone[5:])
    equal(sync()[0], 0, "exit status")
    check(not {p["uid"] for p in gone[:5]} & shown(), "they have left")
    check(gone[5]["uid"] in shown(), "who came back")
    states = {p["id"]: p["state"] for p in plans("--all")}
    equal(states[plan["id"]], "applied", "state")


@test("an approval ends after 24 hours: the run is held again")
def expires():
    WORLD.advance(25 * HOUR)
    gone, more = workers()[:5], workers()[5:8]
    plan = approved_unused(gone, more)
    WORLD.advance(24 * HOUR)
    states = {p["id"]: p["state"] for p in plans("--all")}
    equal(states[plan["id"]], "expired", "state")
    stay(more)
    status, output = sync()
    equal(status, HELD, output)
    equal([(p["id"], p["state"], p["approved"], p["approved_by"]) for p in plans()],
          [(plan["id"], "held", None, "")], "the same plan")
    check({p["uid"] for p in gone} <= shown(), "nobody has left")
    HOUSE.rollcall("approve", plan["short"])
    check(not {p["uid"] for p in gone} & shown(), "approved anew")


def live():
    source = HOUSE.query("SELECT id FROM source WHERE name = 'de'")[0][0]
    return [p for p in SANDBOX.people(OTHER) if p["exists"] and not p["deleted_at"]], \
        HOUSE.query("SELECT value FROM meta WHERE name LIKE '%.' || ?", source)[0][0]


def delete(people):
    for person in people:
        SANDBOX.control("POST", "/people/delete", who=person["index"], integration=OTHER)


@test("exactly half of the last snapshot passes, less than half is held")
def halves():
    write(name="de", integration=OTHER, body="[safeguards]\nremovals = 1000 100%\n"
          "managers = 1000 100%\nmembers = 1000 100%\nnulls = 1000 100%\n")
    HOUSE.reload()
    people, size = live()
    equal(len(people), size, "records")
    if size % 2:
        delete(people[:1])
        equal(sync("de")[0], 0, "exit status")
        people, size = live()
    delete(people[:size // 2])
    status, output = sync("de")
    equal(status, 0, output)
    people, half = live()
    equal(half, size // 2, "half")
    before = shown()
    delete(people[:half // 2 + 1])
    status, output = sync("de")
    equal(status, HELD, output)
    held = plans()[0]
    equal([c["class"] for c in held["classes"]], ["shrunk"], "classes")
    equal(shown(), before, "people")
    HOUSE.rollcall("approve", held["short"])            # less than half may be approved (A21)
    check(shown() < before, "approved")


def entity(source):
    """The legal entity of most people of a source: (name, Kombo id)."""
    return HOUSE.query("SELECT u.name, u.kombo FROM unit u JOIN source s ON s.id = u.source"
                       " JOIN employee e ON e.legal_entity = u.kombo WHERE u.model = 'E'"
                       " AND u.gone = 0 AND s.name = ? GROUP BY u.id ORDER BY count(*) DESC",
                       source)[0]


WIDE = ("[safeguards]\nout_of_filter = 1000 100%\nremovals = 1000 100%\n"
        "managers = 1000 100%\nmembers = 1000 100%\n")


def include(source, name):
    write(name=source, integration=ID if source == "fr" else OTHER,
          body=f"{WIDE}[include]\nlegal_entity = {name}\n")


@test("while two sources hold fetches, a reload follows one of them at a time")
def two_held():
    names = {source: entity(source) for source in ("fr", "de")}
    for source, (name, _) in names.items():
        include(source, name)
    HOUSE.reload()
    for source in names:
        equal(sync(source)[0], 0, "exit status")
    before = shown()
    for source, integration in (("fr", ID), ("de", OTHER)):
        SANDBOX.control("POST", "/legal-entities/set", integration=integration,
                        which=names[source][1], set={"name": f"Renamed {source}"})
        equal(sync(source)[0], HELD, source)
    # Both at once: each is tried with one held fetch, and the other source does not match yet.
    include("fr", "Renamed fr")
    include("de", "Renamed de")
    HOUSE.reload()
    equal(sorted(p["source"] for p in plans()), ["", "de", "fr"], "held")
    equal(shown(), before, "people")
    # One by one, as the manual says.
    include("de", names["de"][0])
    HOUSE.reload()
    equal([p["source"] for p in plans()], ["de"], "held")
    include("de", "Renamed de")
    HOUSE.reload()
    equal(plans(), [], "held")
    equal(shown(), before, "people")


@test("an approved configuration that turns a field on fetches completely at once")
def widens():
    write(body=WIDE)
    write(name="de", integration=OTHER)
    HOUSE.reload()
    equal(sync()[0], 0, "exit status")
    kinds = [row[0] for row in HOUSE.query("SELECT employment_type FROM v_person WHERE source ="
                                           " 'fr' AND employment_type NOT NULL")]
    most = max(sorted(set(kinds)), key=kinds.count)
    write(fields="personal_email = continuous\n", body="[safeguards]\nout_of_filter = 1 0%\n"
          f"[exclude]\nemployment_type = {most}\n")
    HOUSE.reload()
    values = "SELECT count(*) FROM v_person WHERE personal_email NOT NULL"
    equal(HOUSE.query(values), [(0,)], "before")
    before = shown()
    HOUSE.rollcall("approve", plans()[0]["short"])
    check(shown() < before, "the filter is in force")
    wait_until(lambda: HOUSE.query(values)[0][0] > 0, "values that nobody synced for")
    # … and a filter that is taken away again lets people in without a command.
    write()
    HOUSE.reload()
    wait_until(lambda: shown() == before, "everybody")


@test("what a reload lets in more is fetched also when it comes while pages come")
def meanwhile():
    values = "SELECT count(*) FROM v_person WHERE personal_email NOT NULL"
    equal(HOUSE.query(values), [(0,)], "before")
    SANDBOX.control("POST", "/failures", kind="slow", delay_ms=2000, times=1)
    job = WORLD.start(HOUSE.command("sync", "fr", "--full"), "sync-meanwhile")
    wait_until(lambda: HOUSE.ask("status", status=None)["sources"][1]["running"], "the run")
    write(fields="personal_email = continuous\n")
    HOUSE.reload()
    wait_until(lambda: not job.running(), "the end of the run")
    check(job.stop() not in (0, HELD), "the run is void")
    wait_until(lambda: HOUSE.query(values)[0][0] > 0, "values that nobody synced for")
    write()
    HOUSE.reload()


def literal(**rest):
    """The key stands in the file itself."""
    write(**rest)
    path = f"{HOUSE.conf}/sources.d/fr.conf"
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    start = text.index("api_key = ")
    end = text.index("\n", start)
    WORLD.write("house/conf/sources.d/fr.conf",
                text[:start] + "api_key = literal:sandbox-key" + text[end:])


@test("a held configuration leaves literal keys where they were, also when it erases a field")
def keys():
    literal()
    HOUSE.reload()
    equal(sync()[0], 0, "a literal key")
    lacks(HOUSE.bytes().decode("latin-1"), "sandbox-key")
    kind = HOUSE.query("SELECT employment_type FROM v_person WHERE source = 'fr' AND"
                       " employment_type NOT NULL GROUP BY 1 ORDER BY count(*) DESC")[0][0]
    held = f"[safeguards]\nout_of_filter = 0 0%\n[exclude]\nemployment_type = {kind}\n"
    literal(body=held)
    HOUSE.reload()
    equal([p["source"] for p in plans()], [""], "held")
    equal(sync()[0], 0, "held")
    literal(body=held, fields="cost_center = off\n")
    HOUSE.reload()
    holds(HOUSE.daemon.text(), "reload.off")
    equal(sync()[0], 0, "held, and a field erased")
    HOUSE.stop()
    HOUSE.start()
    equal([p["source"] for p in plans()], [""], "held after a restart")
    equal(sync()[0], 0, "held, after a restart: the files have the key of the same address")
    HOUSE.stop()
    HOUSE.rollcall("sync", "fr", "--full")                  # nor does the command need the daemon


@test("a key that nobody has any more is told of, with what to do")
def missing():
    path = f"{HOUSE.conf}/sources.d/fr.conf"
    with open(path, encoding="utf-8") as stream:
        good = stream.read()
    # The held files send their key elsewhere: it is not lent.
    WORLD.write("house/conf/sources.d/fr.conf", good.replace("//127.0.0.1:", "//localhost:"))
    since = len(HOUSE.daemon.text()) if HOUSE.daemon else 0
    HOUSE.start()
    holds(HOUSE.daemon.text()[since:], "secret.missing")
    status, output = sync()
    check(status not in (0, HELD), output)
    holds(output, "literal:")
    holds(output, "rollcall plans")
    literal()
    HOUSE.reload()
    equal(sync()[0], 0, "the files are in force")


def last_day(name):
    """Somebody whose last day is today; the uid."""
    day = HOUSE.ask("status", status=None)["now"][:10]
    SANDBOX.control("POST", "/people/hire", integration=ID, set={
        "work_email": f"{name}@x.example", "termination_date": day,
        "employment_status": "ACTIVE"})
    equal(sync()[0], 0, "exit status")
    check(name in shown(), "the last day has come")
    return name


def clock():
    return HOUSE.ask("status", status=None)["clock"]


@test("an hour more than Kombo's clock: no date takes effect until a run agrees")
def skew():
    SANDBOX.control("POST", "/time", date_skew=0)
    uid = last_day("tick.three")
    SANDBOX.control("POST", "/time", date_skew=HOUR - 60)
    equal(sync()[0], 0, "exit status")
    equal(clock(), None, "less than an hour")
    SANDBOX.control("POST", "/time", date_skew=-HOUR - 60)
    equal(sync()[0], 0, "the run itself is good")
    equal(clock()["doubt"], "skew", "more than an hour")
    holds(HOUSE.rollcall("status", status=None)[1], "differs from Kombo's")
    doctor = [row for row in HOUSE.ask("doctor", status=None)["rows"]
              if row["source"] == "" and row["check"] == "clock"]
    equal([row["level"] for row in doctor], ["error"], "doctor")
    holds(doctor[0]["text"], "in doubt")
    WORLD.advance(14 * HOUR)
    equal(sync()[0], 0, "exit status")
    check(uid in shown(), "a date has taken effect")
    SANDBOX.control("POST", "/time", date_skew=0)
    equal(sync()[0], 0, "a run that agrees")
    equal(clock(), None, "doubt")
    wait_until(lambda: uid not in shown(), "the date")


@test("… or until an admin confirms it; the same difference is no news then")
def confirmed():
    uid = last_day("tick.four")
    SANDBOX.control("POST", "/time", date_skew=3 * HOUR)
    equal(sync()[0], 0, "exit status")
    equal(clock()["doubt"], "skew", "doubt")
    WORLD.advance(24 * HOUR)
    equal(sync()[0], 0, "exit status")
    check(uid in shown(), "a date has taken effect")
    HOUSE.rollcall("confirm-clock")
    equal(clock(), None, "doubt")
    wait_until(lambda: uid not in shown(), "the date")
    equal(sync()[0], 0, "exit status")
    equal(clock(), None, "the same difference")
    SANDBOX.control("POST", "/time", date_skew=6 * HOUR)
    equal(sync()[0], 0, "exit status")
    equal(clock()["doubt"], "skew", "another difference")
    SANDBOX.control("POST", "/time", date_skew=0)
    equal(sync()[0], 0, "exit status")
    equal(clock(), None, "doubt")


main()
