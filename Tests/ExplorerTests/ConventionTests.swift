import Charts
import Explorer
import Math
import Testing
import Theory

@Suite("Convention")
struct ConventionTests {
  /// All that is declared in words about weights.
  static let texts: [String] =
    Variant.all.flatMap { [$0.equation, $0.floor, $0.title] + $0.knobs.map(\.help) }
    + Measure.all.flatMap { [$0.title, $0.formula] } + Field.all.map(\.meaning)
    + ProblemFamily.ID.allCases.map { $0.family.title }
    + Check.all.flatMap { [$0.statement, $0.formula, $0.needs, $0.tolerance.reason] }
    + Erratum.all.flatMap { [$0.note, $0.right] + [$0.trial?.quantity].compactMap(\.self) }
    + Claim.all.flatMap {
      [$0.statement, $0.shows, $0.criterion, $0.remark, $0.source, "\($0.ruling)", $0.difference.reason]
    }
    + LessonShelf.embedded.lessons.flatMap { lesson in
      [lesson.say, lesson.ask, lesson.why, lesson.notes] + lesson.answers.flatMap { [$0.text, $0.reason] }
        + lesson.changes.flatMap { [$0.say, $0.ask] }
    }

  @Test(arguments: texts)
  func transposedTwiceItIsItself(text: String) {
    let peft = Convention.peft.written(text)
    #expect(Convention.peft.written(peft) == text, "by way of \(peft)")
    #expect(Convention.house.written(text) == text)
  }

  @Test(arguments: texts)
  func everyCharacterHasASpellingInASCII(text: String) {
    let question = { (text: String) in text.count { $0 == "?" } }
    #expect(question(Glyphs.ascii.spell(text)) == question(text), "\(Glyphs.ascii.spell(text))")
  }

  /// `H_AAᵀ` would read as one index.
  @Test(arguments: texts)
  func aDotStandsBetweenAnIndexAndTheNextMatrix(text: String) {
    for written in Convention.allCases.map({ $0.written(text) }) {
      #expect(!written.contains(/_[AB][A-Za-z]/), "\(written)")
    }
  }

