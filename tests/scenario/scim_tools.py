"""rollcall-scimd for a scenario: a seeded database, the program, requests, and a checker that
holds every answer to the schemas the server itself declares."""
import datetime
import http.client
import json
import os
import re
import socket
import sqlite3
import ssl
import urllib.parse

from scim_keys import CERTIFICATE_ONE, KEY_ONE
from tap import check, equal
from world import free_port, program, wait_until

TYPE = "application/scim+json"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER = CORE + "User"
GROUP = CORE + "Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ROLLCALL = "urn:ietf:params:scim:schemas:extension:rollcall:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_ANSWER = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
TOKEN = "rcs_test-token"
INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$")


def patch_body(*operations):
    names = ("op", "path", "value")
    return {"schemas": [PATCH], "Operations": [
        {name: part for name, part in zip(names, operation) if part is not None}
        for operation in operations]}


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def resources(self):
        return self.json["Resources"]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Scim:
    """One server with a folder of its own. `people` None: there is no database yet."""

    def __init__(self, world, people=None, name="scim", scim="", server="", listen=None,
                 seed=1, big=None):
        self.world = world
        self.name = name
        self.port = free_port()
        self.database = world.path(name, "db", "rollcall.db")
        os.makedirs(os.path.dirname(self.database))
        self.listen = listen or [f"127.0.0.1:{self.port}"]
        self.base = f"http://127.0.0.1:{self.port}/scim/v2"
        self.configure(scim, server)
        self.process = None
        self.connection = None
        self.starts = 0
        if people is not None:
            self.create(people, seed, big)
            self.client("app")

    def configure(self, scim="", server=""):
        lines = "".join(f"listen = {text}\n" for text in self.listen)
        self.world.write(f"{self.name}/conf/rollcall.conf", f"""[server]
database = {self.database}
{server}
[directory]
suffix = dc=example,dc=com
[scim]
{lines}{scim}
""")

    @property
    def conf(self):
        return self.world.path(self.name, "conf")

    # ---- the database

    def seed(self, *words):
        return self.world.run([program("tests/lib/rollcall-seed"), *map(str, words)])

    def create(self, people, seed=1, big=None):
        self.seed("create", "--people", people, "--seed", seed,
                  *([] if big is None else ["--big", big]), self.database)

    def change(self, *words):
        """Steps with a comma between them, in one revision."""
        self.seed("change", self.database, *words)

    def setting(self, **values):
        """Other settings in force (sync/settings.h), as a reload of rollcalld writes them."""
        with sqlite3.connect(self.database) as database:
            for name, value in values.items():
                database.execute("INSERT OR REPLACE INTO v_setting VALUES (?, ?)",
                                 (name.replace("__", "."), value))

    def touch(self, *people):
        """Steps that give people another title: the seed's publisher does not look who else
        shows what it changes."""
        return [word for person in people
                for word in (",", "set", person, "job_title", f"Touched {person}")]

    def client(self, name, token=TOKEN, view="scim", action="add", expires=None,
               rights="read"):
        words = ["client", self.database, action, name]
        if action == "add":
            words += ["--view", view, "--rights", rights]
        if action != "delete":
            words += ["--secret", token]
        if expires is not None:
            words += ["--expires", expires]
        self.seed(*words, "--protocol", "scim")

    def query(self, sql, *arguments):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql, arguments).fetchall()

    def id_of(self, person):
        """The id in SCIM of a seeded person, whether served or not."""
        return self.query("SELECT lower(substr(h,1,8)||'-'||substr(h,9,4)||'-'||substr(h,13,4)"
                          "||'-'||substr(h,17,4)||'-'||substr(h,21)) FROM (SELECT hex(uuid)"
                          " h FROM v_person WHERE id = ?)", person)[0][0]

    # ---- the program

    def arguments(self):
        return [program("rollcall-scimd"), "-c", self.conf]

    def start(self, ready="info start "):
        self.process = self.world.start(self.arguments(), self.name + "-scimd")
        self.starts += 1
        self.process.wait_log(ready, count=self.starts)
        return self.process

    def stop(self):
        self.close()
        return self.process.stop()

    # ---- requests

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def ask(self, method, path, token=TOKEN, headers=None, body=None, root="/scim/v2"):
        """One request on a connection that is kept; path is below the base path."""
        headers = dict(headers or {})
        if token is not None:
            headers.setdefault("Authorization", "Bearer " + token)
        if self.connection is None:
            self.connection = self.connect()
        try:
            self.connection.request(method, root + path, body, headers)
            response = self.connection.getresponse()
            answer = Answer(response, response.read())
        except Exception:
            self.close()
            raise
        if response.will_close:
            self.close()
        return answer

    def write(self, method, path, body=None, token=TOKEN, headers=None):
        """A write with a body of JSON, or as it stands."""
        text = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        return self.ask(method, path, token, {"Content-Type": TYPE, **(headers or {})}, text)

    def patch(self, path, *operations, **more):
        """A PATCH; an operation is (op, path, value), a path or value of None left out."""
        return self.write("PATCH", path, patch_body(*operations), **more)

    def get(self, path, token=TOKEN, headers=None, **parameters):
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        return self.ask("GET", path, token, headers)

    def list(self, path, **parameters):
        """A list, held to what every list must be."""
        answer = self.get(path, **parameters)
        equal(answer.status, 200, answer.body[:300])
        equal(answer.headers["Content-Type"], TYPE, "content type")
        found = answer.json
        equal(found["schemas"], [LIST], "schemas of the list")
        equal(found["itemsPerPage"], len(found["Resources"]), "itemsPerPage")
        return found

    def search(self, path, token=TOKEN, **members):
        """A POST of a SearchRequest."""
        return self.ask("POST", path, token, {"Content-Type": TYPE},
                        json.dumps({"schemas": [SEARCH], **members}))

    def stamp(self):
        """The newest stamp of the view, as a list's header tells it once it was read."""
        micros = self.query("SELECT stamp FROM view WHERE name = 'scim'")[0][0]
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=micros)
        return moment.isoformat(timespec="microseconds") + "Z"

    def all(self, path, **parameters):
        """Every resource of a list, page by page."""
        found, start = [], 1
        while True:
            page = self.list(path, startIndex=start, count=100, **parameters)
            found += page["Resources"]
            start += len(page["Resources"])
            if not page["Resources"]:
                equal(len(found), page["totalResults"], "totalResults")
                return found

    def refused(self, answer, status, scim_type=None, part=None):
        """A SCIM error, as RFC 7644 §3.12 has it."""
        equal(answer.status, status, answer.body[:300])
        equal(answer.headers["Content-Type"], TYPE, "content type")
        error = answer.json
        equal(error["schemas"], [ERROR], "schemas of the error")
        equal(error["status"], str(status), "status in the body")
        equal(error.get("scimType"), scim_type, f"scimType of {error}")
        check(error["detail"], "there is a detail")
        if part is not None and part not in error["detail"]:
            raise AssertionError(f"{part!r} is not in {error['detail']!r}")

    def wait(self, condition, what):
        return wait_until(condition, what, 10)


