"""Pairs of directories that differ only in people who were never served: no request over SCIM can
tell which is which (rulings F19, acceptance 4). Answers are compared byte by byte, with their
headers; of instants the distances count, which are the same where nobody in between had one."""
import json
import os
import re
import shutil
import sys
import urllib.parse
import uuid

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from pairs import GONE, MIXED, NEVER, SHOWN, Pair               # noqa: E402
from scim_tools import ENTERPRISE, ROLLCALL, TYPE, Scim         # noqa: E402
from tap import Skip, check, equal, lacks, main, test           # noqa: E402
from world import World, free_port, sanitized                   # noqa: E402

WORLD = World()
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
CURSOR = re.compile(r'("nextCursor":")([^"]*)"')
VERSION = re.compile(r'(/Tombstones/[-0-9a-f]{36}","version":)("[^,}]*")')
TRACES = ("secret", "joiner", "ghost", "early", "hidden team", "intern", "spy", "lyon", "tractor",
          "builders", "oslo")
STATE = {}
# Whom other views serve, and this one never does.
ELSEWHERE = ["905,Con,Tractor,tractor@example.com,2020-01-15,CONTRACTOR,Dept 1,Builders,1,Digger,Oslo",
             "906,Next,Tractor,next@example.com,2020-01-15,CONTRACTOR,Dept 2,Team 3,905,Digger,Oslo"]
WITH = ELSEWHERE[:1] + MIXED[:9] + ELSEWHERE[1:] + MIXED[9:]
NOBODY = ("tractor", *GONE)
OWN = "[view/scim/exclude]\nemployment_type = CONTRACTOR\n"


class Side(Scim):
    """One of the two: a house, and rollcall-scimd over its database."""

    def __init__(self, pair, name, people):
        self.port = free_port()
        self.house = pair.house(name, people, f"[scim]\nlisten = 127.0.0.1:{self.port}\n")
        self.base = "https://directory.example.com/scim/v2"
        self.name = name
        self.world = WORLD
        self.process = self.connection = None
        self.starts = 0
        self.database = self.house.database
        self.token = self.client_token("app")
        self.instants = {}

    @property
    def conf(self):
        return self.house.conf

    def client_token(self, name, *words):
        return self.house.ask("client", "add", name, "--scim", *words)["secret"]

    def settle(self):
        """Waits until the last publication is served, and names its instants: which one of all
        publications gave it, and how far from the first one it did."""
        def seen():
            stamp = self.query("SELECT max(stamp, forgotten) FROM view WHERE name = 'scim'")[0][0]
            told = self.get("/Users?count=0", token=self.token)
            return told.status == 200 and told.headers["Rollcall-Stamp"].endswith(
                f"{stamp % 1000000:06}Z")
        self.wait(seen, "the last publication")
        found = set()
        for path in ("/Users", "/Groups", "/Tombstones"):
            answer = self.get(path + "?count=500", token=self.token)
            found |= set(INSTANT.findall(answer.body.decode()))
            found.add(answer.headers["Rollcall-Stamp"])
        group, first, last = -1, 0, -10**9
        for text in sorted(found):
            now = micros(text)
            if now - last > 1000:
                group, first = group + 1, now
            self.instants[text] = f"<{group}+{now - first}>"
            last = now

    def plain(self, text):
        """Instants by their names, versions of tombstones (hashes of an instant) and cursors
        (which are sealed) by their length."""
        text = VERSION.sub(lambda match: f'{match.group(1)}"<{len(match.group(2))}>"', text)
        text = INSTANT.sub(lambda match: self.instants[match.group()], text)
        return CURSOR.sub(lambda match: f'{match.group(1)}<{len(match.group(2))}>"', text)

    def asked(self, method, path, headers=None, body=None):
        answer = self.ask(method, path, self.token, headers, body)
        told = sorted((name, self.plain(value)) for name, value in answer.headers.items()
                      if name != "Date")
        return answer.status, told, self.plain(answer.body.decode())


def micros(text):
    clock = [int(part) for part in re.findall(r"\d+", text)]
    return ((clock[2] * 24 + clock[3]) * 60 + clock[4]) * 60000000 + clock[5] * 1000000 + clock[6]


