import Math
import Synchronization
import Theory

/// What the engine has found since the screen last looked. The one thing both threads touch.
package final class Mailbox: Sendable {
  private let reports = Mutex<[Report]>([])
  private let wakePipe: WakePipe

  /// Records beyond which none are to be added: a quarter of a second of the fastest run.
  static let room = 5_000

  package init(wakePipe: WakePipe) { self.wakePipe = wakePipe }

  /// The screen takes nothing in while its terminal takes nothing.
  package var isFull: Bool {
    reports.withLock { reports in
      let count = reports.reduce(0) { count, report in
        guard case .records(let records) = report.news else { return count }
        return count + records.count
      }
      return count >= Self.room
    }
  }

  package func post(_ report: Report) {
    reports.withLock { $0.append(report) }
    wakePipe.wake()
  }

  package func collect() -> [Report] {
    reports.withLock { reports in
      defer { reports.removeAll() }
      return reports
    }
  }
}

/// News of one run.
package struct Report: Equatable, Sendable {
  package enum News: Equatable, Sendable {
    /// The run has been set up.
    case ready(RunOutline)
    case records([Record])
    /// A step that somebody looks back at.
    case replayed(Record)
    /// States of the past, measured for curves that nobody looked at then.
    case traced([Record])
    /// What a claim came to.
    case claimed(ClaimResult)
    /// What tells the notes' mistakes from what is right, by id.
    case erred([String: Erratum.Sides])
    /// The numbers of a lesson.
    case measured(LessonPlay.Place, SceneTrial)
    /// A file is written, or cannot be; in one line.
    case exported(String)
    /// What the checks came to at a step.
    case found(Findings)
    /// Another seed has been run.
    case surveyed(SeedRun)
    /// Another run of a sweep has come to its end.
    case swept(SweepResult)
    /// The steps last asked for are taken, or were stopped, and others are left.
    case rested
    /// No step is left, or no series.
    case finished
    case failed(String)
    /// Of a run that is being set up.
    case outlook(Outlook)
    /// Why a series diverged; nil where that cannot be found.
    case divergence(Divergence?)

    /// Asked for beside a run, and perhaps still wanted in the next.
    var isBesideRuns: Bool {
      switch self {
      case .claimed, .erred, .measured, .swept, .exported: true
      case .ready, .records, .replayed, .traced, .found, .surveyed, .rested, .finished, .failed, .outlook,
        .divergence:
        false
      }
    }
  }

  package let run: Int
  package let news: News

  package init(run: Int, news: News) {
    self.run = run
    self.news = news
  }
}

/// What does not change in a run that has been set up.
package struct RunOutline: Equatable, Sendable {
  /// Of the series, full fine-tuning first.
  package var names: [String]
  /// The series whose start was chosen among equals, see `Attachment`, by number.
  package var chosenAmongEquals: [Int]
  package var layerCount: Int
  /// By layer, `Simulation.rounding`: what is not more of a gap, a floor or a singular value is zero.
  package var roundings: [Double] = []
  /// `Simulation.lossRounding`.
  package var lossRounding = 0.0

  package init(names: [String], chosenAmongEquals: [Int] = [], layerCount: Int = 1) {
    self.names = names
    self.chosenAmongEquals = chosenAmongEquals
    self.layerCount = layerCount
  }

  package func rounding(_ layer: Int) -> Double { roundings.indices.contains(layer) ? roundings[layer] : 0 }

  package init(_ simulation: Simulation) {
    names = simulation.series.map(\.name)
    chosenAmongEquals = simulation.series.indices.filter { !simulation.series[$0].isUnique }
    layerCount = simulation.layerCount
    roundings = (0..<layerCount).map { simulation.rounding(layer: $0) }
    lossRounding = simulation.lossRounding
  }
}
