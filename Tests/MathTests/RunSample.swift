import Testing

import Math

/// A problem small enough to be run hundreds of times; together they have every kind of layer and loss.
enum ProblemLine: String, CaseIterable, Sendable {
  /// n > m, the inputs the identity.
  case matrix
  /// n < m, with a covariance.
  case covariance
  case linreg, digits
  /// Two layers: tanh with squared error, ReLU with cross entropy and minibatches.
  case network, classes

  var line: String {
    switch self {
    case .matrix: "task=matrix n=12 m=9 r=3 k=7"
    case .covariance: "task=matrix n=9 m=11 r=2 cov=0.5"
    case .linreg: "task=linreg n=10 m=7 r=2 samples=40 batch=16 held=8"
    case .digits: "task=digits r=3 batch=64"
    case .network: "task=twolayer n=8 hidden=10 m=6 r=2 samples=40 held=8"
    case .classes:
      "task=twolayer phi=relu loss=ce n=6 hidden=7 m=5 r=2 samples=30 batch=10 held=8"
    }
  }

  var layerCount: Int { [.network, .classes].contains(self) ? 2 : 1 }
}

/// A registered variant with its settings, on a problem, with a seed.
struct RunSample: Sendable, CustomTestStringConvertible {
  var variant: String
  var problem: ProblemLine
  var seed: Int

  init(_ variant: String, _ problem: ProblemLine, seed: Int) {
    (self.variant, self.problem, self.seed) = (variant, problem, seed)
  }

  var testDescription: String { "\(variant) on \(problem) with seed \(seed)" }

  /// - Parameter keys: words that stand in the place of the sample's own.
  func line(_ keys: String = "", seed: Int? = nil) -> String {
    // B's rate is twenty times as large.
    let rate = ids.contains("lora-plus") ? "lr=0.002" : "lr=0.05"
    let own = "\(problem.line) \(rate) alpha=2 steps=12 seed=\(seed ?? self.seed) variants=\(variant)"
    let said = Set(keys.split(separator: " ").map { $0.prefix { $0 != "=" } })
    let rest = own.split(separator: " ").filter { word in !said.contains(word.prefix { $0 != "=" }) }
    return rest.joined(separator: " ") + " " + keys
  }

  func start(_ keys: String = "") throws -> Simulation { try Simulation(line: line(keys)) }

  /// The system itself, on its own where all layers have the same.
  var ids: [String] {
    variant.split(separator: "+").map { String($0.prefix { $0 != "(" }) }
  }

  static let ids = Variant.all.map(\.id)

  /// Every variant as it is by default and with each of its words.
  static let worded: [String] = Variant.all.flatMap { variant in
    [variant.id]
      + variant.knobs.flatMap { knob -> [String] in
        guard case .word(let words) = knob.kind else { return [] }
        return words.dropFirst().map { "\(variant.id)(\(knob.name)=\($0))" }
      }
  }

  /// Settings whose effect twelve steps at their defaults do not show, and pairs of settings that meet.
  static let numbered = [
    "serial-lora(every=3)", "serial-lora(every=4,warmup=2,init=both)", "galore(gap=3,scale=1)",
    "galore(side=full,gap=3)", "adalora(r0=5,tinit=2,tfinal=3,deltat=2)", "lora-ga(niter=4)",
    "lora-ga(scale=zeta,zeta=0.3,split=ArBr)", "pissa(niter=4)", "dora(detach=no,init=both)",
    "lora-pro(c=symmetric,moments=factors,init=lora-ga)", "parallel-lora(count=3,merge=mean,init=both)",
    "random-projection(form=exact,k=0.1)", "lora(init=orthogonal,a=0.3,b=0)",
  ]

  static let variants = worded + numbered

  /// Another system for each layer.
  static let mixed = [
    "lora+frozen", "full+lora", "serial-lora(every=3)+lora", "dora+galore(gap=4)", "adalora+lora-pro",
    "frozen+random-projection", "oracle+additive",
  ]

  /// Each variant on each problem with two seeds; with each of its settings on one layer and on two; mixtures.
  static let all: [RunSample] =
    ids.flatMap { id in
      ProblemLine.allCases.flatMap { problem in [1, 7].map { RunSample(id, problem, seed: $0) } }
    }
    + variants.filter { !ids.contains($0) }.flatMap { variant in
      [ProblemLine.matrix, .network].map { RunSample(variant, $0, seed: 1) }
    }
    + mixed.flatMap { variant in [ProblemLine.network, .classes].map { RunSample(variant, $0, seed: 1) } }
}