def sides():
    if not STATE:
        pair = STATE["houses"] = Pair(WORLD, OWN)
        one, other = (Side(pair, name, people)
                      for name, people in (("with", WITH), ("without", SHOWN)))
        STATE["pair"] = one, other
        for side in STATE["pair"]:
            text = open(os.path.join(side.conf, "rollcall.conf"), encoding="utf-8").read()
            WORLD.write(f"{side.name}/conf/rollcall.conf",
                        text + f"base_url = {side.base}\npage_size = 15\n")
            side.start()
            side.wait(lambda s=side: s.get("/Users?count=0", token=s.token).status == 200, "view")
            side.settle()
        STATE["ids"] = {uid: ids_of(one, uid) for uid in NOBODY}
    return STATE["pair"]


def ids_of(side, uid):
    """The id somebody would have, whether known or not."""
    found = side.query("SELECT lower(hex(uuid)) FROM person WHERE uid = ?", uid)
    return str(uuid.UUID(found[0][0] if found else "0" * 32))


def both(path, method="GET", headers=None, body=None):
    """Asks both; what both answer. A path may be one function of the side."""
    one, other = (side.asked(method, path(side) if callable(path) else path, headers, body)
                  for side in sides())
    equal(one, other, f"{method} {path} {body or ''}")
    return one


def query(path, **parameters):
    return path + "?" + urllib.parse.urlencode(parameters)


def search(path, **parameters):
    body = dict(parameters, schemas=["urn:ietf:params:scim:api:messages:2.0:SearchRequest"])
    return both(path + "/.search", "POST", {"Content-Type": TYPE}, json.dumps(body))


def whole():
    for path in ("/Users", "/Groups", "/Tombstones", ""):
        status, _, body = both(path + "?count=500")
        equal(status, 200, body)
        check(not any(word in body.lower() for word in TRACES), "a trace")


@test("two directories that show the same are the same, byte by byte, in their order")
def alike():
    one = sides()[0]
    check(len(one.query("SELECT * FROM person")) > len(SHOWN), "some are known and not served")
    whole()
    found = json.loads(both("/Users?count=500")[2])
    equal(found["totalResults"], len(SHOWN))
    stamps = sorted(user["meta"]["created"] for user in found["Resources"])
    check(all(stamp.startswith("<0+") for stamp in stamps), "one publication")
    for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Schemas/" + ROLLCALL):
        both(path)
    for user in found["Resources"][:10] + json.loads(both("/Groups")[2])["Resources"][:5]:
        path = user["meta"]["location"][len(one.base):]
        both(path)
        both(path, headers={"If-None-Match": user["meta"]["version"]})
        both(path + "?attributes=groups,manager,members")


def filters(uid, which):
    """Everything one may try to find somebody, or what is left of one."""
    number = {line.split(",")[3].partition("@")[0]: line.split(",")[0] for line in NEVER + ELSEWHERE}
    for text in (f'id eq "{which}"', f'id ge "{which}"', f'id sw "{which[:8]}"',
                 f'userName eq "{uid}@example.com"', f'userName eq "{uid}"',
                 f'userName co "{uid[:4]}"', f'not (userName sw "{uid[:2]}")',
                 f'userName ge "{uid}"', f'externalId eq "{uid}"',
                 f'emails eq "{uid}@example.com"', f'emails[value eq "{uid}@example.com"]',
                 f'emails[type eq "work"].value eq "{uid}@example.com"', f'uid eq "{uid}"',
                 f'employeeNumber eq "{number.get(uid, "999")}"', f'manager eq "{which}"',
                 f'manager.$ref ew "{which}"', f'groups[display eq "{uid}"]', f'source eq "{uid}"',
                 f'id eq "{which}" and manager pr', f'id eq "{which}" or userName sw "person1"',
                 f'meta.location ew "{which}"'):
        yield "/Users", text
    for text in (f'members eq "{which}"', f'members.value eq "{which}"',
                 f'members[value eq "{which}"]', f'members.$ref ew "{which}"',
                 f'displayName co "{uid}"', f'id eq "{which}"'):
        yield "/Groups", text
    yield "", f'id eq "{which}" or members eq "{which}" or userName eq "{uid}@example.com"'
    yield "/Tombstones", f'id eq "{which}"'


