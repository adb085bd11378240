import Testing

import Math

@Suite("Digits")
struct DigitsTests {
  @Test("the 1797 images are read, and pretraining knows 0 to 4 only")
  func pretraining() throws {
    let digits = try Digits.all.get()
    #expect(digits.labels.count == 1797)
    #expect(digits.X.rows == 1797 && digits.X.columns == 64)
    #expect(Set(digits.labels) == Set(0..<10))
    #expect(digits.X.storage.allSatisfy { (0...1).contains($0) && ($0 * 16).rounded() == $0 * 16 })
    let problem = Problem.digits(digits, batch: nil, seed: 1)
    let Y = digits.X * problem.pretrained[0]
    var right = [0, 0]
    for (i, label) in digits.labels.enumerated() {
      let guess = (0..<10).max { Y[i, $0] < Y[i, $1] }
      if guess == label { right[label <= 4 ? 0 : 1] += 1 }
    }
    // Half the task known, half new: of 901 and 896 images.
    #expect(right[0] > 850, "\(right)")
    #expect(right[1] < 50, "\(right)")
  }

  @Test(
    "a wrong line is named",
    arguments: [
      ("", 1), ("x \(String(repeating: "0", count: 64))\n", 1),
      ("a \(String(repeating: "0", count: 64))\n", 1),
      ("1 \(String(repeating: "0", count: 63))\n", 1), ("1 \(String(repeating: "h", count: 64))\n", 1),
      ("1 \(String(repeating: "g", count: 64))\n2 \(String(repeating: "0", count: 65))\n", 2),
    ])
  func wrongLines(text: String, line: Int) {
    let error = #expect(throws: DigitsError.self) { try Digits(text: Array(text.utf8)) }
    #expect(error?.line == line)
  }
}
