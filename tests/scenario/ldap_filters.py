"""Every filter gives what slapd's own test_filter gives for every entry: the module, whose
indexes followed many changes, against an unindexed back-mdb that holds the same entries."""
import base64
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

PEOPLE = int(os.environ.get("ROLLCALL_PEOPLE", "300"))
COMBINATIONS = int(os.environ.get("ROLLCALL_FILTERS", "1500"))

# Who asks decides what is compared: access to an attribute denied makes filters on it
# Undefined, denied to an entry hides it. Clients are seen by none but themselves and the rootdn.
RULES = """access to dn.children="ou=services,{0}" by * none
access to attrs=title,mail by dn.exact="cn=some" none by * read
access to attrs=manager,memberOf by dn.exact="cn=some" none by * read
access to filter="(l=Berlin)" by dn.exact="cn=some" search by * read
access to dn.subtree="ou=groups,{0}" attrs=entry,member by dn.exact="cn=some" none by * read
access to attrs=objectClass val="rollcallGroup" by dn.exact="cn=some" none by * read
access to * by * read
""".format(slapd.SUFFIX)
# Whoever binds is in a database of her own, where she is root.
USERS = "".join(f'database null\nsuffix "cn={name}"\nrootdn "cn={name}"\nrootpw {name}\n'
                for name in ["all", "some"])

STEPS = ["random 60 3", "random 60 4", "hide 12 , hide 40 , hide 41", "show 41",
         "status 30 onboarding , status 31 departed , status 32 offboarding",
         "manager 50 60 , manager 51 0 , set 52 work_email new.person@acme.example",
         "set 53 last_name Zzyzx", "rename 5 Renamed", "leave 60 1",
         "random 200 5", "show 12",
         # Every script, marks that combine, letters beyond the first plane, and what DNs escape.
         "set 54 last_name Ἀθηνᾶ , set 55 last_name محمّد , set 56 last_name אַבְרָהָם , "
         "set 57 first_name देवनागरी , set 58 last_name สมชาย , set 59 last_name 𝔘𝔫𝔦🙂 , "
         "set 61 last_name Tu\u0308rk\u0131\u0307 , set 62 first_name 가나다 , set 63 last_name ﬁﬀ",
         "rename 6 Команда , rename 7 #=+;<>\\,\" , rename 8 เพื่อน , rename 9 e\u0301\u0323quipe"]

world = World()
state = {}


def escaped(value):
    """A value in a filter, every byte that means something (and some others) in hex."""
    out = ""
    for byte in value.encode() if isinstance(value, str) else value:
        out += chr(byte) if chr(byte).isalnum() and byte < 128 or byte in b"=,.@+:" \
            else f"\\{byte:02x}"
    return out


def values_of(ldif):
    """All values of each attribute in an LDIF, as bytes."""
    found = {}
    for block in ldif.replace("\n ", "").split("\n\n"):
        for line in block.split("\n"):
            match = re.match(r"([A-Za-z0-9]+):(:?) ?(.*)$", line)
            if not match or line.startswith("dn:"):
                continue
            value = match.group(3)
            value = base64.b64decode(value) if match.group(2) else value.encode()
            found.setdefault(match.group(1), []).append(value)
    return found


def variants(rng, value):
    """Assertions near a value: other case, blanks, parts."""
    text = value.decode("utf-8", "surrogateescape")
    yield text
    yield text.upper()
    yield text.lower().swapcase()
    yield "  " + text.replace(" ", "   ") + " "
    yield text + "x"
    yield text[:-1]
    yield text[1:]
    if len(text) > 2:
        at = rng.randrange(len(text))
        yield text[:at] + "-" + text[at:]


def parts(rng, value):
    """Substring assertions made of a value."""
    text = value.decode("utf-8", "surrogateescape")
    size = len(text)
    for _ in range(2):
        cut = sorted(rng.randrange(size + 1) for _ in range(4))
        pieces = [text[cut[0]:cut[1]], text[cut[1]:cut[2]], text[cut[2]:cut[3]]]
        wild = "*".join(escaped(p.encode("utf-8", "surrogateescape")) for p in pieces if p)
        if wild:
            yield f"*{wild}*"
            yield f"{wild}*"
            yield f"*{wild}"
    first = escaped(text[:rng.randrange(1, 5)].encode("utf-8", "surrogateescape"))
    last = escaped(text[-rng.randrange(1, 5):].encode("utf-8", "surrogateescape"))
    yield first + "*"
    yield "*" + last
    yield f"{first}*{last}"
    yield first.upper() + "* *"
    yield f"*{escaped(text[:2].upper().encode('utf-8', 'surrogateescape'))}*"


