/*
 * Records as JSON (kombo/api.md §3), straight into a buffer.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_RENDER_H
#define ROLLCALL_TESTS_SANDBOX_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "tests/sandbox/tenant.h"
#include "tests/sandbox/track.h"

#define RENDER_KEY_SIZE 64

/* One answer's rendering. Open it, render any number of records, close it. */
struct scene {
	struct tenant		*tenant;	/* copies inside units are kept there */
	const struct shape	*shape;
	bool			 truth;		/* nothing is off or poisoned */
	int64_t			 now;
	struct buf		*out;		/* the caller's */
	/* The manager of the last employee, since neighbours share theirs. */
	uint32_t		 manager;
	char			 manager_id[TENANT_ID_SIZE + 1];	/* quoted */
	struct buf		 manager_json;
	struct tenant_room	 room;
};

/*
 * As the integration's shape and scope have it; or, for control, all there is to know.
 */
void
scene_open(struct scene *scene, struct tenant *tenant, struct buf *out, int64_t now);
void	scene_open_truth(struct scene *scene, struct tenant *tenant, struct buf *out,
	    int64_t now);
void	scene_close(struct scene *scene);

void	render_employee(struct scene *scene, const struct employee *employee,
	    const struct sight *sight);
void	render_contract(struct scene *scene, const struct employee *employee,
	    const struct contract *contract, const struct sight *sight);

/* A group, a legal entity or a location, as a row of its own. */
void	render_unit(struct scene *scene, enum kind_id kind, struct unit *unit,
	    const struct sight *sight);

/*
 * What the Kombo id of an employment is derived from: its remote id, or what is put in
 * `key`.
 */
const char *render_contract_key(const struct employee *employee,
	    const struct contract *contract, char key[RENDER_KEY_SIZE]);

#endif
