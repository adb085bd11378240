import Charts
import Math
import Theory

/// The sweep somebody has asked for, as far as it has come; which line is which below it.
func sweepPanel(_ model: Model, _ size: Size) -> Grid {
  if model.sweep == nil, let claim = model.claim?.result, claim.curves != nil {
    return claimGrid(claim, size, glyphs: model.glyphs, model.convention)
  }
  guard let result = model.sweep else {
    let words = "':sweep r=1,2,4,8' runs this scenario at each of them; a second key makes a heat map"
    let lines = wrapped(model.glyphs.spell(words), width: size.width).map {
      [(text: $0, style: Style.theory)]
    }
    return TextPanel(title: "Sweep", lines: lines).render(size, model.glyphs)
  }
  let total = result.sweep.runCount
  let state = result.isComplete ? "\(total) runs" : "\(result.done) of \(total) runs, Esc stops"
  let names = model.shownSeries.map { "\(marker(of: $0)) \(result.sweep.seriesNames[$0])" }
  return captioned([state] + names + result.idleWords, size, glyphs: model.glyphs) {
    sweepGrid(
      result, series: model.shownSeries, pictured: model.pictured ?? 0, $0, scale: model.scale,
      glyphs: model.glyphs, model.convention)
  }
}
