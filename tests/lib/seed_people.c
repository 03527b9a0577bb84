/*
 * Owns the lists that made-up people are drawn from. The first ids are the odd ones: every
 * kind of value that a protocol may stumble over.
 */
#include "config.h"

#include "tests/lib/seed.h"

#include <stdio.h>
#include <string.h>

#include "base/place.h"
#include "base/text.h"

enum draw {
	DRAW_NATION = 1,
	DRAW_GIVEN,
	DRAW_FAMILY,
	DRAW_TITLE,
	DRAW_LOCATION,
	DRAW_DEPARTMENT,
	DRAW_TEAM,
	DRAW_STATUS,
	DRAW_DATE,
	DRAW_TYPE,
	DRAW_NUMBER,
	DRAW_STREET,
	DRAW_OPTIONAL,
	DRAW_MANAGER
};

#define LIST_END NULL
#define PICK(list, number) ((list)[(number) % list_count(list)])

struct nation {
	unsigned int		 share;		/* of a hundred */
	const char *const	*given;
	const char *const	*family;
	bool			 family_first;
};

#define NAMES(name, ...) static const char *const name[] = { __VA_ARGS__, LIST_END }

NAMES(english_given, "Olivia", "James", "Amelia", "Noah", "Grace", "Oliver", "Charlotte",
    "William", "Sophie", "Henry", "Emily", "Jack", "Isla", "Leo", "Mary Ann", "Ann-Marie");
NAMES(english_family, "Smith", "Jones", "Taylor", "Brown", "Wilson", "O'Neill", "Walker",
    "Wright", "Smith-Jones", "McDonald", "Clarke", "Wood", "Thompson", "Hughes", "Lewis");
NAMES(german_given, "Jürgen", "Anna", "Lukas", "Käthe", "Björn", "Sophia", "Maximilian",
    "Günther", "Lena", "Felix", "Hannelore", "Jörg", "Mia", "Paul", "Ute");
NAMES(german_family, "Müller", "Schmidt", "Größner", "Weber", "von der Heide", "Schäfer",
    "Koch", "Bäcker", "Wolf", "Schröder", "Straßer", "Krüger", "Hoffmann", "Fuchs");
NAMES(french_given, "Chloé", "Éric", "Zoë", "François", "Amélie", "Jean-Luc", "Hélène",
    "Raphaël", "Camille", "Noël", "Inès", "Théo", "Margaux", "Benoît");
NAMES(french_family, "Lefèvre", "Dubois", "Garçon", "Moreau", "de la Cour", "Bœuf", "Rey",
    "Fournier", "Girard", "L'Hermite", "Chevalier", "Noël", "Perrin", "Guérin");
NAMES(spanish_given, "José", "María", "Íñigo", "Lucía", "Begoña", "Ángel", "Sofía", "Núria",
    "Martín", "Carmen", "Joaquín", "Pilar", "Iván", "Elena");
NAMES(spanish_family, "García", "Núñez", "Ibáñez López", "Muñoz", "Peña", "Rodríguez",
    "Gómez", "Ortega y Gasset", "Castaño", "Romero", "Vázquez", "Serrano", "Molina");
NAMES(polish_given, "Łukasz", "Zofia", "Stanisław", "Żaneta", "Paweł", "Małgorzata", "Jan",
    "Agnieszka", "Michał", "Róża", "Wojciech", "Ewa");
NAMES(polish_family, "Kowalska", "Wójcik", "Dąbrowski", "Żak", "Gąsior", "Nowak", "Źrebiec",
    "Szczęsny", "Lis", "Pająk", "Król", "Wiśniewski");
