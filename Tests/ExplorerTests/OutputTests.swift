import Explorer
import FoundationEssentials
import Math
import Testing

@Suite("Records as text")
struct RecordPrinterTests {
  struct Line: Decodable {
    var step: Int
    var series: String
    var layer: Int?
    var loss: Double?
    var gap: Double?
    var test: Double?
    var spectrum: [Double]?
    var floor: Double?
    var cosine: Double?
    var trained: Double?
    var unique: Bool?
    var diverged: Bool?
  }

  func lines(_ format: RecordFormat, _ record: Record, names: [String], withSpectra: Bool = true) -> [String]
  {
    RecordPrinter(format, names: names, withSpectra: withSpectra).lines(record)
  }

  @Test func jsonlNumbersReadBackAsTheSameDoubles() throws {
    var simulation = try Simulation(Scenario(parsing: "n=9 m=7 r=2 steps=3"), digits: .embedded)
    simulation.advance()
    let record = Record(measuring: &simulation, withSpectra: true)
    let names = simulation.series.map(\.name)
    let parsed = try lines(.jsonl, record, names: names).map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(parsed.map(\.series) == names)
    #expect(parsed.map(\.loss) == record.losses)
    #expect(parsed.map(\.gap) == record.gaps)
    #expect(parsed.map(\.spectrum) == record.spectra?.map { $0?.values })
    #expect(parsed.map(\.floor) == record.spectra?.map { $0?.floor })
    #expect(parsed.allSatisfy { $0.step == 1 && $0.diverged == nil })
  }

  @Test func whatIsNotFiniteIsNullAndSaysSo() throws {
    let record = Record(step: 7, losses: [1, .nan], layers: [Record.Layer(gaps: [0, .infinity])])
    let parsed = try lines(.jsonl, record, names: ["full", "lora"]).map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(parsed[0].loss == 1 && parsed[0].diverged == nil)
    #expect(parsed[1].loss == nil && parsed[1].gap == nil && parsed[1].diverged == true)
  }

  static let measures = ["cosine", "trained"].compactMap(Measure.named)

  @Test(
    "CSV rows have the header's columns",
    arguments: [
      "n=9 m=7 r=2 variants=lora-ga(scale=zeta,zeta=2),lora-ga(split=random)",
      "task=linreg n=9 m=7 r=2 samples=20 batch=10 held=5",
      "task=twolayer n=5 hidden=6 m=4 r=2 samples=9 held=5 variants=lora,lora+frozen",
    ])
  func csvColumns(line: String) throws {
    var simulation = try Simulation(Scenario(parsing: line), digits: .embedded)
    let printer = RecordPrinter(.csv, of: simulation, withSpectra: true, measures: Self.measures)
    let names = try #require(printer.header(.whole(Scenario())).last).split(separator: ",").map(String.init)
    for withSpectra in [true, false] {
      let record = Record(measuring: &simulation, withSpectra: withSpectra, Self.measures)
      let lines = printer.lines(record)
      #expect(lines.count == record.losses.count * record.layers.count)
      for (k, line) in lines.enumerated() {
        let row = Dictionary(uniqueKeysWithValues: zip(names, Self.cells(line)))
        #expect(Self.cells(line).count == names.count, "\(line)")
        let (i, l) = k.quotientAndRemainder(dividingBy: record.layers.count)
        #expect(row["series"] == simulation.series[i].name)
        #expect(row["layer"] == (record.layers.count > 1 ? String(l + 1) : nil))
        #expect(row["gap"] == String(record.layers[l].gaps[i]))
        #expect(row["test"] == record.heldOutLosses.map { String($0[i]) })
        #expect(row["trained"] == String(record.layers[l].measures[i][1]))
        #expect(row["spectrum"]?.isEmpty == !withSpectra)
      }
    }
  }

  /// Of a row, without the quotation marks.
  static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  @Test func jsonlNamesLayersTestLossesAndMeasures() throws {
    var simulation = try Simulation(
      Scenario(parsing: "task=twolayer n=5 hidden=6 m=4 r=2 samples=9 held=5 variants=lora,frozen+lora"),
      digits: .embedded)
    simulation.advance()
    let record = Record(measuring: &simulation, withSpectra: true, Self.measures)
    let printer = RecordPrinter(.jsonl, of: simulation, withSpectra: true, measures: Self.measures)
    let parsed = try printer.lines(record).map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    #expect(parsed.map(\.series) == ["full", "full", "lora", "lora", "frozen+lora", "frozen+lora"])
    #expect(parsed.map(\.layer) == [1, 2, 1, 2, 1, 2])
    #expect(parsed.map(\.gap) == (0..<3).flatMap { i in (0...1).map { record.layers[$0].gaps[i] } })
    #expect(parsed.map(\.test) == (record.heldOutLosses ?? []).flatMap { [$0, $0] })
    // min(n, m) of each layer, 5×6 and 6×4.
    #expect(parsed.map(\.spectrum?.count) == [5, 4, 5, 4, 5, 4])
    // 5×6 and 6×4 in full, 2·11 and 2·10 in factors.
    #expect(parsed.map(\.trained) == [30, 24, 22, 20, 0, 20])
    #expect(parsed[4].gap ?? 0 > 0 && parsed[4].cosine == nil, "a frozen layer stays and takes no step")
  }

