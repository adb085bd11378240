/// A named number of one layer of one series at one step, declared once: `run --measure`, `list measures` and
/// the tests read it here.
package struct Measure: Sendable {
  package let id: String
  package let title: String
  /// In plain text, house convention.
  package let formula: String
  /// `1` for a pure number.
  package let unit: String
  /// Operations to leading order beside those shared with other measures; b examples, W n×m, rank r.
  package let cost: String
  /// What not every run has; nil where every series of every run has the number.
  package let needs: String?
  /// nil where it is not defined.
  private let evaluate: @Sendable (inout Snapshot) throws(LinearAlgebraError) -> Double?

  init(
    _ id: String, _ title: String, formula: String, unit: String = "1", cost: String, needs: String? = nil,
    _ evaluate: @escaping @Sendable (inout Snapshot) throws(LinearAlgebraError) -> Double?
  ) {
    self.id = id
    self.title = title
    self.formula = formula
    self.unit = unit
    self.cost = cost
    self.needs = needs
    self.evaluate = evaluate
  }

  /// NaN where the measure is not defined for that series, or the series has diverged.
  package func value(_ snapshot: inout Snapshot) -> Double { (try? evaluate(&snapshot)) ?? .nan }

  /// Needed by what looks at A and B.
  static let factorsNeeded = "factors A and B"
  static let productNeeded = "W = Wfz + s·AB"

  package static let all: [Measure] = steps + subspaces + spectra + modes + factors + losses + counts

  package static func named(_ id: String) -> Measure? { all.first { $0.id == id } }
}

extension Simulation {
  /// The measures by layer, then series, then as they were asked for.
  package func values(of measures: [Measure]) -> [[[Double]]] {
    var run = Snapshot.Run(self)
    var values = Array(repeating: [[Double]](), count: layerCount)
    for i in series.indices {
      var own = Snapshot.Own(run, series: i)
      for l in 0..<layerCount {
        var snapshot = Snapshot(own, layer: l)
        values[l].append(measures.map { $0.value(&snapshot) })
        own = snapshot.own
      }
      run = own.run
    }
    return values
  }
}
