extension Axis {
  /// Farther out than any screen, and small enough that differences of places cannot overflow.
  private static let far = 1_000_000.0

  private static func clamped(_ place: Double) -> Int {
    Int(min(max(place, -far), far))
  }

  /// The dot of `value` among `count` above one another, 0 the uppermost; outside of them if out of range.
  package func dot(of value: Double, among count: Int) -> Int? {
    guard let fraction = fraction(value) else { return nil }
    return Self.clamped(((1 - fraction) * Double(count - 1)).rounded())
  }

  /// The middle of the dot of `value`, in rows from the upper edge, before it is rounded to a dot.
  func place(of value: Double, rows: Int, dotsDown: Int) -> Double? {
    guard let fraction = fraction(value) else { return nil }
    let dot = min(max((1 - fraction) * Double(rows * dotsDown - 1), -Self.far), Self.far)
    return (dot + 0.5) / Double(dotsDown)
  }

  /// The row of `value`, 0 the uppermost; nil if it is not among them.
  package func row(of value: Double, rows: Int, dotsDown: Int) -> Int? {
    guard let dot = dot(of: value, among: rows * dotsDown), (0..<rows * dotsDown).contains(dot) else {
      return nil
    }
    return dot / dotsDown
  }

  /// The dot column of `value`; the ends of the range lie in the middle of the first and last column.
  package func dotColumn(of value: Double, columns: Int, dotsAcross: Int) -> Int? {
    place(of: value, columns: columns).map { Self.clamped(($0 * Double(dotsAcross)).rounded(.down)) }
  }

  /// The place of `value` in columns from the left edge, before it is rounded to a dot.
  func place(of value: Double, columns: Int) -> Double? {
    guard let fraction = fraction(value) else { return nil }
    return min(max(fraction * Double(columns - 1) + 0.5, -Self.far), Self.far)
  }

  /// The column of `value`; nil if it is not among them.
  package func column(of value: Double, columns: Int) -> Int? {
    guard let column = dotColumn(of: value, columns: columns, dotsAcross: 1),
      (0..<columns).contains(column)
    else { return nil }
    return column
  }
}