def requests(uid):
    """The same as whole requests: method, path, headers, body."""
    which = STATE["ids"][uid]
    for path in ("/Users/", "/Groups/", "/Tombstones/", "/Schemas/", "/ResourceTypes/"):
        yield "GET", path + which, None, None
        yield "GET", path + which + "?attributes=id", {"If-None-Match": "*"}, None
    for path in ("/Users/", "/Groups/", "/Tombstones/"):
        for method in ("PUT", "PATCH", "DELETE", "POST"):
            for body in (None, "{}", json.dumps({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [{"op": "replace", "path": "title", "value": uid}]})):
                yield method, path + which, {"Content-Type": TYPE, "If-Match": "*"}, body
    for path, text in filters(uid, which):
        yield "GET", query(path, filter=text), None, None
        yield "GET", query(path, filter=text, count=0), None, None
        yield "POST", path + "/.search", {"Content-Type": TYPE}, json.dumps({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": text,
            "sortBy": "meta.lastModified", "sortOrder": "descending", "count": 3})
    yield "GET", query("/Users", filter="userName pr", cursor=which), None, None
    yield "GET", query("/Users", sortBy=uid), None, None
    yield "GET", query("/Users", filter=f'{uid} eq "x"'), None, None


@test("whoever looks for one of the never served learns what of nobody at all")
def names():
    sides()
    for uid in NOBODY:
        for method, path, headers, body in requests(uid):
            both(path, method, headers, body)


@test("codes, texts, headers and counts are those of nobody at all in one directory too")
def same():
    side = sides()[0]
    for number, calls in enumerate(zip(*(requests(uid) for uid in NOBODY))):
        answers = []
        for uid, (method, path, headers, body) in zip(NOBODY, calls):
            status, told, text = side.asked(method, path, headers, body)
            text = text.replace(STATE["ids"][uid], "ID").replace(uid, "UID")
            # A message may quote what was asked, whose length differs from name to name.
            told = [(name, value) for name, value in told if name != "Content-Length"]
            answers.append((status, told, text))
        if not re.search(r"(userName|id)[ +]ge", str(calls)):       # orders go by the name itself
            equal([a for a in answers if a != answers[-1]], [], f"request {number}: {calls[0]}")


@test("groups, departments, titles, managers and places of theirs do not show")
def references():
    for text in ('title eq "Spy"', 'userType eq "INTERN"', 'workLocation eq "Lyon"',
                 'team eq "Hidden team"', 'employeeNumber ge "9"', 'employeeNumber sw "90"',
                 'status eq "onboarding"', 'active eq false', 'manager pr', 'not (manager pr)',
                 'groups pr', 'groups.display co "team"', 'startDate gt "2100-01-01"',
                 f'{ENTERPRISE}:manager.displayName co "e"', 'addresses.locality co "L"',
                 'meta.lastModified gt "0001-01-01T00:00:00Z"', 'id gt "8"', 'id le "8"'):
        both(query("/Users", filter=text, count=100))
        search("/Users", filter=text, sortBy="userName", attributes=["userName"])
    for text in ('displayName eq "Hidden team"', 'displayName co "e"', 'members pr',
                 'not (members pr)', 'id pr'):
        both(query("/Groups", filter=text))
        search("", filter=text)
    for side in sides():
        for window in ("gt", "ge", "lt", "le", "eq"):
            for path in ("/Users", "/Groups", "/Tombstones"):
                stamp = side.get("/Users?count=1&startIndex=9",
                                 token=side.token).resources[0]["meta"]["lastModified"]
                STATE.setdefault(side.name, []).append(side.asked(
                    "GET", query(path, filter=f'meta.lastModified {window} "{stamp}"')))
    equal(STATE["with"], STATE["without"], "windows of time")


@test("what a client that may write is refused is the same for them as for nobody at all")
def writes():
    before = [side.token for side in sides()]
    for side in sides():
        side.token = side.client_token("owner", "--rights", "local")
        side.wait(lambda s=side: s.get("/Users?count=0", token=s.token).status == 200, "client")
    shown = json.loads(both("/Users?count=1")[2])["Resources"][0]["id"]
    patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    for uid in NOBODY:
        which = STATE["ids"][uid]
        for method, path, body in (
                ("PATCH", "/Users/" + which, {"op": "replace", "path": "title", "value": "x"}),
                ("PATCH", "/Users/" + which, {"op": "add", "value": {"externalId": uid}}),
                ("PATCH", "/Groups/" + which, {"op": "remove", "path": "members"}),
                ("PATCH", "/Users/" + shown, {"op": "add", "path": ENTERPRISE + ":manager",
                                              "value": which}),
                ("DELETE", "/Users/" + which, None), ("DELETE", "/Groups/" + which, None)):
            body = body and json.dumps({"schemas": [patch], "Operations": [body]})
            status = both(path, method, {"Content-Type": TYPE}, body)[0]
            check(400 <= status < 500, f"{method} {path}: {status}")
    for side, token in zip(sides(), before):
        side.token = token


