import Math

/// What the screen shows beside losses, gaps, singular values and floors. What nobody looks at is not computed.
package struct Wanted: Equatable, Sendable {
  /// By id, for every series and layer, as often as singular values.
  package var measures: [String] = []
  /// Between the column spaces of each update and of full fine-tuning's, as often as singular values.
  package var hasAngles = false
  /// The series whose entries' distances from full fine-tuning are shown, as often as the screen is drawn.
  package var entries: Int?

  package init(measures: [String] = [], hasAngles: Bool = false, entries: Int? = nil) {
    self.measures = measures
    self.hasAngles = hasAngles
    self.entries = entries
  }
}

extension Record {
  /// Adds what is drawn as curves, while the simulation is where it was measured.
  mutating func addCurves(_ wanted: Wanted, of simulation: inout Simulation, leading: Int? = nil) {
    if !hasSpectra { addSpectra(of: &simulation, leading: leading) }
    addMeasures(wanted, of: &simulation)
  }

  /// The same but for singular values.
  mutating func addMeasures(_ wanted: Wanted, of simulation: inout Simulation) {
    let measures = wanted.measures.compactMap(Measure.named)
    if !measures.isEmpty {
      for (l, values) in simulation.values(of: measures).enumerated() { layers[l].measures = values }
      measureIDs = measures.map(\.id)
    }
    guard wanted.hasAngles else { return }
    for l in layers.indices { layers[l].angles = simulation.columnAngles(layer: l) }
  }

  /// Adds the picture of the present state alone.
  mutating func addEntries(_ wanted: Wanted, of simulation: inout Simulation) {
    guard let series = wanted.entries, simulation.series.indices.contains(series) else { return }
    for l in layers.indices {
      layers[l].entries = simulation.entryDistances(series: series, layer: l).map {
        Layer.Entries(series: series, distances: $0)
      }
    }
  }

  /// Everything there is to see at the present step.
  init(measuring simulation: inout Simulation, all wanted: Wanted) {
    self.init(measuring: &simulation, withSpectra: true)
    addCurves(wanted, of: &simulation)
    addEntries(wanted, of: &simulation)
  }
}
