"""Who may read what over SCIM: tokens, their time, views, and that whoever is hidden cannot be
told from somebody who never was (acceptance 4; rulings F19)."""
import os
import sys
import uuid

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import ENTERPRISE, ROLLCALL, TOKEN, Checker, Scim     # noqa: E402
from tap import check, equal, lacks, main, test                 # noqa: E402
from world import World                                         # noqa: E402

WORLD = World()
SCIM = Scim(WORLD, 120, scim="failed_logins = 10000\n")
SCIM.start()


def status(token, path="/Users?count=1"):
    return SCIM.get(path, token=token).status


@test("without a good token nothing is told but what is supported")
def tokens():
    for headers, error in [
            ({}, False), ({"Authorization": ""}, False), ({"Authorization": "Bearer"}, False),
            ({"Authorization": "Bearer "}, False), ({"Authorization": "Basic eDp5"}, False),
            ({"Authorization": TOKEN}, False), ({"Authorization": "Bearer x"}, True),
            ({"Authorization": f"Bearer {TOKEN} x"}, False),
            ({"Authorization": f"Bearer {TOKEN}x"}, True),
            ({"Authorization": f"Bearer {TOKEN[:-1]}"}, True),
            ({"Authorization": "Bearer " + "x" * 5000}, False)]:
        for path in ["/Users", "/Users/x", "/Groups", "/Schemas", "/ResourceTypes", "/Me",
                     "/Nothing", "", "/Bulk"]:
            answer = SCIM.get(path, token=None, headers=headers)
            SCIM.refused(answer, 401)
            challenge = answer.headers["WWW-Authenticate"]
            check(challenge.startswith('Bearer realm="rollcall"'), challenge)
            equal("invalid_token" in challenge, error, f"challenge for {headers}")
    for scheme in ["Bearer ", "bearer ", "BEARER   "]:
        equal(SCIM.get("/Users?count=1", token=None,
                       headers={"Authorization": scheme + TOKEN}).status, 200, scheme)
    equal(SCIM.get("/ServiceProviderConfig", token=None).status, 200, "what is supported")
    SCIM.refused(SCIM.ask("GET", "/", token=None, root=""), 404)


@test("refused requests are counted in the log, without what they brought")
def logged():
    SCIM.process.wait_log("scim.refused")
    lacks(SCIM.process.text(), TOKEN[:-1])


@test("a client that is added may ask at once, one that is deleted may not")
def added():
    SCIM.client("second", token="rcs_second")
    SCIM.wait(lambda: status("rcs_second") == 200, "the second client may ask")
    SCIM.client("second", action="delete")
    SCIM.wait(lambda: status("rcs_second") == 401, "the second client may not ask")
    equal(status(TOKEN), 200, "the first one")


@test("a token is changed while the old one is still good for a time")
def rotated():
    SCIM.client("third", token="rcs_old")
    SCIM.wait(lambda: status("rcs_old") == 200, "the old token")
    SCIM.client("third", token="rcs_new", action="rotate", expires=600)
    SCIM.wait(lambda: status("rcs_new") == 200, "the new token")
    equal(status("rcs_old"), 200, "the old token")
    WORLD.advance(599)
    equal(status("rcs_old"), 200, "the old token, a second before")
    WORLD.advance(2)
    equal(status("rcs_old"), 401, "the old token, a second after")
    equal(status("rcs_new"), 200, "the new token")
    SCIM.client("third", token="rcs_third", action="rotate")
    SCIM.wait(lambda: status("rcs_third") == 200, "the third token")
    equal(status("rcs_new"), 401, "replaced at once")


@test("a client expires to the second, with its old token")
def expires():
    SCIM.client("fourth", token="rcs_fourth", expires=300)
    SCIM.wait(lambda: status("rcs_fourth") == 200, "the fourth client")
    SCIM.client("fourth", token="rcs_fourth2", action="rotate", expires=900)
    SCIM.wait(lambda: status("rcs_fourth2") == 200, "its second token")
    WORLD.advance(301)
    equal([status("rcs_fourth"), status("rcs_fourth2")], [401, 401], "both have expired")


@test("clients of LDAP are none of SCIM's, and hashes that are none let nobody in")
def others():
    SCIM.seed("client", SCIM.database, "add", "ldap", "--secret", "rcs_ldap", "--view", "ldap")
    SCIM.seed("client", SCIM.database, "add", "odd", "--hash", "{SSHA}x", "--protocol", "scim")
    SCIM.client("last", token="rcs_last")
    SCIM.wait(lambda: status("rcs_last") == 200, "one that was added after them")
    equal([status("rcs_ldap"), status(""), status("{SSHA}x")], [401, 401, 401], "nobody")


