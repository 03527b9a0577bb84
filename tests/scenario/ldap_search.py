"""The protocol: scopes, requested attributes, limits, paging, controls, compare, refusals."""
import os
import re
import socket
import struct
import sys
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, holds, main, test    # noqa: E402
from world import World, wait_until                # noqa: E402
import slapd                                       # noqa: E402
from slapd import SUFFIX, ldap                     # noqa: E402

PEOPLE = 3000
REFUSAL = "the directory follows the HR system"
UNITS = ["people", "groups", "services"]
LIMITS = """limits dn.exact="cn=small" size.soft=7 size.hard=9
limits dn.exact="cn=unchecked" size=unlimited size.unchecked=200
limits dn.exact="cn=paged" size.pr=5 size.prtotal=12
limits dn.exact="cn=unpaged" size.prtotal=disabled
limits dn.exact="cn=hurried" time.soft=1 time.hard=2
access to dn.subtree="ou=groups,{0}" by dn.exact="cn=blind" none by * read
access to dn.base="ou=people,{0}" attrs=entry by dn.exact="cn=guess" search by * read
access to dn.children="ou=people,{0}" by dn.exact="cn=guess" none by * read
access to dn.base="{0}" by dn.exact="cn=guess" disclose by * read
access to * by * read
""".format(SUFFIX)
USERS = "".join(f'database null\nsuffix "cn={name}"\nrootdn "cn={name}"\nrootpw {name}\n'
                for name in ["small", "unchecked", "paged", "unpaged", "blind", "guess", "hurried"])

