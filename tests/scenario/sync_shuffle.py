"""The order in which Kombo delivers makes no difference: pages and members shuffled, requests that
fail and are repeated, give the same directory (acceptance 1)."""
import os
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, main, test                    # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SPECS = ("id=lucca:first,people=300,seed=7", "id=personio:second,people=60,seed=8")
NAMESPACE = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
SEEDS = (0, 5, 99)              # of the order; 0 is the order of birth

# All but stamps, which a clock gives, and ids of rows.
PLACE = {
    "people": "SELECT hex(uuid), uid, status, active, source, hash FROM v_person ORDER BY uid",
    "entries": "SELECT w.name, p.uid, m.uid, s.version FROM v_shown s JOIN v_person p ON"
               " p.id = s.person JOIN view w ON w.id = s.view LEFT JOIN v_person m ON"
               " m.id = s.manager ORDER BY 1, 2",
    "groups": "SELECT w.name, hex(g.uuid), g.cn, g.type, s.members, s.version FROM v_group_shown s"
              " JOIN v_group g ON g.id = s.grp JOIN view w ON w.id = s.view ORDER BY 1, 3",
    "members": "SELECT p.uid, g.cn FROM v_member k JOIN v_person p ON p.id = k.person"
               " JOIN v_group g ON g.id = k.grp ORDER BY 1, 2",
    "reasons": "SELECT s.name, r.kombo, r.reasons FROM record r JOIN source s ON s.id = r.source"
               " ORDER BY 1, 2",
    "identities": "SELECT hex(uuid), uid, status, flags, mail, wanted_mail, due FROM person"
                  " ORDER BY uid",
}


class Run:
    """The same data in one order, in a house of its own."""

    def __init__(self, seed):
        self.seed = seed
        self.sandbox = Sandbox(WORLD, *SPECS)
        for integration in ("lucca:first", "personio:second"):
            self.sandbox.control("POST", "/integrations/shape", integration=integration,
                                 shuffle=seed)
        # What is given to who comes first: a uid without a number, an address.
        for who in range(20, 30):
            self.sandbox.control("POST", "/people/set", who=who, set={
                "first_name": "Ada", "last_name": "Byron", "display_full_name": None})
        for who in range(40, 46):
            self.sandbox.control("POST", "/people/set", who=who, set={
                "work_email": "shared@example.com", "employee_number": None})
        self.house = House(WORLD, name=f"house-{seed}", main="uid = first.last")
        for name, integration in (("fr", "lucca:first"), ("de", "personio:second")):
            self.house.source(name, self.sandbox, integration, fields="job_title = import-once",
                              body="[lifecycle]\nduplicate_email = link\n")
        self.house.start()
        self.house.stop()
        with sqlite3.connect(self.house.database) as database:
            database.execute("UPDATE meta SET value = ? WHERE name = 'namespace'", (NAMESPACE,))
        self.house.start()

    def fail(self, *scripts):
        if self.seed != 0:
            self.sandbox.control_raw("POST", "/failures", list(scripts))

    def until_done(self, name):
        """A fetch that gave up is asked again: one more kind of repetition."""
        for _ in range(5):
            if not next(source for source in self.house.ask("status")["sources"]
                        if source["name"] == name)["error"]:
                return
            self.house.rollcall_hasty("sync", name)
        raise AssertionError(f"{name} does not get through")

    def preview(self):
        rows = self.house.rows("preview", "fr")
        return sorted((row["record"], row["verdict"], tuple(row["reasons"]), row["uid"], row["id"])
                      for row in rows)

    def place(self):
        return {name: self.house.query(sql) for name, sql in PLACE.items()}


RUNS = []


def same(places):
    for other in places[1:]:
        for name, rows in places[0].items():
            equal(other[name], rows, name)


@test("a preview says the same of each record, in whatever order they come")
def previews():
    RUNS.extend(Run(seed) for seed in SEEDS)
    orders = [[row["id"] for row in run.sandbox.get("/hris/employees", integration="lucca:first",
                                                    page_size=50).rows] for run in RUNS]
    check(orders[0] != orders[1] and orders[1] != orders[2], "the orders differ")
    told = [run.preview() for run in RUNS]
    check(len(told[0]) > 250, "records")
    equal(told[1], told[0], "previews")
    equal(told[2], told[0], "previews")


@test("a first sync leads to the same people, ids, uids, groups, versions and reasons")
def first():
    for run in RUNS:
        run.fail({"kind": "error", "code": "PLATFORM.RATE_LIMIT_EXCEEDED", "path": "/v1/hris/groups"},
                 {"kind": "drop", "size": 2000, "path": "/v1/hris/employees", "skip": 1})
        for name in ("fr", "de"):
            run.house.rollcall_hasty("source", "approve", name)
            run.until_done(name)
    places = [run.place() for run in RUNS]
    check(len(places[0]["people"]) > 250, "people")
    same(places)


@test("so do changes, with requests that fail and are repeated")
def changes():
    for run in RUNS:
        run.sandbox.control("POST", "/people/leave", who=11, date="2026-11-10")
        run.sandbox.control("POST", "/people/set", who=13, set={"manager_id": 12, "groups": [1, 2]})
        run.sandbox.control("POST", "/people/recreate", who=17, remote_id="anew-17")
        run.sandbox.control("POST", "/people/hire", set={"last_name": "Zuse"})
        run.fail({"kind": "html", "path": "/v1/hris/employees"},
                 {"kind": "truncated", "path": "/v1/hris/employees", "skip": 1})
        for words in (("fr",), ("de", "--full"), ("fr", "--full")):
            run.house.rollcall_hasty("sync", *words)
            run.until_done(words[0])
    same([run.place() for run in RUNS])
    equal(len({run.house.revision() for run in RUNS}), 1, "revisions")


main()
