-- The second form: safeguards and what they hold back (rulings F1 to F4). Columns for the
-- fields of schema/fields.def are added to `incoming_employee` when the database is opened.

-- records: a held run's fetch, until its plan passes or a newer run takes its place
CREATE TABLE incoming (
	source		INTEGER PRIMARY KEY,
	run		INTEGER NOT NULL,		-- run.id
	complete	INTEGER NOT NULL,
	healthy		INTEGER NOT NULL,
	whole		INTEGER NOT NULL,		-- bits: absence believed of E, L, G
	started		INTEGER NOT NULL,		-- instant of Kombo's clock
	upstream_at	INTEGER NOT NULL,
	tool		TEXT,
	seen		INTEGER NOT NULL,
	live		INTEGER NOT NULL,		-- records that are not deleted
	refused		INTEGER NOT NULL,
	requests	INTEGER NOT NULL
) STRICT;

-- records: its employees that differ from the accepted ones; never those of an excluded record
CREATE TABLE incoming_employee (
	source		INTEGER NOT NULL,
	kombo		TEXT NOT NULL,
	record		INTEGER NOT NULL,		-- record.id, 0 for a new one
	remote		TEXT,
	gone		INTEGER NOT NULL,
	invalid		INTEGER NOT NULL,		-- bits of fields that could not be read
	hash		INTEGER NOT NULL,
	employments	TEXT
) STRICT;
CREATE UNIQUE INDEX incoming_employee_kombo ON incoming_employee (source, kombo);

-- records: its units
CREATE TABLE incoming_unit (
	source		INTEGER NOT NULL,
	model		TEXT NOT NULL,
	kombo		TEXT NOT NULL,
	remote		TEXT,
	name		TEXT,
	type		TEXT,
	place		TEXT,
	gone		INTEGER NOT NULL,
	PRIMARY KEY (source, model, kombo)
) STRICT, WITHOUT ROWID;

-- records: accepted records that it did not bring
CREATE TABLE incoming_absent (
	source		INTEGER NOT NULL,
	record		INTEGER NOT NULL,
	PRIMARY KEY (source, record)
) STRICT, WITHOUT ROWID;

