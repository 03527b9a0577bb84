/*
 * What slapd loads: back_rollcall.so serves one view of Rollcall's database over LDAP, reading
 * only. Owns the BackendInfo that slapd keeps until it ends; the module is never unmapped.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/guard.h"
#include "backend/monitor.h"
#include "backend/ops.h"
#include "backend/setup.h"

static char *module_controls[] = {
	(char *)(uintptr_t)LDAP_CONTROL_ASSERT,
	(char *)(uintptr_t)LDAP_CONTROL_MANAGEDSAIT,
	(char *)(uintptr_t)LDAP_CONTROL_PAGEDRESULTS,
	(char *)(uintptr_t)LDAP_CONTROL_SUBENTRIES,
	NULL
};

/* Every operation is there, also to refuse: with an overlay a missing one answers nothing. */
static int
module_open(BackendInfo *bi)
{
	bi->bi_controls = module_controls;

	bi->bi_db_init = setup_init;
	bi->bi_db_config = config_generic_wrapper;
	bi->bi_db_open = setup_open;
	bi->bi_db_close = setup_close;
	bi->bi_db_destroy = setup_destroy;

	bi->bi_op_bind = bind_op;
	bi->bi_op_unbind = pass_op;
	bi->bi_op_search = search_op;
	bi->bi_op_compare = compare_op;
	bi->bi_op_modify = refuse_op;
	bi->bi_op_modrdn = refuse_op;
	bi->bi_op_add = refuse_op;
	bi->bi_op_delete = refuse_op;
	bi->bi_op_abandon = pass_op;
	bi->bi_op_cancel = pass_cancel;
	bi->bi_extended = refuse_extended;

	bi->bi_chk_controls = page_check;
	bi->bi_operational = entry_op_operational;
	bi->bi_has_subordinates = entry_op_has_subordinates;
	bi->bi_entry_get_rw = entry_op_get;
	bi->bi_entry_release_rw = entry_op_release;

	bi->bi_tool_entry_open = tool_open;
	bi->bi_tool_entry_close = tool_close;
	bi->bi_tool_entry_first = backend_tool_entry_first;
	bi->bi_tool_entry_first_x = tool_first;
	bi->bi_tool_entry_next = tool_next;
	bi->bi_tool_entry_get = tool_get;
	bi->bi_tool_dn2id_get = tool_dn2id;
	return (setup_register(bi));
}

static BackendInfo module_info = {
	.bi_type = (char *)(uintptr_t)"rollcall",
	.bi_init = module_open,
};

int	init_module(int argc, char **argv);

int
init_module(int argc, char **argv)
{
	struct err err = ERR_INIT;

	(void)argv;
	if (argc > 0)
		(void)err_set(&err, ERR_CONFIG, "the module takes no arguments");
	if (err.code != ERR_NONE || guard_check(&err) < 0 || types_register(&err) < 0 ||
	    monitor_register(&err) < 0) {
		Debug(LDAP_DEBUG_ANY, "back_rollcall: not loaded: %s\n", err.text);
		return (-1);
	}
	return (backend_add(&module_info) == 0 ? 0 : -1);
}
