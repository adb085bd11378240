#ifndef CKERNELS_H
#define CKERNELS_H

// Passes over many numbers, compiled for each width of vector and chosen at start by the processor, which Swift
// cannot do: on its default x86-64 two numbers are divided at a time where the machine may have eight. No
// product is contracted with a sum, so every width gives the same bits.

// What all entries share in one step of Adam.
struct adam_constants {
  double beta1, beta2;
  // p ← after·(before·p − step·m/(√v·root + ε)).
  double step, root, epsilon, before, after;
  // g + coupling·p in place of g.
  double coupling;
};

// One step of Adam on `count` entries: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and p as above.
void adam_step(long count, struct adam_constants k, double *p, const double *g, double *m, double *v);

// Σ (scale·a_i − scale·b_i)².
double squared_distance(long count, double scale, const double *a, const double *b);

// Σ (a_i + b_i − c_i)².
double squared_distance_of_sum(long count, const double *a, const double *b, const double *c);

// d ← weight·(a − b), and Σ (a_i − b_i)².
double weighted_difference(long count, double weight, const double *a, const double *b, double *d);

#endif
