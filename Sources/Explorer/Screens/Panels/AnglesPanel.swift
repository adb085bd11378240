import Charts
import Math

/// How far the update of one variant looks away from that of full fine-tuning: see `Simulation.columnAngles`.
func anglesPanel(_ model: Model, _ size: Size) -> Grid { anglesChart(model).render(size) }

func anglesChart(_ model: Model) -> LineChart {
  let letters: [Unicode.Scalar] = ["a", "b", "c", "d"]
  let curves = model.pictured.flatMap { i in
    model.history.flatMap { history in
      let angles = history.layers[model.layer].angles
      return angles.indices.contains(i) ? angles[i] : nil
    }
  }
  let ink = style(of: model.pictured ?? 0)
  let series = zip(letters, curves ?? []).filter { $1.count > 0 }.map { letter, curve in
    LineChart.Series(curve, marker: letter, style: ink)
  }
  let cursor = model.cursor.map(Double.init)
  let name = model.pictured.map { model.name($0) } ?? "LoRA"
  var chart = LineChart(
    Heading(
      "Principal angles, \(name) to full, degrees" + (model.layerName.map { ", \($0)" } ?? "")
        + model.seedWords,
      note: model.lookback.isTracing ? "being measured" : model.xNote, legend: "a = largest … d = 4th"),
    series: series, x: model.xAxis, scale: .linear, range: 0...90, glyphs: model.glyphs,
    cursor: cursor, isFocused: model.focus == .angles, keepsLines: model.keepsLines)
  if cursor != nil { chart.heading.legend = readings(of: chart) }
  return chart
}

/// `a 87  b 80`: what stands under the cursor.
private func readings(of chart: LineChart) -> String {
  chart.readings.compactMap { reading in
    reading.marker.flatMap { marker in reading.value.map { "\(marker) \(brief($0))" } }
  }.joined(separator: "  ")
}
