import Testing

import Math

/// The table of variants.md section 5: numbers trained and numbers remembered.
@Suite("Counts")
struct CountTests {
  /// One line of the table, for a layer of n×m and rank r, with `k` moments a number of the rule.
  struct Row: Sendable, CustomTestStringConvertible {
    var variant: String
    var trained: @Sendable (_ n: Int, _ m: Int, _ r: Int) -> Int
    var state: @Sendable (_ n: Int, _ m: Int, _ r: Int, _ k: Int) -> Int
    var testDescription: String { variant }

    static func factors(_ variant: String) -> Row {
      Row(variant: variant, trained: { n, m, r in r * (n + m) }, state: { n, m, r, k in k * r * (n + m) })
    }

    static func weight(
      _ variant: String, state: @escaping @Sendable (_ n: Int, _ m: Int, _ r: Int, _ k: Int) -> Int
    ) -> Row {
      Row(variant: variant, trained: { n, m, _ in n * m }, state: state)
    }

    /// A variant of no other row trains LoRA's two factors.
    static let all: [Row] =
      special
      + Variant.all.map(\.id).filter { id in
        Variant.named(id)?.following == nil && id != "adalora" && !special.contains { $0.variant == id }
      }.map(factors)

    private static let special: [Row] = [
      factors("lora(init=both)"), factors("serial-lora(every=2)"), factors("serial-lora(every=2,warmup=2)"),
      factors("lora-pro(moments=factors)"),
      // A mean of its own, whatever the run's rule.
      Row(
        variant: "lora-muon", trained: { n, m, r in r * (n + m) }, state: { n, m, r, _ in r * (n + m) }),
      Row(
        variant: "lora-pro", trained: { n, m, r in r * (n + m) }, state: { n, m, _, k in k * n * m }),
      Row(
        variant: "dora", trained: { n, m, r in r * (n + m) + m },
        state: { n, m, r, k in k * (r * (n + m) + m) }),
      // r0 is the rank it begins with; two numbers each for the importance.
      Row(
        variant: "adalora(r0=4)", trained: { n, m, _ in 4 * (n + m) + 4 },
        state: { n, m, _, k in (k + 2) * (4 * (n + m) + 4) }),
      weight("galore") { n, m, r, k in k * r * max(n, m) + r * min(n, m) },
      weight("galore(side=full)") { n, m, r, k in k * r * r + r * (n + m) },
      weight("random-projection") { n, m, _, k in k * n * m },
      weight("oracle") { n, m, _, k in k * n * m },
      Row(variant: "frozen", trained: { _, _, _ in 0 }, state: { _, _, _, _ in 0 }),
    ]
  }

  static let moments = [
    "sgd": 0, "signsgd": 0, "momentum": 1, "muon": 1, "adam": 2, "adamw": 2, "galore-adamw": 2,
  ]

  @Test("trained and remembered numbers are those of the table", arguments: Row.all)
  func counts(row: Row) throws {
    for (name, k) in Self.moments {
      for (n, m) in [(8, 6), (5, 9)] {
        var simulation = try Simulation(line: "n=\(n) m=\(m) r=2 opt=\(name) variants=\(row.variant)")
        for _ in 0..<2 {
          let full = simulation.series[0]
          #expect(full.chain.parameters.trainedCount == n * m)
          #expect(full.rule.stateCount(full.chain.parameters) == k * n * m)
          let series = simulation.series[1]
          #expect(series.chain.parameters.trainedCount == row.trained(n, m, 2))
          // LoRA-Pro under gradient descent has nothing to remember, hence no full moments.
          #expect(series.rule.stateCount(series.chain.parameters) == row.state(n, m, 2, k), "\(name)")
          simulation.advance(steps: 3)
        }
      }
    }
  }

  @Test("two layers count as the sum of both, also where each has its own system")
  func layers() throws {
    let line = "task=twolayer n=6 hidden=8 m=5 r=2 samples=10 held=0 opt=adam variants="
    let both = try Simulation(line: line + "lora").series[1]
    #expect(both.chain.parameters.trainedCount == 2 * (6 + 8) + 2 * (8 + 5))
    #expect(both.rule.stateCount(both.chain.parameters) == 2 * (2 * (6 + 8) + 2 * (8 + 5)))
    let mixed = try Simulation(line: line + "dora+lora-pro").series[1]
    #expect(mixed.chain.parameters.trainedCount == 2 * (6 + 8) + 8 + 2 * (8 + 5))
    #expect(mixed.rule.stateCount(mixed.chain.parameters) == 2 * (2 * (6 + 8) + 8) + 2 * 8 * 5)
    let single = try Simulation(line: line + "frozen+lora").series[1]
    #expect(single.chain.parameters.trainedCount == 2 * (8 + 5))
    #expect(single.rule.stateCount(single.chain.parameters) == 4 * (8 + 5))
  }
}
