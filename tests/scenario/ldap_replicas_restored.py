"""Another database in the place of the one that replicas follow, an older one among them, a clock
that is set back, and a server that is started anew meanwhile: CSNs go on, and so do replicas."""
import os
import sqlite3
import sys
import threading
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from replicas import Followed, csn              # noqa: E402
from tap import check, equal, main, test        # noqa: E402
from world import World, wait_until             # noqa: E402
import slapd                                    # noqa: E402

PEOPLE = 400
world = World()
state = []


def prepare():
    if not state:
        state.append(Followed(world, PEOPLE))
        state[0].near.start()
        state[0].far.start()
        state[0].everywhere("at first")
    return state[0]


def clear(path):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.unlink(path + end)


def new_database(seed):
    """Another database in the place of the one there is: an epoch of its own, and stamps that
    may be older."""
    path = world.path("other.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--seed", seed, path)
    slapd.seed(world, "client", path, "add", "replica", "--secret", "s3cret")
    with sqlite3.connect(path) as database:
        day = 86400 * 1000000
        for table, columns in (("v_shown", ("created", "modified")),
                               ("v_group_shown", ("created", "modified")),
                               ("view", ("stamp",)), ("v_tombstone", ("stamp",))):
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = {column} - {day}")
        database.execute(f"UPDATE meta SET value = value - {day} WHERE name = 'stamp'")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    clear(prepare().path)
    os.rename(path, prepare().path)
    clear(path)


def backup(name):
    here, path = prepare(), world.path(name)
    with sqlite3.connect(here.path) as source, sqlite3.connect(path) as target:
        source.backup(target)
    target.close()
    source.close()
    return path


@test("another epoch: CSNs go on above the last, and everything comes anew")
def epoch():
    here = prepare()
    here.everywhere("before")
    last = csn(here.ldap)
    new_database("2")
    wait_until(lambda: csn(here.ldap) > last, "contextCSN goes on")
    here.everywhere("while it runs")
    here.change("hide 5 , random 10 3")
    here.everywhere("changes of the new one")
    last = csn(here.ldap)
    here.near.stop()
    here.server.stop()
    new_database("3")
    here.server.start()
    here.ldap = here.server.root()
    check(csn(here.ldap) > last, f"{csn(here.ldap)} is not above {last}")
    here.near.start()
    here.everywhere("over a restart")
    here.change("hide 7 , random 10 4")
    here.everywhere("and changes")


@test("an older state of the same database is put back, under slapd and while it is stopped")
def restored():
    here = prepare()
    number, dn = here.person(30)
    old = backup("old.db")
    here.change(f"hide {number} , random 50 8 , rename 3 Undone")
    here.everywhere("changes that will be undone")
    again = backup("again.db")
    for path, stopped in ((old, False), (again, True), (old, True)):
        last = csn(here.ldap)
        if stopped:
            here.near.stop()
            here.server.stop()
        clear(here.path)
        with open(path, "rb") as source, open(here.path + ".new", "wb") as target:
            target.write(source.read())
        os.rename(here.path + ".new", here.path)
        if stopped:
            here.server.start()
            here.ldap = here.server.root()
            here.near.start()
        wait_until(lambda before=last: csn(here.ldap) > before, "CSNs go on")
        here.everywhere(f"{path} put back")
        equal(slapd.entry(here.ldap, dn) is not None, path != again, "who was hidden since")
    here.change(f"hide {number} , random 5 9")
    here.everywhere("and changes")


@test("a clock that is set back stops neither changes nor replicas")
def clock():
    here = prepare()
    world.advance(-86400)
    last = csn(here.ldap)
    here.change("random 30 11 , hide 200")
    wait_until(lambda: csn(here.ldap) > last, "CSNs go on")
    here.everywhere("a day before")
    here.restart()
    here.change("random 30 12 , show 200")
    here.everywhere("over a restart")
    world.advance(86400)


@test("the server is started anew while replicas are told")
def busy():
    here = prepare()
    stop = threading.Event()

    def churn():
        number = 0
        while not stop.is_set():
            here.change(f"random 50 {number}")
            number += 1

    thread = threading.Thread(target=churn)
    thread.start()
    time.sleep(0.3)
    here.restart()
    time.sleep(0.3)
    stop.set()
    thread.join()
    here.everywhere("in the end")


main()