NAMES(vietnamese_given, "Minh Anh", "Thị Hương", "Quốc Bảo", "Đức", "Thuỳ Linh", "Văn Nam");
NAMES(vietnamese_family, "Nguyễn", "Trần", "Phạm", "Đặng", "Hoàng", "Vũ");
NAMES(turkish_given, "İbrahim", "Işıl", "Gülşen", "Çağrı", "Ömer", "Şule", "Ilgaz");
NAMES(turkish_family, "Yıldız", "Öztürk", "Çelik", "Şahin", "Ilıcalı", "Güneş", "Işık");
NAMES(russian_given, "Анна", "Сергей", "Ёлка", "Дмитрий", "Ольга", "Фёдор", "Юлия", "Игорь");
NAMES(russian_family, "Иванова", "Щербаков", "Кузнецов", "Соловьёв", "Чайка", "Жуков");
NAMES(greek_given, "Γιώργος", "Ελένη", "Νίκος", "Σοφία", "Ιάσων", "Άννα");
NAMES(greek_family, "Παπαδόπουλος", "Αντωνίου", "Γεωργίου", "Νικολάου", "Σταύρος");
NAMES(chinese_given, "伟", "秀英", "小明", "丽", "建国", "思远", "梓涵");
NAMES(chinese_family, "王", "李", "张", "欧阳", "刘", "陈", "诸葛");
NAMES(japanese_given, "太郎", "さくら", "健一", "ケン", "美咲", "大輔");
NAMES(japanese_family, "山田", "佐藤", "鈴木", "高橋", "渡邉", "小林");
NAMES(korean_given, "민준", "서연", "지훈", "하은");
NAMES(korean_family, "김", "이", "박", "최");
NAMES(arabic_given, "محمد", "فاطمة", "أحمد", "ليلى", "يوسف");
NAMES(arabic_family, "الحسن", "العلي", "بن سعيد", "المصري");
NAMES(hebrew_given, "דוד", "שרה", "יעל", "משה");
NAMES(hebrew_family, "כהן", "לוי", "בן-דוד", "פרץ");
NAMES(indian_given, "आरव", "प्रिया", "राज", "அனிதா", "Venkat", "Ananya");
NAMES(indian_family, "शर्मा", "पटेल", "कुमार", "செல்வம்", "Iyer", "Krishnamurthy");

static const struct nation nations[] = {
	{ 22, english_given, english_family, false },
	{ 20, german_given, german_family, false },
	{ 12, french_given, french_family, false },
	{ 12, spanish_given, spanish_family, false },
	{ 8, polish_given, polish_family, false },
	{ 3, vietnamese_given, vietnamese_family, true },
	{ 4, turkish_given, turkish_family, false },
	{ 4, russian_given, russian_family, false },
	{ 3, greek_given, greek_family, false },
	{ 3, chinese_given, chinese_family, true },
	{ 2, japanese_given, japanese_family, true },
	{ 1, korean_given, korean_family, true },
	{ 2, arabic_given, arabic_family, false },
	{ 1, hebrew_given, hebrew_family, false },
	{ 3, indian_given, indian_family, false },
};

NAMES(titles, "Engineer", "Account Manager", "Product Designer", "Sales Representative",
    "Controller", "Office Manager", "Data Scientist", "Support Specialist", "Recruiter",
    "Legal Counsel", "Security Analyst", "Warehouse Clerk", "Research Fellow", "Nurse",
    "Technician", "Field Service", "Consultant", "Analyst", "Purchaser", "Team Assistant");
NAMES(grades, "Junior", "Senior", "Lead", "Principal", "Head of", "Working Student,");
NAMES(branches, "Sales", "Engineering", "Finance", "People & Culture", "Marketing", "Legal",
    "Support", "Research", "Operations", "IT, Security + Infrastructure", "Einkauf",
    "Qualitätssicherung", "Comptabilité", "営業部");
NAMES(types, "FULL_TIME", "PART_TIME", "CONTRACT", "INTERNSHIP", "WORKING_STUDENT", "Beamter");
NAMES(entities, "Acme GmbH", "Acme France S.A.S.", "Acme, Inc.", "Acme España S.L.",
    "Acme 日本株式会社", "Acme Polska Sp. z o.o.");