def leaves(rng, values):
    """One assertion at a time: every type, every kind of filter."""
    for name, known in sorted(values.items()):
        yield f"({name}=*)"
        for value in rng.sample(known, min(3, len(known))):
            for text in variants(rng, value):
                yield f"({name}={escaped(text.encode('utf-8', 'surrogateescape'))})"
            exact = escaped(value)
            yield f"({name}>={exact})"
            yield f"({name}<={exact})"
            yield f"({name}~={exact})"
            yield f"({name}:caseExactMatch:={exact})"
            yield f"({name}:caseIgnoreMatch:={exact})"
            yield f"({name}:dn:={exact})"
            for wild in parts(rng, value):
                yield f"({name}={wild})"


STRANGE = [
    "(objectClass=*)", "(objectClass=person)", "(objectClass=top)", "(objectClass=PERSON)",
    "(objectClass=2.5.6.6)", "(objectClass=groupOfNames)", "(objectClass=posixAccount)",
    "(objectClass=organizationalUnit)", "(objectClass=nonsense)", "(objectClass=inet*)",
    "(structuralObjectClass=inetOrgPerson)", "(structuralObjectClass=person)",
    "(structuralObjectClass=*)", "(name=*)", "(name=Anna*)", "(cn;lang-en=*)",
    "(nonsense=*)", "(nonsense=x)", "(!(nonsense=x))", "(uidNumber=5)", "(uidNumber=*)",
    "(|)", "(&)", "(!(|))", "(&(uid=*)(!(mail=*)))", "(distinguishedName=*)",
    "(distinguishedName=cn=Everybody,ou=groups,{0})", "(hasSubordinates=TRUE)",
    "(hasSubordinates=FALSE)", "(hasSubordinates=*)", "(!(hasSubordinates=TRUE))",
    "(entryDN=ou=people,{0})", "(entryDN=OU=People, {0})", "(entryDN=uid=nobody,{0})",
    "(entryDN=*)", "(entryDN:dnSubtreeMatch:=ou=groups,{0})",
    "(entryDN:dnOneLevelMatch:=ou=people,{0})", "(subschemaSubentry=*)",
    "(subschemaSubentry=cn=Subschema)", "(ou:dn:=people)", "(:dn:caseIgnoreMatch:=groups)",
    "(:caseIgnoreMatch:=Berlin)", "(uid:caseExactMatch:=x)", "(manager=nonsense)",
    "(manager=uid=nobody,ou=people,{0})", "(memberOf=uid=nobody,ou=people,{0})",
    "(member=cn=Everybody,ou=groups,{0})", "(memberOf=*)", "(member=*)", "(manager=*)",
    "(!(manager=*))", "(!(memberOf=*))", "(entryUUID=nonsense)", "(contextCSN=*)",
    "(createTimestamp>=20000101000000Z)", "(createTimestamp<=20000101000000Z)",
    "(modifyTimestamp>=20990101000000Z)", "(modifyTimestamp<=20990101000000Z)",
    "(entryCSN>=20000101000000.000000Z#000000#000#000000)", "(userPassword=*)",
    "(memberOf:1.2.840.113556.1.4.1941:=cn=Everybody,ou=groups,{0})",
    "(mail=*@*.example)", "(mail=*acme*)", "(cn=a*)", "(cn=*a)", "(cn=*a*)", "(cn=*)",
    "(cn=  *)", "(sn=* *)", "(sn=*\\00*)", "(uid=\\ff\\fe)", "(c=d*)", "(c=DE)", "(c=de)",
    "(employeeNumber=7)", "(employeeNumber=000007)", "(mobile=+49 30 12345678)",
    "(mobile=+493012345678)", "(mobile=*123*)", "(homePostalAddress=*)",
    "(creatorsName=cn=rollcall,{0})", "(modifiersName=cn=other,{0})", "(creatorsName=*)",
    "(cn=two blanks)", "(cn=\\2a)", "(cn=fish FULL VIII)", "(sn=straße)", "(sn=strasse)",
    "(sn=ἀθηνᾶ)", "(sn=*محم*)", "(givenName=देव*)", "(sn=*ชาย)", "(sn=*\\f0\\9f\\99\\82*)",
    "(cn=КОМАНДА)", "(cn=команд*)", "(sn=türk*)", "(givenName=*나*)", "(sn=fiff)",
    "(cn=\\23=+;<>\\5c,\")", "(cn=ẹ́quipe)", "(member=*)",
    "(memberOf=cn=Команда,ou=groups,{0})", "(entryDN=cn=เพื่อน,ou=groups,{0})",
    "(memberOf=cn=\\5c23\\5c3D\\5c2B\\5c3B\\5c3C\\5c3E\\5c5c\\5c2C\\5c22,ou=groups,{0})",
    "(dc=example)", "(o=example)", "(ou=people)", "(description=*)",
]


def combinations(rng, simple, count):
    for _ in range(count):
        chosen = [rng.choice(simple) for _ in range(rng.randrange(1, 4))]
        chosen = [f"(!{f})" if rng.random() < 0.25 else f for f in chosen]
        text = f"({rng.choice('&|')}{''.join(chosen)})"
        if rng.random() < 0.3:
            text = f"({rng.choice('&|')}{text}{rng.choice(simple)})"
        if rng.random() < 0.15:
            text = f"(!{text})"
        yield text


