"""Following a directory by what changed and what left: the program of rollcall-scimd(8), as it
stands there, keeps a copy that equals the full list after every step, whatever happens between
and in the middle of its polls; and it is told when it must begin anew."""
import json
import os
import random
import re
import shutil
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")] + [os.path.dirname(__file__)]
from client import fix_clock                                    # noqa: E402
from house import House                                         # noqa: E402
from scim_tools import Checker, Scim                            # noqa: E402
from tap import check, equal, main, test                        # noqa: E402
from world import World, free_port                              # noqa: E402

TOMBSTONE = "urn:ietf:params:scim:schemas:extension:rollcall:2.0:Tombstone"
HEADER = "employee_number,first_name,last_name,work_email,start_date,termination_date," \
         "department,team,manager,job_title"
DAY = 86400
WORLD = World()
fix_clock(WORLD)


def manual():
    """The program of the manual."""
    path = os.path.join(os.environ.get("top_srcdir", "."), "scim/rollcall-scimd.8")
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    block = re.search(r"\.Bd -literal\n(import json.*?)\.Ed\n", text, re.DOTALL).group(1)
    return block.replace(r"\e", "\\").replace(r"\(dq", '"')


class Follower:
    """A client that is nothing but the manual's program."""

    def __init__(self, base, token):
        self.names = {"BASE": base, "TOKEN": token}
        exec(manual(), self.names)              # pylint: disable=exec-used
        self.copy, self.since = {}, {}
        self.asked = 0
        self.between = None
        own = self.names["ask"]

        def ask(path, since):
            answer = own(path, since)
            self.asked += 1
            if self.between is not None:
                self.between()
            return answer

        self.names["ask"] = ask

    def poll(self):
        self.names["poll"](self.copy, self.since)


class Served(Scim):
    """rollcall-scimd over the database of a house."""

    def __init__(self, house, port):
        self.house = house
        self.port = port
        self.base = f"http://127.0.0.1:{port}/scim/v2"
        self.name = house.name
        self.world = WORLD
        self.process = self.connection = None
        self.starts = 0
        self.database = house.database

    @property
    def conf(self):
        return self.house.conf


def everything(scim, token):
    return {r["id"]: r for path in ("/Users", "/Groups") for r in scim.all(path, token=token)}


def caught_up(scim, token):
    """The readers have seen the last publication."""
    def seen():
        stamp = scim.query("SELECT max(stamp, forgotten) FROM view WHERE name = 'scim'")[0][0]
        told = scim.get("/Users?count=0", token=token).headers["Rollcall-Stamp"]
        return told.endswith(f"{stamp % 1000000:06}Z")
    scim.wait(seen, "the last publication")


# ---- a house of its own --------------------------------------------------------------------------

PORT = free_port()
HOUSE = House(WORLD, main=f"[scim]\nlisten = 127.0.0.1:{PORT}\nbase_url = "
              f"http://127.0.0.1:{PORT}/scim/v2\npage_size = 20\npage_size_max = 20\n[privacy]\ntombstone_keep = 60d\n")
