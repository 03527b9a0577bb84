"""Arrows between folders point only as HACKING.md's table says, and only store/ speaks SQLite."""
import os
import re
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "lib")]
from tap import equal, main, test                           # noqa: E402
from world import SOURCE                                    # noqa: E402

MAY = {
    "schema": {"base", "schema"},
    "base": {"base", "schema"},
    "store": {"store", "base", "schema"},
    "rules": {"rules", "base", "schema"},
    "image": {"image", "store", "base", "schema"},
    "sync": {"sync", "rules", "store", "base", "schema"},
    "scim": {"scim", "image", "store", "base", "schema"},
    "backend": {"backend", "image", "store", "base", "schema"},
    "cli": {"cli", "sync", "rules", "store", "base", "schema"},
}
# Readers see views and access alone, and the SCIM server may ask the daemon.
READERS = {"image", "scim", "backend"}
READABLE = {"store/view.h", "store/client.h", "store/external.h", "store/db.h"}
EXTRA = {"scim": {"sync/control_client.h"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)


def sources(folder):
    for path, _, names in os.walk(os.path.join(SOURCE, folder)):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                yield os.path.join(path, name)


def includes(path):
    with open(path, encoding="utf-8") as stream:
        return INCLUDE.findall(stream.read())


def folder_test(folder):
    @test(f"{folder}/ includes only what lies below it")
    def layer():
        wrong = []
        for path in sources(folder):
            for name in includes(path):
                top = name.split("/")[0]
                if "/" not in name or top not in MAY or name in EXTRA.get(folder, ()):
                    continue
                if top not in MAY[folder] or (folder in READERS and top == "store" and
                                              name not in READABLE):
                    wrong.append(f"{os.path.relpath(path, SOURCE)} includes {name}")
        equal(wrong, [], "wrong includes")


for one in MAY:
    folder_test(one)


@test("only store/ speaks SQLite")
def sqlite():
    wrong = [os.path.relpath(path, SOURCE) for folder in MAY if folder != "store"
             for path in sources(folder) if "sqlite3.h" in includes(path)]
    equal(wrong, [], "files that include sqlite3.h")


@test("rules/ has no clock, no files, no randomness")
def pure():
    forbidden = re.compile(r"\b(clock_now|clock_monotonic|digest_random|uuid_random|fopen|open|"
                           r"getenv|time|rand|random|gettimeofday|log_\w+)\s*\(")
    wrong = []
    for path in sources("rules"):
        with open(path, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if forbidden.search(line) and not line.lstrip().startswith(("*", "/*")):
                    wrong.append(f"{os.path.relpath(path, SOURCE)}:{number}")
    equal(wrong, [], "calls")


@test("no mark of unfinished work")
def marks():
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
    wrong = []
    for folder in [*MAY, "tests"]:
        for path in sources(folder):
            with open(path, encoding="utf-8") as stream:
                if words.search(stream.read()):
                    wrong.append(os.path.relpath(path, SOURCE))
    equal(wrong, [], "files")


main()
