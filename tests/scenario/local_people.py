"""People added by hand: a source of their own that no sync touches."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:hr,people=20,seed=5")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:hr")
ZOE = ("first_name=Zoë", "last_name=Local", "work_email=Zoe@Local.example",
       "employee_number=L1", "team=Guests|Core", "legal_entity=ACME", "work_location=Paris")


def people():
    return {row["uid"]: row for row in HOUSE.rows("list")}


def refused(status, part, *words):
    revision = HOUSE.revision()
    got, _, errors = HOUSE.rollcall(*words, status=None)
    equal(got, status, f"exit status of {words}: {errors}")
    holds(errors, part)
    equal(HOUSE.revision(), revision, "revision")


@test("without a source for them nobody is added, and it is said what to write")
def no_source():
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    refused(3, "provider = local", "add", *ZOE)
    WORLD.write("house/conf/sources.d/local.conf",
                "[source]\nprovider = local\n[fields]\njob_title = off\n")
    HOUSE.reload()


@test("a person is added, served with fields and groups, and listed under the source")
def add():
    HOUSE.rollcall("add", *ZOE)
    zoe = people()["zoe"]
    equal((zoe["mail"], zoe["source"]), ("zoe@local.example", "local"), "entry")
    answer = HOUSE.ask("why", "zoe")["person"]
    equal(sorted(answer["groups"]), ["Core", "Guests"], "groups")
    refused(3, "added by hand", "sync", "local")
    holds(HOUSE.rollcall("source", "list"), "added by hand")
    rows = {row["check"]: row for row in HOUSE.ask("doctor", "local", status=None)["rows"]
            if row["source"] == "local"}
    equal(sorted(rows), ["hand", "state"], "what the doctor looks at")
    holds(rows["hand"]["text"], "nothing is fetched")


@test("what cannot be is refused whole: fields, values, addresses and numbers that are taken")
def wrong():
    refused(2, "did you mean last_name", "add", "lastname=X")
    refused(2, "is not FIELD=VALUE", "add", "Zoe")
    refused(2, "no field is given", "add")
    refused(2, "is no date", "add", "last_name=X", "start_date=soon")
    refused(3, "job_title is off in sources.d/local.conf", "add", "job_title=Chef")
    refused(5, "work_email", "add", "last_name=X", "work_email=zoe@local.example")
    refused(5, "employee_number", "add", "last_name=X", "employee_number=L1")
    other = next(row for row in people().values() if row["source"] == "fr" and row["mail"])
    refused(5, "work_email", "add", "last_name=X", "work_email=" + other["mail"])
    refused(5, "missing.last_name", "add", "work_email=nobody@local.example")
    refused(3, "not added by hand", "remove", other["uid"])
    refused(3, "not added by hand", "change", other["uid"], "last_name=X")
    refused(3, "rollcall change", "set", "zoe", "last_name", "X")


@test("a change keeps what it does not name, an empty value empties, one's manager is another")
def change():
    HOUSE.rollcall("add", "first_name=Bo", "last_name=Boss", "employee_number=L2")
    uid = next(row["uid"] for row in people().values() if row["name"] == "Bo Boss")
    HOUSE.rollcall("change", "zoe", "last_name=Moved", "legal_entity=", "team=Core",
                   "manager=" + uid)
    answer = HOUSE.ask("why", "zoe")["person"]
    fields = {row["field"]: row["served"] for row in answer["fields"]}
    equal(fields["last_name"], "Moved", "name")
    equal(fields["work_email"], "zoe@local.example", "e-mail")
    equal(fields.get("legal_entity"), None, "entity")
    equal(answer["groups"], ["Core"], "groups")
    equal(HOUSE.query("SELECT count(*) FROM v_shown s JOIN v_person p ON p.id = s.person"
                      " WHERE p.uid = 'zoe' AND s.manager IS NOT NULL")[0][0], 2, "managers")


@test("no sync, no reload and no hide of somebody else touches them; hide and unhide do")
def untouched():
    before = people()["zoe"]
    HOUSE.rollcall("sync", "--full")
    HOUSE.reload()
    equal(people()["zoe"], before, "entry")
    HOUSE.rollcall("hide", "zoe")
    check("zoe" not in people(), "hidden")
    HOUSE.rollcall("unhide", "zoe")
    equal(people()["zoe"], before, "entry")


@test("who is removed is gone at once, everywhere, with all values; a new one has another id")
def remove():
    old = HOUSE.ask("why", "zoe")["person"]["id"]
    HOUSE.rollcall("remove", "zoe")
    check("zoe" not in people(), "gone")
    equal(HOUSE.query("SELECT count(*) FROM v_person WHERE uid = 'zoe'")[0][0], 0, "served")
    equal(HOUSE.query("SELECT count(*) FROM employee WHERE last_name = 'Moved'")[0][0], 0,
          "values")
    refused(3, "", "remove", "zoe")
    HOUSE.rollcall("add", *ZOE)
    new = HOUSE.ask("why", "zoe@local.example")["person"]["id"]
    check(new != old, "another id")


@test("with the daemon down the command does the same")
def down():
    HOUSE.stop()
    HOUSE.rollcall("remove", "zoe@local.example")
    HOUSE.rollcall("add", "first_name=Late", "last_name=Comer")
    names = {row["name"] for row in HOUSE.rows("list")}
    check("Late Comer" in names, "added")


main()