PEOPLE = {n: [str(n), f"First{n}", f"Last{n}", f"person{n}@example.com", "2020-01-15", "",
              f"Dept {n % 3}", f"Team {n % 7}", str(n // 2) if n > 1 else "", f"Title {n % 5}"]
          for n in range(1, 131)}
STATE = {}


def bring():
    """The file as it is now, in one run. The first one is waited for by the import itself."""
    path = WORLD.write("people.csv", "\n".join([HEADER, *(",".join(row) for row in
                                                          PEOPLE.values())]) + "\n")
    HOUSE.rollcall("import", path)


def uid(number):
    return f"person{number}"


def prepare():
    if not STATE:
        WORLD.write("house/conf/sources.d/hr.conf",
                    "[source]\nprovider = csv\n[fields]\njob_title = import-once\n"
                    "[safeguards]\nremovals = 40\nmanagers = 500\nmembers = 500 100%\n")
        HOUSE.start()
        HOUSE.rollcall("source", "approve", "hr")
        bring()
        token = HOUSE.ask("client", "add", "app", "--scim")["secret"]
        scim = Served(HOUSE, PORT)
        scim.start()
        scim.wait(lambda: scim.get("/Users?count=0", token=token).status == 200, "the view")
        STATE.update(scim=scim, token=token, follower=Follower(scim.base, token))
    return STATE["scim"], STATE["token"], STATE["follower"]


def same(what):
    scim, token, follower = prepare()
    caught_up(scim, token)
    follower.poll()
    equal(follower.copy, everything(scim, token), what)


@test("the first poll lists everything")
def first():
    scim, token, follower = prepare()
    follower.poll()
    equal(follower.copy, everything(scim, token), "the copy")
    check(len(follower.copy) > 130, "people and groups")
    equal(follower.since.keys(), {"/Tombstones", "/Users", "/Groups"}, "what is remembered")
    before = follower.asked
    follower.poll()
    equal(follower.asked - before, 3, "requests when nothing changed")


def change_titles():
    for number in (5, 6, 7):
        HOUSE.rollcall("set", uid(number), "job_title", "Set by hand")


def join_people():
    for n in (201, 202, 203):
        PEOPLE[n] = [str(n), f"New{n}", f"Joiner{n}", f"person{n}@example.com", "2020-02-01", "",
                     "Dept 9", "Team 1", "1", "Fresh"]
    bring()


def move_people():
    for n in range(20, 30):
        PEOPLE[n][7], PEOPLE[n][8] = "Team 2", "3"
    bring()


def rename_manager():
    PEOPLE[1][1] = "Renamed"
    bring()


def drop_rows():
    for n in (40, 41, 42):
        del PEOPLE[n]
    bring()


def end_soon():
    PEOPLE[50][5] = "2026-11-21"
    bring()


STEPS = [
    ("titles set by hand", change_titles),
    ("three who join, with a department of their own", join_people),
    ("somebody hidden", lambda: HOUSE.rollcall("hide", uid(10))),
    ("a manager of many hidden", lambda: HOUSE.rollcall("hide", uid(2))),
    ("somebody shown again", lambda: HOUSE.rollcall("unhide", uid(10))),
    ("ten who move", move_people),
    ("the manager shown again", lambda: HOUSE.rollcall("unhide", uid(2))),
    ("a manager's name", rename_manager),
    ("three who are gone from the file", drop_rows),
    ("somebody erased", lambda: HOUSE.rollcall("erase", uid(60))),
    ("hidden and shown between two polls", lambda: [HOUSE.rollcall(word, uid(11))
                                                    for word in ("hide", "unhide")]),
    ("shown and hidden between two polls", lambda: [HOUSE.rollcall(word, uid(11))
                                                    for word in ("hide", "unhide", "hide")]),
    ("an end date", end_soon),
]


@test("after every step the copy equals the full list")
def steps():
    for what, step in STEPS:
        step()
        same(what)


def status(number):
    found = [row["status"] for row in HOUSE.rows("list") if row["uid"] == uid(number)]
    return found[0] if found else None


def pass_days(days):
    """So long a jump is believed when an admin says so."""
    doubts = HOUSE.daemon.text().count("clock.doubt")
    WORLD.advance(days * DAY)
    HOUSE.daemon.wait_log("clock.doubt", count=doubts + 1)
    HOUSE.rollcall("confirm-clock")


@test("what the clock does is followed, too: inactive, then gone, then only a tombstone")
def clock():
    scim, _, follower = prepare()
    who = {scim.query("SELECT id FROM v_person WHERE uid = ?", uid(n))[0][0]: n
           for n in (40, 50)}
    ids = {number: scim.id_of(row) for row, number in who.items()}
    pass_days(2)
    scim.wait(lambda: status(50) == "departed", "the end date")
    same("after the end date")
    equal(follower.copy[ids[50]]["active"], False, "active")
    pass_days(20)
    scim.wait(lambda: status(40) == "departed", "the end of the grace")
    same("after the grace")
    pass_days(31)
    scim.wait(lambda: not scim.query("SELECT 1 FROM v_person WHERE uid IN (?, ?)", uid(40),
                                     uid(50)), "the retention")
    same("after the retention")
    for number, which in ids.items():
        check(which not in follower.copy, f"{number} left the copy")
        equal(tombstone(which)["type"], "User", "a tombstone")


def tombstone(which):
    scim, token, _ = prepare()
    answer = scim.get("/Tombstones/" + which, token=token)
    equal(answer.status, 200, answer.body)
    return answer.json


@test("whatever changes between two pages is in this poll or in the next one")
def between():
    scim, token, follower = prepare()
    draw = random.Random(5)
    hidden = set()
    newcomer = Follower(scim.base, token)

    def disturb():
        one = uid(draw.randrange(3, 120))
        if status(int(one[6:])) not in ("active", None):
            return
        if one in hidden:
            HOUSE.rollcall("unhide", one)
            hidden.discard(one)
        elif len(hidden) < 9 and draw.random() < 0.5:
            done = HOUSE.rollcall("hide", one, status=None)
            hidden.update([one] if done[0] == 0 else [])
        else:
            HOUSE.rollcall("set", one, "job_title", f"Title {draw.random()}", status=None)

    for one in (newcomer, follower):
        one.between = disturb
        one.poll()
        one.between = None
        caught_up(scim, token)
        one.poll()
        equal(one.copy, everything(scim, token), "the copy")
    check(newcomer.asked > 8, "pages")


# ---- tombstones ------------------------------------------------------------------------------------

@test("tombstones are a type of resources like the others, declared and read-only")
def declared():
    scim, token, _ = prepare()
    own = dict(token=token)
    kinds = {t["name"]: t for t in scim.list("/ResourceTypes", **own)["Resources"]}
    equal((kinds["Tombstone"]["endpoint"], kinds["Tombstone"]["schema"]),
          ("/Tombstones", TOMBSTONE), "the type")
    rows = scim.all("/Tombstones", **own)
    check(len(rows) > 7, "there are some")
    schema = scim.get("/Schemas/" + TOMBSTONE, **own).json
    equal([(a["name"], a["mutability"], a["canonicalValues"]) for a in schema["attributes"]],
          [("type", "readOnly", ["User", "Group"])], "attributes")
    for row in rows:
        equal(sorted(row), ["id", "meta", "schemas", "type"], "members of a tombstone")
        equal(row["schemas"], [TOMBSTONE], "schemas")
        equal(sorted(row["meta"]), ["created", "lastModified", "location", "resourceType",
                                    "version"], "members of meta")
        equal(row["meta"]["location"], f"{scim.base}/Tombstones/{row['id']}", "location")
        scim.refused(scim.get(f"/{row['type']}s/{row['id']}", **own), 404)
    equal(sorted(rows, key=lambda row: row["meta"]["lastModified"]), rows, "oldest first")
    one = rows[0]
    answer = scim.get("/Tombstones/" + one["id"], **own)
    equal((answer.json, answer.headers["ETag"]), (one, one["meta"]["version"]), "alone")
    equal(scim.get("/Tombstones/" + one["id"], headers={"If-None-Match": one["meta"]["version"]},
                   **own).status, 304, "not modified")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/Tombstones", "/Tombstones/" + one["id"]):
            scim.refused(scim.ask(method, path, token, body=b"{}"), 405)


@test("tombstones are filtered, sorted, paged and searched; the root has none")
def queries():
    scim, token, _ = prepare()
    rows = scim.all("/Tombstones", token=token)
    ids = [row["id"] for row in rows]

    def found(**parameters):
        return [r["id"] for r in scim.list("/Tombstones", token=token, **parameters)["Resources"]]

    third = rows[2]["meta"]["lastModified"]
    for text, wanted in [
            (f'meta.lastModified gt "{third}"', ids[3:]), (f'meta.lastModified ge "{third}"', ids[2:]),
            (f'meta.lastModified lt "{third}"', ids[:2]), (f'meta.lastModified le "{third}"', ids[:3]),
            (f'meta.lastModified eq "{third}"', [ids[2]]), (f'id eq "{ids[4]}"', [ids[4]]),
            (f'{TOMBSTONE}:type eq "User"', [r["id"] for r in rows if r["type"] == "User"]),
            ('type eq "Group"', [r["id"] for r in rows if r["type"] == "Group"]),
            ('type eq "user"', []), ('not (type pr)', []),
            (f'type eq "User" and meta.lastModified le "{third}"',
             [r["id"] for r in rows[:3] if r["type"] == "User"])]:
        equal(found(filter=text), wanted, text)
        body = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                           "filter": text})
        answer = scim.ask("POST", "/Tombstones/.search", token, body=body,
                          headers={"Content-Type": "application/scim+json"})
        equal([r["id"] for r in answer.resources], wanted, text)
    scim.refused(scim.get("/Tombstones", token=token, filter='userName eq "x"'), 400,
                 "invalidFilter")
    equal(found(sortBy="meta.lastModified", sortOrder="descending"), ids[::-1], "sorted")
    equal(found(startIndex=3, count=2), ids[2:4], "a page")
    pages, cursor = [], ""
    while cursor is not None:
        page = scim.list("/Tombstones", token=token, count=3, cursor=cursor)
        pages += [r["id"] for r in page["Resources"]]
        cursor = page.get("nextCursor")
        scim.stop()                     # a cursor outlives the image that gave the ids
        scim.start()
    equal(pages, ids, "by cursor")
    for root in ("", "/"):
        equal(scim.list(root, token=token, filter=f'id eq "{ids[0]}"')["totalResults"], 0, "root")
        equal(scim.list(root, token=token, filter='type pr')["totalResults"], 0, "root")