  @Test func oneLayerKeepsItsKeysAndTheirOrder() throws {
    var simulation = try Simulation(Scenario(parsing: "n=5 m=4 r=2 variants=lora"), digits: .embedded)
    func keys(withSpectra: Bool, _ measures: [Measure]) -> [String] {
      let printer = RecordPrinter(.jsonl, of: simulation, withSpectra: withSpectra, measures: measures)
      let line = printer.lines(Record(measuring: &simulation, withSpectra: withSpectra, measures))[1]
      return line.split(separator: "\"").enumerated().filter { $0.0.isMultiple(of: 2) == false }
        .map { String($0.1) }.filter { $0 != "lora" }
    }
    #expect(keys(withSpectra: false, []) == ["step", "series", "loss", "gap"])
    #expect(
      keys(withSpectra: true, Self.measures) == [
        "step", "series", "loss", "gap", "floor", "spectrum", "cosine", "trained",
      ])
  }

  @Test func aStartThatIsNotUniqueIsSaidOnce() throws {
    // All singular values of the gradient coincide.
    var simulation = try Simulation(
      Scenario(parsing: "n=6 m=6 r=2 target=flat variants=lora-ga,lora"), digits: .embedded)
    let note = "# lora-ga: start not unique, singular values coincide"
    for format in [RecordFormat.text, .csv] {
      #expect(
        RecordPrinter(format, of: simulation).header(.whole(Scenario())).filter { $0 == note }.count == 1)
    }
    let printer = RecordPrinter(.jsonl, of: simulation)
    func unique() throws -> [Bool?] {
      let record = Record(measuring: &simulation, withSpectra: false)
      return try printer.lines(record).map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).unique }
    }
    #expect(try unique() == [nil, false, nil])
    simulation.advance()
    #expect(try unique() == [nil, nil, nil])
  }

  @Test func textShowsAColumnAGapAndALineOfMeasures() throws {
    var simulation = try Simulation(
      Scenario(parsing: "task=twolayer n=5 hidden=6 m=4 r=2 samples=9 held=5 variants=lora+frozen"),
      digits: .embedded)
    let measures = ["tangent", "trained"].compactMap(Measure.named)
    let printer = RecordPrinter(.text, of: simulation, measures: measures)
    let header = try #require(printer.header(.whole(Scenario())).last)
    #expect(
      header.split(separator: "  ").map { $0.words } == [
        "step", "full loss", "full test", "lora+frozen loss", "lora+frozen test", "gap 1", "gap 2",
      ])
    let lines = printer.lines(Record(measuring: &simulation, withSpectra: false, measures))
    #expect(lines[0].count == header.count)
    #expect(lines.count == 5)
    #expect(lines[1].words == "full layer 1 tangent – trained 30")
    #expect(lines[3].words.hasPrefix("lora+frozen layer 1 tangent 0."))
    #expect(lines[4].words == "lora+frozen layer 2 tangent – trained 0")
  }

  @Test(arguments: [0.1, 1e-300, 123456789, -0.5, 1e22, .leastNonzeroMagnitude])
  func jsonIsTheShortestTextThatReadsBack(x: Double) { #expect(Double(json(x)) == x) }

  @Test func significantDigits() {
    #expect(significant(3.14159, 3) == "3.14")
    #expect(significant(0.000123456, 3) == "0.000123")
    #expect(significant(1e-9, 2) == "1e-9" && significant(475_000, 2) == "4.8e5")
    #expect(significant(-6.214e21, 3) == "-6.21e21" && significant(1.5e-100, 3) == "1.5e-100")
    #expect(significant(475_000, 3, within: 5) == "4.8e5" && significant(0.2194, 3, within: 7) == "0.219")
    #expect(brief(2.21e-17, within: 7) == "2.2e-17" && brief(0.25) == ".25")
    #expect(significant(.nan) == "nan")
    #expect(significant(-.infinity) == "-inf")
  }

  @Test func controlCharactersNeverReachATerminal() {
    #expect("a\u{1b}[31m\nb\u{9b}".printable == "a?[31m?b?")
  }
}

extension StringProtocol {
  /// Its words, one blank between them.
  fileprivate var words: String { split(separator: " ").joined(separator: " ") }
}

@Suite("Embedded data")
struct EmbeddedDataTests {
  @Test func theDigitsAreAll1797() {
    let digits = Digits.embedded
    #expect(digits.labels.count == 1797)
    #expect(digits.X.rows == 1797 && digits.X.columns == 64)
    // The counts that scikit-learn documents for load_digits.
    #expect(
      (0..<10).map { d in digits.labels.count { $0 == d } } == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
      ])
    #expect(digits.X.storage.min() == 0 && digits.X.storage.max() == 1)
  }

  @Test(arguments: [
    "", "1 00", "x " + String(repeating: "0", count: 64), "1 " + String(repeating: "h", count: 64),
  ])
  func aDamagedLineIsNamed(text: String) {
    #expect(throws: DigitsError(line: 1)) { try Digits(text: text.utf8) }
  }
}
