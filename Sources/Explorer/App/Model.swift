import Charts
import Math
import Theory

/// All that the screen depends on, but for its size.
package struct Model: Equatable, Sendable {
  /// What lies on top of the main screen and takes the keys.
  package enum Overlay: Equatable, Sendable {
    case help(Help)
    case picker(Picker)
    case commandLine(Prompt)
    case page(Page)
    case divergence(DivergenceReport)
  }

  /// What the present run is computed from.
  package internal(set) var course: Course
  /// Runs are numbered; news of an earlier one is dropped.
  package internal(set) var run = 1
  /// Nil until the run has been set up.
  package internal(set) var history: RunHistory?
  /// What is known of a branch that is being set up before its first step.
  var trunk: RunHistory?
  package internal(set) var isPaused = false
  /// Before the run had been set up.
  var stepsAsked = 0
  package internal(set) var isFinished = false
  /// Why the run could not start.
  package internal(set) var failure: String?
  /// The step that every panel shows; nil for the latest.
  package internal(set) var cursor: Int?
  package internal(set) var lookback = Lookback()
  package internal(set) var speed = Speed()
  package internal(set) var past = PastRuns()
  /// The present scenario with many seeds, since somebody asked for it.
  package internal(set) var survey: SeedSurvey?
  /// The present scenario at other values, since somebody asked for it.
  package internal(set) var sweep: SweepResult?
  /// What the theory says of the step shown.
  package internal(set) var checks = CheckBoard()
  /// Once somebody has opened them.
  package internal(set) var lessons: LessonPlay?
  /// The claim that this run shows.
  package internal(set) var claim: ClaimBoard?
  /// What is being written to a file.
  package internal(set) var exporting: Export?
  /// The numbers of the notes' mistakes, by id, once they are known.
  package internal(set) var errata: [String: Erratum.Sides]?
  package internal(set) var overlay: Overlay?
  /// The run's divergence has been asked about, and is not shown again.
  package internal(set) var hasAskedWhy = false
  /// A question that waits until nothing lies on top.
  package internal(set) var report: DivergenceReport?
  /// One line that answers the last key, until the next.
  package internal(set) var notice: String?
  /// What was last entered on the command line.
  package var lastLine = ""
  /// Bytes a run may take.
  package let memory: Double

  // How it is shown.

  package internal(set) var size = Size(width: 80, height: 24)
  /// The panel that keys are for. Where there is room for one chart alone, that is it.
  package internal(set) var focus: Panel {
    get { hasOneChart ? .gap : chosenFocus }
    set { chosenFocus = newValue }
  }
  private var chosenFocus = Panel.gap
  /// The panel in focus takes all the room.
  package internal(set) var isZoomed = false
  /// The table stands where loss and singular values would.
  package internal(set) var isComparing: Bool
  package internal(set) var table = TableOrder()
  /// Series that are not drawn, by number.
  package internal(set) var hidden: Set<Int> = []
  package internal(set) var scale = Scale.log
  package internal(set) var xScale = Scale.linear
  package internal(set) var ranges = ChartRanges()
  package internal(set) var phase = PhaseAxes(x: "gap", y: "loss")
  /// Losses less that of full fine-tuning, gaps less their floors.
  package internal(set) var isDifference = false
  /// A chart for each series instead of one for all.
  package internal(set) var isSplit = false
  /// Whose gap and singular values are shown, counted from 0.
  package internal(set) var layer = 0
  package internal(set) var lossSet = LossSet.train
  package internal(set) var glyphs: Glyphs
  /// Those that the terminal can show.
  package var glyphSets = Glyphs.allCases
  package internal(set) var theme = Theme.standard
  /// Whether the mouse steers the program; else it selects text.
  package internal(set) var takesMouse = false
  /// Frames keep the lines of charts beside the cells, for a picture that is drawn finer.
  package var keepsLines = false
  /// How weights are written.
  package internal(set) var convention: Convention

  package init(_ scenario: Scenario, glyphs: Glyphs, memory: Double, convention: Convention = .house) {
    self.init(.whole(scenario), glyphs: glyphs, memory: memory, convention: convention)
  }

  package init(_ course: Course, glyphs: Glyphs, memory: Double, convention: Convention = .house) {
    let scenario = course.scenario
    self.course = course
    self.glyphs = glyphs
    self.convention = convention
    self.memory = memory
    isComparing = scenario.isComparison
    chosenFocus = isComparing ? .table : .gap
  }
}

/// The examples whose loss is shown.
package enum LossSet: String, Equatable, Sendable {
  case train, test

  var other: LossSet { self == .train ? .test : .train }
}

extension Model {
  package var scenario: Scenario { course.scenario }

  /// A lesson has the screen.
  package var isTeaching: Bool { lessons?.isOpen ?? false }

  /// How fast the present run is shown. The runs of a lesson take a few seconds together.
  package var pace: Pace {
    // What was taken from a lesson has been seen already.
    let seconds =
      isTeaching ? max(1, 4 / Double(lessons?.scene.runs.count ?? 1)) : lessons?.isExplored == true ? 1 : 10
    return speed.pace(of: scenario, usual: seconds)
  }

  /// The small screen, before a panel is asked for.
  var hasOneChart: Bool { !isZoomed && Extent(size) == .small }

  /// Where a key is pressed.
  package var context: Context {
    switch overlay {
    case .help(let help): help.isTyping ? .search : .help
    case .picker: .picker
    case .commandLine: .commandLine
    case .divergence: .divergence
    case .page(.words), .page(.erratum), .page(.notes): .page
    case .page(.session): .session
    case .page(.exports): .exports
    case nil where isTeaching: .lesson
    case nil:
      switch focus {
      case .table: .table
      case .checks: .checks
      case .sweep where sweep?.sweep.y != nil: .sweep
      case .gap, .loss, .spectrum, .angles, .entries, .phase, .sweep, .run, .series, .readOut, .notes,
        .events:
        .main
      }
    }
  }
}

extension Scenario {
  /// More variants than a legend over the charts tells apart at a glance.
  var isComparison: Bool { variants.count > 3 }
}