-- history: plans that tripped a safeguard
CREATE TABLE plan (
	id		TEXT PRIMARY KEY,		-- digest of the tripping changes, hexadecimal
	source		TEXT NOT NULL,			-- of a pull; '' for a reload
	conf		BLOB NOT NULL,			-- digest of the configuration it was made under
	state		TEXT NOT NULL,			-- held, approved, applied, replaced
	approvable	INTEGER NOT NULL,
	made_at		INTEGER NOT NULL,
	seen_at		INTEGER NOT NULL,		-- last time it came out
	approved_at	INTEGER NOT NULL DEFAULT 0,
	approved_by	TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_class (
	plan		TEXT NOT NULL,
	source		TEXT NOT NULL,
	class		TEXT NOT NULL,			-- rules/gate.h
	subject		TEXT NOT NULL,			-- field, group or setting; '' for none
	number		INTEGER NOT NULL,
	allowance	INTEGER NOT NULL,
	earlier		INTEGER NOT NULL,		-- of the number: in the 24 hours before
	PRIMARY KEY (plan, source, class, subject)
) STRICT, WITHOUT ROWID;

-- history: their tripping changes, without a value of anybody
CREATE TABLE plan_change (
	plan		TEXT NOT NULL,
	digest		BLOB NOT NULL,			-- of class, person, old and new
	source		TEXT NOT NULL,
	class		TEXT NOT NULL,
	subject		TEXT NOT NULL,
	person		INTEGER NOT NULL,		-- person.id, 0 for a new one
	kombo		TEXT NOT NULL,			-- of the record, '' for none
	PRIMARY KEY (plan, digest)
) STRICT, WITHOUT ROWID;

-- history: removals that passed in the last 24 hours (rulings F3)
CREATE TABLE removal (
	source		INTEGER NOT NULL,
	at		INTEGER NOT NULL,
	number		INTEGER NOT NULL
) STRICT;
CREATE INDEX removal_source ON removal (source, at);

-- Requests name people by UUID: SCIM's always do.
CREATE INDEX person_uuid ON person (uuid);

-- history: acts, whatever changed something: a run, a reload, midnight, a decision
CREATE TABLE act (
	id		INTEGER PRIMARY KEY,
	made_at		INTEGER NOT NULL,
	cause		TEXT NOT NULL,			-- sync, reload, clock, decision, upkeep
	actor		TEXT NOT NULL,
	source		TEXT,				-- of a run: its source
	run		INTEGER,			-- run.id
	conf		BLOB NOT NULL			-- digest of the configuration in force
) STRICT;
CREATE INDEX act_made ON act (made_at);

-- history: what an act did to whom. Rows are appended; only their values are ever erased.
CREATE TABLE audit (
	id		INTEGER PRIMARY KEY,
	act		INTEGER NOT NULL,
	person		INTEGER,			-- person.id, NULL: about nobody alone
	uuid		BLOB,
	what		TEXT NOT NULL,			-- store/audit.h
	field		TEXT,
	reason		TEXT,
	old		TEXT,
	new		TEXT,
	salt		BLOB,				-- key of `seal`; erased with the values
	seal		BLOB,				-- keyed hash of the values as they were
	chain		BLOB NOT NULL			-- hash of this row, and of the chain before
) STRICT;
CREATE INDEX audit_person ON audit (person) WHERE person IS NOT NULL;
CREATE INDEX audit_act ON audit (act);
CREATE TRIGGER audit_appends BEFORE UPDATE OF id, act, person, uuid, what, field, reason, seal,
    chain ON audit
BEGIN
	SELECT raise(ABORT, 'rows of the audit are not changed');
END;

-- state: people whose values were erased because their time was over, until they are forgotten
CREATE TABLE retired (
	person		INTEGER PRIMARY KEY,
	retired_at	INTEGER NOT NULL
) STRICT;
CREATE INDEX retired_at ON retired (retired_at);

-- decisions: who was erased and may not come back, by keyed hashes (store/suppress.h)
CREATE TABLE suppressed (
	uuid		BLOB NOT NULL,
	kind		TEXT NOT NULL,			-- K Kombo id, R remote id, U uid
	hash		BLOB NOT NULL,
	erased_at	INTEGER NOT NULL,
	PRIMARY KEY (hash, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppressed_uuid ON suppressed (uuid);

-- history: the hooks of the configuration, and how their deliveries go
CREATE TABLE hook (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL UNIQUE,
	delivered	INTEGER NOT NULL DEFAULT 0,	-- events it has taken
	delivered_at	INTEGER NOT NULL DEFAULT 0,	-- instants, 0: never
	failing_since	INTEGER NOT NULL DEFAULT 0,
	attempts	INTEGER NOT NULL DEFAULT 0,	-- in vain, one after the other
	next_at		INTEGER NOT NULL DEFAULT 0,	-- not tried again before
	parked_at	INTEGER NOT NULL DEFAULT 0,	-- given up: not tried again by itself
	dropped		INTEGER NOT NULL DEFAULT 0,	-- events that waited too long for it
	error		TEXT NOT NULL DEFAULT ''	-- of the last attempt
) STRICT;

-- history: events that a hook has not taken yet, in its order; ids and reasons only
CREATE TABLE event (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	hook		INTEGER NOT NULL,
	kind		TEXT NOT NULL,			-- schema/events.def
	made_at		INTEGER NOT NULL,
	source		TEXT,
	person		BLOB,				-- UUID
	status		TEXT,				-- of the person, now
	reasons		TEXT NOT NULL DEFAULT '',	-- codes, blank between them
	revision	INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX event_hook ON event (hook, id);

-- history: what hooks were last told of a source ('' of a reload): failed, or held and why
CREATE TABLE told (
	source		TEXT PRIMARY KEY,
	state		TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- state: '' while its file is there; vanished: the file is no more, its people are frozen;
-- kept or purged: what `rollcall source retire` was told
ALTER TABLE source ADD COLUMN retired TEXT NOT NULL DEFAULT '';

-- decisions: whose record it is, where an admin said so (rollcall link, unlink)
CREATE TABLE link (
	source		INTEGER NOT NULL,
	kombo		TEXT NOT NULL,
	person		INTEGER,			-- NULL: nobody else's, it stands alone
	salt		INTEGER NOT NULL DEFAULT 0,	-- of its UUID, when its own is taken
	reason		TEXT,
	actor		TEXT NOT NULL,
	made_at		INTEGER NOT NULL,
	PRIMARY KEY (source, kombo)
) STRICT, WITHOUT ROWID;

-- state: whom a held record may belong to, or whose address it wants; ids alone
CREATE TABLE suspect (
	record		INTEGER NOT NULL,
	person		INTEGER NOT NULL,
	PRIMARY KEY (record, person)
) STRICT, WITHOUT ROWID;

-- state: numbers of POSIX accounts and groups, given once ([posix]); views show them while it is on
ALTER TABLE person ADD COLUMN uid_number INTEGER;
CREATE UNIQUE INDEX person_uid_number ON person (uid_number) WHERE uid_number IS NOT NULL;
ALTER TABLE grp ADD COLUMN gid_number INTEGER;
CREATE UNIQUE INDEX grp_gid_number ON grp (gid_number) WHERE gid_number IS NOT NULL;
ALTER TABLE v_person ADD COLUMN uid_number INTEGER;
ALTER TABLE v_group ADD COLUMN gid_number INTEGER;

-- state: by which rule a record was found to be its person's (rules/identity.h); 0: she was made of it
ALTER TABLE record ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;

-- views: tombstones up to this stamp were forgotten (tombstone_keep); whoever saw less reads anew
ALTER TABLE view ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

-- views: what a group is called, as a hash, and the stamp of the entry since it is called so
ALTER TABLE v_group_shown ADD COLUMN name_hash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE v_group_shown ADD COLUMN named INTEGER NOT NULL DEFAULT 0;

-- access: ids that clients of SCIM have given people and groups (externalId), each client its own,
-- gone with either; NULL: taken back, kept for its stamp. Readers follow stamps, and read all anew
-- when rows were deleted, which `external_erased` of meta counts.
CREATE TABLE external_id (
	client		INTEGER NOT NULL,
	uuid		BLOB NOT NULL,
	value		TEXT,
	stamp		INTEGER NOT NULL,
	PRIMARY KEY (client, uuid)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_id_value ON external_id (client, value) WHERE value IS NOT NULL;
CREATE INDEX external_id_uuid ON external_id (uuid);
CREATE INDEX external_id_stamp ON external_id (stamp);
CREATE TRIGGER external_id_erased AFTER DELETE ON external_id
BEGIN
	INSERT INTO meta VALUES ('external_erased', 1)
	    ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;

-- Clients of SCIM name groups by UUID.
CREATE INDEX grp_uuid ON grp (uuid);

-- decisions: members of the groups that no HR system owns, which are units of type LOCAL
CREATE TABLE local_member (
	grp		INTEGER NOT NULL,		-- unit.id
	person		INTEGER NOT NULL,
	PRIMARY KEY (grp, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX local_member_person ON local_member (person);
