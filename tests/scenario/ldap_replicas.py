"""Stock replicas follow: slapd's syncprov over the module feeds back-mdb servers, through
changes, hidings, new names and a slapd that is configured meanwhile, and what they hold is what
is served."""
import os
import sys
import threading

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from replicas import (ACCESS, CONSUMER, Followed, content, csn,     # noqa: E402
                      first_difference, wait_same)
from tap import check, equal, holds, main, test     # noqa: E402
from world import World, wait_until                 # noqa: E402
import slapd                                        # noqa: E402
from slapd import ROOT, SUFFIX, ldap                # noqa: E402

PEOPLE = 400
CONFIG = 'database config\nrootdn "cn=config"\nrootpw config\n'
world = World()
state = []


def prepare():
    if not state:
        state.append(Followed(world, PEOPLE, more=CONFIG))
        state[0].near.start()
        state[0].far.start()
    return state[0]


@test("two replicas take everything over, and no client of the server's")
def first():
    here = prepare()
    here.everywhere("at first")
    equal(slapd.names(here.near.root(), "(cn=replica)"), [], "the consumer's own account")


@test("changes, hidings and returns, memberships and new names arrive")
def changes():
    here = prepare()
    here.change("set 20 job_title Pilot , manager 21 20 , join 22 2 , leave 23 1")
    here.everywhere("a few changes")
    before = csn(here.ldap)
    here.change("hide 1")
    wait_until(lambda: csn(here.ldap) > before, "contextCSN advances with a hiding")
    here.everywhere("a hiding")
    here.change("show 1")
    here.everywhere("a return")
    here.change("rename 1 Everyone")
    here.everywhere("a new name")
    here.change("random 100 7 , hide 30 , hide 31 , rename 1 Everybody")
    here.everywhere("many changes")
    for i in range(15):
        here.change(f"hide {40 + i} , set {60 + i} job_title T{i} , rename 2 Group-{i}")
    here.everywhere("a series of changes")


@test("names and addresses that are exchanged in one revision arrive exchanged")
def exchanged():
    here = prepare()
    one, two = (here.person(n) for n in (20, 21))
    mails = [slapd.entry(here.ldap, dn, ["mail"])["mail"][0].decode() for _, dn in (one, two)]
    here.change("rename 3 Left , rename 4 Right")
    wait_until(lambda: slapd.names(here.ldap, "(|(cn=Left)(cn=Right))")[1:], "two names")
    uuids = [here.uuid(f"cn={name},ou=groups,{SUFFIX}") for name in ("Left", "Right")]
    here.everywhere("before")
    here.change(f"rename 3 Right , rename 4 Left , set {one[0]} work_email {mails[1]} , "
                f"set {two[0]} work_email {mails[0]}")
    here.everywhere("after")
    connection = here.far.root()
    equal([slapd.entry(connection, f"cn={name},ou=groups,{SUFFIX}", ["entryUUID"])["entryUUID"]
           for name in ("Right", "Left")], [[uuid.encode()] for uuid in uuids], "groups")
    equal([slapd.names(connection, f"(mail={mail})") for mail in mails], [[two[1]], [one[1]]])
    # A name that becomes free is taken, by one who comes and by one who has another.
    here.change(f"rename 3 Taken , rename 4 Right , hide {one[0]} , "
                f"set {two[0]} work_email {mails[0]}")
    here.everywhere("names taken over")


@test("nobody but syncprov sees the log of deletions")
def log_is_hidden():
    here = prepare()
    for who, password in ((CONSUMER, "s3cret"), (ROOT, "admin")):
        connection = here.server.connect(who, password)
        for scope in (ldap.SCOPE_BASE, ldap.SCOPE_SUBTREE):
            answers = []
            for name in ("cn=deletions,", "cn=nothing,"):
                try:
                    connection.search_s(name + SUFFIX, scope)
                    answers.append("found")
                except ldap.LDAPError as error:
                    answers.append((type(error).__name__, error.args[0].get("matched")))
            equal(answers[0], answers[1], f"{who}")


