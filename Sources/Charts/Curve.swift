/// A growing column of samples in bounded memory: at most 4096 buckets of `stride` samples each.
///
/// When all are full, neighbours merge and the stride doubles; extremes stay exact, samples between the ends
/// of a bucket are forgotten.
package struct Curve: Equatable, Sendable {
  package static let capacity = 4096

  package private(set) var buckets: [Bucket] = []
  /// Samples in each bucket but the last, which may hold fewer.
  package private(set) var stride = 1
  /// Samples so far.
  package private(set) var count = 0

  /// The extremes of the finite samples; nil before the first of them.
  package private(set) var finiteMinimum: Double?
  package private(set) var finiteMaximum: Double?
  /// The lowest value a log axis can show.
  package private(set) var smallestPositive: Double?
  /// Finite samples a log axis cannot show.
  package private(set) var nonPositiveCount = 0

  package init() {}

  /// The samples 0, 1, 2, … of `values`.
  package init(_ values: some Sequence<Double>) {
    for (step, value) in values.enumerated() { append(value, at: step) }
  }

  /// The last sample, finite or not.
  package var last: Double? { buckets.last?.last }
  package var lastStep: Int? { buckets.last?.end }

  /// Adds a sample; steps grow from one to the next.
  package mutating func append(_ value: Double, at step: Int) {
    precondition(lastStep.map { $0 < step } ?? true, "step \(step) does not follow \(lastStep ?? 0)")
    note(value)
    let bucket = Bucket(value, at: step)
    if !count.isMultiple(of: stride) {
      buckets[buckets.count - 1].merge(bucket)
    } else {
      if buckets.count == Self.capacity { halve() }
      // Halving doubled the stride over full buckets, so the sample still opens a new one.
      buckets.append(bucket)
    }
    count += 1
  }

  /// The sample at `step`, nil if there is none or it was forgotten.
  package func value(at step: Int) -> Double? {
    guard let bucket = bucket(startingBy: step).map({ buckets[$0] }) else { return nil }
    if bucket.start == step { return bucket.first }
    return bucket.end == step ? bucket.last : nil
  }

  /// The remembered sample nearest to `step`, the earlier of two; nil if there are no samples.
  package func value(nearest step: Int) -> Double? {
    guard let index = bucket(startingBy: step) else { return buckets.first?.first }
    let bucket = buckets[index]
    var nearest = (distance: step - bucket.start, value: bucket.first)
    if abs(step - bucket.end) < nearest.distance { nearest = (abs(step - bucket.end), bucket.last) }
    if index + 1 < buckets.count, buckets[index + 1].start - step < nearest.distance {
      nearest.value = buckets[index + 1].first
    }
    return nearest.value
  }

  /// The lowest value a log axis can show, those below `threshold` left out as far as buckets tell them apart.
  func smallestPositive(from threshold: Double) -> Double? {
    guard let smallestPositive, smallestPositive < threshold else { return smallestPositive }
    let lowest = buckets.reduce(Double.infinity) { min($0, $1.minimum(from: threshold)) }
    return lowest.isFinite ? lowest : nil
  }

  /// The buckets that meet `steps`, and one more on either side.
  func indices(around steps: ClosedRange<Double>) -> Range<Int> {
    guard !buckets.isEmpty else { return 0..<0 }
    let first = partition { Double($0.end) >= steps.lowerBound }
    let last = partition { Double($0.start) > steps.upperBound }
    return max(first - 1, 0)..<max(min(last + 1, buckets.count), max(first - 1, 0))
  }

  private mutating func note(_ value: Double) {
    guard value.isFinite else { return }
    finiteMinimum = min(finiteMinimum ?? value, value)
    finiteMaximum = max(finiteMaximum ?? value, value)
    if value > 0 {
      smallestPositive = min(smallestPositive ?? value, value)
    } else {
      nonPositiveCount += 1
    }
  }

  private mutating func halve() {
    for pair in 0..<buckets.count / 2 {
      var bucket = buckets[2 * pair]
      bucket.merge(buckets[2 * pair + 1])
      buckets[pair] = bucket
    }
    buckets.removeLast(buckets.count / 2)
    stride *= 2
  }

  /// The last bucket that starts at or before `step`.
  private func bucket(startingBy step: Int) -> Int? {
    let after = partition { $0.start > step }
    return after == 0 ? nil : after - 1
  }

  /// The first bucket for which `isLater` holds, as it does for all that follow.
  private func partition(_ isLater: (Bucket) -> Bool) -> Int {
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) / 2
      if isLater(buckets[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
