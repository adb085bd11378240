import Synchronization

/// What the engine has found since the screen last looked. The one thing both threads touch.
package final class Mailbox: Sendable {
  private let reports = Mutex<[Report]>([])
  private let wakePipe: WakePipe

  package init(wakePipe: WakePipe) { self.wakePipe = wakePipe }

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
    /// The run has been set up; its series by name.
    case ready([String])
    case records([Record])
    /// No step is left, or no series.
    case finished
    case failed(String)
  }

  package let run: Int
  package let news: News

  package init(run: Int, news: News) {
    self.run = run
    self.news = news
  }
}
