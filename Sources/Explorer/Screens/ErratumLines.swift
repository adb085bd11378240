import Charts
import Theory

/// The note's sentence at the left, the right one beside it, and below them the number that tells them apart.
func erratumLines(_ erratum: Erratum, _ model: Model, width: Int) -> [String] {
  let half = (width - 3) / 2
  let column = { (title: String, text: String) in
    [title, ""] + wrapped(model.glyphs.spell(model.convention.written(text)), width: half)
  }
  let (left, right) = (column("The note", erratum.note), column("Right", erratum.right))
  let rows = (0..<max(left.count, right.count)).map { i in
    (i < left.count ? left[i] : "").padded(half + 3) + (i < right.count ? right[i] : "")
  }
  let head = ["\(erratum.id)  \(erratum.source)", ""]
  guard let trial = erratum.trial else { return head + rows + ["", "No number tells them apart."] }
  let sides = model.errata?[erratum.id]
  return head + rows + [""]
    + wrapped(model.glyphs.spell(model.convention.written(trial.quantity) + ":"), width: width)
    + [sides?.words ?? "being measured"]
}
