"""A change of one person, for what measures how soon it shows."""


def retitle(database, person, title):
    """What publishing one changed value writes."""
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE v_person SET job_title = ? WHERE id = ?", (title, person))
    database.execute("UPDATE view SET revision = revision + 1, stamp = stamp + 1")
    database.execute(
        "UPDATE v_shown SET revision = (SELECT revision FROM view WHERE id = v_shown.view),"
        " modified = (SELECT stamp FROM view WHERE id = v_shown.view)"
        " WHERE person = ? AND view IN (SELECT id FROM view)",
        (person,))
    for name in ("revision", "stamp"):
        database.execute(f"UPDATE meta SET value = (SELECT max({name}) FROM view)"
                         " WHERE name = ?", (name,))
    database.execute("COMMIT")
