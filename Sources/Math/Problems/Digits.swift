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
  /// What the digits' W0 was trained on, full-batch steps of size 1 from zero.
  package enum Pretraining: String, CaseIterable, Sendable {
    /// The digits 0 to 4 only: half of the task is known, half is new.
    case half = "0-4"
    /// All digits, each image a pixel further right: all of the task is known a little askew.
    case shifted
  }

  /// Softmax classification of all ten digits from a pretrained W0, 64×10.
  /// - Parameters:
  ///   - pretraining: what W0 was trained on, for `steps` steps; 0 leaves W0 = 0.
  ///   - hasBias: another input that is always 1, so that W0 is 65×10.
  ///   - heldOut: how many of the last images are kept from training.
  package static func digits(
    _ digits: Digits, pretraining: Pretraining = .half, steps: Int = 200, hasBias: Bool = false,
    batch: Int?, heldOut: Int = 0, seed: UInt64
  ) -> Problem {
    let count = digits.labels.count - heldOut
    func inputs(_ X: Matrix) -> Matrix { hasBias ? X.beside(Matrix(X.rows, 1, repeating: 1)) : X }
    let all = Examples(X: inputs(digits.X), labels: digits.labels)
    var (train, test, old) = (all, Examples.empty, Examples.empty)
    if heldOut > 0 {
      train = .empty
      train.gather(Array(0..<count)[...], from: all)
      test.gather(Array(count..<digits.labels.count)[...], from: all)
    }
    switch pretraining {
    case .half: old.gather(train.labels.indices.filter { train.labels[$0] <= 4 }[...], from: train)
    case .shifted:
      let shifted = Examples(X: inputs(digits.X.shiftedImages), labels: digits.labels)
      old.gather(Array(0..<count)[...], from: shifted)
    }
    var chain = Chain.dense([Matrix(all.X?.columns ?? 0, 10)])
    var rule: any Optimizer = SGD(learningRate: 1)
    for _ in 0..<steps {
      _ = chain.differentiate(old, .crossEntropy)
      // SGD decomposes nothing, so it never throws.
      try? chain.step(&rule)
    }
    return Problem(
      pretrained: [chain.parameters[0][.W]], examples: train, heldOut: test, objective: .crossEntropy,
      batches: .ofSize(batch, count: count, seed: seed))
  }
}

extension Matrix {
  /// Rows of 8×8 pixels, moved a pixel to the right; the left edge becomes 0.
  fileprivate var shiftedImages: Matrix {
    Matrix(rows, columns) { i, pixel in pixel % 8 == 0 ? 0 : self[i, pixel - 1] }
  }
}
