"""slapd.conf and cn=config, changes while slapd runs, slapd's own tools, and a module that
refuses another slapd."""
import os
import re
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, holds, lacks, main, test    # noqa: E402
from world import BUILD, World                            # noqa: E402
import slapd                                              # noqa: E402
from slapd import SUFFIX, ldap                            # noqa: E402

world = World()
state = {}
CONFIG = 'database config\nrootdn "cn=config"\nrootpw config\n'


def prepare():
    if state:
        return state
    slapd.available()
    state["path"] = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "300", state["path"])
    slapd.seed(world, "client", state["path"], "add", "reader")
    return state


def conf(name, text):
    return slapd.Slapd(world, name, text)


def refused(text):
    """What slaptest says of a configuration that it refuses."""
    status, _, errors = conf("refused", text).tool("slaptest", status=None)
    check(status != 0, f"it was taken:\n{text}")
    return errors


def converted(name, text):
    """The folder of a configuration that was given as a file."""
    folder = world.path(name + ".d")
    os.makedirs(folder)
    conf(name, text).tool("slaptest", "-F", folder)
    return folder


@test("mistakes in slapd.conf are named")
def mistakes():
    path = prepare()["path"]
    good = slapd.global_part()
    head = f'database rollcall\nsuffix "{SUFFIX}"\n'
    holds(refused(good + head), "rollcall-database is missing")
    holds(refused(good + head + "rollcall-database rollcall.db\n"),
          "must be an absolute path")
    holds(refused(good + head + f"rollcall-database {path} more\n"), "extra cruft")
    holds(refused(good + f"database rollcall\nrollcall-database {path}\n"), "suffix")
    holds(refused(good + head + f'suffix "dc=second"\nrollcall-database {path}\n'),
          "one suffix")
    holds(refused(good.replace("inetorgperson", "nis") +
                  slapd.database_part(path)), "inetorgperson.schema")
    without = "\n".join(line for line in good.split("\n") if "schema" not in line)
    holds(refused(without + "\n" + slapd.database_part(path)), "core.schema")


@test("slaptest warns of a database that cannot be read, and is content")
def warned():
    missing = world.path("nowhere.db")
    status, _, errors = conf("missing", slapd.global_part() + slapd.database_part(
        missing)).tool("slaptest", status=None)
    equal(status, 0, errors)
    holds(errors, missing)
    status, output, errors = conf("missing", slapd.global_part() + slapd.database_part(
        missing)).tool("slapcat", status=None)
    check(status != 0 and output == "", "slapcat printed something")
    holds(errors, "could not open database")


@test("the module refuses another slapd, and arguments")
def guard():
    other = os.path.join(BUILD, "tests/lib/.libs/other-slapd.so")
    said = refused(f"moduleload {other}\n")
    holds(said, "not loaded: built for OpenLDAP 2.6.12, but this is")
    holds(said, "slapd 2.5.")
    for name, what in (("attribute", "an attribute takes"), ("operation", "controls of an")):
        said = refused(f"moduleload {os.path.join(BUILD, f'tests/lib/.libs/other-{name}.so')}\n")
        holds(said, "not loaded: its structures lie differently")
        holds(said, what)
    holds(refused(f"moduleload {slapd.MODULE} argument\n"), "takes no arguments")


@test("slapd.conf becomes cn=config and serves the same")
def conversion():
    path = prepare()["path"]
    text = slapd.global_part() + slapd.database_part(path, "rollcall-view ldap")
    ldif = conf("plain", text).tool("slapcat", "-b", SUFFIX)
    folder = converted("conversion", text)
    server = slapd.Slapd(world, "conversion-d", None, folder)
    equal(server.tool("slapcat", "-b", SUFFIX), ldif)
    found = server.tool("slapcat", "-n0").replace("\n ", "")
    holds(found, f"olcRollcallDatabase: {path}")
    holds(found, "olcRollcallView: ldap")
    holds(found, "objectClass: olcRollcallConfig")
    server.start()
    check(len(slapd.names(server.root(), "(uid=*)")) > 250, "people")
    server.stop()


@test("the LDIF example makes a server")
def example_ldif():
    with open(os.path.join(SOURCE, "backend/slapd.ldif.example"), encoding="utf-8") as stream:
        text = stream.read()
    text = text.replace("back_rollcall", slapd.MODULE)
    text = text.replace("/var/lib/rollcall/rollcall.db", prepare()["path"])
    text = re.sub(r"(olcPidFile|olcArgsFile): .*\n", "", text)
    folder = world.path("example.d")
    os.makedirs(folder)
    world.write("example.ldif", text)
    world.run(["/usr/sbin/slapadd", "-n0", "-F", folder, "-l", world.path("example.ldif")])
    server = slapd.Slapd(world, "example", None, folder).start()
    reader = server.connect("cn=reader,ou=services," + SUFFIX, "secret")
    found = slapd.names(reader, "(objectClass=*)")
    check(len(found) > 250 and not any("services" in dn for dn in found), "what is read")
    equal(slapd.names(server.connect(), "(objectClass=*)"), "NO_SUCH_OBJECT")
    server.stop()


@test("the slapd.conf example is accepted")
def example_conf():
    with open(os.path.join(SOURCE, "backend/slapd.conf.example"), encoding="utf-8") as stream:
        text = stream.read()
    text = text.replace("moduleload\tback_rollcall", f"moduleload {slapd.MODULE}")
    text = text.replace("/var/lib/rollcall/rollcall.db", prepare()["path"])
    text = text.replace("/run/slapd", world.folder)
    server = conf("shipped", text)
    server.tool("slaptest")
    server.start()
    reader = server.connect("cn=reader,ou=services," + SUFFIX, "secret")
    check(len(slapd.names(reader, "(uid=*)")) > 250, "people")
    server.stop()


