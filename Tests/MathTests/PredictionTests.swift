import Math
import Testing

/// What is said before a run, held against the run.
@Suite("Predictions")
struct PredictionTests {
  static func forecast(_ line: String) throws -> Forecast { Forecast(try Simulation(line: line)) }

  /// The loss of a series at the end over that at the start; infinite once it has diverged.
  static func lossRatio(_ line: String, _ i: Int) throws -> Double { try lossRatios(line, i).last ?? .nan }

  /// The same at every step.
  static func lossRatios(_ line: String, _ i: Int) throws -> [Double] {
    var simulation = try Simulation(line: line)
    var losses = [simulation.losses()[i]]
    for _ in 0..<(try #require(simulation.scenario).steps) {
      simulation.advance()
      losses.append(simulation.losses()[i])
    }
    return losses.map { $0.isFinite ? $0 / losses[0] : .infinity }
  }

  /// Gradient descent in all its forms, on losses with one curvature and with many.
  static let descents = [
    "opt=sgd", "opt=sgd wd=0.3", "opt=momentum mu=0.9", "opt=momentum mu=0.5 dampening=0.4",
    "opt=momentum mu=0.9 nesterov=yes", "opt=momentum mu=0.7 nesterov=yes dampening=0.5",
  ]

  @Test(
    "just below the bound full fine-tuning stays, just above it leaves", arguments: descents,
    ["task=matrix", "task=matrix cov=1", "task=linreg samples=40 batch=all cov=0.5"])
  func fullBound(descent: String, task: String) throws {
    let line = "\(task) n=8 m=6 r=2 steps=4000 variants=full \(descent)"
    let bound = try #require(try Self.forecast(line).series[0].bound)
    #expect(bound.place == .everywhere)
    // The slowest of these roots moves by 1e-2 of what the rate is off the bound: 4000 steps make e^±8 of it.
    let below = try Self.lossRatio("\(line) lr=\(0.98 * bound.rate)", 0)
    let above = try Self.lossRatio("\(line) lr=\(1.02 * bound.rate)", 0)
    #expect(below < 10 && above > 1e4)
  }

  // A target that is almost nothing keeps the factors where they start, so that the bound there is the bound.
  @Test(
    "at the start just below the bound the factors stay, just above it they leave",
    arguments: [
      "lora", "rslora", "lora(init=gaussian)", "lora(init=zero-a)", "lora-plus(ratio=4)",
      "lora(init=orthogonal)",
      "additive", "pissa", "olora",
    ], ["", "cov=1"])
  func startBound(variant: String, inputs: String) throws {
    let line = "n=8 m=6 r=2 alpha=6 norm=1e-7 steps=300 variants=\(variant) \(inputs)"
    let bound = try #require(try Self.forecast(line).series[1].bound)
    #expect(bound.place == .start)
    let below = try Self.lossRatios("\(line) lr=\(0.95 * bound.rate)", 1)
    // 1.1² a step and more, until they come to a flatter place or never.
    let above = try Self.lossRatios("\(line) lr=\(1.05 * bound.rate)", 1)
    #expect(try #require(below.max()) < 2)
    #expect(try #require(above.max()) > 1e3)
  }

  @Test("no factors can settle at what is to be learned above the bound at the end", arguments: [1.0, 2, 5])
  func endBound(alpha: Double) throws {
    // One direction, learned from small factors, which stay balanced.
    let line = "n=10 m=8 r=1 k=1 norm=3 alpha=\(alpha) variants=lora steps=3000"
    let bound = try #require(try Self.forecast("\(line) lr=0.01").series[1].bound)
    #expect(bound.place == .end)
    let below = try Self.lossRatio("\(line) lr=\(0.9 * bound.rate)", 1)
    let above = try Self.lossRatio("\(line) lr=\(1.1 * bound.rate)", 1)
    #expect(below < 1e-12)
    #expect(above > 1e-6)
  }

