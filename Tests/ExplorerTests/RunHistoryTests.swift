import Charts
import Explorer
import Math
import Testing

@Suite struct RunHistoryTests {
  private static let names = ["full", "lora", "lora-ga", "lora-pro", "dora", "pissa"]
  private static let spike = 54_321

  /// Six series, two layers, held-out losses and floors: as much as a run can show.
  private func record(_ step: Int) -> Record {
    let value = step == Self.spike ? 1e6 : 1 + 1 / Double(step + 1)
    let numbers = Array(repeating: value, count: Self.names.count)
    let spectra = Array(repeating: Spectrum(values: [value], floor: value), count: Self.names.count)
    let layer = Record.Layer(gaps: numbers, spectra: spectra)
    return Record(step: step, losses: numbers, heldOutLosses: numbers, layers: [layer, layer])
  }

  private func curves(_ history: RunHistory) -> [Curve] {
    history.losses + history.heldOutLosses + history.layers.flatMap { $0.gaps.dropFirst() + $0.floors }
  }

  @Test func aRunOfAnyLengthTakesTheSameMemoryAndKeepsItsExtremes() {
    var history = RunHistory(RunOutline(names: Self.names, layerCount: 2))
    func bytes() -> Int {
      curves(history).reduce(0) { $0 + $1.bytes }
    }
    for step in 0..<10_000 { history.append(record(step)) }
    let held = bytes()
    for step in 10_000..<100_000 { history.append(record(step)) }
    #expect(bytes() == held)
    // A tenth of the 200 MB that 10⁷ steps may take; buckets are all that grows.
    #expect(held < 20_000_000)
    for curve in curves(history) {
      #expect(curve.count == 100_000)
      #expect(curve.finiteMaximum == 1e6)
      #expect(curve.finiteMinimum == 1.00001)
    }
  }
}
