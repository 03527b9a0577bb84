"""Filters over SCIM: rows of what must match, what must be refused, and random filters held to a
second reading of the standard, in Python, over the same resources (scim/facts.md §3.4)."""
import datetime
import json
import os
import random
import sys
import unicodedata

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import ENTERPRISE, ROLLCALL, USER, Scim         # noqa: E402
from tap import check, equal, main, test                        # noqa: E402
from world import World                                         # noqa: E402

PEOPLE = 400
WORLD = World()
SCIM = Scim(WORLD, PEOPLE, seed=3)
SCIM.start()
USERS = SCIM.all("/Users")
GROUPS = SCIM.all("/Groups")
ONE = USERS[30]


# ---- the second reading ------------------------------------------------------------------------

def fold(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def fold_name(text):
    """User names: PRECIS UsernameCaseMapped (RFC 8265 §3.3)."""
    width = "".join(unicodedata.normalize("NFKC", c) if unicodedata.decomposition(c).startswith(
        ("<wide>", "<narrow>")) else c for c in text)
    return unicodedata.normalize("NFC", width.lower())


def folded(path, text):
    return text if path in EXACT else (fold_name if path == "userName" else fold)(text)


def instant(text):
    text = text.replace("Z", "+00:00")
    head, _, rest = text.partition(".")
    digits = ""
    if rest:
        digits = rest[:len(rest) - 6]
        head += rest[-6:]
    moment = datetime.datetime.fromisoformat(head)
    seconds = int((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc))
                  .total_seconds())
    return seconds * 10**12 + int((digits + "0" * 12)[:12])


EXACT = {"id", "externalId", "schemas", "meta.resourceType", "meta.location", "meta.version",
         "groups.$ref", "members.$ref", ENTERPRISE + ":manager.$ref",
         ENTERPRISE + ":manager.value", ENTERPRISE + ":manager"}
TIMES = {"meta.created", "meta.lastModified"}


def elements(resource, path):
    """The values or elements of an attribute without sub-attribute, as a list."""
    if path.startswith("urn:"):
        urn, _, name = path.rpartition(":")
        resource = resource.get(urn, {})
    else:
        name = path
    value = resource.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def values(resource, path):
    head, dot, part = path, "", ""
    tail = path.rpartition(":")[2] if path.startswith("urn:") else path
    if "." in tail:
        head, dot, part = path.rpartition(".")
    found = elements(resource, head)
    if not dot:
        return [v.get("value") if isinstance(v, dict) else v for v in found]
    return [v[part] for v in found if part in v]


def holds(path, op, got, literal):
    if isinstance(literal, bool):
        return (got == literal) if op == "eq" else (got != literal)
    if path in TIMES:
        got, literal = instant(got), instant(literal)
    else:
        got, literal = folded(path, got), folded(path, literal)
    if op in ("gt", "ge", "lt", "le") and isinstance(got, str):
        got, literal = got.encode(), literal.encode()
    return {"eq": lambda: got == literal, "ne": lambda: got != literal,
            "co": lambda: literal in got, "sw": lambda: got.startswith(literal),
            "ew": lambda: got.endswith(literal), "gt": lambda: got > literal,
            "ge": lambda: got >= literal, "lt": lambda: got < literal,
            "le": lambda: got <= literal}[op]()


def compare(found, path, op, literal):
    if op == "pr":
        return bool(found)
    if literal is None:
        return bool(found) == (op == "ne")
    if op == "ne" and not found:
        return True
    return any(holds(path, op, value, literal) for value in found)


def matches(tree, resource):
    kind = tree[0]
    if kind == "and":
        return matches(tree[1], resource) and matches(tree[2], resource)
    if kind == "or":
        return matches(tree[1], resource) or matches(tree[2], resource)
    if kind == "not":
        return not matches(tree[1], resource)
    if kind == "element":
        return any(inside(tree[2], tree[1], element)
                   for element in elements(resource, tree[1]))
    path, op, literal = tree[1:]
    return compare(values(resource, path), path, op, literal)


def inside(tree, path, element):
    kind = tree[0]
    if kind == "and":
        return inside(tree[1], path, element) and inside(tree[2], path, element)
    if kind == "or":
        return inside(tree[1], path, element) or inside(tree[2], path, element)
    if kind == "not":
        return not inside(tree[1], path, element)
    name, op, literal = tree[1:]
    found = [element[name]] if name in element else []
    return compare(found, f"{path}.{name}", op, literal)


def quote(literal):
    if literal is None or isinstance(literal, bool):
        return json.dumps(literal)
    return json.dumps(literal, ensure_ascii=RANDOM.random() < 0.3)


