import Math

/// What the numbers of a scene came to, by name; NaN where a series has none.
package typealias LessonNumbers = [String: Double]

/// A scene's runs from their first step to their last.
package struct SceneTrial: Equatable, Sendable {
  package var numbers: LessonNumbers
  /// What the picture shows, in the order of the runs.
  package var histories: [RunHistory]

  package init(numbers: LessonNumbers, histories: [RunHistory] = []) {
    self.numbers = numbers
    self.histories = histories
  }
}

extension Scene {
  /// The numbers alone.
  package func measured() throws -> LessonNumbers { try tried(withPicture: false).numbers }

  /// Runs every run of the scene to its end.
  package func tried(withPicture: Bool = true) throws -> SceneTrial {
    var terms = numbers.flatMap { [$0.value.first, $0.value.rest?.term].compactMap(\.self) }.map {
      TermReading($0, of: self)
    }
    var histories: [RunHistory] = []
    for (index, run) in runs.enumerated() {
      let mine = terms.indices.filter { terms[$0].term.run == index }
      guard withPicture || !mine.isEmpty else { continue }
      var simulation = try Simulation(run.scenario, digits: .embedded)
      simulation.isConcurrent = simulation.isLarge
      var history = RunHistory(RunOutline(simulation))
      while true {
        try Task.checkCancellation()
        for i in mine { terms[i].look(at: &simulation) }
        if withPicture { history.append(picture.record(&simulation, of: run.scenario)) }
        if simulation.step == run.scenario.steps || simulation.hasStopped { break }
        simulation.advance()
      }
      histories.append(history)
    }
    return SceneTrial(numbers: values(of: terms), histories: withPicture ? histories : [])
  }

  private func values(of terms: [TermReading]) -> LessonNumbers {
    func value(_ term: LessonNumber.Term) -> Double {
      terms.first { $0.term == term }?.value ?? .nan
    }
    var values: LessonNumbers = [:]
    for number in numbers {
      let (first, rest) = (value(number.value.first), number.value.rest)
      values[number.name] =
        switch rest?.operation {
        case nil: first
        case .over: first / value(rest!.term)
        case .minus: abs(first - value(rest!.term))
        case .plus: first + value(rest!.term)
        }
    }
    return values
  }
}

extension LessonPicture {
  /// What is measured for it beside losses and gaps.
  package var wanted: Wanted {
    var wanted = Wanted()
    switch show {
    case .measure(let id): wanted.measures = [id]
    case .measures(let ids): wanted.measures = ids
    case .gap, .loss, .share, .test, .spectrum: break
    }
    if hasGauge { wanted.measures.append("sharpness") }
    return wanted
  }

  /// What a run that is watched would tell of the present step.
  fileprivate func record(_ simulation: inout Simulation, of scenario: Scenario) -> Record {
    var record = Record(measuring: &simulation, withSpectra: false)
    let isDue =
      simulation.step.isMultiple(of: scenario.stepsBetweenCurves) || simulation.step == scenario.steps
    let hasCurves = hasFloors || show == .spectrum || wanted != Wanted()
    if isDue, hasCurves { record.addCurves(wanted, of: &simulation, leading: Runner.shownValues) }
    return record
  }
}

/// A term, and what has been seen of it so far.
private struct TermReading {
  let term: LessonNumber.Term
  private let last: Int
  private let measure: Measure?
  private(set) var value = Double.nan
  private var extreme: Double?
  /// The loss at the start.
  private var start = Double.nan

  init(_ term: LessonNumber.Term, of scene: Scene) {
    self.term = term
    last = scene.runs[term.run].scenario.steps
    measure = Measure.named(term.quantity)
  }

  mutating func look(at simulation: inout Simulation) {
    let t = simulation.step
    if t == 0 { start = simulation.losses()[term.series] }
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
    case .share(let share):
      if value.isNaN, simulation.losses()[term.series] <= share * start { value = read(&simulation) }
    case .firstNotFinite: if value.isNaN, !read(&simulation).isFinite { value = Double(t) }
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
    case "share": return simulation.losses()[term.series] / start
    case "test": return simulation.heldOutLosses()?[term.series] ?? .nan
    default: return measure.map { simulation.values(of: [$0])[0][term.series][0] } ?? .nan
    }
  }
}