class Tls(Scim):
    """One that listens with a certificate."""

    def __init__(self, world, name, people, scim="", certificate=CERTIFICATE_ONE, key=KEY_ONE):
        self.files = [world.write(f"{name}.crt", certificate),
                      world.write(f"{name}.key", key, 0o600)]
        super().__init__(world, people, name=name, scim=f"tls_certificate = {self.files[0]}\n"
                         f"tls_key = {self.files[1]}\n{scim}")
        self.base = self.base.replace("http:", "https:")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE

    def connect(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30,
                                           context=self.context)

    def shown(self, version=None):
        """The certificate that is shown, and the version of TLS that is spoken."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if version is not None:
            context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain:
            with context.wrap_socket(plain) as secure:
                return ssl.DER_cert_to_PEM_cert(secure.getpeercert(True)), secure.version()


# ---- the checker -------------------------------------------------------------------------------

KINDS = {"string": str, "boolean": bool, "integer": int, "dateTime": str, "reference": str,
         "complex": dict}
COMMON = {
    "schemas": {"name": "schemas", "type": "string", "multiValued": True},
    "id": {"name": "id", "type": "string", "multiValued": False},
    "meta": {"name": "meta", "type": "complex", "multiValued": False, "subAttributes": [
        {"name": "resourceType", "type": "string", "multiValued": False},
        {"name": "created", "type": "dateTime", "multiValued": False},
        {"name": "lastModified", "type": "dateTime", "multiValued": False},
        {"name": "location", "type": "reference", "multiValued": False},
        {"name": "version", "type": "string", "multiValued": False}]},
}


class HouseScim(Scim):
    """The server of a house (tests/lib/house.py) whose main part says where to listen: with
    rollcalld behind it, as applications find it."""

    def __init__(self, world, house, port):
        self.world, self.house, self.name, self.port = world, house, house.name, port
        self.database = house.database
        self.base = f"http://127.0.0.1:{port}/scim/v2"
        self.process = self.connection = None
        self.starts = 0
        self.tokens = {}

    @property
    def conf(self):
        return self.house.conf

    def client(self, name, rights="read", *words):
        """A client made by the command; ask with token=scim.tokens[name]."""
        self.tokens[name] = self.house.ask("client", "add", name, "--scim", "--rights", rights,
                                           *words)["secret"]
        return self.tokens[name]


def told(resource):
    """A part of a resource with the schemas that are left in it (RFC 7643 §3)."""
    return dict(resource, schemas=resource["schemas"][:1] +
                [name for name in resource if name.startswith("urn:")])


class Checker:
    """Holds resources to /Schemas and /ResourceTypes: nothing that is not declared, the right
    types, every extension announced, and what is required there."""

    def __init__(self, scim):
        self.base = scim.base
        self.schemas = {s["id"]: s for s in scim.list("/Schemas")["Resources"]}
        self.types = {t["name"]: t for t in scim.list("/ResourceTypes")["Resources"]}
        self.seen = set()

    def value(self, attribute, value, path):
        self.seen.add(path)
        if attribute["multiValued"]:
            check(isinstance(value, list) and value, f"{path} is a list that is not empty")
            for item in value:
                self.single(attribute, item, path)
        else:
            self.single(attribute, value, path)

    def single(self, attribute, value, path):
        kind = attribute["type"]
        check(type(value) is KINDS[kind], f"{path} is a {kind}: {value!r}")
        if kind == "complex":
            check(value, f"{path} is not empty")
            self.members({a["name"]: a for a in attribute["subAttributes"]}, value, path + ".")
        if kind == "dateTime":
            check(INSTANT.match(value), f"{path} is an instant: {value}")
        if kind in ("string", "reference"):
            check(value != "", f"{path} is not empty")
        for canonical in [attribute.get("canonicalValues")]:
            check(canonical is None or value in canonical, f"{path}: {value} of {canonical}")

    def members(self, attributes, value, prefix):
        for name, member in value.items():
            check(name in attributes, f"{prefix}{name} is declared")
            self.value(attributes[name], member, prefix + name)
        for name, attribute in attributes.items():
            if attribute.get("required") and not name.startswith("$"):
                check(name in value, f"{prefix}{name} is there")

    def resource(self, resource, whole=True):
        """One resource; not `whole`: only some attributes were asked for."""
        kind = self.types[resource["meta"]["resourceType"]]
        extensions = {e["schema"] for e in kind.get("schemaExtensions", [])}
        used = set(resource["schemas"])
        equal(len(used), len(resource["schemas"]), "URNs are unique")
        check(kind["schema"] in used, "the base schema is named")
        check(used <= extensions | {kind["schema"]}, f"announced: {used}")
        attributes = dict(COMMON)
        attributes.update((a["name"], a) for a in self.schemas[kind["schema"]]["attributes"])
        own = {k: v for k, v in resource.items() if not k.startswith("urn:")}
        if not whole:
            attributes = {k: dict(v, required=False) for k, v in attributes.items()}
        self.members(attributes, own, "")
        for urn in (k for k in resource if k.startswith("urn:")):
            check(urn in used, f"{urn} stands in schemas")
            self.members({a["name"]: a for a in self.schemas[urn]["attributes"]},
                         resource[urn], urn + ":")
        if whole:
            equal(used - {kind["schema"]}, {k for k in resource if k.startswith("urn:")},
                  "extensions in schemas and in the body")
            equal(resource["meta"]["location"],
                  self.base + kind["endpoint"] + "/" + resource["id"], "meta.location")
