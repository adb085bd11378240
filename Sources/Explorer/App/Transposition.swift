/// A text in which every matrix has become its transpose.
///
/// With M' = Mᵀ the transpose of GBᵀ is B'ᵀG': factors turn round and keep their marks. The letters stay, so
/// that twice is once. Of a decomposition USVᵀ the sides change names: U' = V. Sizes n×m turn round, rows become
/// columns, left becomes right.
struct Transposition {
  let text: String

  init(_ house: String) {
    var parser = Parser(house)
    let formula = parser.sequence(until: nil)
    text = Self.words(formula)
  }

  /// Sizes and words outside formulas.
  private static func words(_ text: String) -> String {
    var turned = text.replacing(/([0-9A-Za-z]+)( ?)×( ?)([0-9A-Za-z]+)/) { "\($0.4)\($0.2)×\($0.3)\($0.1)" }
    // Left and right of a sum, of an equation, of what is left, stay.
    turned = turned.replacing(/\b(columns?|rows?|left(?= singular)|right(?= singular)|cols?)\b( [A-Z]\b)?/) {
      match in
      let letter = match.2 ?? ""
      // `col A` in a formula, `column` in a sentence.
      return (pairs[String(match.1) + (letter.isEmpty ? "" : " ")] ?? String(match.1)) + letter
    }
    turned = turned.replacing(/\b(stands? )(before|behind)\b/) {
      $0.1 + ($0.2 == "before" ? "behind" : "before")
    }
    return turned.replacing(/\[I_r(; …; | … )I_r\]/) { $0.1 == " … " ? "[I_r; …; I_r]" : "[I_r … I_r]" }
  }

  private static let pairs = [
    "columns": "rows", "rows": "columns", "column": "row", "row": "column", "left": "right", "right": "left",
    "col ": "row", "row ": "col",
  ]
}

/// One pass over a text: terms are products of factors without a blank between them.
private struct Parser {
  private let characters: [Character]
  private var place = 0
  /// How many have been read.
  private var matrixCount = 0
  /// Whether U and V are the sides of a decomposition.
  private let hasSides: Bool

  init(_ text: String) {
    characters = Array(text)
    hasSides = text.contains(/[SΣ]V|[UV]_r/)
  }

  private struct Factor {
    var text: String
    var isMatrix: Bool
  }

  /// All terms up to a closing mark, which is left.
  mutating func sequence(until end: Character?) -> String {
    var text = ""
    while let next = peek, next != end {
      let term = self.term(until: end)
      if term.isEmpty {
        text.append(next)
        place += 1
      } else {
        text += term
      }
    }
    return text
  }

  private var peek: Character? { place < characters.count ? characters[place] : nil }

  /// Factors side by side or with a dot between; empty where none begins here.
  private mutating func term(until end: Character?) -> String {
    var (factors, joints): ([Factor], [String]) = ([], [])
    while let factor = self.factor(until: end) {
      factors.append(factor)
      guard peek == "·" else {
        joints.append("")
        continue
      }
      place += 1
      joints.append("·")
    }
    guard !factors.isEmpty else { return "" }
    // What stands behind the last is no joint, unless a mark follows that is no factor.
    let rest = joints.removeLast()
    let first = factors.firstIndex(where: \.isMatrix) ?? factors.count
    // Numbers stand in front; only what is a product of matrices alone turns round.
    if factors[first...].allSatisfy(\.isMatrix) {
      factors[first...].reverse()
      if first < joints.count { joints[first...].reverse() }
    }
    var text = ""
    for (i, factor) in factors.enumerated() { text += factor.text + (i < joints.count ? joints[i] : "") }
    return text + rest
  }

