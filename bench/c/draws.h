/* Draws: a draw is a hash of who asks, when and what for. The mixing function is that of splitmix64. */

#ifndef DRAWS_H
#define DRAWS_H

#include "generated.h"

static inline uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline uint64_t key(uint64_t parent, uint64_t child)
{
    return mix(parent + (child + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

/* The high half of a draw, in [0, 1). */
static inline double chance(uint64_t draw)
{
    return (double)(int64_t)(draw >> 32) * 0x1p-32;
}

/* A whole number in [0, n) from the low half of a draw. */
static inline int64_t one_of(int64_t n, uint64_t draw)
{
    return ((int64_t)(draw & ((1u << 30) - 1)) * n) >> 30;
}

/* The same, keeping its value as n grows: the jump consistent hash. */
static inline int64_t one_of_growing(int64_t n, uint64_t draw)
{
    int64_t chosen = 0, candidate = 0;
    while (candidate < n) {
        chosen = candidate;
        candidate = (int64_t)((double)(chosen + 1) / (1.0 - chance(draw)));
        draw = key(draw, 0);
    }
    return chosen;
}

/* The key of a firm's draws in a quarter. */
static inline uint64_t firm_key(uint64_t parent, const Firm *firm)
{
    return key(key(key(parent, DRAW_COMMUNITY), (uint64_t)firm->community), (uint64_t)firm->place);
}

/* Of two numbers, in the order in which Python's min and max ask. */
static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }
static inline int64_t least_whole(int64_t a, int64_t b) { return b < a ? b : a; }
static inline int64_t most_whole(int64_t a, int64_t b) { return b > a ? b : a; }

static inline bool in_mask(int64_t mask, int64_t row) { return (mask >> row) & 1; }

#endif
