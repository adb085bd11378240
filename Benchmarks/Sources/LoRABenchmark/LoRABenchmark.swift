import ArgumentParser
import Foundation
import Math

struct LoRABenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lora-benchmark", abstract: "The peers' workload on this program's own mathematics.")

  @Argument var n: Int
  @Argument var m: Int
  @Argument var r: Int
  @Argument var b: Int
  @Argument var steps: Int
  @Argument(help: "A comma list, or all.") var variants: String
  @Argument(help: "At most so many; layers below 128×128 take one, as in the program.") var threads: Int
  @Option var seed: UInt64 = 1
  @Option(help: "Distinct minibatches, cycled.") var pool = 16
  @Option(help: "s.") var scale = 1.0
  @Option(help: "Rate of gradient descent; by default 0.2/(1 + √(n/b))².") var lr: Double?
  @Option(help: "Rate of Adam.") var lrAdam = 1e-3
  @Option(help: "Weight decay of Adam.") var wd = 0.0
  @Option var galoreEvery = 50
  @Option(help: "Steps between spectra; 0 for none.") var specEvery = 10
  @Option(help: "Singular values kept; 0 for 2r.") var topk = 0
  @Option(help: "Singular values of the difference, dense, or of the factors where there are any, lowrank.")
  var spectra = Spectra.dense
  @Option(help: "Untimed steps before.") var warmup = 20
  @Option(help: "Timed runs; the median is reported.") var `repeat` = 3
  @Flag(help: "Without the references that deviations are measured from, and so without these.")
  var alone = false
  @Flag(help: "Print the time of a step's products by themselves, too, before the last line.")
  var products = false
  @Option(help: "Write all losses, deviations and spectra here.") var dump: String?

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("threads is \(threads); it is 1 at least") }
    guard r >= 1, 2 * r <= min(n, m) else {
      throw ValidationError("r is \(r); it goes from 1 to half of the smaller of n and m, \(min(n, m) / 2)")
    }
  }

  mutating func run() throws {
    let systems = try chosen()
    let rate = lr ?? 0.2 / pow(1 + (Double(n) / Double(b)).squareRoot(), 2)
    var adam = OptimizerChoice(.adamw, learningRate: lrAdam)
    adam.weightDecay = wd
    let work = try Workload(n: n, m: m, r: r, b: b, pool: pool, seed: seed)
    let settings = System.Settings(
      rank: r, scale: scale, learningRate: rate, adam: adam, galoreEvery: galoreEvery)
    useOneBLASThread()
    let keep = topk == 0 ? 2 * r : topk
    func measure(_ steps: Int) throws -> (seconds: Double, results: Results) {
      var trial = Trial(
        work, systems, settings, keep: keep, specEvery: specEvery, spectra: spectra,
        threads: threads)
      let start = ContinuousClock.now
      try trial.run(steps)
      let time = (ContinuousClock.now - start).components
      return (Double(time.seconds) + Double(time.attoseconds) * 1e-18, trial.results)
    }
    if warmup > 0 { _ = try measure(min(steps, warmup)) }
    var runs: [(seconds: Double, results: Results)] = []
    for _ in 0..<`repeat` { runs.append(try measure(steps)) }
    let results = runs[runs.count - 1].results
    if let dump { try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: dump), options: .atomic) }
    let seconds = runs.map(\.seconds).sorted()
    let median = seconds[seconds.count / 2]
    if products { printProducts(of: systems, step: median / Double(steps)) }
    let report = Report(
      n: n, m: m, r: r, b: b, steps: steps, threads: threads, variants: systems.map(\.rawValue),
      spec_every: specEvery, spectra: spectra.rawValue, steps_per_s: Double(steps) / median,
      s_min: seconds[0],
      s_med: median, s_max: seconds[seconds.count - 1], loss_last: results.loss.compactMapValues(\.last),
      dev_last: results.dev.compactMapValues(\.last))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  private func printProducts(of systems: [System], step: Double) {
    let all = [Product(b, m, over: n)] + systems.flatMap { $0.products(n: n, m: m, r: r, b: b) }
    let counts = Dictionary(all.map { ($0, 1.0) }, uniquingKeysWith: +)
    let seconds = counts.reduce(0) { $0 + $1.value * $1.key.seconds }
    let flops = all.reduce(0) { $0 + $1.flops }
    let dense = Product(b, m, over: n)
    let rate = dense.flops / dense.seconds
    print(
      """
      step: \(step * 1e3) ms
      \(all.count) products by themselves: \(seconds * 1e3) ms, \(flops / seconds * 1e-9) Gflop/s
      their \(flops * 1e-9) Gflop at the rate of XW, \(rate * 1e-9) Gflop/s: \(flops / rate * 1e3) ms
      """)
  }

  /// The variants asked for, and the references they are measured against.
  private func chosen() throws -> [System] {
    let asked =
      try variants == "all"
      ? System.allCases
      : variants.split(separator: ",").map { name in
        guard let system = System(rawValue: String(name)) else {
          let known = System.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("unknown variant '\(name)'; the variants are all, \(known)")
        }
        return system
      }
    let wanted = alone ? asked : asked + asked.map(\.reference)
    return System.allCases.filter(wanted.contains)
  }
}

/// The last line that the peers print too.
private struct Report: Encodable {
  var peer = "swift"
  var n, m, r, b, steps, threads: Int
  var dtype = "f64"
  var variants: [String]
  var spec_every: Int
  var spectra: String
  var steps_per_s, s_min, s_med, s_max: Double
  var loss_last, dev_last: [String: Double]
}

struct Results: Codable {
  var loss: [String: [Double]] = [:]
  var dev: [String: [Double]] = [:]
  var spectra: [String: [[Double]]] = [:]
}
