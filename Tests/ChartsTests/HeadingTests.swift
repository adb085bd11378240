import Charts
import Testing

@Suite struct HeadingTests {
  private func row(_ width: Int, _ glyphs: Glyphs = .braille, aside: String = "") -> String {
    var drawn = chart([1], glyphs: glyphs)
    drawn.heading = Heading("‖ΔW‖", note: "log y", legend: "┄ floor")
    drawn.heading.aside = aside
    return drawn.render(Size(width: width, height: 2)).rows[0]
  }

  @Test func theNoteStandsMidwayBetweenTitleAndLegend() {
    #expect(row(30) == "‖ΔW‖       log y       ┄ floor")
  }

  @Test func theLegendGoesFirstAndTheNoteNext() {
    #expect(row(20) == "‖ΔW‖  log y  ┄ floor")
    #expect(row(19) == "‖ΔW‖     log y     ")
    #expect(row(10) == "‖ΔW‖      ")
    #expect(row(3) == "‖ΔW")
  }

  @Test func theAsideGoesBeforeTheLegend() {
    #expect(row(29, aside: "1 hidden") == "‖ΔW‖      log y       ┄ floor")
    #expect(row(30, aside: "1 hidden") == "‖ΔW‖  log y  1 hidden  ┄ floor".prefix(30))
  }

  @Test func asciiSpellsWhatItCannotDraw() {
    #expect(Glyphs.ascii.spell("σ_i ≤ √r · ‖W−W0‖") == "sigma_i <= sqrt r * |W-W0|")
    #expect(
      Glyphs.ascii.spell("−ηλ²(AAᵀG), 2η, ηs²ζ, s√2, α√r")
        == "-lr*lambda^2(AA^TG), 2*lr, lr*s^2*zeta, s sqrt 2, alpha sqrt r")
    #expect(Glyphs.ascii.spell("β1, ∂L/∂μ, ΔW, λ_max, σ_A·B") == "beta1, dL/dmu, dW, lambda_max, sigma_A*B")
    #expect(Glyphs.ascii.spell("G = UΣV, Σσ_i, Σ_k, Büyü") == "G = U sum V, sum sigma_i, sum_k, Bueyue")
    #expect(Glyphs.ascii.spell("(BBᵀ)⁻¹, ⟨T, G⟩ ÷ 2") == "(BB^T)^-1, <T, G> / 2")
    #expect(Glyphs.ascii.spell("語") == "?")
    #expect(Glyphs.braille.spell("σ ≤ 1") == "σ ≤ 1")
  }

  @Test func theSetsOfGlyphsFollowOneAnotherAndOctantsComeOnlyIfAskedFor() {
    let others = Glyphs.allCases.filter { $0 != .octant }
    var glyphs = Glyphs.braille
    let seen = others.map { _ in
      defer { glyphs = glyphs.next }
      return glyphs
    }
    #expect(Set(seen) == Set(others) && glyphs == .braille)
    #expect(others.contains(Glyphs.octant.next))
  }
}
