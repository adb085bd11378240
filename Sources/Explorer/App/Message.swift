import Charts
import Math
import Theory

/// What happened.
package enum Message: Equatable, Sendable {
  case key(Key)
  case mouse(Mouse)
  /// Not typed: it runs nothing.
  case pasted(String)
  case report(Report)
  /// What a command came to, in one line.
  case answer(String)
  /// The screen has this size, from the start and after every change.
  case resized(Size)
}

/// What is to be done about it.
package enum Command: Equatable, Sendable {
  /// Say what a run that is being set up will come to.
  case lookAhead(Scenario)
  /// Say why a series diverged.
  case diagnose(series: Int)
  /// Write a file of the run up to a step.
  case export(Export, to: Int)
  /// Write these lines to a new file.
  case save(name: String, lines: [String])
  case prepare(Course, run: Int)
  /// By so many steps, or to the end.
  case advance(Int?)
  case stop
  /// Keep the line of this run for another session.
  case saveRun(String)
  /// Measures a step of the past.
  case look(at: Int)
  /// What is measured from now on.
  case want(Wanted)
  /// Measures what is wanted at states of the past.
  case trace
  /// Runs the experiment of a claim.
  case tryClaim(String)
  case stopClaim
  /// Measures what tells the notes' mistakes from what is right.
  case tryErrata
  /// Puts the theory on trial at a step.
  case inquire(Inquiry)
  /// Reads the numbers of a lesson's scene off its runs.
  case measure(Scene, LessonPlay.Place)
  /// Runs it with so many seeds.
  case survey(Course, seeds: Int)
  case stopSurvey
  case sweep(Sweep)
  case stopSweep
  case redraw
  case quit
}
