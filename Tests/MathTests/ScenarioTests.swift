import Testing

import Math

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
        "seed=4294967295 task=linreg n=10 m=6 r=3 samples=80 held=9 noise=.25 batch=16 lr=1e-3 opt=adamw wd=.5 "
        + "variants=lora-pro(rtol=1e-9,c=zero)"
    )
    #expect((scenario.n, scenario.m, scenario.r, scenario.seed) == (10, 6, 3, 4_294_967_295))
    #expect(
      scenario.optimizer.learningRate == 0.001 && scenario.optimizer.weightDecay == 0.5
        && scenario.optimizer.family == .adamw)
    #expect(
      scenario.line
        == "task=linreg n=10 m=6 r=3 alpha=16 scaling=alpha/r target=geometric:0.8 k=all norm=4 cov=0.5 samples=80 "
        + "held=9 noise=0.25 opt=adamw lr=0.001 ratio=1 beta1=0.9 beta2=0.999 eps=1e-08 wd=0.5 gradient=factored batch=16 "
        + "steps=2000 "
        + "seed=4294967295 variants=lora-pro(c=zero,rtol=1e-09)")
  }

  @Test("a network's line says its layers, and what each of them runs")
  func saysTheLayers() throws {
    let line =
      "task=twolayer n=7 m=5 hidden=6 r=2 phi=relu loss=ce opt=galore-adamw lr=0.1 held=0 gradient=dense "
      + "variants=dora(detach=no)+galore,lora+frozen,full+lora,lora"
    let scenario = try Scenario(parsing: line)
    #expect(scenario.layerShapes.map { [$0.rows, $0.columns] } == [[7, 6], [6, 5]])
    #expect(
      scenario.line
        == "task=twolayer n=7 m=5 hidden=6 phi=relu loss=ce r=2 alpha=4 scaling=alpha/r target=geometric:0.8 k=all "
        + "norm=2 cov=0 samples=256 held=0 noise=0 opt=galore-adamw lr=0.1 ratio=1 beta1=0.9 beta2=0.999 eps=1e-06 wd=0 "
        + "gradient=dense batch=all steps=2000 seed=1 variants=dora(detach=no)+galore,lora+frozen,full+lora,lora"
    )
    #expect(scenario.seriesNames == ["dora+galore", "lora+frozen", "full+lora", "lora"])
    #expect(
      scenario.variants[0].groups(layerCount: 2).map(\.layers) == [[0], [1]]
        && scenario.variants[3].groups(layerCount: 2).map(\.layers) == [[0, 1]])
  }

  @Test("eps is its optimiser's own unless it is said")
  func epsilons() throws {
    for (words, ε) in [
      ("opt=adam", 1e-8), ("opt=galore-adamw", 1e-6), ("opt=galore-adamw eps=1e-8", 1e-8),
      ("eps=0.5 opt=adamw", 0.5),
    ] {
      #expect(try Scenario(parsing: words).optimizer.epsilon == ε, "\(words)")
    }
    var scenario = try Scenario(parsing: "opt=galore-adamw")
    try scenario.set("opt", to: "adam")
    #expect(scenario.optimizer.epsilon == 1e-8)
    try scenario.set("eps", to: "0.25")
    try scenario.set("opt", to: "galore-adamw")
    #expect(scenario.optimizer.epsilon == 0.25)
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
      case .fixedAtBranch(let key): [key, "batch and steps"]
      case .tooLarge(let key, let value, _, _, _): [key, String(value)]
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
      guard case .tooLarge("n", 1_000_000_000, let bytes, 8e9, let fits) = error else {
        Issue.record("\(error)")
        return
      }
      // W0, W* and full fine-tuning alone are three matrices of n·m doubles.
      #expect(bytes > 3 * 8 * 1e9 * 48)
      #expect(error.description.contains("8 GB") && error.description.contains("1000000000"))
      #expect(!error.description.contains { $0.isNewline })
      #expect(error.description.contains("n up to \(fits) fits"))
      try Scenario(parsing: "n=\(fits)").requireMemory(8e9)
      #expect(throws: ScenarioError.self) { try Scenario(parsing: "n=\(fits + 1)").requireMemory(8e9) }
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
      throws: ScenarioError.notApplicable(
        key: "mu", reason: "it belongs to opt=momentum|muon, and opt is sgd")
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
