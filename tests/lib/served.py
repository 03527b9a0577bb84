"""All that a house serves, byte by byte: the rows of the views, the whole LDAP tree, every SCIM
resource. Two of them are equal only when no reader could tell the difference.

    served = Served(world, house)       # slapd (where it can be had) and rollcall-scimd
    before = served.look()
"""
import http.client
import json
import sqlite3
import time

import slapd
from tap import Skip
from world import free_port, program, wait_until

TABLES = ("view", "v_setting", "v_person", "v_shown", "v_group", "v_group_shown", "v_member",
          "v_tombstone")


def rows(house):
    """What the views' tables hold, in the order of their keys."""
    with sqlite3.connect(f"file:{house.database}?mode=ro", uri=True) as database:
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


class Served:
    def __init__(self, world, house):
        """Of a house whose daemon runs. It must be configured with `listen`."""
        self.world = world
        self.house = house
        self.token = house.ask("client", "add", "looker", "--scim")["secret"]
        name = "looker" if house.name == "house" else house.name + "-looker"
        self.scimd = world.start([program("rollcall-scimd"), "-c", house.conf], name + "-scimd")
        self.scimd.wait_log("info start ")
        self.connection = http.client.HTTPConnection("127.0.0.1", house.scim_port, timeout=30)
        try:
            self.slapd = slapd.Slapd(world, name + "-slapd", slapd.global_part() +
                                     slapd.database_part(house.database, suffix=house.suffix))
            self.slapd.start()
            self.ldap = self.slapd.root(house.suffix)
        except Skip:
            self.slapd = self.ldap = None

    def stamps(self):
        return dict(self.house.query("SELECT name, stamp FROM view"))

    def get(self, path):
        self.connection.request("GET", "/scim/v2" + path,
                                headers={"Authorization": "Bearer " + self.token})
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {body[:300]!r}")
        return response.headers, json.loads(body)

    def scim(self):
        found = []
        for kind in ("Users", "Groups"):
            start, total = 1, 1
            while start <= total:
                page = self.get(f"/{kind}?startIndex={start}&count=1000")[1]
                total = page["totalResults"]
                start += max(1, len(page["Resources"]))
                found += page["Resources"]
        return sorted(json.dumps(resource, sort_keys=True) for resource in found)

    def tree(self):
        if self.ldap is None:
            return None
        return sorted((dn, sorted((name, tuple(values)) for name, values in entry.items()))
                      for dn, entry in self.ldap.search_s(
                          self.house.suffix, slapd.ldap.SCOPE_SUBTREE, "(objectClass=*)",
                          ["*", "+"]))

    def follows(self, stamps):
        """Whether both readers have seen the last stamp of their view."""
        scim = self.get("/Users?count=0")[0]["Rollcall-Stamp"]
        if instant(stamps["scim"], "%Y-%m-%dT%H:%M:%S") not in scim:
            return False
        if self.ldap is None:
            return True
        entry = slapd.entry(self.ldap, self.house.suffix, ["contextCSN"]) or {}
        return any(csn.decode().startswith(instant(stamps["ldap"], "%Y%m%d%H%M%S"))
                   for csn in entry.get("contextCSN", []))

    def look(self):
        wait_until(lambda: self.follows(self.stamps()), "the readers follow")
        return {"rows": rows(self.house), "ldap": self.tree(), "scim": self.scim()}


# When something came or changed, which a directory that is made anew cannot repeat.
STAMPS = ("createTimestamp", "modifyTimestamp", "entryCSN", "contextCSN")


def lasting(look):
    """What of a look must be the same in a directory that was made anew of the same state."""
    tree = look["ldap"] and [(dn, [(name, values) for name, values in attributes
                                   if name not in STAMPS]) for dn, attributes in look["ldap"]]
    found = []
    for text in look["scim"]:
        resource = json.loads(text)
        for name in ("created", "lastModified"):
            resource["meta"].pop(name, None)
        found.append(json.dumps(resource, sort_keys=True))
    return {"ldap": tree, "scim": sorted(found)}


def instant(stamp, form):
    return time.strftime(form, time.gmtime(stamp // 1000000)) + f".{stamp % 1000000:06}Z"


def difference(one, other):
    """The first few things that are not in both, for a message."""
    found = []
    for part in one:
        if one[part] == other[part]:
            continue
        a, b = map(repr_all, (flat(one[part]), flat(other[part])))
        found += [f"{part} - {text[:400]}" for text in sorted(a - b)[:3]]
        found += [f"{part} + {text[:400]}" for text in sorted(b - a)[:3]]
    return "\n".join(found)


def repr_all(things):
    return {repr(thing) for thing in things}


def flat(part):
    if isinstance(part, dict):
        return [(name, row) for name, list_ in part.items() for row in list_]
    return part or []
