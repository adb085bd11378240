import Charts
import Math
import Theory

/// What a sweep came to, as text, or with every seed's number for other programs.
package struct SweepReport {
  private let result: SweepResult
  private let glyphs: Glyphs
  private let convention: Convention

  package init(_ result: SweepResult, _ glyphs: Glyphs, _ convention: Convention = .house) {
    self.result = result
    self.glyphs = glyphs
    self.convention = convention
  }

  private var sweep: Sweep { result.sweep }

  package func lines(_ format: SweepFormat) -> [String] {
    switch format {
    case .text:
      chartLines(width: 80)
        + result.idleWords.map { "  \($0): every number is the same at all of its values" }
    case .json: jsonLines
    case .csv: csvLines
    }
  }

  // MARK: text

  /// A chart and its numbers, or the heat map of each series, which has them in its cells.
  package func chartLines(width: Int) -> [String] {
    let all = Array(sweep.seriesNames.indices)
    guard let y = sweep.y else {
      let size = Size(width: width, height: 18)
      return trimmed(sweepGrid(result, series: all, pictured: 0, size, glyphs: glyphs, convention)) + [""]
        + table
    }
    let variants = all.count > 1 ? Array(all.dropFirst()) : all
    let height = y.values.count + 4
    return variants.flatMap { i in
      trimmed(
        sweepGrid(
          result, series: all, pictured: i, Size(width: width, height: max(8, height)), glyphs: glyphs,
          convention))
        + [""]
    }.dropLast()
  }

  /// The medians; how many of the seeds have diverged stands behind a cross.
  private var table: [String] {
    let names = sweep.seriesNames
    let head = [sweep.x.name] + names.indices.map { "\(marker(of: $0)) \(names[$0])" }
    let rows = sweep.places.map { place in
      [sweep.x.values[place.x]] + names.indices.map { cell(result.spread($0, at: place)) }
    }
    let widths = head.indices.map { c in ([head] + rows).map(\.[c].count).max() ?? 0 }
    return ([head] + rows).map { row in
      glyphs.spell("  " + zip(row, widths).map { $0.aligned($1) }.joined(separator: "  "))
    }
  }

  private func cell(_ spread: Spread?) -> String {
    guard let spread else { return "–" }
    let number = spread.median.isFinite ? significant(spread.median, 3) : ""
    let crosses = spread.diverged > 0 ? "✗\(spread.diverged)" : ""
    return [number, crosses].filter { !$0.isEmpty }.joined(separator: " ")
  }

  // MARK: json, csv

  /// An object for every place and series: null where a number is not finite, as seeds that have diverged.
  private var jsonLines: [String] {
    jsonArray(
      sweep.places.flatMap { place in
        sweep.seriesNames.enumerated().map { i, name in
          let keys = sweep.values(at: place).map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
          let spread = result.spread(i, at: place)
          let numbers = [
            ("median", spread?.median), ("lowest", spread?.lowest), ("highest", spread?.highest),
          ].map { "\"\($0)\":\(json($1 ?? .nan))" }.joined(separator: ",")
          let values = result.values(i, at: place).map(json).joined(separator: ",")
          return "{\"at\":{\(keys)},\"series\":\"\(name)\",\"measure\":\"\(sweep.quantity.name)\",\(numbers),"
            + "\"diverged\":\(spread?.diverged ?? 0),\"seed\":\(sweep.scenario.seed),\"values\":[\(values)]}"
        }
      })
  }

  /// A line a run and series; no number where it has diverged.
  private var csvLines: [String] {
    let keys = [sweep.x.name] + [sweep.y?.name].compactMap(\.self)
    let head = "# \(Signature(.whole(sweep.scenario)).text)"
    return [head, (keys + ["seed", "series", sweep.quantity.name]).joined(separator: ",")]
      + sweep.places.flatMap { place in
        (0..<sweep.seeds).flatMap { k in
          sweep.seriesNames.enumerated().map { i, name in
            let x = result.values(i, at: place)[k]
            let words = sweep.values(at: place).map(\.1) + ["\(sweep.scenario.seed + k)", name]
            return (words.map(\.csvCell) + [x.isFinite ? x.description : ""]).joined(separator: ",")
          }
        }
      }
  }
}

/// One value a line.
func jsonArray(_ rows: [String]) -> [String] {
  ["["] + rows.enumerated().map { "  " + $1 + ($0 + 1 < rows.count ? "," : "") } + ["]"]
}
