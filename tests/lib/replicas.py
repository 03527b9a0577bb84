"""A server with the module that stock replicas follow: slapd's syncprov on top feeds back-mdb
servers, one of them through a proxy that can cut it off.
"""
import re
import select
import socket
import threading
import time

from tap import check
from world import free_port
import slapd
from slapd import ROOT, SUFFIX, ldap

CONSUMER = "cn=replica,ou=services," + SUFFIX
# Made by each server itself.
OWN = {"contextCSN", "entryDN", "subschemaSubentry", "hasSubordinates"}
SYNCPROV = """overlay syncprov
syncprov-sessionlog-source cn=deletions,""" + SUFFIX + "\n"
ACCESS = f"""access to dn.subtree="ou=services,{SUFFIX}" by anonymous auth by * none
access to * by dn.children="ou=services,{SUFFIX}" read by * none
limits dn.exact="{CONSUMER}" size=unlimited time=unlimited
"""


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


class Followed:
    """The server, and a replica "near" and one "far" behind a proxy that both follow it."""

    def __init__(self, world, people, more="", name="rollcall.db"):
        slapd.available()
        self.world = world
        self.path = world.path(name)
        slapd.seed(world, "create", "--people", str(people), self.path)
        slapd.seed(world, "client", self.path, "add", "replica", "--secret", "s3cret")
        self.server = slapd.Slapd(world, "provider", slapd.global_part(
            extra="moduleload accesslog\nmoduleload syncprov\nserverID 1\n") + more +
            slapd.database_part(self.path, ACCESS + SYNCPROV)).start()
        self.ldap = self.server.root()
        self.proxy = Proxy(self.server.port)
        self.near = self.replica("near", self.server.port, 1)
        self.far = self.replica("far", self.proxy.port, 2)

    def replica(self, name, port, rid, more="", who=CONSUMER, secret="s3cret", modules=""):
        """A server that follows the one on that port; not started."""
        syncrepl = (f"syncrepl rid={rid:03} provider=ldap://127.0.0.1:{port}"
                    f" type=refreshAndPersist\n searchbase=\"{SUFFIX}\" bindmethod=simple"
                    f" binddn=\"{who}\"\n credentials={secret} retry=\"1 +\""
                    " schemachecking=off network-timeout=2\n"
                    " timeout=5 keepalive=1:1:1 tcp-user-timeout=2000\n" + more)
        return slapd.Slapd(self.world, name, slapd.copy_global(modules) + slapd.copy_part(
            self.world.path(name + ".mdb"), syncrepl,
            "dbnosync\nindex objectClass,entryUUID,entryCSN eq"))

    def change(self, text):
        slapd.seed(self.world, "change", self.path, *text.split())

    def restart(self):
        self.server.restart()
        self.ldap = self.server.root()

    def everywhere(self, what):
        for one in (self.near, self.far):
            wait_same(self.server, one, f"{what}: {one.name}")

    def uuid(self, dn):
        return slapd.entry(self.ldap, dn, ["entryUUID"])["entryUUID"][0].decode()

    def person(self, nth):
        """The number and the name of the n-th of who is served."""
        return sorted((int(re.search(r"(\d+),", dn).group(1)), dn)
                      for dn in slapd.names(self.ldap, "(objectClass=person)"))[nth]