@test("orders, pages and cursors are the same")
def pages():
    for by in ("", "userName", "title", "meta.created", "meta.lastModified", "id", "manager",
               "emails", "groups", "employeeNumber", "name.familyName", "active", "department"):
        for order in ("ascending", "descending"):
            both(query("/Users", sortBy=by, sortOrder=order, count=100))
    for by in ("", "displayName", "members", "id", "meta.created"):
        both(query("/Groups", sortBy=by))
    for start in (0, 1, 2, 39, 40, 41, 42, 50):
        for count in (-1, 0, 1, 3, 500):
            both(query("/Users", startIndex=start, count=count, attributes="userName"))
            both(query("", startIndex=start, count=count, attributes="id"))
    for parameters in ({}, {"sortBy": "title"}, {"filter": 'title ne "Title 3"'},
                       {"sortBy": "userName", "sortOrder": "descending"}):
        for path in ("/Users", ""):
            cursors = ["", ""]
            for page in range(8):
                answers = [side.ask("GET", query(path, count=9, cursor=cursor, **parameters),
                                    side.token)
                           for side, cursor in zip(sides(), cursors)]
                equal(*(side.plain(answer.body.decode())
                        for side, answer in zip(sides(), answers)), f"page {page} of {path}")
                cursors = [answer.json.get("nextCursor") for answer in answers]
                if cursors[0] is None:
                    break


@test("changes, departures, windows and tombstones are the same, whatever the others do meanwhile")
def changes():
    sides()
    pair = STATE["houses"]
    steps = [
        lambda people: [line for line in people if line[:2] not in ("3,", "34")],
        lambda people: [line.replace("Title 6", "Chief") for line in people],
        lambda people: [line.replace("Team 3", "Team 9") for line in people],
        lambda people: [line for line in people if "secret" not in line],
        lambda people: [line.replace("Writer", "Rewriter") for line in people],
        lambda people: [line.replace("Digger", "Driver").replace("Title 2", "Two")
                        for line in people],
        lambda people: [line for line in people if "next@" not in line]]
    mixed, shown = WITH, SHOWN
    for step in steps:
        mixed, shown = step(mixed), step(shown)
        for side, people in zip(sides(), (mixed, shown)):
            pair.bring(side.house, people)
            side.settle()
        whole()
    for words in (("hide", "person20"), ("hide", "person7"), ("unhide", "person20"),
                  ("set", "person9", "job_title", "x")):
        for side in sides():
            side.house.rollcall(*words, status=None)
            side.settle()
        whole()
    sides()[0].house.rollcall("hide", "joiner", status=None)
    sides()[0].house.rollcall("erase", "joiner", status=None)
    whole()
    found = json.loads(both("/Tombstones?count=100")[2])["Resources"]
    check(found, "somebody left")
    for uid in NOBODY:
        lacks(str(found), STATE["ids"][uid])
    both(query("/Tombstones", filter='type eq "Group"'))


def instructions(side, calls):
    """How many instructions the answers to some requests take, counted by callgrind."""
    out = WORLD.path(side.name + ".callgrind")
    side.stop()
    arguments = side.arguments()
    side.arguments = lambda: ["valgrind", "--tool=callgrind", "--toggle-collect=route_request",
                              f"--callgrind-out-file={out}", *arguments]
    try:
        side.process = side.start()
        side.wait(lambda: side.get("/Users?count=0", token=side.token).status == 200, "view")
        for method, path, headers, body in calls:
            side.asked(method, path, headers, body)
    finally:
        side.stop()
        side.arguments = lambda: arguments
        side.start()
    with open(out, encoding="utf-8") as stream:
        return int(next(line for line in stream if line.startswith("summary:")).split()[1])


@test("a request takes as many instructions where somebody was never served as where nobody is")
def timing():
    if shutil.which("valgrind") is None:
        raise Skip("valgrind is not installed")
    if sanitized():
        raise Skip("valgrind does not run what a sanitizer runs in")
    sides()
    calls = [call for uid in GONE[:2] for call in requests(uid)]
    with_them, without = (instructions(side, calls) for side in sides())
    check(with_them > 100000, f"{with_them} were counted: the program has no symbols")
    # The ids of who is served lie otherwise, so that a few loops take another turn.
    check(abs(with_them - without) < without // 200, f"{with_them} and {without} instructions")


main()
