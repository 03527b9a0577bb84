"""Classes of the safeguards that runs seldom meet, each through the real road: values set by hand
that HR would replace, people who come, members of a large group, managers."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, main, test                    # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
ID = "personio:a"
SANDBOX = Sandbox(WORLD, f"id={ID},people=60,seed=7")
HOUSE = House(WORLD, main="[sync]\ninterval = 30d\nfull_interval = 30d\n")
HELD = 6
FREE = {"removals": "1000 100%", "out_of_filter": "1000 100%", "creations": "1000 100%",
        "nulls": "1000 100%", "members": "1000 100%", "managers": "1000 100%"}


def write(fields="", **limits):
    """The source with one class kept short and the others free."""
    lines = "".join(f"{key} = {value}\n" for key, value in dict(FREE, **limits).items())
    HOUSE.source("fr", SANDBOX, ID, fields=fields, body=f"[safeguards]\n{lines}")


def reload(**settings):
    write(**settings)
    HOUSE.reload()


def plans():
    return HOUSE.ask("plans")["plans"]


def sync():
    status, output, errors = HOUSE.rollcall("sync", "fr", "--full", status=None)
    return status, output + errors


def classes(plan):
    return [(c["class"], c["number"], c["allowance"]) for c in plan["classes"]]


def view():
    return HOUSE.query("SELECT s.view, p.uid, s.version FROM v_shown s"
                       " JOIN v_person p ON p.id = s.person ORDER BY 1, 2")


def workers():
    served = dict(HOUSE.query(
        "SELECT r.kombo, p.uid FROM record r JOIN person p ON p.id = r.person"
        " JOIN v_person v ON v.id = p.id WHERE v.status = 1"))
    return [dict(p, uid=served[p["record"]["id"]]) for p in SANDBOX.people(ID)
            if p["exists"] and not p["deleted_at"] and p["record"]["id"] in served]


def change(person, **members):
    SANDBOX.control("POST", "/people/set", who=person["index"], integration=ID, set=members)


def held(wanted, before):
    """One plan is held, of one class alone; nothing of it is applied."""
    found = plans()
    equal(len(found), 1, "held plans")
    equal(classes(found[0]), wanted, "classes")
    equal(view(), before, "the served view")
    return HOUSE.ask("plan", "show", found[0]["short"])


@test("a first run creates whom it likes")
def first():
    write(creations="0 0%")
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    equal(plans(), [], "held plans")
    check(len(workers()) > 30, "people")


@test("creations: more who come than the allowance, told by the names that the fetch gave")
def creations():
    reload(creations="2 0%")
    for name in ("Ada", "Bea"):
        SANDBOX.control("POST", "/people/hire", integration=ID,
                        set={"first_name": name, "last_name": "Newcomer"})
    equal(sync()[0], 0, "as many as are allowed")
    before = view()
    for name in ("Cid", "Dan", "Eve"):
        SANDBOX.control("POST", "/people/hire", integration=ID, set={
            "first_name": name, "last_name": "Newcomer", "display_full_name": None})
    status, output = sync()
    equal(status, HELD, output)
    plan = held([("creations", 3, 2)], before)
    equal(sorted(c["name"] for c in plan["changes"]),
          ["Cid Newcomer", "Dan Newcomer", "Eve Newcomer"], "names")
    HOUSE.rollcall("approve", plan["short"])
    equal(len({row[1] for row in view()} - {row[1] for row in before}), 3, "people")


@test("overwrites: a field that follows HR again would replace what was set by hand")
def overwrites():
    reload(fields="job_title = import-once\n")
    person, same = workers()[3:5]
    HOUSE.rollcall("set", person["uid"], "job_title", "Set by hand")
    # A value that HR has too is none that is lost (C9).
    HOUSE.rollcall("set", same["uid"], "job_title", "The same")
    change(same, job_title="The same")
    equal(sync()[0], 0, "exit status")
    before = view()
    reload()
    plan = held([("overwrites", 1, 0)], before)
    equal([(c["uid"], c["subject"]) for c in plan["changes"]], [(person["uid"], "job_title")],
          "changes")
    HOUSE.rollcall("approve", plan["short"])
    title = HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", person["uid"])[0][0]
    equal(title, person["record"]["job_title"], "job title")


@test("managers: more people get another manager than the allowance")
def managers():
    reload(managers="2 0%")
    boss, *people = [p for p in workers() if p["record"].get("manager_id") is not None][:6]
    moved = [p for p in people if p["record"]["manager_id"] != boss["record"]["id"]]
    for person in moved[:2]:
        change(person, manager_id=boss["index"])
    equal(sync()[0], 0, "as many as are allowed")
    before = view()
    others = [p for p in workers()[8:40] if p["record"].get("manager_id") not in
              (None, boss["record"]["id"]) and p["index"] != boss["index"]][:3]
    for person in others:
        change(person, manager_id=boss["index"])
    status, output = sync()
    equal(status, HELD, output)
    plan = held([("managers", 3, 2)], before)
    equal({c["uid"] for c in plan["changes"]}, {p["uid"] for p in others}, "changes")
    HOUSE.rollcall("approve", plan["short"])
    check(view() != before, "applied")


@test("members: a group of more than ten loses more than half of them")
def members():
    reload(members="10 50%")
    group, kombo, count = HOUSE.query(
        "SELECT g.id, u.kombo, s.members FROM v_group_shown s JOIN v_group g ON g.id = s.grp"
        " JOIN unit u ON u.id = g.id WHERE s.view = 2 ORDER BY s.members DESC, g.id")[0]
    check(count > 10, f"only {count} members")
    mine = {row[0] for row in HOUSE.query("SELECT p.uid FROM v_member m JOIN person p"
                                          " ON p.id = m.person WHERE m.grp = ?", group)}
    people = [p for p in SANDBOX.people(ID) if p["exists"] and not p["deleted_at"] and
              kombo in json.dumps(p["record"]["groups"]) and p["record"]["work_email"]]
    mails = dict(HOUSE.query("SELECT work_email, uid FROM v_person WHERE work_email NOT NULL"))
    people = [p for p in people if mails.get(p["record"]["work_email"]) in mine]
    for person in people[:count // 2]:
        change(person, groups=[])
    status, output = sync()
    equal(status, 0, f"exactly half: {output}")
    left = HOUSE.query("SELECT members FROM v_group_shown WHERE view = 2 AND grp = ?", group)
    equal(left, [(count - count // 2,)], "members")
    for person in people[:count // 2]:
        change(person, groups=[kombo])
    equal(sync()[0], 0, "back")
    before = view()
    for person in people[:count // 2 + 1]:
        change(person, groups=[])
    status, output = sync()
    equal(status, HELD, output)
    plan = held([("members", count // 2 + 1, count // 2)], before)
    HOUSE.rollcall("approve", plan["short"])
    check(view() != before, "applied")


main()
