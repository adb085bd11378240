/// Whether the numbers of a lesson fall where they should, with its own seed or another.
package struct LessonCheck: Sendable {
  /// A number, what it came to and where it should be.
  package struct Row: Equatable, Sendable {
    package let name: String
    package let value: Double
    package let range: ClosedRange<Double>
    /// The value for people.
    package let words: String

    package var isInside: Bool { range.contains(value) }
  }

  package let lesson: Lesson
  package let number: Int
  package let seed: Int
  /// Of the lesson's scene and its changes.
  package let rows: [Row]
  package let seconds: Double

  package init(_ lesson: Lesson, number: Int, seed: Int?) throws {
    self.lesson = lesson
    self.number = number
    self.seed = seed ?? lesson.seed
    let start = ContinuousClock.now
    var rows: [Row] = []
    for (label, scene) in [("", lesson.scene)] + lesson.changes.map({ ("\($0.label): ", $0.scene) }) {
      let scene = scene.with(seed: self.seed)
      let numbers = try scene.measured()
      for number in scene.numbers {
        guard let range = number.range else { continue }
        let value = numbers[number.name] ?? .nan
        rows.append(
          Row(
            name: label + number.name, value: value, range: range, words: scene.written(number, value, 4)))
      }
    }
    self.rows = rows
    seconds = (ContinuousClock.now - start) / .seconds(1)
  }

  private var outside: [Row] { rows.filter { !$0.isInside } }

  /// The lesson's own words say where it does not hold.
  package var reason: String? { lesson.outside[seed] }

  package var hasFailed: Bool { !outside.isEmpty && reason == nil }

  /// `✓  5 The rank floor   seed 3   8 of 8   0.31 s`, and what fell outside.
  package var lines: [String] {
    let mark = outside.isEmpty ? "✓" : reason == nil ? "✗" : "–"
    let inside = rows.count - outside.count
    let head =
      "\(mark) \("\(number)".aligned(2)) \(lesson.title.padded(44)) seed \(seed)  \(inside) of \(rows.count)  "
      + "\(significant(seconds, 2)) s"
    return [head]
      + outside.map { row in
        "     \(row.name) is \(row.words), wanted \(significant(row.range.lowerBound)) to "
          + significant(row.range.upperBound)
      } + (outside.isEmpty ? [] : reason.map { ["     as the lesson says: \($0)"] } ?? [])
  }
}
