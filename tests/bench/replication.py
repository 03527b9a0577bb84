"""How soon, and how fast, what is published reaches those who follow: a refreshAndPersist reader
of stock syncprov, and a stock replica (back-mdb) through a first copy, storms of changes, and
times when it was away.

usage: replication.py [PEOPLE ...]   (20000)
"""
import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import slapd                                        # noqa: E402
from commit import retitle                          # noqa: E402
from replicas import Followed, csn                  # noqa: E402
from slapd import ROOT, SUFFIX, ldap                # noqa: E402
from world import World                             # noqa: E402
from ldap.ldapobject import SimpleLDAPObject        # noqa: E402
from ldap.syncrepl import SyncreplConsumer          # noqa: E402

CHANGES = 10000
STORM = 20              # revisions, of so many changes each:
STORM_CHANGES = 500
ROOM = "maxsize 17179869184\n"


class Reader(SimpleLDAPObject, SyncreplConsumer):
    def __init__(self, uri):
        SimpleLDAPObject.__init__(self, uri)
        self.cookie, self.count, self.done = None, 0, False

    def syncrepl_get_cookie(self):
        return self.cookie

    def syncrepl_set_cookie(self, cookie):
        self.cookie = cookie

    def syncrepl_entry(self, dn, attributes, uuid):
        self.count += 1

    def syncrepl_delete(self, uuids):
        self.count += len(uuids)

    def syncrepl_present(self, uuids, refreshDeletes=False):
        pass

    def syncrepl_refreshdone(self):
        self.done = True

    def wait(self, message, enough, seconds=600.0):
        deadline = time.monotonic() + seconds
        while not enough(self) and time.monotonic() < deadline:
            try:
                self.syncrepl_poll(msgid=message, timeout=0.002, all=0)
            except ldap.TIMEOUT:
                pass
        return time.monotonic()


def row(what, text):
    print(f"| {what} | {text} |", flush=True)


def read_changes(here):
    """A reader of its own: the first copy, changes one by one, and many in one revision."""
    reader = Reader(here.server.uri)
    reader.simple_bind_s(ROOT, "admin")
    message = reader.syncrepl_search(SUFFIX, ldap.SCOPE_SUBTREE, mode="refreshAndPersist")
    begin = time.monotonic()
    row("a reader's refresh", f"{reader.wait(message, lambda r: r.done) - begin:.1f} s")
    times = []
    database = sqlite3.connect(here.path, isolation_level=None, timeout=30)
    for i in range(40):
        before = reader.count
        retitle(database, 20, f"T{i}")
        begin = time.monotonic()
        times.append(1000 * (reader.wait(message, lambda r, b=before: r.count > b) - begin))
    database.close()
    times.sort()
    row("one change, end of the commit to the notification",
        f"median {times[20]:.1f} ms, longest of 40 {times[-1]:.1f} ms")
    before = reader.count
    here.change(f"random {CHANGES}")
    begin = time.monotonic()
    reader.wait(message, lambda r: r.count > before)
    end, count = time.monotonic(), reader.count
    while time.monotonic() < end + 1:       # an id may be drawn twice: until no more come
        reader.wait(message, lambda r, c=count: r.count > c, 0.2)
        if reader.count > count:
            end, count = time.monotonic(), reader.count
    count -= before
    row(f"{count:,} changes in one revision",
        f"{end - begin:.2f} s, {count / (end - begin):,.0f} a second, reader included")
    reader.unbind_s()


def caught_up(here, copy, begin):
    """Seconds until the replica has the server's contextCSN."""
    while True:
        try:
            wanted, got = csn(here.ldap), csn(copy.root())
            if wanted and wanted == got:
                return time.monotonic() - begin
        except ldap.LDAPError:
            pass
        time.sleep(0.02)
        if time.monotonic() - begin > 3600:
            raise SystemExit(f"the replica has {got}, not {wanted}")


def follow(here, people):
    """A stock replica."""
    copy = here.replica("copy", here.server.port, 1, ROOM)
    begin = time.monotonic()
    copy.start()
    seconds = caught_up(here, copy, begin)
    row("a stock replica's first copy", f"{seconds:.1f} s, {people / seconds:,.0f} a second")
    begin = time.monotonic()
    for i in range(STORM):
        here.change(f"random {STORM_CHANGES} {i + 1}")
    published = time.monotonic() - begin
    behind = caught_up(here, copy, begin) - published
    row(f"{STORM} revisions of {STORM_CHANGES} changes in {published:.1f} s",
        f"the replica has the last one {behind:.2f} s later")
    copy.stop()
    here.change(f"random {CHANGES // 2} 77 , hide 50 , hide 51 , hide 52")
    here.restart()
    begin = time.monotonic()
    copy.start()
    seconds = caught_up(here, copy, begin)
    row(f"{CHANGES // 2:,} changes, and deletions, while it was away and the server was started "
        "anew", f"{seconds:.1f} s")
    same = len(slapd.names(here.ldap, "(|(objectClass=person)(objectClass=groupOfNames))"))
    equal = len(slapd.names(copy.root(), "(|(objectClass=person)(objectClass=groupOfNames))"))
    if same != equal:
        raise SystemExit(f"{equal} entries at the replica, {same} here")
    copy.stop()


def run(people):
    world = World()
    here = Followed(world, people)
    print(f"\n| {people:,} people | measured |\n|---|---|", flush=True)
    read_changes(here)
    follow(here, people)
    with open(f"/proc/{here.server.process.pid}/status", encoding="ascii") as stream:
        peak = next(int(line.split()[1]) for line in stream if line.startswith("VmHWM"))
    row("the server's memory, at most", f"{peak / people:.2f} KB a person")
    here.server.stop()
    world.close()


for word in sys.argv[1:] or ["20000"]:
    run(int(word))
