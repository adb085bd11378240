import ArgumentParser
import Math

/// One run: per step the loss before the update, the update, and after it the deviation from full
/// fine-tuning; every few steps the leading singular values of W − W0.
struct Trial {
  private let work: Workload
  private let systems: [System]
  private let keep: Int
  private let specEvery: Int
  private let spectra: Spectra
  /// One below the size from which the program's series go side by side.
  private let threads: Int
  private var lanes: [Lane]
  /// X·W0, which most of them use; nil when none does.
  private var shared: Matrix?

  /// One series with what was measured of it.
  private struct Lane: Sendable {
    var series: Series
    /// Whose weight deviations are measured from; itself where there is none.
    let reference: Int
    var loss: [Double] = []
    var dev: [Double] = []
    var spectra: [[Double]] = []
  }

  init(
    _ work: Workload, _ systems: [System], _ settings: System.Settings, keep: Int, specEvery: Int,
    spectra: Spectra, threads: Int
  ) {
    self.work = work
    self.systems = systems
    self.keep = keep
    self.specEvery = specEvery
    self.spectra = spectra
    self.threads = work.W0.storage.count < Simulation.concurrentSize ? 1 : threads
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
      lanes.forEach(threads: threads) { [batch] lane, _ in
        lane.series.advance(batch, .meanSquaredError, step: t)
        lane.loss.append(lane.series.batchLoss)
      }
      batch.pretrainedOutput = nil
      let references = lanes.indices.map { i in
        lanes[i].reference == i ? nil : lanes[lanes[i].reference].series.chain.parameters[0][.W]
      }
      lanes.forEach(threads: threads) { lane, i in
        lane.dev.append(references[i].map { lane.series.distance(layer: 0, to: $0) } ?? 0)
      }
      guard specEvery > 0, t % specEvery == 0 else { continue }
      lanes.forEach(threads: threads) { [work, keep, spectra] lane, _ in
        lane.spectra.append((try? spectra.values(of: &lane.series, from: work.W0, keep)) ?? [])
      }
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

/// How the leading singular values of W − W0 are found.
enum Spectra: String, ExpressibleByArgument {
  /// Those of the whole difference.
  case dense
  /// From the factors where there are any, else by `LeadingValues`, as the program's chart finds its 64 values of
  /// layers from 256×256 on. Smaller ones it decomposes as a whole.
  case lowrank

  func values(of series: inout Series, from W0: Matrix, _ k: Int) throws(LinearAlgebraError) -> [Double]? {
    switch self {
    case .dense: Array(try SVD.values(series.weight(layer: 0) - W0).prefix(k))
    case .lowrank: try series.leadingSpectrum(layer: 0, from: W0, k, tolerance: 1e-10)
    }
  }
}
