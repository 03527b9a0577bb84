/*
 * Owns nothing. Pure.
 */
#include "config.h"

#include "rules/names.h"

#include <string.h>

#include "base/text.h"

#define UID_LONGEST 64

const char *
name_compose(struct arena *arena, const char *first, const char *last)
{
	if (first != NULL && last != NULL)
		return (arena_printf(arena, "%s %s", first, last));
	return (first != NULL ? first : last);
}

/* Drops what no uid begins or ends with, and what is too long. */
static const char *
name_trim_uid(struct arena *arena, const char *text)
{
	size_t len;
	char *uid;

	text += strspn(text, "._-");
	len = strlen(text);
	if (len > UID_LONGEST)
		len = UID_LONGEST;
	while (len > 0 && strchr("._-", text[len - 1]) != NULL)
		len--;
	uid = arena_dup_len(arena, text, len);
	return (uid);
}

static const char *
name_uid_from_mail(struct arena *arena, const char *mail)
{
	const char *at;

	if (mail == NULL)
		return ("");
	at = strrchr(mail, '@');
	if (at == NULL)
		return (text_ascii(arena, mail));
	return (text_ascii(arena, arena_dup_len(arena, mail, (size_t)(at - mail))));
}

static const char *
name_uid_from_names(struct arena *arena, const char *first, const char *last)
{
	if (first != NULL && last != NULL)
		return (arena_printf(arena, "%s.%s", text_ascii(arena, first),
		    text_ascii(arena, last)));
	if (first == NULL && last == NULL)
		return ("");
	return (text_ascii(arena, first != NULL ? first : last));
}

const char *
name_uid(struct arena *arena, enum uid_policy policy, const char *const value[FIELD_N],
    const struct uuid *uuid)
{
	char text[UUID_TEXT_SIZE];
	const char *number, *uid;

	uid = "";
	number = value[FIELD_EMPLOYEE_NUMBER] == NULL ? "" :
	    name_trim_uid(arena, text_ascii(arena, value[FIELD_EMPLOYEE_NUMBER]));
	switch (policy) {
	case UID_EMAIL:
		uid = name_uid_from_mail(arena, value[FIELD_WORK_EMAIL]);
		break;
	case UID_NUMBER:
		uid = number;
		break;
	case UID_NAME:
		uid = name_uid_from_names(arena, value[FIELD_FIRST_NAME],
		    value[FIELD_LAST_NAME]);
		break;
	}
	uid = name_trim_uid(arena, uid);
	if (*uid != '\0')
		return (uid);
	if (*number != '\0')
		return (name_trim_uid(arena, arena_printf(arena, "p%s", number)));
	return (arena_printf(arena, "p%.8s", uuid_format(uuid, text)));
}

const char *
name_uid_try(struct arena *arena, const char *base, unsigned int n)
{
	return (n == 0 ? base : arena_printf(arena, "%s%u", base, n + 1));
}

const char *
name_group_try(struct arena *arena, const char *name, const char *type, const char *source,
    unsigned int n)
{
	switch (n) {
	case 0:
		return (name);
	case 1:
		return (arena_printf(arena, "%s (%s)", name, type));
	case 2:
		return (arena_printf(arena, "%s (%s)", name, source));
	}
	return (arena_printf(arena, "%s (%u)", name, n - 1));
}
