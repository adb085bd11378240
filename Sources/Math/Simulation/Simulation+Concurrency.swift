import Dispatch

extension Simulation {
  /// Entries of a layer from which a step is long against the waking of a thread.
  package static let concurrentSize = 128 * 128

  /// Whether the layers are large enough for series to go side by side.
  package var isLarge: Bool {
    problem.pretrained.contains { $0.storage.count >= Self.concurrentSize }
  }

  /// `body` of every series, side by side if `isConcurrent`; they share nothing, so the numbers are the same.
  mutating func forEachSeries(_ body: @Sendable (inout Series, Int) -> Void) {
    guard isConcurrent else {
      for i in series.indices { body(&series[i], i) }
      return
    }
    series.withUnsafeMutableBufferPointer { series in
      // Each iteration has a series of its own.
      nonisolated(unsafe) let series = series
      DispatchQueue.concurrentPerform(iterations: series.count) { body(&series[$0], $0) }
    }
  }

  /// The same, with what each says.
  mutating func mapSeries<Value: Sendable>(_ body: @Sendable (inout Series, Int) -> Value) -> [Value] {
    var values: [Value?] = Array(repeating: nil, count: series.count)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values
      forEachSeries { values[$1] = body(&$0, $1) }
    }
    return values.compactMap(\.self)
  }
}
