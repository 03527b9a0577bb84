"""slapd with the module under valgrind: no error and no growth, with changes, clients, broken
databases and configuration at run time."""
import os
import re
import shutil
import sqlite3
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]
os.environ["ROLLCALL_VALGRIND"] = "1"

from replicas import CONSUMER, Followed, csn, phases    # noqa: E402
from tap import Skip, check, equal, main, test  # noqa: E402
from world import World, wait_until          # noqa: E402
import slapd                                 # noqa: E402
from slapd import SUFFIX, ldap               # noqa: E402

world = World()
GROWTH = 65536          # bytes; titles and names that changed meanwhile may be longer
CONFIG = 'database config\nrootdn "cn=config"\nrootpw config\n'
MONITOR = 'database monitor\nrootdn "cn=monitor"\nrootpw monitor\n'


def change(path, text):
    slapd.seed(world, "change", path, *text.split())


def searches(connection):
    """One of everything."""
    for text in ["(uid=*)", "(sn=M*)", "(mail=*acme*)", "(&(l=Berlin)(objectClass=person))",
                 "(|(cn=Anna*)(title=*x*))", "(!(c=DE))", "(entryUUID=*)", "(cn~=anna)",
                 "(modifyTimestamp>=20200101000000Z)", "(ou:dn:=people)", "(member=*)",
                 "(:caseIgnoreMatch:=berlin)", "(hasSubordinates=TRUE)", "(nonsense=*)",
                 "(postalCode<=2)", "(|(manager=*)(memberOf=*))"]:
        slapd.names(connection, text)
    connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["*", "+"])
    cookie = b""
    for _ in range(3):
        page = ldap.controls.libldap.SimplePagedResultsControl(True, 30, cookie)
        message = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, serverctrls=[page])
        cookie = connection.result3(message)[3][0].cookie
    for dn in ("uid=nobody,ou=people," + SUFFIX, "ou=people," + SUFFIX):
        for call in (lambda n: connection.compare_s(n, "ou", b"people"),
                     lambda n: connection.delete_s(n),
                     lambda n: connection.passwd_s(n, None, b"x")):
            try:
                call(dn)
            except ldap.LDAPError:
                pass
    message = connection.search(SUFFIX, ldap.SCOPE_SUBTREE)
    connection.abandon(message)


def load(server, path, rounds):
    root = server.root()
    for i in range(rounds):
        searches(root)
        slapd.seed(world, "client", path, "add", f"client{i}")
        change(path, f"random 30 {i} , hide {20 + i} , rename 3 Round{i}")
        wanted = [f"cn=Round{i},ou=groups,{SUFFIX}"]
        slapd.wait_served(root, lambda c, w=wanted: slapd.names(c, "(cn=Round*)") == w,
                          "the change", 60.0)
        for password in ("secret", "wrong"):
            try:
                server.connect(f"cn=client{i},ou=services,{SUFFIX}", password).unbind_s()
            except ldap.INVALID_CREDENTIALS:
                pass
        change(path, f"show {20 + i}")
        slapd.seed(world, "client", path, "delete", f"client{i}")
    root.unbind_s()


def in_use(server):
    """Bytes that slapd has in use, as valgrind counts them while it runs."""
    found = world.run(["vgdb", f"--pid={server.process.pid}", "--wait=30", "v.info", "memory"])
    match = re.search(r"client +:.*unmmap'd, +[\d,]+/ *([\d,]+) max/curr", found)
    check(match is not None, found)
    return int(match.group(1).replace(",", ""))