  @Test(
    "the floor said to be exact is the floor the run ends at",
    arguments: [
      "task=matrix", "task=matrix cov=1", "task=matrix wd=0.1", "task=linreg samples=30 batch=all noise=0.2",
      "task=linreg samples=5 batch=all", "task=linreg samples=5 batch=all wd=0.05",
    ])
  func floors(task: String) throws {
    let line =
      "\(task) n=9 m=7 r=2 alpha=3 lr=0.02 steps=70 variants=lora,lora-ga,pissa,adalora,additive,parallel-lora"
    var simulation = try Simulation(line: line)
    let said = Forecast(simulation).series.map(\.floor)
    simulation.advance(steps: 70)
    for (i, spectrum) in simulation.spectra().enumerated() where i > 0 {
      let floor = try #require(spectrum?.floor)
      guard case .exact(let x)? = said[i] else {
        Issue.record("series \(i) says \(String(describing: said[i]))")
        continue
      }
      // Seventy steps of rounding, on numbers of size 1.
      #expect(abs(x - floor) < 1e-11, "series \(i): \(x), run \(floor)")
    }
  }

  @Test(
    "the floor said to be about right is that of the minimum other rules come to",
    arguments: ["opt=momentum lr=0.01", "opt=adam lr=0.01"])
  func approximateFloors(rule: String) throws {
    var simulation = try Simulation(line: "n=9 m=7 r=2 alpha=2 \(rule) steps=3000 variants=lora")
    let said = Forecast(simulation).series[1].floor
    simulation.advance(steps: 3000)
    let floor = try #require(simulation.spectra()[1]?.floor)
    guard case .approximate(let x)? = said else {
      Issue.record("said \(String(describing: said))")
      return
    }
    #expect(abs(x / floor - 1) < 1e-3, "said \(x), run \(floor)")
  }

  @Test(
    "where nothing bounds the gap, no floor is said",
    arguments: ["variants=dora", "variants=galore", "variants=serial-lora(every=10)"])
  func noFloor(line: String) throws {
    let forecast = try Self.forecast("n=8 m=6 r=2 steps=50 \(line)")
    #expect(forecast.series[1].floor == nil)
  }

  @Test(
    "where the minimum is not known, a floor is left to the run, which has it",
    arguments: ["task=twolayer hidden=5 variants=lora", "opt=adam wd=0.1 variants=lora"])
  func floorOfTheRun(line: String) throws {
    var simulation = try Simulation(line: "n=8 m=6 r=2 steps=50 \(line)")
    #expect(Forecast(simulation).series[1].floor == .untold)
    simulation.advance(steps: 50)
    #expect(try #require(simulation.spectra()[1]?.floor) > 0)
  }

  @Test(
    "no rate is said for rules without a bound", arguments: ["opt=adam", "opt=signsgd", "opt=galore-adamw"])
  func noBound(rule: String) throws {
    let forecast = try Self.forecast("n=8 m=6 r=2 \(rule)")
    #expect(forecast.series.allSatisfy { $0.bound == nil })
  }

  @Test("the numbers trained and the scale are those of the run", arguments: RunSample.variants)
  func counts(variant: String) throws {
    let simulation = try Simulation(line: "n=8 m=6 r=2 alpha=5 variants=\(variant)")
    let one = Forecast(simulation).series[1]
    let trained = simulation.series[1].trained.reduce(0) { $0 + $1.chain.parameters[0].count }
    #expect(one.trained == trained)
    if case .product(_, let s) = simulation.series[1].chain.adapters[0].factoring { #expect(one.scale == s) }
  }

  @Test("the effective rank of the target is that of what full fine-tuning has learned")
  func rank() throws {
    // η = 1 is there in a step: W1 = W*.
    var simulation = try Simulation(line: "n=9 m=7 target=geometric:0.6 lr=1 variants=full")
    simulation.advance()
    let measure = try #require(Measure.named("effective-rank"))
    let learned = simulation.values(of: [measure])[0][0][0]
    let said = try #require(simulation.scenario?.effectiveRank)
    #expect(abs(said - learned) < 1e-10)
  }
}

@Suite("Causes of divergence")
struct CauseTests {
  static func divergence(_ line: String, _ i: Int) throws -> Divergence? {
    let digits = try Digits.few.get()
    return try Divergence(Scenario(parsing: line), series: i, digits: digits)
  }

