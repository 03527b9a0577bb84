"""SCIM while the directory changes: every change shows within a moment, versions and stamps move
with it and with nothing else, settings change what is served."""
import json
import os
import socket
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import ENTERPRISE, ROLLCALL, TOKEN, USER, Checker, Scim     # noqa: E402
from tap import check, equal, lacks, main, test                     # noqa: E402
from world import World                                             # noqa: E402

WORLD = World()
SCIM = Scim(WORLD, 300)
SCIM.start()


def user(person):
    return SCIM.get(f"/Users/{SCIM.id_of(person)}").json


def everything():
    return {r["id"]: r for r in SCIM.all("/Users") + SCIM.all("/Groups")}


@test("a change shows, with version and stamp, and nothing else moves")
def change():
    before = everything()
    who = SCIM.id_of(20)
    SCIM.change("set", 20, "job_title", 'Chief "\\" of\tStaff é')
    SCIM.wait(lambda: user(20)["title"].startswith("Chief"), "the title")
    after = everything()
    equal({i for i in after if after[i] != before[i]} - {g["value"] for g in
                                                         before[who]["groups"]}, {who},
          "people that changed")
    now, was = after[who]["meta"], before[who]["meta"]
    check(now["lastModified"] > was["lastModified"], "lastModified")
    equal(now["created"], was["created"], "created")
    check(now["version"] != was["version"], "version")
    equal(after[who]["title"], 'Chief "\\" of\tStaff é', "every character")
    for text in ['title eq "chief \\"\\\\\\" of\\tstaff É"', 'title co "\\tSt"',
                 'title sw "Chief \\""', "title ew \"f é\""]:
        equal([u["id"] for u in SCIM.list("/Users", filter=text)["Resources"]], [who], text)
    equal(SCIM.get(f"/Users/{who}", headers={"If-None-Match": was["version"]}).status, 200,
          "the old version")
    equal(SCIM.get(f"/Users/{who}", headers={"If-None-Match": now["version"]}).status, 304,
          "the new one")


@test("the stamp of a list leads to what changed after it, and misses nothing")
def polling():
    stamp = SCIM.get("/Users?count=0").headers["Rollcall-Stamp"]
    for person in [31, 32, 33]:
        SCIM.change("set", person, "job_title", f"Polled {person}")
        SCIM.wait(lambda p=person: user(p)["title"] == f"Polled {p}", "the title")
        answer = SCIM.get("/Users", filter=f'meta.lastModified gt "{stamp}"')
        equal([u["id"] for u in answer.resources], [SCIM.id_of(person)], "what changed")
        stamp = answer.headers["Rollcall-Stamp"]
    equal(SCIM.list("/Users", filter=f'meta.lastModified gt "{stamp}"')["totalResults"], 0,
          "nothing more")


@test("joining and leaving a group shows on both sides")
def membership():
    who = SCIM.id_of(22)
    group = next(g for g in SCIM.all("/Groups")
                 if who not in [m["value"] for m in g["members"]])
    number = SCIM.query("SELECT id FROM v_group WHERE cn = ?", group["displayName"])[0][0]
    path = f"/Groups/{group['id']}"
    SCIM.change("join", 22, number)
    SCIM.wait(lambda: group["id"] in [g["value"] for g in user(22)["groups"]], "joined")
    joined = SCIM.get(path).json
    equal({m["value"] for m in joined["members"]} - {m["value"] for m in group["members"]},
          {who}, "the members")
    check(joined["meta"]["version"] != group["meta"]["version"], "version of the group")
    equal(SCIM.list("/Groups", filter=f'id eq "{group["id"]}" and members eq "{who}"')
          ["totalResults"], 1, "reference check")
    SCIM.change("leave", 22, number)
    SCIM.wait(lambda: SCIM.get(path).json["members"] == group["members"], "left")
    equal(SCIM.get(path).json["meta"]["version"], group["meta"]["version"], "version as before")


@test("many changes at once leave what a new start would serve")
def many():
    for salt in range(5):
        SCIM.change("random", 120, salt, ",", "hide", 100 + salt)
    SCIM.wait(lambda: SCIM.list("/Users")["totalResults"] == 295, "hidden")
    before = everything()
    SCIM.stop()
    SCIM.start()
    after = everything()
    equal(set(after), set(before), "ids")
    for key, resource in before.items():
        equal(after[key], resource, "resource")
    checker = Checker(SCIM)
    for resource in before.values():
        checker.resource(resource)


