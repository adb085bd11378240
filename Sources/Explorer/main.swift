import ArgumentParser
import Glibc
import Math

// Synchronous: with an async main a resize would not interrupt the wait for keys.
useOneBLASThread()
do {
  switch try LoraExplorer.parseAsRoot() {
  case let screen as LoraExplorer: try screen.open()
  case let lesson as LessonCommand: try lesson.open()
  case let replay as ReplayCommand: try replay.open()
  case var command: try command.run()
  }
  ExitStatus.leave(ExitStatus.done.rawValue)
} catch {
  ExitStatus.leave(ExitStatus.report(error))
}
