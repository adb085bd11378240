import Testing

import Math

@Suite("Generator")
struct GeneratorTests {
  @Test("SplitMix64 gives the published numbers for state 1234567")
  func published() {
    // The first five, as in the test values of many implementations (Rosetta Code, 'Pseudo-random
    // numbers/Splitmix64').
    var generator = Generator(seed: 0, stream: 1_234_567)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("SplitMix64 gives the published numbers for state 0")
  func publishedForZero() {
    // As xoshiro's seeding by Blackman and Vigna starts from 0.
    var generator = Generator(seed: 0, stream: 0)
    #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
    #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    #expect(generator.next() == 0x06C4_5D18_8009_454F)
  }

  @Test("the seed stands in the upper half of the key")
  func key() {
    var a = Generator(seed: 3, stream: 5)
    var b = Generator(seed: 0, stream: 3 << 32 + 5)
    #expect(a.next() == b.next())
  }

  @Test("uniform numbers lie in [0, 1), with the moments of their distribution")
  func uniform() {
    var generator = Generator(seed: 1, stream: 1)
    let N = 100_000
    let draws = (0..<N).map { _ in generator.uniform() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    // Five standard errors: variance 1/12 of u, 4/45 of u².
    let mean = draws.reduce(0, +) / Double(N)
    let square = draws.reduce(0) { $0 + $1 * $1 } / Double(N)
    #expect(abs(mean - 0.5) <= 5 * (1.0 / 12).squareRoot() / Double(N).squareRoot())
    #expect(abs(square - 1.0 / 3) <= 5 * (4.0 / 45).squareRoot() / Double(N).squareRoot())
    #expect(Set(draws).count > N - 2)
  }

  @Test("normal numbers have the first four moments of N(0, 1)", arguments: [1, 2, 3] as [UInt64])
  func normalMoments(seed: UInt64) {
    var generator = Generator(seed: seed, stream: 2)
    let N = 100_000
    let draws = (0..<N).map { _ in generator.normal() }
    // E zᵖ and the standard deviation of zᵖ; five standard errors.
    for (power, mean, deviation) in [
      (1, 0.0, 1.0), (2, 1, 2.0.squareRoot()), (3, 0, 15.0.squareRoot()), (4, 3, 96.0.squareRoot()),
    ] {
      let moment =
        draws.reduce(0) { sum, z in sum + (0..<power).reduce(1) { product, _ in product * z } } / Double(N)
      #expect(abs(moment - mean) <= 5 * deviation / Double(N).squareRoot(), "E z^\(power) = \(moment)")
    }
    // Box and Muller's two halves do not know of each other.
    let product = stride(from: 0, to: N, by: 2).reduce(0) { $0 + draws[$1] * draws[$1 + 1] } / Double(N / 2)
    #expect(abs(product) <= 5 / Double(N / 2).squareRoot())
  }

  @Test("streams and seeds differ and are uncorrelated")
  func streams() {
    let streams: [Generator.Stream] = [.pretrained, .target, .inputs, .noise, .batches, .adapters]
    var rows: [(name: String, draws: [Double])] = []
    for seed: UInt64 in [0, 1, 2, 4_294_967_295] {
      for stream in streams {
        for offset in 0..<2 {
          // The next stream is not the last one's offset: purposes must not share draws.
          if offset == 1 && stream != .adapters { continue }
          var generator = Generator(seed: seed, stream, offset: offset)
          rows.append(("\(seed) \(stream) \(offset)", (0..<2_000).map { _ in generator.normal() }))
        }
      }
    }
    for i in rows.indices {
      for j in rows.indices where j > i {
        let product = zip(rows[i].draws, rows[j].draws).reduce(0) { $0 + $1.0 * $1.1 } / 2_000
        // 5/√N.
        #expect(abs(product) <= 5 / 2_000.0.squareRoot(), "\(rows[i].name) and \(rows[j].name): \(product)")
        #expect(Set(rows[i].draws).isDisjoint(with: rows[j].draws), "\(rows[i].name) and \(rows[j].name)")
      }
    }
  }

  @Test("the same seed and stream give the same numbers")
  func reproducible() {
    var (a, b) = (Generator(seed: 9, .inputs), Generator(seed: 9, .inputs))
    #expect(a.normalMatrix(5, 7) == b.normalMatrix(5, 7))
    #expect(a.uniformMatrix(3, 3) == b.uniformMatrix(3, 3))
  }

  @Test("matrices are drawn row by row, with the deviation asked for")
  func rowByRow() {
    let generator = Generator(seed: 9, .inputs)
    var (a, b) = (generator, generator)
    let M = a.normalMatrix(3, 2, deviation: 0.5)
    for i in 0..<3 {
      for j in 0..<2 { #expect(M[i, j] == 0.5 * b.normal()) }
    }
    #expect(generator.firstNormalMatrix(3, 2) == 2 * M)
    #expect(generator.firstNormalMatrix(3, 2) == generator.firstNormalMatrix(3, 2))
  }

  @Test("a branched generator draws something else, and moves nothing")
  func branched() {
    var a = Generator(seed: 4, .adapters)
    var b = a.branched
    var again = a.branched
    let first = b.next()
    #expect(first == again.next())
    #expect(first != a.next())
  }

  @Test("a permutation names every number once", arguments: [0, 1, 2, 3, 10, 257])
  func permutation(count: Int) {
    var generator = Generator(seed: 5, .batches)
    for _ in 0..<5 { #expect(generator.permutation(count).sorted() == Array(0..<count)) }
  }

  @Test("all permutations of three come equally often")
  func fairPermutation() {
    var generator = Generator(seed: 6, .batches)
    let N = 12_000
    var counts: [[Int]: Int] = [:]
    for _ in 0..<N { counts[generator.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    // Five standard deviations of a binomial count.
    let spread = 5 * (Double(N) / 6 * 5 / 6).squareRoot()
    for (order, count) in counts {
      #expect(abs(Double(count) - Double(N) / 6) <= spread, "\(order): \(count)")
    }
  }

  @Test(
    "orthonormal columns are orthonormal, and not always the same",
    arguments: [(1, 1), (6, 1), (6, 6), (40, 7)])
  func orthonormal(n: Int, k: Int) throws {
    var generator = Generator(seed: 7, .target)
    let Q = try generator.orthonormal(n, k)
    #expect(deviation(Q.T * Q, .identity(k)) <= 1e-13)  // Householder
    if n > 1 { #expect(try deviation(generator.orthonormal(n, k), Q) > 1e-3) }
  }
}
