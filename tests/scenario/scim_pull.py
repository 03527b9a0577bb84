"""What fetches people from a SCIM source, in the very shapes it sends (scim/interop.md §2):
Microsoft Entra's inbound provisioning (full and delta cycles by windows of meta.lastModified,
startindex=0, the year 1, seven digits, mixed letter case), its checks of references, and Okta's
import. Whoever keeps a copy this way has the directory in the end."""
import datetime
import os
import random
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import ENTERPRISE, LIST, TYPE, Scim                  # noqa: E402
from tap import check, equal, main, test                             # noqa: E402
from world import World                                              # noqa: E402

PEOPLE = 173
WORLD = World()
SCIM = Scim(WORLD, PEOPLE, seed=21)
SCIM.start()
BEGINNING = "0001-01-01T00:00:00.0000000Z"
HEADERS = {"Accept": TYPE, "User-Agent": "Azure AD SCIM"}


def raw(query, headers=None):
    """One request, its query as it stands on the wire."""
    answer = SCIM.get("/Users?" + query, headers=headers or HEADERS)
    equal(answer.status, 200, answer.body[:300])
    equal(answer.headers["Content-Type"], TYPE)
    found = answer.json
    equal(found["schemas"], [LIST])
    check(isinstance(found["Resources"], list), "Resources is always there")
    equal(found["itemsPerPage"], len(found["Resources"]))
    return found


