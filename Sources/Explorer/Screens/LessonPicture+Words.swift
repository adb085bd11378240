import Charts
import Math

extension ScenePicture {
  /// The picture in a sentence for each line: where it begins, where it ends, and what is higher or lower between.
  var sentences: [String] {
    guard picture.show != .spectrum else { return spectrumSentences }
    let title = picture.heading ?? title
    return lines(histories).compactMap { (line) -> String? in
      guard let first = line.curve.buckets.first, let last = line.curve.buckets.last else { return nil }
      let x = { (step: Int) in picture.isAgainstRank ? "r = \(ranks[step])" : "step \(step)" }
      var words =
        "\(title), \(line.name): \(significant(first.first, 3)) at \(x(first.start)), "
        + "\(significant(last.last, 3)) at \(x(last.end))"
      if let highest = line.curve.finiteMaximum, highest > max(first.first, last.last) {
        words += ", at most \(significant(highest, 3))"
      }
      if let lowest = line.curve.finiteMinimum, lowest < min(first.first, last.last) {
        words += ", at least \(significant(lowest, 3))"
      }
      return words + (line.stop.map { ", not finite from \(x($0.step))" } ?? "") + "."
    }
  }

  private var spectrumSentences: [String] {
    let spectra = histories.last?.layers[0].latestSpectra?.spectra ?? []
    return spectra.enumerated().compactMap { i, spectrum in
      spectrum.map {
        "Singular values, \(name(i, run: scene.runs.count - 1)): "
          + $0.values.prefix(8).map { significant($0, 3) }.joined(separator: ", ")
          + "."
      }
    }
  }
}
