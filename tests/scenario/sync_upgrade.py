"""Databases of earlier forms: opened by this release they serve the same, and go on from there.

tests/scenario/forms/N.sql is the whole database of a house as the last release of form N left it,
written by `sync_upgrade.py --dump`, which is run once before a form changes.
"""
import glob
import os
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, main, test                    # noqa: E402
from world import World                                     # noqa: E402

FORMS = sorted(glob.glob(os.path.join(os.path.dirname(__file__), "forms", "*.sql")))

# What readers see, stamps and versions included.
SEEN = {
    "people": "SELECT * FROM v_person ORDER BY id",
    "entries": "SELECT view, person, manager, version, created, modified, revision FROM v_shown"
               " ORDER BY 1, 2",
    "groups": "SELECT id, hex(uuid), cn, type, source FROM v_group ORDER BY 1",
    "group entries": "SELECT * FROM v_group_shown ORDER BY view, grp",
    "members": "SELECT * FROM v_member ORDER BY person, grp",
    "tombstones": "SELECT * FROM v_tombstone ORDER BY view, uuid",
    "views": "SELECT name, revision, stamp FROM view ORDER BY name",
    "epoch": "SELECT value FROM meta WHERE name IN ('epoch', 'namespace') ORDER BY name",
    "clients": "SELECT name, protocol, view, rights, secret FROM client ORDER BY id",
}
# What was settled and decided.
SETTLED = {
    "identities": "SELECT id, hex(uuid), uid, owner, status, flags, mail, departed_on, excluded_on,"
                  " gone_on FROM person ORDER BY id",
    "values": "SELECT person, field, state, value FROM value ORDER BY 1, 2",
    "decisions": "SELECT person, kind, reason, actor, made_at FROM decision ORDER BY 1, 2",
    "records": "SELECT source, kombo, remote, person, reasons FROM record ORDER BY 1, 2",
}


def build(world):
    """The house whose database is dumped: two sources, leavers, decisions, edits, a tombstone."""
    fix_clock(world)
    sandbox = Sandbox(world, "id=lucca:first,people=24,seed=7", "id=personio:second,people=12,seed=8")
    house = House(world)
    house.source("fr", sandbox, "lucca:first", fields="job_title = import-once")
    house.source("de", sandbox, "personio:second")
    return house, sandbox


def change(sandbox):
    """Makes the sandbox's data the same whenever it is started."""
    sandbox.control("POST", "/people/leave", who=3, date="2026-11-10")
    sandbox.control("POST", "/people/leave", who=5, date="2026-12-24")
    sandbox.control("POST", "/people/delete", who=7)
    sandbox.control("POST", "/people/set", who=8, set={"work_email": None})


def dump(path):
    world = World()
    house, sandbox = build(world)
    house.start()
    for name in ("fr", "de"):
        house.rollcall("source", "approve", name)
    change(sandbox)
    for name in ("fr", "de"):
        house.rollcall("sync", name, "--full")
    uids = sorted(row["uid"] for row in house.rows("list"))
    house.rollcall("hide", uids[0], "--reason", "left the building")
    titled = house.query("SELECT p.uid FROM v_person p WHERE source = 'fr' ORDER BY uid")
    house.rollcall("set", titled[0][0], "job_title", "Keeper of the keys")
    house.rollcall("client", "add", "reader", "--view", "ldap")
    house.stop()
    with sqlite3.connect(house.database) as database, open(path, "w", encoding="utf-8") as out:
        form = database.execute("PRAGMA user_version").fetchone()[0]
        out.write("-- Made by `sync_upgrade.py --dump`; see there.\n")
        out.write(f"PRAGMA user_version = {form};\n")
        out.writelines(line + "\n" for line in database.iterdump())


class Upgraded:
    """A house whose database comes from a dump."""

    def __init__(self, path):
        self.world = World()
        self.house, self.sandbox = build(self.world)
        change(self.sandbox)
        with open(path, encoding="utf-8") as text, \
                sqlite3.connect(self.house.database) as database:
            database.executescript(text.read())
        self.form = self.house.query("PRAGMA user_version")[0][0]
        self.seen = self.look(SEEN)
        self.settled = self.look(SETTLED)
        self.world.advance(3600)

    def look(self, queries):
        found = {}
        for name, sql in queries.items():
            with sqlite3.connect(f"file:{self.house.database}?mode=ro", uri=True) as database:
                database.row_factory = sqlite3.Row
                # New columns come behind or between: by name, and only those that were there.
                found[name] = [dict(row) for row in database.execute(sql)]
        return found

    def compare(self, before, queries):
        for name, rows in self.look(queries).items():
            old = before[name]
            equal(len(rows), len(old), name)
            for one, other in zip(rows, old):
                equal({key: one[key] for key in other}, other, name)


def upgrade(path):
    name = os.path.basename(path)

    @test(f"{name}: what was served is served, with the same versions and stamps")
    def opens():
        found = UPGRADED[path] = Upgraded(path)
        equal(str(found.form), name[:-4], "form of the dump")
        check(found.seen["people"] and found.seen["tombstones"], "the dump has people")
        check(found.settled["decisions"] and found.settled["values"], "the dump has decisions")
        found.house.start()
        check(found.house.query("PRAGMA user_version")[0][0] >= found.form, "form now")
        found.compare(found.seen, SEEN)
        found.compare(found.settled, SETTLED)

    @test(f"{name}: a complete fetch finds nothing new")
    def again():
        found = UPGRADED[path]
        for source in ("fr", "de"):
            run = found.house.ask("sync", source, "--full")["runs"][0]
            equal(run["revision"], 0, f"revision of a run of {source}")
        found.compare(found.seen, SEEN)

    @test(f"{name}: decisions made before can be taken back")
    def unhide():
        found = UPGRADED[path]
        hidden = found.house.query("SELECT p.uid FROM person p JOIN decision d ON d.person = p.id"
                                   " WHERE d.kind = 'hide'")[0][0]
        found.house.rollcall("unhide", hidden)
        check(hidden in {row["uid"] for row in found.house.rows("list")}, "is back")
        found.house.stop()
        found.world.close()


UPGRADED = {}
if sys.argv[1:2] == ["--dump"]:
    dump(sys.argv[2])
    sys.exit(0)
for form in FORMS:
    upgrade(form)
main()
