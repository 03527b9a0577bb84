"""How soon, and how fast, changes that are published reach a refreshAndPersist reader of stock
syncprov: `make bench-replication`, or by hand.

    tests/bench/replication.py [PEOPLE [CHANGES]]
"""
import os
import sqlite3
import sys
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from world import World                             # noqa: E402
import slapd                                        # noqa: E402
from slapd import ROOT, SUFFIX, ldap                # noqa: E402
from ldap.ldapobject import SimpleLDAPObject        # noqa: E402
from ldap.syncrepl import SyncreplConsumer          # noqa: E402


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

    def wait(self, message, enough, seconds=120.0):
        deadline = time.monotonic() + seconds
        while not enough(self) and time.monotonic() < deadline:
            try:
                self.syncrepl_poll(msgid=message, timeout=0.002, all=0)
            except ldap.TIMEOUT:
                pass
        return time.monotonic()


def commit(path, number):
    """One person has another title; the end of the transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"""
        BEGIN IMMEDIATE;
        UPDATE v_person SET job_title = 'T{number}' WHERE id = 20;
        UPDATE view SET revision = revision + 1, stamp = stamp + 1;
        UPDATE v_shown SET revision = (SELECT revision FROM view WHERE id = v_shown.view),
            modified = (SELECT stamp FROM view WHERE id = v_shown.view) WHERE person = 20;
        UPDATE meta SET value = (SELECT max(revision) FROM view) WHERE name = 'revision';
        UPDATE meta SET value = (SELECT max(stamp) FROM view) WHERE name = 'stamp';
        COMMIT""")
    end = time.monotonic()
    connection.close()
    return end


def run(people, changes):
    world = World()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(people), path)
    server = slapd.Slapd(world, "provider", slapd.global_part(
        extra="moduleload accesslog\nmoduleload syncprov\nserverID 1\n") + slapd.database_part(
            path, f"overlay syncprov\nsyncprov-sessionlog-source cn=deletions,{SUFFIX}\n"))
    server.start()
    reader = Reader(server.uri)
    reader.simple_bind_s(ROOT, "admin")
    message = reader.syncrepl_search(SUFFIX, ldap.SCOPE_SUBTREE, mode="refreshAndPersist")
    begin = time.monotonic()
    print(f"refresh of {people} people: {reader.wait(message, lambda r: r.done) - begin:.1f} s")
    times = []
    for i in range(20):
        before = reader.count
        begin = commit(path, i)
        times.append(1000 * (reader.wait(message, lambda r, b=before: r.count > b) - begin))
    times.sort()
    print(f"one change, from the end of its transaction: median {times[10]:.1f} ms, "
          f"longest {times[-1]:.1f} ms")
    before = reader.count
    slapd.seed(world, "change", path, "random", str(changes))
    begin = time.monotonic()
    reader.wait(message, lambda r: r.count > before)
    first = time.monotonic()
    end, count = first, reader.count
    while time.monotonic() < end + 1:       # an id may be drawn twice: until no more come
        reader.wait(message, lambda r, c=count: r.count > c, 0.2)
        if reader.count > count:
            end, count = time.monotonic(), reader.count
    print(f"{reader.count - before} changes at once: {end - begin:.2f} s, "
          f"{(reader.count - before) / (end - begin):.0f} a second; first after "
          f"{1000 * (first - begin):.0f} ms")
    server.stop()


run(*[int(n) for n in (sys.argv[1:] + ["20000", "10000"][len(sys.argv) - 1:])[:2]])