@test("no error and nothing lost under load")
def under_load():
    slapd.available()
    if shutil.which("valgrind") is None:
        raise Skip("valgrind is not installed")
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "150", path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE v_person SET uid_number = 200000 + id")
    server = slapd.Slapd(world, "load", slapd.global_part().replace(
        "modulepath", f"include {slapd.SCHEMAS}/nis.schema\nmodulepath") + CONFIG + MONITOR +
        slapd.database_part(path)).start()
    change(path, "setting posix.gid_number 100 , setting posix.home /home/%u-%U , "
           "setting posix.shell /bin/sh")
    slapd.wait_served(server.root(), lambda c: slapd.names(c, "(loginShell=/bin/sh)"), "accounts",
                      60.0)
    monitor = server.connect("cn=monitor", "monitor")
    check(monitor.search_s("cn=monitor", ldap.SCOPE_SUBTREE, "(rollcallRevision=*)",
                           ["+"]), "cn=monitor")
    monitor.unbind_s()
    load(server, path, 3)
    root = server.root()
    people = slapd.names(root, "(uid=*)")
    os.rename(path, path + ".away")
    server.process.wait_log("start rollcalld, which makes it", 60.0)
    equal(slapd.names(root, "(uid=*)"), people)
    os.rename(path + ".away", path)
    server.process.wait_log("the database can be read again", 60.0)
    config = server.connect("cn=config", "config")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         "(objectClass=olcRollcallConfig)")[0][0]
    for view in (b"scim", b"nothing", b"ldap"):
        config.modify_s(dn, [(ldap.MOD_REPLACE, "olcRollcallView", [view])])
        slapd.names(root, "(uid=*)")
    config.unbind_s()
    root.unbind_s()
    server.stop()
    equal(server.lost(), (0, 0), "bytes lost and errors\n" + server.log()[-6000:])


@test("as much memory is in use after much work as after a little")
def no_growth():
    if shutil.which("vgdb") is None:
        raise Skip("vgdb is not installed")
    path = world.path("growth.db")
    slapd.seed(world, "create", "--people", "150", path)
    server = slapd.Slapd(world, "growth", slapd.global_part() +
                         slapd.database_part(path))
    slapd.VALGRIND.append("--freelist-vol=0")       # what is free counts as free
    server.start()
    slapd.VALGRIND.pop()
    root = server.root()
    used = []
    for rounds in (2, 3):
        load(server, path, rounds)
        change(path, "random 1 0")
        slapd.names(root, "(uid=*)")
        used.append(in_use(server))
    root.unbind_s()
    server.stop()
    check(used[1] < used[0] + GROWTH, f"{used[0]} bytes in use became {used[1]}")
    equal(server.lost(), (0, 0), "bytes lost and errors\n" + server.log()[-6000:])


@test("nothing is lost where replicas follow")
def followed():
    if shutil.which("valgrind") is None:
        raise Skip("valgrind is not installed")
    here = Followed(world, 100, name="followed.db", more=CONFIG)
    begin = phases(here.server, None).cookie
    reader = here.server.connect(CONSUMER, "s3cret")
    persist = reader.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, serverctrls=[
        ldap.controls.RequestControl("1.3.6.1.4.1.4203.1.9.1.1", True, b"\x30\x03\x0a\x01\x03")])
    for i in range(3):
        before = csn(here.ldap)
        here.change(f"random 20 {i} , hide {20 + i} , rename 3 Round-{i} , rename 4 Other-{i}")
        wait_until(lambda b=before: csn(here.ldap) > b, "the change", 60.0)
        here.change(f"show {20 + i} , rename 3 Other-{i} , rename 4 Round-{i}")
        phases(here.server, begin)
    with sqlite3.connect(here.path) as database:
        database.execute("UPDATE meta SET value = '12345678-1234-4234-8234-123456789012'"
                         " WHERE name = 'epoch'")
        database.execute("UPDATE view SET forgotten = stamp")
    before = csn(here.ldap)
    wait_until(lambda: csn(here.ldap) > before, "another epoch", 60.0)
    phases(here.server, begin)
    reader.abandon(persist)
    for connection in (reader, here.ldap):
        connection.unbind_s()
    here.server.stop()
    equal(here.server.lost(), (0, 0), "bytes lost and errors\n" + here.server.log()[-6000:])


@test("tools lose nothing")
def tools():
    if shutil.which("valgrind") is None:
        raise Skip("valgrind is not installed")
    path = world.path("rollcall.db")
    server = slapd.Slapd(world, "tools", slapd.global_part() + slapd.database_part(path))
    for tool in (["slapcat", "-a", "(cn=*a*)"], ["slapschema"], ["slaptest"]):
        status, _, errors = world.run(
            slapd.VALGRIND + [f"/usr/sbin/{tool[0]}", *server.arguments(), *tool[1:]], None)
        equal(status, 0, errors)
        for line in errors.split("\n"):
            match = re.search(r"== +([\d,]+)(?: \([^)]*\))? bytes in .* definitely lost", line)
            if match and int(match.group(1).replace(",", "")) > slapd.STOCK_LOSS:
                raise AssertionError(errors)


main()
