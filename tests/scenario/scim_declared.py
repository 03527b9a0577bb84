"""The schemas say what the configuration makes true (rulings F13): what may be edited somewhere is
readWrite, what is off everywhere is not there, and nothing is served that is not declared."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")] + [os.path.dirname(__file__)]
from client import Sandbox, fix_clock                               # noqa: E402
from house import House                                             # noqa: E402
from scim_tools import CORE, ENTERPRISE, GROUP, ROLLCALL, USER, Checker, Scim     # noqa: E402
from tap import check, equal, main, test                            # noqa: E402
from world import World, free_port                                  # noqa: E402

WORLD = World()
fix_clock(WORLD)
PORT = free_port()
SANDBOX = Sandbox(WORLD, "id=lucca:a,people=60", "id=personio:b,people=40,seed=8")
HOUSE = House(WORLD, main=f"[scim]\nlisten = 127.0.0.1:{PORT}\n"
              "base_url = http://people.example.com/directory/v2\n")
URNS = {"": USER, "enterprise": ENTERPRISE, "rollcall": ROLLCALL}


class Served(Scim):
    """rollcall-scimd over the house, whose base URL is not where it listens."""

    def __init__(self):                             # pylint: disable=super-init-not-called
        self.world, self.name, self.port = WORLD, HOUSE.name, PORT
        self.database, self.process, self.connection, self.starts = HOUSE.database, None, None, 0
        self.base = "http://people.example.com/directory/v2"
        self.token = HOUSE.ask("client", "add", "app", "--scim")["secret"]

    @property
    def conf(self):
        return HOUSE.conf

    def ask(self, method, path, token=None, headers=None, body=None, root="/directory/v2"):
        return super().ask(method, path, self.token, headers, body, root)


def configure(fr, de=None, hand=None):
    HOUSE.source("fr", SANDBOX, "lucca:a", fields=fr)
    if de is not None:
        HOUSE.source("de", SANDBOX, "personio:b", fields=de)
    if hand is not None:
        WORLD.write("house/conf/sources.d/hand.conf",
                    "[source]\nprovider = local\n[fields]\n" + hand)


def characteristics():
    """Path as fields.def has it → its attribute, of all schemas of people."""
    found = {}
    for prefix, urn in URNS.items():
        for attribute in SCIM.get("/Schemas/" + urn).json["attributes"]:
            path = (prefix + ":" if prefix else "") + attribute["name"]
            found[path] = attribute
            for part in attribute.get("subAttributes", []):
                found[path + "." + part["name"]] = part
    return found


def elements(found, path):
    """Of emails[work]: the attribute, and whether its type is among those declared."""
    name, _, kind = path.partition("[")
    if not kind:
        return found.get(name)
    types = found.get(name + ".type", {}).get("canonicalValues", [])
    return found.get(name) if kind[:-1] in types else None


def held(modes):
    """The schemas, held to the modes of the fields: {field: its modes in the sources}."""
    SCIM.wait(lambda: settled(modes), "the settings")
    found = characteristics()
    shared = {}
    for row in HOUSE.rows("fields"):
        kinds = modes.get(row["field"], {"off" if "optional" in row["kind"] else "continuous"})
        for path in row["scim"].split():
            shared.setdefault(path.partition("[")[0], set()).update(kinds)
            equal(elements(found, path) is not None, kinds != {"off"},
                  f"{path} is declared with {kinds}")
    for name, kinds in shared.items():
        if name in found:
            equal(found[name]["mutability"],
                  "readWrite" if kinds & {"import-once", "local"} else "readOnly",
                  f"{name} with {kinds}")


def settled(modes):
    found = characteristics()
    return all((path in found) == (modes[field] != {"off"})
               for field, path in [("cost_center", "enterprise:costCenter"),
                                   ("mobile_phone", "phoneNumbers")] if field in modes)


def walked():
    """Every answer of the directory keeps to the schemas, under the base URL."""
    checker = Checker(SCIM)
    for resource in SCIM.all("/Users") + SCIM.all("/Groups"):
        checker.resource(resource)
        check(resource["meta"]["location"].startswith(SCIM.base + "/"), "location")
    return checker.seen


@test("everything continuous: nothing may be edited, and personal fields are not there")
def continuous():
    global SCIM                                     # pylint: disable=global-statement
    configure("")
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    SCIM = Served()
    SCIM.start()
    SCIM.wait(lambda: SCIM.get("/Users?count=0").status == 200, "the view")
    check(SCIM.list("/Users")["totalResults"] > 30, "people")
    held({"mobile_phone": {"off"}})
    seen = walked()
    check("phoneNumbers" not in seen and "emails.value" in seen, "what is served")


@test("import-once and local fields may be edited, optional ones appear, what is off is gone")
def modes():
    configure("job_title = import-once\ndepartment = local\ncost_center = off\n"
              "mobile_phone = continuous\nhome_address = import-once\n")
    HOUSE.reload()
    held({"job_title": {"import-once"}, "department": {"local"}, "cost_center": {"off"},
          "mobile_phone": {"continuous"}, "home_address": {"import-once"}})
    seen = walked()
    check(ENTERPRISE + ":costCenter" not in seen, "off")
    SCIM.refused(SCIM.get("/Users", filter="costCenter pr"), 400, "invalidFilter")


@test("of two sources one that allows editing is enough, and one that has a field")
def sources():
    configure("cost_center = off\nmobile_phone = off\n",
              "job_title = import-once\nmobile_phone = local\nemployee_number = local\n")
    HOUSE.reload()
    HOUSE.rollcall("source", "approve", "de")
    held({"job_title": {"continuous", "import-once"}, "cost_center": {"off", "continuous"},
          "mobile_phone": {"off", "local"}, "employee_number": {"continuous", "local"}})
    walked()


@test("where people and groups can be entered by hand, what makes them may be written")
def by_hand():
    group = {a["name"]: a for a in SCIM.get("/Schemas/" + GROUP).json["attributes"]}
    equal((group["displayName"]["mutability"], group["members"]["mutability"]),
          ("readOnly", "readOnly"), "while there is no such source")
    configure("cost_center = off\nmobile_phone = off\n", hand="mobile_phone = off\n")
    HOUSE.reload()
    SCIM.wait(lambda: characteristics()["userName"]["mutability"] == "readWrite", "the settings")
    found = characteristics()
    for path, wanted in [
            ("userName", "readWrite"), ("name.givenName", "readWrite"), ("active", "readWrite"),
            ("emails", "readWrite"), ("rollcall:startDate", "readWrite"),
            ("enterprise:manager.value", "readWrite"),
            ("enterprise:manager.displayName", "readOnly"),
            ("enterprise:manager.$ref", "readOnly"), ("rollcall:status", "readOnly"),
            ("rollcall:uid", "readOnly"), ("rollcall:source", "readOnly"),
            ("groups", "readOnly"), ("groups.value", "readOnly")]:
        equal(found[path]["mutability"], wanted, path)
    group = {a["name"]: a for a in SCIM.get("/Schemas/" + GROUP).json["attributes"]}
    equal((group["displayName"]["mutability"], group["members"]["mutability"]),
          ("readWrite", "readWrite"), "groups")
    equal({part["mutability"] for part in group["members"]["subAttributes"]}, {"immutable"},
          "parts of members")
    walked()


@test("discovery says where things are by the base URL, and which service this is")
def places():
    for path in ("/ServiceProviderConfig", "/ResourceTypes/User", "/Schemas/" + USER):
        equal(SCIM.get(path).json["meta"]["location"], SCIM.base + path)
    for kind in SCIM.list("/ResourceTypes")["Resources"]:
        check(kind["endpoint"].startswith("/"), "below the base URL")
    SCIM.refused(SCIM.ask("GET", "/Users", root="/scim/v2"), 404)
    SCIM.refused(SCIM.ask("GET", "/Users", root="/directory/v1"), 400, "invalidVers")
    answer = SCIM.ask("GET", "/Users?count=1", headers={"Host": "evil.example"})
    check(answer.resources[0]["meta"]["location"].startswith(SCIM.base), "never from Host")
    equal(SCIM.get("/ServiceProviderConfig").json["schemas"], [CORE + "ServiceProviderConfig"])


main()
