import ArgumentParser
import Glibc
import Math
import Theory

/// The program's exit codes.
package enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case diverged = 1
  case usage = 2
  case noTerminal = 3
  case cannotWrite = 4

  var meaning: String {
    switch self {
    case .done: "done"
    case .diverged: "a run diverged, or a check, claim or lesson failed"
    case .usage: "wrong usage"
    case .noTerminal: "no usable terminal"
    case .cannotWrite: "cannot write"
    }
  }

  /// Says what an error means, on the right descriptor, and gives the code to exit with.
  package static func report(_ error: any Error) -> Int32 {
    switch error {
    case let code as ExitCode:
      return code.rawValue
    case let error as ScenarioError:
      return complain("\(error)", .usage)
    case let error as SweepError:
      return complain("\(error)", .usage)
    case let error as UsageError:
      return complain("\(error)", .usage)
    case let error as TerminalError:
      return complain("\(error)", .noTerminal)
    case let error as OutputError:
      return complain("\(error)", .cannotWrite)
    case let error as LinearAlgebraError:
      return complain("the run cannot start: \(error)", .diverged)
    default:
      guard LoraExplorer.exitCode(for: error) != .success else {
        print(fitted(LoraExplorer.fullMessage(for: error)))
        return ExitStatus.done.rawValue
      }
      return complain(LoraExplorer.message(for: error), .usage)
    }
  }

  /// Ends the program at once, when what it printed is out.
  ///
  /// Not by `exit`: that runs OpenBLAS's destructor, which frees the memory a step still in hand computes in.
  package static func leave(_ code: Int32) -> Never {
    NewFile.dropDrafts()
    let isWritten = fflush(nil) == 0
    _exit(code == done.rawValue && !isWritten ? cannotWrite.rawValue : code)
  }

  /// One line on stderr, whatever the message holds.
  private static func complain(_ message: String, _ status: ExitStatus) -> Int32 {
    let line = "lora-explorer: " + message.split(separator: "\n").joined(separator: " ").printable + "\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    return status.rawValue
  }
}

/// A help text that has more than 24 rows, without its empty ones, the heading of options, the parser's hint at `help`, which has a row
/// of its own, and the row of `--help`, which who reads it has found.
package func fitted(_ help: String) -> String {
  let rows = help.split(separator: "\n", omittingEmptySubsequences: false)
  guard rows.count > 24 else { return help }
  let spare = ["OPTIONS:", "  See 'lora-explorer help", "  -h, --help"]
  return rows.filter { row in !row.isEmpty && !spare.contains { row.hasPrefix($0) } }.joined(separator: "\n")
}

/// A wrong option: what it is, its value, what is allowed.
package struct UsageError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
