-- The first form of the database. Columns for the fields of schema/fields.def are added to
-- `employee` and `v_person` when the database is opened, so that a new field needs no
-- migration. Each table says of which kind it is (design in HACKING.md, "Tables"):
-- records, decisions, state, views, access, history.

-- state: name and value of what there is one of: epoch, namespace, revision, stamp, instant
CREATE TABLE meta (
	name		TEXT PRIMARY KEY,
	value		ANY
) STRICT, WITHOUT ROWID;

-- state: the HR systems, by the name of their file
CREATE TABLE source (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL UNIQUE,
	integration	TEXT NOT NULL,
	approved	INTEGER NOT NULL DEFAULT 0,	-- instant, 0: not approved
	enabled		INTEGER NOT NULL DEFAULT 1,
	watermark	INTEGER NOT NULL DEFAULT 0,	-- instant of Kombo's clock
	full_at		INTEGER NOT NULL DEFAULT 0,	-- last complete fetch that was accepted
	full_wanted	INTEGER NOT NULL DEFAULT 0,	-- the next fetch must be complete
	tried_at	INTEGER NOT NULL DEFAULT 0,
	succeeded_at	INTEGER NOT NULL DEFAULT 0,
	upstream_at	INTEGER NOT NULL DEFAULT 0,	-- newest change Kombo saw in the HR system
	error		TEXT NOT NULL DEFAULT '',	-- name of the last run's error, '' when it went well
	error_text	TEXT NOT NULL DEFAULT '',
	tool		TEXT NOT NULL DEFAULT ''	-- the HR system, as Kombo calls it
) STRICT;

-- state: every employee record ever heard of. Of an excluded one this row is all that is kept.
CREATE TABLE record (
	id		INTEGER PRIMARY KEY,
	source		INTEGER NOT NULL,
	kombo		TEXT NOT NULL,
	remote		TEXT,				-- NULL for an excluded record
	person		INTEGER,			-- whose record it is
	reasons		TEXT				-- codes why it is excluded, blank between them
) STRICT;
CREATE UNIQUE INDEX record_kombo ON record (source, kombo);
CREATE INDEX record_remote ON record (source, remote) WHERE remote IS NOT NULL;
CREATE INDEX record_person ON record (person) WHERE person IS NOT NULL;

-- records: what the HR system says of an employee, permitted fields only
CREATE TABLE employee (
	id		INTEGER PRIMARY KEY,		-- record.id
	hash		INTEGER NOT NULL,		-- of everything below, to see a change
	gone		INTEGER NOT NULL DEFAULT 0,	-- deleted upstream or absent from a complete fetch
	employments	TEXT				-- rules/employment.h
) STRICT;

