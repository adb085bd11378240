import Charts

/// What a key can do, by name.
package enum Action: Hashable, Sendable {
  case togglePause
  case singleStep
  case restart
  case nextSeed
  case openPicker
  /// The set-up, with the focus on the variants.
  case chooseVariants
  /// 0 is full fine-tuning.
  case toggleSeries(Int)
  case toggleScale
  case nextLayer
  case toggleLossSet
  case toggleHelp
  case redraw
  case quit
}