world = World()
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--seed", "9", path)
    slapd.seed(world, "client", path, "add", "reader")
    state["path"] = path
    state["server"] = slapd.Slapd(world, "slapd", slapd.global_part(
        extra="moduleload back_null") + slapd.database_part(path, LIMITS) + USERS).start()
    state["ldap"] = state["server"].root()
    found = state["ldap"].search_s("ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL)
    state["people"] = dict(found)
    state["person"] = found[0][0]
    return state


def change(steps):
    slapd.seed(world, "change", prepare()["path"], *steps.split())


def user(name):
    return prepare()["server"].connect("cn=" + name, name)


def names(base, scope, text="(objectClass=*)", who=None):
    return slapd.names(who or prepare()["ldap"], text, base, scope)


def pages(connection, base, text, size, cookie=b"", limit=None):
    """Reads pages to the end, or `limit` of them: their DNs, page by page, and the cookie."""
    result = []
    while limit is None or len(result) < limit:
        control = ldap.controls.libldap.SimplePagedResultsControl(True, size, cookie)
        message = connection.search_ext(base, ldap.SCOPE_SUBTREE, text, ["1.1"],
                                        serverctrls=[control])
        _, entries, _, controls = connection.result3(message)
        result.append([dn for dn, _ in entries])
        cookie = controls[0].cookie
        if not cookie:
            break
    return result, cookie


def refuses(error, call, *arguments, text=None):
    try:
        call(*arguments)
    except ldap.LDAPError as raised:
        equal(type(raised).__name__, error.__name__, "error")
        if text is not None:
            equal(raised.args[0].get("info"), text, "diagnostic message")
        return raised.args[0]
    raise AssertionError(f"{error.__name__} was expected")


@test("scopes take in what they should")
def scopes():
    here = prepare()
    people, groups = len(here["people"]), len(names("ou=groups," + SUFFIX,
                                                    ldap.SCOPE_ONELEVEL))
    check(people > PEOPLE * 0.9 and groups > 10, "too few")
    base, one, sub, below = (ldap.SCOPE_BASE, ldap.SCOPE_ONELEVEL, ldap.SCOPE_SUBTREE,
                             ldap.SCOPE_SUBORDINATE)
    table = {
        SUFFIX: (1, 3, 5 + people + groups, 4 + people + groups),
        "ou=people," + SUFFIX: (1, people, 1 + people, people),
        "ou=groups," + SUFFIX: (1, groups, 1 + groups, groups),
        "ou=services," + SUFFIX: (1, 1, 2, 1),
        here["person"]: (1, 0, 1, 0),
        "cn=Everybody,ou=groups," + SUFFIX: (1, 0, 1, 0),
        "cn=reader,ou=services," + SUFFIX: (1, 0, 1, 0),
    }
    for dn, counts in table.items():
        equal(tuple(len(names(dn, scope)) for scope in (base, one, sub, below)), counts, dn)
    equal(names(SUFFIX, one), sorted(f"ou={u},{SUFFIX}" for u in UNITS))


@test("attributes come as they were asked for")
def requested():
    here = prepare()
    connection, dn = here["ldap"], here["person"]
    every = slapd.entry(connection, dn)
    check("uid" in every and "memberOf" not in every and "entryUUID" not in every, "default")
    equal(slapd.entry(connection, dn, ["*"]), every)
    more = slapd.entry(connection, dn, ["+"])
    check("uid" not in more and "memberOf" in more and "entryCSN" in more, "+")
    both = slapd.entry(connection, dn, ["*", "+"])
    equal(set(both), set(every) | set(more))
    equal(slapd.entry(connection, dn, ["1.1"]), {})
    equal(set(slapd.entry(connection, dn, ["UID", "memberof", "nonsense", "1.1"])),
          {"uid", "memberOf"})
    equal(set(slapd.entry(connection, dn, ["name"])) & {"cn", "sn", "givenName"},
          {"cn", "sn", "givenName"}, "subtypes of name")
    own = set(slapd.entry(connection, dn, ["@rollcallPerson"]))
    check("rollcallStatus" in own and "mail" not in own, "@rollcallPerson")
    found = connection.search_ext_s(dn, ldap.SCOPE_BASE, attrlist=["uid", "cn"], attrsonly=1)
    equal({name: list(values) for name, values in found[0][1].items()},
          {"uid": [], "cn": []})


@test("size limits of client and server hold")
def size_limits():
    connection = prepare()["ldap"]
    message = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=person)",
                                    ["1.1"], sizelimit=5)
    entries = []
    try:
        while True:
            kind, data = connection.result(message, 0)
            if kind == ldap.RES_SEARCH_RESULT:
                raise AssertionError("no limit was met")
            entries += data
    except ldap.SIZELIMIT_EXCEEDED:
        pass
    equal(len(entries), 5)
    small = user("small")
    equal(names(SUFFIX, ldap.SCOPE_SUBTREE, who=small), "SIZELIMIT_EXCEEDED")
    equal(len(names(here_uid(), ldap.SCOPE_BASE, who=small)), 1)


def number(dn):
    return int(re.search(r"(\d+),", dn).group(1))


def here_uid():
    return prepare()["person"]


@test("limits on unchecked candidates know what the indexes know")
def unchecked():
    connection = user("unchecked")
    uid = prepare()["people"][here_uid()]["uid"][0].decode()
    equal(len(names(SUFFIX, ldap.SCOPE_SUBTREE, f"(uid={uid})", connection)), 1)
    equal(names(SUFFIX, ldap.SCOPE_SUBTREE, "(description=x)", connection), [])
    # Presence, order and classes have indexes too: each of these is true of few.
    starts = sorted(entry["rollcallStartDate"][0].decode() for entry in
                    prepare()["people"].values() if "rollcallStartDate" in entry)
    for text in ["(objectClass=groupOfNames)", "(member=*)", "(rollcallGroupType=*)",
                 "(rollcallEndDate=*)", f"(rollcallStartDate>={starts[-100]})",
                 f"(rollcallStartDate<={starts[100]})", "(createTimestamp<=20000101000000Z)",
                 f"(&(l=*)(rollcallStartDate>={starts[-100]}))"]:
        found = names(SUFFIX, ldap.SCOPE_SUBTREE, text, connection)
        check(isinstance(found, list) and found, f"{text}: {found}")
    for text in ["(title=*x*)", "(objectClass=person)", "(!(uid=x))", "(sn=*)"]:
        equal(names(SUFFIX, ldap.SCOPE_SUBTREE, text, connection), "ADMINLIMIT_EXCEEDED", text)