def ticks(offset=0):
    """Now as .NET writes it: seven digits."""
    moment = datetime.datetime.fromtimestamp(WORLD.now() + offset, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def quoted(text):
    return text.replace(" ", "%20").replace('"', "%22").replace(":", "%3A").replace("+", "%2B")


def window(low, high, active=True):
    text = f'meta.lastModified ge "{low}" and meta.lastModified le "{high}"'
    return quoted("(active eq true) and " + text if active else text)


def cycle(low, high, count, first, active):
    """All pages of one cycle, as Entra goes on: by what it has and what there is in all."""
    found, start = [], first
    while True:
        page = raw(f"filter={window(low, high, active)}&startindex={start}&count={count}")
        found += page["Resources"]
        if len(found) >= page["totalResults"] or not page["Resources"]:
            equal(len(found), page["totalResults"], "totalResults")
            return found
        start = len(found) + 1


@test("Entra: the connection is tested")
def connection():
    equal(len(raw("count=1")["Resources"]), 1)
    equal(raw("filter=" + quoted('userName eq "8d9d2d0e-probe"'))["Resources"], [])
    for path, length in [("/Schemas", None), ("/ServiceProviderConfig", None)]:
        equal(SCIM.get(path, headers=HEADERS).status, 200, path)


@test("Entra: one person on demand, her manager by id, checks of references")
def demand():
    one = next(u for u in SCIM.all("/Users") if "manager" in u[ENTERPRISE] and "groups" in u)
    manager, group = one[ENTERPRISE]["manager"]["value"], one["groups"][0]["value"]
    equal(raw("filter=" + quoted(f'id eq "{one["id"]}"'))["Resources"], [one])
    equal(SCIM.get("/Users/" + manager, headers=HEADERS).json["id"], manager)
    for path, text, wanted in [
            ("/Users", f'id eq "{one["id"]}" and manager eq "{manager}"', [one["id"]]),
            ("/Users", f'id eq "{one["id"]}" and manager eq "{one["id"]}"', []),
            ("/Groups", f'id eq "{group}" and members eq "{one["id"]}"', [group]),
            ("/Groups", f'id eq "{group}" and members eq "{group}"', []),
            ("/Users", f'emails[type eq "work"].value eq "{one["emails"][0]["value"]}"',
             [one["id"]])]:
        page = SCIM.get(f"{path}?attributes=id&filter={quoted(text)}", headers=HEADERS).json
        equal([r["id"] for r in page["Resources"]], wanted, text)
    page = SCIM.get(f'/Groups?excludedAttributes=members&filter={quoted("displayName pr")}',
                    headers=HEADERS).json
    check(not any("members" in g for g in page["Resources"]), "groups without members")


@test("Entra: a full cycle in pages of five, from the year 1")
def full():
    wanted = {u["id"]: u for u in SCIM.all("/Users") if u["active"]}
    found = cycle(BEGINNING, ticks(5), 5, 1, True)
    equal({u["id"]: u for u in found}, wanted)
    equal(len(found), len(wanted), "each once")
    first = raw(f"filter={window(BEGINNING, ticks(5))}&startIndex=1&count=5")
    zero = raw(f"filter={window(BEGINNING, ticks(5))}&startindex=0&count=5")
    equal(zero["Resources"], first["Resources"], "0 is 1")


@test("Entra: letter case and blanks as they come")
def shapes():
    since = SCIM.all("/Users")[100]["meta"]["lastModified"]
    wanted = {u["id"] for u in SCIM.all("/Users")
              if u["active"] and u["meta"]["lastModified"] >= since}
    for text in [f'(ActiVe eq true) and meta.lastmodified ge "{since}"',
                 f'(active eq "True") and (meta.LastModified ge "{since[:-1]}0Z")',
                 f'meta.lastModified ge "{since}" and active eq true and id pr']:
        for query in [quoted(text), quoted(text).replace("%20", "+")]:
            page = raw(f"filter={query}&COUNT=1000&StartIndex=0")
            equal({u["id"] for u in page["Resources"]}, wanted, text)


@test("Entra: delta cycles follow a directory that changes, joiners and leavers too")
def delta():
    choose = random.Random(4)
    copy = {u["id"]: u for u in cycle(BEGINNING, ticks(), 100, 0, False)}
    mark = ticks()
    for turn in range(6):
        WORLD.advance(600)
        people = choose.sample(range(20, PEOPLE + 1), 15)
        steps = [word for person in people[:10] for word in
                 (",", "set", person, "job_title", f"Turn {turn} of {person}")]
        steps += [",", "status", people[10], "departed", ",", "status", people[11], "active"]
        SCIM.change(*steps[1:])
        SCIM.wait(lambda: SCIM.get("/Users?count=0").headers["Rollcall-Stamp"] == SCIM.stamp(),
                  "the change")
        WORLD.advance(600)
        until = ticks()
        changed = cycle(mark, until, 100, 0, False)
        check(10 <= len(changed) < PEOPLE, f"those that changed: {len(changed)}")
        copy.update((u["id"], u) for u in changed)
        equal(copy, {u["id"]: u for u in SCIM.all("/Users")}, "the copy is the directory")
        mark = until
    equal(cycle(mark, ticks(5), 100, 0, False), [], "nothing more")


@test("Okta: an import by startIndex, count and totalResults, a search by userName")
def okta():
    headers = {"Accept": "application/scim+json", "User-Agent": "Okta SCIM Client 1.0.0"}
    for path in ("/Users", "/Groups"):
        found, start = [], 1
        while True:
            page = SCIM.get(f"{path}?startIndex={start}&count=100", headers=headers).json
            check(all(isinstance(page[name], int) for name in
                      ("totalResults", "startIndex", "itemsPerPage")), "numbers are numbers")
            found += page["Resources"]
            start += page["itemsPerPage"]
            if start > page["totalResults"]:
                break
        equal(found, SCIM.all(path), path)
    one = SCIM.all("/Users")[30]
    page = raw("filter=" + quoted(f'userName eq "{one["userName"]}"') + "&startIndex=1&count=100",
               headers)
    equal(page["Resources"], [one])
    first = page["Resources"][0]
    check(first["emails"][0]["value"] and first["name"]["familyName"] and "active" in first,
          "what its test looks for")
    answer = SCIM.get("/Users/010101001010101011001010101011", headers=headers)
    SCIM.refused(answer, 404)


main()
