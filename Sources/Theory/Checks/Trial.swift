import Math

/// Checks on a run: what each comes to, over its steps, its series and their layers.
package struct Trial: Sendable {
  package let start: Moment
  private(set) var verdicts: [Verdict?]
  /// Where each was nearest to failing; nil for what says nothing of any step.
  package private(set) var steps: [Int?]
  private let checks: [Check]

  package init(of start: Simulation, checks: [Check] = Check.all) {
    self.start = Moment(start)
    self.checks = checks
    verdicts = checks.map { _ in nil }
    steps = checks.map { _ in nil }
  }

  /// Looks at a state of the run; what says nothing of any step is looked at once.
  package mutating func look(at simulation: Simulation) {
    let present = Moment(simulation)
    for (i, check) in checks.enumerated() where check.subject == .series || verdicts[i] == nil {
      let new = check.verdicts(start: start, present: present)
      let worst = ([verdicts[i]].compactMap { $0 } + new).worst
      if worst != verdicts[i], worst?.comparison != nil {
        steps[i] = check.subject == .series ? simulation.step : nil
      }
      verdicts[i] = worst
    }
  }

  /// One for each check.
  package var results: [(check: Check, verdict: Verdict)] {
    zip(checks, verdicts).map { ($0, $1 ?? .notApplicable(needs: $0.needs)) }
  }

  /// The steps a run is looked at: 0, 1, 2, 5, 10, 20, 50, … and its last.
  package static func dates(_ scenario: Scenario) -> [Int] {
    var (dates, power) = ([0], 1)
    while power < scenario.steps {
      dates += [power, 2 * power, 5 * power].filter { $0 < scenario.steps }
      power *= 10
    }
    return scenario.steps > 0 ? dates + [scenario.steps] : dates
  }
}

extension Check {
  /// On every layer, and where it looks at series on each of them.
  package func verdicts(start: Moment, present: Moment) -> [Verdict] {
    let series = subject == .series ? present.now.series.indices : 0..<1
    return series.flatMap { verdicts(of: $0, start: start, present: present) }
  }

  /// On every layer of one series.
  package func verdicts(of series: Int, start: Moment, present: Moment) -> [Verdict] {
    (0..<present.now.layerCount).map { l in
      verdict(on: Evidence(start: start, present: present, series: series, layer: l))
    }
  }

  /// Small runs of which every check applies to one at least.
  package static let scenarios: [String] = [
    "task=matrix n=12 m=9 r=3 k=7 alpha=4 lr=0.05 steps=50 "
      + "variants=lora,lora-plus(ratio=4),lora-ga(scale=gd),lora-pro,pissa,olora",
    "task=matrix n=8 m=8 r=2 alpha=3 lr=0.05 steps=50 "
      + "variants=lora(init=both),lora(init=zero-a),dora,galore(gap=5),additive,random-projection",
    "task=matrix n=6 m=9 r=2 alpha=4 cov=0.5 opt=adam lr=0.01 steps=50 "
      + "variants=lora,lora(init=orthogonal),lora-ga(adam=svd),dora(detach=no),adalora,lora-pro",
    "task=matrix n=6 m=4 r=4 lr=0.1 steps=20 variants=galore(gap=1,scale=1),lora-pro(init=lora-ga),oracle,floor",
    "task=linreg n=10 m=7 r=2 alpha=3 samples=40 batch=16 held=0 lr=0.01 steps=50 "
      + "variants=rslora,serial-lora(every=7),serial-lora(every=9,init=both),parallel-lora,lora-pro(c=symmetric)",
    "task=twolayer n=6 hidden=7 m=5 r=2 samples=30 held=0 lr=0.05 steps=50 "
      + "variants=lora,lora+frozen,dora,galore(gap=3),lora-pro(c=zero),additive",
    "task=digits r=3 alpha=4 pretrain=50 lr=0.1 steps=10 variants=lora,lora-ga,pissa,adalora",
    "steps=200",
  ]
}
