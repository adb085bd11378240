import Math

/// What the numbers of a scene came to, by name; NaN where a series has none.
package typealias LessonNumbers = [String: Double]

extension Scene {
  /// Runs every run of the scene to its end and reads its numbers off.
  package func measured() throws -> LessonNumbers {
    var terms = numbers.flatMap { [$0.value.first, $0.value.rest?.term].compactMap(\.self) }.map {
      TermReading($0, of: self)
    }
    for (index, run) in runs.enumerated() {
      let mine = terms.indices.filter { terms[$0].term.run == index }
      guard !mine.isEmpty else { continue }
      var simulation = try Simulation(run.scenario, digits: .embedded)
      simulation.isConcurrent = simulation.isLarge
      while true {
        try Task.checkCancellation()
        for i in mine { terms[i].look(at: &simulation) }
        if simulation.step == run.scenario.steps || simulation.hasStopped { break }
        simulation.advance()
      }
    }
    func value(_ term: LessonNumber.Term) -> Double {
      terms.first { $0.term == term }?.value ?? .nan
    }
    var measured: LessonNumbers = [:]
    for number in numbers {
      let (first, rest) = (value(number.value.first), number.value.rest)
      measured[number.name] =
        switch rest?.operation {
        case nil: first
        case .over: first / value(rest!.term)
        case .minus: abs(first - value(rest!.term))
        case .plus: first + value(rest!.term)
        }
    }
    return measured
  }
}

/// A term, and what has been seen of it so far.
private struct TermReading {
  let term: LessonNumber.Term
  private let last: Int
  private let measure: Measure?
  private(set) var value = Double.nan
  private var extreme: Double?

  init(_ term: LessonNumber.Term, of scene: Scene) {
    self.term = term
    last = scene.runs[term.run].scenario.steps
    measure = Measure.named(term.quantity)
  }

  mutating func look(at simulation: inout Simulation) {
    let t = simulation.step
    switch term.moment {
    case .step(let step): if t == step { value = read(&simulation) }
    // A series that diverges has no end.
    case .end: if t == last { value = read(&simulation) }
    case .highest: keep(read(&simulation)) { $0 > $1 }
    case .lowest: keep(read(&simulation)) { $0 < $1 }
    case .lowestStep:
      let x = read(&simulation)
      if x < extreme ?? .infinity { (extreme, value) = (x, Double(t)) }
    case .firstAbove(let bound): if value.isNaN, read(&simulation) >= bound { value = Double(t) }
    case .firstBelow(let bound): if value.isNaN, read(&simulation) <= bound { value = Double(t) }
    }
  }

  private mutating func keep(_ x: Double, _ isBetter: (Double, Double) -> Bool) {
    if value.isNaN || isBetter(x, value) { value = x }
  }

  private func read(_ simulation: inout Simulation) -> Double {
    switch term.quantity {
    case "gap": return simulation.gaps()[term.series]
    case "floor": return simulation.spectra(layer: 0)[term.series]?.floor ?? .nan
    case "loss": return simulation.losses()[term.series]
    case "test": return simulation.heldOutLosses()?[term.series] ?? .nan
    default: return measure.map { simulation.values(of: [$0])[0][term.series][0] } ?? .nan
    }
  }
}
