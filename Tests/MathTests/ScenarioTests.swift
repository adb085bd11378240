import Glibc
import Testing

import Math

/// Random words of a scenario line, valid together, in any order.
private struct ScenarioDraw {
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
    let sizes = task == "digits" ? (64, 10) : (1 + below(300), 1 + below(300))
    let smaller = min(sizes.0, sizes.1)
    if task != "digits" || chance(0.2) { words += ["n=\(sizes.0)", "m=\(sizes.1)"] }
    if chance(0.6) { words.append("r=\(1 + below(smaller))") }
    if chance(0.5) { words.append("alpha=\(real(0, 1e6))") }
    if chance(0.4) { words.append("scaling=\(one(Scaling.allCases.map(\.rawValue)))") }
    if task != "digits" {
      if chance(0.5) {
        let targets = [
          "flat", "geometric:\(real(1e-3, 1))", "power:\(real(0, 100))", "cond:\(real(1, 1e15))",
        ]
        words.append("target=\(one(targets))")
      }
      if chance(0.4) { words.append("k=\(chance(0.3) ? "all" : whole(1, smaller))") }
      if chance(0.4) { words.append("norm=\(real(0, 1e6))") }
    }
    if task == "linreg" {
      if chance(0.4) { words.append("cov=\(real(0, 10))") }
      if chance(0.4) { words.append("noise=\(real(0, 1e6))") }
      if chance(0.5) { words.append("samples=\(whole(64, 10_000_000))") }
      if chance(0.5) { words.append("batch=\(chance(0.3) ? "all" : whole(1, 64))") }
    }
    if task == "digits", chance(0.5) { words.append("batch=\(chance(0.3) ? "all" : whole(1, 1797))") }
    if chance(0.7) { words.append("lr=\(real(0, 1e6))") }
    if rule == "momentum" {
      if chance(0.5) { words.append("mu=\(real(0, 1))") }
      if chance(0.5) { words.append("dampening=\(real(0, 1))") }
      if chance(0.5) { words.append("nesterov=\(one(["no", "yes"]))") }
    }
    if rule.hasPrefix("adam") {
      if chance(0.5) { words.append("beta1=\(real(0, 0.999))") }
      if chance(0.5) { words.append("beta2=\(real(0, 0.999999999))") }
      if chance(0.5) { words.append("eps=\(real(1e-12, 1))") }
    }
    if chance(0.3) { words.append("wd=\(real(0, 1e6))") }
    if chance(0.5) { words.append("steps=\(whole(0, 1_000_000_000))") }
    if chance(0.7) { words.append("seed=\(whole(0, 4_294_967_295))") }
    if chance(0.8) { words.append("variants=\(variants())") }
    let order = generator.permutation(words.count)
    return order.map { words[$0] }.joined(separator: chance(0.2) ? " \t " : " ")
  }

  private mutating func variants() -> String {
    var said: [VariantChoice] = []
    for _ in 0..<below(Scenario.mostVariants + 1) {
      let variant = Variant.all[below(Variant.all.count)]
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
      let text = settings.isEmpty ? variant.id : "\(variant.id)(\(settings.joined(separator: ",")))"
      guard let choice = try? VariantChoice(parsing: text) else {
        Issue.record("'\(text)' is refused")
        continue
      }
      if !said.contains(choice) { said.append(choice) }
    }
    return said.isEmpty ? "full" : said.map(\.description).joined(separator: ",")
  }
}

/// A line that is wrong, and what is wrong with it.
struct WrongLine: Sendable, CustomTestStringConvertible {
  var line: String
  var error: ScenarioError
  var testDescription: String { line }

  static let keys = Field.all.map(\.key)
  static let ids = ["full"] + Variant.all.map(\.id)
  static func knobs(_ id: String) -> [String] { Variant.named(id)?.knobs.map(\.name) ?? [] }

