/// A growing column of samples in bounded memory: at most 4096 buckets of `stride` samples each.
///
/// Above them stands a pyramid: each level merges the buckets below two by two, so that a chart reads no more
/// than it has room to draw. When all buckets are full the lowest level is dropped and the stride doubles;
/// extremes stay exact, samples between the ends of a bucket are forgotten.
package struct Curve: Equatable, Sendable {
  package static let capacity = 4096

  /// Finest first; the coarsest has 64 buckets at most.
  private var levels: [[Bucket]] = Array(repeating: [], count: 7)
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

  package var buckets: [Bucket] { levels[0] }

  /// Memory held, in bytes.
  package var bytes: Int { levels.reduce(0) { $0 + $1.capacity * MemoryLayout<Bucket>.stride } }

  /// The last sample, finite or not.
  package var last: Double? { buckets.last?.last }
  package var lastStep: Int? { buckets.last?.end }

  /// Adds a sample; steps grow from one to the next.
  package mutating func append(_ value: Double, at step: Int) {
    precondition(lastStep.map { $0 < step } ?? true, "step \(step) does not follow \(lastStep ?? 0)")
    note(value)
    if count == Self.capacity * stride { dropFinest() }
    let bucket = Bucket(value, at: step)
    for level in levels.indices {
      let index = (count / stride) >> level
      if index == levels[level].count {
        levels[level].append(bucket)
      } else {
        levels[level][index].merge(bucket)
      }
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

  /// The buckets that meet `steps`, and one more on either side: of the coarsest level with at least `count`
  /// of them, or of the finest.
  func buckets(around steps: ClosedRange<Double>, atLeast count: Int) -> ArraySlice<Bucket> {
    for level in levels.reversed() where level.count >= count {
      let slice = level[indices(of: level, around: steps)]
      if slice.count >= count { return slice }
    }
    return buckets[indices(of: buckets, around: steps)]
  }

  private func indices(of level: [Bucket], around steps: ClosedRange<Double>) -> Range<Int> {
    let first = max(0, partition(level) { Double($0.end) >= steps.lowerBound } - 1)
    let last = min(partition(level) { Double($0.start) > steps.upperBound } + 1, level.count)
    return first..<max(first, last)
  }

  /// Holds these buckets, each of `stride` samples, and no others. Zeros are counted as far as they are remembered.
  mutating func fill(with buckets: [Bucket], stride: Int) {
    self.stride = stride
    count = buckets.count * stride
    levels[0] = buckets
    for level in levels.indices.dropFirst() { levels[level] = Self.merged(levels[level - 1]) }
    for bucket in buckets where bucket.hasFinite {
      finiteMinimum = min(finiteMinimum ?? bucket.minimum, bucket.minimum)
      finiteMaximum = max(finiteMaximum ?? bucket.maximum, bucket.maximum)
      guard bucket.smallestPositive.isFinite else { continue }
      smallestPositive = min(smallestPositive ?? bucket.smallestPositive, bucket.smallestPositive)
    }
    nonPositiveCount = samples.count { $0.value.isFinite && $0.value <= 0 }
  }

  /// Two by two.
  private static func merged(_ level: [Bucket]) -> [Bucket] {
    Swift.stride(from: 0, to: level.count, by: 2).map { index in
      var bucket = level[index]
      if index + 1 < level.count { bucket.merge(level[index + 1]) }
      return bucket
    }
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

  private mutating func dropFinest() {
    levels.removeFirst()
    stride *= 2
    guard let top = levels.last else { return }
    levels.append(Self.merged(top))
  }

  /// The last bucket that starts at or before `step`.
  private func bucket(startingBy step: Int) -> Int? {
    let after = partition(buckets) { $0.start > step }
    return after == 0 ? nil : after - 1
  }

  /// The first bucket for which `isLater` holds, as it does for all that follow.
  private func partition(_ level: [Bucket], _ isLater: (Bucket) -> Bool) -> Int {
    var low = 0
    var high = level.count
    while low < high {
      let middle = (low + high) / 2
      if isLater(level[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
