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

/// Bytes of memory this process may use: the machine's, or its control group's limit where that is less.
package var physicalMemory: Double {
  let machine = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
  let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
  return limits.compactMap(firstNumber).reduce(machine, min)
}

/// The number a file of the kernel's begins with; nil for a word, or no file.
private func firstNumber(_ path: String) -> Double? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var text = [CChar](repeating: 0, count: 64)
  guard fgets(&text, Int32(text.count), file) != nil else { return nil }
  return Double(String(decoding: text.prefix { $0 > 32 }.map(UInt8.init), as: UTF8.self))
}
