"""Requests from nowhere, against rollcall-scimd and rollcalld: their parts are those of real ones,
put together and broken at random. Whatever passes HTTP framing is answered, soon, and what is
malformed with 4xx and a SCIM error; nothing crashes, nothing is half done.

    scim_fuzz.py                    a few thousand, always the same
    scim_fuzz.py --fuzz SECONDS     others each time; it says how to repeat them
"""
import http.client
import json
import os
import random
import sys
import time
import urllib.parse

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")] + [os.path.dirname(__file__)]
from client import fix_clock                                    # noqa: E402
from house import House                                         # noqa: E402
from scim_tools import (ENTERPRISE, ERROR, GROUP, LIST, ROLLCALL, TYPE, USER,   # noqa: E402
                        Scim)
from tap import check, equal, main, test                        # noqa: E402
from world import World, free_port, sanitized                              # noqa: E402

REQUESTS = 4000
SOON = 10.0                             # seconds until an answer; the machine may be busy
API = "urn:ietf:params:scim:api:messages:2.0:"
TOMBSTONE = "urn:ietf:params:scim:schemas:extension:rollcall:2.0:Tombstone"
SCIM_TYPES = {"invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax",
              "invalidPath", "noTarget", "invalidValue", "invalidVers", "sensitive",
              "invalidCursor", "expiredCursor", "invalidCount"}
WORLD = World()
fix_clock(WORLD)
PORT = free_port()
HOUSE = House(WORLD, main=f"[scim]\nlisten = 127.0.0.1:{PORT}\nfailed_logins = 100000\n")
PEOPLE = "employee_number,first_name,last_name,work_email,start_date,department,team,manager,job_title\n" \
    + "".join(f"{n},First{n},Last{n},person{n}@example.com,2020-01-15,Dept {n % 3},Team {n % 5},"
              f"{n // 2 or ''},Title {n % 4}\n" for n in range(1, 61))


class Served(Scim):
    def __init__(self):
        self.port = PORT
        self.base = f"http://127.0.0.1:{PORT}/scim/v2"
        self.name = "fuzz"
        self.world = WORLD
        self.process = self.connection = None
        self.starts = 0
        self.database = HOUSE.database

    @property
    def conf(self):
        return HOUSE.conf

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON)


SCIM = Served()
TOKENS = {}


def prepare():
    WORLD.write("house/conf/sources.d/hr.conf",
                "[source]\nprovider = csv\n[fields]\njob_title = import-once\n")
    WORLD.write("house/conf/sources.d/local.conf", "[source]\nprovider = local\n[fields]\n")
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "hr")
    HOUSE.rollcall("import", WORLD.write("people.csv", PEOPLE))
    for name, rights in (("reader", "read"), ("editor", "edit"), ("owner", "local")):
        TOKENS[name] = HOUSE.ask("client", "add", name, "--scim", "--rights", rights)["secret"]
    SCIM.start()
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token=TOKENS["reader"]).status == 200, "the view")


# ---- parts of requests ----------------------------------------------------------------------------

