/*
 * Owns nothing; whatever it makes lies on the caller's pad or in tables. Safe from any
 * thread.
 */
#include "config.h"

#include "tests/sandbox/people.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/draw.h"
#include "tests/sandbox/org.h"

#define PEOPLE_REMOTE	1000	/* remote id of person 0 */

/* One person in the making. */
struct making {
	const struct people	*people;
	const struct nation	*nation;
	struct links		 links;
	uint64_t		 seed;
	uint32_t		 index;
	struct pad		*pad;
	struct employee		*out;
};

static uint32_t
pick(const struct making *m, enum draw_for what, uint32_t limit)
{
	return (draw_below(m->seed, what, m->index, limit));
}

static bool
chance(const struct making *m, enum draw_for what, uint32_t percent)
{
	return (draw_chance(m->seed, what, m->index, percent));
}

struct names {
	const struct nation_name *given, *family;
	uint32_t	 repeat;	/* so many of the same name came before */
	bool		 woman;
};

static struct names
names_of(const struct making *m)
{
	/*
	 * Primes that lead far from one pair to the next, for twenty names by twenty.
	 */
	static const uint32_t steps[] = { 1009, 1013, 1033, 1049, 1087, 1097, 1109,
		1129 };
	const struct nation *nation = m->nation;
	struct names names;
	uint64_t pair, rank;
	size_t pairs;

	rank = m->links.identity / m->people->nation_count;
	pairs = nation->given.count * nation->family.count;
	pair = (rank * steps[m->seed % 8] + m->seed / 8 % pairs) % pairs;
	names.given = &nation->given.list[pair % nation->given.count];
	names.family = &nation->family.list[pair / nation->given.count];
	names.repeat = (uint32_t)(rank / pairs);
	names.woman = pair % nation->given.count < nation->women;
	return (names);
}

static const char *
name_spaced(struct pad *pad, const char *before, const char *name, const char *after)
{
	const char *text;

	text = pad_begin(pad);
	pad_str(pad, before);
	pad_str(pad, name);
	pad_str(pad, after);
	pad_end(pad);
	return (text);
}

static void
make_names(struct making *m, const struct names *names)
{
	static const char long_given[] = "María del Pilar Teresa Cayetana Fitz-James "
	    "Luisa Francisca de Sales Leonor Fernanda Josefa Antonia Isabel de la "
	    "Santísima Trinidad";
	static const char long_family[] = "Wolfeschlegelsteinhausenbergerdorff-"
	    "Ramasubramaniam-Papandreou de Albuquerque e Castro de Sousa Coutinho "
	    "von und zu Hohenlohe-Waldenburg-Schillingsfürst y Fernández de Córdoba "
	    "Álvarez de las Asturias Bohorques";
	const char **text = m->out->text;
	bool apart;

	apart = m->links.oddity == ODDITY_COMBINING;
	text[TEXT_first_name] = apart ? names->given->apart : names->given->text;
	text[TEXT_last_name] = apart ? names->family->apart : names->family->text;
	if (m->links.oddity == ODDITY_NO_NAMES || m->links.oddity == ODDITY_ONE_NAME)
		text[TEXT_first_name] = NULL;
	if (m->links.oddity == ODDITY_NO_NAMES)
		text[TEXT_last_name] = NULL;
	if (m->links.oddity == ODDITY_LONG_NAME) {
		text[TEXT_first_name] = long_given;
		text[TEXT_last_name] = long_family;
	}
	if (m->links.oddity == ODDITY_SPACED_NAME) {
		text[TEXT_first_name] = name_spaced(m->pad, " ", names->given->text,
		    "\u200f");
		text[TEXT_last_name] = name_spaced(m->pad, "", names->family->text,
		    "\u00a0 ");
	}
}

