import Charts
import Testing

@Suite struct CurveTests {
  /// Deterministic and bumpy, with its extremes at single steps.
  private func sample(_ step: Int) -> Double {
    step == 77_777 ? 1e9 : step == 31_234 ? -1e9 : Double((step * 7919) % 1009)
  }

  @Test(arguments: [1, 4096, 4097, 8192, 8193, 100_000])
  func extremesStayExactHoweverManySamples(count: Int) {
    let curve = Curve((0..<count).map(sample))
    let values = (0..<count).map(sample)
    #expect(curve.buckets.map(\.minimum).min() == values.min())
    #expect(curve.buckets.map(\.maximum).max() == values.max())
    #expect(curve.finiteMinimum == values.min())
    #expect(curve.finiteMaximum == values.max())
    #expect(curve.last == values.last)
    #expect(curve.count == count)
    #expect((1...Curve.capacity).contains(curve.buckets.count))
  }

  @Test func everyBucketCoversExactlyItsSamples() {
    let curve = Curve((0..<20_001).map(sample))
    #expect(curve.stride == 8)
    for bucket in curve.buckets {
      let values = (bucket.start...bucket.end).map(sample)
      #expect(bucket.minimum == values.min() && bucket.maximum == values.max(), "\(bucket)")
      #expect(bucket.first == values.first && bucket.last == values.last, "\(bucket)")
    }
    #expect(curve.buckets.map { $0.end - $0.start + 1 }.reduce(0, +) == 20_001)
  }

  /// A bucket that holds a zero still knows what a log axis can show of it.
  @Test func theSmallestPositiveSampleOutlivesMerging() {
    let curve = Curve((0..<10_000).map { $0 == 0 ? 0 : $0 == 2 ? 1e-9 : 1 })
    #expect(curve.stride == 4)
    #expect(curve.buckets.first?.minimum == 0)
    #expect(curve.buckets.map(\.smallestPositive).min() == 1e-9)
  }

  @Test func memoryDoesNotGrowWithTheSteps() {
    var curve = Curve((0..<10_000).map(sample))
    let held = curve.bytes
    for step in 10_000..<300_000 { curve.append(sample(step), at: step) }
    #expect(curve.bytes == held)
    #expect(curve.finiteMaximum == 1e9 && curve.finiteMinimum == -1e9)
  }

  @Test func neighboursMergeWhenAllBucketsAreFull() {
    var curve = Curve((0..<4096).map(Double.init))
    #expect(curve.buckets.count == 4096)
    #expect(curve.stride == 1)
    curve.append(4096, at: 4096)
    #expect(curve.buckets.count == 2049)
    #expect(curve.stride == 2)
    curve.append(4097, at: 4097)
    #expect(curve.buckets.count == 2049)
    #expect(curve.buckets.last?.start == 4096)
    #expect(curve.buckets.last?.end == 4097)
  }

  @Test func differencesAreTakenAtCommonSteps() {
    var a = Curve(), b = Curve()
    for (step, value) in [(0, 5.0), (2, 7), (4, 9), (5, .nan), (6, 1)] { a.append(value, at: step) }
    for (step, value) in [(0, 1.0), (1, 100), (2, 4), (5, 2), (6, .infinity), (7, 3)] {
      b.append(value, at: step)
    }
    let difference = a.minus(b)
    #expect(difference.count == 4 && difference.value(at: 0) == 4 && difference.value(at: 2) == 3)
    #expect(difference.value(at: 5)?.isNaN == true && difference.value(at: 6) == -.infinity)
    let long = Curve((0..<100_000).map(sample))
    #expect(long.minus(long).finiteMaximum == 0 && long.minus(long).finiteMinimum == 0)
    #expect(Curve().minus(long).count == 0)
    let close = Curve([1, 1, 2]).minus(Curve([1 + 1e-15, 1 + 1e-12, 1]), rounding: 0)
    #expect(close.value(at: 0) == 0 && close.value(at: 1) != 0 && close.value(at: 2) == 1)
    let coarse = Curve([1e-3, 3]).minus(Curve([2e-3, 1]), rounding: 0.01)
    #expect(coarse.value(at: 0) == 0 && coarse.value(at: 1) == 2)
  }

  @Test func samplesThatAreNotFiniteAreKeptAsABreak() {
    var curve = Curve((0..<5000).map { $0 == 100 ? .nan : $0 == 4001 ? .infinity : 2 })
    let broken = curve.buckets.filter(\.hasBreak)
    #expect(broken.map(\.start) == [100, 4000])
    #expect(broken.allSatisfy { $0.minimum == 2 && $0.maximum == 2 }, "\(broken)")
    #expect(broken.last?.last == .infinity)
    curve.append(.nan, at: 6000)
    #expect(curve.last?.isNaN == true)
    #expect(curve.finiteMaximum == 2)
    #expect(curve == curve, "two NaN in the same place do not make curves differ")
  }

  @Test func aCurveWithoutFiniteSamplesHasNoExtremes() {
    let curve = Curve([.nan, .infinity, -.infinity])
    #expect(curve.finiteMinimum == nil)
    #expect(curve.finiteMaximum == nil)
    #expect(curve.smallestPositive == nil)
    #expect(curve.nonPositiveCount == 0)
    #expect(curve.buckets.allSatisfy { !$0.hasFinite })
  }

  @Test func zerosAndNegativesAreCountedForLogAxes() {
    let curve = Curve([0, -1, 0.25, 3, .nan])
    #expect(curve.nonPositiveCount == 2)
    #expect(curve.smallestPositive == 0.25)
    #expect(curve.finiteMinimum == -1)
  }

  @Test func valuesAreFoundByStep() {
    var curve = Curve()
    for (step, value) in [(0, 1.0), (10, 2), (100, 3)] { curve.append(value, at: step) }
    #expect(curve.value(at: 10) == 2)
    #expect(curve.value(at: 11) == nil)
    #expect([-5, 4, 5, 6, 54, 56, 1000].map { curve.value(nearest: $0) } == [1, 1, 1, 2, 2, 3, 3])
    #expect(Curve().value(nearest: 3) == nil)
    #expect(Curve().value(at: 3) == nil)
  }

  @Test func aForgottenSampleIsNotInvented() {
    let curve = Curve((0..<20_000).map(Double.init))
    #expect(curve.stride == 8)
    #expect(curve.value(at: 16) == 16)
    #expect(curve.value(at: 23) == 23)
    #expect(curve.value(at: 19) == nil)
    #expect(curve.value(nearest: 19) == 16)
    #expect(curve.value(nearest: 20) == 23)
  }

  @Test func stepsHaveToGrow() async {
    await #expect(processExitsWith: .failure) {
      var curve = Curve([1, 2])
      curve.append(3, at: 1)
    }
  }
}