@test("renaming a group renames it with everybody in it")
def rename():
    group = min(SCIM.all("/Groups"), key=lambda g: len(g["members"]))
    number = SCIM.query("SELECT id FROM v_group WHERE cn = ?", group["displayName"])[0][0]
    people = [row[0] for row in SCIM.query("SELECT person FROM v_member WHERE grp = ?", number)]
    SCIM.change("rename", number, 'Renamed "ß"', *SCIM.touch(*people))
    SCIM.wait(lambda: SCIM.list("/Groups", filter='displayName eq "renamed \\"SS\\""')
              ["totalResults"] == 1, "the name")
    for member in group["members"]:
        got = SCIM.get(f"/Users/{member['value']}").json
        check('Renamed "ß"' in [g["display"] for g in got["groups"]], "display")
        check(got["meta"]["lastModified"] > group["meta"]["lastModified"], "lastModified")


@test("a manager's name follows, and nobody refers to who is gone")
def manager():
    boss = SCIM.id_of(1)
    reports = [row[0] for row in SCIM.query("SELECT person FROM v_shown WHERE manager = 1")]
    SCIM.change("set", 1, "display_name", "The Boss", *SCIM.touch(*sorted(set(reports))))
    SCIM.wait(lambda: user(2)[ENTERPRISE]["manager"]["displayName"] == "The Boss", "the name")
    SCIM.change("hide", 1)
    SCIM.wait(lambda: SCIM.get(f"/Users/{boss}").status == 404, "gone")
    SCIM.wait(lambda: boss not in str(SCIM.all("/Users")), "no reference")
    SCIM.change("show", 1, ",", "manager", 2, 1)
    SCIM.wait(lambda: SCIM.get(f"/Users/{boss}").status == 200, "back")
    equal(user(2)[ENTERPRISE]["manager"]["value"], boss, "manager")


@test("a field that is turned off has neither value nor schema nor filter")
def off():
    SCIM.setting(field__mobile_phone="off", field__job_title="readWrite",
                 field__personal_email="off")
    SCIM.wait(lambda: "phoneNumbers" not in str(SCIM.get("/Schemas/" + USER).json), "schema")
    checker = Checker(SCIM)
    users = SCIM.all("/Users")
    for resource in users:
        checker.resource(resource)
    lacks(str(users), "phoneNumbers")
    lacks(str(users), "mail.example")
    schema = {a["name"]: a for a in checker.schemas[USER]["attributes"]}
    equal(schema["title"]["mutability"], "readWrite", "title")
    equal(schema["displayName"]["mutability"], "readOnly", "displayName")
    types = {a["name"]: a for a in schema["emails"]["subAttributes"]}["type"]
    equal(types["canonicalValues"], ["work"], "types of emails")
    unknown = SCIM.get("/Users", filter='neverWas eq "x"').json["detail"]
    SCIM.refused(SCIM.get("/Users", filter="phoneNumbers pr"), 400, "invalidFilter",
                 unknown.split(":")[0])
    SCIM.refused(SCIM.get("/Users", sortBy="phoneNumbers"), 400, "invalidValue")


@test("userName is the e-mail or the uid, as the settings say; the uid stands in")
def user_name():
    by_mail = {u["id"]: u for u in SCIM.all("/Users")}
    for one in by_mail.values():
        mails = [e["value"] for e in one.get("emails", []) if e["type"] == "work"]
        equal(one["userName"], mails[0] if mails else one[ROLLCALL]["uid"], "userName")
    SCIM.setting(user_name="uid")
    SCIM.wait(lambda: user(20)["userName"] == user(20)[ROLLCALL]["uid"], "the uid")
    equal([u["userName"] for u in SCIM.all("/Users")],
          [u[ROLLCALL]["uid"] for u in by_mail.values()], "uids")
    name = user(20)["userName"]
    equal(SCIM.list("/Users", filter=f'userName eq "{name.upper()}"')["totalResults"], 1, name)
    SCIM.setting(user_name="work-email")
    SCIM.wait(lambda: user(20)["userName"] == by_mail[SCIM.id_of(20)]["userName"], "e-mail")