static const struct place locations[] = {
	{ { "Berlin Mitte", "Torstraße 49", "Berlin", NULL, "10119", "DE", NULL } },
	{ { "München", "Rosenheimer Str. 143 c", "München", "Bayern", "81671", "DE", NULL } },
	{ { "Paris Opéra", "12 bis, rue de la Paix", "Paris", "Île-de-France", "75002", "FR",
	    NULL } },
	{ { "Madrid", "Calle de Alcalá, 42", "Madrid", NULL, "28014", "ES", NULL } },
	{ { "New York", "350 Fifth Avenue\nSuite 4100", "New York", "NY", "10118", "US", NULL } },
	{ { "Kraków", "ul. Długa 7", "Kraków", NULL, "31-147", "PL", NULL } },
	{ { "東京", "丸の内1-1", "千代田区", "東京都", "100-0005", "JP", NULL } },
	{ { "Remote", NULL, NULL, NULL, NULL, "Deutschland", NULL } },
};

/* What the first people show instead of what they would be given. */
static const struct {
	enum field_id	 field;
	const char	*value;		/* NULL: none */
} odds[] = {
	{ FIELD_LAST_NAME, NULL },
	{ FIELD_FIRST_NAME, NULL },
	{ FIELD_WORK_EMAIL, NULL },
	{ FIELD_MOBILE_PHONE, "ask reception — ☎" },
	{ FIELD_WORK_EMAIL, "jörg@bücher.example" },
	{ FIELD_JOB_TITLE, "*(special)\\characters, \"quoted\" <here>; a=b + #1" },
	{ FIELD_DISPLAY_NAME, "#Smith, \"Johnny\" + Co; <x>=\\y" },
	{ FIELD_EMPLOYEE_NUMBER, "000042" },
	{ FIELD_DISPLAY_NAME, "Two  blanks   inside" },
	{ FIELD_JOB_TITLE, "👩‍💻 Développeuse" },
	{ FIELD_LAST_NAME, "ﬁsh ＦＵＬＬ Ⅷ" },
	{ FIELD_DISPLAY_NAME, "X" },
	{ FIELD_MOBILE_PHONE, "+49 (30) 123-456 78" },
	{ FIELD_LEGAL_ENTITY, NULL },
	{ FIELD_START_DATE, NULL },
	{ FIELD_LAST_NAME, "Straße" },
	{ FIELD_LAST_NAME, "STRASSE" },
	{ FIELD_PERSONAL_EMAIL, "not an address" },
};

static size_t
list_count(const char *const *list)
{
	size_t n;

	for (n = 0; list[n] != NULL; n++)
		continue;
	return (n);
}

uint64_t
seed_draw(const struct seed *seed, uint64_t what, uint64_t index)
{
	uint64_t x;

	x = (uint64_t)seed->number + what * UINT64_C(0x9e3779b97f4a7c15);
	x ^= (index + 1) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return ((x ^ x >> 31) >> 8);
}

static const struct nation *
seed_nation(const struct seed *seed, int64_t id)
{
	unsigned int left;
	size_t i;

	left = (unsigned int)(seed_draw(seed, DRAW_NATION, (uint64_t)id) % 100);
	for (i = 0; left >= nations[i].share; i++)
		left -= nations[i].share;
	return (&nations[i]);
}

static struct uuid
seed_uuid(const struct seed *seed, const char *what, int64_t id)
{
	struct uuid space = { .bytes = "rollcall's seed" };
	char name[64];

	space.bytes[UUID_SIZE - 1] = (uint8_t)seed->number;
	(void)snprintf(name, sizeof(name), "%s:%lld", what, (long long)id);
	return (uuid_named(&space, name, strlen(name)));
}

static const char *
seed_uid(const struct served_person *person, struct arena *arena)
{
	const char *first, *last;

	first = text_ascii(arena, person->value[FIELD_FIRST_NAME]);
	last = text_ascii(arena, person->value[FIELD_LAST_NAME]);
	if (*first == '\0' && *last == '\0')
		return (arena_printf(arena, "p%lld", (long long)person->id));
	return (arena_printf(arena, "%s%s%s%lld", first, *first != '\0' && *last != '\0' ?
	    "." : "", last, (long long)person->id));
}