# No index helps, and nothing is found: seconds of work for every entry's every value.
LONG, LONGER = ("(|" + "".join(f"(:caseIgnoreMatch:=nobody {i})" for i in range(count)) + ")"
                for count in (400, 4000))


def segments(connection):
    """How many segments with data a connection has received (tcp(7): tcpi_data_segs_in)."""
    handle = socket.socket(fileno=os.dup(connection.fileno()))
    with handle:
        return struct.unpack_from("I", handle.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO,
                                                         160), 152)[0]


@test("answers come in few segments, and at once")
def corked():
    here = prepare()
    connection = here["server"].root()
    uid = here["people"][here["person"]]["uid"][0].decode()
    everybody = len(here["people"])
    for text, least, most in [(f"(uid={uid})", 1, 1), ("(cn=a*)", 50, 20),
                              ("(objectClass=inetOrgPerson)", everybody, everybody / 4)]:
        before = segments(connection)
        found = connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, text)
        check(len(found) >= least, f"{text}: {len(found)} entries")
        count = segments(connection) - before
        check(0 < count <= most, f"{text}: {count} segments for {len(found)} entries")
    # Whatever ends a search, the kernel does not wait for more, which would take 200 ms.
    began = time.monotonic()
    for _ in range(10):
        refuses(ldap.SIZELIMIT_EXCEEDED, connection.search_ext_s, SUFFIX, ldap.SCOPE_SUBTREE,
                "(title=*)", None, 0, None, None, -1, 3)
        equal(len(names(SUFFIX, ldap.SCOPE_SUBTREE, f"(uid={uid})", connection)), 1)
    check(time.monotonic() - began < 1.5, "answers are held back")


@test("a time limit ends a long search, and one whose client is slow")
def time_limit():
    connection = prepare()["server"].root()
    message = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["*", "+"],
                                    timeout=-1, sizelimit=0)
    connection.abandon(message)
    connection.set_option(ldap.OPT_TIMELIMIT, 1)
    message = connection.search(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["*", "+"])
    begin = time.monotonic()        # the server fills the socket and waits
    other = prepare()["server"].root()
    other.set_option(ldap.OPT_TIMELIMIT, 1)
    refuses(ldap.TIMELIMIT_EXCEEDED, other.search_s, SUFFIX, ldap.SCOPE_SUBTREE, LONGER)
    wait_until(lambda: time.monotonic() - begin > 2.2, "two seconds")
    refuses(ldap.TIMELIMIT_EXCEEDED, lambda: connection.result(message))


@test("the server's time limits hold, whatever the client asks for")
def server_time_limit():
    hurried = user("hurried")
    for asked in (0, 1000):         # the soft limit; no more than the hard one
        hurried.set_option(ldap.OPT_TIMELIMIT, asked)
        begin = time.monotonic()
        refuses(ldap.TIMELIMIT_EXCEEDED, hurried.search_s, SUFFIX, ldap.SCOPE_SUBTREE, LONGER)
        took = time.monotonic() - begin
        check(took < 4, f"{asked}: it took {took:.1f} s")
    equal(len(slapd.names(hurried, "(objectClass=*)", SUFFIX, ldap.SCOPE_BASE)), 1)


def busy(server):
    """Operations that slapd is at work on, cn=monitor's own search not counted."""
    found = server.connect("cn=monitor", "monitor").search_s(
        "cn=Active,cn=Threads,cn=Monitor", ldap.SCOPE_BASE, attrlist=["monitoredInfo"])
    return int(found[0][1]["monitoredInfo"][0]) - 1


