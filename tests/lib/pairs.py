"""Pairs of directories that differ only in people who were never served (rulings F19).

    one, other = pairs.houses(world, "with", "without")
"""
import sqlite3

from house import House

HEADER = ("employee_number,first_name,last_name,work_email,start_date,employment_type,"
          "department,team,manager,job_title,work_location")
SHOWN = [f"{n},First{n},Last{n},person{n}@example.com,2020-01-15,FULL_TIME,Dept {n % 3},"
         f"Team {n % 5},{max(1, n // 2) if n > 1 else ''},Title {n % 7},Paris"
         for n in range(1, 41)]
# Never served: filtered by type; not released yet. They are managers and members, too. The first
# of the file is one of them, in groups that others are in as well.
NEVER = ["901,Sec,Ret,secret@example.com,2020-01-15,INTERN,Dept 1,Hidden team,1,Spy,Lyon",
         "902,Un,Released,joiner@example.com,2199-01-15,FULL_TIME,Dept 2,Team 1,2,Title 3,Paris",
         "903,Ghost,Writer,ghost@example.com,2020-01-15,INTERN,Dept 0,Team 2,901,Title 1,Paris",
         "904,Ear,Ly,early@example.com,2020-01-15,INTERN,Dept 2,Team 4,903,Title 6,Paris"]
MIXED = NEVER[3:] + SHOWN[:7] + NEVER[:1] + SHOWN[7:20] + NEVER[1:3] + SHOWN[20:]
# Names of theirs, and one that nobody has.
GONE = ("secret", "joiner", "ghost", "early", "nobody.at.all")
SOURCE = ("[source]\nprovider = csv\n[fields]\n[exclude]\nemployment_type = INTERN\n"
          "[lifecycle]\nrelease = manual\n[safeguards]\nremovals = 20\n")


class Pair:
    """Makes houses alike: with one namespace and one key for cursors, everybody has the same
    UUID in both."""

    def __init__(self, world, main="", source=SOURCE):
        self.world = world
        self.main = main
        self.source = source
        self.shared = {}

    def same(self, database, name):
        value = database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        database.execute("UPDATE meta SET value = ? WHERE name = ?",
                         (self.shared.setdefault(name, value[0]), name))

    def house(self, name, people, main=""):
        """A house whose daemon runs, with these lines of a file brought in one run."""
        house = House(self.world, name=name, main=self.main + main)
        self.world.write(f"{name}/conf/sources.d/hr.conf", self.source)
        house.start()
        house.stop()
        with sqlite3.connect(house.database) as database:
            self.same(database, "namespace")
        house.start()
        house.rollcall("source", "approve", "hr")
        self.bring(house, people)
        return house

    def bring(self, house, people):
        house.rollcall("import", self.world.write(house.name + ".csv",
                                                  "\n".join([HEADER, *people]) + "\n"))
