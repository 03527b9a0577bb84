"""Pairs of directories that differ only in people who were never served: no request to either can
tell which is which (rulings F19, acceptance 4). And what a hidden person leaves behind is what
one who never existed leaves."""
import os
import shutil
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from pairs import GONE, MIXED, SHOWN, Pair                   # noqa: E402
from tap import Skip, check, equal, main, test                    # noqa: E402
from world import World                                     # noqa: E402
import slapd                                                # noqa: E402
from slapd import SUFFIX, ldap                              # noqa: E402

PEOPLE = "ou=people," + SUFFIX
GROUPS = "ou=groups," + SUFFIX
STAMPS = ("entryCSN", "contextCSN", "createTimestamp", "modifyTimestamp")
world = World()
state = {}


def make(name, people):
    house = state["houses"].house(name, people)
    house.stop()
    text = slapd.global_part().replace(f"include {slapd.SCHEMAS}/inetorgperson.schema",
                                       f"include {slapd.SCHEMAS}/inetorgperson.schema\n"
                                       f"include {slapd.SCHEMAS}/nis.schema")
    return slapd.Slapd(world, name + "-slapd", text + slapd.database_part(
        house.database, "access to * by * read")).start()


def prepare():
    if "pair" not in state:
        slapd.available()
        state["houses"] = Pair(world, "[posix]\nenabled = yes")
        state["pair"] = make("with", MIXED), make("without", SHOWN)
    return state["pair"]


def plain(found):
    """Entries in their order, with stamps as their rank among all stamps of the answer."""
    stamps = sorted({value for _, entry in found for name in STAMPS
                     for value in entry.get(name, [])})
    return [(dn, sorted((name, tuple(stamps.index(value) if name in STAMPS else value
                                     for value in values)) for name, values in entry.items()))
            for dn, entry in found]


def ask(connection, call):
    """What a client learns: entries, or the code with everything that comes with it."""
    try:
        return plain(call(connection)) if call else None
    except ldap.LDAPError as error:
        told = error.args[0]
        return type(error).__name__, told.get("matched"), told.get("info")


def both(call, what):
    one, two = (ask(server.connect(), call) for server in prepare())
    equal(one, two, what)
    return one


def search(text, base=SUFFIX, scope=ldap.SCOPE_SUBTREE, attributes=("*", "+"), **more):
    return lambda connection: connection.search_ext_s(base, scope, text, list(attributes), **more)


def probes(uid):
    """Everything one may try to find a person, or what is left of one."""
    dn = f"uid={uid},{PEOPLE}"
    yield search("(objectClass=*)", dn, ldap.SCOPE_BASE)
    yield search("(objectClass=*)", dn)
    yield search("(objectClass=*)", "cn=x," + dn, ldap.SCOPE_ONELEVEL)
    yield lambda c: [("compared", {"is": [str(c.compare_s(dn, "cn", b"x")).encode()]})]
    yield lambda c: c.simple_bind_s(dn, "x") and []
    yield lambda c: c.delete_s(dn) and []
    yield lambda c: c.modify_s(dn, [(ldap.MOD_REPLACE, "cn", [b"x"])]) and []
    yield lambda c: c.rename_s(dn, "uid=y") and []
    for text in ("(uid={0})", "(uid={0}*)", "(mail={0}@example.com)", "(mail=*{0}*)", "(cn~={0})",
                 "(manager=uid={0}," + PEOPLE + ")", "(member=uid={0}," + PEOPLE + ")",
                 "(entryDN=uid={0}," + PEOPLE + ")", "(&(uid={0})(objectClass=person))",
                 "(|(uid={0})(uid=person1))", "(!(uid={0}))"):
        yield search(text.format(uid))


@test("two directories that show the same are the same, entry by entry, in their order")
def whole():
    found = both(search("(objectClass=*)"), "everything")
    equal(len([dn for dn, _ in found if dn.endswith("," + PEOPLE)]), len(SHOWN))
    check(not any(word in repr(found).lower() for word in (
        "secret", "joiner", "ghost", "hidden team", "intern", "spy")), "a trace")
    numbers = [dict(entry)["uidNumber"][0] for dn, entry in found if "uidNumber" in dict(entry)]
    equal(sorted(numbers), [str(200000 + n).encode() for n in range(len(SHOWN))])


