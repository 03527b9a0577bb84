/*
 * Persistent containers against a plain model: random changes, every version compared, old
 * versions unchanged while newer ones are made.
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/cow.h"

#define UNIVERSE	20000
#define ROUNDS		60

static unsigned int seed;

static unsigned int
draw(unsigned int below)
{
	seed = seed * 1103515245U + 12345U;
	return ((seed >> 8) % below);
}

static void
check_set(const struct cow_set *set, const bool *model)
{
	struct cow_cursor cursor;
	uint64_t number;
	size_t count;
	size_t i;

	count = 0;
	cow_cursor_open(&cursor, set, 0, UINT64_MAX);
	for (i = 0; i < UNIVERSE; i++) {
		if (!model[i])
			continue;
		count++;
		assert_true(cow_cursor_next(&cursor, &number));
		assert_int_equal(number, i * 7);
	}
	assert_false(cow_cursor_next(&cursor, &number));
	assert_int_equal(cow_set_count(set), count);
}

static void
check_set_ranges(const struct cow_set *set, const bool *model)
{
	struct cow_cursor cursor;
	size_t count, high, i, low, round;
	uint64_t number;

	for (round = 0; round < 20; round++) {
		low = draw(UNIVERSE);
		high = low + draw(UNIVERSE / 4);
		for (i = low, count = 0; i <= high && i < UNIVERSE; i++)
			count += model[i];
		assert_int_equal(cow_set_range_count(set, low * 7, high * 7), count);
		assert_int_equal(cow_cursor_open_count(&cursor, set, low * 7, high * 7), count);
		for (i = low; i <= high && i < UNIVERSE; i += 1 + draw(40)) {
			while (i < UNIVERSE && !model[i])
				i++;
			cow_cursor_seek(&cursor, i * 7);
			assert_int_equal(cow_cursor_next(&cursor, &number), i <= high &&
			    i < UNIVERSE);
			if (i > high || i >= UNIVERSE)
				break;
			assert_int_equal(number, i * 7);
		}
		cow_cursor_open(&cursor, set, 0, UINT64_MAX);
		cow_cursor_seek(&cursor, low * 7);
		for (i = low; i < UNIVERSE && !model[i]; i++)
			continue;
		assert_int_equal(cow_cursor_next(&cursor, &number), i < UNIVERSE);
		if (i < UNIVERSE)
			assert_int_equal(number, i * 7);
	}
}

static void
test_set(void **state)
{
	static bool model[UNIVERSE], before[UNIVERSE];
	static uint64_t add[UNIVERSE], del[UNIVERSE];
	struct cow_trash trash = { .list = NULL };
	struct cow_set *old, *set;
	size_t adds, dels, i, round;
	unsigned int rate;

	(void)state;
	seed = 1;
	set = cow_set_build(NULL, 0);
	memset(model, 0, sizeof(model));
	for (round = 0; round < ROUNDS; round++) {
		memcpy(before, model, sizeof(model));
		rate = round % 7 == 6 ? 2 : 1 + draw(500);	/* now and then nearly all */
		adds = dels = 0;
		for (i = 0; i < UNIVERSE; i++) {
			if (draw(rate) != 0)
				continue;
			if (model[i])
				del[dels++] = i * 7;
			else
				add[adds++] = i * 7;
			model[i] = !model[i];
		}
		old = set;
		set = cow_set_apply(old, add, adds, del, dels, &trash);
		check_set(set, model);
		check_set_ranges(set, model);
		if (cow_set_count(old) > 0)
			check_set(old, before);
		cow_empty(&trash);
	}
	cow_set_close(&set);
}

static void
check_array(const struct cow_array *array, int *const *model)
{
	uint32_t i, index, n;

	for (i = n = 0; i < UNIVERSE; i++) {
		assert_ptr_equal(cow_array_get(array, i), model[i]);
		if (model[i] == NULL)
			continue;
		assert_true(cow_array_nth(array, n++, &index));
		assert_int_equal(index, i);
	}
	assert_int_equal(cow_array_count(array), n);
	assert_false(cow_array_nth(array, n, &index));
	for (index = i = 0; cow_array_next(array, &index) != NULL; index++, i++)
		assert_non_null(model[index]);
	assert_int_equal(i, n);
}