@test("each view has its own, and who was never served in it leaves none")
def views():
    scim, token, _ = prepare()
    before = {r["id"] for r in scim.all("/Tombstones", token=token)}
    own = {row[0] for row in HOUSE.query(
        "SELECT lower(hex(uuid)) FROM v_tombstone t JOIN view w ON w.id = t.view"
        " WHERE w.name = 'scim'")}
    equal({i.replace("-", "") for i in before}, own, "those of the view")
    PEOPLE[300] = ["300", "Ne", "Ver", "never@example.com", "2010-01-01", "2015-01-01", "Dept 1", "Team 1",
                   "1", "Spy"]
    bring()
    check(not scim.query("SELECT 1 FROM v_person WHERE uid = 'never'"), "she has left long ago")
    del PEOPLE[300]
    bring()
    equal({r["id"] for r in scim.all("/Tombstones", token=token)}, before, "nobody was served")


# ---- when it is no longer known ---------------------------------------------------------------------

def count(path, **parameters):
    _, token, _ = prepare()
    return STATE["scim"].list(path, token=token, count=0, **parameters)["totalResults"]


def forgotten(since, token):
    scim = prepare()[0]
    answer = scim.get("/Tombstones", token=token, filter=f'meta.lastModified gt "{since}"')
    scim.refused(answer, 410, None, "list everything again")


