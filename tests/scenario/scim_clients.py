"""SCIM clients of other people against rollcall-scimd: a Node application with the library scimmy
of npm, and plain curl over HTTP, TLS and a Unix socket."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
import clients                                                      # noqa: E402
from scim_keys import CERTIFICATE_ONE, KEY_ONE                      # noqa: E402
from scim_tools import LIST, TOKEN, TYPE, USER, Scim                # noqa: E402
from tap import check, equal, holds, main, test                     # noqa: E402
from world import World                                             # noqa: E402

PEOPLE = 60
WORLD = World()
SCIM = Scim(WORLD, PEOPLE)
SCIM.start()
USERS = SCIM.all("/Users")
ONE = next(user for user in USERS if user["active"] and "title" in user and "emails" in user
           and user["userName"].isascii() and "familyName" in user["name"])


# ---- Node --------------------------------------------------------------------------------------

def node(name, text):
    @test("Node: " + text)
    def run():
        facts = {"base": SCIM.base, "token": TOKEN, "people": PEOPLE, "id": ONE["id"],
                 "title": ONE["title"]}
        WORLD.run(clients.node("scim.cjs", name, facts), environment=clients.environment(WORLD))


node("resources", "everybody and every group, by the library's schemas")
node("discovery", "resource types, schemas, the service provider's configuration")
node("filters", "filters as the library writes them")
node("search", "a search sorted, with a page and attributes chosen")
node("posted", "the same search posted, of people, of groups, of both")
node("cursors", "pages by cursor, in the URL and in a body")
node("versions", "versions")
node("errors", "errors as the library reads them")
node("refusals", "a client that may only read changes nothing")


# ---- curl --------------------------------------------------------------------------------------

def curl(*words, base=SCIM.base, path="", token=TOKEN):
    """(status, headers, body as JSON) of one request."""
    output = WORLD.run([clients.installed("curl", "curl"), "-s", "-S", "-g", "-i",
                        "-H", "Authorization: Bearer " + token, *words, base + path])
    head, body = output.replace("\r\n", "\n").split("\n\n", 1)
    lines = head.split("\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, json.loads(body) if body else None


@test("curl: one resource, lists, filters in the URL, other methods")
def plain():
    status, headers, body = curl(path="/Users/" + ONE["id"])
    equal((status, headers["content-type"], body), (200, TYPE, ONE))
    status, _, body = curl(path="/Users?count=5&startIndex=3")
    equal((status, body["schemas"], body["totalResults"], body["itemsPerPage"]),
          (200, [LIST], PEOPLE, 5))
    for text in (f'userName eq "{ONE["userName"].upper()}"',
                 f'emails[value eq "{ONE["emails"][0]["value"]}"]',
                 f'{USER}:userName eq "{ONE["userName"]}" and not (active eq false)'):
        status, _, body = curl("-G", "--data-urlencode", "filter=" + text, path="/Users")
        equal((text, [user["id"] for user in body["Resources"]]), (text, [ONE["id"]]))
    equal(curl("-I", path="/Users/" + ONE["id"])[::2], (200, None))
    equal(curl("-X", "DELETE", path="/Users/" + ONE["id"])[0], 403)
    status, headers, _ = curl(path="/Users", token="wrong")
    equal(status, 401)
    check(headers["www-authenticate"].startswith("bearer"), "WWW-Authenticate")


@test("curl: compressed, conditional, on one connection, HTTP/1.0")
def variants():
    status, _, body = curl("--compressed", path="/Users/" + ONE["id"])
    equal((status, body), (200, ONE))
    equal(curl("-H", "If-None-Match: " + ONE["meta"]["version"],
               path="/Users/" + ONE["id"])[0], 304)
    equal(curl("--http1.0", path="/Users?count=1")[2]["totalResults"], PEOPLE)
    equal(curl("--http2", path="/Users?count=1")[2]["totalResults"], PEOPLE)
    output = WORLD.run([clients.installed("curl", "curl"), "-s", "-o", "/dev/null", "-w",
                        "%{http_code} %{num_connects}\\n", "-H", "Authorization: Bearer " + TOKEN,
                        *[f"{SCIM.base}/Users/{user['id']}" for user in USERS[:5]],
                        *["-o/dev/null"] * 4])
    equal(output.split("\n")[:5], ["200 1"] + ["200 0"] * 4, "connections that were made")


@test("curl: TLS with a certificate that is checked, and a Unix socket")
def transports():
    authority = WORLD.write("ca.pem", CERTIFICATE_ONE)
    key = WORLD.write("key.pem", KEY_ONE, 0o600)
    secure = Scim(WORLD, 20, name="tls",
                  scim=f"tls_certificate = {authority}\ntls_key = {key}\n")
    secure.start()
    base = secure.base.replace("http:", "https:")
    status, _, body = curl("--cacert", authority, base=base, path="/Users?count=1")
    equal((status, body["totalResults"]), (200, 20))
    code, _, errors = WORLD.run([clients.installed("curl", "curl"), "-sS", base + "/Users"],
                                None)
    equal(code, 60, errors)
    path = WORLD.path("scim.sock")
    local = Scim(WORLD, 20, name="local", listen=["unix:" + path])
    local.start()
    status, _, body = curl("--unix-socket", path, base="http://localhost/scim/v2",
                           path="/Users?count=1")
    equal((status, body["totalResults"]), (200, 20))
    holds(body["Resources"][0]["meta"]["location"], "/scim/v2/Users/")


main()
