import Synchronization

/// Work on other threads that a synchronous command waits for.
package final class Work<Value: Sendable>: Sendable {
  private struct State {
    var done = 0
    var result: Result<Value, any Error>?
  }

  private let state = Mutex(State())
  private let wakePipe: WakePipe

  /// - Parameter work: tells how much of it is done.
  package init(
    _ work: @escaping @Sendable (_ progress: @escaping @Sendable (Int) -> Void) async throws -> Value
  ) throws(TerminalError) {
    wakePipe = try WakePipe()
    Task.detached {
      let result: Result<Value, any Error>
      do {
        result = .success(try await work { done in self.update { $0.done = max($0.done, done) } })
      } catch {
        result = .failure(error)
      }
      self.update { $0.result = result }
    }
  }

  private func update(_ change: (inout State) -> Void) {
    state.withLock { change(&$0) }
    wakePipe.wake()
  }

  /// Blocks this thread until the work is done, and shows how far it is.
  package func wait(showing show: (_ done: Int) -> Void) throws -> Value {
    while true {
      let (done, result) = state.withLock { ($0.done, $0.result) }
      if let result { return try result.get() }
      show(done)
      _ = wakePipe.wait(milliseconds: -1)
      wakePipe.drain()
    }
  }
}
