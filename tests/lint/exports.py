"""slapd's module shows the world one symbol: init_module."""
import os
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "lib")]
from tap import Skip, equal, main, test                     # noqa: E402
from world import program                                   # noqa: E402


@test("back_rollcall.so exports init_module alone")
def exports():
    module = program("backend/.libs/back_rollcall.so")
    if not os.path.exists(module):
        raise Skip("built without OpenLDAP's headers")
    listed = subprocess.run(["nm", "-D", "--defined-only", module], capture_output=True,
                            text=True, check=True).stdout
    symbols = [line.split()[-1] for line in listed.splitlines() if line.split()[1] in "TDBRVW"]
    equal(sorted(symbols), ["init_module"], "symbols")


main()
