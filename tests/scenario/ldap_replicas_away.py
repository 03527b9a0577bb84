"""Replicas that were away: over restarts, cut connections, deletions that are forgotten, and names
that were exchanged meanwhile."""
import os
import sys
import sqlite3

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from replicas import Followed, phases, wait_same   # noqa: E402
from tap import check, equal, main, test                # noqa: E402
from world import World, wait_until                     # noqa: E402
import slapd                                            # noqa: E402

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


@test("what leaves reaches a replica that was away over a restart, without a full refresh")
def deletions():
    here = prepare()
    here.near.stop()
    here.change("hide 100 , hide 101")
    here.restart()
    here.change("hide 102 , set 103 job_title Back")
    here.restart()
    here.near.start()
    here.everywhere("over restarts")


@test("deletions are told by themselves, not by everything that is left")
def told():
    here = prepare()
    begin = phases(here.server, None)
    check(len(begin.entries) > PEOPLE // 2, "a first refresh brings everything")
    number, gone = here.person(5)
    uuid = here.uuid(gone)
    here.change(f"hide {number}")
    slapd.wait_served(here.ldap, lambda c: slapd.entry(c, gone) is None, "gone")
    here.restart()
    after = phases(here.server, begin.cookie)
    check(uuid in after.gone, f"{uuid} is not among {after.gone}")
    check(len(after.present) <= len(after.entries), "what is present is not listed")
    check(len(after.entries) < 60, f"{len(after.entries)} entries came again")
    equal(phases(here.server, after.cookie).entries, [], "nothing more")
    here.change(f"show {number}")
    here.everywhere("and back")


def forget(path):
    """What the daemon does at night with tombstones that are older than tombstone_keep; the
    view's revision stays."""
    with sqlite3.connect(path) as database:
        database.execute("UPDATE view SET forgotten = max(forgotten, coalesce((SELECT max(stamp)"
                         " FROM v_tombstone t WHERE t.view = view.id), 0))")
        database.execute("DELETE FROM v_tombstone")
    database.close()


@test("whoever was away for longer than deletions are remembered is told of all that is there")
def forgotten():
    here = prepare()
    begin = phases(here.server, None)
    here.near.stop()
    here.proxy.stall()
    gone = [here.person(n) for n in (8, 9)]
    uuids = [here.uuid(dn) for _, dn in gone]
    cookies = []
    for number, dn in gone:
        here.change(f"hide {number}")
        want = sorted(uuids[:len(cookies) + 1])
        wait_until(lambda w=want: sorted(phases(here.server, begin.cookie).gone) == w,
                   "what is remembered yet")
        cookies.append(phases(here.server, begin.cookie).cookie)
    forget(here.path)           # nothing else is published before the replicas come back
    for what in ("while the server runs", "after it was started anew"):
        for cookie in (begin.cookie, cookies[0]):
            after = phases(here.server, cookie)
            there = set(after.present) | {str(uuid) for uuid in after.uuids}
            check(len(there) > PEOPLE // 2, f"{what}: {len(there)} are said to be there")
            check(not there & set(uuids), f"{what}: who is gone is said to be there")
        equal(phases(here.server, cookies[1]).present, [], f"{what}, nothing was missed")
        if not what.startswith("while"):
            break
        here.near.start()
        here.proxy.resume()
        here.everywhere("after what left was forgotten")
        here.restart()
    here.change(f"show {gone[0][0]} , show {gone[1][0]}")
    here.everywhere("and back")


@test("one replica is killed and one is cut off while everything changes")
def cut():
    here = prepare()
    here.change("random 20 1")
    here.proxy.stall()
    here.near.process.stop(9)
    for i in range(8):
        here.change(f"random 30 {10 + i} , hide {150 + i} , show {100 + i} , rename 3 Cut-{i}")
    here.near.start()
    for i in range(4):
        here.change(f"random 10 {20 + i} , hide {170 + i} , show {150 + i}")
    wait_same(here.server, here.near, "the one that was killed")
    here.proxy.resume()
    here.change("hide 180 , random 5 30")
    wait_same(here.server, here.far, "the one that was cut off")
    wait_same(here.server, here.near, "the other one still")


@test("names are exchanged while a replica is away")
def exchanged():
    here = prepare()
    here.change("rename 3 Left , rename 4 Right , rename 5 Middle")
    here.everywhere("before")
    here.near.stop()
    here.proxy.stall()
    here.change("rename 3 Right , rename 4 Left")
    here.near.start()
    wait_same(here.server, here.near, "two")
    here.near.stop()
    here.change("rename 3 Middle , rename 4 Right , rename 5 Left")
    here.change("rename 3 Left , rename 4 Middle , rename 5 Right")
    here.near.start()
    here.proxy.resume()
    here.everywhere("three")


main()
