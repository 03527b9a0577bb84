"""People of a CSV file are adopted by the HR system that is connected later (semantics 3.2 "adopt",
3.3 rule 3, promise P43)."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, main, test                    # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:fr,people=6,seed=3")
HOUSE = House(WORLD)
HEADER = "employee_number,first_name,last_name,work_email,job_title,employment_status,start_date"
PEOPLE = """0001,Zoë,Nguyen,zoe@example.com,Engineer,ACTIVE,2020-01-15
0002,Bo,Berg,bo@example.com,Boss,ACTIVE,2019-02-01
0003,Ana,Silva,ana@example.com,Clerk,ACTIVE,2021-03-01
"""


def person(mail):
    return next((row for row in HOUSE.rows("list") if row["mail"] == mail), None)


def title(uid):
    return HOUSE.query("SELECT job_title FROM v_person WHERE uid = ?", uid)[0][0]


def hire(**members):
    values = {"employment_status": "ACTIVE", "start_date": "2026-01-05"}
    values.update(members)
    return SANDBOX.control("POST", "/people/hire", set=values)["record"]


@test("people of a file are served; a title is set by hand")
def start():
    people = WORLD.write("people.csv", HEADER + "\n" + PEOPLE)
    WORLD.write("house/conf/sources.d/a-file.conf", f"""[source]
provider = csv
file = {people}
[fields]
job_title = import-once
""")
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "a-file")
    equal(person("zoe@example.com")["source"], "a-file", "source")
    HOUSE.rollcall("set", person("ana@example.com")["uid"], "job_title", "By hand")


@test("the HR system adopts them by number, else by address, and overwrites; nobody appears twice")
def adopted():
    before = {mail: person(mail + "@example.com") for mail in ("zoe", "bo", "ana")}
    hire(employee_number="0001", first_name="Zoë", last_name="Nguyễn", job_title="Lead",
         work_email="zoe.nguyen@example.com")
    hire(employee_number="F2", last_name="Berg", work_email="bo@example.com", job_title="CEO")
    hire(employee_number="0003", last_name="Silva", work_email="ana@example.com", job_title=None)
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields="job_title = import-once")
    HOUSE.reload()
    wanted = {("zoe", "last_name", "Nguyen", "N…"), ("zoe", "job_title", "Engineer", "L…"),
              ("zoe", "work_email", "zoe@example.com", "z…"),
              ("bo", "job_title", "Boss", "C…"), ("bo", "employee_number", "0002", "F…")}
    shown = HOUSE.ask("preview", "fr")["difference"]
    answer = HOUSE.ask("source", "approve", "fr")
    told = {(row["uid"], row["field"], row["old"], row["new"]) for row in answer["rows"]}
    missing = wanted - told
    check(not missing, f"not told as overwritten: {missing} of {told}")
    check(not [row for row in told if row[0] == "ana" and row[1] == "job_title"], "kept, not told")
    equal({row["reason"] for row in answer["rows"]}, {"overwrites"}, "reason")
    equal(answer["runs"][0]["overwrote"], len(told), "count")
    equal(shown["overwrite"], len(told), "count of the preview before it")
    logged = {(row["uid"], row["field"], row["old"], row["new"]) for row in HOUSE.rows("log")
              if row["reason"] == "overwrites"}
    equal(logged, told, "log")
    for old, mail, wanted in (("zoe", "zoe.nguyen", "Lead"), ("bo", "bo", "CEO"),
                              ("ana", "ana", "By hand")):
        row = person(mail + "@example.com")
        equal((row["uid"], row["id"], row["source"]),
              (before[old]["uid"], before[old]["id"], "fr"), old)
        equal(title(row["uid"]), wanted, "title of " + old)
        rules = {row["source"]: row["joined"]["rule"]
                 for row in HOUSE.ask("why", row["uid"])["records"]}
        equal(rules, {"a-file": "new", "fr": "adopt-email" if old == "bo" else "adopt-number"}, old)
    check(person("zoe@example.com") is None, "two entries")


@test("once only: the file is read again, the HR system too, and nothing changes")
def again():
    HOUSE.rollcall("set", person("bo@example.com")["uid"], "job_title", "Chair")
    for name in ("a-file", "fr", "a-file"):
        equal(HOUSE.ask("sync", name, "--full")["runs"][0]["revision"], 0, name)
    equal(title(person("bo@example.com")["uid"]), "Chair", "set by hand after the adoption")


main()
