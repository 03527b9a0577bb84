"""Every request gives what stock back-mdb gives for the same entries: scopes, requested
attributes, types alone, controls, sorting and virtual list views, comparisons, and what cannot be
answered."""
import itertools
import os
import random
import re
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, main, test       # noqa: E402
from world import World                 # noqa: E402
import slapd                            # noqa: E402
from slapd import SUFFIX, ldap          # noqa: E402

PEOPLE = 300
DRAWS = 400
OVERLAY = "overlay sssvlv\nsssvlv-max 20\nsssvlv-maxkeys 5"
GROUP = "cn=Everybody,ou=groups," + SUFFIX
BASES = ["", SUFFIX, SUFFIX.upper(), "ou=people," + SUFFIX, "OU=Groups, " + SUFFIX,
         "ou=services," + SUFFIX, GROUP, "cn=Subschema", "dc=com", "dc=other,dc=com",
         "uid=nobody,ou=people," + SUFFIX, "cn=x,ou=nothing," + SUFFIX,
         "cn=\\23 \\2c\\00,ou=groups," + SUFFIX, "ou=people+uid=x," + SUFFIX,
         "cn=チーム,ou=groups," + SUFFIX, "cn=R&D\\, Berlin \\+ Paris,ou=groups," + SUFFIX,
         "cn=two blanks,ou=groups," + SUFFIX, "not a name", "cn=,ou=groups," + SUFFIX]
FILTERS = ["(objectClass=*)", "(objectClass=person)", "(uid=*)", "(nonsense=x)",
           "(!(nonsense=x))", "(&)", "(|)", "(sn=M*)", "(mail=*@*)", "(c~=de)",
           "(rollcallStartDate>=2020)", "(ou:dn:=groups)", "(hasSubordinates=TRUE)",
           "(&(objectClass=groupOfNames)(member=*))", "(:caseIgnoreMatch:=Berlin)",
           "(cn:dn:caseIgnoreMatch:=everybody)", "(entryDN:dnSubtreeMatch:=ou=groups,dc=example"
           ",dc=com)", "(memberOf=" + GROUP + ")"]
ATTRIBUTES = [None, ["*"], ["+"], ["*", "+"], ["1.1"], ["1.1", "uid"], ["@person"],
              ["@inetOrgPerson", "entryUUID"], ["@rollcallPerson"], ["!person"],
              ["@nonsense"], ["name"], ["cn;lang-en"], ["UID", "nonsense"], ["2.5.4.3"],
              ["objectClass"], ["memberOf", "member"], ["hasSubordinates", "entryDN"],
              ["subschemaSubentry", "structuralObjectClass"], ["contextCSN"], ["entryCSN"],
              ["createTimestamp", "modifyTimestamp", "creatorsName", "modifiersName"],
              ["manager", "manager"], ["distinguishedName"], [""]]

world = World()
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--seed", "8", "--big", "100", path)
    slapd.seed(world, "client", path, "add", "reader")
    ours = slapd.Slapd(world, "ours", slapd.global_part(extra="moduleload sssvlv") +
                       slapd.database_part(path, OVERLAY)).start()
    ldif = ours.tool("slapcat", "-b", SUFFIX)
    world.write("copy.ldif", ldif)
    copy = slapd.Slapd(world, "copy", slapd.copy_global("moduleload sssvlv") +
                       slapd.copy_part(world.path("mdb"), OVERLAY))
    copy.tool("slapadd", "-q", "-b", SUFFIX, "-l", world.path("copy.ldif"))
    state["servers"] = [ours, copy.start()]
    state["both"] = [server.root() for server in state["servers"]]
    state["people"] = re.findall(r"^dn: (uid=.*)$", ldif.replace("\n ", ""), re.M)
    return state


def answer_of(error):
    told = error.args[0]
    if not isinstance(told, dict):
        return [re.sub(r"\d+", "", told)]      # python-ldap's own, with the message's number
    return [type(error).__name__, told.get("matched"), told.get("info")]


def control_value(control):
    """What a control of an answer says, but for what is a server's own."""
    names = ["result", "targetPosition", "contentCount", "target_position", "content_count",
             "attributeType"]
    return [control.controlType] + [str(getattr(control, name, None)) for name in names]


def ask(connection, base, scope, text, attributes=None, types=0, controls=(), limit=0):
    """One search: its entries, values as sets; the result and its controls."""
    found, last = [], []
    try:
        message = connection.search_ext(base, scope, text, attributes, types,
                                        serverctrls=list(controls), sizelimit=limit)
        while True:
            kind, data, _, answered = connection.result3(message, 0)
            if kind == ldap.RES_SEARCH_RESULT:
                last = ["success", sorted(control_value(c) for c in answered)]
                break
            found += [(dn, {name: sorted(values) for name, values in entry.items()})
                      for dn, entry in data]
    except ldap.LDAPError as error:
        last = answer_of(error)
    return found, last


def alike(mine, theirs, ordered):
    """Which come first, where not all may come, is a server's own."""
    if theirs[1][0] == "SIZELIMIT_EXCEEDED":
        return mine[1] == theirs[1] and len(mine[0]) == len(theirs[0])
    if not ordered:
        mine, theirs = ((sorted(found, key=str), last) for found, last in (mine, theirs))
    return mine == theirs


def differences(requests, ordered):
    """Asks both servers; what differs, as text."""
    wrong = []
    found = 0
    for request in requests:
        mine, theirs = (ask(connection, *request) for connection in prepare()["both"])
        found += len(theirs[0])
        if alike(mine, theirs, ordered):
            continue
        less = [entry for entry in theirs[0] if entry not in mine[0]][:1]
        more = [entry for entry in mine[0] if entry not in theirs[0]][:1]
        wrong.append(f"{request[:6]}: {mine[1]} for {theirs[1]}, {len(mine[0])} for "
                     f"{len(theirs[0])} entries, not {more} but {less}")
    return wrong, found