static void
test_array(void **state)
{
	static int *before[UNIVERSE], *model[UNIVERSE], things[UNIVERSE];
	static struct cow_put puts[UNIVERSE];
	struct cow_trash trash = { .list = NULL };
	struct cow_array *array, *old;
	size_t count, round;
	uint32_t i;

	(void)state;
	seed = 2;
	memset(model, 0, sizeof(model));
	array = cow_array_apply(NULL, NULL, 0, &trash);
	for (round = 0; round < ROUNDS; round++) {
		memcpy(before, model, sizeof(model));
		for (i = count = 0; i < UNIVERSE; i++) {
			if (draw(300) != 0)
				continue;
			model[i] = draw(3) == 0 ? NULL : &things[draw(UNIVERSE)];
			puts[count++] = (struct cow_put){ .index = i, .pointer = model[i] };
		}
		old = array;
		array = cow_array_apply(old, puts, count, &trash);
		check_array(array, model);
		check_array(old, before);
		cow_empty(&trash);
	}
	cow_array_close(&array);
}

/* An order by value, then id, of those whose value is not negative. */
struct values {
	int	value[UNIVERSE];
};

static int
compare_values(void *context, uint32_t a, uint32_t b)
{
	const struct values *values = context;

	if (values->value[a] != values->value[b])
		return (values->value[a] < values->value[b] ? -1 : 1);
	return (a < b ? -1 : a > b);
}

static int
compare_ids(const void *a, const void *b, void *context)
{
	return (compare_values(context, *(const uint32_t *)a, *(const uint32_t *)b));
}

static size_t
ids_of(struct values *values, const uint32_t *from, size_t count, uint32_t *ids)
{
	size_t i, n;

	for (i = n = 0; i < count; i++)
		if (values->value[from[i]] >= 0)
			ids[n++] = from[i];
	qsort_r(ids, n, sizeof(*ids), compare_ids, values);
	return (n);
}

struct probe {
	struct values	*values;
	int		 wanted;
};

static int
probe_value(void *context, uint32_t id)
{
	const struct probe *probe = context;

	return (probe->values->value[id] < probe->wanted ? -1 : 1);
}

static void
check_order(const struct cow_order *order, struct values *values)
{
	static uint32_t all[UNIVERSE], sorted[UNIVERSE];
	struct probe probe = { .values = values };
	size_t count, i, place;

	for (i = 0; i < UNIVERSE; i++)
		all[i] = (uint32_t)i;
	count = ids_of(values, all, UNIVERSE, sorted);
	assert_int_equal(cow_order_count(order), count);
	for (i = 0; i < count; i++)
		assert_int_equal(cow_order_at(order, i), sorted[i]);
	probe.wanted = (int)draw(1000);
	place = cow_order_find(order, probe_value, &probe);
	assert_true(place == count || values->value[sorted[place]] >= probe.wanted);
	assert_true(place == 0 || values->value[sorted[place - 1]] < probe.wanted);
}

static void
test_order(void **state)
{
	static uint32_t add[UNIVERSE], changed[UNIVERSE], del[UNIVERSE];
	static struct values now, was;
	struct cow_trash trash = { .list = NULL };
	struct cow_order *old, *order;
	size_t adds, count, dels, i, round;
	unsigned int rate;

	(void)state;
	seed = 3;
	for (i = 0; i < UNIVERSE; i++)
		now.value[i] = -1;
	order = cow_order_build(NULL, 0);
	for (round = 0; round < ROUNDS; round++) {
		was = now;
		rate = round % 9 == 8 ? 2 : 1 + draw(800);
		for (i = count = 0; i < UNIVERSE; i++) {
			if (draw(rate) != 0)
				continue;
			now.value[i] = draw(4) == 0 ? -1 : (int)draw(1000);
			changed[count++] = (uint32_t)i;
		}
		dels = ids_of(&was, changed, count, del);
		adds = ids_of(&now, changed, count, add);
		old = order;
		order = cow_order_apply(old, compare_values, &was, del, dels, &now, add, adds,
		    &trash);
		check_order(order, &now);
		check_order(old, &was);
		cow_empty(&trash);
	}
	cow_order_close(&order);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_order),
	};

	return (cmocka_run_group_tests_name("cow", tests, NULL, NULL));
}
