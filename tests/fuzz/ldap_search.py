"""Runs the fuzz target fuzz_ldap_search inside slaptest, over a small directory: its seeds as a
test, or with --fuzz MODULE ARGUMENT ... libFuzzer."""
import os
import subprocess
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, main, test    # noqa: E402
from world import BUILD, World              # noqa: E402
import slapd                                # noqa: E402

MODULE = os.path.join(BUILD, "tests/fuzz/.libs/fuzz_ldap_search.so")
PEOPLE = 40
STEPS = ["set", "7", "last_name", "Große-Ölmüller", ",", "set", "8", "display_name", "張偉", ",",
         "set", "9", "job_title", "(*)\\00", ",", "rename", "3", "a=b+c, d", ",", "hide", "11", ",",
         "manager", "12", "0", ",", "leave", "13", "1"]

world = World()


def prepare(module):
    """The command that runs the target."""
    slapd.available()
    database = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--seed", "6", "--big", "20", database)
    slapd.seed(world, "change", database, *STEPS)
    slapd.seed(world, "client", database, "add", "reader")
    conf = world.write("slapd.conf", slapd.global_part(False, "moduleload " + module) +
                       slapd.database_part(database))
    return ["/usr/sbin/slaptest", "-f", conf]


@test("searches from nowhere are answered as test_filter answers them")
def seeds():
    done = subprocess.run(prepare(MODULE), env=world.environment, capture_output=True,
                          text=True, errors="replace", check=False)
    equal(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
    lines = [line for line in done.stdout.split("\n") if line.startswith("ok ")]
    check(len(lines) > 20, done.stdout)


def fuzz(module, *arguments):
    environment = dict(world.environment, ROLLCALL_FUZZ=" ".join(arguments),
                       LD_PRELOAD=os.environ.get("LD_PRELOAD_FUZZ", ""),
                       ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0")
    return subprocess.run(prepare(module), env=environment, check=False).returncode


if sys.argv[1:2] == ["--fuzz"]:
    sys.exit(fuzz(*sys.argv[2:]))
main()
