"""Clients of other people that scenarios run: unpacked or fetched into the cache by ./dev clients,
never installed (HACKING.md, "Clients").

    apache = clients.program("usr/sbin/apache2")        # raises Skip, with the reason
    world.run(clients.node("ldapts.cjs", check, facts), environment=clients.environment(world))
    daemon = world.start(clients.confined(["nslcd", "-n"], world.path("etc")), "nslcd")
    world.run(clients.beside(daemon, "getent", "passwd"))
"""
import json
import os
import shlex
import shutil
import subprocess

from tap import Skip
from world import SOURCE

CACHE = os.path.join(os.environ.get("ROLLCALL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "rollcall"), "clients")
ROOT = os.path.join(CACHE, "debian")
MODULES = os.path.join(CACHE, "npm", "node_modules")
MACHINE = os.uname().machine + "-linux-gnu"
LIBRARIES = f"usr/lib/{MACHINE}"
SEARCHED = [LIBRARIES, f"lib/{MACHINE}", f"usr/lib/{MACHINE}/sssd", "usr/lib/postfix"]


def missing(kind, what):
    """Raises Skip; with the reason ./dev clients kept, where it tried and failed."""
    try:
        with open(os.path.join(CACHE, kind + ".why"), encoding="utf-8") as stream:
            raise Skip(f"{what} could not be had: {stream.read().strip()}")
    except FileNotFoundError:
        raise Skip(f"{what} is not there: run ./dev clients") from None


def program(path):
    """A file of the unpacked packages, by its path where it would be installed."""
    full = os.path.join(ROOT, path)
    if not os.path.exists(full):
        missing("debian", os.path.basename(path))
    return full


def installed(name, package):
    """A program of the machine; Skip where the package is not installed."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise Skip(f"{package} is not installed")
    return found


def node(script, *words):
    """The command that runs a script of tests/clients/; a dict is given as JSON."""
    for module in ("ldapts", "scimmy"):
        if not os.path.isdir(os.path.join(MODULES, module)):
            missing("npm", module)
    return [installed("node", "nodejs"), os.path.join(SOURCE, "tests/clients", script),
            *(json.dumps(word) if isinstance(word, dict) else word for word in words)]


def environment(world, **more):
    """An environment in which unpacked programs find their libraries, node its modules."""
    return dict(world.environment, NODE_PATH=MODULES, LD_LIBRARY_PATH=":".join(
        os.path.join(ROOT, part) for part in SEARCHED), **more)


def confined(command, etc, folders=()):
    """The command in a mount namespace of its own, as root there, where the unpacked packages
    look installed, the files of the folder `etc` lie in /etc, and /run, /var/lib and /var/log
    are empty but for `folders`. The machine's own files are neither seen changed nor changed."""
    program("usr")
    lines = ["set -e",
             f"mount -t overlay overlay -o lowerdir={ROOT}/usr:/usr /usr",
             f"mount -t overlay overlay -o lowerdir={ROOT}/lib:/usr/lib /usr/lib",
             f"mount -t overlay overlay -o lowerdir={etc}:/etc /etc"]
    lines += [f"mount -t tmpfs tmpfs {folder}" for folder in ("/run", "/var/lib", "/var/log")]
    lines += [f"mkdir -p {folder}" for folder in folders]
    lines.append("exec " + " ".join(map(shlex.quote, command)))
    return namespace() + ["/bin/sh", "-c", "\n".join(lines)]


def namespace():
    """unshare, with what this user needs for it; Skip where overlays cannot be mounted."""
    words = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = subprocess.run(
        [*words, "mount", "-t", "overlay", "overlay", "-o", f"lowerdir={ROOT}/usr:/usr", "/usr"],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skip("no mount namespace with an overlay here: " + done.stderr.strip())
    return words


def as_root(command):
    """The command as root, or as what looks so to it: for programs that want root's files."""
    return command if os.geteuid() == 0 else ["unshare", "-r", *command]


def beside(process, *command):
    """The command in the namespace of a confined process."""
    own = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
    return ["nsenter", "-t", str(process.pid), "-m", *own, *command]