  private mutating func factor(until end: Character?) -> Factor? {
    guard let next = peek, next != end else { return nil }
    if next == "(" { return group() }
    if next == "‖" {
      place += 1
      let inner = sequence(until: "‖")
      place += 1
      return Factor(text: "‖" + inner + "‖" + suffix(), isMatrix: false)
    }
    if next == "√" {
      place += 1
      guard var under = factor(until: end) else { return Factor(text: "√", isMatrix: false) }
      under.text = "√" + under.text
      return under
    }
    return next.isLetter || next.isNumber ? name() : nil
  }

  /// A matrix where it holds one.
  private mutating func group() -> Factor {
    let before = matrixCount
    place += 1
    let inner = sequence(until: ")")
    let closing = peek == ")" ? ")" : ""
    place += closing.count
    return Factor(text: "(" + inner + closing + suffix(), isMatrix: matrixCount > before)
  }

  /// Powers, marks and indices behind a norm or a group.
  private mutating func suffix() -> String {
    var text = ""
    while let next = peek, "²ᵀ'⁺⁻¹½".contains(next) {
      text.append(next)
      place += 1
    }
    return text
  }

  /// A letter with its index and marks, a word, a number, or a function with what it is of.
  private mutating func name() -> Factor {
    let word = String(characters[place...].prefix { ($0.isLetter || $0.isNumber) && $0 != "ᵀ" })
    // Several letters without a blank are a product, where all are matrices; behind a hyphen they are a name.
    let isProduct =
      (place == 0 || characters[place - 1] != "-") && !isWord(word)
      && word.allSatisfy { Self.letters.contains($0) || $0.isNumber || $0 == "ᵢ" }
    guard let letter = word.first, letter == "Σ" || isProduct && !letter.isNumber else {
      return scalar(before: word) ?? other(word)
    }
    place += 1
    return letter == "E" ? expectation() ?? matrixFactor("E") : matrixFactor(String(letter))
  }

  /// `s³` of `s³GBᵀ`: a letter for a number with its power, where a product follows without a blank.
  private mutating func scalar(before word: String) -> Factor? {
    guard let letter = word.first, "sηρζλ".contains(letter) else { return nil }
    let power = word.dropFirst().prefix { "²³".contains($0) }
    let rest = word.dropFirst(1 + power.count).drop { "sηρζλ²³".contains($0) }
    guard let next = rest.first else { return nil }
    let isProduct = rest.allSatisfy { Self.letters.contains($0) || $0.isNumber || $0 == "ᵢ" }
    guard isProduct && !next.isNumber || isFactor(String(rest), behind: word.count) else { return nil }
    place += 1 + power.count
    return Factor(text: String(letter) + power, isMatrix: false)
  }

  /// g_A, d_B and σ_A are matrices, as A and B are.
  private func isFactor(_ word: String, behind count: Int) -> Bool {
    let index = place + count
    return ["d", "g", "σ"].contains(word) && index + 1 < characters.count && characters[index] == "_"
      && "AB".contains(characters[index + 1])
  }

  /// E[…], E(…) and E‖…‖, which is no factor of what it is of.
  private mutating func expectation() -> Factor? {
    switch peek {
    case "[":
      place += 1
      let inner = sequence(until: "]")
      place += 1
      return Factor(text: "E[\(inner)]", isMatrix: false)
    case "(": return Factor(text: "E" + group().text, isMatrix: false)
    case "‖": return Factor(text: "E", isMatrix: false)
    default: return nil
    }
  }

  /// Words that only look like products: LoRA-GA's name and a unit do so where no mark makes them one, u and v
  /// where they have an index, for then they are singular vectors, QR where it names the decomposition.
  private func isWord(_ word: String) -> Bool {
    let end = place + word.count
    let next = end < characters.count ? characters[end] : " "
    return ["SVD", "SGD", "PEFT", "Yu"].contains(word) || ["GA", "GB"].contains(word) && next != "ᵀ"
      || ["u", "v"].contains(word) && next == "_"
      || word == "QR" && String(characters[end...]).hasPrefix(" decomposition")
  }

  private static let letters: Set<Character> = Set("ABCDEFGHIKPQRSTUVWXYΣuv")