@test("long searches end when they are abandoned, and answer when they are cancelled")
def abandon():
    server = slapd.Slapd(world, "long", slapd.global_part(extra="moduleload back_monitor") +
                         "database monitor\nrootdn cn=monitor\nrootpw monitor\n" +
                         slapd.database_part(prepare()["path"])).start()
    connection = server.root()
    begin = time.monotonic()
    equal(slapd.names(connection, LONG), [])
    whole = time.monotonic() - begin
    check(whole > 0.5, f"{whole} s is not long")
    # One on each: slapd lets a connection have half of its threads, an abandon counted.
    pair = [connection, server.root()]
    messages = [c.search(SUFFIX, ldap.SCOPE_SUBTREE, LONG) for c in pair]
    wait_until(lambda: busy(server) == 2, "two searches")
    begin = time.monotonic()
    for one, message in zip(pair, messages):
        one.abandon(message)
    wait_until(lambda: busy(server) == 0, "no more searches")
    message = connection.search(SUFFIX, ldap.SCOPE_SUBTREE, LONG)
    wait_until(lambda: busy(server) == 1, "one search")
    connection.cancel_s(message)
    wait_until(lambda: busy(server) == 0, "no more searches")
    # Abandoned and cancelled ones together would take twice as long as one, at the least.
    check(time.monotonic() - begin < 2 * whole, "they went on to their end")
    refuses(ldap.CANCELLED, connection.result, message)
    message = connection.search(SUFFIX, ldap.SCOPE_SUBTREE, LONG)
    wait_until(lambda: busy(server) == 1, "one more")
    begin = time.monotonic()
    equal(server.stop(), 0)
    check(time.monotonic() - begin < whole, "slapd did not end")


@test("pages of any size give everything once, in a stable order")
def paging():
    connection = prepare()["ldap"]
    whole = names(SUFFIX, ldap.SCOPE_SUBTREE)
    order = None
    for size in (1000, 37, 499, len(whole), len(whole) + 1):
        found, cookie = pages(connection, SUFFIX, "(objectClass=*)", size)
        flat = [dn for page in found for dn in page]
        equal(sorted(flat), whole, f"pages of {size}")
        check(all(len(page) == size for page in found[:-1]), "a page is short")
        order = order or flat
        equal(flat, order, "order")
        equal(cookie, b"")
    few, _ = pages(connection, SUFFIX, "(&(l=Berlin)(sn=M*))", 3)
    equal(sorted(dn for page in few for dn in page),
          names(SUFFIX, ldap.SCOPE_SUBTREE, "(&(l=Berlin)(sn=M*))"))


@test("several paged searches run on one connection")
def interleaved():
    connection = prepare()["ldap"]
    filters = ["(objectClass=person)", "(objectClass=groupOfNames)", "(l=Berlin)"]
    cookies = [b""] * len(filters)
    found = [[] for _ in filters]
    going = set(range(len(filters)))
    while going:
        for i in sorted(going):
            page, cookies[i] = pages(connection, SUFFIX, filters[i], 50, cookies[i], 1)
            found[i] += page[0]
            if not cookies[i]:
                going.discard(i)
    for text, dns in zip(filters, found):
        equal(sorted(dns), names(SUFFIX, ldap.SCOPE_SUBTREE, text), text)