def text(tree, above=0):
    """The tree as a filter, with brackets where precedence needs them and sometimes more."""
    kind = tree[0]
    if kind == "compare":
        return f"{tree[1]} {tree[2]}" + ("" if tree[2] == "pr" else " " + quote(tree[3]))
    if kind == "element":
        return f"{tree[1]}[{text(tree[2])}]"
    if kind == "not":
        return f"not ({text(tree[1])})"
    level = {"or": 1, "and": 2}[kind]
    joined = f"{text(tree[1], level)} {kind} {text(tree[2], level + 1)}"
    return f"({joined})" if level < above or RANDOM.random() < 0.2 else joined


RANDOM = random.Random(7)
PATHS = ["id", "userName", "name.familyName", "name.givenName", "name.formatted", "displayName",
         "title", "userType", "active", "emails.value", "emails.type", "emails.primary",
         "emails", "phoneNumbers.value", "phoneNumbers", "addresses.locality",
         "addresses.formatted", "addresses.type", "groups.value", "groups", "groups.display",
         "groups.$ref", "meta.created", "meta.lastModified", "meta.resourceType",
         "meta.location", "meta.version", "schemas", "externalId",
         ENTERPRISE + ":employeeNumber", ENTERPRISE + ":department",
         ENTERPRISE + ":manager.value", ENTERPRISE + ":manager",
         ENTERPRISE + ":manager.displayName", ROLLCALL + ":uid", ROLLCALL + ":status",
         ROLLCALL + ":startDate", ROLLCALL + ":endDate", ROLLCALL + ":source"]
PARTS = {"emails": ["value", "type", "primary"], "phoneNumbers": ["value", "type"],
         "addresses": ["locality", "country", "type", "formatted"],
         "groups": ["value", "display", "type"], "name": ["familyName", "givenName"]}


def drawn(found, path):
    """A literal near what there is: a value, a piece of one, another letter case, nothing."""
    draw = RANDOM.random()
    if draw < 0.04:
        return None
    value = RANDOM.choice(found) if found else "x"
    if isinstance(value, bool) or path in TIMES:
        return value
    if draw < 0.2:
        return value.swapcase()
    if draw < 0.4:
        start = RANDOM.randrange(len(value) + 1)
        return value[start:start + RANDOM.randrange(1, 6)]
    return value + "x" if draw < 0.45 else value


def operators(path, literal):
    if literal is None or isinstance(literal, bool):
        return ["eq", "ne", "pr"]
    if path in TIMES:
        return ["eq", "ne", "gt", "ge", "lt", "le", "pr"]
    return ["eq", "eq", "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"]


def random_compare(path, found):
    literal = drawn(found, path)
    return ("compare", path, RANDOM.choice(operators(path, literal)), literal)


def random_inside(path, depth):
    if depth > 0 and RANDOM.random() < 0.5:
        kind = RANDOM.choice(["and", "or", "not"])
        if kind == "not":
            return ("not", random_inside(path, depth - 1))
        return (kind, random_inside(path, depth - 1), random_inside(path, depth - 1))
    name = RANDOM.choice(PARTS[path])
    user = RANDOM.choice(USERS)
    tree = random_compare(f"{path}.{name}",
                          [e[name] for e in elements(user, path) if name in e])
    return ("compare", name) + tree[2:]


def random_tree(depth):
    if depth > 0 and RANDOM.random() < 0.7:
        kind = RANDOM.choice(["and", "and", "or", "not"])
        if kind == "not":
            return ("not", random_tree(depth - 1))
        return (kind, random_tree(depth - 1), random_tree(depth - 1))
    if RANDOM.random() < 0.2:
        path = RANDOM.choice(list(PARTS))
        return ("element", path, random_inside(path, 2))
    path = RANDOM.choice(PATHS)
    return random_compare(path, values(RANDOM.choice(USERS), path))


def found(filter_text, path="/Users"):
    return [r["id"] for r in SCIM.list(path, filter=filter_text, count=1000)["Resources"]]


def same(got, wanted, what):
    """Lists of ids in the same order; names only where they differ."""
    if got != wanted:
        raise AssertionError(f"{what}: {len(got)} instead of {len(wanted)}; "
                             f"too many {sorted(set(got) - set(wanted))[:3]}, "
                             f"missing {sorted(set(wanted) - set(got))[:3]}")


@test("random filters give what a second reading of the standard gives")
def oracle():
    some = 0
    for _ in range(1000):
        tree = random_tree(3)
        written = text(tree)
        wanted = [u["id"] for u in USERS if matches(tree, u)]
        same(found(written), wanted, written)
        some += 0 < len(wanted) < PEOPLE
    check(some > 250, f"enough of them are neither nobody nor everybody: {some}")


