"""Stock replicas follow: slapd's syncprov over the module feeds back-mdb servers, through
changes, hidings, restarts and cut connections, and what they hold is what is served."""
import os
import re
import select
import socket
import sqlite3
import sys
import threading
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, main, test            # noqa: E402
from world import World, free_port, wait_until      # noqa: E402
import slapd                                        # noqa: E402
from slapd import ROOT, SUFFIX, ldap                # noqa: E402

PEOPLE = 400
CONSUMER = "cn=replica,ou=services," + SUFFIX
# Made by each server itself.
OWN = {"contextCSN", "entryDN", "subschemaSubentry", "hasSubordinates"}
SYNCPROV = """overlay syncprov
syncprov-sessionlog-source cn=deletions,""" + SUFFIX + "\n"
ACCESS = f"""access to dn.subtree="ou=services,{SUFFIX}" by anonymous auth by * none
access to * by dn.children="ou=services,{SUFFIX}" read by * none
limits dn.exact="{CONSUMER}" size=unlimited time=unlimited
"""
world = World()
state = {}


class Proxy:
    """Passes one server's connections on until it is told to stall: then nothing arrives any
    more, and nobody is told."""

    def __init__(self, target):
        self.target = target
        self.port = free_port()
        self.stalled = threading.Event()
        self.pairs = []
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client = self.server.accept()[0]
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                client.close()
                continue
            self.pairs.append((client, server))
            threading.Thread(target=self.carry, args=(client, server), daemon=True).start()

    def carry(self, client, server):
        other = {client: server, server: client}
        try:
            while True:
                for ready in select.select([client, server], [], [], 0.2)[0]:
                    if self.stalled.is_set():
                        time.sleep(0.05)
                        continue
                    data = ready.recv(65536)
                    if not data:
                        return
                    other[ready].sendall(data)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def stall(self):
        self.stalled.set()

    def resume(self):
        """What was cut off stays cut off; new connections work."""
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.stalled.clear()


def provider(name, path, number=1, extra=""):
    return slapd.Slapd(world, name, slapd.global_part(
        extra=f"moduleload accesslog\nmoduleload syncprov\nserverID {number}\n{extra}") +
        slapd.database_part(path, ACCESS + SYNCPROV))


def replica(name, port, rid, more="", who=CONSUMER, secret="s3cret", modules=""):
    folder = world.path(name + ".mdb")
    syncrepl = (f"syncrepl rid={rid:03} provider=ldap://127.0.0.1:{port} type=refreshAndPersist\n"
                f" searchbase=\"{SUFFIX}\" bindmethod=simple binddn=\"{who}\"\n"
                f" credentials={secret} retry=\"1 +\" schemachecking=off network-timeout=2\n"
                " timeout=5 keepalive=1:1:1 tcp-user-timeout=2000\n"
                + more)
    return slapd.Slapd(world, name, slapd.copy_global(modules) + slapd.copy_part(
        folder, syncrepl, "dbnosync\nindex objectClass,entryUUID,entryCSN eq"))


def content(connection):
    """Everything below the suffix, byte by byte, but for what each server makes itself: who may
    bind is each server's own affair, and is not shown to a consumer."""
    found = {}
    for dn, entry in connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=*)",
                                         ["*", "+"]):
        if not dn.endswith("ou=services," + SUFFIX):
            found[dn] = {name: sorted(values) for name, values in entry.items()
                         if name not in OWN}
    return found


def first_difference(here, there):
    for dn in sorted(set(here) | set(there)):
        one, other = here.get(dn), there.get(dn)
        if one != other:
            names = [] if None in (one, other) else [
                (name, one.get(name), other.get(name)) for name in sorted(set(one) | set(other))
                if one.get(name) != other.get(name)]
            return f"{dn}: {'missing there' if other is None else 'extra there' if one is None else names[:2]}"
    return None


def csn(connection):
    try:
        found = connection.search_s(SUFFIX, ldap.SCOPE_BASE, attrlist=["contextCSN"])
    except ldap.LDAPError:
        return None
    return sorted(found[0][1].get("contextCSN", [])) if found else None


def wait_same(server, one, what, seconds=30.0):
    """Waits for the same contextCSN, then compares everything."""
    here = server.root()
    deadline = time.monotonic() + seconds
    text = None
    while time.monotonic() < deadline:
        try:
            there = one.root()
            if csn(here) and csn(here) == csn(there):
                text = first_difference(content(here), content(there))
                if text is None:
                    return
            else:
                text = f"contextCSN {csn(here)} and {csn(there)}"
        except ldap.LDAPError as error:
            text = repr(error)
        time.sleep(0.1)
    check(False, f"{what}: {text}")


def prepare():
    if state:
        return state
    slapd.available()
    state["path"] = path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), path)
    slapd.seed(world, "client", path, "add", "replica", "--secret", "s3cret")
    state["server"] = provider("provider", path).start()
    state["ldap"] = state["server"].root()
    state["near"] = replica("near", state["server"].port, 1).start()
    state["proxy"] = Proxy(state["server"].port)
    state["far"] = replica("far", state["proxy"].port, 2).start()
    return state


