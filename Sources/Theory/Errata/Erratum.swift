/// A sentence of a note that is wrong: what it says, what is right, and a number that tells them apart.
package struct Erratum: Sendable {
  /// `E1` …
  package let id: String
  /// The note.
  package let source: String
  package let note: String
  package let right: String
  /// nil where no number tells them apart.
  package let trial: Trial?

  package struct Trial: Sendable {
    package let quantity: String
    let sides: @Sendable (_ seed: Int) throws -> Sides
  }

  /// The quantity as the note has it, as it should be, and as the program finds it.
  package struct Sides: Equatable, Sendable {
    /// NaN where the note's formula has no value.
    package let note: Double
    package let right: Double
    package let measured: Double

    package init(note: Double, right: Double, measured: Double) {
      (self.note, self.right, self.measured) = (note, right, measured)
    }

    /// What is measured is nearer to what is right than to the note.
    package var speaksForRight: Bool { note.isNaN || abs(measured - right) < abs(measured - note) }
  }

  init(
    _ id: String, _ source: String, note: String, right: String, by quantity: String,
    _ sides: @escaping @Sendable (_ seed: Int) throws -> Sides
  ) {
    (self.id, self.source, self.note, self.right) = (id, source, note, right)
    trial = Trial(quantity: quantity, sides: sides)
  }

  /// Of words, shapes and names.
  init(_ id: String, _ source: String, note: String, right: String) {
    (self.id, self.source, self.note, self.right) = (id, source, note, right)
    trial = nil
  }

  /// In the order of their numbers.
  package static let all = (ofLoRAGA + ofLoRAPro + ofOthers).sorted { $0.number < $1.number }

  private var number: Int { Int(id.dropFirst()) ?? 0 }
}

extension Erratum {
  /// By id, medians of seeds 1 to `seeds`.
  package static func sides(
    of errata: [Erratum] = all, seeds: Int, progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) async throws -> [String: Sides] {
    let runnable = errata.filter { $0.trial != nil }
    let sides = try await measured(
      runnable.compactMap { $0.trial?.sides }, seeds: seeds, progress: progress)
    let medians = sides.map { seeds in
      Sides(
        note: median(seeds.map(\.note)), right: median(seeds.map(\.right)),
        measured: median(seeds.map(\.measured)))
    }
    return Dictionary(zip(runnable.map(\.id), medians)) { $1 }
  }
}
