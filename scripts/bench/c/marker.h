/*
 * A marker stands in what an order's shopper typed as a name, and so comes back in every row that shows the order:
 * `mrk-<which order, 8 hex>-<when it was sent, 16 hex: nanoseconds of CLOCK_MONOTONIC>`.
 */
#ifndef MARKER_H
#define MARKER_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MARKER_BYTES 29

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline int write_marker(char *to, uint32_t order, uint64_t at_ns) {
  return sprintf(to, "mrk-%08x-%016lx", order, (unsigned long)at_ns);
}

static inline int hex(const char *from, int digits, uint64_t *value) {
  *value = 0;
  for (int i = 0; i < digits; i++) {
    char c = from[i];
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return 0;
    *value = *value << 4 | (unsigned)digit;
  }
  return 1;
}

/*
 * The next whole marker at or after `from`; NULL when there is none before `end`. Returns where it ends.
 * Rows hold few a k, and memchr looks at 32 bytes at once where memmem takes them one by one.
 */
static inline const char *read_marker(const char *from, const char *end, uint64_t *order, uint64_t *at_ns) {
  while (end - from >= MARKER_BYTES && (from = memchr(from + 2, 'k', (size_t)(end - from) - (MARKER_BYTES - 1)))) {
    from -= 2;
    if (!memcmp(from, "mrk-", 4) && from[12] == '-' && hex(from + 4, 8, order) && hex(from + 13, 16, at_ns))
      return from + MARKER_BYTES;
    from += 1;
  }
  return NULL;
}

/* Sorts and takes the value that `share` of all are not above; 0 when there are none. */
static int by_size(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static inline uint32_t rank(const uint32_t *sorted, size_t count, double share) {
  if (count == 0) return 0;
  size_t at = (size_t)(share * (double)count);
  return sorted[at < count ? at : count - 1];
}

#endif
