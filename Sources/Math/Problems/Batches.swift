/// Which examples each step sees; the same for all series. A function of the step alone, so a copied or
/// replayed simulation sees the same.
package enum Batches: Equatable, Sendable {
  /// All of them, every step.
  case all
  /// `size` of `count`, without replacement: each epoch a new permutation, its incomplete tail left out.
  case shuffled(size: Int, count: Int, seed: UInt64)
  /// Given lists, one a step, counted from 0; nil for all.
  case listed([[Int]?])

  /// Minibatches of `size`; all examples when that is nil.
  package static func ofSize(_ size: Int?, count: Int, seed: UInt64) -> Batches {
    size.map { .shuffled(size: $0, count: count, seed: seed) } ?? .all
  }
}

/// The examples of one step after the other, gathered into the same room.
package struct Minibatch: Sendable {
  private var examples = Examples.empty
  /// The permutation of `epoch`: drawn once an epoch, not once a step.
  private var order: [Int] = []
  private var epoch: Int?

  package init() {}

  /// The examples of a step: `all` itself, or those `batches` takes of them.
  package mutating func select(_ batches: Batches, step: Int, from all: Examples) -> Examples {
    switch batches {
    case .all: return all
    case .listed(let lists):
      guard let indices = lists[step] else { return all }
      examples.gather(indices[...], from: all)
    case .shuffled(let size, let count, let seed):
      let (epoch, position) = step.quotientAndRemainder(dividingBy: count / size)
      if epoch != self.epoch {
        var generator = Generator(seed: seed, .batches).branch(epoch)
        // From the identity, so that an epoch does not depend on the one before.
        if order.count != count { order = Array(0..<count) }
        for i in order.indices { order[i] = i }
        generator.shuffle(&order)
        self.epoch = epoch
      }
      examples.gather(order[position * size..<(position + 1) * size], from: all)
    }
    return examples
  }
}
