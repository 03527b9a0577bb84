"""The table of tests/README.md names tests that are there, and every scenario and unit of SCIM."""
import os
import re
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "lib")]
from tap import equal, main, test                           # noqa: E402
from world import SOURCE                                    # noqa: E402

HELPERS = {"scim_tools", "scim_keys"}


def there():
    """Names of scenarios and units."""
    for folder, end in (("tests/scenario", ".py"), ("tests/unit", ".c")):
        for name in os.listdir(os.path.join(SOURCE, folder)):
            if name.endswith(end):
                yield name[:-len(end)]


def named():
    with open(os.path.join(SOURCE, "tests/README.md"), encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("| ") and line.count("|") == 4:
                yield from re.findall(r"`([a-z0-9_]+)`", line.rsplit("|", 2)[1])


@test("tests/README.md names tests that are there")
def exist():
    equal(sorted(set(named()) - set(there())), [], "names without a test")


@test("every scenario and unit of SCIM proves something there")
def complete():
    ours = {name for name in there() if name.startswith(("scim_", "test_scim_"))}
    equal(sorted(ours - HELPERS - set(named())), [],
          "tests that no row of tests/README.md names")


main()
