import Math

/// A number of every series at the end of a run, of the first layer where it belongs to one.
package enum Quantity: Equatable, Sendable {
  case loss
  /// L over L at the start.
  case share
  case gap
  /// By id.
  case measure(String)

  package init(named name: String) throws(SweepError) {
    switch name {
    case "loss": self = .loss
    case "share": self = .share
    case "gap": self = .gap
    case _ where Measure.named(name) != nil: self = .measure(name)
    default: throw .unknownQuantity(name)
    }
  }

  package static var names: [String] { ["loss", "share", "gap"] + Measure.all.map(\.id) }

  package var name: String {
    switch self {
    case .loss: "loss"
    case .share: "share"
    case .gap: "gap"
    case .measure(let id): id
    }
  }

  /// For the head of a chart.
  package var title: String {
    switch self {
    case .loss: "Loss"
    case .share: "L/L0"
    case .gap: "‖W_LoRA − W_full‖_F"
    case .measure(let id): Measure.named(id)?.title ?? id
    }
  }

  /// Series by series: infinite where a series has diverged, NaN where the number is not defined.
  func values(of simulation: inout Simulation, startLoss: Double) -> [Double] {
    let values: [Double]
    switch self {
    case .loss: values = simulation.losses()
    case .share: values = simulation.losses().map { $0 / startLoss }
    case .gap: values = simulation.gaps()
    case .measure(let id):
      let measures = [Measure.named(id)].compactMap(\.self)
      _ = simulation.losses()
      values = simulation.values(of: measures)[0].map { $0[0] }
    }
    return zip(values, simulation.series).map { $1.hasDiverged ? .infinity : $0 }
  }
}
