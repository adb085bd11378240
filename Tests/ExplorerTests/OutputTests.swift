import Explorer
import FoundationEssentials
import Math
import Testing

@Suite("Records as text")
struct RecordPrinterTests {
  struct Line: Decodable {
    var step: Int
    var series: String
    var loss: Double?
    var gap: Double?
    var spectrum: [Double]?
    var floor: Double?
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

  @Test func csvRowsHaveTheHeadersColumns() throws {
    var simulation = try Simulation(
      Scenario(parsing: "n=9 m=7 r=2 variants=lora-ga(scale=zeta,zeta=2),lora-ga(split=random)"),
      digits: .embedded)
    let printer = RecordPrinter(.csv, names: simulation.series.map(\.name), withSpectra: true)
    let columns = try #require(printer.header(Scenario()).last).split(separator: ",").count
    for withSpectra in [true, false] {
      for line in printer.lines(Record(measuring: &simulation, withSpectra: withSpectra)) {
        var isQuoted = false
        var count = 1
        for character in line {
          if character == "\"" { isQuoted.toggle() }
          if character == ",", !isQuoted { count += 1 }
        }
        #expect(count == columns, "\(line)")
      }
    }
  }

  @Test(arguments: [0.1, 1e-300, 123456789, -0.5, 1e22, .leastNonzeroMagnitude])
  func jsonIsTheShortestTextThatReadsBack(x: Double) { #expect(Double(json(x)) == x) }

  @Test func significantDigits() {
    #expect(significant(3.14159, 3) == "3.14")
    #expect(significant(0.000123456, 3) == "0.000123")
    #expect(significant(1e-9, 2) == "1e-09")
    #expect(significant(.nan) == "nan")
    #expect(significant(-.infinity) == "-inf")
  }

  @Test func controlCharactersNeverReachATerminal() {
    #expect("a\u{1b}[31m\nb\u{9b}".printable == "a?[31m?b?")
  }
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
