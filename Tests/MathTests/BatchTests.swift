import Testing

import Math

@Suite("Minibatches")
struct BatchTests {
  @Test(
    "an epoch shows no example twice, and all of them where the size divides",
    arguments: [(10, 3), (10, 5), (7, 7), (5, 1), (1, 1)])
  func epochs(count: Int, size: Int) {
    let batches = Batches.shuffled(size: size, count: count, seed: 3)
    let perEpoch = count / size
    var epochs: [[Int]] = []
    for epoch in 0..<6 {
      var seen: [Int] = []
      for position in 0..<perEpoch {
        let indices = batches.labels(step: epoch * perEpoch + position, of: count)
        #expect(indices.count == size)
        seen += indices
      }
      #expect(seen.allSatisfy { (0..<count).contains($0) })
      #expect(Set(seen).count == perEpoch * size)
      epochs.append(seen)
    }
    if count > 4 { #expect(Set(epochs).count == 6, "epochs repeat") }
  }

  @Test("batches depend on the step and the seed alone")
  func function() {
    let (a, b) = (
      Batches.shuffled(size: 4, count: 50, seed: 1), Batches.shuffled(size: 4, count: 50, seed: 2)
    )
    #expect(a.labels(step: 17, of: 50) == a.labels(step: 17, of: 50))
    #expect(a.labels(step: 17, of: 50) != a.labels(step: 18, of: 50))
    #expect(a.labels(step: 17, of: 50) != b.labels(step: 17, of: 50))
    // Epoch 65,536 of one seed is not epoch 0 of the next.
    #expect(a.labels(step: 65_536 * 12, of: 50) != b.labels(step: 0, of: 50))
    #expect(Batches.listed([[2, 0], nil]).labels(step: 0, of: 3) == [2, 0])
    #expect(Batches.listed([[2, 0], nil]).labels(step: 1, of: 3) == [0, 1, 2])
    #expect(Batches.ofSize(nil, count: 9, seed: 1) == .all)
  }

  @Test("going back and forth between steps finds the same batches")
  func anyOrder() {
    let batches = Batches.shuffled(size: 4, count: 10, seed: 5)
    let all = Examples(X: Matrix(10, 1) { i, _ in Double(i) }, labels: Array(0..<10))
    var minibatch = Minibatch()
    for step in [7, 0, 1, 7, 2, 6] {
      #expect(minibatch.select(batches, step: step, from: all).labels == batches.labels(step: step, of: 10))
    }
  }

  @Test("a batch holds the rows it names, with their outputs or labels")
  func gathering() {
    let (X, Y) = (Matrix.random(5, 3, seed: 700), Matrix.random(5, 2, seed: 701))
    var batch = Minibatch()
    for lists in [[3, 0], [1, 4], [2, 2, 0]] {
      let regression = batch.select(.listed([lists]), step: 0, from: Examples(X: X, Y: Y))
      #expect(regression.X == Matrix(lists.count, 3) { X[lists[$0], $1] })
      #expect(regression.Y == Matrix(lists.count, 2) { Y[lists[$0], $1] })
      #expect(regression.count == lists.count)
    }
    var labelled = Minibatch()
    let all = Examples(X: X, labels: [5, 6, 7, 8, 9])
    let classes = labelled.select(.listed([[4, 1]]), step: 0, from: all)
    #expect(classes.labels == [9, 6])
    #expect(classes.X == Matrix(2, 3) { X[[4, 1][$0], $1] })
    #expect(labelled.select(.all, step: 0, from: all) == all)
  }
}

extension Batches {
  /// Which of `count` examples a step sees.
  fileprivate func labels(step: Int, of count: Int) -> [Int] {
    var minibatch = Minibatch()
    let all = Examples(X: Matrix(count, 1), labels: Array(0..<count))
    return minibatch.select(self, step: step, from: all).labels
  }
}
