/// The columns of each index in a spectrum: its bar, then a column for each variant, then a blank.
struct Slots: Equatable {
  /// Columns from one bar to the next.
  let pitch: Int
  /// Indices in view.
  let count: Int

  /// When two indices beyond the cut have no room, the blank goes first; then digits share columns.
  init(columns: Int, variants: Int, values: Int, cut: Int) {
    let fits = { (pitch: Int) in (columns + pitch - 1) / pitch }
    let wanted = min(values, cut + 2)
    var pitch = max(2, 1 + variants) + 1
    while pitch > 3, fits(pitch) < wanted { pitch -= 1 }
    if fits(pitch) < min(values, cut + 1), fits(2) > cut { pitch = 2 }
    self.pitch = pitch
    count = max(0, min(values, fits(pitch)))
  }

  /// The column of the bar of `index`, which counts from 0.
  func bar(_ index: Int) -> Int { index * pitch }

  /// The column of a variant's digit; the first variant stands beside the bar.
  func digit(_ index: Int, of variant: Int) -> Int { index * pitch + 1 + variant % max(pitch - 1, 1) }
}