def change(text, path=None):
    slapd.seed(world, "change", path or prepare()["path"], *text.split())


def everywhere(what):
    here = prepare()
    for name in ("near", "far"):
        wait_same(here["server"], here[name], f"{what}: {name}")


@test("two replicas take everything over, and no client of the server's")
def first():
    here = prepare()
    everywhere("at first")
    found = slapd.names(here["near"].root(), "(cn=replica)")
    equal(found, [], "the consumer's own account")


@test("changes, hidings and returns, memberships and new names arrive")
def changes():
    here = prepare()
    change("set 20 job_title Pilot , manager 21 20 , join 22 2 , leave 23 1")
    everywhere("a few changes")
    before = csn(here["ldap"])
    change("hide 1")
    wait_until(lambda: csn(here["ldap"]) > before, "contextCSN advances with a hiding")
    everywhere("a hiding")
    change("show 1")
    everywhere("a return")
    change("rename 1 Everyone")
    everywhere("a new name")
    change("random 100 7 , hide 30 , hide 31 , rename 1 Everybody")
    everywhere("many changes")
    for i in range(15):
        change(f"hide {40 + i} , set {60 + i} job_title T{i} , rename 2 Group-{i}")
    everywhere("a series of changes")


@test("what leaves reaches a replica that was away over a restart, without a full refresh")
def deletions():
    here = prepare()
    here["near"].stop()
    change("hide 100 , hide 101")
    here["server"].restart()
    here["ldap"] = here["server"].root()
    change("hide 102 , set 103 job_title Back")
    here["server"].restart()
    here["ldap"] = here["server"].root()
    here["near"].start()
    everywhere("over restarts")


def phases(connection, cookie):
    """What a refreshOnly search of a consumer with that cookie is answered: entries, UUIDs
    that are gone, UUIDs that are present."""
    from ldap.syncrepl import SyncreplConsumer
    from ldap.ldapobject import SimpleLDAPObject

    class Client(SimpleLDAPObject, SyncreplConsumer):
        def __init__(self, uri):
            SimpleLDAPObject.__init__(self, uri)
            self.cookie, self.entries, self.uuids = cookie, [], []
            self.gone, self.present = [], []

        def syncrepl_get_cookie(self):
            return self.cookie

        def syncrepl_set_cookie(self, cookie):
            self.cookie = cookie

        def syncrepl_entry(self, dn, attributes, uuid):
            self.entries.append(dn)
            self.uuids.append(uuid)

        def syncrepl_delete(self, uuids):
            self.gone += uuids

        def syncrepl_present(self, uuids, refreshDeletes=False):
            self.present += uuids or []

    client = Client(connection.uri)
    client.simple_bind_s(CONSUMER, "s3cret")
    message = client.syncrepl_search(SUFFIX, ldap.SCOPE_SUBTREE, mode="refreshOnly",
                                     cookie=cookie)
    while client.syncrepl_poll(msgid=message, all=1):
        pass
    client.unbind_s()
    return client


