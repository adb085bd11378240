import Charts
import Explorer
import Foundation
import Math
import Testing

@Suite(.timeLimit(.minutes(10))) @MainActor
struct ExportTests {
  private static let course = Course.whole(
    try! Scenario(parsing: "n=8 m=6 r=2 steps=40 variants=lora,lora-ga"))
  private static let size = Size(width: 80, height: 24)

  private func played(to step: Int) throws -> Model {
    try Model.played(Self.course, to: step, Self.size, glyphs: .braille)
  }

  /// The test vectors of RFC 9923 for 32 bits.
  @Test(arguments: [("", "811c9dc5"), ("a", "e40c292c"), ("foobar", "bf9cf968")])
  func theFingerprintIsFNV1a(text: String, digits: String) { #expect(text.fingerprint == digits) }

  @Test func theSameLineHasTheSameNameAndAnotherAnother() throws {
    let other = Course.whole(try Scenario(parsing: "n=8 m=6 r=1 steps=40 variants=lora,lora-ga"))
    for what in Export.allCases {
      #expect(what.name(of: Self.course) == what.name(of: Self.course))
      #expect(what.name(of: Self.course) != what.name(of: other))
    }
    #expect(Set(Export.allCases.map { $0.name(of: Self.course).first }).count == Export.allCases.count)
  }

  @Test func theListIsWalkedAndEnterAsksForTheFile() throws {
    var model = try played(to: 40)
    _ = update(&model, .key(.character("e")))
    for _ in Export.allCases { _ = update(&model, .key(.down)) }
    _ = update(&model, .key(.up))
    let all = Export.allCases
    #expect(update(&model, .key(.enter)).contains(.export(all[all.count - 2], to: 40)))
    #expect(model.overlay == nil && model.exporting == all[all.count - 2])
  }

  @Test func aFileThatIsNotWholeIsAskedAboutOnce() throws {
    var model = try played(to: 40)
    #expect(CommandLineTests.enter("export csv", &model) == [.export(.csv, to: 40)])
    #expect(CommandLineTests.enter("export svg", &model) == [])
    #expect(update(&model, .key(.character("q"))) == [])
    #expect(model.notice?.contains("csv") == true)
    #expect(update(&model, .key(.character("q"))) == [.quit])
  }

  @Test func anAnswerEndsTheWaitAndIsShown() throws {
    var model = try played(to: 40)
    _ = CommandLineTests.enter("export csv", &model)
    // Another run may have begun meanwhile.
    _ = update(&model, .report(Report(run: model.run + 1, news: .exported("written to x.csv"))))
    #expect(model.exporting == nil && model.notice == "written to x.csv")
    #expect(update(&model, .key(.character("q"))) == [.quit])
  }

  // MARK: Film

  /// The lines of a film, and what a terminal would show after each: this one moves the cursor, clears and prints.
  private func film(_ model: Model, to step: Int) async throws -> (header: String, screens: [[String]]) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("film-\(UUID().uuidString)").path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { unlink(path) }
    var output = Output(descriptor: descriptor)
    try await Film.write(model, to: step, &output)
    try output.flush()
    close(descriptor)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    var rows = Array(repeating: "", count: Self.size.height)
    var screens: [[String]] = []
    for line in lines.dropFirst() {
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
      let text = try #require(event?[2] as? String)
      for part in text.replacing(/\u{1b}\[[0-9;]*m|\u{1b}\[2J|\u{1b}\[\?25l/, with: "").split(
        separator: "\u{1b}[")
      {
        let match = try #require(part.wholeMatch(of: /(\d+);1H(.*)/))
        rows[try #require(Int(match.1)) - 1] = String(match.2)
      }
      screens.append(rows)
    }
    return (String(lines[0]), screens)
  }

  @Test func aFilmGoesFromTheFirstStepToTheScreenAsItIs() async throws {
    let model = try played(to: 40)
    let (header, screens) = try await film(model, to: 40)
    let object = try JSONSerialization.jsonObject(with: Data(header.utf8)) as? [String: Any]
    #expect(
      object?["version"] as? Int == 2 && object?["width"] as? Int == 80 && object?["height"] as? Int == 24)
    #expect(object?["title"] as? String == Signature(Self.course).text)
    #expect(screens.count == Film.frameCount + 1)
    #expect(screens.last == model.frame().rows)
    #expect(screens[0][0].contains(" 0/40") && screens[50][0].contains(" 20/40"))
    // The read-out of a step is that of a run that stops there.
    #expect(screens[50][21] == (try played(to: 20).frame().rows[21]))
  }
}

@Suite struct SignatureTests {
  private static let course = try! Course(
    parsing: "n=8 m=6 r=2 steps=40 scaling=alpha/sqrt(r) variants=lora,lora-ga(gamma=4) | t=20 lr=0.001")

  /// The whole of what a format puts around it.
  @Test(arguments: ["# %\nstep,", "{\"step\":0,\"run\":\"%\"}", "<svg><desc>%</desc>", "`%`\n", "%"])
  func isReadOutOfWhatStandsAroundIt(frame: String) throws {
    let text = frame.replacing("%", with: Signature(Self.course).text)
    let signature = try #require(Signature(in: text))
    #expect(signature == Signature(Self.course))
    #expect(try Course(parsing: signature.line) == Self.course)
  }

  @Test func isInNothingElse() {
    for text in ["", "lora-explorer", "lora-explorer 0.1.0", "lora-explorer x.y.z  n=3", "n=8 m=6"] {
      #expect(Signature(in: text) == nil)
    }
  }
}
