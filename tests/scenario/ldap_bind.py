"""Who may bind: LDAP clients and the rootdn, nobody else; and what the shipped access control
lets them see."""
import os
import sys
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, main, test        # noqa: E402
from world import World, wait_until             # noqa: E402
import slapd                                    # noqa: E402
from slapd import SUFFIX, ldap                  # noqa: E402

SERVICES = "ou=services," + SUFFIX
world = World()
state = {}


def example_rules():
    """The rules of the shipped example, for this suffix."""
    path = os.path.join(SOURCE, "backend/slapd.conf.example")
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    rules, inside = [], False
    for line in lines:
        inside = line.startswith("access ") or inside and line[:1].isspace()
        if inside:
            rules.append(line)
    check(rules, "the example has no rules")
    return "\n".join(rules)


def prepare():
    if state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "200", path)
    slapd.seed(world, "client", path, "add", "reader")
    slapd.seed(world, "client", path, "add", "Other App", "--secret", "geheim")
    slapd.seed(world, "client", path, "add", "scim app", "--protocol", "scim")
    slapd.seed(world, "client", path, "add", "elsewhere", "--view", "other")
    state["path"] = path
    state["server"] = slapd.Slapd(world, "slapd", slapd.global_part() +
                                  slapd.database_part(path, example_rules())).start()
    return state


def client(*arguments):
    action, name, *rest = arguments
    slapd.seed(world, "client", prepare()["path"], action, name, *rest)


def bind(name, password, base=SERVICES):
    """Whether a client gets in; whatever else happens is raised."""
    try:
        prepare()["server"].connect(f"cn={name},{base}" if base else name,
                                    password).unbind_s()
    except ldap.INVALID_CREDENTIALS as error:
        told = error.args[0]
        equal((told.get("info"), told.get("matched")), (None, None), "what was told")
        return False
    return True


def soon(condition, what):
    begin = time.monotonic()
    wait_until(condition, what, 5.0)
    return time.monotonic() - begin


@test("clients bind with their secret, by any spelling of their name")
def clients():
    check(bind("reader", "secret"), "reader")
    check(bind("READER", "secret"), "READER")
    check(bind("other app", "geheim"), "other app")
    connection = prepare()["server"].connect("CN=Reader," + SERVICES, "secret")
    equal(connection.whoami_s(), "dn:cn=reader," + SERVICES)


@test("nobody else does, and all are told the same")
def others():
    table = [("reader", "wrong"), ("reader", "Secret"), ("nobody", "secret"),
             ("scim app", "secret"), ("elsewhere", "secret"), ("other app", "secret")]
    for name, password in table:
        check(not bind(name, password), name)
    root = prepare()["server"].root()
    person = slapd.names(root, "(objectClass=person)")[0]
    for dn in (person, "uid=nobody,ou=people," + SUFFIX, SERVICES, SUFFIX,
               "cn=Everybody,ou=groups," + SUFFIX, "cn=x,cn=reader," + SERVICES,
               "cn=rollcall," + SUFFIX, "ou=nowhere," + SUFFIX):
        check(not bind(dn, "secret", ""), dn)
    check(not bind("cn=admin," + SUFFIX, "wrong", ""), "the rootdn with a wrong password")
    check(bind("cn=admin," + SUFFIX, "admin", ""), "the rootdn")


@test("a client that is added or revoked is so at once")
def live():
    check(not bind("fresh", "secret"), "before")
    client("add", "fresh")
    check(soon(lambda: bind("fresh", "secret"), "a new client") < 1.0, "too late")
    client("delete", "fresh")
    check(soon(lambda: not bind("fresh", "secret"), "a revoked client") < 1.0, "too late")


@test("while a secret is rotated both are good, then the new one alone")
def rotation():
    client("add", "turning", "--secret", "one")
    soon(lambda: bind("turning", "one"), "the client")
    client("rotate", "turning", "--secret", "two", "--expires", "3600")
    soon(lambda: bind("turning", "two"), "the new secret")
    check(bind("turning", "one"), "the old secret, for an hour")
    world.advance(3599)
    check(bind("turning", "one"), "the old secret, still")
    world.advance(2)
    check(not bind("turning", "one"), "the old secret, after that")
    check(bind("turning", "two"), "the new secret")
    client("rotate", "turning", "--secret", "three")
    soon(lambda: bind("turning", "three"), "the next secret")
    check(not bind("turning", "two"), "a secret that was replaced at once")