  static let all: [WrongLine] = [
    WrongLine(line: "lr", error: .notAWord("lr")),
    WrongLine(line: "r=2 =3", error: .notAWord("=3")),
    WrongLine(line: "rank=2", error: .unknownKey("rank", known: keys)),
    WrongLine(line: "R=2", error: .unknownKey("R", known: keys)),
    WrongLine(line: "r=2 lr=0.1 r=2", error: .repeatedKey("r")),
    WrongLine(
      line: "task=vision", error: .invalid(key: "task", value: "vision", allowed: "matrix|linreg|digits")),
    WrongLine(line: "r=0", error: .invalid(key: "r", value: "0", allowed: "a whole number from 1 to 48")),
    WrongLine(
      line: "n=5 m=4 r=5", error: .invalid(key: "r", value: "5", allowed: "a whole number from 1 to 4")),
    WrongLine(
      line: "task=digits r=99", error: .invalid(key: "r", value: "99", allowed: "a whole number from 1 to 10")
    ),
    WrongLine(
      line: "task=digits n=32", error: .invalid(key: "n", value: "32", allowed: "64, which task=digits fixes")
    ),
    WrongLine(line: "lr=-1", error: .invalid(key: "lr", value: "-1", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "lr=nan", error: .invalid(key: "lr", value: "nan", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "lr=inf", error: .invalid(key: "lr", value: "inf", allowed: "a number from 0 to 1000000")),
    WrongLine(line: "lr=", error: .invalid(key: "lr", value: "", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "steps=abc",
      error: .invalid(key: "steps", value: "abc", allowed: "a whole number from 0 to 1000000000")),
    WrongLine(
      line: "n=0", error: .invalid(key: "n", value: "0", allowed: "a whole number from 1 to 1000000000")),
    WrongLine(
      line: "n=99999999999999999999",
      error: .invalid(key: "n", value: "99999999999999999999", allowed: "a whole number from 1 to 1000000000")
    ),
    WrongLine(
      line: "n=4 m=4 r=1 k=5",
      error: .invalid(key: "k", value: "5", allowed: "all, or a whole number from 1 to 4")),
    WrongLine(
      line: "task=linreg samples=30 batch=31",
      error: .invalid(key: "batch", value: "31", allowed: "all, or a whole number from 1 to 30")),
    WrongLine(
      line: "target=geometric:2",
      error: .invalid(
        key: "target", value: "geometric:2",
        allowed: "flat|geometric:D (0 < D ≤ 1)|power:P (0 ≤ P ≤ 100)|cond:K (1 ≤ K ≤ 1e15)")),
    WrongLine(
      line: "opt=sgd mu=0.9",
      error: .notApplicable(key: "mu", reason: "it belongs to opt=momentum, and opt is sgd")),
    WrongLine(
      line: "beta1=0.9",
      error: .notApplicable(key: "beta1", reason: "it belongs to opt=adam|adamw, and opt is sgd")),
    WrongLine(
      line: "samples=10",
      error: .notApplicable(key: "samples", reason: "it belongs to task=linreg, and task is matrix")),
    WrongLine(
      line: "batch=10",
      error: .notApplicable(key: "batch", reason: "it belongs to task=linreg|digits, and task is matrix")),
    WrongLine(
      line: "task=digits norm=1",
      error: .notApplicable(key: "norm", reason: "it belongs to task=matrix|linreg, and task is digits")),
    WrongLine(line: "variants=lora,dora2", error: .unknownVariant("dora2", known: ids)),
    WrongLine(line: "variants=lora,", error: .unknownVariant("", known: ids)),
    WrongLine(
      line: "variants=lora-ga(size=1)",
      error: .unknownKnob(variant: "lora-ga", knob: "size", known: knobs("lora-ga"))),
    WrongLine(line: "variants=lora(r=1)", error: .unknownKnob(variant: "lora", knob: "r", known: [])),
    WrongLine(
      line: "variants=lora-ga(gamma=0)",
      error: .invalid(key: "lora-ga(gamma)", value: "0", allowed: "1e-06 to 1000000")),
    WrongLine(
      line: "variants=lora-ga(scale=big)",
      error: .invalid(key: "lora-ga(scale)", value: "big", allowed: "stable|gd|unit|weightS|zeta")),
    WrongLine(
      line: "variants=lora-ga(scale=gd",
      error: .invalid(key: "variants", value: "lora-ga(scale=gd", allowed: "lora-ga(setting=value,…)")),
    WrongLine(
      line:
        "variants=lora,lora-ga,lora-ga(scale=gd),lora-ga(scale=unit),lora-pro,lora-pro(c=zero),lora-pro(c=symmetric)",
      error: .tooManyVariants(7, most: 6)),
    WrongLine(line: "variants=lora,lora-ga,lora", error: .repeatedVariant("lora")),
    WrongLine(line: "variants=lora-ga,lora-ga(scale=stable)", error: .repeatedVariant("lora-ga")),
  ]
}

@Suite("Scenario")
struct ScenarioTests {
  @Test("a printed scenario parses to itself and prints the same", arguments: 0..<20 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var draw = ScenarioDraw(generator: Generator(seed: seed, stream: 4242))
    for _ in 0..<150 {
      let words = draw.line()
      do {
        let scenario = try Scenario(parsing: words)
        let again = try Scenario(parsing: scenario.line)
        #expect(again == scenario, "'\(words)' prints '\(scenario.line)'")
        #expect(again.line == scenario.line)
        #expect(!scenario.line.contains { $0.isNewline })
        try scenario.validate()
      } catch {
        Issue.record("'\(words)' is refused: \(error)")
      }
    }
  }

  @Test("the line says what was asked for")
  func saysWhatWasAsked() throws {
    let scenario = try Scenario(
      parsing:
        "seed=4294967295 task=linreg n=10 m=6 r=3 lr=1e-3 opt=adamw wd=.5 variants=lora-pro(rtol=1e-9,c=zero)"
    )
    #expect((scenario.n, scenario.m, scenario.r, scenario.seed) == (10, 6, 3, 4_294_967_295))
    #expect(
      scenario.optimizer.learningRate == 0.001 && scenario.optimizer.weightDecay == 0.5
        && scenario.optimizer.family == .adamw)
    #expect(
      scenario.line
        == "task=linreg n=10 m=6 r=3 alpha=16 scaling=alpha/r target=geometric:0.8 k=all norm=4 cov=0.5 samples=256 "
        + "noise=0.1 opt=adamw lr=0.001 beta1=0.9 beta2=0.999 eps=1e-08 wd=0.5 batch=64 steps=2000 "
        + "seed=4294967295 variants=lora-pro(c=zero,rtol=1e-09)")
  }

  @Test("an empty line is the default run, and every task has one", arguments: ProblemFamily.ID.allCases)
  func defaults(task: ProblemFamily.ID) throws {
    #expect(try Scenario(parsing: "") == Scenario())
    #expect(try Scenario(parsing: "task=\(task)") == Scenario(task: task))
    try Scenario(task: task).validate()
    #expect(Scenario(task: task).variants.map(\.variant) == ["lora", "lora-ga", "lora-pro"])
  }

  @Test("no variant at all is full fine-tuning alone")
  func noVariant() throws {
    let scenario = try Scenario(parsing: "variants=full")
    #expect(scenario.variants.isEmpty)
    #expect(try Scenario(parsing: scenario.line) == scenario)
  }

  @Test("sizes below the default rank lower it, a stated rank is kept to")
  func defaultRank() throws {
    #expect(try Scenario(parsing: "n=5 m=3").r == 3)
    #expect(try Scenario(parsing: "n=5 m=3 r=2").r == 2)
  }

  @Test("a wrong line is refused for what is wrong", arguments: WrongLine.all)
  func wrongLines(wrong: WrongLine) {
    #expect(throws: wrong.error) { try Scenario(parsing: wrong.line) }
  }

  @Test("a refusal names key, value and what is allowed, on one line", arguments: WrongLine.all)
  func descriptions(wrong: WrongLine) {
    let text = wrong.error.description
    #expect(!text.contains { $0.isNewline })
    let parts: [String] =
      switch wrong.error {
      case .notAWord(let word): [word, "key=value"]
      case .unknownKey(let key, let known): [key] + known
      case .repeatedKey(let key): [key, "twice"]
      case .notApplicable(let key, let reason): [key, reason]
      case .invalid(let key, let value, let allowed): [key, value, allowed]
      case .unknownVariant(let id, let known): [id] + known
      case .unknownKnob(let variant, let knob, let known): [variant, knob] + known
      case .repeatedVariant(let variant): ["variants", variant, "twice"]
      case .tooManyVariants(let count, let most): ["variants", String(count), String(most)]
      case .tooLarge(let key, let value, _, _): [key, String(value)]
      }
    for part in parts { #expect(text.contains(part), "'\(text)' does not say '\(part)'") }
    if let key = wrong.error.key { #expect(Field.named(key) != nil || key.hasSuffix(")")) }
  }

  @Test("a run that does not fit into memory is refused by its largest size")
  func memory() throws {
    let large = try Scenario(parsing: "n=1000000000")
    do {
      try large.requireMemory(8e9)
      Issue.record("a billion rows fit into 8 GB")
    } catch {
      guard case .tooLarge("n", 1_000_000_000, let bytes, 8e9) = error else {
        Issue.record("\(error)")
        return
      }
      // W0, W* and full fine-tuning alone are three matrices of n·m doubles.
      #expect(bytes > 3 * 8 * 1e9 * 48)
      #expect(error.description.contains("8 GB") && error.description.contains("1000000000"))
      #expect(!error.description.contains { $0.isNewline })
    }
    #expect(throws: ScenarioError.self) {
      try Scenario(parsing: "n=1000000000 m=1000000000").requireMemory(1e12)
    }
    #expect(throws: ScenarioError.self) {
      try Scenario(parsing: "task=linreg samples=10000000 n=1000").requireMemory(1e10)
    }
    // BLAS counts the entries of a matrix in 32 bits.
    #expect(throws: ScenarioError.self) { try Scenario(parsing: "n=50000 m=50000").requireMemory(.infinity) }
    for task in ProblemFamily.ID.allCases { try Scenario(task: task).requireMemory(1e9) }
  }

  @Test("one key set is as the line would set it, and a range it breaks is found")
  func settingKeys() throws {
    var scenario = Scenario()
    try scenario.set("lr", to: "0.5")
    #expect(scenario.optimizer.learningRate == 0.5)
    #expect(
      throws: ScenarioError.notApplicable(key: "mu", reason: "it belongs to opt=momentum, and opt is sgd")
    ) {
      try scenario.set("mu", to: "0.5")
    }
    #expect(throws: ScenarioError.unknownKey("rank", known: WrongLine.keys)) {
      try scenario.set("rank", to: "1")
    }
    try scenario.set("n", to: "4")
    #expect(throws: ScenarioError.invalid(key: "r", value: "8", allowed: "a whole number from 1 to 4")) {
      try scenario.validate()
    }
    #expect(throws: ScenarioError.invalid(key: "lr", value: "x", allowed: "a number from 0 to 1000000")) {
      try scenario.set("lr", to: "x")
    }
    #expect(scenario.optimizer.learningRate == 0.5)
  }

  @Test("a comma before the first variant is refused as one behind the last is")
  func leadingComma() {
    for line in ["variants=,lora", "variants=lora,", "variants="] {
      #expect(throws: ScenarioError.unknownVariant("", known: WrongLine.ids)) { try Scenario(parsing: line) }
    }
  }

  @Test("a variant's setting given twice is refused as a key given twice is")
  func repeatedSetting() {
    #expect(throws: ScenarioError.repeatedKey("lora-ga(scale)")) {
      try Scenario(parsing: "variants=lora-ga(scale=gd,scale=unit)")
    }
  }

  @Test("fewer samples than the default batch are a run, for nobody asked for that batch")
  func fewSamples() throws {
    #expect(try Scenario(parsing: "task=linreg samples=10").batch == 10)
    #expect(throws: ScenarioError.self) { try Scenario(parsing: "task=linreg samples=10 batch=11") }
  }

  @Test("every key has a meaning, what it takes, and no double")
  func fields() {
    #expect(Set(WrongLine.keys).count == WrongLine.keys.count)
    for field in Field.all {
      #expect(!field.meaning.isEmpty && !field.allowed.isEmpty)
      #expect(field.key.allSatisfy { $0.isLetter || $0.isNumber })
    }
  }

  @Test(
    "bytes are readable",
    arguments: [(0.0, "0 B"), (999, "999 B"), (1000, "1 kB"), (3_249_000_000, "3.2 GB"), (999_960, "1 MB")])
  func bytes(count: Double, text: String) {
    #expect(readableBytes(count) == text)
  }
}
