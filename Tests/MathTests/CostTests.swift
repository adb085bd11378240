import Testing

import Math

/// What variants.md section 5 says a system trains, and its rule remembers under SGD and under Adam.
private struct Row {
  var trained: Int
  var sgd: Int
  /// nil where the table has none.
  var adam: Int?

  init(_ id: String, n: Int, m: Int, r: Int) {
    let factors = r * (n + m)
    // PEFT's 12 to 8.
    let r0 = min((3 * r + 1) / 2, n, m)
    let allocated = r0 * (n + m) + r0
    switch id {
    case "full", "oracle": self.init(n * m, 0, 2 * n * m)
    case "dora": self.init(factors + m, 0, 2 * factors + 2 * m)
    case "adalora": self.init(allocated, 2 * allocated, 4 * allocated)
    case "lora-pro": self.init(factors, 0, 2 * n * m)
    case "lora-muon": self.init(factors, factors, factors)
    case "galore": self.init(n * m, r * min(n, m), 2 * r * max(n, m) + r * min(n, m))
    case "galore(side=full)": self.init(n * m, factors, 2 * r * r + factors)
    case "random-projection": self.init(n * m, 0, nil)
    // Two by default, each a LoRA.
    case "parallel-lora": self.init(2 * factors, 0, 4 * factors)
    // Nothing of these is trained.
    case "floor", "frozen": self.init(0, 0, 0)
    // LoRA, and whatever else trains its two factors.
    default: self.init(factors, 0, 2 * factors)
    }
  }

  private init(_ trained: Int, _ sgd: Int, _ adam: Int?) {
    (self.trained, self.sgd, self.adam) = (trained, sgd, adam)
  }
}

@Suite("Costs")
struct CostTests {
  private func values(_ ids: [String], _ line: String, series: Int = 1, layer: Int = 0) throws -> [Double] {
    let measures = try ids.map { try #require(Measure.named($0)) }
    return try Simulation(line: line).values(of: measures)[layer][series]
  }

  @Test(
    "trained numbers and states are those of the table",
    arguments: Variant.all.map(\.id) + ["lora-pro(moments=factors)", "galore(side=full)"],
    [(12, 9, 3), (5, 11, 2), (6, 6, 1)])
  func table(variant: String, size: (n: Int, m: Int, r: Int)) throws {
    let row = Row(variant, n: size.n, m: size.m, r: size.r)
    let full = Row("full", n: size.n, m: size.m, r: size.r)
    let line = "n=\(size.n) m=\(size.m) r=\(size.r) variants=\(variant)"
    for (rule, wanted, wantedFull) in [
      ("sgd", row.sgd as Int?, full.sgd), ("adam", row.adam, 2 * size.n * size.m),
    ] {
      let counts = try values(["trained", "state"], "\(line) opt=\(rule)")
      #expect(counts[0] == Double(row.trained), "\(rule)")
      if let wanted { #expect(counts[1] == Double(wanted), "\(rule)") }
      #expect(
        try values(["trained", "state"], "\(line) opt=\(rule)", series: 0) == [
          Double(full.trained), Double(wantedFull),
        ])
    }
  }

  @Test("every layer has its own counts, and its own rule's")
  func layers() throws {
    // Layers 5×7 and 7×4.
    let line = "task=twolayer n=5 hidden=7 m=4 r=2 samples=9 opt=adam variants=lora+full,dora,frozen+lora"
    let ids = ["trained", "state"]
    #expect(try values(ids, line) == [24, 48])
    #expect(try values(ids, line, layer: 1) == [28, 56])
    #expect(try values(ids, line, series: 2, layer: 1) == [26, 52])
    #expect(try values(ids, line, series: 3) == [0, 0])
    #expect(try values(ids, line, series: 3, layer: 1) == [22, 44])
  }

  /// A plain sum over the products of a pass, beside 2 a trained number for SGD.
  @Test("operations are 6bnm, 4bnm + 6br(n + m) and 6bnm + 6nmr, less the input gradient of a first layer")
  func flops() throws {
    let (b, n, h, m, r) = (11.0, 5.0, 7.0, 4.0, 2.0)
    for gradient in ["factored", "dense"] {
      let line =
        "task=twolayer n=5 hidden=7 m=4 r=2 samples=20 batch=11 opt=sgd gradient=\(gradient) variants=lora"
      #expect(try values(["flops"], line, series: 0) == [4 * b * n * h + 2 * n * h])
      #expect(try values(["flops"], line, series: 0, layer: 1) == [6 * b * h * m + 2 * h * m])
      let first: Double =
        gradient == "dense"
        ? 4 * b * n * h + 6 * n * h * r : 2 * b * n * h + 6 * b * r * (n + h) - 2 * b * r * n
      let second: Double =
        gradient == "dense" ? 6 * b * h * m + 6 * h * m * r : 4 * b * h * m + 6 * b * r * (h + m)
      #expect(try values(["flops"], line) == [first + 2 * r * (n + h)], "\(gradient)")
      #expect(try values(["flops"], line, layer: 1) == [second + 2 * r * (h + m)], "\(gradient)")
    }
  }

  @Test("E14: a layer of LoRA takes a third less than full fine-tuning, as X(W0 + AB) it takes more")
  func claim() throws {
    // claims.md row 15, scaled down: ratios 0.675 and 1.031 at b = 512, n = m = 4096, r = 16.
    let line = "task=twolayer n=8 hidden=1024 m=1024 r=4 samples=128 held=0 opt=sgd variants=lora"
    let full = try values(["flops"], line, series: 0, layer: 1)[0]
    let lean = try values(["flops"], line, layer: 1)[0]
    let dense = try values(["flops"], line + " gradient=dense", layer: 1)[0]
    // 2/3 + 2r/n = 0.675 and 1 + r/b = 1.031, to within the rule's own share.
    #expect(abs(lean / full - (2.0 / 3 + 2 * 4 / 1024.0)) <= 3e-3)
    #expect(abs(dense / full - (1 + 4 / 128.0)) <= 3e-3)
  }

  @Test("memory is weights, gradients, states and activations of eight bytes a number")
  func memory() throws {
    let (b, n, m, r) = (16.0, 10.0, 7.0, 2.0)
    let line = "task=linreg n=10 m=7 r=2 samples=40 batch=16 opt=adam variants=lora"
    let batch: Double = b * n + 2 * b * m
    #expect(try values(["memory"], line, series: 0) == [8 * (4 * n * m + batch)])
    let factors: Double = r * (n + m)
    #expect(try values(["memory"], line) == [8 * (n * m + 4 * factors + batch + 2 * b * r)])
    // X(W0 + AB) holds W and G instead of XA and DBᵀ.
    #expect(
      try values(["memory"], line + " gradient=dense") == [8 * (n * m + 4 * factors + batch + 2 * n * m)])
  }
}