@test("slapd is configured through cn=config while replicas are told")
def configured():
    here = prepare()
    config = here.server.connect("cn=config", "config")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         "(objectClass=olcRollcallConfig)")[0][0]
    stop = threading.Event()

    def churn():
        number = 0
        while not stop.is_set():
            here.change(f"random 200 {number} , rename 5 Round-{number}")
            number += 1

    thread = threading.Thread(target=churn)
    thread.start()
    for i in range(60):
        config.modify_s("cn=config", [(ldap.MOD_REPLACE, "olcIdleTimeout", [b"%d" % (900 + i)])])
        config.modify_s(dn, [(ldap.MOD_REPLACE, "olcSizeLimit", [b"%d" % (9000 + i)])])
    stop.set()
    thread.join()
    here.everywhere("in the end")
    for name, value in (("olcRollcallView", b"scim"), ("olcRollcallDatabase", b"/nowhere")):
        try:
            config.modify_s(dn, [(ldap.MOD_REPLACE, name, [value])])
            check(False, f"{name} was taken")
        except ldap.LDAPError as error:
            holds(str(error.args[0].get("info")), "while replicas follow")
    here.change("hide 90 , random 20 5")
    here.everywhere("after what was refused")


@test("syncprov is put on a database that serves, and taken away")
def overlay():
    here = prepare()
    world.write("bare.conf", slapd.global_part(
        extra="moduleload accesslog\nmoduleload syncprov\nserverID 2\n") + CONFIG +
        slapd.database_part(here.path, ACCESS))
    folder = world.path("bare.d")
    os.makedirs(folder)
    world.run(["/usr/sbin/slaptest", "-f", world.path("bare.conf"), "-F", folder])
    server = slapd.Slapd(world, "bare", None, folder).start()
    here.change("hide 91 , random 20 6")
    config = server.connect("cn=config", "config")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         "(objectClass=olcRollcallConfig)")[0][0]
    # Without a log of deletions: slapd 2.5.13 frees that name before it uses it.
    config.add_s("olcOverlay=syncprov," + dn, [
        ("objectClass", [b"olcOverlayConfig", b"olcSyncProvConfig"]),
        ("olcOverlay", [b"syncprov"])])
    here.change("random 20 7")
    late = here.replica("late", server.port, 7).start()
    wait_same(server, late, "a first copy")
    here.change("hide 92 , random 20 8 , rename 6 Late")
    wait_same(server, late, "a change")
    overlay = config.search_s(dn, ldap.SCOPE_ONELEVEL)[0][0]
    config.delete_s(overlay)
    here.change("show 92 , random 20 9")
    wait_until(lambda: csn(server.root()) != csn(late.root()), "the replica is left behind")
    config.modify_s(dn, [(ldap.MOD_REPLACE, "olcRollcallView", [b"scim"])])
    late.stop()
    server.stop()


@test("a replica of a replica follows too")
def cascade():
    here = prepare()
    middle = here.replica("middle", here.server.port, 3, "overlay syncprov\n",
                          modules="moduleload syncprov\n").start()
    wait_same(here.server, middle, "the middle")
    leaf = here.replica("leaf", middle.port, 4, who=ROOT, secret="admin").start()
    wait_same(here.server, leaf, "the leaf")
    here.change("hide 190 , random 20 40 , rename 4 Down")
    wait_same(here.server, leaf, "a change down to the leaf")
    here.change("show 190")
    wait_same(here.server, leaf, "a return")
    leaf.stop()
    middle.stop()


@test("the name of the organisation reaches replicas")
def organisation():
    here = prepare()
    here.change("setting organization Renamed")
    wait_until(lambda: slapd.entry(here.ldap, SUFFIX, ["o"])["o"] == [b"Renamed"], "here")
    here.everywhere("there")


@test("what is compared can differ")
def sound():
    here = prepare()
    everything = content(here.ldap)
    dn = here.person(3)[1]
    other = dict(everything)
    other[dn] = {**everything[dn], "memberOf": []}
    for broken in (other, {k: v for k, v in everything.items() if k != dn}):
        holds(str(first_difference(everything, broken)), dn)
    check("memberOf" in everything[dn] and "entryCSN" in everything[dn], "what is compared")


main()
