#!/usr/bin/python3
"""The whole system on loopback in a temporary folder: two HR systems behind a stand-in for Kombo,
rollcalld, slapd with the module, rollcall-scimd.

usage: demo.py [--once]

Without --once it stays until Ctrl-C, while the HR systems go on hiring and letting go. With it, both
ends are asked, somebody is hidden and must be gone from both; the exit status says whether it was so.
"""
import json
import os
import re
import shlex
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox                                  # noqa: E402
from house import House                                     # noqa: E402
from slapd import SUFFIX, Slapd, database_part, global_part  # noqa: E402
from world import World, free_port, program, wait_until     # noqa: E402

ACCESS = """access to dn.subtree="ou=services,dc=example,dc=com" attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=services,dc=example,dc=com" by * none
access to * by dn.children="ou=services,dc=example,dc=com" read by * none
"""


class Failed(Exception):
    """Something is not as it should be."""


def say(text=""):
    print(text, flush=True)


def title(text):
    say(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}")


class Demo:
    def __init__(self, once):
        self.once = once
        self.world = World()
        options = ["--today", time.strftime("%Y-%m-%d")]
        if not once:
            options += ["--churn", "5"]
        self.sandbox = Sandbox(self.world, "id=personio:acme,people=150,seed=11,name=ACME Group,"
                               "countries=DE:BE:PL:SE:CZ", "id=lucca:acme,people=100,seed=12,"
                               "name=ACME France,countries=FR:ES:PT:VN:GR", options=options)
        self.scim_port = free_port()
        self.house = House(self.world, SUFFIX)
        self.house.write_main(f"[sync]\ninterval = 1m\n[scim]\nlisten = 127.0.0.1:{self.scim_port}\n")
        self.house.source("de", self.sandbox, "personio:acme",
                          fields="job_title = import-once")
        self.house.source("fr", self.sandbox, "lucca:acme",
                          body=f"[exclude]\nlegal_entity = {self.smallest_entity()}\n")

    def smallest_entity(self):
        """The legal entity of ACME France with the fewest people: it is kept out."""
        people = self.sandbox.all("/hris/employees", "lucca:acme")
        names = [p["legal_entity"]["name"] for p in people if p["legal_entity"]]
        return min(sorted(set(names)), key=names.count)

    # ---- starting ---------------------------------------------------------------------------------

    def start(self):
        title("Two HR systems behind Kombo, and a configuration for them")
        say(open(f"{self.house.conf}/sources.d/fr.conf", encoding="utf-8").read().strip())
        say("\n$ rollcall check-config\n" + self.house.rollcall("check-config").strip())
        self.house.start()
        title("A first preview: who would be Included, who Excluded, and why. Nothing is stored yet")
        text = self.house.rollcall("preview", "fr").splitlines()
        included = [line for line in text if line.startswith("Included")]
        excluded = [line for line in text if line.startswith("Excluded")]
        by_reason = {line.split("  ")[-1]: line for line in reversed(excluded)}
        for line in included[:4] + sorted(by_reason.values())[:4] + text[-1:]:
            say(re.sub(r"  +", "  ", line).strip())

    def approve(self):
        title("Approved: the first runs")
        for name in ("de", "fr"):
            say(f"$ rollcall source approve {name}")
            say(self.house.rollcall("source", "approve", name).splitlines()[0])
        say("\n" + self.house.rollcall("status").strip())

    def serve(self):
        title("The same directory, twice: LDAP from slapd, SCIM over HTTP")
        self.password = self.house.ask("client", "add", "demo", "--ldap")["secret"]
        self.token = self.house.ask("client", "add", "demo", "--scim")["secret"]
        self.slapd = Slapd(self.world, "slapd", global_part() +
                           database_part(self.house.database, ACCESS)).start()
        process = self.world.start([program("rollcall-scimd"), "-c", self.house.conf], "scimd")
        process.wait_port(self.scim_port)
        wait_until(lambda: self.scim("/Users?count=0", status=None), "SCIM answers")

    # ---- asking -------------------------------------------------------------------------------------

    def ldap_command(self, *words):
        return ["ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x", "-H", self.slapd.uri, "-D",
                f"cn=demo,ou=services,{SUFFIX}", "-w", self.password, "-b", SUFFIX, *words]

    def ldap(self, *words):
        return self.world.run(self.ldap_command(*words))

    def scim_url(self, path):
        return f"http://127.0.0.1:{self.scim_port}/scim/v2{path}"

    def scim(self, path, status=200):
        request = urllib.request.Request(self.scim_url(path),
                                         headers={"Authorization": f"Bearer {self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if status is None:
                return None
            raise Failed(f"SCIM {path}: {error.code} {error.read()!r}") from None

    def ldap_dns(self, text):
        return [line for line in self.ldap(text, "1.1").splitlines() if line.startswith("dn:")]

    def scim_users(self, text):
        return self.scim("/Users?filter=" + urllib.parse.quote(text))["totalResults"]

    def hints(self):
        title("Try it")
        quoted = " ".join(shlex.quote(word) for word in self.ldap_command("(sn=M*)", "cn", "mail",
                                                                          "manager", "memberOf"))
        say(f"  {quoted}")
        say(f"  curl -s -H 'Authorization: Bearer {self.token}' "
            f"'{self.scim_url('/Users?count=3')}' | python3 -m json.tool")
        base = " ".join(shlex.quote(word) for word in self.house.command())
        for words in ("status", "list", "why " + self.who(), "hide " + self.who(),
                      "list --hidden", "sync --full"):
            say(f"  {base} {words}")

    def who(self):
        """A manager whom others refer to."""
        return self.house.query("SELECT m.uid FROM v_shown s JOIN v_person m ON m.id = s.manager"
                                " WHERE s.view = 1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")[0][0]

    def expect(self, what, got, wanted):
        good = got == wanted
        say(f"  {'ok ' if good else 'NO '} {what}: {got}" + ("" if good else f", wanted {wanted}"))
        if not good:
            raise Failed(what)

    def check(self):
        uid = self.who()
        title(f"Both ends about {uid}")
        say(self.ldap(f"(uid={uid})", "cn", "mail", "title", "memberOf", "entryUUID").strip())
        user = self.scim("/Users?filter=" + urllib.parse.quote(
            f'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User:uid eq "{uid}"'))["Resources"][0]
        say(json.dumps({k: user[k] for k in ("id", "userName", "displayName", "active", "meta")},
                       ensure_ascii=False, indent=1))
        dn = f"uid={uid},ou=people,{SUFFIX}"
        questions = [(f"uid={uid}", lambda: len(self.ldap_dns(f"(uid={uid})"))),
                     (f"manager={uid}", lambda: len(self.ldap_dns(f"(manager={dn})"))),
                     (f"member={uid}", lambda: len(self.ldap_dns(f"(member={dn})"))),
                     (f"SCIM id {user['id'][:8]}…", lambda: self.scim_users(f"id eq \"{user['id']}\"")),
                     ("SCIM manager", lambda: self.scim_users(
                         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "
                         f"\"{user['id']}\""))]
        self.expect("the ids agree", f"entryUUID: {user['id']}" in self.ldap(f"(uid={uid})", "entryUUID"),
                    True)
        before = [ask() for _, ask in questions]
        for (what, _), count in zip(questions, before):
            self.expect(f"{what} is found", count > 0, True)
        title(f"$ rollcall hide {uid}")
        say(self.house.rollcall("hide", uid, "--reason", "demo").strip())
        wait_until(lambda: not self.ldap_dns(f"(uid={uid})"), "gone from LDAP", 5)
        wait_until(lambda: not self.scim_users(f"id eq \"{user['id']}\""), "gone from SCIM", 5)
        for what, ask in questions:
            self.expect(f"{what}: found after hide", ask(), 0)
        title(f"$ rollcall unhide {uid}")
        say(self.house.rollcall("unhide", uid).strip())
        wait_until(lambda: [ask() for _, ask in questions] == before, "all of it is back", 5)
        self.expect("everything is back", [ask() for _, ask in questions], before)

    def stay(self):
        title("The HR systems go on hiring and letting go. Ctrl-C ends the demo")
        revision = 0
        while True:
            self.house.rollcall("sync", status=None)
            now = self.house.revision()
            if now != revision:
                people = self.house.query("SELECT count(*) FROM v_shown WHERE view = 1")[0][0]
                say(f"{time.strftime('%H:%M:%S')}  revision {now}, {people} people in LDAP")
                revision = now
            time.sleep(5)


def main():
    once = "--once" in sys.argv[1:]
    demo = Demo(once)
    try:
        demo.start()
        demo.approve()
        demo.serve()
        if once:
            demo.check()
            title("All of it is so.")
            return 0
        demo.hints()
        demo.stay()
    except KeyboardInterrupt:
        say("\nthe demo ends; its folder is removed")
    except Failed as failed:
        say(f"\nNOT so: {failed}")
        return 1
    finally:
        demo.world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
