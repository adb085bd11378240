/// Which examples each step sees; the same for all series.
package enum Batches: Equatable, Sendable {
  /// All of them, every step.
  case all
  /// `size` of `count`, without replacement: each epoch a new permutation, its incomplete tail left out.
  case shuffled(size: Int, count: Int, seed: UInt64)
  /// Given lists, one a step; nil for all.
  case listed([[Int]?])

  /// The indices of a step, counted from 0; nil for all. A function of the step alone, so a copied or
  /// replayed simulation sees the same.
  package func indices(step: Int) -> [Int]? {
    switch self {
    case .all: return nil
    case .listed(let lists): return lists[step]
    case .shuffled(let size, let count, let seed):
      let perEpoch = count / size
      let (epoch, position) = step.quotientAndRemainder(dividingBy: perEpoch)
      var generator = Generator(
        seed: seed, stream: Generator.Stream.batches.rawValue &+ (UInt64(epoch) << 16))
      return Array(generator.permutation(count)[position * size..<(position + 1) * size])
    }
  }

  /// The examples of a step: `all` itself, or gathered into `batch`.
  package func select(step: Int, from all: Examples, into batch: inout Examples) -> Examples {
    guard let indices = indices(step: step) else { return all }
    batch.gather(indices, from: all)
    return batch
  }
}
