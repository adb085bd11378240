/// Handwritten digits: 8×8 pixels from 0 to 16, and the digit.
package struct Digits: Equatable, Sendable {
  /// Pixels over 16, one image a row, N×64.
  package let X: Matrix
  package let labels: [Int]

  /// Reads lines of a digit, a blank and 64 pixels, each one of 0–9 and a–g for 0 to 16.
  /// - Throws: `DigitsError` with the line that is wrong.
  package init(text: some Sequence<UInt8>) throws(DigitsError) {
    var labels: [Int] = []
    var pixels: [[Double]] = []
    var lines = Array(text).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (number, line) in lines.enumerated() {
      guard line.count == 66, line[line.startIndex + 1] == UInt8(ascii: " "),
        let label = Self.value(line[line.startIndex]), label < 10
      else {
        throw DigitsError(line: number + 1)
      }
      let row = line.dropFirst(2).map { Self.value($0) }
      guard !row.contains(nil) else { throw DigitsError(line: number + 1) }
      labels.append(label)
      pixels.append(row.map { Double($0 ?? 0) / 16 })
    }
    guard !labels.isEmpty else { throw DigitsError(line: 1) }
    self.labels = labels
    X = Matrix(rows: pixels)
  }

  private static func value(_ character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "g"): Int(character - UInt8(ascii: "a")) + 10
    default: nil
    }
  }
}

package struct DigitsError: Error, Equatable, Sendable, CustomStringConvertible {
  package let line: Int

  package init(line: Int) { self.line = line }

  package var description: String { "digits, line \(line): not a digit, a blank and 64 pixels from 0 to g" }
}

extension Problem {
  /// Softmax classification of all ten digits, starting from a W0 (64×10) that was trained on 0 to 4 only:
  /// `pretraining` full-batch steps of size 1 from zero. So half of the task is known, half is new.
  /// - Parameter heldOut: how many of the last images are kept from training.
  package static func digits(
    _ digits: Digits, pretraining: Int = 200, batch: Int?, heldOut: Int = 0, seed: UInt64
  ) -> Problem {
    let count = digits.labels.count - heldOut
    let all = Examples(X: digits.X, labels: digits.labels)
    var (train, test, old) = (all, Examples.empty, Examples.empty)
    if heldOut > 0 {
      train = .empty
      train.gather(Array(0..<count)[...], from: all)
      test.gather(Array(count..<digits.labels.count)[...], from: all)
    }
    old.gather(train.labels.indices.filter { train.labels[$0] <= 4 }[...], from: train)
    var chain = Chain.dense([Matrix(digits.X.columns, 10)])
    var rule: any Optimizer = SGD(learningRate: 1)
    for _ in 0..<pretraining {
      _ = chain.differentiate(old, .crossEntropy)
      // SGD decomposes nothing, so it never throws.
      try? chain.step(&rule)
    }
    return Problem(
      pretrained: [chain.parameters[0][.W]], examples: train, heldOut: test, objective: .crossEntropy,
      batches: .ofSize(batch, count: count, seed: seed))
  }
}
