/// Lowest, middle and highest of a number over seeds. A run that has diverged counts as infinite.
package struct Spread: Equatable, Sendable {
  package let lowest: Double
  package let median: Double
  package let highest: Double
  /// Seeds that are infinite.
  package let diverged: Int

  /// nil of nothing, and of what is not defined for one of the seeds.
  package init?(_ values: [Double]) {
    guard !values.contains(where: \.isNaN) else { return nil }
    let sorted = values.sorted()
    guard let low = sorted.first, let high = sorted.last else { return nil }
    let (a, b) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    // ∞ − ∞ is no number.
    (lowest, median, highest) = (low, a == b ? a : (a + b) / 2, high)
    diverged = sorted.count { $0 == .infinity }
  }
}