@test("pages stay stable while the directory changes")
def paging_live():
    here = prepare()
    connection = here["ldap"]
    before = set(names("ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL))
    first, cookie = pages(connection, SUFFIX, "(objectClass=person)", 300, limit=2)
    # The id stands at the end of a made-up uid: one was sent already, one is to come.
    early, late = (re.search(r"(\d+),", sorted(before, key=number)[i]).group(1)
                   for i in (20, -20))
    change(f"hide {early} , hide {late} , random 300 1")
    slapd.wait_served(connection, lambda c: len(names(
        "ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL)) == len(before) - 2, "two people less")
    rest, _ = pages(connection, SUFFIX, "(objectClass=person)", 300, cookie)
    found = [dn for page in first + rest for dn in page]
    after = set(names("ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL))
    equal(len(found), len(set(found)), "somebody came twice")
    check(after <= set(found) <= before, "somebody is missing")
    change(f"show {early} , show {late}")
    slapd.wait_served(connection, lambda c: len(names(
        "ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL)) == len(before), "both are back")


@test("cookies cannot be made up or carried to another search")
def cookies():
    connection = prepare()["ldap"]
    _, cookie = pages(connection, SUFFIX, "(objectClass=person)", 10, limit=1)
    for broken in (cookie[:-1], cookie + b"x", b"x", cookie[:-1] + b"\x00",
                   b"\xff" * len(cookie)):
        refuses(ldap.UNWILLING_TO_PERFORM, pages, connection, SUFFIX,
                "(objectClass=person)", 10, broken, 1)
    refuses(ldap.UNWILLING_TO_PERFORM, pages, connection, SUFFIX, "(objectClass=*)", 10,
            cookie, 1)
    refuses(ldap.UNWILLING_TO_PERFORM, pages, connection, "ou=people," + SUFFIX,
            "(objectClass=person)", 10, cookie, 1)
    equal(pages(connection, SUFFIX, "(objectClass=person)", 0, cookie, 1), ([[]], b""))
    other = prepare()["server"].root()
    check(pages(other, SUFFIX, "(objectClass=person)", 10, cookie, 1)[0][0],
          "a cookie is good on another connection")


@test("slapd's limits on paging hold, each search for itself")
def paging_limits():
    refuses(ldap.ADMINLIMIT_EXCEEDED, pages, user("unpaged"), SUFFIX, "(uid=*)", 5)
    connection = user("paged")
    refuses(ldap.ADMINLIMIT_EXCEEDED, pages, connection, SUFFIX, "(uid=*)", 6)
    for _ in range(2):
        found, cookie = pages(connection, SUFFIX, "(uid=*)", 5, limit=2)
        equal([len(page) for page in found], [5, 5])
        refuses(ldap.SIZELIMIT_EXCEEDED, pages, connection, SUFFIX, "(uid=*)", 5, cookie, 1)


@test("noSuchObject tells how far a name leads, where that may be known")
def matched():
    connection = prepare()["ldap"]
    table = {
        "uid=nobody,ou=people," + SUFFIX: "ou=people," + SUFFIX,
        "cn=x,uid=nobody,ou=people," + SUFFIX: "ou=people," + SUFFIX,
        "cn=x," + here_uid(): here_uid(),
        "ou=nothing," + SUFFIX: SUFFIX,
        "cn=nobody,ou=services," + SUFFIX: "ou=services," + SUFFIX,
        "cn=nobody+uid=x,ou=groups," + SUFFIX: "ou=groups," + SUFFIX,
    }
    for dn, wanted in table.items():
        told = refuses(ldap.NO_SUCH_OBJECT, connection.search_s, dn, ldap.SCOPE_BASE)
        equal(told.get("matched"), wanted, dn)
        told = refuses(ldap.NO_SUCH_OBJECT, connection.compare_s, dn, "cn", b"x")
        equal(told.get("matched"), wanted, dn)
    blind = user("blind")
    told = refuses(ldap.NO_SUCH_OBJECT, blind.search_s, "cn=x,ou=groups," + SUFFIX,
                   ldap.SCOPE_BASE)
    equal(told.get("matched"), SUFFIX)
    refuses(ldap.NO_SUCH_OBJECT, blind.search_s, "ou=groups," + SUFFIX, ldap.SCOPE_SUBTREE)


@test("who may see nobody cannot tell who is there")
def hidden_alike():
    guess = user("guess")
    answers = set()
    for dn in (here_uid(), "uid=nobody,ou=people," + SUFFIX):
        for call in (lambda name: guess.compare_s(name, "sn", b"x"),
                     lambda name: guess.search_s(name, ldap.SCOPE_BASE),
                     lambda name: guess.search_s("cn=x," + name, ldap.SCOPE_BASE)):
            told = refuses(ldap.NO_SUCH_OBJECT, call, dn)
            answers.add((told.get("info"), told.get("matched")))
    equal(answers, {(None, "ou=people," + SUFFIX)}, "answers")
    equal(names("ou=people," + SUFFIX, ldap.SCOPE_SUBTREE, who=guess), [])


def control(oid, critical=True, value=None):
    return ldap.controls.RequestControl(oid, critical, value)


@test("controls: assertion, subentries, ManageDsaIT, and others refused")
def controls():
    connection = prepare()["ldap"]

    def ask(*asked):
        return connection.search_ext_s(here_uid(), ldap.SCOPE_BASE, serverctrls=list(asked))

    from ldap.controls.simple import ManageDSAITControl
    from ldap.controls.libldap import AssertionControl, MatchedValuesControl
    equal(len(ask(ManageDSAITControl(True))), 1)
    equal(len(ask(AssertionControl(True, "(objectClass=person)"))), 1)
    refuses(ldap.ASSERTION_FAILED, ask, AssertionControl(True, "(objectClass=device)"))
    equal(ask(control("1.3.6.1.4.1.4203.1.10.1", True, b"\x01\x01\xff")), [])
    equal(len(ask(control("1.3.6.1.4.1.4203.1.10.1", True, b"\x01\x01\x00"))), 1)
    refuses(ldap.UNAVAILABLE_CRITICAL_EXTENSION, ask, control("1.2.3.4"))
    equal(len(ask(control("1.2.3.4", False))), 1)
    found = ask(MatchedValuesControl(True, "((objectClass=person))"))
    equal(found[0][1].get("objectClass") is not None, True)


@test("aliases are nowhere: every way to dereference is the same")
def deref():
    for way in (ldap.DEREF_NEVER, ldap.DEREF_SEARCHING, ldap.DEREF_FINDING,
                ldap.DEREF_ALWAYS):
        connection = prepare()["server"].root()
        connection.set_option(ldap.OPT_DEREF, way)
        equal(len(names(SUFFIX, ldap.SCOPE_SUBTREE, "(cn=Everybody)", connection)), 1)


@test("compare tells true, false, or why not")
def compare():
    here = prepare()
    connection, dn = here["ldap"], here["person"]
    entry = slapd.entry(connection, dn, ["*", "+"])
    for name in ("uid", "cn", "objectClass", "memberOf", "entryUUID", "sn"):
        equal(connection.compare_s(dn, name, entry[name][0]), True, name)
    equal(connection.compare_s(dn, "objectClass", b"PERSON"), True)
    equal(connection.compare_s(dn, "uid", b"somebody else"), False)
    equal(connection.compare_s("cn=Everybody,ou=groups," + SUFFIX, "member",
                               dn.upper().encode()), True)
    equal(connection.compare_s("cn=Everybody,ou=groups," + SUFFIX, "member",
                               b"uid=nobody,ou=people," + SUFFIX.encode()), False)
    equal(connection.compare_s(dn, "hasSubordinates", b"FALSE"), True)
    refuses(ldap.NO_SUCH_ATTRIBUTE, connection.compare_s, dn, "description", b"x")
    refuses(ldap.UNDEFINED_TYPE, connection.compare_s, dn, "nonsense", b"x")


def writes(connection, dn):
    yield lambda: connection.add_s("uid=new,ou=people," + SUFFIX, [
        ("objectClass", [b"inetOrgPerson"]), ("cn", [b"x"]), ("sn", [b"x"])])
    yield lambda: connection.modify_s(dn, [(ldap.MOD_REPLACE, "sn", [b"x"])])
    yield lambda: connection.delete_s(dn)
    yield lambda: connection.delete_s("uid=nobody,ou=people," + SUFFIX)
    yield lambda: connection.rename_s(dn, "uid=other")
    yield lambda: connection.passwd_s(dn, None, b"new")
    yield lambda: connection.passwd_s(dn, b"old", b"new")
    yield lambda: connection.passwd_s("uid=nobody,ou=people," + SUFFIX, None, None)


@test("every change is refused with the reason, with and without overlays")
def refusals():
    here = prepare()
    for write in writes(here["ldap"], here["person"]):
        refuses(ldap.UNWILLING_TO_PERFORM, write, text=REFUSAL)
    for overlay in ("sssvlv", "dynlist", "valsort"):
        server = slapd.Slapd(world, overlay, slapd.global_part(
            extra=f"include {slapd.SCHEMAS}/dyngroup.schema\nmoduleload {overlay}") + slapd.database_part(
                here["path"], "overlay " + overlay)).start()
        root = server.root()
        for write in writes(root, here["person"]):
            refuses(ldap.UNWILLING_TO_PERFORM, write, text=REFUSAL)
        equal(len(names(SUFFIX, ldap.SCOPE_SUBTREE, "(cn=Everybody)", root)), 1)
        root.unbind_s()
        server.stop()


@test("slapo-rwm shows the tree under another name, with other attributes")
def rewritten():
    here = prepare()
    other = "o=elsewhere"
    server = slapd.Slapd(world, "rwm", slapd.global_part(
        extra="moduleload back_relay\nmoduleload rwm") + slapd.database_part(here["path"]) +
        f'database relay\nsuffix "{other}"\nrelay "{SUFFIX}"\noverlay rwm\n'
        f'rwm-suffixmassage "{other}" "{SUFFIX}"\nrwm-map attribute description title\n').start()
    connection = server.connect()
    equal(len(slapd.names(connection, "(objectClass=*)", other)),
          len(names(SUFFIX, ldap.SCOPE_SUBTREE, who=server.connect())), "entries")
    dn, entry = next((dn, e) for dn, e in here["people"].items() if "title" in e and "manager" in e)
    there = slapd.entry(connection, dn.replace(SUFFIX, other), ["*", "+"])
    equal(there["description"], entry["title"], "a mapped attribute")
    equal(there["manager"], [entry["manager"][0].replace(SUFFIX.encode(), other.encode())])
    title = ldap.filter.escape_filter_chars(entry["title"][0].decode())
    check(dn.replace(SUFFIX, other) in slapd.names(connection, f"(description={title})", other),
          "a mapped filter")
    for write in writes(connection, dn.replace(SUFFIX, other)):
        try:
            write()
            check(False, "it was taken")
        except ldap.LDAPError:
            pass
    server.stop()


def sorted_page(connection, controls):
    """One page. The overlay may still hold the one before, which it has sent: it says so."""
    def ask():
        message = connection.search_ext("ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL,
                                        "(objectClass=*)", ["uid"], serverctrls=controls)
        try:
            return connection.result3(message)
        except ldap.BUSY:
            return None
    return wait_until(ask, "the sort of the last page to end", 10.0)


@test("the stock overlay sorts and pages")
def sorting():
    here = prepare()
    server = slapd.Slapd(world, "sorting", slapd.global_part(
        extra="moduleload sssvlv") + slapd.database_part(
            here["path"], "overlay sssvlv")).start()
    root = server.root()
    from ldap.controls.sss import SSSRequestControl
    order = SSSRequestControl(True, ["-uid:caseIgnoreOrderingMatch"])
    cookie, found = b"", []
    while True:
        page = ldap.controls.libldap.SimplePagedResultsControl(True, 200, cookie)
        _, entries, _, answered = sorted_page(root, [order, page])
        found += [entry["uid"][0] for _, entry in entries]
        cookie = next(c.cookie for c in answered if c.controlType == page.controlType)
        if not cookie:
            break
    equal(found, sorted(found, reverse=True))
    equal(len(found), len(here["people"]))
    server.stop()


@test("the root of the server names the suffix, the schema has our types")
def root():
    connection = prepare()["server"].connect()
    found = connection.search_s("", ldap.SCOPE_BASE, attrlist=["+"])[0][1]
    holds(found["namingContexts"], SUFFIX.encode())
    holds(found["supportedControl"], b"1.2.840.113556.1.4.319")
    schema = connection.search_s("cn=Subschema", ldap.SCOPE_BASE,
                                 attrlist=["attributeTypes", "objectClasses"])[0][1]
    check(any(b"rollcallStartDate" in t for t in schema["attributeTypes"]), "types")
    check(any(b"'rollcallPerson'" in t for t in schema["objectClasses"]), "classes")
    check(any(b"'memberOf'" in t for t in schema["attributeTypes"]), "memberOf")


main()
