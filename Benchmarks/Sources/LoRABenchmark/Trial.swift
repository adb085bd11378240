import Dispatch
import Math

/// One run: per step the loss before the update, the update, and after it the deviation from full
/// fine-tuning; every few steps the leading singular values of W − W0.
struct Trial {
  private let work: Workload
  private let systems: [System]
  private let keep: Int
  private let specEvery: Int
  /// Worth it only where a series' step is long against the waking of a thread.
  private let isParallel: Bool
  private var lanes: [Lane]
  /// X·W0, which most of them use; nil when none does.
  private var shared: Matrix?

  /// One series with what was measured of it.
  private struct Lane {
    var series: Series
    /// Whose weight deviations are measured from; itself where there is none.
    let reference: Int
    var loss: [Double] = []
    var dev: [Double] = []
    var spectra: [[Double]] = []
  }

  init(
    _ work: Workload, _ systems: [System], _ settings: System.Settings, keep: Int, specEvery: Int,
    threads: Int
  ) {
    self.work = work
    self.systems = systems
    self.keep = keep
    self.specEvery = specEvery
    isParallel = threads > 1 && work.W0.storage.count >= 128 * 128
    lanes = systems.enumerated().map { i, system in
      Lane(series: system.series(work, settings), reference: systems.firstIndex(of: system.reference) ?? i)
    }
    if lanes.contains(where: \.series.usesPretrainedOutput) {
      shared = Matrix(work.pool[0].count, work.W0.columns)
    }
  }

  mutating func run(_ steps: Int) throws {
    for t in 0..<steps {
      var batch = work.pool[t % work.pool.count]
      if let X = batch.X { shared?.set(X, work.W0) }
      batch.pretrainedOutput = shared
      forLanes { [batch] lane, _ in
        lane.series.advance(batch, .meanSquaredError, step: t)
        lane.loss.append(lane.series.batchLoss)
      }
      batch.pretrainedOutput = nil
      let references = lanes.indices.map { i in
        lanes[i].reference == i ? nil : lanes[lanes[i].reference].series.chain.parameters[0][.W]
      }
      forLanes { lane, i in
        lane.dev.append(references[i].map { lane.series.distance(layer: 0, to: $0) } ?? 0)
      }
      guard specEvery > 0, t % specEvery == 0 else { continue }
      forLanes { [work, keep] lane, _ in
        let values = try? lane.series.leadingSpectrum(layer: 0, from: work.W0, keep, tolerance: 1e-10)
        lane.spectra.append(values ?? [])
      }
    }
  }

  private mutating func forLanes(_ body: @Sendable (inout Lane, Int) -> Void) {
    guard isParallel else {
      for i in lanes.indices { body(&lanes[i], i) }
      return
    }
    lanes.withUnsafeMutableBufferPointer { lanes in
      // Each iteration has a lane of its own.
      nonisolated(unsafe) let lanes = lanes
      DispatchQueue.concurrentPerform(iterations: lanes.count) { body(&lanes[$0], $0) }
    }
  }

  var results: Results {
    var results = Results()
    for (lane, system) in zip(lanes, systems) {
      results.loss[system.rawValue] = lane.loss
      results.dev[system.rawValue] = lane.dev
      results.spectra[system.rawValue] = lane.spectra
    }
    return results
  }
}