  private mutating func matrixFactor(_ letter: String) -> Factor {
    var (letter, index) = (letter, "")
    matrixCount += 1
    if letter == "Σ", !(peek.map { "VUR".contains($0) } ?? false), place < 2 || characters[place - 2] != "√" {
      return Factor(text: letter, isMatrix: false)
    }
    while let next = peek, next.isNumber && !"²³½".contains(next) || "'ᵢ".contains(next) { take(&index) }
    if peek == "_" { index += subscripted() }
    while peek == "^" { for _ in 0..<5 where peek != nil { take(&index) } }
    while let next = peek, "⁺⁻¹".contains(next) { take(&index) }
    // W_t(A, B): the weight that A and B make.
    if letter == "W", peek == "(", characters[place...].prefix(while: { $0 != ")" }).contains(",") {
      return Factor(text: letter + index + group().text, isMatrix: true)
    }
    var isMarked = false
    // U_r(G): of whose singular vectors.
    if hasSides, "UV".contains(letter), peek == "(" {
      while let next = peek {
        take(&index)
        if next == ")" { break }
      }
    }
    if peek == "ᵀ" {
      isMarked = true
      place += 1
    }
    if peek == "[" { index += bracketed() }
    if hasSides, letter == "U" || letter == "V" {
      letter = letter == "U" ? "V" : "U"
      isMarked.toggle()
      // Marks stand before an index of entries.
      if index.hasPrefix("[") { return Factor(text: letter + (isMarked ? "ᵀ" : "") + index, isMatrix: true) }
    }
    return Factor(text: letter + index + (isMarked ? "ᵀ" : ""), isMatrix: true)
  }

  private mutating func take(_ text: inout String) {
    text.append(characters[place])
    place += 1
  }

  /// `_r`, `_{t+1}`; of columns `_:j`, `_:,1:r` it makes rows `_j:`, `_1:r`, and back.
  private mutating func subscripted() -> String {
    var text = ""
    take(&text)
    if peek == "{" {
      while let next = peek {
        take(&text)
        if next == "}" { return text }
      }
    }
    if let next = peek, next.isUppercase {
      take(&text)
      return text
    }
    while let next = peek, !next.isUppercase || text.hasSuffix(":") || text.hasSuffix(","),
      next.isLetter || next.isNumber || next == ":" && (text == "_" || text.hasSuffix("1") || text == "_j")
        || (next == "," && text.hasSuffix(":"))
    {
      guard next != "ᵀ" else { break }
      take(&text)
    }
    switch text {
    case "_:j": return "_j:"
    case "_j:": return "_:j"
    case "_1:r": return "_:,1:r"
    case "_:,1:r": return "_1:r"
    default: return text
    }
  }

  /// `[:,I]` and `[I,:]`.
  private mutating func bracketed() -> String {
    var text = ""
    while let next = peek {
      take(&text)
      if next == "]" { break }
    }
    let parts = text.dropFirst().dropLast().split(separator: ",", maxSplits: 1)
    return parts.count == 2 ? "[\(parts[1]),\(parts[0])]" : text
  }

  /// Functions whose value is a matrix.
  private static let maps: Set<String> = ["ρ", "φ", "diag", "SVD", "sign", "msign"]

  private mutating func other(_ word: String) -> Factor {
    place += max(1, word.count)
    var text = word
    while peek == "_" {
      text += subscripted()
    }
    if peek == "(", word.count > 1 || "ρφLκ".contains(word) {
      let group = self.group()
      return Factor(text: text + group.text, isMatrix: Self.maps.contains(word))
    }
    text += suffix()
    if word == "Wfz" { matrixCount += 1 }
    // d_A is a change of A; x a vector.
    let isStep =
      ["d", "g", "σ"].contains(word) && (text.hasPrefix(word + "_A") || text.hasPrefix(word + "_B"))
    return Factor(text: text, isMatrix: isStep || ["Wfz", "x"].contains(word))
  }
}