@test("… and at the root, where groups lack most of what people have")
def root_oracle():
    some = 0
    for _ in range(150):
        tree = random_tree(3)
        written = text(tree)
        wanted = [r["id"] for r in USERS + GROUPS if matches(tree, r)]
        same(found(written, ""), wanted, written)
        some += any(g["id"] in wanted for g in GROUPS)
    check(20 < some < 130, f"some find groups: {some}")


@test("totals and pages of a filter, at any place")
def pages():
    for filter_text, wanted in [
            ("active eq true", [u["id"] for u in USERS if u["active"]]),
            ('groups.display eq "Everybody"', [u["id"] for u in USERS if "groups" in u]),
            ('title co "e"', [u["id"] for u in USERS if "e" in fold(u.get("title", ""))])]:
        for start in [1, 2, 50, len(wanted), len(wanted) + 1]:
            page = SCIM.list("/Users", filter=filter_text, startIndex=start, count=7)
            equal(page["totalResults"], len(wanted), filter_text)
            equal([u["id"] for u in page["Resources"]], wanted[start - 1:start + 6],
                  f"{filter_text} from {start}")
        page = SCIM.list("/Users", filter=filter_text, count=0)
        equal((page["totalResults"], page["Resources"]), (len(wanted), []), "count=0")


@test("what Entra, Okta and others ask")
def clients():
    mail = ONE["emails"][0]["value"]
    manager = ONE[ENTERPRISE]["manager"]["value"]
    group = min(GROUPS, key=lambda g: len(g["members"]))
    member = group["members"][0]["value"]
    for filter_text, wanted in [
            (f'userName eq "{ONE["userName"].upper()}"', [ONE["id"]]),
            (f'emails[type eq "work"].value eq "{mail}"', [ONE["id"]]),
            (f'emails[type eq "work" and value eq "{mail}"]', [ONE["id"]]),
            (f'emails[type eq "home"].value eq "{mail}"', []),
            (f'emails.type eq "home" and emails.value eq "{mail}"',
             [ONE["id"]] if len(ONE["emails"]) > 1 else []),
            (f'id eq "{ONE["id"]}"', [ONE["id"]]),
            (f'id eq "{ONE["id"].upper()}"', []),
            (f'ID EQ "{ONE["id"]}"', [ONE["id"]]),
            (f'id eq "{ONE["id"]}" and manager eq "{manager}"', [ONE["id"]]),
            (f'id eq "{ONE["id"]}" and manager eq "{ONE["id"]}"', []),
            (f'id eq "{ONE["id"]}" and department pr and {USER}:manager pr', None),
            (f'id eq "{ONE["id"]}" and {ENTERPRISE}:manager eq "{manager}"', [ONE["id"]]),
            (f'id eq "{ONE["id"]}" and {ENTERPRISE}:manager eq "{ONE["id"]}"', []),
            (f'{ENTERPRISE}.employeeNumber eq "{ONE[ENTERPRISE]["employeeNumber"]}"',
             [u["id"] for u in USERS if u[ENTERPRISE]["employeeNumber"] ==
              ONE[ENTERPRISE]["employeeNumber"]]),
            ('userName eq "nobody@nowhere.example"', []),
            ('externalId eq "x"', []), ('externalId pr', []),
            ('not (externalId pr)', [u["id"] for u in USERS]),
            (f'(ActiVe eq "True") and userName eq "{ONE["userName"]}"', [ONE["id"]]),
            ("meta.resourceType eq User", [u["id"] for u in USERS]),
            ("meta.resourceType eq Group", []),
            (f'{USER}:userName eq "{ONE["userName"]}"', [ONE["id"]]),
            (f'groups eq "{group["id"]}"', [u["id"] for u in USERS if group["id"] in
                                           [g["value"] for g in u.get("groups", [])]])]:
        if wanted is None:
            SCIM.refused(SCIM.get("/Users", filter=filter_text), 400, "invalidFilter")
        else:
            same(found(filter_text), wanted, filter_text)
    for filter_text, wanted in [
            (f'displayName eq "{group["displayName"].upper()}"', [group["id"]]),
            (f'id eq "{group["id"]}" and members eq "{member}"', [group["id"]]),
            (f'members[value eq "{member}"]', None), (f'members.value eq "{member}"', None),
            (f'members.$ref ew "{member}"', None), (f'members co "{member[:20]}"', None),
            (f'id eq "{member}" and members eq "{group["id"]}"', []),
            ('members eq "x"', []), ("members pr", [g["id"] for g in GROUPS]),
            ("members.type eq User", [g["id"] for g in GROUPS]),
            ("members.type ne User", [])]:
        if wanted is None:
            wanted = [g["id"] for g in GROUPS if member in [m["value"] for m in g["members"]]]
        same(found(filter_text, "/Groups"), wanted, filter_text)