  // Worked out by hand: the transpose of each side, with M' = Mᵀ.
  @Test(arguments: [
    ("W = W0 − s·A0B0 + s·AB", "W = W0 − s·B0A0 + s·BA"),
    ("Y = XW, A n×r", "Y = WX, A r×n"),
    ("W(A + CK, B − KR) = W(A, B)", "W(A + KC, B − RK) = W(A, B)"),
    ("W0's QR decomposition", "W0's QR decomposition"),
    ("rows of V in UΣV, columns of V in UΣVᵀ", "columns of Uᵀ in UᵀΣVᵀ, rows of Uᵀ in UΣVᵀ"),
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
    ("ΔW = −ηs²(AAᵀG + GBᵀB) + η²s³GBᵀAᵀG", "ΔW = −ηs²(GAᵀA + BBᵀG) + η²s³GAᵀBᵀG"),
    ("‖s³GB0ᵀA0ᵀG‖", "‖s³GA0ᵀB0ᵀG‖"),
    ("AᵀAC + CBBᵀ = −Aᵀ·g_A(BBᵀ)⁺/s²", "CAAᵀ + BᵀBC = −(BᵀB)⁺g_A·Aᵀ/s²"),
    ("ΔW = −ηs²A0A0ᵀG", "ΔW = −ηs²GA0ᵀA0"),
    ("Δ(ρAᵀA − BBᵀ) = η²(ρ·g_Aᵀ·g_A − ρ²·g_B·g_Bᵀ)", "Δ(ρAAᵀ − BᵀB) = η²(ρ·g_A·g_Aᵀ − ρ²·g_Bᵀ·g_B)"),
    ("W_t(AR, R⁻¹B) = W_t(A, B)", "W_t(RA, BR⁻¹) = W_t(A, B)"),
    ("W_t(A0F, FB0) = W_t(A0, B0)", "W_t(FA0, B0F) = W_t(A0, B0)"),
    ("E[AAᵀ] = I,  E[AAᵀG + GBᵀB] = 2G", "E[AᵀA] = I,  E[GAᵀA + BBᵀG] = 2G"),
    ("E‖AAᵀG − G‖²", "E‖GAᵀA − G‖²"),
    ("E(s·x·A0B0)_j² = ζ²r/(s²m)", "E(s·B0A0·x)_j² = ζ²r/(s²m)"),
    ("T = A·sign(AᵀG) + sign(GBᵀ)·B", "T = sign(GAᵀ)·A + B·sign(BᵀG)"),
    ("A ← A − (η/2s)·msign(G_A·R_B)·R_B", "A ← A − (η/2s)·R_B·msign(R_B·G_A)"),
    ("−ηs(A·σ_B + σ_A·B) + sη²σ_A·σ_B", "−ηs(σ_B·A + B·σ_A) + sη²σ_B·σ_A"),
    ("‖A_tA_tᵀG_t + G_tB_tᵀB_t − G_t‖", "‖G_tA_tᵀA_t + B_tB_tᵀG_t − G_t‖"),
    ("SGD s√(η_A·η_B), LoRA-GA and Adam", "SGD s√(η_A·η_B), LoRA-GA and Adam"),
    ("E[uuᵀG + Gvᵀv] = 2G; u is n×1 and v 1×m", "E[Guᵀu + vvᵀG] = 2G; u is 1×n and v m×1"),
    ("|⟨u_i, u_j(W0)⟩|, 28 GB, Yu and Li", "|⟨u_i, u_j(W0)⟩|, 28 GB, Yu and Li"),
    ("that of GA; GAᵀ", "that of GA; AᵀG"),
    ("B·Bᵀ cannot stand before G", "Bᵀ·B cannot stand behind G"),
    (
      "the left singular vectors; a quarter of the loss is left",
      "the right singular vectors; a quarter of the loss is left"
    ),
    ("a is right: the columns of A", "a is right: the rows of A"),
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

  @Test func reportsSpeakIt() throws {
    let C4 = try #require(Check.named("C4"))
    let check = try CheckReport([CheckResult(check: C4)], isDetailed: true, .peft).lines(.text)
    #expect(check.contains("  W_1 − W0 = −ηs²(G0A0ᵀA0 + B0B0ᵀG0) + η²s³G0A0ᵀB0ᵀG0"), "\(check)")
    let claim = try ClaimReport([try #require(Claim.named("14"))], [], .peft).lines(.text)
    #expect(claim[0].contains("∂L/∂A = s·BᵀG and ∂L/∂B = s·GAᵀ"), "\(claim)")
    let errata = try ErrataReport([:], .peft).lines(.text)
    #expect(errata.contains { $0.contains("‖G_tA_tᵀA_t + B_tB_tᵀG_t − G_t‖") }, "\(errata)")
  }

  @Test func lessonsSpeakItOnPaperOnTheScreenAndInSpeech() throws {
    let lesson = LessonShelf.embedded.lessons[0]
    let sentence = "W = W0 + s(BA − B0A0)"
    let script = try LessonScript(lesson, number: 1, convention: .peft).lines().joined(separator: "\n")
    #expect(script.contains(sentence), "\(script)")
    var model = try UpdateTests.running("n=12 m=9 r=2 variants=lora")
    for key in [Key.character("W"), .character("L")] { _ = update(&model, .key(key)) }
    let page = view(model, Size(width: 120, height: 40)).grid.text
    #expect(page.contains(sentence), "\(page)")
    var speaker = Speaker()
    LessonTests.tell(&model)
    let spoken = speaker.news(of: model).joined(separator: " ")
    #expect(spoken.contains(Glyphs.ascii.spell(sentence)), "\(spoken)")
  }

  @Test func listsAndHelpSpeakIt() {
    let spec = specHelp(.peft)
    #expect(spec.contains("W is m×n, A r×n, B m×r, Y = WX") && spec.contains("s·BA"))
    #expect(!spec.contains("s·AB"))
    let members = ListCommand.Family.variants.members.map { $0.written(.peft) }
    #expect(members.first { $0.id == "lora" }?.equation == "W = W0 − s·B0A0 + s·BA,  s = α/r")
  }
}
