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
from scim_tools import ROLLCALL, Checker, Scim                  # noqa: E402
from tap import check, equal, lacks, main, test                 # noqa: E402
from world import World, free_port, program                     # noqa: E402

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
              f"http://127.0.0.1:{PORT}/scim/v2\n[privacy]\ntombstone_keep = 60d\n")
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


@test("what the clock does is followed, too: inactive, then gone, then only a tombstone")
def clock():
    scim, token, follower = prepare()
    WORLD.advance(20 * DAY)
    HOUSE.rollcall("tick", status=None)
    same("after the grace")
    WORLD.advance(31 * DAY)
    same("after the retention")


main()