@test("database and view change while slapd runs; a mistake leaves what is served")
def runtime():
    path = prepare()["path"]
    second = world.path("second.db")
    slapd.seed(world, "create", "--people", "50", "--seed", "8", second)
    other = world.path("othersuffix.db")
    slapd.seed(world, "create", "--people", "9", "--suffix", "dc=other", other)
    server = conf("runtime", slapd.global_part() + CONFIG +
                  slapd.database_part(path)).start()
    config = server.connect("cn=config", "config")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         "(objectClass=olcRollcallConfig)")[0][0]
    root = server.root()

    def people():
        return len(slapd.names(root, "(uid=*)"))

    def modify(name, value):
        config.modify_s(dn, [(ldap.MOD_REPLACE, name, value and [value.encode()])])

    before = people()
    modify("olcRollcallDatabase", second)
    check(people() < 60, "the second database")
    modify("olcRollcallDatabase", path)
    equal(people(), before)
    modify("olcRollcallView", "scim")
    check(people() > before, "the other view")
    modify("olcRollcallView", None)
    equal(people(), before)
    for name, value, said in [("olcRollcallDatabase", other, "dc=other"),
                              ("olcRollcallDatabase", "relative", "absolute path"),
                              ("olcRollcallDatabase", None, "olcRollcallDatabase")]:
        try:
            modify(name, value)
            raise AssertionError(f"{value} was taken")
        except ldap.LDAPError as error:
            holds(str(error.args[0].get("info")), said)
        equal(people(), before)
    # What does not exist yet is waited for.
    modify("olcRollcallDatabase", world.path("future.db"))
    equal(slapd.names(root, "(uid=*)"), "UNAVAILABLE")
    modify("olcRollcallDatabase", path)
    equal(people(), before)
    server.stop()


@test("a database is added and removed while slapd runs")
def added():
    path = prepare()["path"]
    folder = converted("bare", slapd.global_part() + CONFIG)
    server = slapd.Slapd(world, "added", None, folder).start()
    config = server.connect("cn=config", "config")
    entry = [("objectClass", [b"olcDatabaseConfig", b"olcRollcallConfig"]),
             ("olcDatabase", [b"rollcall"]), ("olcSuffix", [SUFFIX.encode()]),
             ("olcRootDN", [f"cn=admin,{SUFFIX}".encode()]), ("olcRootPW", [b"admin"]),
             ("olcRollcallDatabase", [path.encode()])]
    config.add_s("olcDatabase=rollcall,cn=config", entry)
    root = server.root()
    check(len(slapd.names(root, "(uid=*)")) > 250, "people")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         "(objectClass=olcRollcallConfig)")[0][0]
    config.delete_s(dn)
    equal(slapd.names(root, "(uid=*)"), "NO_SUCH_OBJECT")
    config.add_s("olcDatabase=rollcall,cn=config", entry)
    check(len(slapd.names(server.root(), "(uid=*)")) > 250, "people")
    server.stop()


@test("slapcat takes a base, a scope and a filter")
def slapcat():
    path = prepare()["path"]
    server = conf("tools", slapd.global_part() + slapd.database_part(path))
    dns = [re.findall("^dn: (.*)$", server.tool("slapcat", *arguments), re.MULTILINE)
           for arguments in (["-b", SUFFIX], ["-H", f"ldap:///ou=groups,{SUFFIX}??sub?"],
                             ["-a", "(departmentNumber=Sales)"],
                             ["-a", "(&(objectClass=person)(l=Berlin))"])]
    check(dns[0][0] == SUFFIX and all("ou=groups" in dn for dn in dns[1]), "bases")
    equal(len(dns[1]), len([dn for dn in dns[0] if "ou=groups" in dn]))
    server.start()
    root = server.root()
    for text, found in (("(departmentNumber=Sales)", dns[2]),
                        ("(&(objectClass=person)(l=Berlin))", dns[3])):
        equal(sorted(found), slapd.names(root, text))
    server.stop()


@test("slapacl and slapschema know the entries")
def slapacl():
    path = prepare()["path"]
    server = conf("acl", slapd.global_part() + slapd.database_part(
        path, 'access to attrs=title by * none\naccess to filter="(l=Berlin)" by * search\n'
        "access to * by * read"))
    dn = re.search("^dn: (uid=.*)$", server.tool("slapcat", "-a", "(l=Berlin)"),
                   re.MULTILINE).group(1)
    status, output, errors = server.tool("slapacl", "-b", dn, "title/read", "sn/read",
                                         "sn/search", status=None)
    holds(output + errors, "read access to title: DENIED")
    holds(output + errors, "read access to sn: DENIED")
    holds(output + errors, "search access to sn: ALLOWED")
    status, output, errors = server.tool("slapacl", "-b", "uid=nobody," + SUFFIX,
                                         "sn/read", status=None)
    check(status != 0, "slapacl found nobody")
    equal(server.tool("slapschema"), "")
    for tool in ("slapadd", "slapindex"):
        status, _, errors = server.tool(tool, status=None)
        check(status != 0, tool)
        lacks(errors, "core dumped")


@test("tools read beside a slapd that runs")
def beside():
    path = prepare()["path"]
    server = conf("beside", slapd.global_part() + slapd.database_part(path)).start()
    for _ in range(3):
        slapd.seed(world, "change", path, "random", "20")
        ldif = server.tool("slapcat", "-b", SUFFIX)
        stamp = re.search("^contextCSN: (.*)$", ldif, re.MULTILINE).group(1).encode()
        slapd.wait_served(server.root(), lambda c, s=stamp: slapd.entry(
            c, SUFFIX, ["contextCSN"])["contextCSN"] == [s], "the same state")
    server.stop()


main()
