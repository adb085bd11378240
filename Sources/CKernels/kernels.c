#include "kernels.h"

#include <string.h>

#pragma clang fp contract(off)

#if defined(__x86_64__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

// Eight numbers at any address, and eight times one number.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
#define LOAD(p) (*(const lanes *)(p))
#define STORE(p, x) (*(lanes *)(p) = (x))
#define ALL(x) ((lanes){(x), (x), (x), (x), (x), (x), (x), (x)})

// Becomes part of each of a caller's widths.
#define INLINE static inline __attribute__((always_inline))

INLINE void adam_eight(struct adam_constants k, double *p, const double *g, double *m, double *v) {
  lanes weight = LOAD(p);
  lanes gradient = LOAD(g) + ALL(k.coupling) * weight;
  lanes mean = ALL(k.beta1) * LOAD(m) + ALL(1 - k.beta1) * gradient;
  lanes square = ALL(k.beta2) * LOAD(v) + ALL(1 - k.beta2) * (gradient * gradient);
  lanes size = __builtin_elementwise_sqrt(square) * ALL(k.root) + ALL(k.epsilon);
  STORE(m, mean);
  STORE(v, square);
  STORE(p, ALL(k.after) * (ALL(k.before) * weight - ALL(k.step) * mean / size));
}

WIDEST void adam_step(long count, struct adam_constants k, double *p, const double *g, double *m, double *v) {
  long whole = count & ~7L;
  for (long i = 0; i < whole; i += 8) adam_eight(k, p + i, g + i, m + i, v + i);
  if (whole == count) return;
  // The last numbers, fewer than eight, with zeros behind them.
  double rest[4][8] = {{0}};
  size_t size = (size_t)(count - whole) * sizeof(double);
  memcpy(rest[0], p + whole, size);
  memcpy(rest[1], g + whole, size);
  memcpy(rest[2], m + whole, size);
  memcpy(rest[3], v + whole, size);
  adam_eight(k, rest[0], rest[1], rest[2], rest[3]);
  memcpy(p + whole, rest[0], size);
  memcpy(m + whole, rest[2], size);
  memcpy(v + whole, rest[3], size);
}

INLINE double sum(const double *lane) {
  double total = 0;
  for (int j = 0; j < 8; j++) total += lane[j];
  return total;
}

WIDEST double squared_distance(long count, double scale, const double *a, const double *b) {
  lanes total = {0};
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    lanes difference = ALL(scale) * LOAD(a + i) - ALL(scale) * LOAD(b + i);
    total += difference * difference;
  }
  double rest = 0;
  for (; i < count; i++) {
    double difference = scale * a[i] - scale * b[i];
    rest += difference * difference;
  }
  return sum((const double *)&total) + rest;
}

WIDEST double squared_distance_of_sum(long count, const double *a, const double *b, const double *c) {
  lanes total = {0};
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    lanes difference = LOAD(a + i) + LOAD(b + i) - LOAD(c + i);
    total += difference * difference;
  }
  double rest = 0;
  for (; i < count; i++) {
    double difference = a[i] + b[i] - c[i];
    rest += difference * difference;
  }
  return sum((const double *)&total) + rest;
}

WIDEST double weighted_difference(long count, double weight, const double *a, const double *b, double *d) {
  lanes total = {0};
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    lanes difference = LOAD(a + i) - LOAD(b + i);
    total += difference * difference;
    STORE(d + i, ALL(weight) * difference);
  }
  double rest = 0;
  for (; i < count; i++) {
    double difference = a[i] - b[i];
    rest += difference * difference;
    d[i] = weight * difference;
  }
  return sum((const double *)&total) + rest;
}
