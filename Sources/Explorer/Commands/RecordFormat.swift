import ArgumentParser
import Math

/// How `run` prints its records.
package enum RecordFormat: String, CaseIterable, ExpressibleByArgument {
  case text, csv, jsonl
}

/// Records as lines of one format. CSV and JSON have a line for every step, series and layer.
package struct RecordPrinter {
  package let format: RecordFormat
  /// Of the series, full fine-tuning first.
  package let names: [String]
  /// The series whose start was chosen among equals.
  package let ambiguous: [Int]
  package let layerCount: Int
  package let hasHeldOut: Bool
  package let withSpectra: Bool
  package let measures: [Measure]
  /// The run, which JSON names in its first line: it has no header.
  package let course: Course?

  package init(
    _ format: RecordFormat, names: [String], ambiguous: [Int] = [], layerCount: Int = 1,
    hasHeldOut: Bool = false, withSpectra: Bool = false, measures: [Measure] = [], course: Course? = nil
  ) {
    self.course = course
    self.format = format
    self.names = names
    self.ambiguous = ambiguous
    self.layerCount = layerCount
    self.hasHeldOut = hasHeldOut
    self.withSpectra = withSpectra
    self.measures = measures
  }

  package init(
    _ format: RecordFormat, of simulation: Simulation, withSpectra: Bool = false, measures: [Measure] = [],
    course: Course? = nil
  ) {
    self.init(
      format, names: simulation.series.map(\.name),
      ambiguous: simulation.series.indices.filter { !simulation.series[$0].isUnique },
      layerCount: simulation.layerCount, hasHeldOut: simulation.problem.heldOut != nil,
      withSpectra: withSpectra, measures: measures, course: course)
  }

  /// What stands before the records.
  package func header(_ course: Course) -> [String] {
    guard format != .jsonl else { return [] }
    let title = "# \(Signature(course).text)"
    let notes = ambiguous.map { "# \(names[$0]): start not unique, singular values coincide" }
    return [title] + notes + [format == .csv ? csvHeader : row(textColumns.map(\.title))]
  }

  package func lines(_ record: Record) -> [String] {
    switch format {
    case .text: textLines(record)
    case .csv: places.map { csvLine(record, $0, layer: $1) }
    case .jsonl: places.map { jsonLine(record, $0, layer: $1) }
    }
  }

  /// Series by series, and of each the layers.
  private var places: [(series: Int, layer: Int)] {
    names.indices.flatMap { i in (0..<layerCount).map { (i, $0) } }
  }

  // MARK: text

  private func textLines(_ record: Record) -> [String] {
    let numbers = textColumns.dropFirst().map { significant($0.number(record), 5) }
    return [row([String(record.step)] + numbers)]
      + places.compactMap { spectrumLine(record, $0, layer: $1) }
      + places.compactMap { measureLine(record, $0, layer: $1) }
  }

  private struct TextColumn {
    var title: String
    var width: Int
    var number: (Record) -> Double
  }

  private var textColumns: [TextColumn] {
    var columns = [TextColumn(title: "step", width: 8) { Double($0.step) }]
    for (i, name) in names.enumerated() {
      let width = max(11, name.count + 5)
      columns.append(TextColumn(title: "\(name) loss", width: width) { $0.losses[i] })
      if hasHeldOut {
        columns.append(TextColumn(title: "\(name) test", width: width) { $0.heldOutLosses?[i] ?? .nan })
      }
      for l in 0..<layerCount where i > 0 {
        let title = layerCount > 1 ? "gap \(l + 1)" : "gap"
        columns.append(TextColumn(title: title, width: 11) { $0.layers[l].gaps[i] })
      }
    }
    return columns
  }

  private func row(_ cells: [String]) -> String {
    zip(cells, textColumns).map { $0.aligned($1.width) }.joined(separator: "  ")
  }

  private func spectrumLine(_ record: Record, _ i: Int, layer l: Int) -> String? {
    guard let spectrum = record.layers[l].spectra?[i] else { return nil }
    let shown = spectrum.values.prefix(12).map { significant($0, 4) }.joined(separator: " ")
    let rest = spectrum.values.count > 12 ? " …" : ""
    let floor = spectrum.floor.map { "  floor \(significant($0, 5))" } ?? ""
    return "".padded(10) + "σ(W−W0) \(place(i, l))  \(shown)\(rest)\(floor)"
  }

  private func measureLine(_ record: Record, _ i: Int, layer l: Int) -> String? {
    guard !measures.isEmpty else { return nil }
    let numbers = zip(measures, record.layers[l].measures[i]).map { measure, x in
      "\(measure.id) \(x.isFinite ? significant(x, 5) : "–")"
    }
    return "".padded(10) + "\(place(i, l))  " + numbers.joined(separator: "  ")
  }

  private func place(_ i: Int, _ l: Int) -> String {
    layerCount > 1 ? "\(names[i]) layer \(l + 1)" : names[i]
  }

  // MARK: csv

  private var csvHeader: String {
    var columns = ["step", "series"]
    if layerCount > 1 { columns.append("layer") }
    columns += ["loss", "gap"]
    if hasHeldOut { columns.append("test") }
    columns.append("diverged")
    if withSpectra { columns += ["floor", "spectrum"] }
    return (columns + measures.map(\.id)).joined(separator: ",")
  }

  private func csvLine(_ record: Record, _ i: Int, layer l: Int) -> String {
    let layer = record.layers[l]
    var cells = [String(record.step), names[i].csvCell]
    if layerCount > 1 { cells.append(String(l + 1)) }
    cells += [cell(record.losses[i]), cell(layer.gaps[i])]
    if hasHeldOut { cells.append(record.heldOutLosses.map { cell($0[i]) } ?? "") }
    cells.append(String(record.isDiverged(i, layer: l)))
    if withSpectra {
      cells.append(layer.spectra?[i]?.floor.map(cell) ?? "")
      cells.append(layer.spectra?[i]?.values.map(cell).joined(separator: " ") ?? "")
    }
    if !measures.isEmpty { cells += layer.measures[i].map(cell) }
    return cells.joined(separator: ",")
  }

  private func cell(_ x: Double) -> String { x.isFinite ? x.description : "" }

  // MARK: jsonl

  private func jsonLine(_ record: Record, _ i: Int, layer l: Int) -> String {
    let layer = record.layers[l]
    var fields = ["\"step\":\(record.step)", "\"series\":\"\(names[i])\""]
    if layerCount > 1 { fields.append("\"layer\":\(l + 1)") }
    fields += ["\"loss\":\(json(record.losses[i]))", "\"gap\":\(json(layer.gaps[i]))"]
    if hasHeldOut { fields.append("\"test\":\(json(record.heldOutLosses?[i] ?? .nan))") }
    if let spectra = layer.spectra {
      if let floor = spectra[i]?.floor { fields.append("\"floor\":\(json(floor))") }
      let values = spectra[i].map { "[\($0.values.map(json).joined(separator: ","))]" }
      fields.append("\"spectrum\":\(values ?? "null")")
    }
    if !measures.isEmpty {
      fields += zip(measures, layer.measures[i]).map { "\"\($0.id)\":\(json($1))" }
    }
    if record.step == 0, ambiguous.contains(i) { fields.append("\"unique\":false") }
    if record.isDiverged(i, layer: l) { fields.append("\"diverged\":true") }
    if record.step == 0, (i, l) == (0, 0), let course {
      fields.append("\"run\":\(jsonString(Signature(course).text))")
    }
    return "{\(fields.joined(separator: ","))}"
  }
}

extension String {
  /// A name with settings may hold commas.
  var csvCell: String { contains(",") ? "\"\(self)\"" : self }
}

extension Record {
  /// Some number of the series is not finite.
  package func isDiverged(_ i: Int, layer: Int = 0) -> Bool {
    !losses[i].isFinite || !layers[layer].gaps[i].isFinite
  }
}
