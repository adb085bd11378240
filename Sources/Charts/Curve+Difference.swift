extension Curve {
  /// a − b at the steps where both remember a sample; where either is not finite, so is the difference.
  ///
  /// Up to 4096 samples that is every common step. Of longer curves each bucket gives its ends, and what
  /// their difference does between them is not known.
  package static func - (a: Curve, b: Curve) -> Curve {
    var difference = Curve()
    let others = b.samples
    var next = 0
    for sample in a.samples {
      while next < others.count, others[next].step < sample.step { next += 1 }
      guard next < others.count else { break }
      if others[next].step == sample.step {
        difference.append(sample.value - others[next].value, at: sample.step)
      }
    }
    return difference
  }

  /// What is remembered as it came: the ends of the buckets, in the order of the steps.
  var samples: [(step: Int, value: Double)] {
    buckets.flatMap { bucket in
      let first = (step: bucket.start, value: bucket.first)
      return bucket.end == bucket.start ? [first] : [first, (step: bucket.end, value: bucket.last)]
    }
  }
}