static void
make_display_name(struct making *m)
{
	const char *first, *last;
	bool family_first;

	first = m->out->text[TEXT_first_name];
	last = m->out->text[TEXT_last_name];
	if (first == NULL || last == NULL || !chance(m, DRAW_DISPLAY, 15))
		return;
	family_first = (m->nation->flags & NATION_FAMILY_FIRST) != 0;
	m->out->text[TEXT_display_full_name] = pad_begin(m->pad);
	pad_str(m->pad, family_first ? last : first);
	pad_str(m->pad, " ");
	pad_str(m->pad, family_first ? first : last);
	pad_end(m->pad);
}

static const char *
mail_put(struct making *m, const struct names *names, const char *host,
    const char *domain)
{
	const char *text;

	text = pad_begin(m->pad);
	pad_str(m->pad, names->given->ascii);
	pad_str(m->pad, ".");
	pad_str(m->pad, names->family->ascii);
	if (names->repeat > 0)
		pad_number(m->pad, names->repeat + 1, 1);
	pad_str(m->pad, host);
	pad_str(m->pad, domain);
	pad_end(m->pad);
	return (text);
}

static void
mail_capitals(char *mail)
{
	bool start;

	for (start = true; *mail != '@' && *mail != '\0'; mail++) {
		if (start)
			*mail = (char)toupper((unsigned char)*mail);
		start = *mail == '.' || *mail == '-';
	}
}

static void
make_mails(struct making *m, const struct names *names)
{
	char host[8] = "@";
	size_t at;

	/* Names of two nations may look the same in ASCII. */
	if (m->people->nation_count > 1) {
		host[1] = (char)tolower((unsigned char)m->nation->code[0]);
		host[2] = (char)tolower((unsigned char)m->nation->code[1]);
		host[3] = '.';
	}
	at = m->pad->used;
	m->out->text[TEXT_work_email] = mail_put(m, names, host, m->people->domain);
	if (m->links.oddity == ODDITY_UPPER_MAIL)
		mail_capitals(m->pad->text + at);
	if (m->links.oddity == ODDITY_NO_MAIL ||
	    (m->people->count >= LINKS_RUN && m->links.oddity == ODDITY_NONE &&
	    m->index > 0 && chance(m, DRAW_MAIL, 2)))
		m->out->text[TEXT_work_email] = NULL;
	if (draw_chance(m->seed, DRAW_MAIL, m->links.identity | UINT64_C(1) << 32, 70))
		m->out->text[TEXT_personal_email] = mail_put(m, names,
		    m->links.identity % 2 == 0 ? "@post." : "@mail.", "example");
}

static void
make_numbers(struct making *m)
{
	uint64_t digits;

	if (m->links.oddity != ODDITY_NO_NUMBER) {
		m->out->text[TEXT_employee_number] = pad_begin(m->pad);
		pad_number(m->pad, m->index + 42, 5);
		pad_end(m->pad);
	}
	digits = draw(m->seed, DRAW_NUMBERS, m->links.identity);
	m->out->text[TEXT_ssn] = pad_begin(m->pad);
	pad_number(m->pad, digits % 10000000000, 10);
	pad_end(m->pad);
	m->out->text[TEXT_tax_id] = pad_begin(m->pad);
	pad_str(m->pad, m->nation->code);
	pad_number(m->pad, digits / 7 % 100000000000, 11);
	pad_end(m->pad);
	if (digits % 2 == 0) {
		m->out->iban = pad_begin(m->pad);
		pad_str(m->pad, m->nation->code);
		pad_number(m->pad, digits / 11 % 10000000000000000, 20);
		pad_end(m->pad);
	}
	if (chance(m, DRAW_PHONE, 80)) {
		m->out->text[TEXT_mobile_phone_number] = pad_begin(m->pad);
		pad_str(m->pad, m->nation->phone);
		pad_str(m->pad, " ");
		pad_number(m->pad, digits % 1000, 3);
		pad_str(m->pad, " ");
		pad_number(m->pad, digits / 1000 % 10000, 4);
		pad_end(m->pad);
	}
}