  @Test("a rate beyond the bound at the start is named with its product, and both remedies end the run")
  func unstableStart() throws {
    let line = "r=8 lr=0.2 alpha=128 steps=2000 variants=lora,lora-ga,lora-pro"
    let found = try #require(try Self.divergence(line, 1))
    var simulation = try Simulation(line: line)
    simulation.advance(steps: found.step + 1)
    #expect(simulation.series[1].divergedAt == found.step)
    let cause = try #require(found.cause)
    #expect(cause.step == 0 && cause.limit == 2 && cause.product > 2)
    #expect(found.scale == 16)
    #expect(found.rate < 0.9 * 2 / cause.curvature)
    let alpha = try #require(found.alpha)
    for change in ["lr=\(found.rate) alpha=128", "lr=0.2 alpha=\(alpha)"] {
      var run = try Simulation(line: "r=8 \(change) steps=2000 variants=lora,lora-ga,lora-pro")
      run.advance(steps: 2000)
      let losses = run.losses()
      #expect(losses.allSatisfy { $0.isFinite }, "\(change)")
    }
  }

  @Test("full fine-tuning beyond its bound grows by |1 − η| a step")
  func full() throws {
    let found = try #require(try Self.divergence("n=8 m=6 r=2 lr=4 steps=2000 variants=full", 0))
    let cause = try #require(found.cause)
    // Exact for this loss, curvature 1; the loss is the square.
    #expect(abs(cause.product - 4) < 1e-6)
    let growth = try #require(found.growth)
    #expect(abs(growth - 9) < 1e-6)
    #expect(found.rate == 1.8 || found.rate == 1.7)
    #expect(found.alpha == nil)
  }

  @Test("of a rule without a bound only the growth is known, and a tenth of the rate is tried")
  func unknown() throws {
    let line = "n=8 m=6 r=2 opt=adamw lr=1e6 wd=1e3 steps=200 variants=lora"
    let found = try #require(try Self.divergence(line, 1))
    #expect(found.cause == nil && found.stableRate == nil)
    #expect(found.rate == 1e5)
  }

  @Test("a rate far beyond every bound is answered with one that all series learn at", arguments: [1e2, 1e5])
  func farBeyond(rate: Double) throws {
    let line = "n=8 m=6 r=2 steps=300 variants=lora,lora-ga"
    let found = try #require(try Self.divergence("\(line) lr=\(rate)", 1))
    // Where everything has been learned.
    let whole = line.replacing("steps=300", with: "steps=100000")
    let bounds = try Forecast(Simulation(line: "\(whole) lr=0.003")).series.compactMap { $0.bound?.rate }
    let least = try #require(bounds.min())
    // Two digits of nine tenths of the least bound, rounded down, and no less.
    #expect(found.rate <= 0.9 * least && found.rate > 0.8 * least, "\(found.rate) of \(least)")
    for i in 1...2 {
      let ratio = try PredictionTests.lossRatio("\(line) lr=\(found.rate)", i)
      #expect(ratio < 0.9)
    }
  }

  @Test("what had exploded at the branch is helped by a run from the first step alone")
  func lateBranch() throws {
    let line = "n=8 m=6 r=2 alpha=128 steps=60 variants=lora"
    var trunk = try Simulation(line: line + " lr=0.5")
    trunk.advance(steps: 3)
    let next = try Scenario(parsing: line + " lr=0.4")
    let branch = try trunk.branched(to: next)
    let digits = try Digits.few.get()
    let found = try #require(try Divergence(next, series: 1, from: branch, digits: digits))
    let bounds = Forecast(try Simulation(line: line)).series.compactMap { $0.bound?.rate }
    let least = try #require(bounds.min())
    #expect(found.needsNewStart && found.rate > 0.8 * least)
    let ratio = try PredictionTests.lossRatio("\(line) lr=\(found.rate)", 1)
    #expect(ratio < 1)
  }

  @Test("a series that goes to its end has no cause")
  func none() throws {
    let found = try Self.divergence("n=8 m=6 r=2 steps=20", 1)
    #expect(found == nil)
  }
}
