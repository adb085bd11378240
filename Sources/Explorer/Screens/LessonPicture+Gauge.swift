import Charts
import Math

extension ScenePicture {
  /// Each variant's sharpness now, and that at which gradient descent is no longer stable: `1 7.35 of 7.41`.
  var gauge: Legend {
    var gauge = Legend(pieces: [(glyphs.spell("sharpness now, of 2/η:"), .plain)])
    let lines = lines(histories)
    var number = 0
    for (k, run) in scene.runs.enumerated() {
      for i in 1..<run.scenario.variants.count + 1 {
        number += 1
        let marker = Explorer.marker(of: min(9, number))
        let style = lines.first { $0.marker == marker }?.style ?? .plain
        gauge.pieces.append(("   \(marker) \(reading(i, run: k))", Style(style.ink, .bold)))
      }
    }
    return gauge
  }

  private func reading(_ i: Int, run k: Int) -> String {
    let optimizer = scene.runs[k].scenario.optimizer
    let limit = "of \(significant(2 / optimizer.learningRate, 3))"
    guard k < histories.count else { return glyphs.spell("– \(limit)") }
    guard histories[k].divergedAt[i] == nil else { return "lost" }
    let value = histories[k].layers[0].measures["sharpness"]?[i].last
    return glyphs.spell("\(value.map { significant($0, 3) } ?? "–") \(limit)")
  }
}
