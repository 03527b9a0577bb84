"""People from CSV files: a source that reads its own file, and files that are imported. What is
not exactly a table is refused whole, and says where; a cell that cannot be read says nothing."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
HOUSE = House(WORLD)
HEADER = ("employee_number,first_name,last_name,work_email,job_title,employment_status,"
          "start_date,termination_date,legal_entity,work_location,work_location.city,"
          "work_location.country,manager,department,team,cost_center")
ZOE = "0007,Zoë,Nguyen,Zoe.Nguyen@Example.com,Engineer,ACTIVE,2020-01-15,,ACME SAS,Paris," \
      "Paris,FR,,Product,Core|On call,"
BO = '0008,Bo,"Berg, Jr.",bo@example.com,"The ""boss""",active,2019-02-01,,acme sas,paris,,,' \
     '0007,product,Core,'
ANA = "0009,Ana,Silva,ana@example.com,Clerk,ACTIVE,2021-03-01,,ACME Ltd,London,London,GB," \
      "0007,Sales,,"


def source(name, body="", fields="", extra=""):
    return WORLD.write(f"house/conf/sources.d/{name}.conf",
                       f"[source]\nprovider = csv\n{body}\n[fields]\n{fields}\n{extra}\n")


def table(*rows, end="\n", name="people.csv", encoding="utf-8", header=HEADER):
    path = WORLD.path(name)
    with open(path, "wb") as stream:
        stream.write((end.join((header, *rows)) + end).encode(encoding))
    return path


def served(field="uid"):
    return sorted(row[field] for row in HOUSE.rows("list"))


def why(person):
    answer = HOUSE.ask("why", person)["person"]
    return {row["field"]: row["served"] for row in answer["fields"]}, answer


def refused(path, *parts, command=("import",)):
    revision = HOUSE.revision()
    status, _, errors = HOUSE.rollcall(*command, path, status=None)
    equal(status, 14, "exit status")
    for part in parts:
        holds(errors, part)
    equal(HOUSE.revision(), revision, "revision")
    return errors


@test("settings of another provider, two readers of a file, a key that is off: told by line")
def settings():
    source("hr", "api_key = env:X\nfile = /data/hr.csv")
    source("it", "file = /data/hr.csv\nkey = work_email\nseparator = pipe")
    source("no", fields="employee_number = off")
    WORLD.write("house/conf/sources.d/a.conf", "[source]\nfile = /x\nintegration = i\n"
                "api_key = file:/dev/null\n[fields]\n")
    WORLD.write("house/conf/sources.d/hand.conf", "[source]\nprovider = local\n[fields]\n"
                "job_title = import-once\n")
    WORLD.write("house/conf/sources.d/hand2.conf", "[source]\nprovider = local\n[fields]\n")
    status, said, _ = HOUSE.rollcall("check-config", status=None)
    equal(status, 2, "exit status")
    for part in ("sources.d/a.conf:2: error: file means nothing with provider = kombo",
                 "sources.d/hr.conf:3: error: api_key means nothing with provider = csv",
                 "sources.d/it.conf:3: error: file /data/hr.csv is read by sources.d/hr.conf",
                 "sources.d/it.conf:5: error: separator",
                 "sources.d/no.conf:5: error: employee_number cannot be off: it is the key",
                 "sources.d/hand.conf:4: error: job_title cannot be import-once",
                 "sources.d/hand2.conf:2: error: sources.d/hand.conf has provider = local"):
        holds(said, part)
    for name in ("hr", "it", "no", "a", "hand", "hand2"):
        os.unlink(WORLD.path("house", "conf", "sources.d", name + ".conf"))


@test("nothing is imported where no source takes it")
def no_source():
    HOUSE.start()
    status, _, errors = HOUSE.rollcall("import", table(ZOE), status=None)
    equal(status, 4, "exit status")
    holds(errors, "provider = csv")


@test("a source is not approved by its file: a dry run shows who would be there, first")
def dry_run():
    source("hr", fields="job_title = import-once",
           extra="[include]\nlegal_entity = ACME SAS")
    HOUSE.reload()
    path = table(ZOE, BO, ANA)
    status, _, errors = HOUSE.rollcall("import", path, status=None)
    equal(status, 3, "exit status")
    holds(errors, "import --dry-run")
    answer = HOUSE.ask("import", path, "-n")
    equal((answer["sources"][0]["seen"], answer["included"], answer["excluded"]), (3, 2, 1), "preview")
    out = next(row for row in answer["rows"] if row["verdict"] == "Excluded")
    equal(out["reasons"][0]["code"], "filter.legal_entity", "reason")
    lacks(HOUSE.bytes(), b"Nguyen")