-- records: legal entities (E), work locations (L) and groups (G)
CREATE TABLE unit (
	id		INTEGER PRIMARY KEY,
	source		INTEGER NOT NULL,
	model		TEXT NOT NULL,
	kombo		TEXT NOT NULL,
	remote		TEXT,
	name		TEXT,
	type		TEXT,				-- of a group
	place		TEXT,				-- base/place.h, without the name
	gone		INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX unit_kombo ON unit (source, model, kombo);

-- state: who people are, for life
CREATE TABLE person (
	id		INTEGER PRIMARY KEY,
	uuid		BLOB NOT NULL,
	uid		TEXT NOT NULL,
	owner		INTEGER,			-- record that gives the values
	status		INTEGER NOT NULL,		-- enum person_status
	flags		INTEGER NOT NULL DEFAULT 0,	-- enum person_flags
	mail		TEXT,				-- settled work e-mail
	wanted_mail	TEXT,				-- an address somebody else holds
	due		INTEGER,			-- instant at which a date may change something
	departed_on	INTEGER,			-- day numbers (base/day.h)
	excluded_on	INTEGER,
	gone_on		INTEGER,
	inactive_on	INTEGER				-- day INACTIVE was first seen without an end date
) STRICT;
CREATE UNIQUE INDEX person_uid ON person (uid);
CREATE INDEX person_mail ON person (mail) WHERE mail IS NOT NULL;
CREATE INDEX person_wanted ON person (wanted_mail) WHERE wanted_mail IS NOT NULL;
CREATE INDEX person_due ON person (due) WHERE due IS NOT NULL;

-- state and decisions: values that do not simply follow the HR system (semantics 3.2)
CREATE TABLE value (
	person		INTEGER NOT NULL,
	field		TEXT NOT NULL,
	state		TEXT NOT NULL,			-- rules/modes.h
	value		TEXT,
	PRIMARY KEY (person, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX value_pending ON value (person) WHERE state IN ('W', 'O');

-- decisions: hide, ignore-onboarding, release
CREATE TABLE decision (
	person		INTEGER NOT NULL,
	kind		TEXT NOT NULL,
	reason		TEXT,
	actor		TEXT NOT NULL,
	made_at		INTEGER NOT NULL,
	PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;

-- state: groups that were served, with the name they keep
CREATE TABLE grp (
	id		INTEGER PRIMARY KEY,		-- unit.id
	uuid		BLOB NOT NULL,
	base		TEXT NOT NULL,			-- the name cn was made of
	cn		TEXT NOT NULL,
	folded		TEXT NOT NULL UNIQUE		-- cn as LDAP compares it
) STRICT;

-- views: populations; an id is never given twice, so that no reader takes one for another
CREATE TABLE view (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	name		TEXT NOT NULL UNIQUE,
	revision	INTEGER NOT NULL DEFAULT 0,	-- last revision that changed it
	stamp		INTEGER NOT NULL DEFAULT 0	-- last stamp given in it
) STRICT;

-- views: what readers must know of the configuration in force (sync/settings.c lists them)
CREATE TABLE v_setting (
	name		TEXT PRIMARY KEY,
	value		TEXT
) STRICT, WITHOUT ROWID;

-- views: what is served of a person in any view
CREATE TABLE v_person (
	id		INTEGER PRIMARY KEY,		-- person.id
	uuid		BLOB NOT NULL,
	uid		TEXT NOT NULL,
	status		INTEGER NOT NULL,
	active		INTEGER NOT NULL,
	source		TEXT NOT NULL,			-- name of the owner's source
	hash		INTEGER NOT NULL		-- of all of it
) STRICT;

-- views: who is in which view, and the version of the entry there
CREATE TABLE v_shown (
	view		INTEGER NOT NULL,
	person		INTEGER NOT NULL,
	manager		INTEGER,			-- v_person.id, where this view shows the manager
	version		INTEGER NOT NULL,		-- hash of what this view shows
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_shown_revision ON v_shown (view, revision);

-- views: groups that have a member in some view
CREATE TABLE v_group (
	id		INTEGER PRIMARY KEY,		-- grp.id
	uuid		BLOB NOT NULL,
	cn		TEXT NOT NULL,
	type		TEXT NOT NULL,
	source		TEXT NOT NULL
) STRICT;
CREATE TABLE v_group_shown (
	view		INTEGER NOT NULL,
	grp		INTEGER NOT NULL,
	members		INTEGER NOT NULL,
	member_hash	INTEGER NOT NULL,		-- sum of hashes of the members' ids
	version		INTEGER NOT NULL,
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, grp)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_group_shown_revision ON v_group_shown (view, revision);

-- views: memberships of served people who are not departed, in served groups
CREATE TABLE v_member (
	person		INTEGER NOT NULL,
	grp		INTEGER NOT NULL,
	PRIMARY KEY (person, grp)
) STRICT, WITHOUT ROWID;

-- views: what was once served in a view and is no more, by id and time only
CREATE TABLE v_tombstone (
	view		INTEGER NOT NULL,
	uuid		BLOB NOT NULL,
	kind		TEXT NOT NULL,			-- P person, G group
	stamp		INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, uuid)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_tombstone_revision ON v_tombstone (view, revision);

-- access: clients of LDAP and SCIM
CREATE TABLE client (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,
	protocol	TEXT NOT NULL,			-- ldap, scim
	view		TEXT NOT NULL,
	rights		TEXT NOT NULL,			-- read, edit, local
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	expires		INTEGER,
	uuid		BLOB NOT NULL,
	secret		TEXT NOT NULL,			-- hash: {SSHA}… for ldap, hex SHA-256 for scim
	old_secret	TEXT,				-- still good while a rotation is under way
	old_expires	INTEGER
) STRICT;
CREATE UNIQUE INDEX client_name ON client (protocol, name);

-- history: runs of sources, reloads, decisions, ticks
CREATE TABLE run (
	id		INTEGER PRIMARY KEY,
	kind		TEXT NOT NULL,			-- pull, reload, decision, clock
	source		TEXT,
	complete	INTEGER NOT NULL DEFAULT 0,
	actor		TEXT NOT NULL,
	started		INTEGER NOT NULL,
	ended		INTEGER,
	outcome		TEXT,				-- done, unchanged, failed
	error		TEXT,
	revision	INTEGER,
	counts		TEXT				-- JSON: seen, changed, entered, left …
) STRICT;
CREATE INDEX run_source ON run (source, id);

-- history: records a run could not read, kept until the next run of that source
CREATE TABLE run_problem (
	source		INTEGER NOT NULL,
	model		TEXT NOT NULL,
	kombo		TEXT NOT NULL,
	code		TEXT NOT NULL,
	detail		TEXT NOT NULL,
	PRIMARY KEY (source, model, kombo, code)
) STRICT, WITHOUT ROWID;

-- history: the configuration in force, without secrets
CREATE TABLE accepted_conf (
	id		INTEGER PRIMARY KEY CHECK (id = 1),
	accepted	INTEGER NOT NULL,
	digest		BLOB NOT NULL,
	text		TEXT NOT NULL
) STRICT;
