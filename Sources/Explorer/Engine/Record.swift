import Math

/// What is measured at one step: an entry a series, full fine-tuning first.
package struct Record: Equatable, Sendable {
  /// What is measured of one layer, an entry a series.
  package struct Layer: Equatable, Sendable {
    /// ‖W_t − W_t^full‖_F; NaN where it or full fine-tuning has diverged.
    package var gaps: [Double]
    /// Only on the steps where they were asked for.
    package var spectra: [Spectrum?]?
    /// Of each series the measures asked for; NaN where one is not defined.
    package var measures: [[Double]]
    /// In degrees, smallest first: see `Simulation.columnAngles`. Only where they were asked for.
    package var angles: [[Double]?]?
    /// Only where they were asked for.
    package var entries: Entries?

    /// |W_t − W_t^full| of one series, entry by entry.
    package struct Entries: Equatable, Sendable {
      package var series: Int
      /// n×m.
      package var distances: Matrix

      package init(series: Int, distances: Matrix) {
        self.series = series
        self.distances = distances
      }
    }

    package init(gaps: [Double], spectra: [Spectrum?]? = nil, measures: [[Double]] = []) {
      self.gaps = gaps
      self.spectra = spectra
      self.measures = measures
    }
  }

  package var step: Int
  /// NaN for a series that has diverged.
  package var losses: [Double]
  /// Over the held-out examples; nil when there are none.
  package var heldOutLosses: [Double]?
  /// At least one.
  package var layers: [Layer]
  /// What the layers' measures are.
  package var measureIDs: [String] = []
  /// The series that began anew with this step, by number.
  package var restarted: [Int] = []

  package init(step: Int, losses: [Double], heldOutLosses: [Double]? = nil, layers: [Layer]) {
    self.step = step
    self.losses = losses
    self.heldOutLosses = heldOutLosses
    self.layers = layers
  }

  package init(measuring simulation: inout Simulation, withSpectra: Bool, _ measures: [Measure] = []) {
    step = simulation.step
    losses = simulation.losses()
    heldOutLosses = simulation.heldOutLosses()
    restarted = simulation.series.indices.filter { simulation.series[$0].restartedAt == simulation.step }
    layers = []
    for l in 0..<simulation.layerCount {
      layers.append(Layer(gaps: simulation.gaps(layer: l)))
    }
    if withSpectra { addSpectra(of: &simulation) }
    guard !measures.isEmpty else { return }
    measureIDs = measures.map(\.id)
    for (l, values) in simulation.values(of: measures).enumerated() { layers[l].measures = values }
  }

  /// Singular values and floors of every layer, while the simulation is where it was measured.
  /// - Parameter leading: of large layers no more values than these; see `Simulation.leadingSpectra`.
  package mutating func addSpectra(of simulation: inout Simulation, leading: Int? = nil) {
    precondition(simulation.step == step, "a record of step \(step) gets spectra of \(simulation.step)")
    for l in layers.indices {
      layers[l].spectra =
        leading.map { simulation.leadingSpectra(layer: l, $0) } ?? simulation.spectra(layer: l)
    }
  }

  package var hasSpectra: Bool { layers[0].spectra != nil }

  /// The first layer's.
  package var gaps: [Double] { layers[0].gaps }
  package var spectra: [Spectrum?]? { layers[0].spectra }
}