@test("windows of meta.lastModified, exact to the microsecond and beyond")
def windows():
    stamps = sorted((u["meta"]["lastModified"], u["id"]) for u in USERS)
    middle = stamps[200][0]
    beyond = middle[:-1] + "5Z"
    offset = (datetime.datetime.fromisoformat(middle[:-1] + "+00:00")
              .astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
              .isoformat(timespec="microseconds"))

    def window(*bounds):
        terms = " and ".join(f'meta.lastModified {op} "{at}"' for op, at in bounds)
        return sorted(found(terms))

    def wanted(first, last):
        return sorted(i for _, i in stamps[first:last])

    for bounds, first, last in [
            ([("ge", "0001-01-01T00:00:00Z")], 0, PEOPLE),
            ([("gt", "9999-12-31T23:59:59Z")], 0, 0),
            ([("gt", middle)], 201, PEOPLE), ([("ge", middle)], 200, PEOPLE),
            ([("lt", middle)], 0, 200), ([("le", middle)], 0, 201),
            ([("eq", middle)], 200, 201), ([("eq", offset)], 200, 201),
            ([("eq", middle[:-1] + "0Z")], 200, 201), ([("eq", beyond)], 0, 0),
            ([("gt", beyond)], 201, PEOPLE), ([("ge", beyond)], 201, PEOPLE),
            ([("lt", beyond)], 0, 201), ([("le", beyond)], 0, 201),
            ([("ge", stamps[50][0]), ("lt", stamps[60][0])], 50, 60),
            ([("lt", stamps[60][0]), ("ge", stamps[50][0])], 50, 60),
            ([("ge", stamps[60][0]), ("lt", stamps[50][0])], 0, 0)]:
        same(window(*bounds), wanted(first, last), str(bounds))
    active = {u["id"] for u in USERS if u["active"]}
    equal(sorted(found(f'(active eq true) and meta.lastModified ge "{stamps[100][0]}" and '
                       f'(meta.lastModified lt "{stamps[140][0]}" and title pr)')),
          sorted(i for i in wanted(100, 140) if i in active and
                 "title" in next(u for u in USERS if u["id"] == i)), "among other terms")


@test("mistakes are told with their place")
def mistakes():
    for filter_text, part in [
            ("", "at the end of the filter"), ("userName", "operator"),
            ('userName eq "x', "not closed"), ('nickName eq "x"', "at character 1"),
            ('title pr and foo eq "x"', "at character 14"), ("active gt true", "gt"),
            ('title eq "x" or', "at the end"), ("((title pr)", ") is missing"),
            ("(" * 100 + "title pr" + ")" * 100, "brackets"),
            (" and ".join(["title pr"] * 250), "200"), ('userName eq "' + "x" * 9000 + '"', "8192"),
            ("\ufeff", "attribute"), ("title eq 'x'", "double quotes")]:
        for path in ["/Users", "/Groups"]:
            answer = SCIM.get(path, filter=filter_text)
            SCIM.refused(answer, 400, "invalidFilter", part if path == "/Users" else None)
    SCIM.refused(SCIM.ask("GET", "/Users?filter=title%20eq%20%22%ff%22"), 400, "invalidSyntax")
    SCIM.refused(SCIM.ask("GET", "/Users?filter=title%20eq%20%22%00%22"), 400, "invalidSyntax")
    equal(len(SCIM.ask("GET", "/Users?filter=active+eq+true&count=3").resources), 3,
          "a plus is a blank")


@test("user names compare as PRECIS says: width and letter case do not count, ß is not ss")
def user_names():
    people = [40, 41, 42]
    names = ["größe@straße.example", "groesse@strasse.example", "grösse@strasse.example"]
    SCIM.change(*[word for person, name in zip(people, names)
                  for word in (",", "set", person, "work_email", name)][1:])
    SCIM.wait(lambda: found(f'userName eq "{names[2]}"'), "the names")
    for text, wanted in [("GRÖSSE@STRASSE.EXAMPLE", [42]), ("größe@straße.example", [40]),
                         ("GRÖẞE@STRAẞE.example", [40]), ("grösse@strasse.example", [42]),
                         ("ｇｒｏｅｓｓｅ＠ｓｔｒａｓｓｅ．ｅｘａｍｐｌｅ", [41]),
                         ("gro\u0308ßE@straße.example", [40])]:
        equal(found(f'userName eq "{text}"'), [SCIM.id_of(person) for person in wanted], text)
    equal(len(found('emails.value eq "grösse@strasse.example"')), 2, "e-mails fold fully")


main()