@test("an import brings people, references, groups and managers, and no column that is off")
def imported():
    HOUSE.rollcall("source", "approve", "hr")
    holds(HOUSE.rollcall("import", table(ZOE, BO, ANA), "--source", "hr"), "2 people in")
    equal(served(), ["bo", "zoe.nguyen"], "served")
    values, person = why("zoe.nguyen")
    equal(values["work_email"], "zoe.nguyen@example.com", "e-mail")
    equal(values["employee_number"], "0007", "number")
    holds(values["work_location"], "Paris")
    holds(values["work_location"], "FR")
    equal(values["legal_entity"], "ACME SAS", "entity, of two spellings")
    equal(sorted(person["groups"]), ["Core", "On call", "Product"], "groups")
    values, _ = why("bo")
    equal(values["last_name"], "Berg, Jr.", "a comma between quotes")
    equal(values["job_title"], 'The "boss"', "a doubled quote")
    holds(values["manager"], "zoe.nguyen")
    equal(HOUSE.query("SELECT count(*) FROM v_shown s JOIN v_person p ON p.id = s.person"
                      " WHERE p.uid = 'bo' AND s.manager IS NOT NULL")[0][0], 2, "managers")
    lacks(HOUSE.bytes(), b"Silva")


@test("the same file twice, in another order, with BOM and CRLF: nothing changes")
def again():
    revision = HOUSE.revision()
    holds(HOUSE.rollcall("import", table(ANA, BO, "", ",,,,,,,,,,,,,,,", ZOE, end="\r\n",
                                         encoding="utf-8-sig")), "nothing changed")
    equal(HOUSE.revision(), revision, "revision")
    with open(table(ZOE, BO, ANA), encoding="utf-8") as stream:
        text = stream.read()
    WORLD.run(HOUSE.command("import", "-"), text=text)
    equal(HOUSE.revision(), revision, "revision after standard input")


@test("other separators and letter case, columns to ignore: as the source says")
def forms():
    revision = HOUSE.revision()
    header = HEADER.replace(",", ";").replace("first_name", "First Name").replace(
        "work_email", "WORK-EMAIL") + ";salary"
    rows = [row.replace('"Berg, Jr."', "Berg° Jr.").replace(",", ";").replace("°", ",") + ";1"
            for row in (ZOE, BO, ANA)]
    path = table(*rows, header=header)
    refused(path, "the cells stand between semicolons: write separator = semicolon")
    source("hr", "separator = semicolon\nignore_column = Salary",
           "job_title = import-once", "[include]\nlegal_entity = ACME SAS")
    HOUSE.reload()
    holds(HOUSE.rollcall("import", path), "nothing changed")
    equal(HOUSE.revision(), revision, "revision")
    source("hr", fields="job_title = import-once", extra="[include]\nlegal_entity = ACME SAS")
    HOUSE.reload()


@test("files that are no table are refused whole, with line, column and what to do")
def broken():
    refused(table(), "a header and nobody")
    refused(table(header=""), "is empty")
    refused(WORLD.path("nowhere.csv"), "nowhere.csv cannot be read")
    refused(WORLD.folder, "is not a regular file")
    refused(table(ZOE, encoding="latin-1"), "line 2: cell 2 is not UTF-8",
            "iconv -f WINDOWS-1252")
    refused(table(ZOE, encoding="utf-16"), "UTF-16")
    errors = refused(table(header=ZOE), "the first row is no header")
    lacks(errors, "Nguyen")
    refused(table(ZOE, header=HEADER.replace("job_title", "jobtitle").replace(
        "first_name", "team")), 'there is no column "jobtitle": did you mean job_title?',
        "column team is there twice")
    refused(table(ZOE, header=HEADER.replace("employee_number", "id")),
            "column employee_number is missing")
    refused(table(ZOE, header=HEADER.replace("cost_center", "groups")), "with | between")
    refused(table(ZOE, ZOE + ",x"), "line 3: it has 17 cells, the header has 16")
    refused(table(ZOE, BO, ZOE), "line 4: column employee_number holds the same as on line 2")
    refused(table(ZOE, ZOE.replace("0007,", " ,", 1)), "line 3: column employee_number is empty")
    refused(table(ZOE, BO.replace("Bo", '"Bo', 1)), "line 3: ")
    refused(table(ZOE, ANA.replace("Clerk", 'Cl"erk')),
            "line 3: a double quote stands inside a cell")
    refused(table(ZOE, BO, ANA.replace("ACME Ltd,London,London", "ACME Ltd,Paris,Lyon")),
            "line 4: the work location has another address on line 2")
    refused(table(ZOE, ANA.replace("Clerk", "Cl\x1eerk")), "a control character")
    refused(table(ZOE, '"' + "x" * 200000), "larger than 64 KB")
    errors = refused(table(*[BO] * 9), "and 3 more")
    lacks(errors, "Berg")


