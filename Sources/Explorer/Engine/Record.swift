import Math

/// What is measured at one step: an entry a series, full fine-tuning first.
package struct Record: Equatable, Sendable {
  package var step: Int
  /// NaN for a series that has diverged.
  package var losses: [Double]
  /// ‖W_t − W_t^full‖_F; NaN where it or full fine-tuning has diverged.
  package var gaps: [Double]
  /// Only on the steps where they were asked for.
  package var spectra: [Spectrum?]?

  package init(step: Int, losses: [Double], gaps: [Double], spectra: [Spectrum?]?) {
    self.step = step
    self.losses = losses
    self.gaps = gaps
    self.spectra = spectra
  }

  package init(measuring simulation: inout Simulation, withSpectra: Bool) {
    step = simulation.step
    losses = simulation.losses()
    gaps = simulation.gaps()
    spectra = withSpectra ? simulation.spectra() : nil
  }
}