static void
make_home(struct making *m)
{
	const struct nation_city *city;
	const char **part = m->out->home.part;
	const char *street;
	uint32_t number;

	city =
	    &m->nation->cities[pick(m, DRAW_STREET, (uint32_t)m->nation->city_count)];
	street = m->nation->streets.list[m->index % m->nation->streets.count].text;
	number = pick(m, DRAW_NUMBERS, 180) + 1;
	part[ADDRESS_street_1] = pad_begin(m->pad);
	if ((m->nation->flags & NATION_NUMBER_FIRST) != 0) {
		pad_number(m->pad, number, 1);
		pad_str(m->pad, " ");
		pad_str(m->pad, street);
	} else {
		pad_str(m->pad, street);
		pad_str(m->pad, " ");
		pad_number(m->pad, number, 1);
	}
	pad_end(m->pad);
	part[ADDRESS_city] = city->name;
	part[ADDRESS_zip_code] = city->zip;
	part[ADDRESS_state] = number % 4 == 0 ? city->state : NULL;
	part[ADDRESS_country] = m->nation->code;
	part[ADDRESS_raw] = pad_begin(m->pad);
	pad_str(m->pad, part[ADDRESS_street_1]);
	pad_str(m->pad, "\n");
	pad_str(m->pad, city->zip);
	pad_str(m->pad, " ");
	pad_str(m->pad, city->name);
	pad_str(m->pad, "\n");
	pad_str(m->pad, m->nation->country);
	pad_end(m->pad);
	m->out->has_home = number % 20 != 0;
}

/*
 * Status and dates of those who are not simply ACTIVE for years. Days count from today;
 * the start counts from the end where that is past. No end: both are 0.
 */
static const struct dates {
	const char	*status;
	int32_t		 start_from, start_to;
	int32_t		 end_from, end_to;
} dates_ordinary = { "ACTIVE", -5000, -40, 0, 0 }, dates_odd[ODDITY_N] = {
	[ODDITY_PENDING] = { "PENDING", 8, 85, 0, 0 },
	[ODDITY_PENDING_SOON] = { "PENDING", 1, 7, 0, 0 },
	[ODDITY_LEFT] = { "INACTIVE", -4000, -60, -30, -1 },
	[ODDITY_LEFT_EARLIER] = { "INACTIVE", -4000, -60, -700, -60 },
	[ODDITY_LEFT_LONG_AGO] = { "INACTIVE", -3000, -60, -4000, -1000 },
	[ODDITY_LEAVING] = { "ACTIVE", -5000, -40, 8, 90 },
	[ODDITY_LEAVING_SOON] = { "ACTIVE", -5000, -40, 1, 7 },
	[ODDITY_AWAY] = { "LEAVE", -5000, -40, 0, 0 },
	[ODDITY_WORDED_STATUS] = { "Freigestellt", -5000, -40, 0, 0 },
	[ODDITY_NO_STATUS] = { NULL, -5000, -40, 0, 0 },
	[ODDITY_EARLY_STATUS] = { "ACTIVE", 1, 20, 0, 0 },
	[ODDITY_LATE_STATUS] = { "ACTIVE", -4000, -60, -20, -2 },
	[ODDITY_RETURNED_THEN] = { "INACTIVE", -4000, -60, -700, -60 },
	[ODDITY_RETURNED_NOW] = { "ACTIVE", -50, -5, 0, 0 },
};

static int32_t
days(const struct making *m, enum draw_for what, int32_t from, int32_t to)
{
	return (from + (int32_t)pick(m, what, (uint32_t)(to - from + 1)));
}

static void
make_status(struct making *m)
{
	const struct dates *dates;
	struct employee *out = m->out;

	dates = &dates_odd[m->links.oddity];
	if (dates->start_from == 0)
		dates = &dates_ordinary;
	out->text[TEXT_employment_status] = dates->status;
	out->start = m->people->today + days(m, DRAW_START, dates->start_from,
	    dates->start_to);
	if (dates->end_to != 0)
		out->end = m->people->today + days(m, DRAW_END, dates->end_from,
		    dates->end_to);
	if (dates->end_to < 0)
		out->start += out->end - m->people->today;
	if (m->links.oddity == ODDITY_NO_START)
		out->start = DAY_NONE;
}