@test("whoever looks for one of the never served learns what of nobody at all")
def names():
    for uid in GONE:
        for number, call in enumerate(probes(uid)):
            both(call, f"{uid}, probe {number}")


@test("codes, texts and counts are those of nobody at all in one directory too")
def same():
    server = prepare()[0]
    for number, calls in enumerate(zip(*(probes(uid) for uid in GONE))):
        answers = [repr(ask(server.connect(), call)).replace(uid, "UID")
                   for uid, call in zip(GONE, calls)]
        equal(len(set(answers)), 1, f"probe {number}: {sorted(set(answers))}")


@test("groups, departments, titles and managers of theirs do not show")
def references():
    for text in ("(cn=Hidden team)", "(ou=Hidden team)", "(title=Spy)", "(l=Lyon)",
                 "(employeeType=INTERN)", "(physicalDeliveryOfficeName=Lyon)", "(employeeNumber>=9)",
                 "(employeeNumber=90*)", "(uidNumber>=200040)", "(memberOf=*)", "(manager=*)",
                 "(rollcallStatus=onboarding)", "(gidNumber=*)"):
        both(search(text), text)
    for base in ("cn=Hidden team," + GROUPS, GROUPS, PEOPLE):
        both(search("(objectClass=*)", base, ldap.SCOPE_BASE), base)
        both(search("(objectClass=*)", base, ldap.SCOPE_ONELEVEL), base)


@test("sizes, limits and pages are the same")
def pages():
    for size in (1, 5, 39, 40, 41):
        both(search("(objectClass=person)", sizelimit=size), f"size limit {size}")

    def paged(connection):
        control = ldap.controls.libldap.SimplePagedResultsControl(True, size=7, cookie="")
        found = []
        while True:
            number = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, "(uid=*)", ["1.1"],
                                           serverctrls=[control])
            _, rows, _, answers = connection.result3(number)
            found.append((f"page of {len(rows)}", {"estimate": [str(
                answers[0].size).encode()], "cookie": [str(len(answers[0].cookie)).encode()]}))
            if not answers[0].cookie:
                return found
            control.cookie = answers[0].cookie

    equal(len(both(paged, "pages")), 6)


@test("cookies of pages tell no ids")
def cookies():
    connection = prepare()[0].connect()
    seen = []
    for size in range(1, 30):
        control = ldap.controls.libldap.SimplePagedResultsControl(True, size=size, cookie="")
        number = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, "(uid=*)", ["1.1"],
                                       serverctrls=[control])
        seen.append(bytes(connection.result3(number)[3][0].cookie)[:8])
    # An id in the clear has a zero byte at the same place in all of them.
    check(not any(all(cookie[at] == 0 for cookie in seen) for at in range(8)), "zero bytes")


def instructions(server, calls):
    """How many instructions the module's searches take, counted by callgrind."""
    out = world.path(server.name + ".callgrind")
    server.stop()
    command = slapd.VALGRIND[:]
    slapd.VALGRIND[:] = ["valgrind", "--tool=callgrind", "--toggle-collect=search_op",
                         f"--callgrind-out-file={out}"]
    os.environ["ROLLCALL_VALGRIND"] = "1"
    try:
        server.start()
        connection = server.connect()
        for call in calls:
            ask(connection, call)
        connection.unbind_s()
        server.stop()
    finally:
        slapd.VALGRIND[:] = command
        del os.environ["ROLLCALL_VALGRIND"]
    with open(out, encoding="utf-8") as stream:
        return int(next(line for line in stream if line.startswith("summary:")).split()[1])


@test("a search takes as many instructions where somebody was never served as where nobody is")
def timing():
    if shutil.which("valgrind") is None or "ROLLCALL_VALGRIND" in os.environ:
        raise Skip("valgrind is not installed, or in use")
    calls = [call for uid in GONE for number, call in enumerate(probes(uid))
             if number < 3 or number > 7]
    with_them, without = (instructions(server, calls) for server in prepare())
    check(with_them > 100000, f"{with_them} were counted: the module has no symbols")
    # The ids of who is served lie otherwise, so that a few loops take another turn.
    check(abs(with_them - without) < without // 200, f"{with_them} and {without} instructions")


main()
