import Glibc
import Math

extension Scenario {
  /// The scenario of a line, if this machine's memory can hold it.
  package static func checked(_ line: String) throws(ScenarioError) -> Scenario {
    let scenario = try Scenario(parsing: line)
    try scenario.requireMemory(physicalMemory)
    return scenario
  }
}

/// Bytes of memory this machine has.
package var physicalMemory: Double {
  Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
}