def same(requests, ordered=False, most=5):
    requests = list(requests)
    wrong, found = differences(requests, ordered)
    check(not wrong, f"{len(wrong)} of {len(requests)} differ:\n" + "\n".join(wrong[:most]))
    check(found > len(requests), f"{found} entries only")


SCOPES = [0, 1, 2, 3]       # base, one, sub, subordinate


@test("every base, scope and filter")
def scopes():
    bases = BASES + prepare()["people"][:2]
    same((base, scope, text, ["1.1"]) for base, scope in itertools.product(bases, SCOPES)
         for text in FILTERS if base not in ("", "cn=Subschema"))


@test("every choice of attributes, with and without values")
def attributes():
    bases = [SUFFIX, "ou=people," + SUFFIX, GROUP, prepare()["people"][5]]
    same((base, scope, "(objectClass=*)", wanted, types) for base in bases
         for scope, wanted, types in itertools.product([0, 2], ATTRIBUTES, [0, 1]))


@test("requests of every kind, mixed")
def mixed():
    rng = random.Random(3)
    bases = BASES[1:] + prepare()["people"][:20]
    bases.remove("cn=Subschema")
    same((rng.choice(bases), rng.choice(SCOPES), rng.choice(FILTERS), rng.choice(ATTRIBUTES),
          rng.randrange(2), (), rng.choice([0, 0, 1, 7])) for _ in range(DRAWS))


def request(oid, critical=True, value=None):
    return ldap.controls.RequestControl(oid, critical, value)


@test("matched values, assertion, ManageDsaIT and others")
def controls():
    from ldap.controls.libldap import AssertionControl, MatchedValuesControl
    values = ["((objectClass=person))", "((member=" + prepare()["people"][7] + "))",
              "((cn=a*)(sn=*e*))", "((memberOf=" + GROUP + "))", "((nonsense=x))",
              "((entryUUID=*))", "((uid=x))", "((name=*))"]
    plain = [request("2.16.840.1.113730.3.4.2"), request("1.2.840.113556.1.4.1339"),
             request("1.3.6.1.1.22"), request("1.3.6.1.4.1.4203.1.10.1", True, b"\1\1\xff"),
             request("1.3.6.1.4.1.4203.1.10.1", True, b"\1\1\0"), request("1.2.3.4"),
             request("1.2.3.4", False), request("2.16.840.1.113730.3.4.18", True, b""),
             AssertionControl(True, "(objectClass=person)"),
             AssertionControl(True, "(hasSubordinates=TRUE)"),
             AssertionControl(True, "(memberOf=" + GROUP + ")"),
             AssertionControl(True, "(!(nonsense=x))")]
    plain += [MatchedValuesControl(True, text) for text in values]
    bases = ["ou=groups," + SUFFIX, GROUP, prepare()["people"][9]]
    same((base, scope, "(objectClass=*)", ["*", "+"], 0, [control]) for base in bases
         for scope in (0, 2) for control in plain)


def sort(*keys):
    from ldap.controls.sss import SSSRequestControl
    return SSSRequestControl(True, list(keys))


@test("sorted by the stock overlay")
def sorted_answers():
    keys = ["uid:caseIgnoreOrderingMatch", "-uid:caseIgnoreOrderingMatch", "rollcallStartDate",
            "-rollcallStartDate", "createTimestamp", "entryUUID", "-entryCSN", "cn", "nonsense",
            "uid:nonsense", "mobile:caseIgnoreOrderingMatch"]
    requests = [("ou=people," + SUFFIX, 1, "(objectClass=*)", ["uid"], 0, [sort(key,
                 "entryUUID") if key != "entryUUID" else sort(key)]) for key in keys]
    same(requests, True)


@test("virtual list views, by place and by value")
def views():
    from ldap.controls.vlv import VLVRequestControl
    order = sort("uid:caseIgnoreOrderingMatch")
    pages = [VLVRequestControl(True, before, after, place, count)
             for before, after in ((0, 9), (5, 5)) for place in (1, 6, 150, 100000)
             for count in (0, 200)]
    pages += [VLVRequestControl(True, 3, 4, None, None, text) for text in
              ("a", "m", "zzzz", "anna")]
    same([("ou=people," + SUFFIX, 1, "(objectClass=person)", ["uid", "memberOf"], 0,
           [order, page]) for page in pages], True)


@test("comparisons")
def comparisons():
    here = prepare()
    person = here["people"][3]
    entry = slapd.entry(here["both"][1], person, ["*", "+"])
    cases = [(dn, name, value) for dn in (person, GROUP, SUFFIX, "ou=people," + SUFFIX,
                                          "uid=nobody,ou=people," + SUFFIX)
             for name, values in entry.items() for value in (values[0], values[0].upper(), b"")]
    cases += [(GROUP, "member", person.encode()), (GROUP, "member", b"nonsense"),
              (person, "nonsense", b"x"), (person, "name", entry["sn"][0]),
              (person, "description", b"x"), (person, "userPassword", b"x"),
              (SUFFIX, "contextCSN", b"x"), (person, "cn;lang-en", b"x")]
    wrong = []
    for case in cases:
        answers = []
        for connection in here["both"]:
            try:
                answers.append(connection.compare_s(*case))
            except ldap.LDAPError as error:
                answers.append(answer_of(error))
        if answers[0] != answers[1]:
            wrong.append(f"{case}: {answers[0]} for {answers[1]}")
    check(not wrong, f"{len(wrong)} of {len(cases)}:\n" + "\n".join(wrong[:10]))


main()
