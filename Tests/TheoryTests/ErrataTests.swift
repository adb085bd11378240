import Testing
import Theory

@Suite("Mistakes of the notes")
struct ErrataTests {
  @Test("each stands once, in order, with both sentences")
  func registry() {
    #expect(Erratum.all.map(\.id) == (1...24).map { "E\($0)" })
    for erratum in Erratum.all {
      #expect(!erratum.note.isEmpty && !erratum.right.isEmpty && erratum.note != erratum.right)
    }
  }

  @Test("what is measured speaks for the right sentence, and the two are apart")
  func sides() async throws {
    let sides = try await Erratum.sides(seeds: 2)
    #expect(sides.count == Erratum.all.count { $0.trial != nil } && sides.count >= 18)
    for (id, side) in sides {
      #expect(side.speaksForRight, "\(id): \(side)")
      #expect(side.note.isNaN || abs(side.note - side.right) > 1e-3 * abs(side.right), "\(id): \(side)")
      #expect(side.measured.isFinite, "\(id): \(side)")
    }
  }

  @Test("a program that did as the note says would be seen")
  func wrongProgram() {
    #expect(!Erratum.Sides(note: 1, right: 2, measured: 1.1).speaksForRight)
    #expect(Erratum.Sides(note: 1, right: 2, measured: 2.2).speaksForRight)
    #expect(!Erratum.Sides(note: 1, right: 2, measured: .nan).speaksForRight)
  }
}
