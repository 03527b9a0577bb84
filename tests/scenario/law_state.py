"""Source, configuration and an export of the state make the same directory anew, over LDAP and SCIM
too: UUIDs, uids, values, manual edits, hidden people, leavers in their retention, people of files
and people who were added by hand."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from served import Served, difference, lasting              # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, free_port                          # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:state,people=80,seed=5")
OLD = House(WORLD, name="old", main="[posix]\nenabled = yes")
NEW = House(WORLD, name="new", main="[posix]\nenabled = yes")
FILE = WORLD.path("state.jsonl")
PEOPLE = WORLD.write("people.csv", """employee_number,first_name,last_name,work_email,manager,team,employment_status,start_date
C1,Cy,Csv,cy@csv.example,,Files,ACTIVE,2020-01-01
C2,Di,Csv,di@csv.example,C1,Files,ACTIVE,2020-01-01
C3,Ed,Csv,ed@csv.example,C1,,INACTIVE,2020-01-01
""")
for house in (OLD, NEW):
    house.scim_port = free_port()
    house.write_main(f"[scim]\nlisten = 127.0.0.1:{house.scim_port}\n"
                     "base_url = https://directory.example.com/scim/v2\n")
    house.source("fr", SANDBOX, "lucca:state", fields="job_title = import-once")
    WORLD.write(f"{house.name}/conf/sources.d/file.conf",
                f"[source]\nprovider = csv\nfile = {PEOPLE}\n[fields]\n")
    WORLD.write(f"{house.name}/conf/sources.d/local.conf",
                "[source]\nprovider = local\n[fields]\n")


def directory(house):
    """What each view shows, without stamps: people with their values, managers, groups."""
    names = [row[1] for row in house.query("PRAGMA table_info(v_person)")
             if row[1] not in ("id", "hash")]
    people = house.query(
        f"SELECT w.name, {', '.join('p.' + name for name in names)}, m.uid FROM v_shown s"
        " JOIN view w ON w.id = s.view JOIN v_person p ON p.id = s.person"
        " LEFT JOIN v_person m ON m.id = s.manager ORDER BY 1, 2")
    groups = house.query("SELECT w.name, g.uuid, g.cn, g.type, g.source, g.gid_number, s.members"
                         " FROM v_group_shown s JOIN view w ON w.id = s.view"
                         " JOIN v_group g ON g.id = s.grp ORDER BY 1, 2")
    members = house.query("SELECT p.uid, g.cn FROM v_member m JOIN v_person p ON p.id = m.person"
                          " JOIN v_group g ON g.id = m.grp ORDER BY 1, 2")
    return people, groups, members


def active(count, skip=0):
    rows = sorted(row["uid"] for row in OLD.rows("list")
                  if row["status"] == "active" and row["source"] == "fr")
    return rows[skip:skip + count]


@test("a directory with a history of its own is exported into a file for its owner alone")
def export():
    OLD.start()
    OLD.rollcall("source", "approve", "fr")
    edited, hidden, leaver, erased, renamed = active(5, 3)
    mails = {row["uid"]: row["mail"] for row in OLD.rows("list")}
    OLD.rollcall("set", edited, "job_title", "Kept by Hand")
    OLD.rollcall("hide", hidden)
    OLD.rollcall("erase", erased)
    SANDBOX.control("POST", "/people/delete", who=mails[leaver])
    SANDBOX.control("POST", "/people/set", who=mails[renamed], set={
        "work_email": "somebody.else@lucca-demo.example", "job_title": "Not Taken Again"})
    OLD.rollcall("sync", "fr", "--full")
    OLD.rollcall("source", "approve", "file")
    OLD.rollcall("add", "first_name=Zoë", "last_name=Hand", "work_email=zoe@hand.example",
                 "employee_number=L1", "team=Guests")
    OLD.rollcall("add", "first_name=Yan", "last_name=Hand", "employee_number=L2", "manager=zoe",
                 "team=Guests")
    OLD.rollcall("add", "first_name=Gone", "last_name=Hand", "employee_number=L3")
    OLD.rollcall("remove", "L3")
    equal([row["status"] for row in OLD.rows("list") if row["uid"] == leaver], ["departed"], "left")
    answer = OLD.ask("state", "export", FILE)
    equal(os.stat(FILE).st_mode & 0o777, 0o600, "mode")
    with open(FILE, encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    equal(lines[-1], {"end": answer["rows"]}, "last line")
    equal(len(lines), answer["rows"] + 2, "lines")
    equal(OLD.rollcall("state", "export", FILE, status=None)[0], 5, "over a file")
    WORLD.names = edited, hidden, leaver, erased, renamed


@test("a file that is cut off, changed or of another release is refused with its line; nothing stays")
def refused():
    NEW.start()
    with open(FILE, encoding="utf-8") as stream:
        lines = stream.readlines()
    person = next(i for i, line in enumerate(lines) if '"table":"person"' in line)
    bad = {
        "the end is missing": lines[:-1],
        "lines before it are missing": lines[:person] + lines[person + 1:],
        "it is no JSON object": lines[:person] + ["nonsense\n"] + lines[person:],
        "it is cut off": lines[:person] + [lines[person][:20]],
        "it names no table": lines[:person] + ['{"table":"client","row":{"id":1}}\n'],
        "no column": lines[:person] + ['{"table":"person","row":{"id":1,"x":"y"}}\n'],
        "the row cannot be read": lines[:person] + ['{"table":"person","row":{"id) --":1}}\n'],
        "it is no state of this release": ['{"rollcall":"state","form":1}\n'] + lines[1:],
        "it is empty": [],
    }
    for text, content in bad.items():
        path = WORLD.write("bad.jsonl", "".join(content))
        status, _, errors = NEW.rollcall("state", "import", path, status=None)
        equal(status, 2, text)
        holds(errors, text)
        holds(errors, "line ")
    equal(NEW.query("SELECT count(*) FROM person"), [(0,)], "people")
    equal([row["approved"] for row in NEW.ask("source", "list")["sources"]
           if row["name"] != "local"], [None, None], "approved")


@test("imported into a new database it is the same directory at once, and after the next fetch")
def same():
    epoch = NEW.query("SELECT value FROM meta WHERE name = 'epoch'")
    before = directory(OLD)
    NEW.rollcall("state", "import", FILE)
    check(NEW.query("SELECT value FROM meta WHERE name = 'epoch'") != epoch, "the same epoch")
    for mine, theirs, what in zip(directory(NEW), before, ("people", "groups", "members")):
        equal(mine, theirs, what)
    NEW.rollcall("sync", "fr", "--full")
    for mine, theirs, what in zip(directory(NEW), before, ("people", "groups", "members")):
        equal(mine, theirs, what + " after a fetch")
    for name in ("fr", "file"):
        equal(NEW.ask("sync", name, "--full")["runs"][0]["revision"], 0, "the same again")


@test("no reader can tell the two apart, over LDAP or SCIM, but by when something changed")
def readers():
    one, other = (lasting(Served(WORLD, house).look()) for house in (OLD, NEW))
    check(len(one["scim"]) > 60, "resources")
    check(one["ldap"] is None or len(one["ldap"]) > 60, "entries")
    equal(difference(one, other), "", "what is served")


@test("what was decided holds: edits, hidden, erased, the namespace for those to come and "
      "the key of cursors, which are told as old")
def decided():
    edited, hidden, leaver, erased, renamed = WORLD.names
    people = {row["uid"]: row for row in NEW.rows("list")}
    check(hidden not in people and erased not in people, "hidden or erased is back")
    equal(people[leaver]["status"], "departed", "leaver")
    equal(NEW.query("SELECT job_title FROM v_person WHERE uid = ?", edited), [("Kept by Hand",)],
          "edit")
    check(renamed in people, "the uid of a changed address")
    NEW.rollcall("unhide", hidden)
    OLD.rollcall("unhide", hidden)
    equal(directory(NEW), directory(OLD), "after unhide")
    for name in ("namespace", "cursor_key"):
        equal(NEW.query("SELECT value FROM meta WHERE name = ?", name),
              OLD.query("SELECT value FROM meta WHERE name = ?", name), name)


@test("a database with people takes no state over")
def taken():
    status, _, errors = NEW.rollcall("state", "import", FILE, status=None)
    equal(status, 5, "exit status")
    holds(errors, "holds people already")


main()
