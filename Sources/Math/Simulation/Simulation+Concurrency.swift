import Dispatch
import Synchronization

extension Simulation {
  /// Entries of a layer from which a step is long against the waking of a thread.
  package static let concurrentSize = 128 * 128

  /// Whether the layers are large enough for series to go side by side.
  package var isLarge: Bool {
    problem.pretrained.contains { $0.storage.count >= Self.concurrentSize }
  }

  /// `body` of every series, side by side if `isConcurrent`; they share nothing, so the numbers are the same.
  mutating func forEachSeries(_ body: @Sendable (inout Series, Int) -> Void) {
    series.forEach(threads: isConcurrent ? series.count : 1, body)
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

extension Array where Element: Sendable {
  /// `body` of every element with its index, on as many threads as there are processors, at most `threads`.
  package mutating func forEach(threads: Int, _ body: @Sendable (inout Element, Int) -> Void) {
    guard threads > 1 else {
      for i in indices { body(&self[i], i) }
      return
    }
    let next = Atomic(0)
    withUnsafeMutableBufferPointer { elements in
      // Each is taken by one thread.
      nonisolated(unsafe) let elements = elements
      DispatchQueue.concurrentPerform(iterations: Swift.min(threads, elements.count)) { _ in
        while case let i = next.wrappingAdd(1, ordering: .relaxed).oldValue, i < elements.count {
          body(&elements[i], i)
        }
      }
    }
  }
}
