import Glibc

/// `x` with `digits` significant digits, as C's %g writes it but for the exponent: `1e-9`, as on the axes.
/// - Parameter keepsZeros: zeros at the end stand, too; a zero alone stays one digit.
package func significant(_ x: Double, _ digits: Int = 4, keepsZeros: Bool = false) -> String {
  guard x.isFinite else { return x.isNaN ? "nan" : x < 0 ? "-inf" : "inf" }
  // %.*g without a list of arguments, whose types would be looked up.
  let written = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
    text.baseAddress.map { String(cString: gcvt(x, Int32(digits), $0)) } ?? ""
  }
  let end = written.utf8.firstIndex(of: UInt8(ascii: "e")) ?? written.endIndex
  let mantissa = String(written[..<end])
  let exponent = Int(written[end...].dropFirst()).map { "e\($0)" } ?? ""
  return mantissa + (keepsZeros && x != 0 ? zeros(after: mantissa, to: digits) : "") + exponent
}

/// What gives `mantissa` that many digits.
private func zeros(after mantissa: String, to digits: Int) -> String {
  let missing = digits - mantissa.drop { "-0.".contains($0) }.count { $0 != "." }
  guard missing > 0 else { return "" }
  return (mantissa.contains(".") ? "" : ".") + String(repeating: "0", count: missing)
}

/// The same with fewer digits where it would be longer than `width` characters.
package func significant(_ x: Double, _ digits: Int, within width: Int) -> String {
  let text = significant(x, digits)
  return text.count <= width || digits == 1 ? text : significant(x, digits - 1, within: width)
}

/// `x` in JSON, the shortest text that reads back as the same double; null when it is not finite.
package func json(_ x: Double) -> String {
  x.isFinite ? x.description : "null"
}

/// `text` in JSON, in quotes (RFC 8259).
package func jsonString(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case _ where scalar.value < 0x20:
      quoted += "\\u" + String(0x10000 + scalar.value, radix: 16).dropFirst()
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

extension String {
  /// Filled with blanks on the left to `width` characters.
  package func aligned(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// Filled with blanks on the right to `width` characters.
  package func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// Without characters that act on the terminal or the order of others, for text on its way there.
  package var printable: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars { text.append(scalar.isPrintable ? scalar : "?") }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Neither a control character nor one that formats: marks of direction, ends of lines and paragraphs.
  package var isPrintable: Bool {
    guard !isASCII else { return (0x20..<0x7f).contains(value) }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
}
