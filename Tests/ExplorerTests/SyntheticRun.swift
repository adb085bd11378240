import Charts
import Explorer
import Glibc
import Math
import Testing

/// A run whose numbers are written down here, not computed from matrices: the same on every machine, to the dot.
enum SyntheticRun {
  /// A model that has seen `count` steps of the run of a line, every one of them.
  static func model(
    _ line: String = "", steps count: Int, glyphs: Glyphs = .braille, diverged: [Int: Int] = [:]
  ) throws -> Model {
    var model = Model(try Course(parsing: line), glyphs: glyphs, memory: 1e12)
    prepare(&model)
    play(&model, 0...count, diverged: diverged)
    return model
  }

  static func prepare(_ model: inout Model) {
    let outline = RunOutline(
      names: ["full"] + model.scenario.seriesNames, chosenAmongEquals: [],
      layerCount: model.scenario.layerShapes.count)
    _ = update(&model, .report(Report(run: model.run, news: .ready(outline))))
  }

  /// - Parameter diverged: the first step without numbers, by series.
  static func play(_ model: inout Model, _ steps: ClosedRange<Int>, diverged: [Int: Int] = [:]) {
    let records = steps.map { record($0, model.scenario, diverged) }
    _ = update(&model, .report(Report(run: model.run, news: .records(records))))
  }

  static func finish(_ model: inout Model) {
    _ = update(&model, .report(Report(run: model.run, news: .finished)))
  }

  /// - Parameter entries: of which series, at a step that is measured wholly; else of the first now and then.
  static func record(_ t: Int, _ scenario: Scenario, _ diverged: [Int: Int] = [:], entries: Int? = nil)
    -> Record
  {
    let count = scenario.variants.count + 1
    let time = Double(t) / Double(max(1, scenario.steps))
    let ends = (0..<count).map { i in diverged[i].map { t >= $0 } ?? false }
    // Losses fall at different rates, gaps rise to different heights and fall again.
    let losses = (0..<count).map { i in
      ends[i] ? Double.nan : 4 * exp(-time * 9 / (1 + 0.3 * Double(i))) + 0.002 * Double(i + 1)
    }
    var record = Record(
      step: t, losses: losses, heldOutLosses: scenario.heldOut > 0 ? losses.map { $0 * 1.3 + 0.05 } : nil,
      layers: scenario.layerShapes.enumerated().map { l, _ in
        Record.Layer(
          gaps: (0..<count).map { i in
            let height = (2.2 - 0.3 * Double(i)) / Double(l + 1)
            // Above the floor, as everything within reach is.
            let above = height * (1 - exp(-30 * time)) * exp(-0.6 * time)
            return i == 0 ? 0 : ends[i] || ends[0] ? .nan : floor(time) + above
          })
      })
    if entries != nil || t.isMultiple(of: 8) || t == scenario.steps {
      for l in record.layers.indices {
        record.layers[l].spectra = spectra(time, scenario, ends, layer: l)
        record.layers[l].angles = ends.indices.map { i in
          i == 0 || ends[i] || ends[0] ? nil : angles(time, scenario, i)
        }
        record.layers[l].entries = distances(time, scenario, series: entries ?? 1, layer: l)
      }
    }
    return record
  }

  /// In degrees, smallest first.
  private static func angles(_ time: Double, _ scenario: Scenario, _ i: Int) -> [Double] {
    (1...scenario.r).map { k in 85 * Double(k) / Double(scenario.r) * exp(-time * Double(i)) }
  }

  /// A diagonal pattern, larger towards the last rows.
  private static func distances(_ time: Double, _ scenario: Scenario, series: Int, layer: Int)
    -> Record.Layer.Entries
  {
    let shape = scenario.layerShapes[layer]
    return Record.Layer.Entries(
      series: series,
      distances: Matrix(shape.rows, shape.columns) { i, j in
        time * Double((7 * i + 13 * j) % 17) * Double(i + shape.rows) / 100
      })
  }

  private static func floor(_ time: Double) -> Double { 0.5 * (1 - exp(-6 * time)) }

  private static func spectra(_ time: Double, _ scenario: Scenario, _ ends: [Bool], layer: Int) -> [Spectrum?]
  {
    let shape = scenario.layerShapes[layer]
    return ends.indices.map { i in
      guard !ends[i] else { return nil }
      let values = (0..<min(shape.rows, shape.columns)).map { k -> Double in
        i > 0 && k >= scenario.r
          ? 0 : 3 * pow(0.8, Double(k)) * (1 - exp(-9 * time)) * (1 + 0.1 * Double(i % 3))
      }
      return Spectrum(values: values, floor: i == 0 || ends[0] ? nil : floor(time))
    }
  }
}
