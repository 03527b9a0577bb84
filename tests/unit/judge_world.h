/*
 * People in one line of text, to be judged: "status=ACTIVE start=-9 end=3 groups=g1,g2". Dates are
 * days from today; the words are told at judge_record and judge_person.
 */
#ifndef ROLLCALL_TESTS_UNIT_JUDGE_WORLD_H
#define ROLLCALL_TESTS_UNIT_JUDGE_WORLD_H

#include "rules/judge.h"

#define JUDGE_TODAY	20000		/* in UTC; Apia is a day ahead, Honolulu one behind */

/*
 * A configuration compiled, with these units in each source (ids of the second one end in "x"):
 *   e1 ACME, e2 Société Générale, e9 gone
 *   p1 Berlin (DE), p2 Apia, p3 Honolulu (US), p9 gone
 *   g1 Sales DEPARTMENT, g2 Sales TEAM, g3 Platform TEAM, g4 4711 COST_CENTER, g5 Club without
 *   type, g6 Ops DEPARTMENT, g9 gone TEAM
 */
struct judge_world {
	struct arena	*arena;
	struct conf	*conf;
	struct conf	*before;
	struct units	*units;
	struct book	*book;
};

/*
 * Opens a world by what is added to the main file and to the source fr; `second` is what makes
 * a source de, NULL for none. `before` is the source fr in force until now, NULL: the same.
 */
void	judge_world_open(struct judge_world *world, const char *main_file, const char *source,
	    const char *second, const char *before);
void	judge_world_close(struct judge_world *world);

/*
 * Adds a record to an input. Words: any field's name and its value (a date: days from today);
 * type=, title=, mail=, first=, last=, status=, start=, end= for short; groups=g1,g2;
 * contracts=FULL@-3,PART@2 (@- undated); remote=; de: of the second source; gone; full: of a
 * complete fetch; bad=FIELD: unreadable; known: as it was before; was:WORD: it was otherwise.
 */
void	judge_world_record(struct judge_world *world, struct judge_input *input,
	    const char *words);

/*
 * The settled state of the person. Words: onboarding, active, offboarding, departed; served,
 * joined, frozen, purged, byhand; owner=2, the second record until now; departed=, excluded=, gone=, inactive= days; mail=; FIELD:STATE=value
 * for what is held; hide, ignore, release; in=ldap,scim. "" is an active person nobody saw yet.
 */
void	judge_world_person(struct judge_world *world, struct judge_input *input,
	    const char *words);

/*
 * Judges and tells: "active on [ldap scim] keep 4 {reasons} (conditions)"; 4 is the next day, -
 * for none. Of several records, each one's verdict follows: " fr:in de:{superseded}".
 */
const char *judge_world_tell(struct judge_world *world, struct judge_input *input,
	    struct verdict *verdict);

/* What is served and held of a field: "value", "value/S", "-/O". */
const char *judge_world_field(struct judge_world *world, const struct verdict *verdict,
	    enum field_id id);

#endif
