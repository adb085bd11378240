import Charts
import Math
import Theory

extension Export {
  /// Writes it, and says in a line what came of it.
  /// - Parameters:
  ///   - model: what the screen shows now.
  ///   - step: the last to be computed.
  func answer(_ model: Model, to step: Int) async -> String {
    do {
      let name = try await NewFile.write(name(of: model.course)) { output in
        switch self {
        case .csv: try await Self.write(.csv, model.course, to: step, &output)
        case .jsonl: try await Self.write(.jsonl, model.course, to: step, &output)
        case .text: try output.text(FrameFormat.text.text(model.frame(), colors: 0))
        case .ansi: try output.text(FrameFormat.ansi.text(model.frame(), colors: Palette.most))
        case .svg:
          try output.text(
            FrameFormat.svg.text(
              model.frame(keepsLines: true), colors: Palette.most, of: model.course))
        case .cast: try await Film.write(model, to: step, &output)
        case .checks: try Self.writeChecks(model.course, model.convention, &output)
        }
      }
      return "written to \(name.printable)"
    } catch is CancellationError {
      return "\(rawValue) is not written"
    } catch {
      return "\(error)"
    }
  }

  /// What `run` prints.
  private static func write(
    _ format: RecordFormat, _ course: Course, to step: Int, _ output: inout Output
  ) async throws {
    var walk = try Walk(course)
    let printer = RecordPrinter(format, of: walk.simulation, course: course)
    for line in printer.header(course) { try output.line(line) }
    while true {
      for line in printer.lines(walk.record()) { try output.line(line) }
      if walk.step == step || walk.simulation.hasStopped { return }
      try walk.advance()
      if walk.step.isMultiple(of: 64) {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  /// What `check` prints.
  private static func writeChecks(
    _ course: Course, _ convention: Convention, _ output: inout Output
  ) throws {
    let report = CheckReport(try CheckResult.all(Check.all, on: [course]), convention)
    for line in try report.lines(.markdown) { try output.line(line) }
  }
}

extension Palette {
  /// Colours of a file: it is not known where it will be shown.
  static var most: Int { ColorChoice.auto.resolved(in: environment) == .never ? 0 : 256 }
}

extension Model {
  /// The screen without what lies on top.
  package func frame(keepsLines: Bool = false) -> Grid {
    var model = self
    model.overlay = nil
    model.notice = nil
    model.keepsLines = keepsLines
    return view(model, size).grid
  }
}