class Draw(random.Random):
    """Draws requests. `ids` are those that are there, and grow with what is made."""

    def __init__(self, seed, ids):
        super().__init__(seed)
        self.ids = ids

    def one(self, *choices):
        choice = self.choice(choices)
        return choice() if callable(choice) else choice

    def rarely(self, odds=8):
        return self.randrange(odds) == 0

    # ---- small things

    def id(self):
        return self.one(lambda: self.choice(self.ids), lambda: self.choice(self.ids),
                        "00000000-0000-0000-0000-000000000000", "bulkId:one", "bulkId:", "", "x",
                        lambda: self.choice(self.ids).upper(), "..", "%00", "%ff%fe", "a/b")

    def word(self):
        return self.one("x", "", " ", "work", "home", "User", "person7@example.com", "Title 2",
                        "Ünï©ode \u202e", "\u0000", "\U0001f600", "\ud800", "\"", "\\", "a" * 300,
                        "true", "False", "null", "2026-11-20T10:00:00Z", "0001-01-01T00:00:00Z",
                        "9999-12-31T23:59:60.123456789+14:00", "2026-02-30", "-1", "' or 1=1",
                        self.id)

    def number(self):
        return self.one(0, 1, -1, 2, 5, 100, 2**31, 2**63, -2**63, 2**64, 1.5, "1e3", "x", "", " 1")

    def name(self):
        return self.one(
            "id", "externalId", "schemas", "meta", "meta.lastModified", "meta.created",
            "meta.version", "userName", "USERNAME", "name", "name.familyName", "name.givenName.x",
            "displayName", "title", "active", "emails", "emails.value", "emails.type", "emails[0]",
            "emails.primary", "phoneNumbers.value", "addresses.locality", "groups", "groups.value",
            "members", "members.value", "members.$ref", "manager", "manager.value", "password",
            "type", "uid", "status", "startDate", USER, USER + ":userName", ENTERPRISE,
            ENTERPRISE + ":manager", ENTERPRISE + ".manager.displayName", ROLLCALL + ":uid",
            TOMBSTONE + ":type", GROUP + ":displayName", "urn:x:y", "urn:", "$ref", "", ".", "a.b.c.d",
            self.word)

    def literal(self):
        return self.one(lambda: json.dumps(self.word()), lambda: json.dumps(self.word()), "true",
                        "null", "12", "-0.5e3", "word", lambda: str(self.number()), '"\\u12"',
                        '"open', "'x'")

    def filter(self, depth=3):
        if depth == 0 or self.rarely(3):
            return self.one(
                lambda: f"{self.name()} {self.operator()} {self.literal()}",
                lambda: f"{self.name()} {self.operator()} {self.literal()}",
                lambda: f"{self.name()} pr")
        less = lambda: self.filter(depth - 1)                   # noqa: E731
        return self.one(
            lambda: f"{less()} and {less()}", lambda: f"{less()} or {less()}",
            lambda: f"not ({less()})", lambda: f"({less()})",
            lambda: f"{self.name()}[{less()}]", lambda: f"{self.name()}[{less()}].{self.name()} "
            f"{self.operator()} {self.literal()}",
            lambda: "(" * self.randrange(80) + less(), lambda: " or ".join(["id pr"] * 230))

    def operator(self):
        return self.one("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ", "pr", "xx", "=")

    def broken(self, text):
        """Cut, doubled, or with bytes changed."""
        if not text or not self.rarely(6):
            return text
        at = self.randrange(len(text))
        return self.one(lambda: text[:at], lambda: text[:at] + text[at + 1:],
                        lambda: text[:at] + text[at // 2:], lambda: text[:at] + self.one(
                            '"', "\\", "(", ")", "[", "]", "{", "}", ":", ",", " ", "\u00e9", "%")
                        + text[at + 1:])

    # ---- bodies

    def value(self, depth=3):
        if depth == 0:
            return self.one(self.word, True, False, None, 0, -1.5e300)
        return self.one(
            self.word, self.word, True, None, lambda: [], lambda: {},
            lambda: [self.value(depth - 1) for _ in range(self.randrange(3))],
            lambda: {self.name(): self.value(depth - 1) for _ in range(self.randrange(4))},
            lambda: [{"value": self.id(), "type": self.one("User", "Group", "work", None)}],
            lambda: {"value": self.id()}, lambda: {"familyName": self.word()})

    def path(self):
        return self.one(self.name, self.name, lambda: f"{self.name()}[{self.filter(1)}]",
                        lambda: f"{self.name()}[{self.filter(1)}].{self.name()}", lambda: self.value(1))

    def operation(self):
        if self.rarely(3):
            return self.one(
                lambda: {"op": "replace", "path": "title", "value": self.word()},
                lambda: {"op": "Replace", "value": {"externalId": self.word(), "title": "x"}},
                lambda: {"op": "add", "path": "members", "value": [{"value": self.id()}]},
                lambda: {"op": "remove", "path": f'members[value eq "{self.id()}"]'},
                lambda: {"op": "replace", "path": 'emails[type eq "work"].value',
                         "value": f"{self.randrange(10**6)}@local.example"},
                lambda: {"op": "Add", "path": "active", "value": self.one("True", "False", "x")},
                lambda: {"op": "add", "path": ENTERPRISE + ":manager", "value": self.id()})
        made = {"op": self.one("add", "remove", "replace", "Add", "Replace", "move", "", None, 1)}
        if not self.rarely(4):
            made["path"] = self.path()
        if not self.rarely(4):
            made["value"] = self.value()
        return made

    def patch(self):
        return {"schemas": self.one([], None, "x") if self.rarely() else [API + "PatchOp"],
                "Operations": [self.operation() for _ in range(self.one(0, 1, 1, 1, 2, 4))]}

    def resource(self, kind=None):
        number = self.randrange(10**6)
        made = {"schemas": [{"Users": USER, "Groups": GROUP}[kind]] if kind and not self.rarely()
                else self.one([USER], [GROUP], [USER, ENTERPRISE], ["urn:x"], USER, None),
                "userName": f"{number}@local.example", "displayName": f"Group {number}", "name": {"familyName": "Last", "givenName": "First"},
                "emails": [{"value": f"{number}@local.example", "type": "work"}]}
        for _ in range(self.one(0, 0, 1, 3)):
            made[self.name()] = self.value(2)
        if self.rarely():
            del made[self.choice(list(made))]
        return made

    def search(self):
        made = {"schemas": [API + "SearchRequest"]}
        for name in ("filter", "sortBy", "sortOrder", "attributes", "excludedAttributes",
                     "startIndex", "count", "cursor", "Filter"):
            if self.rarely(3):
                made[name] = self.one(self.parameter(name), self.parameter(name), self.value(1))
        return made

    def bulk(self):
        made = {} if self.rarely(3) else {"failOnErrors": self.one(0, 1, 1, 1, 2, "x", None)}
        return {"schemas": [API + "BulkRequest"], **made, "Operations": [{
                    "method": self.one("POST", "PUT", "PATCH", "DELETE", "GET", "post", None),
                    "path": self.one("/Users", "/Groups", f"/Users/{self.id()}", "/Bulk", "/", 1),
                    "bulkId": self.one("one", "two", "", None, 5),
                    "version": self.one("W/\"x\"", None), "data": self.one(
                        self.patch, self.resource, self.value)}
                    for _ in range(self.one(0, 1, 2, 3))]}

    def body(self, *makers):
        made = self.one(*(makers or (self.patch, self.resource, self.search, self.bulk, self.value)))
        text = json.dumps(made)
        if self.rarely():
            text = json.dumps(made, ensure_ascii=False)
        if self.rarely():
            text = self.one("[" * 50 + text, '{"a":1,"a":2}', text + text, "", " ", "{", "\ufeff" + text)
        return self.broken(text).encode("utf-8", "surrogatepass")

    # ---- requests

    def parameter(self, name):
        return {"filter": lambda: self.broken(self.filter()), "sortBy": self.name,
                "sortOrder": lambda: self.one("ascending", "descending", "DESCENDING", "x", ""),
                "attributes": lambda: ",".join(self.name() for _ in range(self.randrange(5))),
                "excludedAttributes": self.name, "startIndex": self.number, "count": self.number,
                "cursor": lambda: self.one("", "AAAA", "x" * 2000, self.word)}.get(name, self.word)()

    def query(self):
        pairs = [(name, self.parameter(name)) for name in (
            "filter", "sortBy", "sortOrder", "attributes", "excludedAttributes", "startIndex",
            "count", "cursor", "startindex", "nothing") if self.rarely(4)]
        text = urllib.parse.urlencode(pairs, errors="surrogatepass")
        if self.rarely():
            text = self.one(self.broken(text), text + "&" + text, text + "&%", "%ff=%00&" + text,
                            "=&&" + text, text.replace("%", "%25"))
        return ("?" + text if text or self.rarely() else "").encode("utf-8", "replace").decode(
            "ascii", "replace").replace("\ufffd", "%ff").replace(" ", "+")

    def target(self):
        where = self.one("/Users", "/Users", "/Groups", "/Tombstones", "", "/", "/Bulk", "/Me",
                         "/.search", "/Users/.search", "/Groups/.search", "/Tombstones/.search",
                         "/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Nothing",
                         lambda: "/Users/" + self.id(), lambda: "/Users/" + self.id(),
                         lambda: "/Groups/" + self.id(), lambda: "/Tombstones/" + self.id(),
                         lambda: "/Schemas/" + self.one(USER, "urn:x", self.id()),
                         lambda: "/ResourceTypes/" + self.one("User", "x"), "/users", "//Users",
                         "/Users/../Groups", "/Users//", "/%55sers")
        root = self.one(*["/scim/v2"] * 20, "/scim/v1", "/scim", "", "/scim/v2/v2")
        return (root + where + self.query()) or "/"

    def headers(self):
        made = {"Authorization": "Bearer " + TOKENS[self.one("reader", "editor", "owner", "owner")]}
        if self.rarely(20):
            made["Authorization"] = self.one("", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 300,
                                             "bearer " + TOKENS["reader"])
        made["Content-Type"] = self.one("application/json", "text/plain", "x", "",
                                        TYPE + "; charset=utf-8") if self.rarely() else TYPE
        for name, choices in (
                ("Accept", (TYPE, "*/*", "application/json;q=0", "text/html", ",,;q=", "x" * 500)),
                ("If-Match", ("*", 'W/"x"', '"', "W/", ',"a,b"', "x" * 500)),
                ("If-None-Match", ("*", 'W/"x"', '"', ",", "\xff")),
                ("X-HTTP-Method-Override", ("DELETE",)), ("Prefer", ("respond-async",)),
                ("Content-Encoding", ("gzip",)), ("Host", ("", "evil.example", "[::1]:x"))):
            if self.rarely(25):
                made[name] = self.choice(choices)
        return made

    def likely(self):
        """A method, a target and a body that go together."""
        one = self.choice(self.ids)
        kind = self.one("Users", "Users", "Groups")
        return self.one(
            lambda: ("GET", f"/{kind}" + self.query(), None),
            lambda: ("GET", f"/{kind}/{one}" + self.query(), None),
            lambda: ("POST", f"/{kind}" + self.query(), self.body(lambda: self.resource(kind))),
            lambda: ("PUT", f"/{kind}/{one}", self.body(lambda: self.resource(kind))),
            lambda: ("PATCH", f"/{kind}/{one}" + self.query(), self.body(self.patch)),
            lambda: ("PATCH", f"/{kind}/{one}", self.body(self.patch)),
            lambda: ("POST", self.one("/", f"/{kind}/", "/Tombstones/") + ".search",
                     self.body(self.search)),
            lambda: ("POST", "/Bulk", self.body(self.bulk)),
            lambda: ("DELETE", f"/{kind}/{one}", None) if self.rarely() else
            ("GET", "/Tombstones" + self.query(), None))

    def request(self):
        if not self.rarely(3):
            method, target, body = self.likely()
            return method, "/scim/v2" + target, self.headers(), body
        method = self.one("GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE",
                          "HEAD", "OPTIONS", "TRACE", "get", "FOO")
        body = None if method in ("GET", "HEAD", "DELETE") and not self.rarely() else self.body()
        return method, self.target(), self.headers(), body


