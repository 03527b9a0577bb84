/*
 * Numbers drawn from a seed: the same question has the same answer for ever, in any
 * order of asking, so that nothing about a person needs to be kept. Not for secrets.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_DRAW_H
#define ROLLCALL_TESTS_SANDBOX_DRAW_H

#include <stdbool.h>
#include <stdint.h>

/* What a number is drawn for. */
enum draw_for {
	DRAW_SLOTS = 1,
	DRAW_SHARE,
	DRAW_PAIR,
	DRAW_LEVEL,
	DRAW_PLACE,
	DRAW_TEAM,
	DRAW_NATIONALITY,
	DRAW_DISPLAY,
	DRAW_TITLE,
	DRAW_MAIL,
	DRAW_PHONE,
	DRAW_NUMBERS,
	DRAW_MARITAL,
	DRAW_HOURS,
	DRAW_AVATAR,
	DRAW_STREET,
	DRAW_BIRTH,
	DRAW_START,
	DRAW_END,
	DRAW_CHANGED,
	DRAW_DELETED,
	DRAW_CUSTOM,
	DRAW_CONTRACTS,
	DRAW_PAY,
	DRAW_BALANCE,
	DRAW_TYPE,
	DRAW_GROUP,
	DRAW_ORDER,
	DRAW_MEMBER,
	DRAW_EXTRA,
	DRAW_CHURN
};

static inline uint64_t
draw(uint64_t seed, enum draw_for what, uint64_t index)
{
	uint64_t x;

	x = seed + (uint64_t)what * UINT64_C(0x9e3779b97f4a7c15);
	x ^= (index + 1) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (x ^ x >> 31);
}

/* 0 to limit - 1; limit is not 0. */
static inline uint32_t
draw_below(uint64_t seed, enum draw_for what, uint64_t index, uint32_t limit)
{
	return ((uint32_t)((draw(seed, what, index) >> 32) * limit >> 32));
}

static inline bool
draw_chance(uint64_t seed, enum draw_for what, uint64_t index, uint32_t percent)
{
	return (draw_below(seed, what, index, 100) < percent);
}

#endif