static void
make_instants(struct making *m)
{
	struct employee *out = m->out;
	int32_t begun;

	begun = out->start == DAY_NONE ? m->people->today - 400 : out->start;
	out->created_at = (int64_t)(begun - 12) * CLOCK_DAY +
	    (int64_t)pick(m, DRAW_CHANGED, 86400) * CLOCK_SECOND;
	if (out->created_at > m->people->epoch - CLOCK_HOUR)
		out->created_at = m->people->epoch - CLOCK_HOUR;
	out->changed_at = links_changed_at(m->people, m->index);
	if (m->links.oddity == ODDITY_DELETED)
		out->deleted_at = m->people->epoch -
		    days(m, DRAW_DELETED, 1, 12) * CLOCK_DAY + 4 * CLOCK_HOUR;
	if (m->links.oddity == ODDITY_DELETED_LONG_AGO)
		out->deleted_at = m->people->epoch -
		    days(m, DRAW_DELETED, 20, 60) * CLOCK_DAY + 4 * CLOCK_HOUR;
	if (out->deleted_at != 0)
		out->changed_at = out->deleted_at;
	out->status_at = out->first_at = out->changed_at;
}

static void
make_type(struct making *m)
{
	static const char *const types[] = { "PART_TIME", "PART_TIME", "CONTRACT",
		"INTERNSHIP", "WORKING_STUDENT", "APPRENTICESHIP", "FREELANCE",
		"TRAINING" };
	static const char *const full[] = { "40", "37.5", "35", "38.5", "39" };
	static const char *const part[] = { "20", "20.5", "24", "28.75", "15" };
	uint32_t roll;

	roll = m->people->count < LINKS_RUN ? 100 : pick(m, DRAW_TYPE, 100);
	m->out->text[TEXT_employment_type] = roll < 20 ? types[roll % 8] : "FULL_TIME";
	if (m->links.oddity == ODDITY_WORDED_TYPE)
		m->out->text[TEXT_employment_type] = "Contrat d’alternance";
	m->out->weekly_hours = roll < 20 ? part[pick(m, DRAW_HOURS, 5)] :
	    full[pick(m, DRAW_HOURS, 5)];
}

static void
make_title(struct making *m)
{
	size_t level;

	if (m->index == 0)
		level = m->nation->titles.count - 1;
	else if (m->index <= LINKS_SPAN)
		level = m->nation->titles.count - 2;
	else if (m->index <= LINKS_SPAN * (LINKS_SPAN + 1))
		level = m->nation->titles.count - 3;
	else
		level = pick(m, DRAW_TITLE, (uint32_t)m->nation->titles.count - 3);
	m->out->text[TEXT_job_title] = m->nation->titles.list[level].text;
}

static void
contract_make(struct making *m, uint32_t k, uint32_t count)
{
	static const char *const rates[] = { "2850", "3420.5", "52000", "4100.25",
		"61500" };
	struct contract *contract;

	contract = &m->out->contracts[k];
	contract->remote_id = NULL;
	if (!chance(m, DRAW_CONTRACTS, 10)) {
		contract->remote_id = pad_begin(m->pad);
		pad_str(m->pad, "C");
		pad_str(m->pad, m->out->remote_id);
		pad_str(m->pad, "-");
		pad_number(m->pad, k + 1, 1);
		pad_end(m->pad);
	}
	contract->job_title = k + 1 == count ? m->out->text[TEXT_job_title] :
	    m->nation->titles.list[0].text;
	contract->type = m->out->text[TEXT_employment_type];
	contract->pay_rate = rates[pick(m, DRAW_PAY, 5)];
	contract->pay_period = strlen(contract->pay_rate) == 5 ? "YEAR" : "MONTH";
	contract->pay_frequency = "MONTHLY";
	contract->currency = m->nation->currency;
	contract->effective = m->out->start == DAY_NONE ? DAY_NONE :
	    k == 0 ? m->out->start : m->out->start + (int32_t)k * 390;
	contract->changed_at = m->out->changed_at -
	    (int64_t)(count - k - 1) * CLOCK_DAY;
	contract->deleted_at = m->out->deleted_at;
}

