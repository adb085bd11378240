import Charts
import Math

func spectrumPanel(_ model: Model, _ size: Size) -> Grid { spectrumChart(model).render(size) }

func spectrumChart(_ model: Model) -> SpectrumChart {
  let spectra = model.shownSpectra(layer: model.layer) ?? []
  let variants = model.shownVariants.compactMap { i in
    spectra.indices.contains(i)
      ? spectra[i].map {
        SpectrumChart.Variant($0.values, marker: Unicode.Scalar(UInt8(48 + i)), style: style(of: i))
      } : nil
  }
  let showsFull = !model.hidden.contains(0)
  let isZero =
    spectra.contains { $0 != nil } && spectra.allSatisfy { $0?.values.allSatisfy { $0 == 0 } ?? true }
  return SpectrumChart(
    Heading(
      "σ_i(W−W0)" + (model.layerName.map { ", \($0)" } ?? "") + model.seedWords,
      note: model.hasHidden(all: model.shownSeries)
        ? "all hidden" : isZero ? "all are 0" : showsFull ? "\(model.glyphs.barKey) full" : "",
      legend: [model.cursor.map { _ in "t=\(model.shownStep)" }, model.scale == .log ? "log y" : nil]
        .compactMap(\.self).joined(separator: "  ")),
    reference: showsFull ? (spectra.first ?? nil)?.values ?? [] : [], referenceStyle: .plain,
    variants: variants, cut: model.scenario.r, scale: model.scale,
    range: model.ranges[.spectrum], glyphs: model.glyphs,
    isFocused: model.focus == .spectrum)
}