def begins_anew(what):
    """The follower is told that it must, and does."""
    scim, token, follower = prepare()
    caught_up(scim, token)
    before = dict(follower.since)
    forgotten(before["/Tombstones"], token)
    follower.copy["ghost"] = {"never": "told"}
    follower.poll()
    equal(follower.copy, everything(scim, token), what)
    stamp = scim.get("/Users?count=0", token=token).headers["Rollcall-Stamp"]
    equal(scim.get("/Tombstones", token=token,
                   filter=f'meta.lastModified gt "{stamp}"').json["totalResults"], 0,
          "one who begins with this answer is not told to begin again")


@test("after tombstone_keep they are forgotten, and who saw less is told so")
def kept():
    scim, token, follower = prepare()
    same("before")
    oldest = follower.since.copy()
    rows = scim.all("/Tombstones", token=token)
    pass_days(40)
    scim.wait(lambda: count("/Tombstones") < len(rows), "forgotten")
    left = scim.all("/Tombstones", token=token)
    follower.poll()
    equal(follower.copy, everything(scim, token), "who saw them goes on")
    forgotten(rows[0]["meta"]["lastModified"], token)
    for text in (f'meta.lastModified ge "{rows[1]["meta"]["lastModified"]}"',
                 f'type eq "User" and (meta.lastModified gt "{rows[0]["meta"]["created"]}")',
                 'meta.lastModified gt "0001-01-01T00:00:00Z"'):
        scim.refused(scim.get("/Tombstones", token=token, filter=text), 410)
    for text in ('type pr', f'meta.lastModified lt "{rows[0]["meta"]["created"]}"',
                 f'meta.lastModified gt "{oldest["/Tombstones"]}"',
                 f'not (meta.lastModified gt "{rows[0]["meta"]["created"]}")'):
        equal(scim.get("/Tombstones", token=token, filter=text).status, 200, text)
    for path in ("/Users", "/Groups", ""):
        equal(scim.get(path, token=token, filter='meta.lastModified gt "0001-01-01T00:00:00Z"')
              .status, 200, "changes of what is there are known for ever")
    equal([r["id"] for r in left], [r["id"] for r in rows[-len(left):]], "those that are left")
    pass_days(70)
    scim.wait(lambda: count("/Tombstones") == 0, "all forgotten")
    follower.poll()
    equal(follower.copy, everything(scim, token), "nothing left since: nothing is missed")


