import ArgumentParser
import Math

/// How `run` prints its records.
package enum RecordFormat: String, CaseIterable, ExpressibleByArgument {
  case text, csv, jsonl
}

/// Records as lines of one format.
package struct RecordPrinter {
  package let format: RecordFormat
  /// Of the series, full fine-tuning first.
  package let names: [String]
  package let withSpectra: Bool

  package init(_ format: RecordFormat, names: [String], withSpectra: Bool) {
    self.format = format
    self.names = names
    self.withSpectra = withSpectra
  }

  /// What stands before the records.
  package func header(_ scenario: Scenario) -> [String] {
    let title = "# lora-explorer \(LoraExplorer.version)  \(scenario.line)"
    return switch format {
    case .jsonl: []
    case .csv: [title, "step,series,loss,gap,diverged" + (withSpectra ? ",floor,spectrum" : "")]
    case .text: [title, row(["step", "full loss"] + names.dropFirst().flatMap { ["\($0) loss", "gap"] })]
    }
  }

  package func lines(_ record: Record) -> [String] {
    switch format {
    case .text: textLines(record)
    case .csv: record.losses.indices.map { csvLine(record, $0) }
    case .jsonl: record.losses.indices.map { jsonLine(record, $0) }
    }
  }

  // MARK: text

  private func textLines(_ record: Record) -> [String] {
    let numbers = record.losses.indices.flatMap { i in
      i == 0 ? [record.losses[0]] : [record.losses[i], record.gaps[i]]
    }
    return [row([String(record.step)] + numbers.map { significant($0, 5) })]
      + names.indices.compactMap { spectrumLine(record, $0) }
  }

  private func row(_ cells: [String]) -> String {
    let widths = [8, 11] + names.dropFirst().flatMap { [max(11, $0.count + 5), 11] }
    return zip(cells, widths).map { $0.aligned($1) }.joined(separator: "  ")
  }

  private func spectrumLine(_ record: Record, _ i: Int) -> String? {
    guard let spectrum = record.spectra?[i] else { return nil }
    let shown = spectrum.values.prefix(12).map { significant($0, 4) }.joined(separator: " ")
    let rest = spectrum.values.count > 12 ? " …" : ""
    let floor = spectrum.floor.map { "  floor \(significant($0, 5))" } ?? ""
    return "".padded(10) + "σ(W−W0) \(names[i])  \(shown)\(rest)\(floor)"
  }

  // MARK: csv

  private func csvLine(_ record: Record, _ i: Int) -> String {
    var cells = [
      String(record.step), quoted(names[i]), cell(record.losses[i]), cell(record.gaps[i]),
      String(record.isDiverged(i)),
    ]
    if withSpectra {
      cells.append(record.spectra?[i]?.floor.map(cell) ?? "")
      cells.append(record.spectra?[i]?.values.map(cell).joined(separator: " ") ?? "")
    }
    return cells.joined(separator: ",")
  }

  private func cell(_ x: Double) -> String { x.isFinite ? x.description : "" }

  /// A name with settings may hold commas.
  private func quoted(_ name: String) -> String { name.contains(",") ? "\"\(name)\"" : name }

  // MARK: jsonl

  private func jsonLine(_ record: Record, _ i: Int) -> String {
    var fields = [
      "\"step\":\(record.step)", "\"series\":\"\(names[i])\"", "\"loss\":\(json(record.losses[i]))",
      "\"gap\":\(json(record.gaps[i]))",
    ]
    if let spectra = record.spectra {
      if let floor = spectra[i]?.floor { fields.append("\"floor\":\(json(floor))") }
      let values = spectra[i].map { "[\($0.values.map(json).joined(separator: ","))]" }
      fields.append("\"spectrum\":\(values ?? "null")")
    }
    if record.isDiverged(i) { fields.append("\"diverged\":true") }
    return "{\(fields.joined(separator: ","))}"
  }
}

extension Record {
  /// Some number of the series is not finite.
  package func isDiverged(_ i: Int) -> Bool { !losses[i].isFinite || !gaps[i].isFinite }
}
