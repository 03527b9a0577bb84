"""Pages by cursor over SCIM (RFC 9865): they hold what pages by index hold, are bound to client,
query, size and time, cannot be made up, and lose and repeat nobody while the directory changes."""
import json
import os
import random
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import LIST, SEARCH, Scim                           # noqa: E402
from tap import check, equal, main, test                            # noqa: E402
from world import World                                             # noqa: E402

PEOPLE = 230
WORLD = World()
SCIM = Scim(WORLD, PEOPLE, seed=5)
SCIM.client("other", token="rcs_other")
SCIM.start()


def pages(path, between=None, ask=None, **parameters):
    """Every page of a list by cursor; `between` is called after each."""
    cursor, found = "", []
    while True:
        if ask is not None:
            page = ask(cursor)
        else:
            page = SCIM.list(path, cursor=cursor, **parameters)
        check("startIndex" not in page and "previousCursor" not in page, "members of a page")
        found.append(page)
        if "nextCursor" not in page:
            return found
        cursor = page["nextCursor"]
        check(page["Resources"], "a page with another behind it is not empty")
        check(set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789-._~"), f"unreserved: {cursor}")
        if between is not None:
            between(len(found))


def resources(found):
    return [resource for page in found for resource in page["Resources"]]


def ids(found):
    return [resource["id"] for resource in resources(found)]


@test("pages by cursor hold what pages by index hold, filtered, sorted, of one type and of all")
def same():
    for path, parameters in [
            ("/Users", {}), ("/Groups", {}), ("", {}),
            ("/Users", {"filter": "active eq true"}),
            ("/Users", {"filter": 'userName eq "nobody"'}),
            ("/Users", {"sortBy": "name.familyName"}),
            ("/Users", {"sortBy": "title", "sortOrder": "descending"}),
            ("/Users", {"sortBy": "meta.lastModified", "filter": "title pr"}),
            ("/Users", {"sortBy": "emails", "attributes": "emails"}),
            ("/Users", {"sortBy": "active"}),
            ("/Groups", {"sortBy": "members.value", "excludedAttributes": "members"}),
            ("", {"sortBy": "displayName"}), ("", {"sortBy": "members.value"}),
            ("", {"filter": 'displayName co "e"', "sortBy": "meta.created",
                  "sortOrder": "descending"})]:
        wanted = SCIM.all(path, **parameters)
        for count in (1, 7, 60, 1000):
            if count == 1 and len(wanted) > 50:
                continue
            found = pages(path, count=count, **parameters)
            equal(resources(found), wanted, f"{path} {parameters} by {count}")
            equal({page["totalResults"] for page in found}, {len(wanted)}, "totalResults")
            equal([len(page["Resources"]) for page in found[:-1]], [count] * (len(found) - 1),
                  "whole pages")


@test("a first page is asked for with an empty cursor, or one without a value")
def first():
    for path in ["/Users?cursor", "/Users?cursor=", "/Users?cursor&foo=bar", "/Users?CURSOR="]:
        page = SCIM.get(path).json
        equal((page["itemsPerPage"], page["totalResults"]), (100, PEOPLE), path)
        check("nextCursor" in page, "there is more")
    page = SCIM.get("/Users?cursor&count=0").json
    equal((page["Resources"], page["totalResults"], "nextCursor" in page), ([], PEOPLE, False))
    page = SCIM.list("/Users")
    check("nextCursor" not in page and page["startIndex"] == 1, "by index without a cursor")


@test("the service says so: pagination in its configuration")
def declared():
    equal(SCIM.get("/ServiceProviderConfig").json["pagination"],
          {"cursor": True, "index": True, "defaultPaginationMethod": "index",
           "defaultPageSize": 100, "maxPageSize": 1000, "cursorTimeout": 3600})


def next_cursor(path="/Users", **parameters):
    return SCIM.list(path, cursor="", **parameters)["nextCursor"]


@test("a cursor is good for one query, one size of pages and one client alone")
def bound():
    cursor = next_cursor(filter="title pr", count=10)
    good = dict(filter="title pr", count=10, cursor=cursor)
    equal(SCIM.get("/Users", **good).status, 200)
    equal(SCIM.get("/Users/.search").status, 405)
    for other in [dict(good, filter="title pr "), dict(good, sortBy="id"),
                  dict(good, sortOrder="descending"), dict(good, attributes="id"),
                  dict(good, excludedAttributes="groups"), {"cursor": cursor, "count": 10}]:
        SCIM.refused(SCIM.get("/Users", **other), 400, "invalidCursor", "another query")
    SCIM.refused(SCIM.get("/Groups", cursor=next_cursor(count=3), count=3), 400,
                 "invalidCursor")
    SCIM.refused(SCIM.get("", cursor=next_cursor(count=3), count=3), 400, "invalidCursor")
    SCIM.refused(SCIM.get("/Users", **dict(good, count=11)), 400, "invalidCount")
    SCIM.refused(SCIM.get("/Users", filter="title pr", cursor=cursor), 400, "invalidCount")
    made_up = SCIM.get("/Users", **dict(good, cursor="made-up"))
    SCIM.refused(made_up, 400, "invalidCursor")
    equal(SCIM.get("/Users", token="rcs_other", **good).body, made_up.body,
          "somebody else's is like one that never was")


@test("count by cursor is 0 to the largest page, and startIndex does not go with it")
def counts():
    for count in (-1, 1001, "x", "", "1.5", 99999999999999999999):
        SCIM.refused(SCIM.get("/Users", cursor="", count=count), 400, "invalidCount")
    equal(SCIM.get("/Users", cursor="", count=1000).status, 200)
    SCIM.refused(SCIM.get("/Users", cursor="", startIndex=1), 400, "invalidValue")


@test("no cursor can be changed or made up")
def forged():
    cursor = next_cursor(count=10)
    for place in range(0, len(cursor), 3):
        for letter in "Aa0_":
            changed = cursor[:place] + letter + cursor[place + 1:]
            if changed != cursor:
                SCIM.refused(SCIM.get("/Users", cursor=changed, count=10), 400,
                             "invalidCursor")
    for text in [cursor[:-1], cursor + "A", cursor[1:], cursor * 2, "1", "\0", "é", "A" * 6000,
                 cursor.swapcase(), cursor + "=", " " + cursor]:
        answer = SCIM.get("/Users", cursor=text, count=10)
        SCIM.refused(answer, 400, "invalidSyntax" if text == "\0" else "invalidCursor")
    check(SCIM.id_of(100) not in cursor, "it tells nothing")


@test("a cursor goes on in .search, and the other way round")
def search():
    wanted = [user["id"] for user in SCIM.all("/Users", sortBy="userName")]

    def ask(cursor, turn=[0]):
        turn[0] += 1
        if turn[0] % 2 == 0:
            return SCIM.list("/Users", sortBy="userName", count=40, attributes="id",
                             cursor=cursor)
        answer = SCIM.search("/Users/.search", sortBy="userName", count=40, attributes=["id"],
                             cursor=cursor)
        equal(answer.status, 200, answer.body[:200])
        return answer.json

    equal(ids(pages("", ask=ask)), wanted)


@test("a cursor outlives a restart of the server, and its time ends it")
def time():
    cursor = next_cursor(count=10)
    wanted = SCIM.list("/Users", cursor=cursor, count=10)["Resources"]
    SCIM.stop()
    SCIM.start()
    equal(SCIM.list("/Users", cursor=cursor, count=10)["Resources"], wanted, "the same page")
    WORLD.advance(3500)
    equal(SCIM.list("/Users", cursor=cursor, count=10)["Resources"], wanted, "in time")
    WORLD.advance(120)
    SCIM.refused(SCIM.get("/Users", cursor=cursor, count=10), 400, "expiredCursor")
    equal(SCIM.get("/Users", cursor=next_cursor(count=10), count=10).status, 200, "a new one")


@test("who is there all the time comes exactly once, whatever else comes, goes and changes")
def moving():
    choose = random.Random(11)
    hidden = set()
    for parameters in [{}, {"filter": "not (title sw \"Touched\") or title pr"},
                       {"sortBy": "userName"}, {"sortBy": "name.familyName"},
                       {"sortBy": "meta.created", "sortOrder": "descending"},
                       {"sortBy": "userName", "filter": "userName pr"}]:
        stay = {SCIM.id_of(person) for person in range(20, PEOPLE + 1) if person % 3}

        def change(number):
            movers = [p for p in range(20, PEOPLE + 1) if p % 3 == 0]
            steps = []
            for person in choose.sample(movers, 12):
                steps += [",", "show" if person in hidden else "hide", person]
                hidden.symmetric_difference_update([person])
            for person in choose.sample(range(20, PEOPLE + 1), 8):
                if person % 3:
                    steps += [",", "set", person, "job_title", f"Touched {number} {person}"]
            SCIM.change(*steps[1:])
            SCIM.wait(lambda: SCIM.get("/Users?count=0").headers["Rollcall-Stamp"] ==
                      SCIM.stamp(), "the change")

        found = ids(pages("/Users", between=change, count=40, **parameters))
        lost = stay - set(found)
        twice = {i for i in found if found.count(i) > 1}
        equal((len(lost), len(twice)), (0, 0), f"lost and twice with {parameters}")
    SCIM.change(*[word for person in hidden for word in (",", "show", person)][1:])
    SCIM.wait(lambda: SCIM.get("/Users?count=0").headers["Rollcall-Stamp"] == SCIM.stamp(),
              "everybody is back")


@test("a page goes on behind somebody who is gone")
def gone():
    for parameters in [{}, {"sortBy": "userName"}, {"sortBy": "title"}]:
        wanted = [user["id"] for user in SCIM.all("/Users", **parameters)]
        page = SCIM.list("/Users", cursor="", count=30, **parameters)
        last = page["Resources"][-1]["id"]
        person = SCIM.query("SELECT id FROM v_person WHERE hex(uuid) = ?",
                            last.replace("-", "").upper())[0][0]
        SCIM.change("hide", person)
        SCIM.wait(lambda i=last: SCIM.get("/Users/" + i).status == 404, "the last one is gone")
        page = SCIM.list("/Users", cursor=page["nextCursor"], count=30, **parameters)
        equal([user["id"] for user in page["Resources"]], wanted[30:60], str(parameters))
        equal(page["totalResults"], len(wanted) - 1, "totalResults")
        SCIM.change("show", person)
        SCIM.wait(lambda i=last: SCIM.get("/Users/" + i).status == 200, "she is back")


@test("values too long for a cursor: on while the last one stays, expired when she changes")
def long_values():
    people = range(60, 66)
    for number, person in enumerate(people):
        SCIM.change("set", person, "job_title", "zzz" * 300 + str(number))
    SCIM.wait(lambda: SCIM.list("/Users", filter='title sw "zzzzzz"')["totalResults"] == 6,
              "long titles")
    parameters = dict(filter='title sw "zzzzzz"', sortBy="title", count=2)
    wanted = [SCIM.id_of(person) for person in people]
    found = pages("/Users", **parameters)
    equal(ids(found), wanted, "all of them, in their order")
    check(max(len(page.get("nextCursor", "")) for page in found) < 300, "cursors stay short")
    cursor = found[0]["nextCursor"]
    SCIM.change("set", 61, "job_title", "zzz" * 300 + "0")
    SCIM.wait(lambda: SCIM.get("/Users", cursor=cursor, **parameters).status == 400, "changed")
    SCIM.refused(SCIM.get("/Users", cursor=cursor, **parameters), 400, "expiredCursor")


@test("a database with another epoch ends every cursor")
def epoch():
    cursor = next_cursor(count=10)
    with sqlite3.connect(SCIM.database) as database:
        database.execute("UPDATE meta SET value = 'ffffffff-ffff-4fff-bfff-ffffffffffff'"
                         " WHERE name = 'epoch'")
    SCIM.wait(lambda: SCIM.get("/Users", cursor=cursor, count=10).status == 400, "the epoch")
    SCIM.refused(SCIM.get("/Users", cursor=cursor, count=10), 400, "expiredCursor")
    SCIM.refused(SCIM.get("/Users", cursor=cursor[:-2] + "AA", count=10), 400, "invalidCursor")
    equal(len(ids(pages("/Users", count=50))), SCIM.list("/Users")["totalResults"], "anew")


# ---- .search and the root ----------------------------------------------------------------------

@test("POST to .search answers as GET does")
def posts():
    for path in ["/Users", "/Groups", ""]:
        for parameters in [{}, {"count": 5, "startIndex": 3}, {"filter": 'id pr'},
                           {"sortBy": "displayName", "sortOrder": "descending", "count": 9},
                           {"attributes": "displayName,meta.location"},
                           {"excludedAttributes": "groups,members"}, {"count": 0},
                           {"startIndex": -3, "count": 10000}]:
            body = dict(parameters)
            for name in ("attributes", "excludedAttributes"):
                if name in body:
                    body[name] = body[name].split(",")
            answer = SCIM.search(path + "/.search", **body)
            equal(answer.status, 200, answer.body[:300])
            equal(answer.headers["Content-Type"], "application/scim+json")
            equal(answer.json, SCIM.list(path, **parameters), f"{path} {parameters}")
            check(answer.headers["Rollcall-Stamp"], "stamp")
    answer = SCIM.search("/Users/.search", COUNT=2, filter=None, foo={"bar": []}, attributes=[],
                         startIndex="2")
    equal(answer.json, SCIM.list("/Users", count=2, startIndex=2), "as lenient as a URL")
    answer = SCIM.ask("POST", "/Users/.search?count=1&filter=x", body=json.dumps(
        {"schemas": [SEARCH], "count": 2}), headers={"Content-Type": "application/json"})
    equal(len(answer.resources), 2, "the URL does not count")


@test("what is no SearchRequest is refused")
def no_search():
    for body, kind in [
            ("", "invalidSyntax"), ("{", "invalidSyntax"), ("[]", "invalidSyntax"),
            ("{}", "invalidSyntax"), ('{"schemas":"x"}', "invalidSyntax"),
            (json.dumps({"schemas": [LIST]}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "count": "x"}), "invalidValue"),
            (json.dumps({"schemas": [SEARCH], "count": 1.5}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "count": [1]}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "filter": 1}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "attributes": [1]}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "attributes": {"id": 1}}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "count": 1, "Count": 2}), "invalidSyntax"),
            (json.dumps({"schemas": [SEARCH], "filter": "foo"}), "invalidFilter"),
            (json.dumps({"schemas": [SEARCH], "sortBy": "foo"}), "invalidValue"),
            (json.dumps({"schemas": [SEARCH], "attributes": ["x" * 4096] * 2}), "invalidValue"),
            (json.dumps({"schemas": [SEARCH], "cursor": "foo"}), "invalidCursor"),
            (json.dumps({"schemas": [SEARCH], "cursor": "", "count": -1}), "invalidCount"),
            (json.dumps({"schemas": [SEARCH], "attributes": ["id"],
                         "excludedAttributes": ["meta"]}), "invalidValue")]:
        answer = SCIM.ask("POST", "/Users/.search", body=body.encode(),
                          headers={"Content-Type": "application/scim+json"})
        SCIM.refused(answer, 400, kind)
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded"]:
        SCIM.refused(SCIM.ask("POST", "/.search", body=json.dumps({"schemas": [SEARCH]}),
                              headers={"Content-Type": kind}), 415)
    for path in ["/.search", "/Users/.search", "/Groups/.search"]:
        for method in ["GET", "PUT", "PATCH", "DELETE"]:
            answer = SCIM.ask(method, path)
            SCIM.refused(answer, 405)
            equal(answer.headers["Allow"], "POST", "Allow")


