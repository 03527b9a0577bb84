/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/settings.h"

#include "base/clock.h"
#include "base/model.h"
#include "store/served.h"

static const char *
settings_number(struct arena *arena, const struct conf *conf, enum conf_key key)
{
	if (conf_text(&conf->set, key) == NULL)
		return (NULL);
	return (arena_printf(arena, "%lld",
	    (long long)(conf_number(&conf->set, key) / CLOCK_SECOND)));
}

/* readWrite where any source lets the field be edited, off where none has it (rulings F13). */
static const char *
settings_field(const struct conf *conf, enum field_id id)
{
	bool editable, present;
	size_t i;

	editable = false;
	present = conf->source_count == 0 && (field_get(id)->flags & FIELD_OPTIONAL) == 0;
	for (i = 0; i < conf->source_count; i++) {
		present |= conf->sources[i].mode[id] != MODE_OFF;
		editable |= conf->sources[i].mode[id] == MODE_IMPORT_ONCE ||
		    conf->sources[i].mode[id] == MODE_LOCAL ||
		    (conf_provider(&conf->sources[i]) == CONF_FROM_HAND &&
		    conf->sources[i].mode[id] != MODE_OFF &&
		    (field_get(id)->flags & FIELD_LIVE) == 0);
	}
	return (!present ? "off" : editable ? "readWrite" : "readOnly");
}

static const char *
settings_by_hand(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->source_count; i++)
		if (conf_provider(&conf->sources[i]) == CONF_FROM_HAND)
			return ("yes");
	return (NULL);
}

static const char *
settings_statuses(struct arena *arena, const struct conf_view *view)
{
	const char *text;
	size_t i;

	text = "";
	for (i = 0; i < STATUS_N; i++)
		if ((view->statuses & (1U << i)) != 0)
			text = arena_printf(arena, "%s%s%s", text, *text != '\0' ? " " : "",
			    status_name((enum person_status)i));
	return (text);
}

static int
settings_write_lists(struct db *db, const struct conf *conf, struct arena *arena,
    struct err *err)
{
	size_t i;

	for (i = 0; i < FIELD_N; i++)
		if (setting_put(db, arena_printf(arena, "field.%s",
		    field_get((enum field_id)i)->name), settings_field(conf, (enum field_id)i),
		    err) < 0)
			return (-1);
	for (i = 0; i < conf->view_count; i++)
		if (setting_put(db, arena_printf(arena, "view.%s", conf->views[i].name),
		    settings_statuses(arena, &conf->views[i]), err) < 0 ||
		    (conf_text(&conf->views[i].set, CONF_VIEW_SUFFIX) != NULL &&
		    setting_put(db, arena_printf(arena, "suffix.%s", conf->views[i].name),
		    conf_text(&conf->views[i].set, CONF_VIEW_SUFFIX), err) < 0))
			return (-1);
	return (0);
}

/* Nothing at all while [posix] is off. */
static int
settings_write_posix(struct db *db, const struct conf *conf, struct arena *arena,
    struct err *err)
{
	const struct conf_set *set = &conf->set;

	if (conf_number(set, CONF_POSIX) == 0)
		return (0);
	if (setting_put(db, "posix.gid_number", arena_printf(arena, "%lld",
	    (long long)conf_number(set, CONF_POSIX_PRIMARY)), err) < 0 ||
	    setting_put(db, "posix.home", conf_text(set, CONF_POSIX_HOME), err) < 0)
		return (-1);
	return (setting_put(db, "posix.shell", conf_text(set, CONF_POSIX_SHELL), err));
}

int
settings_write(struct db *db, const struct conf *conf, struct err *err)
{
	static const struct {
		const char	*name;
		enum conf_key	 key;
	} texts[] = {
		{ "suffix", CONF_SUFFIX },
		{ "organization", CONF_ORGANIZATION },
		{ "user_name", CONF_SCIM_USER_NAME },
	};
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = setting_clear(db, err);
	for (i = 0; result == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		result = setting_put(db, texts[i].name, conf_text(&conf->set, texts[i].key), err);
	if (result == 0)
		result = setting_put(db, "max_age", settings_number(arena, conf, CONF_MAX_AGE),
		    err);
	if (result == 0)
		result = setting_put(db, "by_hand", settings_by_hand(conf), err);
	if (result == 0)
		result = settings_write_lists(db, conf, arena, err);
	if (result == 0)
		result = settings_write_posix(db, conf, arena, err);
	arena_close(&arena);
	return (result);
}
