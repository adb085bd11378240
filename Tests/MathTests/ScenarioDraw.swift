import Glibc
import Testing

import Math

/// Random words of a scenario line, valid together, in any order.
struct ScenarioDraw {
  var generator: Generator

  mutating func below(_ bound: Int) -> Int { Int(generator.uniform() * Double(bound)) }
  mutating func chance(_ p: Double) -> Bool { generator.uniform() < p }
  mutating func one(_ words: [String]) -> String { words[below(words.count)] }

  /// A number of the range as people and programs may write it.
  mutating func real(_ low: Double, _ high: Double) -> String {
    switch below(6) {
    case 0: return low.description
    case 1: return high.description
    case 2:
      let whole = (low + generator.uniform() * (min(high, 1e4) - low)).rounded(.down)
      return whole < low ? low.description : String(Int(whole))
    case 3:
      let smallest = max(low, 1e-300)
      let exponent = log(smallest) + generator.uniform() * (log(high) - log(smallest))
      return min(high, max(low, exp(exponent))).description
    default: return (low + generator.uniform() * (high - low)).description
    }
  }

  mutating func whole(_ low: Int, _ high: Int) -> String { String(low + below(high - low + 1)) }

  mutating func line() -> String {
    var words: [String] = []
    let task = one(ProblemFamily.ID.allCases.map(\.rawValue))
    let rule = one(OptimizerChoice.Family.allCases.map(\.rawValue))
    if task != "matrix" || chance(0.5) { words.append("task=\(task)") }
    if rule != "sgd" || chance(0.5) { words.append("opt=\(rule)") }
    words += sizes(task) + data(task) + optimizer(rule)
    if chance(0.5) { words.append("alpha=\(real(0, 1e6))") }
    if chance(0.4) { words.append("scaling=\(one(Scaling.allCases.map(\.rawValue)))") }
    if chance(0.4) { words.append("gradient=\(one(GradientForm.allCases.map(\.rawValue)))") }
    if chance(0.5) { words.append("steps=\(whole(0, 1_000_000_000))") }
    if chance(0.7) { words.append("seed=\(whole(0, 4_294_967_295))") }
    if chance(0.8) { words.append("variants=\(variants(layers: task == "twolayer" ? 2 : 1))") }
    let order = generator.permutation(words.count)
    return order.map { words[$0] }.joined(separator: chance(0.2) ? " \t " : " ")
  }

  /// Sizes, and the ranks they allow.
  private mutating func sizes(_ task: String) -> [String] {
    var words: [String] = []
    let (n, m) = task == "digits" ? (64, 10) : (1 + below(300), 1 + below(300))
    var smallest = min(n, m)
    if task != "digits" || chance(0.2) { words += ["n=\(n)", "m=\(m)"] }
    if task == "twolayer" {
      let hidden = 1 + below(300)
      smallest = min(smallest, hidden)
      words.append("hidden=\(hidden)")
    }
    if chance(0.6) { words.append("r=\(1 + below(smallest))") }
    if task != "digits", chance(0.4) { words.append("k=\(chance(0.3) ? "all" : whole(1, smallest))") }
    return words
  }

  private mutating func data(_ task: String) -> [String] {
    var words: [String] = []
    if task != "digits" {
      let targets = ["flat", "geometric:\(real(1e-3, 1))", "power:\(real(0, 100))", "cond:\(real(1, 1e15))"]
      if chance(0.5) { words.append("target=\(one(targets))") }
      if chance(0.4) { words.append("norm=\(real(0, 1e6))") }
      if chance(0.2) { words += ["w0=\(one(targets))", "top=\(real(0, 1e6))"] }
      if chance(0.4) { words.append("cov=\(real(0, 10))") }
    }
    if task == "linreg" || task == "twolayer" {
      if chance(0.4) { words.append("noise=\(real(0, 1e6))") }
      if chance(0.5) { words.append("samples=\(whole(64, 10_000_000))") }
      if chance(0.5) { words.append("held=\(whole(0, 10_000_000))") }
      if chance(0.5) { words.append("batch=\(chance(0.3) ? "all" : whole(1, 64))") }
    }
    if task == "digits" {
      let held = chance(0.5) ? below(1797) : 0
      if held > 0 { words.append("held=\(held)") }
      if chance(0.5) { words.append("batch=\(chance(0.3) ? "all" : whole(1, 1797 - held))") }
    }
    if task == "twolayer" {
      if chance(0.6) { words.append("phi=\(one(Activation.allCases.map(\.rawValue)))") }
      if chance(0.6) { words.append("loss=\(one(NetworkLoss.allCases.map(\.rawValue)))") }
    }
    return words
  }

  private mutating func optimizer(_ rule: String) -> [String] {
    var words: [String] = []
    if chance(0.7) { words.append("lr=\(real(0, 1e6))") }
    if rule == "momentum" {
      if chance(0.5) { words.append("mu=\(real(0, 1))") }
      if chance(0.5) { words.append("dampening=\(real(0, 1))") }
      if chance(0.5) { words.append("nesterov=\(one(["no", "yes"]))") }
    }
    if rule == "muon", chance(0.5) { words.append("mu=\(real(0, 1))") }
    if rule.contains("adam") {
      if chance(0.5) { words.append("beta1=\(real(0, 0.999))") }
      if chance(0.5) { words.append("beta2=\(real(0, 0.999999999))") }
      if chance(0.5) { words.append("eps=\(real(1e-12, 1))") }
    }
    if rule != "signsgd", chance(0.3) { words.append("wd=\(real(0, 1e6))") }
    return words
  }

  private mutating func variants(layers: Int) -> String {
    var said: [VariantChoice] = []
    for _ in 0..<below(Scenario.mostVariants + 1) {
      let isMixed = layers > 1 && chance(0.4)
      // What follows from other series has no layer of its own; full fine-tuning may have one.
      let mixable = Variant.all.filter { $0.following == nil } + [.full]
      let text =
        isMixed
        ? (0..<layers).map { _ in system(of: mixable) }.joined(separator: "+") : system(of: Variant.all)
      guard let choice = try? VariantChoice(parsing: text) else {
        Issue.record("'\(text)' is refused")
        continue
      }
      if !said.contains(choice) { said.append(choice) }
    }
    return said.isEmpty ? "full" : said.map(\.description).joined(separator: ",")
  }

  private mutating func system(of variants: [Variant]) -> String {
    let variant = variants[below(variants.count)]
    var settings: [String] = []
    for knob in variant.knobs where chance(0.4) {
      switch knob.kind {
      case .word(let words): settings.append("\(knob.name)=\(one(words))")
      case .number(let range, _):
        settings.append("\(knob.name)=\(real(range.lowerBound, range.upperBound))")
      case .whole(let range, _):
        settings.append("\(knob.name)=\(whole(range.lowerBound, range.upperBound))")
      }
    }
    return settings.isEmpty ? variant.id : "\(variant.id)(\(settings.joined(separator: ",")))"
  }
}