static enum person_status
seed_status(const struct seed *seed, int64_t id)
{
	uint64_t percent;

	percent = id <= 40 ? 50 : seed_draw(seed, DRAW_STATUS, (uint64_t)id) % 100;
	return (percent < 3 ? STATUS_ONBOARDING : percent < 6 ? STATUS_DEPARTED :
	    percent < 10 ? STATUS_OFFBOARDING : STATUS_ACTIVE);
}

static const char *
seed_date(const struct seed *seed, int64_t id, struct arena *arena, int first, int years)
{
	uint64_t number;

	number = seed_draw(seed, DRAW_DATE + (uint64_t)first, (uint64_t)id);
	return (arena_printf(arena, "%04d-%02d-%02d", first + (int)(number % (uint64_t)years),
	    (int)(number / 100 % 12) + 1, (int)(number / 1200 % 28) + 1));
}

static void
seed_names(const struct seed *seed, struct arena *arena, struct served_person *person)
{
	const struct nation *nation = seed_nation(seed, person->id);
	const char *first, *last;

	first = PICK(nation->given, seed_draw(seed, DRAW_GIVEN, (uint64_t)person->id));
	last = PICK(nation->family, seed_draw(seed, DRAW_FAMILY, (uint64_t)person->id));
	person->value[FIELD_FIRST_NAME] = first;
	person->value[FIELD_LAST_NAME] = last;
	person->value[FIELD_DISPLAY_NAME] = arena_printf(arena, "%s %s",
	    nation->family_first ? last : first, nation->family_first ? first : last);
	person->uid = seed_uid(person, arena);
	person->value[FIELD_WORK_EMAIL] = arena_printf(arena, "%s@%s.example", person->uid,
	    seed_draw(seed, DRAW_LOCATION, (uint64_t)person->id) % 3 == 0 ? "acme-labs" :
	    "acme");
}

static void
seed_work(const struct seed *seed, struct arena *arena, struct served_person *person)
{
	uint64_t id = (uint64_t)person->id, number;
	const char **value = person->value;

	number = seed_draw(seed, DRAW_TITLE, id);
	value[FIELD_JOB_TITLE] = arena_printf(arena, "%s %s", PICK(grades, number),
	    PICK(titles, number / 100));
	value[FIELD_EMPLOYEE_NUMBER] = arena_printf(arena, "%06lld", (long long)id * 7 % 1000000);
	value[FIELD_EMPLOYMENT_STATUS] = "ACTIVE";
	value[FIELD_EMPLOYMENT_TYPE] = PICK(types, seed_draw(seed, DRAW_TYPE, id) % 13);
	value[FIELD_START_DATE] = seed_date(seed, person->id, arena, 1995, 31);
	if (person->status == STATUS_OFFBOARDING || person->status == STATUS_DEPARTED)
		value[FIELD_TERMINATION_DATE] = seed_date(seed, person->id, arena, 2026, 2);
	number = seed_draw(seed, DRAW_LOCATION, id);
	value[FIELD_LEGAL_ENTITY] = PICK(entities, number);
	value[FIELD_WORK_LOCATION] = place_join(arena,
	    &locations[number % (sizeof(locations) / sizeof(locations[0]))]);
	number = seed_draw(seed, DRAW_DEPARTMENT, id);
	value[FIELD_DEPARTMENT] = PICK(branches, number);
	value[FIELD_TEAM] = arena_printf(arena, "%s %d", value[FIELD_DEPARTMENT],
	    (int)(seed_draw(seed, DRAW_TEAM, id) % 40));
	value[FIELD_COST_CENTER] = arena_printf(arena, "CC-%04d", (int)(number % 300) + 1000);
}

