import Synchronization

/// What every job comes to with seeds 1 to `seeds`, as many at a time as there are cores.
/// - Parameter progress: hears how many of jobs × seeds are done, on the threads that do them.
func measured<Value: Sendable>(
  _ jobs: [@Sendable (_ seed: Int) throws -> Value], seeds: Int,
  progress: @escaping @Sendable (_ done: Int) -> Void
) async throws -> [[Value]] {
  var values = jobs.map { _ in [Value?](repeating: nil, count: seeds) }
  // The group hears of the first only once a thread is free to listen.
  let done = Count()
  try await withThrowingTaskGroup(of: (job: Int, seed: Int, value: Value).self) { group in
    for (i, job) in jobs.enumerated() {
      for seed in 1...seeds {
        group.addTask {
          try Task.checkCancellation()
          let value = try job(seed)
          progress(done.next())
          return (i, seed, value)
        }
      }
    }
    for try await one in group { values[one.job][one.seed - 1] = one.value }
  }
  return values.map { $0.compactMap(\.self) }
}

private final class Count: Sendable {
  private let value = Atomic(0)

  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}