@test("each client sees its own view and nothing else")
def views():
    SCIM.change("status", 35, "departed", ",", "manager", 30, 35, ",", "manager", 31, 35)
    SCIM.client("narrow", token="rcs_narrow", view="ldap")
    gone = SCIM.id_of(35)
    SCIM.wait(lambda: status("rcs_narrow") == 200, "the narrow client")
    wide = {u["id"]: u for u in SCIM.all("/Users")}
    SCIM.wait(lambda: not SCIM.get(f"/Users/{gone}").json["active"], "departed")
    wide = {u["id"]: u for u in SCIM.all("/Users")}
    narrow = {u["id"]: u for u in SCIM.all("/Users", token="rcs_narrow")}
    check(set(narrow) < set(wide), "fewer people")
    check({u[ROLLCALL]["status"] for u in narrow.values()} <= {"active", "offboarding"},
          "statuses")
    check(gone in wide and gone not in narrow, "who has left")
    for person in [30, 31]:
        uid = SCIM.id_of(person)
        equal(wide[uid][ENTERPRISE]["manager"]["value"], gone, "manager in the wide view")
        check("manager" not in narrow[uid][ENTERPRISE], "no manager in the narrow one")
        check(wide[uid]["meta"]["version"] != narrow[uid]["meta"]["version"], "versions")
    equal(SCIM.get(f"/Users/{gone}", token="rcs_narrow").body,
          SCIM.get(f"/Users/{uuid.uuid4()}", token="rcs_narrow").body, "not there")
    for text in [f'id eq "{gone}"', f'userName eq "{wide[gone]["userName"]}"',
                 f'{ENTERPRISE}:manager eq "{gone}"']:
        equal(SCIM.list("/Users", token="rcs_narrow", filter=text)["totalResults"], 0, text)
    members = {m["value"] for g in SCIM.all("/Groups", token="rcs_narrow")
               for m in g["members"]}
    check(members <= set(narrow), "members are people of the view")
    SCIM.client("nowhere", token="rcs_nowhere", view="nosuch")
    SCIM.wait(lambda: status("rcs_nowhere") == 503, "a view that does not exist")
    SCIM.refused(SCIM.get("/Users", token="rcs_nowhere"), 503)


@test("a hidden person is answered for like one who never was, byte by byte")
def never():
    scim = Scim(WORLD, 80, name="pair")
    hidden = scim.id_of(40)
    scim.start()
    before = scim.get(f"/Users/{hidden}").json
    managed = [u["id"] for u in scim.all("/Users")
               if u[ENTERPRISE].get("manager", {}).get("value") == hidden]
    versions = {r["id"]: r["meta"]["version"]
                for r in scim.all("/Users") + scim.all("/Groups")}
    scim.change("hide", 40)
    scim.wait(lambda: scim.get(f"/Users/{hidden}").status == 404, "hidden")
    stranger = str(uuid.UUID(int=uuid.UUID(hidden).int ^ 1))

    def ask(path):
        """Answers for the hidden id and for one that never was, with the ids taken out."""
        found = []
        for who in (hidden, stranger):
            answer = scim.get(path.replace("ID", who))
            headers = sorted((k, v) for k, v in answer.headers.items() if k != "Date")
            found.append((answer.status, headers, answer.body.replace(who.encode(), b"ID")))
        return found

    for path in ["/Users/ID", "/Groups/ID", '/Users?filter=id%20eq%20"ID"',
                 '/Users?filter=id%20ge%20"ID"%20and%20id%20le%20"ID"',
                 f'/Users?filter={ENTERPRISE}:manager%20eq%20"ID"',
                 '/Groups?filter=members%20eq%20"ID"', '/Groups?filter=members.$ref%20ew%20"ID"',
                 '/Users?filter=groups%20eq%20"ID"', '/Users?filter=meta.location%20ew%20"ID"',
                 "/Users/ID?attributes=id", "/Users/ID?attributes=id&excludedAttributes=id"]:
        one, other = ask(path)
        equal(one, other, path)
    people, groups = scim.all("/Users"), scim.all("/Groups")
    equal(len(people), 79, "people")
    lacks(str(people) + str(groups), hidden)
    lacks(str(people) + str(groups), before["userName"])
    for name in ["userName", "displayName"]:
        equal(scim.list("/Users", filter=f'{name} eq "{before[name]}"')["totalResults"],
              0, name)
    changed = {r["id"] for r in people if r["meta"]["version"] != versions[r["id"]]}
    equal(changed, set(managed),
          "the versions of those that referred to the person, and of no other")
    scim.stop()


@test("what is served keeps to the schemas in every view")
def checked():
    checker = Checker(SCIM)
    for path in ["/Users", "/Groups"]:
        for resource in SCIM.all(path, token="rcs_narrow"):
            checker.resource(resource)


main()
