import Charts
import Explorer
import Foundation
import Math
import Testing

/// Whole screens as text files in `Screens`, drawn from runs whose numbers are written down.
///
/// `RECORD=1 swift test --filter GoldenScreenTests` writes them anew; look at the difference before committing.
@Suite("Golden screens")
struct GoldenScreenTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var size: Size
    var glyphs: Glyphs
    var model: @Sendable (Glyphs) throws -> Model

    var file: String { "\(name)-\(size.width)x\(size.height)-\(glyphs.rawValue).txt" }
    var testDescription: String { file }
  }

  static let sizes = [(60, 16), (80, 24), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  static let states: [(name: String, sizes: [Size], model: @Sendable (Glyphs) throws -> Model)] = [
    ("running", sizes, { try SyntheticRun.model(steps: 640, glyphs: $0) }),
    (
      "six", sizes,
      {
        var model = try SyntheticRun.model(
          "variants=lora,rslora,lora-plus,pissa,lora-ga,lora-pro", steps: 2000, glyphs: $0)
        SyntheticRun.finish(&model)
        return model
      }
    ),
    (
      "diverged", [sizes[1]],
      { try SyntheticRun.model("variants=lora,lora-ga", steps: 400, glyphs: $0, diverged: [1: 130]) }
    ),
    ("zoomed", [sizes[1]], { try pressed([.tab, .enter], try SyntheticRun.model(steps: 640, glyphs: $0)) }),
    (
      "split", [sizes[1], sizes[2]],
      { try pressed([.character("o")], try SyntheticRun.model(steps: 640, glyphs: $0)) }
    ),
    ("help", [sizes[1]], { try pressed([.character("?")], try SyntheticRun.model(steps: 640, glyphs: $0)) }),
    ("words", [sizes[1]], { try pressed([.character("i")], try SyntheticRun.model(steps: 640, glyphs: $0)) }),
    (
      "session", [sizes[1]],
      { try pressed([.character("S")], try SyntheticRun.model(steps: 640, glyphs: $0)) }
    ),
    (
      "picker", [sizes[1]], { try pressed([.character("p")], try SyntheticRun.model(steps: 640, glyphs: $0)) }
    ),
    (
      "checks", [sizes[1]],
      { try pressed([.character("c")], try SyntheticRun.model(steps: 640, glyphs: $0)) }
    ),
    (
      "check", [sizes[1]],
      { try entered("checks C2", try scrubbed(try SyntheticRun.model(steps: 640, glyphs: $0))) }
    ),
    (
      "box", [sizes[1]],
      {
        let line = "alpha=128 lr=0.2 steps=300 variants=lora"
        let found = try #require(try Divergence(Scenario(parsing: line), series: 1, digits: .embedded))
        var model = try SyntheticRun.model(line, steps: 50, glyphs: $0, diverged: [1: found.step])
        _ = update(&model, .report(Report(run: model.run, news: .divergence(found))))
        return model
      }
    ),
    ("notice", [Size(width: 34, height: 9)], { try SyntheticRun.model(steps: 640, glyphs: $0) }),
    ("scrubbed", sizes, { try scrubbed(try SyntheticRun.model(steps: 640, glyphs: $0)) }),
    ("phase", [sizes[1]], { try entered("phase gap loss", try SyntheticRun.model(steps: 640, glyphs: $0)) }),
    (
      "sweep", [sizes[1]],
      { try entered("sweep r=1,2,4,8 seeds=3", try SyntheticRun.model(steps: 640, glyphs: $0)) }
    ),
    (
      "sweep-map", [sizes[1]],
      {
        try entered("sweep r=1,2,4,8 lr=0.01,0.1,0.3 seeds=1", try SyntheticRun.model(steps: 640, glyphs: $0))
      }
    ),
    ("lesson", Array(sizes[0...2]), { try LessonTests.page(glyphs: $0, [.character("b")]) }),
    (
      "lesson-seen", Array(sizes[0...2]),
      { try LessonTests.page(glyphs: $0, [.character("a"), .enter], seen: true) }
    ),
    (
      "layers", [sizes[1], sizes[2]],
      { try SyntheticRun.model("task=twolayer variants=lora,lora-ga", steps: 500, glyphs: $0) }
    ),
  ]

  static let cases = states.flatMap { state in
    state.sizes.flatMap { size in
      [Glyphs.braille, .ascii].map { Case(name: state.name, size: size, glyphs: $0, model: state.model) }
    }
  }

  static func pressed(_ keys: [Key], _ model: Model) throws -> Model {
    var model = model
    for key in keys { try SyntheticRun.carryOut(update(&model, .key(key)), &model) }
    return model
  }

  /// Paused and looking back.
  static func scrubbed(_ model: Model) throws -> Model {
    try entered("goto 300", try pressed([.character(" ")], model))
  }

  /// With a line of the command line.
  static func entered(_ line: String, _ model: Model) throws -> Model {
    try pressed([.character(":")] + line.unicodeScalars.map(Key.character) + [.enter], model)
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Screens")

  @Test(arguments: cases)
  func theScreenIsAsRecorded(_ one: Case) throws {
    var model = try one.model(one.glyphs)
    try SyntheticRun.carryOut(update(&model, .resized(one.size)), &model)
    let rows = view(model, one.size).grid.rows
    #expect(rows.count == one.size.height)
    #expect(rows.allSatisfy { $0.unicodeScalars.count == one.size.width })
    let file = Self.folder.appendingPathComponent(one.file)
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try (rows.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let wanted = recorded.dropLast().map(String.init)
    #expect(rows == wanted, "\(difference(rows, wanted))")
  }

  /// The rows that differ, as recorded and as drawn.
  private func difference(_ rows: [String], _ wanted: [String]) -> String {
    let count = max(rows.count, wanted.count)
    return (0..<count).compactMap { row in
      let (is_, was) = (row < rows.count ? rows[row] : "", row < wanted.count ? wanted[row] : "")
      return is_ == was ? nil : "row \(row)\n  recorded  \(was)|\n  drawn     \(is_)|"
    }.joined(separator: "\n")
  }
}
