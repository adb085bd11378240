/// Something that happened in a run, at a step.
package struct RunEvent: Equatable, Sendable {
  /// Series by number, 0 for full fine-tuning.
  package enum Kind: Equatable, Sendable {
    /// A gap was largest, before it fell by a twentieth.
    case peak(series: Int, gap: Double)
    /// From here on the first gap is below that of the second.
    case gapCrossing(below: Int, above: Int)
    /// From here on the first loss is below that of the second.
    case lossCrossing(below: Int, above: Int)
    /// From here on a gap is within, or not within, this multiple of its floor.
    case floor(series: Int, times: Double, isWithin: Bool)
    case divergence(series: Int)
    /// A series whose adapter began anew.
    case restart(series: Int)
    /// A gap below its floor: the program is wrong, or the theory.
    case violation(series: Int, gap: Double, floor: Double)
    /// The first step at which this check was seen broken; checks are looked at while they are on the screen.
    case brokenCheck(id: String, measured: Double)
  }

  package let step: Int
  package let kind: Kind
  /// Counted from 0; nil where it concerns all, or there is one alone.
  package let layer: Int?

  package init(_ step: Int, _ kind: Kind, layer: Int? = nil) {
    self.step = step
    self.kind = kind
    self.layer = layer
  }

  /// What every timeline shows first: not the many crossings, but what ends a series or a theory.
  package var isGrave: Bool {
    switch kind {
    case .divergence, .violation, .brokenCheck: true
    case .peak, .gapCrossing, .lossCrossing, .floor, .restart: false
    }
  }

  /// `153 gap 1 peak 2.126`.
  package var text: String { "\(step) \(words)" }

  private var words: String {
    let gap = layer.map { "W\($0 + 1) gap" } ?? "gap"
    return switch kind {
    case .peak(let i, let value): "\(gap) \(i) peak \(significant(value, 4))"
    case .gapCrossing(let i, let j): "\(gap) \(i) falls below gap \(j)"
    case .lossCrossing(let i, let j): "loss \(Self.name(i)) falls below loss \(Self.name(j))"
    case .floor(let i, let times, let isWithin):
      "\(gap) \(i) \(isWithin ? "within" : "beyond") \(significant(times, 3))× its floor"
    case .divergence(let i): "series \(Self.name(i)) diverged"
    case .restart(let i): "series \(i) begins anew"
    case .violation(let i, let value, let floor):
      "\(gap) \(i) \(significant(value, 4)) under its floor \(significant(floor, 4))"
    case .brokenCheck(let id, let measured): "check \(id) broken, \(significant(measured, 3))"
    }
  }

  private static func name(_ series: Int) -> String { series == 0 ? "F" : "\(series)" }
}