@test("a backup that was put back: who follows begins anew")
def restored():
    scim, token, follower = prepare()
    backup = WORLD.path("backup.db")
    HOUSE.rollcall("backup", backup)
    PEOPLE[400] = ["400", "After", "Backup", "after@example.com", "2020-01-15", "", "Dept 1",
                   "Team 1", "1", "Title"]
    bring()
    same("before it is put back")
    HOUSE.stop()
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(HOUSE.database + ending):
            os.remove(HOUSE.database + ending)
    shutil.copy(backup, HOUSE.database)
    HOUSE.start()
    scim.wait(lambda: count("/Users", filter='uid eq "after"') == 0, "the backup")
    begins_anew("after the backup")
    bring()
    same("and goes on from there")


@test("a database that is made anew: who follows begins anew")
def anew():
    scim, token, _ = prepare()
    HOUSE.stop()
    scim.stop()
    shutil.rmtree(os.path.dirname(HOUSE.database))
    os.makedirs(os.path.dirname(HOUSE.database))
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "hr")
    bring()
    STATE["token"] = token = HOUSE.ask("client", "add", "app", "--scim")["secret"]
    scim.start()
    scim.wait(lambda: scim.get("/Users?count=0", token=token).status == 200, "the view")
    STATE["follower"].names["TOKEN"] = token
    begins_anew("after the new database")


@test("what is served of it keeps to the schemas")
def checked():
    scim, token, _ = prepare()
    list_of = scim.list
    scim.list = lambda path, **parameters: list_of(path, **dict(parameters, token=token))
    HOUSE.rollcall("hide", uid(30))
    scim.wait(lambda: count("/Tombstones") > 0, "a tombstone")
    checker = Checker(scim)
    for path in ("/Users", "/Groups", "/Tombstones"):
        for resource in scim.all(path):
            checker.resource(resource)


main()