@test("a cell that cannot be read says nothing: what is known stays, and the place is told")
def cells():
    path = table(ZOE.replace("2020-01-15", "15/01/2020"), BO,
                 ANA.replace("0009", "0010").replace("ACME Ltd", "ACME SAS").replace(
                     "2021-03-01", "soon"))
    said = HOUSE.rollcall("import", path)
    holds(said, "line 2, column start_date: is no date: write it like 2026-11-20")
    holds(said, "line 4, column start_date")
    values, _ = why("zoe.nguyen")
    equal(values["start_date"], "2020-01-15", "start date")
    equal(served(), ["bo", "zoe.nguyen"], "served")
    codes = [row["reasons"] for row in HOUSE.rows("list", "--excluded")]
    holds(str(codes), "invalid.start_date")
    HOUSE.rollcall("import", table(ZOE, BO, ANA))


@test("a column that is not there says nothing, an empty cell empties, one absent row is gone")
def partial():
    short = "employee_number,first_name,last_name,work_email,employment_status,legal_entity,team"
    HOUSE.rollcall("import", table(
        "0007,Zoë,Nguyen,zoe.nguyen@example.com,ACTIVE,ACME SAS,Core",
        "0008,Bo,Berg,bo@example.com,ACTIVE,ACME SAS,", header=short))
    values, person = why("zoe.nguyen")
    equal(values["start_date"], "2020-01-15", "start date")
    equal(sorted(person["groups"]), ["Core", "Product"], "groups")
    values, person = why("bo")
    equal(values["last_name"], "Berg", "last name")
    equal(values["job_title"], 'The "boss"', "import-once")
    equal(person["groups"], ["Product"], "groups of Bo")
    HOUSE.rollcall("import", table(ZOE, BO))


@test("a source with a file reads it in every run, and refuses another one")
def own_file():
    path = table("one,One,Person,one@example.com", name="it.csv",
                 header="id,first_name,last_name,work_email")
    source("it", f"file = {path}\nkey = id")
    HOUSE.reload()
    said = HOUSE.rollcall("source", "test", "it")
    holds(said, "columns       id (key) first_name last_name work_email")
    holds(said, "people        1")
    equal(HOUSE.ask("preview", "it")["included"], 1, "preview")
    source("it", f"file = {path}\nkey = id", extra="[include]\nlegal_entity = Nowhere\n"
           "missing = include")
    HOUSE.reload()
    rows = {row["check"]: row for row in HOUSE.ask("doctor", "it", status=None)["rows"]
            if row["source"] == "it"}
    holds(rows["file"]["text"], f"{path} is a table, read to its end: 1 rows, columns for 3 of ")
    holds(rows["file"]["text"], "written 0 min ago")
    holds(rows["filter"]["text"], "matches nothing in the file")
    holds(rows["scope"]["text"], "has no column in the file")
    check("key" not in rows and "clock" not in rows, "Kombo is spoken of")
    for row in rows.values():
        check("Kombo" not in row["text"] + (row["advice"] or ""), row)
    source("it", f"file = {path}\nkey = id")
    HOUSE.reload()
    HOUSE.rollcall("source", "approve", "it")
    check("one" in served(), "one is served")
    status, _, errors = HOUSE.rollcall("import", path, "--source", "it", status=None)
    equal(status, 3, "exit status")
    holds(errors, f"reads {path} by itself")
    status, _, errors = HOUSE.rollcall("import", path, status=None)
    holds(errors, "--source hr or --source it")
    table("one,One,Person,one@example.com", "two,Two,Person,two@example.com", name="it.csv",
          header="id,first_name,last_name,work_email")
    WORLD.advance(7200)
    HOUSE.daemon.send(10)
    HOUSE.daemon.wait_log("run.done source=it", count=2)
    check("two" in served(), "two is served")


@test("a file that is not there, or no longer a table: the run fails, nobody leaves")
def file_gone():
    before = served()
    os.rename(WORLD.path("it.csv"), WORLD.path("away.csv"))
    status, _, errors = HOUSE.rollcall("sync", "it", status=None)
    equal(status, 14, "exit status")
    holds(errors, "it.csv cannot be read")
    equal(served(), before, "served")
    holds(HOUSE.rollcall("source", "list"), "cannot be read")
    os.rename(WORLD.path("away.csv"), WORLD.path("it.csv"))
    holds(HOUSE.rollcall("sync"), "it: complete fetch")


@test("what cannot be fetched says what to do; sync without a name passes it over")
def not_fetched():
    status, _, errors = HOUSE.rollcall("sync", "hr", status=None)
    equal(status, 3, "exit status")
    holds(errors, "rollcall import FILE --source hr")
    status, _, errors = HOUSE.rollcall("preview", "hr", status=None)
    holds(errors, "rollcall import FILE --source hr")
    status, _, errors = HOUSE.rollcall("source", "test", "hr", status=None)
    holds(errors, "rollcall import FILE --source hr")


@test("with the daemon down the command imports by itself")
def daemon_down():
    equal(HOUSE.stop(), 0, "exit status")
    HOUSE.rollcall("import", table(ZOE.replace("Nguyen", "Noor"), BO), "--source", "hr")
    equal(HOUSE.query("SELECT last_name FROM v_person WHERE uid = 'zoe.nguyen'"), [("Noor",)],
          "name")


main()