static void
make_contracts(struct making *m)
{
	uint32_t count, k, roll;
	struct employee *out = m->out;

	roll = pick(m, DRAW_PAY, 100);
	count = roll < 75 ? 1 : roll < 95 ? 2 : 3;
	if (m->links.oddity == ODDITY_DELETED_CONTRACT)
		count = 2;
	if (m->links.oddity == ODDITY_NO_CONTRACT)
		count = 0;
	while (count > 1 && (out->start == DAY_NONE || out->start +
	    (int32_t)(count - 1) * 390 > m->people->today))
		count--;
	for (k = 0; k < count; k++)
		contract_make(m, k, count);
	if (m->links.oddity == ODDITY_DELETED_CONTRACT && count > 0) {
		out->contracts[0].deleted_at = out->changed_at - CLOCK_DAY;
		out->contracts[0].changed_at = out->contracts[0].deleted_at;
	}
	if (m->links.oddity == ODDITY_FUTURE_CONTRACT && count < EMPLOYEE_CONTRACTS) {
		contract_make(m, count, count + 1);
		out->contracts[count].effective = m->people->today + 45;
		count++;
	}
	out->contract_count = count;
	if (m->links.oddity == ODDITY_TYPE_IN_CONTRACT)
		out->text[TEXT_employment_type] = NULL;
}

static void
make_balance(struct making *m)
{
	static const char *const days_left[] = { "12.5", "24", "3", "0", "-1.5",
		"18.75" };
	struct balance *balance;

	if (!chance(m, DRAW_BALANCE, 25))
		return;
	balance = &m->out->balances[0];
	m->out->balance_count = 1;
	balance->remote_id = pad_begin(m->pad);
	pad_str(m->pad, "B");
	pad_str(m->pad, m->out->remote_id);
	pad_end(m->pad);
	balance->balance = days_left[pick(m, DRAW_BALANCE, 6)];
	balance->used = days_left[pick(m, DRAW_HOURS, 4)];
	balance->unit = "DAYS";
	balance->changed_at = m->out->changed_at;
	balance->deleted_at = m->out->deleted_at;
}

static void
group_add(struct making *m, uint32_t group)
{
	size_t i;

	for (i = 0; i < m->out->group_count; i++)
		if (m->out->groups[i] == group)
			return;
	m->out->groups[m->out->group_count++] = group;
}

static void
make_groups(struct making *m)
{
	const struct people *people = m->people;
	uint32_t odd, teams;

	teams = people->departments;
	odd = teams + people->teams + people->centers;
	if (m->links.oddity == ODDITY_NO_GROUPS)
		return;
	group_add(m, m->links.team % people->departments);
	group_add(m, teams + m->links.team);
	if (people->centers > 0)
		group_add(m, teams + people->teams + m->index % people->centers);
	if (people->teams > 1 && chance(m, DRAW_TEAM, 15))
		group_add(m, teams + pick(m, DRAW_MEMBER, people->teams));
	if (people->odd_groups == 0)
		return;
	if (m->links.oddity == ODDITY_ODD_GROUPS) {
		group_add(m, odd + 7);	/* the end of the chain, one of the cycle, … */
		group_add(m, odd + 8);
		group_add(m, odd + 10);
		group_add(m, odd + 11);
	} else if (chance(m, DRAW_MEMBER, 4)) {
		group_add(m, odd + pick(m, DRAW_TEAM, ORG_ODD_MEMBERS));
	}
}

