import Charts
import Explorer
import Math
import Testing

@Suite("Convention")
struct ConventionTests {
  /// All that is declared in words about weights.
  static let texts: [String] =
    Variant.all.flatMap { [$0.equation, $0.floor, $0.title] + $0.knobs.map(\.help) }
    + Measure.all.flatMap { [$0.title, $0.formula] } + Field.all.map(\.meaning)
    + ProblemFamily.ID.allCases.map { $0.family.title }

  @Test(arguments: texts)
  func transposedTwiceItIsItself(text: String) {
    let peft = Convention.peft.written(text)
    #expect(Convention.peft.written(peft) == text, "by way of \(peft)")
    #expect(Convention.house.written(text) == text)
  }

  // Worked out by hand: the transpose of each side, with M' = Mᵀ.
  @Test(arguments: [
    ("W = W0 − s·A0B0 + s·AB", "W = W0 − s·B0A0 + s·BA"),
    ("Y = XW, A n×r", "Y = WX, A r×n"),
    ("A ← A − η·ρ(s·GBᵀ),  B ← B − ratio·η·ρ(s·AᵀG)", "A ← A − η·ρ(s·BᵀG),  B ← B − ratio·η·ρ(s·GAᵀ)"),
    ("s(H_A·B + A·H_B) = G − (I−P_A)G(I−P_B)", "s(B·H_A + H_B·A) = G − (I−P_B)G(I−P_A)"),
    ("W ← W − η·k(AAᵀG + GBᵀB)", "W ← W − η·k(GAᵀA + BBᵀG)"),
    (
      "A0 = f·U[:,I_A],  B0 = f·Vᵀ[I_B,:],  G0 = USVᵀ", "A0 = f·Vᵀ[I_A,:],  B0 = f·U[:,I_B],  G0 = USVᵀ"
    ),
    ("W_:j = μ_j·V_:j/‖V_:j‖", "W_j: = μ_j·V_j:/‖V_j:‖"),
    ("Ŷ = φ(X·W1)·W2", "Ŷ = W2·φ(W1·X)"),
    ("W0 + s'·A·diag(E)·B", "W0 + s'·B·diag(E)·A"),
    ("‖AᵀA − BBᵀ‖_F", "‖AAᵀ − BᵀB‖_F"),
    ("inputs: rows of W", "inputs: columns of W"),
    ("SGD s√(η_A·η_B), LoRA-GA and Adam", "SGD s√(η_A·η_B), LoRA-GA and Adam"),
  ])
  func theTransposeIsWhatOneWritesByHand(house: String, peft: String) {
    #expect(Convention.peft.written(house) == peft)
  }

  @Test func oneKeyTurnsTheWholeScreen() throws {
    var model = try UpdateTests.running("n=12 m=9 r=2 variants=lora")
    let size = Size(width: 80, height: 24)
    let before = model
    #expect(view(model, size).grid.rows[0].contains("12×9"))
    _ = update(&model, .key(.character("W")))
    #expect(view(model, size).grid.rows[0].contains("9×12"))
    _ = update(&model, .key(.character("p")))
    let picker = view(model, size).grid.text
    #expect(picker.contains("Matrix m × n       ‹ 9 › × ‹ 12 ›"), "\(picker)")
    for key in [Key.escape, .character("v")] { _ = update(&model, .key(key)) }
    let variants = view(model, size).grid.text
    #expect(variants.contains("W = W0 − s·B0A0 + s·BA"), "\(variants)")
    _ = update(&model, .key(.escape))
    _ = update(&model, .key(.character("?")))
    #expect(view(model, Size(width: 120, height: 40)).grid.text.contains("W is m×n, A r×n, B m×r, Y = WX"))
    for key in [Key.escape, .character("W"), .character("9")] { _ = update(&model, .key(key)) }
    #expect(view(model, size) == view(before, size))
  }

  @Test func listsAndHelpSpeakIt() {
    let spec = specHelp(.peft)
    #expect(spec.contains("W is m×n, A r×n, B m×r, Y = WX") && spec.contains("s·BA"))
    #expect(!spec.contains("s·AB"))
    let members = ListCommand.Family.variants.members.map { $0.written(.peft) }
    #expect(members.first { $0.id == "lora" }?.equation == "W = W0 − s·B0A0 + s·BA,  s = α/r")
  }
}