@test("the root has people and groups; what a type lacks has no value there")
def root():
    users = [user["id"] for user in SCIM.all("/Users")]
    groups = [group["id"] for group in SCIM.all("/Groups")]
    equal([r["id"] for r in SCIM.all("")], users + groups, "all")
    equal([r["id"] for r in SCIM.all("/")], users + groups, "with a slash")
    page = SCIM.list("", startIndex=len(users), count=3)
    equal([r["id"] for r in page["Resources"]], [users[-1]] + groups[:2], "over the border")
    equal(SCIM.list("", startIndex=len(users + groups) + 1)["Resources"], [], "past the end")
    member = SCIM.list("/Groups", count=1)["Resources"][0]["members"][0]["value"]
    name = SCIM.get("/Users/" + member).json["userName"]
    its = [group["value"] for group in SCIM.get("/Users/" + member).json["groups"]]
    unknown = SCIM.get("", filter='nothingHasIt eq "x"')
    for text, wanted in [
            (f'userName eq "{name}"', [member]),
            (f'members eq "{member}"', sorted(its, key=groups.index)),
            (f'members.value eq "{member}" or userName eq "{name}"',
             [member] + sorted(its, key=groups.index)),
            (f'members[value eq "{member}"]', sorted(its, key=groups.index)),
            (f'groups.value eq "{its[0]}" and id eq "{member}"', [member]),
            ("not (userName pr)", groups), ("not (members pr)", users),
            ("meta.resourceType eq \"Group\"", groups), ("userName pr", users),
            (f'userName ne "{name}"', [i for i in users if i != member] + groups),
            ('nothingHasIt eq "x"', []), ("nothingHasIt gt 5", []),
            ("nothingHasIt ne true", users + groups), ("nothingHasIt pr", []),
            ("not (nothingHasIt pr) and members pr", groups)]:
        equal([r["id"] for r in SCIM.all("", filter=text)], wanted, text)
    equal(unknown.status, 200)
    names = {r["id"]: r["displayName"] for r in SCIM.all("/Users") + SCIM.all("/Groups")}
    group = names[groups[0]]
    equal([r["id"] for r in SCIM.all("", filter=f'displayName eq "{group}"')],
          [i for i in users + groups if names[i].casefold() == group.casefold()], "of both")
    found = SCIM.all("", sortBy="displayName")
    equal([r["displayName"].casefold().encode() for r in found],
          sorted(n.casefold().encode() for n in names.values()), "sorted through both")
    found = SCIM.all("", sortBy="userName")
    equal([r["id"] for r in found[len(users):]], groups, "without a value last")
    first = SCIM.list("", attributes="members,userName", count=500)["Resources"]
    equal({name for r in first for name in r} - {"schemas", "id"}, {"members", "userName"})
    for text in ["userName eq", "userName eq 5", "members[foo eq 1]", "active gt true"]:
        SCIM.refused(SCIM.get("", filter=text), 400, "invalidFilter")
    SCIM.refused(SCIM.get("", sortBy="nothingHasIt"), 400, "invalidValue")
    SCIM.refused(SCIM.get("", sortBy="name"), 400, "invalidValue")


main()