def prepare():
    if state:
        return state
    slapd.available()
    database = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--seed", "5", "--big", "120",
               database)
    slapd.seed(world, "client", database, "add", "reader")
    ours = slapd.Slapd(world, "ours", slapd.global_part(extra="moduleload back_null") +
                       slapd.database_part(database, RULES) + USERS).start()
    # Changes are taken in by the indexes one after another; what the tool reads is loaded new.
    for step in STEPS:
        slapd.seed(world, "change", database, *step.split())
    ldif = ours.tool("slapcat", "-b", slapd.SUFFIX)
    stamp = re.search(r"^contextCSN: (.*)$", ldif, re.MULTILINE).group(1).encode()
    root = ours.root()
    slapd.wait_served(root, lambda c: slapd.entry(c, slapd.SUFFIX, ["contextCSN"]) ==
                      {"contextCSN": [stamp]}, "the last change")
    world.write("copy.ldif", ldif)
    other = slapd.Slapd(world, "copy", slapd.copy_global("moduleload back_null") +
                        slapd.copy_part(world.path("mdb"), RULES) + USERS)
    other.tool("slapadd", "-q", "-b", slapd.SUFFIX, "-l", world.path("copy.ldif"))
    state["ours"] = ours
    state["copy"] = other.start()
    state["values"] = values_of(ldif)
    rng = random.Random(11)
    simple = list(leaves(rng, state["values"]))
    simple += [text.format(slapd.SUFFIX) for text in STRANGE]
    state["filters"] = simple + list(combinations(rng, simple, COMBINATIONS))
    return state


def connections(user):
    here = prepare()
    return [server.root() if user is None else server.connect(*user)
            for server in (here["ours"], here["copy"])]


def compare(user):
    here = prepare()
    pairs = connections(user)
    wrong = []
    found = 0
    for text in here["filters"]:
        got, wanted = (slapd.names(connection, text) for connection in pairs)
        found += bool(wanted) and isinstance(wanted, list)
        if got != wanted:
            more = sorted(set(got) - set(wanted))[:3]
            less = sorted(set(wanted) - set(got))[:3]
            wrong.append(f"{text}: too many {more}, too few {less}" if
                         isinstance(got, list) and isinstance(wanted, list) else
                         f"{text}: {got!r} for {wanted!r}")
    check(not wrong, f"{len(wrong)} of {len(here['filters'])} filters differ:\n" +
          "\n".join(wrong[:30]))
    check(found * 3 > len(here["filters"]), f"only {found} filters matched anything")


# What entries are made of depends on what is asked for, what the filter names, and who asks.
ASKED = [None, ["*"], ["+"], ["*", "+"], ["1.1"], ["cn"], ["name"], ["mail", "memberOf"],
         ["entryUUID"], ["title", "modifyTimestamp"], ["@person"], ["noSuchType", "sn"],
         ["member", "manager"], ["objectClass"], ["distinguishedName"], ["structuralObjectClass"],
         ["entryDN", "hasSubordinates"], ["uid;lang-de", "ou"], ["creatorsName", "description"]]


def whole(connection, text, asked, only_types):
    try:
        found = connection.search_s(slapd.SUFFIX, slapd.ldap.SCOPE_SUBTREE, text, asked,
                                    only_types)
    except slapd.ldap.LDAPError as error:
        return type(error).__name__
    return {dn: {name: sorted(values) for name, values in attributes.items()
                 if name != "contextCSN"} for dn, attributes in found}


def compare_answers(user):
    here = prepare()
    ours, copy = connections(user)
    rng = random.Random(7)
    for text in rng.sample(here["filters"], 60):
        for asked in rng.sample(ASKED, 6):
            only_types = rng.random() < 0.1
            wanted = whole(copy, text, asked, only_types)
            got = whole(ours, text, asked, only_types)
            if got == wanted:
                continue
            if not isinstance(got, dict) or not isinstance(wanted, dict):
                check(False, f"{text} {asked}: {str(got)[:80]} for {str(wanted)[:80]}")
            differ = next(dn for dn in {**got, **wanted} if got.get(dn) != wanted.get(dn))
            check(False, f"{text} {asked}: {differ} is {got.get(differ)}, not "
                  f"{wanted.get(differ)}")


@test("answers have what is asked for and nothing else, for the rootdn")
def answers_for_root():
    compare_answers(None)


@test("… for a user to whom attributes and entries are denied")
def answers_for_some():
    compare_answers(("cn=some", "some"))


@test("filters match what test_filter matches, for the rootdn")
def for_root():
    compare(None)


@test("… for a user who may read everything")
def for_all():
    compare(("cn=all", "all"))


@test("… for a user to whom attributes and entries are denied")
def for_some():
    compare(("cn=some", "some"))


main()