# ---- sending them ---------------------------------------------------------------------------------

def send(method, target, headers, body):
    """One request on the connection that is kept: (status, headers, body)."""
    if SCIM.connection is None:
        SCIM.connection = SCIM.connect()
    connection = SCIM.connection
    connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value.encode("latin-1", "replace"))
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read()
    if answer.will_close:
        SCIM.close()
    return answer.status, answer.headers, text


def judge(method, target, status, headers, body):
    path = target.partition("?")[0]
    may_lack = path.startswith("/scim/v2/Me")
    check(status < 500 or (status == 501 and may_lack), f"status {status}: {body[:300]}")
    if method == "HEAD" or status in (204, 304):
        equal(body, b"", "body")
        return
    equal(headers["Content-Type"], TYPE, "content type")
    found = json.loads(body)
    if status < 300:
        if LIST in found.get("schemas", []):
            equal(found["itemsPerPage"], len(found["Resources"]), "itemsPerPage")
        return
    equal((found["schemas"], found["status"]), ([ERROR], str(status)), "error")
    check(found["detail"], "a detail")
    check("scimType" not in found or found["scimType"] in SCIM_TYPES, body)
    check(status != 400 or "scimType" in found, f"400 says which: {body}")


def try_one(draw):
    request = draw.request()
    begin = time.monotonic()
    try:
        status, headers, body = send(*request)
        judge(*request[:2], status, headers, body)
    except (http.client.HTTPException, OSError, AssertionError, ValueError, KeyError) as error:
        raise AssertionError(f"{type(error).__name__}: {error}\n{request!r}") from error
    check(time.monotonic() - begin < SOON, f"soon: {request!r}")
    if status == 201:
        draw.ids.append(json.loads(body).get("id", "x"))
    return status, headers, body


