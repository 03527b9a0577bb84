"""[server] state_key: the key of the hashes that are kept of erased people, sealed by a secret."""
import os
import shutil
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:key,people=20,seed=9")
HOUSE = House(WORLD)
KEY = WORLD.write("state.key", "a secret of enough characters", 0o600)
OTHER = WORLD.write("other.key", "another secret of enough characters", 0o600)
SHORT = WORLD.write("short.key", "short", 0o600)
STATE = WORLD.path("state.jsonl")
ERASED = []


def write(house, key):
    house.write_main(server=f"state_key = {key}" if key else "")
    house.source("fr", SANDBOX, "lucca:key", fields="job_title = import-once",
                 body="[lifecycle]\ntrack_drift = no\n")


def stored(house):
    return house.query("SELECT value FROM meta WHERE name = 'erasure_key'")[0][0]


def erase(house):
    row = [r for r in house.rows("list") if r["status"] == "active"][0]
    ERASED.append((row["uid"], row["id"]))
    house.rollcall("erase", row["uid"])


def away(house):
    """Nobody who was erased is back, after a complete fetch too."""
    house.rollcall("sync", "fr", "--full")
    known = {row["id"] for row in house.rows("list")}
    for uid, number in ERASED:
        check(number not in known, uid + " is back")
    equal(len(house.rows("list", "--excluded", "--reason-code", "erased")), len(ERASED), "erased")


def refuses(key, text):
    """The daemon does not start, and says once why."""
    write(HOUSE, key)
    daemon = HOUSE.start_with(wait=False)
    check(daemon.child.wait(20) != 0, "it started")
    said = daemon.text()[refuses.seen:]
    refuses.seen = len(daemon.text())
    holds(said, text)
    equal(said.count("state_key"), 1, "how often it is said")


@test("without the setting the key stands in the database; given, it is sealed and nowhere else")
def seal():
    write(HOUSE, None)
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    erase(HOUSE)
    plain = stored(HOUSE)
    equal(len(plain), 64, "key")
    HOUSE.rollcall("backup", WORLD.path("backup.db"))
    HOUSE.stop()
    write(HOUSE, "file:" + KEY)
    HOUSE.start()
    holds(stored(HOUSE), "sealed:")
    check(plain.encode() not in HOUSE.bytes(), "the key is still in the folder")
    check(plain not in stored(HOUSE), "the key is in what is sealed")


@test("who was erased before and after stays away; previews and veiled values work with it")
def works():
    away(HOUSE)
    erase(HOUSE)
    away(HOUSE)
    equal(HOUSE.ask("sync", "fr", "--full")["runs"][0]["revision"], 0, "nothing new")
    answer = HOUSE.ask("preview", "fr")
    check(answer["rows"], "no rows")
    HOUSE.stop()
    sealed = stored(HOUSE)
    HOUSE.start()
    equal(stored(HOUSE), sealed, "sealed once")


@test("a missing, wrong or short secret is one clear error, and nothing is changed")
def wrong():
    sealed = stored(HOUSE)
    HOUSE.rollcall("state", "export", STATE)
    HOUSE.stop()
    refuses.seen = len(open(WORLD.path("house-rollcalld.log"), encoding="utf-8").read())
    refuses(None, "give the secret it was sealed by as [server] state_key")
    refuses("file:" + OTHER, "is not the secret that the key")
    refuses("file:" + SHORT, "shorter than 16 characters")
    refuses("file:" + WORLD.path("nothing"), "No such file")
    equal(stored(HOUSE), sealed, "the key")


@test("the command does without a secret that only the service can read, but for what needs it")
def command():
    write(HOUSE, "cred:state-key")
    check(HOUSE.rows("list"), "no rows")
    uid, revision = HOUSE.rows("list")[0]["uid"], HOUSE.revision()
    for word in ("hide", "erase"):
        status, _, errors = HOUSE.rollcall(word, uid, status=None)
        equal(status, 2, "exit status")
        holds(errors, "cred:state-key can be read by the service only")
    equal(HOUSE.revision(), revision, "revision")


@test("a backup from before the seal is erased again, and sealed again")
def restore():
    for end in ("-wal", "-shm"):
        if os.path.exists(HOUSE.database + end):
            os.unlink(HOUSE.database + end)
    shutil.copy(WORLD.path("backup.db"), HOUSE.database)
    write(HOUSE, "file:" + KEY)
    HOUSE.start()
    holds(HOUSE.daemon.text(), "erase.again people=1")
    holds(stored(HOUSE), "sealed:")
    away(HOUSE)


@test("an export is sealed as well: it is taken over with the secret alone, and keeps them away")
def export():
    with open(STATE, encoding="utf-8") as stream:
        holds(stream.read(), '"value":"sealed:')
    new = House(WORLD, name="new")
    for key, text in ((None, "give the secret it was sealed by"),
                      ("file:" + OTHER, "is not the secret")):
        write(new, key)
        new.start()
        before = stored(new)
        status, _, errors = new.rollcall("state", "import", STATE, status=None)
        equal(status, 2, text)
        holds(errors, text)
        equal((new.query("SELECT count(*) FROM person"), stored(new)), ([(0,)], before), "taken over")
        new.stop()
        shutil.rmtree(os.path.dirname(new.database))
        os.makedirs(os.path.dirname(new.database))
    write(new, "file:" + KEY)
    new.start()
    new.rollcall("state", "import", STATE)
    away(new)
    new.stop()


@test("an export from without the setting is sealed as it is taken over")
def plain():
    old, new = House(WORLD, name="old"), House(WORLD, name="later")
    write(old, None)
    write(new, "file:" + KEY)
    old.start()
    ERASED.clear()
    old.rollcall("source", "approve", "fr")
    erase(old)
    path = WORLD.path("plain.jsonl")
    old.rollcall("state", "export", path)
    new.start()
    new.rollcall("state", "import", path)
    holds(stored(new), "sealed:")
    away(new)


main()