static void
seed_private(const struct seed *seed, struct arena *arena, struct served_person *person)
{
	struct place place = { .part = { NULL } };
	uint64_t number;

	number = seed_draw(seed, DRAW_OPTIONAL, (uint64_t)person->id);
	if (number % 2 == 0)
		person->value[FIELD_MOBILE_PHONE] = arena_printf(arena, "+49 17%d %07d",
		    (int)(number / 10 % 10), (int)(number / 100 % 10000000));
	if (number % 5 == 0)
		person->value[FIELD_PERSONAL_EMAIL] = arena_printf(arena, "%s@mail.example",
		    person->uid);
	if (number % 7 != 0)
		return;
	place.part[PLACE_STREET] = arena_printf(arena, "Main $treet\\%d", (int)(number % 200));
	place.part[PLACE_CITY] = "Springfield";
	place.part[PLACE_ZIP] = "12345";
	person->value[FIELD_HOME_ADDRESS] = place_join(arena, &place);
}

void
seed_person(const struct seed *seed, int64_t id, struct arena *arena,
    struct served_person *person)
{
	size_t odd;

	*person = (struct served_person){ .id = id, .uuid = seed_uuid(seed, "person", id),
	    .status = seed_status(seed, id), .source = id % 3 == 0 ? "fr" : "de" };
	person->active = person->status == STATUS_ACTIVE ||
	    person->status == STATUS_OFFBOARDING;
	seed_names(seed, arena, person);
	seed_work(seed, arena, person);
	seed_private(seed, arena, person);
	odd = (size_t)id - 2;		/* the head is an ordinary person */
	if (id >= 2 && odd < sizeof(odds) / sizeof(odds[0]))
		person->value[odds[odd].field] = odds[odd].value;
}

int64_t
seed_manager(const struct seed *seed, int64_t id)
{
	if (id <= 1)
		return (0);
	if (id <= 10)
		return (1);
	return (1 + (int64_t)(seed_draw(seed, DRAW_MANAGER, (uint64_t)id) %
	    (uint64_t)(id / 8 + 1)));
}

/* ---- groups -------------------------------------------------------------------------------- */

static const char *const odd_groups[] = {
	"Everybody", "R&D, Berlin + Paris", "#1 team", "say \"hello\"", "back\\slash",
	"a=b; c<d>", "Ünïcøde Ⅳ", "チーム", "two  blanks", "trailing dot.", "*", "(parens)",
};
#define ODD_GROUPS ((int64_t)(sizeof(odd_groups) / sizeof(odd_groups[0])))

int64_t
seed_group_count(const struct seed *seed)
{
	return (ODD_GROUPS + seed->people / 50 + 1);
}

void
seed_group(const struct seed *seed, int64_t id, struct arena *arena,
    struct served_group *group)
{
	static const char *const group_types[] = { "DEPARTMENT", "TEAM", "COST_CENTER" };

	*group = (struct served_group){ .id = id, .uuid = seed_uuid(seed, "group", id),
	    .type = group_types[id % 3], .source = "de" };
	if (id <= ODD_GROUPS)
		group->cn = odd_groups[id - 1];
	else
		group->cn = arena_printf(arena, "%s %lld", PICK(branches, (uint64_t)id),
		    (long long)id);
}

static void
seed_add_group(int64_t *groups, size_t *count, int64_t id)
{
	size_t i, j;

	for (i = 0; i < *count && groups[i] < id; i++)
		continue;
	if (i < *count && groups[i] == id)
		return;
	for (j = (*count)++; j > i; j--)
		groups[j] = groups[j - 1];
	groups[i] = id;
}

size_t
seed_groups(const struct seed *seed, int64_t id, int64_t groups[SEED_GROUPS_A_PERSON])
{
	uint64_t groups_n = (uint64_t)seed_group_count(seed) - 1;
	size_t count;

	count = 0;
	if (id <= seed->big)
		seed_add_group(groups, &count, SEED_BIG_GROUP);
	seed_add_group(groups, &count, 2 + (int64_t)((uint64_t)id % groups_n));
	seed_add_group(groups, &count,
	    2 + (int64_t)(seed_draw(seed, DRAW_TEAM, (uint64_t)id) % groups_n));
	if (id % 4 == 0)
		seed_add_group(groups, &count,
		    2 + (int64_t)(seed_draw(seed, DRAW_NUMBER, (uint64_t)id) % groups_n));
	return (count);
}
