extension Curve {
  /// This curve less another at the steps where both remember a sample; where either is not finite, so is the
  /// difference. Zero where `rounding`, or 1e-13 of the values themselves, hundreds of roundings, is all.
  ///
  /// Up to 4096 samples that is every common step. Of longer curves each bucket gives its ends, and what
  /// their difference does between them is not known.
  package func minus(_ other: Curve, rounding: Double = 0) -> Curve {
    var difference = Curve()
    let others = other.samples
    var next = 0
    for sample in samples {
      while next < others.count, others[next].step < sample.step { next += 1 }
      guard next < others.count else { break }
      if others[next].step == sample.step {
        let (a, b) = (sample.value, others[next].value)
        let isZero = abs(a - b) <= max(rounding, 1e-13 * min(abs(a), abs(b)))
        difference.append(isZero ? 0 : a - b, at: sample.step)
      }
    }
    return difference
  }

  /// Every remembered sample times `factor`; see `minus` for what is remembered.
  package func scaled(by factor: Double) -> Curve {
    var scaled = Curve()
    for sample in samples { scaled.append(factor * sample.value, at: sample.step) }
    return scaled
  }

  /// The steps themselves, where a sample is remembered.
  package var steps: Curve {
    var steps = Curve()
    for sample in samples { steps.append(Double(sample.step), at: sample.step) }
    return steps
  }

  /// What is remembered as it came: the ends of the buckets, in the order of the steps.
  var samples: [(step: Int, value: Double)] {
    buckets.flatMap { bucket in
      let first = (step: bucket.start, value: bucket.first)
      return bucket.end == bucket.start ? [first] : [first, (step: bucket.end, value: bucket.last)]
    }
  }
}