static void
make_custom_fields(struct making *m)
{
	static const char *const sizes[] = { "S", "M", "L", "XL" };
	uint64_t bits;

	bits = draw(m->seed, DRAW_CUSTOM, m->index);
	m->out->custom_fields = pad_begin(m->pad);
	pad_str(m->pad, "{\"t_shirt_size\":\"");
	pad_str(m->pad, sizes[bits % 4]);
	pad_str(m->pad, "\",\"langs\":[\"");
	pad_str(m->pad, m->nation->code);
	pad_str(m->pad, "\",\"en\"],\"badge\":{\"no\":");
	pad_number(m->pad, bits / 4 % 9000, 1);
	pad_str(m->pad, bits / 65536 % 2 == 0 ? "},\"remote_worker\":true" :
	    "},\"remote_worker\":false");
	pad_str(m->pad, bits / 131072 % 3 == 0 ? ",\"nickname\":null" : "");
	pad_str(m->pad, ",\"cost_rate\":1.25}");
	pad_end(m->pad);
}

static void
make_about(struct making *m, const struct names *names)
{
	static const char *const marital[] = { "SINGLE", "MARRIED",
		"DOMESTIC_PARTNERSHIP", "WIDOWED", "DIVORCED", "SEPARATED",
		"NOT_MARRIED", NULL };
	struct employee *out = m->out;

	out->text[TEXT_gender] = chance(m, DRAW_MARITAL, 2) ? "NON_BINARY" :
	    names->woman ? "FEMALE" : "MALE";
	out->text[TEXT_marital_status] = marital[pick(m, DRAW_MARITAL, 8)];
	out->text[TEXT_nationality] = chance(m, DRAW_NATIONALITY, 90) ?
	    m->nation->nationality : NULL;
	if (chance(m, DRAW_AVATAR, 40)) {
		out->text[TEXT_avatar] = pad_begin(m->pad);
		pad_str(m->pad, "https://cdn.kombo.example/avatars/");
		pad_number(m->pad, draw(m->seed, DRAW_AVATAR, m->index), 20);
		pad_str(m->pad, ".jpg?expires=600");
		pad_end(m->pad);
	}
	out->birth = m->people->today - 20 * 365 -
	    (int32_t)draw_below(m->seed, DRAW_BIRTH, m->links.identity, 40 * 365);
}

static void
making_begin(struct making *m, uint32_t index, struct employee *out)
{
	memset(out, 0, sizeof(*out));
	links_find(m->people, index, &m->links);
	m->nation = m->people->nations[m->links.nation];
	m->seed = m->people->seed;
	m->index = index;
	m->out = out;
	pad_reset(m->pad);
	out->index = index;
	out->birth = out->start = out->end = DAY_NONE;
	out->entity = m->links.entity;
	out->location = m->links.location;
	out->manager = m->links.manager;
	out->remote_id = pad_begin(m->pad);
	pad_number(m->pad, (uint64_t)index + PEOPLE_REMOTE, 1);
	pad_end(m->pad);
	if (m->links.oddity == ODDITY_LOST_MANAGER)
		out->lost_manager = "9900001";
	if (m->links.oddity == ODDITY_LOST_LOCATION) {
		out->lost_location = "L-9901";
		out->location = EMPLOYEE_NONE;
	}
}

void
people_make(const struct people *people, uint32_t index, struct pad *pad,
    struct employee *out)
{
	struct making m = { .people = people, .pad = pad };
	struct names names;

	making_begin(&m, index, out);
	names = names_of(&m);
	make_names(&m, &names);
	make_display_name(&m);
	make_mails(&m, &names);
	make_numbers(&m);
	make_home(&m);
	make_status(&m);
	make_instants(&m);
	make_type(&m);
	make_title(&m);
	make_contracts(&m);
	make_balance(&m);
	make_groups(&m);
	make_custom_fields(&m);
	make_about(&m, &names);
}
