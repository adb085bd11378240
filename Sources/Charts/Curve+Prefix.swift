extension Curve {
  /// The samples before `step`, as far as buckets tell them apart: of one that `step` divides none are kept.
  package func prefix(before step: Int) -> Curve {
    var part = Curve()
    part.fill(with: buckets.filter { $0.end < step }, stride: stride)
    return part
  }

  /// Its samples before the first of `next`, and those of `next`.
  package func followed(by next: Curve) -> Curve {
    let others = next.samples
    var whole = prefix(before: others.first?.step ?? Int.max)
    for sample in others { whole.append(sample.value, at: sample.step) }
    return whole
  }
}