@test("deletions are told by themselves, not by everything that is left")
def told():
    here = prepare()
    begin = phases(here["server"], None)
    check(len(begin.entries) > PEOPLE // 2, "a first refresh brings everything")
    gone = slapd.names(here["ldap"], "(objectClass=person)")[5]
    uuid = slapd.entry(here["ldap"], gone, ["entryUUID"])["entryUUID"][0].decode()
    number = re.search(r"(\d+),", gone).group(1)
    change(f"hide {number}")
    slapd.wait_served(here["ldap"], lambda c: slapd.entry(c, gone) is None, "gone")
    here["server"].restart()
    here["ldap"] = here["server"].root()
    after = phases(here["server"], begin.cookie)
    check(uuid in after.gone, f"{uuid} is not among {after.gone}")
    check(len(after.present) <= len(after.entries), "what is present is not listed")
    check(len(after.entries) < 60, f"{len(after.entries)} entries came again")

    equal(phases(here["server"], after.cookie).entries, [], "nothing more")
    change(f"show {number}")
    everywhere("and back")


def forget():
    """What the daemon does at night with tombstones that are older than tombstone_keep; the
    view's revision stays."""
    with sqlite3.connect(prepare()["path"]) as database:
        database.execute("UPDATE view SET forgotten = max(forgotten, coalesce((SELECT max(stamp)"
                         " FROM v_tombstone t WHERE t.view = view.id), 0))")
        database.execute("DELETE FROM v_tombstone")
    database.close()


@test("whoever was away for longer than deletions are remembered is told of all that is there")
def forgotten():
    here = prepare()
    begin = phases(here["server"], None)
    here["near"].stop()
    here["proxy"].stall()
    gone = [name for name in slapd.names(here["ldap"], "(objectClass=person)")[8:10]]
    uuids = [slapd.entry(here["ldap"], dn, ["entryUUID"])["entryUUID"][0].decode()
             for dn in gone]
    numbers = [re.search(r"(\d+),", dn).group(1) for dn in gone]
    change(f"hide {numbers[0]}")
    slapd.wait_served(here["ldap"], lambda c: slapd.entry(c, gone[0]) is None, "the first")
    between = phases(here["server"], begin.cookie)
    check(uuids[0] in between.gone, "it is remembered yet")
    change(f"hide {numbers[1]}")
    slapd.wait_served(here["ldap"], lambda c: slapd.entry(c, gone[1]) is None, "the second")
    late = phases(here["server"], begin.cookie)
    check(set(uuids) <= set(late.gone), "both are remembered yet")
    forget()                # nothing else is published before the replicas come back
    for what in ("while the server runs", "after it was started anew"):
        for cookie in (begin.cookie, between.cookie):
            after = phases(here["server"], cookie)
            there = set(after.present) | {str(u) for u in after.uuids}
            check(len(there) > PEOPLE // 2, f"{what}: {len(there)} are said to be there")
            check(not there & set(uuids), f"{what}: who is gone is said to be there")
        equal(phases(here["server"], late.cookie).present, [], f"{what}, nothing was missed")
        if what.startswith("while"):
            here["near"].start()
            here["proxy"].resume()
            everywhere("after what left was forgotten")
            here["near"].stop()
            here["server"].restart()
            here["ldap"] = here["server"].root()
    here["near"].start()
    change(f"show {numbers[0]} , show {numbers[1]}")
    everywhere("and back")


@test("nobody but syncprov sees the log of deletions")
def log_is_hidden():
    here = prepare()
    for who, password in ((CONSUMER, "s3cret"), (ROOT, "admin")):
        connection = here["server"].connect(who, password)
        for scope in (ldap.SCOPE_BASE, ldap.SCOPE_SUBTREE):
            answers = []
            for name in ("cn=deletions,", "cn=nothing,"):
                try:
                    connection.search_s(name + SUFFIX, scope)
                    answers.append("found")
                except ldap.LDAPError as error:
                    answers.append((type(error).__name__, error.args[0].get("matched")))
            equal(answers[0], answers[1], f"{who}")


@test("one replica is killed and one is cut off while everything changes")
def cut():
    here = prepare()
    far, near, proxy = here["far"], here["near"], here["proxy"]
    change("random 20 1")
    proxy.stall()
    near.process.stop(9)
    for i in range(8):
        change(f"random 30 {10 + i} , hide {150 + i} , show {100 + i} , rename 3 Cut-{i}")
    near.start()
    for i in range(4):
        change(f"random 10 {20 + i} , hide {170 + i} , show {150 + i}")
    wait_same(here["server"], near, "the one that was killed")
    proxy.resume()
    change("hide 180 , random 5 30")
    wait_same(here["server"], far, "the one that was cut off")
    wait_same(here["server"], near, "the other one still")


@test("a replica of a replica follows too")
def cascade():
    here = prepare()
    middle = replica("middle", here["server"].port, 3, "overlay syncprov\n",
                     modules="moduleload syncprov\n")
    middle.start()
    wait_same(here["server"], middle, "the middle")
    leaf = replica("leaf", middle.port, 4, who=ROOT, secret="admin").start()
    wait_same(here["server"], leaf, "the leaf")
    change("hide 190 , random 20 40 , rename 4 Down")
    wait_same(here["server"], leaf, "a change down to the leaf")
    change("show 190")
    wait_same(here["server"], leaf, "a return")
    leaf.stop()
    middle.stop()


def new_database(seed):
    """Another database in the place of the one there is: an epoch of its own, and stamps that
    may be older."""
    here = prepare()
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
    for file in (path + "-wal", path + "-shm", here["path"] + "-wal", here["path"] + "-shm"):
        if os.path.exists(file):
            os.unlink(file)
    os.rename(path, here["path"])


@test("another epoch: CSNs go on above the last, and everything comes anew")
def epoch():
    here = prepare()
    everywhere("before")
    last = csn(here["ldap"])
    new_database("2")
    wait_until(lambda: csn(here["ldap"]) > last, "contextCSN goes on")
    everywhere("while it runs")
    change("hide 5 , random 10 3")
    everywhere("changes of the new one")
    last = csn(here["ldap"])
    here["near"].stop()
    here["server"].stop()
    new_database("3")
    here["server"].start()
    here["ldap"] = here["server"].root()
    check(csn(here["ldap"]) > last, f"{csn(here['ldap'])} is not above {last}")
    here["near"].start()
    everywhere("over a restart")
    change("hide 7 , random 10 4")
    everywhere("and changes")


@test("the name of the organisation reaches replicas")
def organisation():
    here = prepare()
    change("setting organization Renamed")
    wait_until(lambda: slapd.entry(here["ldap"], SUFFIX, ["o"])["o"] == [b"Renamed"], "here")
    everywhere("there")


@test("the server is started anew while replicas are told")
def busy():
    here = prepare()
    stop = threading.Event()

    def churn():
        number = 0
        while not stop.is_set():
            change(f"random 50 {number}")
            number += 1

    thread = threading.Thread(target=churn)
    thread.start()
    time.sleep(0.3)
    here["server"].restart()
    here["ldap"] = here["server"].root()
    time.sleep(0.3)
    stop.set()
    thread.join()
    everywhere("in the end")


main()
