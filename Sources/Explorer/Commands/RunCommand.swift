import ArgumentParser
import Glibc
import Math

package struct RunCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Compute a run and print it, without a screen.",
    discussion: "Exit code 1 says that a series diverged. 'lora-explorer help spec' explains SPEC.")

  @Argument(help: ArgumentHelp("The run, as key=value words.", valueName: "SPEC"))
  package var words: [String] = []

  @Option(help: "text, csv or jsonl.")
  package var format: RecordFormat = .text

  @Option(help: ArgumentHelp("Print every K-th step (text: 20 rows; else 1).", valueName: "K"))
  package var every: Int?

  @Option(
    help: ArgumentHelp(
      "Add singular values of W − W0 and the floor of the gap every K-th step.", valueName: "K"))
  package var spectrumEvery: Int?

  @Option(
    help: ArgumentHelp("Add measures of each series; 'list measures' names them.", valueName: "a,b"))
  package var measure: String?

  @Flag(help: "No progress on stderr.")
  package var quiet = false

  @ParentCommand package var root: LoraExplorer

  package init() {}

  package func run() throws {
    try root.requireNoScreen(for: "run")
    let course = try Course.checked(words.joined(separator: " "))
    let steps = course.scenario.steps
    let every = try Self.positive(every, "every") ?? (format == .text ? max(1, steps / 20) : 1)
    let spectrumEvery = try Self.positive(spectrumEvery, "spectrum-every")
    let measures = try measure.map(Self.measures) ?? []
    var walk = try Walk(course)
    walk.isConcurrent = walk.simulation.isLarge
    let printer = RecordPrinter(
      format, of: walk.simulation, withSpectra: spectrumEvery != nil, measures: measures,
      course: course)
    var output = Output()
    var progress = Progress(isQuiet: quiet, steps: steps)
    for line in printer.header(course) { try output.line(line) }
    while true {
      let isLast = walk.step == steps || walk.simulation.hasStopped
      let withSpectra = spectrumEvery.map { walk.step.isMultiple(of: $0) } ?? false
      if walk.step.isMultiple(of: every) || isLast || withSpectra {
        for line in printer.lines(walk.record(withSpectra: withSpectra, measures)) { try output.line(line) }
      }
      // Measuring may have found the last of them diverged.
      if isLast || walk.simulation.hasStopped { break }
      try walk.advance()
      progress.show(walk.step)
    }
    progress.clear()
    try output.flush()
    if walk.simulation.series.contains(where: \.hasDiverged) { throw ExitCode(ExitStatus.diverged.rawValue) }
  }

  /// The measures of a list of ids.
  package static func measures(_ list: String) throws -> [Measure] {
    var measures: [Measure] = []
    for id in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let measure = Measure.named(id) else {
        let known = Measure.all.map(\.id).joined(separator: ", ")
        throw UsageError("unknown measure '\(id)'; the measures are \(known)")
      }
      guard !measures.contains(where: { $0.id == id }) else {
        throw UsageError("--measure names \(id) twice")
      }
      measures.append(measure)
    }
    return measures
  }

  private static func positive(_ value: Int?, _ option: String) throws -> Int? {
    guard let value, value < 1 else { return value }
    throw UsageError("--\(option) is \(value); it takes a whole number from 1")
  }
}

/// How far a long run is, on stderr, when that is a terminal.
struct Progress {
  private let isWanted: Bool
  private let steps: Int
  private let unit: String
  private let start = ContinuousClock.now
  private var shown: ContinuousClock.Instant?

  init(isQuiet: Bool, steps: Int, of unit: String = "step") {
    isWanted = !isQuiet && isatty(STDERR_FILENO) == 1
    self.steps = steps
    self.unit = unit
  }

  mutating func show(_ step: Int) {
    guard isWanted else { return }
    let now = ContinuousClock.now
    guard now - (shown ?? start) > (shown == nil ? .seconds(1) : .milliseconds(200)) else { return }
    shown = now
    let share = Double(step) / Double(max(1, steps))
    let left = (now - start) / share * (1 - share)
    write("\r\(unit) \(step)/\(steps)  \(Int(100 * share)) %  \(left.components.seconds) s left  ")
  }

  func clear() {
    if shown != nil { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) {
    _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
  }
}