@test("a client expires by the clock")
def expiry():
    client("add", "short", "--expires", "60")
    soon(lambda: bind("short", "secret"), "the client")
    world.advance(59)
    check(bind("short", "secret"), "a second before")
    world.advance(2)
    check(not bind("short", "secret"), "a second after")


@test("every scheme that slapd knows is good for a secret")
def schemes():
    table = {
        "plain": "secret",
        "ssha": world.run(["/usr/sbin/slappasswd", "-s", "secret"]).strip(),
        "smd5": world.run(["/usr/sbin/slappasswd", "-h", "{SMD5}", "-s", "secret"]).strip(),
    }
    for name, secret in table.items():
        client("add", name, "--hash", secret)
        soon(lambda name=name: bind(name, "secret"), name)
        check(not bind(name, "other"), name)
    client("add", "broken", "--hash", "{NONSENSE}xyz")
    client("add", "empty", "--hash", "{SSHA}")
    soon(lambda: slapd.entry(prepare()["server"].root(), "cn=empty," + SERVICES), "it")
    for name in ("broken", "empty"):
        check(not bind(name, "secret") and not bind(name, "xyz"), name)


@test("the shipped rules: clients read, nobody else, and no one reads ou=services")
def shipped():
    server = prepare()["server"]
    anonymous = server.connect()
    equal(slapd.names(anonymous, "(objectClass=*)"), "NO_SUCH_OBJECT")
    reader = server.connect("cn=reader," + SERVICES, "secret")
    found = slapd.names(reader, "(objectClass=*)")
    check(len(found) > 180, "people")
    check(not any("services" in dn for dn in found), "ou=services is shown")
    equal(slapd.names(reader, "(objectClass=*)", SERVICES), "NO_SUCH_OBJECT")
    equal(slapd.names(reader, "(objectClass=*)", "cn=other app," + SERVICES),
          "NO_SUCH_OBJECT")
    root = server.root()
    equal(slapd.entry(root, "cn=reader," + SERVICES),
          {"objectClass": [b"top", b"applicationProcess"], "cn": [b"reader"]})


@test("clients are hidden from each other by any rules, and secrets from everybody")
def hidden():
    here = prepare()
    server = slapd.Slapd(world, "open", slapd.global_part() + slapd.database_part(
        here["path"], "access to * by * read")).start()
    reader = server.connect("cn=reader," + SERVICES, "secret")
    equal(slapd.names(reader, "(cn=*)", SERVICES), ["cn=reader," + SERVICES])
    anonymous = server.connect()
    equal(slapd.names(anonymous, "(objectClass=*)", SERVICES), [SERVICES])
    answers = set()
    for name in ("other app", "nobody at all"):
        for call in (lambda dn: anonymous.search_s(dn, ldap.SCOPE_BASE),
                     lambda dn: anonymous.compare_s(dn, "cn", b"x"),
                     lambda dn: reader.search_s("cn=x," + dn, ldap.SCOPE_BASE)):
            try:
                call(f"cn={name},{SERVICES}")
                answers.add("found")
            except ldap.NO_SUCH_OBJECT as error:
                answers.add(error.args[0].get("matched"))
    equal(answers, {SERVICES}, "what was told")
    root = server.root()
    for dn in slapd.names(root, "(cn=*)", SERVICES):
        check("userPassword" not in slapd.entry(root, dn, ["*", "+"]), dn)
    equal(slapd.names(root, "(userPassword=*)"), [])
    server.stop()


@test("rules decide who may bind as a client")
def rules():
    here = prepare()
    server = slapd.Slapd(world, "rules", slapd.global_part() + slapd.database_part(
        here["path"], f'access to dn.base="cn=reader,{SERVICES}" by * none\n'
        "access to * by * read")).start()
    for name, password, good in [("reader", "secret", False), ("other app", "geheim", True)]:
        try:
            server.connect(f"cn={name},{SERVICES}", password)
            equal(good, True, name)
        except ldap.INVALID_CREDENTIALS:
            equal(good, False, name)
    server.stop()


main()
