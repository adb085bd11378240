import Math

/// What is seen of a run takes for zero what rounding alone tells from it; what is printed or written does not.
extension RunOutline {
  package func rounded(_ record: Record) -> Record {
    var record = record
    record.losses = record.losses.map(rounded)
    record.heldOutLosses = record.heldOutLosses?.map(rounded)
    for (l, rounding) in zip(record.layers.indices, roundings) { record.layers[l].round(to: rounding) }
    return record
  }

  package func rounded(_ run: SeedRun) -> SeedRun {
    var run = run
    run.losses = run.losses.map { $0.map(rounded) }
    for (l, rounding) in zip(run.gaps.indices, roundings) {
      run.gaps[l] = run.gaps[l].map { $0.map { $0 <= rounding ? 0 : $0 } }
    }
    return run
  }

  private func rounded(_ loss: Double) -> Double { loss <= lossRounding ? 0 : loss }
}

extension Record.Layer {
  fileprivate mutating func round(to rounding: Double) {
    // Written only where there is something to change: a copy of the rest would be for nothing.
    for i in gaps.indices where 0 < gaps[i] && gaps[i] <= rounding { gaps[i] = 0 }
    for i in (spectra ?? []).indices where spectra?[i]?.hasDust(rounding) ?? false {
      spectra?[i]?.round(to: rounding)
    }
  }
}

extension Spectrum {
  fileprivate func hasDust(_ rounding: Double) -> Bool {
    func isDust(_ x: Double) -> Bool { 0 < x && x <= rounding }
    return (values.last.map(isDust) ?? false) || floor.map(isDust) ?? false
  }

  fileprivate mutating func round(to rounding: Double) {
    values = values.map { $0 <= rounding ? 0 : $0 }
    floor = floor.map { $0 <= rounding ? 0 : $0 }
  }
}