@test("two people who have left with one address do not have one userName")
def twice():
    mail = user(40)["userName"]
    SCIM.change("set", 41, "work_email", mail, ",", "status", 40, "departed", ",",
                "status", 41, "departed")
    SCIM.wait(lambda: not user(41)["active"] and not user(40)["active"], "both have left")

    def names():
        return [user(40)["userName"], user(41)["userName"]]

    wanted = [mail, user(41)[ROLLCALL]["uid"]]
    equal(names(), wanted, "userNames")
    equal(user(41)["emails"][0]["value"], mail, "the address is kept")
    SCIM.stop()
    SCIM.start()
    equal(names(), wanted, "after a new start")


@test("a large page holds what small ones do, also of groups and in part")
def pages():
    for path in ["/Users", "/Groups"]:
        for parameters in [{}, {"attributes": "id,members.value,groups.display"}]:
            whole = SCIM.list(path, count=1000, **parameters)["Resources"]
            equal(SCIM.all(path, **parameters), whole, path)
            start, small = 1, []
            while len(small) < len(whole):
                small += SCIM.list(path, startIndex=start, count=7, **parameters)["Resources"]
                start += 7
            equal(small, whole, path)


@test("a client's own ids stand in long lists as they do in one resource")
def own_ids():
    token = "rcs_namer"
    SCIM.client("namer", token)
    with sqlite3.connect(SCIM.database) as database:
        for table in ["person", "group"]:
            database.execute(f"INSERT INTO external_id SELECT c.id, v.uuid, 'é\"' || '{table}' || "
                             f"v.id, v.id * 2 + {table == 'group':d} FROM v_{table} v, client c"
                             " WHERE c.name = 'namer' AND v.id % 3 > 0")
    SCIM.wait(lambda: SCIM.get("/Users", token, count=1).status == 200, "the client")
    named = 0
    for path in ["/Users", "/Groups"]:
        SCIM.wait(lambda p=path: b"externalId" in SCIM.get(p, token).body, "the ids")
        plain = SCIM.list(path, count=1000)["Resources"]
        listed = SCIM.get(path, token, count=1000).resources
        equal(SCIM.get(path, token, count=1000, excludedAttributes="schemas").resources,
              listed, "in part")         # schemas is returned always
        for resource, without in zip(listed, plain, strict=True):
            answer = SCIM.get(f"{path}/{resource['id']}", token)
            equal(answer.json, resource, "one")
            equal(answer.headers["ETag"], resource["meta"]["version"], "ETag")
            equal("externalId" in resource,
                  resource["meta"]["version"] != without["meta"]["version"], "version")
            named += resource.get("externalId", "").startswith('é"')
            without["meta"]["version"] = resource["meta"]["version"]
            without.update({k: v for k, v in resource.items() if k == "externalId"})
            equal(resource, without, "nothing else is its own")
    check(named > 200, "most have one")


def slowly(scim, path):
    """A connection whose answer has only just begun to come."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.settimeout(30)
    slow.connect(("127.0.0.1", scim.port))
    slow.sendall(f"GET /scim/v2{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                 f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
    slow.recv(1, socket.MSG_PEEK)
    return slow


def rest(slow):
    with slow, slow.makefile("rb") as stream:
        return json.loads(stream.read().split(b"\r\n\r\n", 1)[1])


@test("a group of 20,000 is answered fast, and without its members at once")
def big():
    scim = Scim(WORLD, 21000, name="big", big=20000)
    scim.start()
    group = scim.list("/Groups", filter='displayName eq "Everybody"',
                      excludedAttributes="members")["Resources"][0]
    check("members" not in group, "no members")
    whole = scim.get(f"/Groups/{group['id']}").json
    check(len(whole["members"]) > 19000, "all members")
    equal(len({m["value"] for m in whole["members"]}), len(whole["members"]), "each once")
    member = whole["members"][15000]["value"]
    equal(scim.list("/Groups", filter=f'id eq "{group["id"]}" and members eq "{member}"',
                    attributes="id")["totalResults"], 1, "reference check")
    number = scim.query("SELECT id FROM v_group WHERE cn = 'Everybody'")[0][0]
    person = scim.query("SELECT id FROM v_person WHERE hex(uuid) = ?",
                        member.replace("-", "").upper())[0][0]
    slow = slowly(scim, f"/Groups/{group['id']}")
    scim.change("leave", person, number)
    scim.wait(lambda: len(scim.get(f"/Groups/{group['id']}").json["members"]) ==
              len(whole["members"]) - 1, "one has left")
    equal(rest(slow), whole, "who reads slowly gets it as it was")
    scim.stop()


main()