def memory():
    with open(f"/proc/{SCIM.process.pid}/status", encoding="ascii") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith("VmRSS"))


def run(seed, enough):
    """Requests until it is enough; how many had which status."""
    token = TOKENS["reader"]
    ids = [r["id"] for path in ("/Users", "/Groups") for r in SCIM.all(path, token=token)]
    draw = Draw(seed, ids)
    seen = {}
    while not enough(sum(seen.values())):
        status = try_one(draw)[0]
        seen[status] = seen.get(status, 0) + 1
        check(SCIM.process.running() and HOUSE.daemon.running(), "both live")
    return seen


def whole():
    """What is served is what the command lists."""
    served = {r[ROLLCALL]["uid"]: r for r in SCIM.all("/Users", token=TOKENS["reader"])}
    listed = {row["uid"] for row in HOUSE.rows("list")}
    equal(set(served), listed, "people")
    for resource in served.values():
        equal(SCIM.get("/Users/" + resource["id"], token=TOKENS["reader"]).json, resource, "one")


@test("whatever is asked is answered, and what is malformed with a SCIM error")
def fuzz():
    prepare()
    before = memory()
    seen = run(1, lambda count: count >= REQUESTS)
    print("# " + ", ".join(f"{status}: {count}" for status, count in sorted(seen.items())))
    for status in (200, 201, 304, 400, 401, 403, 404, 405, 406, 412, 415):
        check(seen.get(status, 0) > 0, f"some are answered with {status}: {seen}")
    SCIM.wait(lambda: SCIM.get("/Users?count=0", token=TOKENS["reader"]).json["totalResults"] ==
              len(HOUSE.rows("list")), "the last write")
    whole()
    check(memory() - before < 64 * 1024 or sanitized(), f"memory grew from {before} to {memory()} kB")
    for log in (SCIM.process.text(), HOUSE.daemon.text()):
        for trace in ("internal error", "Assertion", "AddressSanitizer", "runtime error"):
            check(trace not in log, log[-2000:])
    equal(SCIM.stop(), 0, "exit status")
    equal(HOUSE.stop(), 0, "exit status of rollcalld")


def for_seconds(seconds):
    seed = int(os.environ.get("FUZZ_SEED", time.time_ns()))
    print(f"scim_fuzz: {seconds} s, FUZZ_SEED={seed}", flush=True)
    prepare()
    end = time.monotonic() + seconds
    print(run(seed, lambda count: time.monotonic() > end))
    whole()


if sys.argv[1:2] == ["--fuzz"]:
    for_seconds(float(sys.argv[2]))
else:
    main()
