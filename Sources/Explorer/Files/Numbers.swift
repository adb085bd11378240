import Glibc

/// `x` with `digits` significant digits, as C's %g writes it but for the exponent: `1e-9`, as on the axes.
/// - Parameter keepsZeros: zeros at the end stand, too; a zero alone stays one digit.
package func significant(_ x: Double, _ digits: Int = 4, keepsZeros: Bool = false) -> String {
  guard x.isFinite else { return x.isNaN ? "nan" : x < 0 ? "-inf" : "inf" }
  var text = [CChar](repeating: 0, count: 32)
  let format = keepsZeros && x != 0 ? "%#.*g" : "%.*g"
  _ = withVaList([Int32(digits), x]) { vsnprintf(&text, text.count, format, $0) }
  var written = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  if written.last == "." { written.removeLast() }
  guard let e = written.firstIndex(of: "e"), let exponent = Int(written[written.index(after: e)...]) else {
    return written
  }
  return "\(written[..<e])e\(exponent)"
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
